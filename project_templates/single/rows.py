async def fetch_one(request: Request[State], sql: str, /, **values: object) -> dict[str, object]:
    if request.path_params.get("id", "1").isdecimal():
        values |= request.path_params
        for row in await request.state["database"].execute_fetchall(sql, values):
            return dict(row)
    raise HTTPException(404)
