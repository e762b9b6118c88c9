@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[State]:
    async with aiosqlite.connect({{ connect_arguments | join(", ") }}) as db:
        {{ setup_lines | join("\n        ") }}


async def ready(request: Request[State]) -> Response:
    await request.state["database"].execute_fetchall("SELECT 1")
    return JSONResponse({"status": "ready"})
