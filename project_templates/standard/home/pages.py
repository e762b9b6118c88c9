LISTINGS: dict[str, Listing] = {{ stats_source }}


class ResourceStats(msgspec.Struct, frozen=True):
    """rows: how many there are. values: by enum field and value, how many rows have it."""

    rows: int
    values: dict[str, dict[str, int]]


class Changed(msgspec.Struct, frozen=True):
    resource: str
    id: int
    label: str
    updated_at: Moment


class Stats(msgspec.Struct, frozen=True):
    resources: dict[str, ResourceStats]
    changes: list[Changed]


async def home(request: Request[State]) -> Response:
    return show(request, "dashboard.html", {"stats": await read(request, read_stats)})


async def stats(request: Request[State]) -> Response:
    return answer_json(await request.state["database"].read(read_stats))


async def follow(request: Request[State]) -> Response:
    """Tell what is changed, beginning with what was changed after the id that the page names."""
    last_id = request.headers.get("last-event-id") or request.query_params.get("after", "")
    live = request.state["live"]
    {{ "await live.catch_up(last_id)" if with_db == "postgres" }}
    return live.stream(last_id)
