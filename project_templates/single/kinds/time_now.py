def time_now() -> str:
    return str(dt.datetime.now(dt.UTC).time())
