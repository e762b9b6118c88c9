Float = Annotated[float, Field(allow_inf_nan=False)]
