def _find_few(session: Session, listing: Listing, bound: Mapping[str, Any]) -> dict[str, Any]:
    """Give the ids among which all are that a search finds, unless they are many."""
    for search in _list_searches(listing, frozenset(bound)):
        ids = session.scalars(search, {**bound, "most": FEW + 1}).all()
        if len(ids) <= FEW:
            return {"few": ids}
    return {}


@lru_cache(maxsize=1000)
def _list_searches(listing: Listing, bound: frozenset[str]) -> list[Select[Any]]:
    """Make the statements that find ids by what an index knows beside the order of a list."""
    searches: list[Select[Any]] = []
