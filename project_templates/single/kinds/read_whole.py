def read_whole(value: object) -> object:
    """Read 7.0 as 7: in JSON they are the same number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
