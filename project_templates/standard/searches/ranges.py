    indexed = {index.columns.keys()[0] for index in listing.table.indexes}
    for name, column in listing.ranges.items():
        ends = bound & {f"where_{name}_min", f"where_{name}_max"}
        if ends and column.name in indexed:
            searches.append(select(listing.table.c.id).where(*_filter(listing, ends)))
