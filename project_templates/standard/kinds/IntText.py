IntText = Annotated[Int, read_as("a whole number", WHOLE, read_whole)]
