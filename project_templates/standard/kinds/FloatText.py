NUMBER = r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
FloatText = Annotated[Float, read_as("a number", NUMBER, float)]
