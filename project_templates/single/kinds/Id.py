Id = Annotated[int, BeforeValidator(read_whole), Field(ge=1, lt=2**63)]
