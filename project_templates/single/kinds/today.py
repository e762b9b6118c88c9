def today() -> str:
    return str(dt.datetime.now(dt.UTC).date())
