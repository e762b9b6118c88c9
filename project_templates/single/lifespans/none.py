@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[State]:
    yield {"started_at": datetime.now(UTC)}


async def ready(request: Request[State]) -> Response:
    return JSONResponse({"status": "ready"})


class Stats(HTTPEndpoint):
    async def get(self, request: Request[State]) -> Response:
        return JSONResponse({"started_at": request.state["started_at"].isoformat()})
