def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
