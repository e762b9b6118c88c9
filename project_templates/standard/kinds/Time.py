TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
Time = Annotated[
    dt.time,
    read_as("a time of day, as 12:00", TIME, dt.time.fromisoformat),
    WithJsonSchema({"type": "string", "pattern": f"^{TIME}$"}),
]
