def time_now() -> dt.time:
    return dt.datetime.now(dt.UTC).time()
