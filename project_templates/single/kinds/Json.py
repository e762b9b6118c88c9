def fits(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(fits(one, levels - 1) for one in inner)


def check_json(value: object) -> object:
    if {{ "value is ... or " if has_pages else "" }}value is None or not fits(value, 20):
        raise ValueError("Should be JSON of at most 20 levels, and not null")
    return value


Json = Annotated[object, AfterValidator(check_json), PlainSerializer(json.dumps)]
