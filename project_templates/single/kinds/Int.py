Int = Annotated[int, BeforeValidator(read_whole), Field(ge=-(2**63), lt=2**63)]
