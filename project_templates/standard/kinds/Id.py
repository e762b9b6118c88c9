Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
