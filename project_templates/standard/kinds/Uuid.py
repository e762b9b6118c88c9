UUID_FORM = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
Uuid = Annotated[UUID, read_as("a UUID", UUID_FORM, UUID)]
