async def stats(request: Request[State]) -> Response:
    return answer_json({"started_at": request.state["started_at"].isoformat()})
