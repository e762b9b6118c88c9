IdTexts = Annotated[list[IdText], Field(max_length=100), AfterValidator(check_ids)]
