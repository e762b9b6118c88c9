def now() -> str:
    return write_utc(dt.datetime.now(dt.UTC))
