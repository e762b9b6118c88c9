async def read_json(request: Request[State]) -> object:
    return await read_body(request, "application/json", parse_json)


async def read_body(request: Request[State], media_type: str, parse: Callable[[str], Any]) -> Any:
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != media_type:
        raise HTTPException(415, f"Send the body as {media_type}.")
    try:
        async with asyncio.timeout(config("BODY_SECONDS", float, 20)):
            body = await request.body()
        return parse(body.decode())
    except TimeoutError as error:
        raise HTTPException(408, "The body took too long.", {"Connection": "close"}) from error
    except (ClientDisconnect, RecursionError, ValueError) as error:
        raise HTTPException(400, f"The body is not valid {media_type}.") from error


def parse_json(text: str) -> object:
    data = json.loads(text, object_pairs_hook=unique)
    json.dumps(data, ensure_ascii=False, allow_nan=False).encode()  # no NaN, no lone surrogate
    return data


def unique(members: Sequence[tuple[str, object]]) -> dict[str, object]:
    if len(dict(members)) < len(members):
        raise ValueError("A name is given twice.")
    return dict(members)


def parse_form(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def read_texts(texts: Mapping[str, str]) -> dict[str, object]:
    """Turn a form's texts into JSON's values: `done:json` is read, and `notes?` may be null."""
    values: dict[str, object] = {}
    for key, text in texts.items():
        name, _, kind = key.removesuffix("?").partition(":")
        if text or key.endswith("?"):
            values[name] = READERS.get(kind, str)(text) if text else None
    return values


def read_value(text: str) -> object:
    try:
        return parse_json(text)
    except (RecursionError, ValueError):
        return ...  # no JSON gives this, and no model takes it
{% if has_moments %}


def read_moment(text: str) -> str:  # browsers leave seconds out where they are 0
    return f"{text}:00Z" if len(text) == 16 else f"{text}Z"
{% endif %}
{% for resource in resources %}


async def create_{{ resource.name }}(request: Request[State], body: object) -> dict[str, object]:
    data = {{ resource.class_name }}Write.model_validate(body)
    sql = {{ resource.insert_sql }}
    return await fetch_one(request, f"{sql} RETURNING *", **data.{{ resource.dump }})
{% endfor %}


class Page(NamedTuple):  # of one resource: what makes a row, and the SQL of its list
    create: Callable[[Request[State], object], Awaitable[object]]
    rows: str
    delete: str
    {{ option_fields | join("\n    ") }}


READERS = {{ readers }}  # by what follows : in the name of an input
PAGES = {
    {{ page_lines | join("\n    ") }}
}


class PageEndpoint(HTTPEndpoint):
    async def get(self, request: Request[State], problem: Any = None) -> Response:
        path, database = request.scope["route"].name, request.state["database"]
        page, query = PAGES[path], PageQuery.model_validate(dict(request.query_params))
        sql = f"{page.rows} WHERE id < :cursor OR :cursor = 0 ORDER BY id DESC LIMIT :limit + 1"
        rows = list(await database.execute_fetchall(sql, query.model_dump()))
        shown = {"path": path, "rows": rows, "limit": query.limit, "problem": problem}
        {% if has_references %}
        for name, options in page.options.items():
            shown[f"{name}_options"] = await database.execute_fetchall(options)
        {% endif %}
        html = TEMPLATES.get_template("page.html").render(shown, pages=PAGES)
        return HTMLResponse(html, problem["status"] if problem else 200)

    async def post(self, request: Request[State]) -> Response:
        path = request.scope["route"].name
        texts = await read_body(request, "application/x-www-form-urlencoded", parse_form)
        try:
            await PAGES[path].create(request, read_texts(texts))
        except {{ refused }} as error:  # say what the API says
            problem = json.loads(bytes((await answer_error(Request(request.scope), error)).body))
            {% if has_unique %}
            taken = {"field": str(error).rpartition(".")[2], "detail": "This is taken."}
            problem.setdefault("errors", [taken])
            {% endif %}
            return await self.get(request, problem | {"texts": texts})
        return RedirectResponse(path, 303)


async def delete_row(request: Request[State]) -> Response:
    path = request.scope["route"].name
    await fetch_one(request, PAGES[path].delete)
    return RedirectResponse(path, 303)


def is_foreign(scope: Scope) -> bool:  # by the rules of Go's CrossOriginProtection
    headers = Headers(raw=scope.get("headers", []))
    host = headers.get("host", "")
    is_same = headers.get("origin", f"://{host}").endswith(f"://{host}")
    site = headers.get("sec-fetch-site", "same-origin" if is_same else "cross-site")
    return scope.get("method") == "POST" and site not in ("same-origin", "none")
