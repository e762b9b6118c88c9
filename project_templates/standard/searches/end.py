    return [search.limit(bindparam("most")) for search in searches]


