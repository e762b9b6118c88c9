def read_json(text: str) -> object:
    return check_json(decode_json(text.encode()))


JsonText = Annotated[object, read_as("JSON of at most 20 levels", "(?s).*", read_json)]
