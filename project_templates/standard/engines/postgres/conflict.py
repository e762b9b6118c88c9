def read_conflict(exception: Exception) -> Refusal:
    """Make a refusal of what the database would not take."""
    found = getattr(getattr(exception, "orig", None), "diag", None)
    name = getattr(found, "constraint_name", None) or ""
    kind, _, column = name.partition(f"_{getattr(found, 'table_name', '')}_")
    said = {"uq": "Is taken by another row", "fk": "Names a row that does not exist"}.get(kind)
    if said is None:
        raise exception  # a rule of the database that a schema should have checked
    errors = [{"field": column, "detail": said}]
    return Refusal(409, "The change is in conflict with other rows.", errors)
