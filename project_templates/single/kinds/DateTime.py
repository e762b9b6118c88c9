def write_utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


MOMENT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
DateTime = Annotated[
    str,
    read_as(
        "a moment with its offset, as 2026-01-31T12:00:00Z",
        MOMENT,
        lambda text: write_utc(dt.datetime.fromisoformat(text.upper())),
    ),
]
