def check_ids(ids: list[int]) -> list[int]:
    if len(set(ids)) < len(ids):
        raise ValueError("Should have each id once")
    return sorted(ids)


Ids = Annotated[
    list[Id],
    Field(max_length=100, json_schema_extra={"uniqueItems": True}),
    AfterValidator(check_ids),
]
