ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = r"(?=.{1,64}@)" + rf"{ATOM}(\.{ATOM})*@({LABEL}\.)+{LABEL}"
Email = Annotated[str, Field(max_length=254), read_as("an e-mail address", EMAIL)]
