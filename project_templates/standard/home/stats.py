def read_stats(session: Session) -> Stats:
    resources = {name: _count(session, listing) for name, listing in LISTINGS.items()}
    changes = [one for name in LISTINGS for one in _list_changes(session, name)]
    changes.sort(key=lambda change: change.updated_at, reverse=True)
    return Stats(resources, changes[:NEWEST])


def _count(session: Session, listing: Listing) -> ResourceStats:
    rows = session.scalars(select(func.count()).select_from(listing.table)).one()
    values = {field: count_rows(session, listing, field, {}) for field in listing.ranks}
    return ResourceStats(rows, values)


def _list_changes(session: Session, name: str) -> list[Changed]:
    table, label = LISTINGS[name].table, LISTINGS[name].label
    newest = select(table.c.id, label, table.c.updated_at).order_by(table.c.updated_at.desc())
    return [
        Changed(name, row_id, name_row(text, row_id), changed_at)
        for row_id, text, changed_at in session.execute(newest.limit(NEWEST))
    ]
