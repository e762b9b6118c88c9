Color = Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")]
