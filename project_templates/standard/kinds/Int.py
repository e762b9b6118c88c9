Int = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
