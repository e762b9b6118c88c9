async def read_json(request: Request[State]) -> object:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "Send the body as application/json.")
    try:
        async with asyncio.timeout(config("BODY_SECONDS", float, 20)):
            body = await request.body()
        data = json.loads(body.decode(), object_pairs_hook=unique)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()  # no NaN, no lone surrogate
        return data
    except TimeoutError as error:
        raise HTTPException(408, "The body took too long.", {"Connection": "close"}) from error
    except (ClientDisconnect, RecursionError, ValueError) as error:
        raise HTTPException(400, "The body is not valid JSON.") from error


def unique(members: Sequence[tuple[str, object]]) -> dict[str, object]:
    if len(dict(members)) < len(members):
        raise ValueError("A name is given twice.")
    return dict(members)
