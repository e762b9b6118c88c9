def read_moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)


MOMENT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
DateTime = Annotated[
    dt.datetime,
    read_as("a moment with its offset, as 2026-01-31T12:00:00Z", MOMENT, read_moment),
]
