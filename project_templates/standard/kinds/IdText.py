IdText = Annotated[Id, read_as("an id", WHOLE, read_whole)]
