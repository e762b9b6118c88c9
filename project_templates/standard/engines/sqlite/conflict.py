def read_conflict(exception: Exception) -> Refusal:
    """Make a refusal of what the database would not take."""
    reason = str(getattr(exception, "orig", ""))
    if not reason.startswith(("UNIQUE", "FOREIGN KEY")):
        raise exception  # a rule of the database that a schema should have checked
    taken = re.findall(r"\w+\.(\w+)", reason)
    errors = [{"field": column, "detail": "Is taken by another row"} for column in taken]
    return Refusal(409, "The change is in conflict with other rows.", errors)
