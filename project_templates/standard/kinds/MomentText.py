def read_local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.rstrip("Z")).replace(tzinfo=dt.UTC)


MomentText = Annotated[
    dt.datetime,
    read_as(
        "a moment, as 2026-01-31T12:00",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?Z?",
        read_local,
    ),
]
"""A moment as a form has it: in UTC, since it does not tell the time zone."""
