DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
Date = Annotated[dt.date, read_as("a date, as 2026-01-31", DATE, dt.date.fromisoformat)]
