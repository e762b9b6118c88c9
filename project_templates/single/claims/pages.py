async def test_a_form_creates_a_row(client: AsyncClient, sample: Sample) -> None:
    page = sample.path.removeprefix("/api")

    empty = await client.get(page)
    answer = await client.post(page, data=sample.form)
    rows = (await client.get(sample.path)).json()["items"]

    assert "There is nothing here." in empty.text
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert rows == [{"id": 1, **sample.rows[0]}]


async def test_a_wrong_form_comes_back_with_what_was_typed(
    client: AsyncClient, sample: Sample
) -> None:
    typed = "<script>'\"\0"

    answer = await client.post(
        sample.path.removeprefix("/api"), data=dict.fromkeys(sample.form, typed)
    )

    assert answer.status_code == 422
    assert re.findall(r' id="(\w+)-error"', answer.text) == list(sample.rows[0])
    assert "<script" not in answer.text
    chosen = len(re.findall('<select|type="checkbox"', answer.text))
    assert answer.text.count(escape(typed)) == len(sample.form) - chosen


async def test_a_page_lists_the_newest_rows_first(client: AsyncClient, sample: Sample) -> None:
    page = sample.path.removeprefix("/api")
    for row in sample.rows:
        await client.post(sample.path, json=row)

    first = (await client.get(f"{page}?limit=2")).text
    second = (await client.get(f"{page}?limit=2&cursor=2")).text

    assert re.findall(f'"{page}/(.*)/delete"', first) == ["3", "2"]
    assert re.findall(f'"{page}/(.*)/delete"', second) == ["1"]
    assert [f"limit=2&amp;cursor={number}" in first for number in (1, 2, 3)] == [False, True, False]
    assert "&amp;cursor" not in second


async def test_what_a_page_lists_is_escaped(client: AsyncClient, sample: Sample) -> None:
    hostile = "<'\"&"
    row = sample.rows[0] | dict.fromkeys(sample.texts, hostile)
    created = await client.post(sample.path, json=row)

    answer = await client.get(sample.path.removeprefix("/api"))

    assert created.status_code == 201
    assert hostile not in answer.text
    assert answer.text.count(f"<td>{escape(hostile)}</td>") == len(sample.texts)


async def test_a_button_deletes_a_row(client: AsyncClient, sample: Sample) -> None:
    page = sample.path.removeprefix("/api")
    created = await client.post(sample.path, json=sample.rows[0])

    answer = await client.post(f"{page}/1/delete")
    gone = await client.get(created.headers["location"])

    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert gone.status_code == 404


@pytest.mark.parametrize(
    ("refused", "headers"),
    [
        (True, {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}),
        (True, {"Sec-Fetch-Site": "same-site"}),
        (True, {"Origin": "http://elsewhere.example"}),
        (True, {"Origin": "http://not-localhost"}),
        (True, {"Origin": "null"}),
        (False, {"Sec-Fetch-Site": "same-origin", "Origin": "http://elsewhere.example"}),
        (False, {"Sec-Fetch-Site": "none"}),
        (False, {"Origin": "https://localhost"}),
        (False, {}),
    ],
)
async def test_a_form_of_another_site_is_refused(
    client: AsyncClient, refused: bool, headers: dict[str, str]
) -> None:
    page, form = SAMPLES[0].path.removeprefix("/api"), SAMPLES[0].form

    created = await client.post(page, data=form, headers=headers)
    deleted = await client.post(f"{page}/1/delete", headers=headers)

    assert (created.status_code == 403, deleted.status_code == 403) == (refused, refused)


@pytest.mark.parametrize(
    ("status", "body", "media_type"),
    [
        (415, "{}", "application/json"),
        (415, "", "multipart/form-data; boundary=x"),
        (400, b"\xff", "application/x-www-form-urlencoded"),
        (400, "a=%ff", "application/x-www-form-urlencoded"),
        (400, "a&" * 1001, "Application/X-WWW-form-urlencoded; charset=utf-8"),
    ],
)
async def test_a_form_that_cannot_be_understood_is_refused(
    client: AsyncClient, status: int, body: str | bytes, media_type: str
) -> None:
    page = SAMPLES[0].path.removeprefix("/api")
    answer = await client.post(page, content=body, headers={"Content-Type": media_type})

    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_name_of_an_input_says_how_its_text_is_read() -> None:
    texts = main.parse_form("a=1&a=2&b=x%0D%0Ay&c=&d%3F=&e:json=%5B1%5D&f:json=%5B1&g:what=x")

    values = main.read_texts(texts)

    assert values == {"a": "2", "b": "x\ny", "d": None, "e": [1], "f": ..., "g": "x"}
