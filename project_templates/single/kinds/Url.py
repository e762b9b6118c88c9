HOST_PART = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
PATH_PART = r"([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
URL = (
    rf"https?://{HOST_PART}(\.{HOST_PART})*"
    r"(:[0-9]{1,5})?"
    rf"([/?]{PATH_PART})?(#{PATH_PART})?"
)
Url = Annotated[str, Field(max_length=2000), read_as("an http or https address", URL)]
