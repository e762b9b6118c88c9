BoolText = Annotated[bool, read_as("true or false", "true|false", "true".__eq__)]
