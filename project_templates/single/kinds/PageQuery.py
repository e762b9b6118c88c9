class PageQuery(BaseModel, extra="forbid"):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[int, Field(ge=0, lt=2**63)] = 0
