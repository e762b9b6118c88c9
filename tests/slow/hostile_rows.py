"""Hostile values in every field of every resource, on every page that shows them: nothing runs."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from urllib.parse import quote, urlencode

from browsers import Watch
from playwright.sync_api import Page
from resources import Member, Resource
from sites import Row, Site
from visits import Visit
from wire import exchange, make_json_request

PAYLOADS = (
    "<script>alert(1)</script>",
    "\"'><script>alert(1)</script>",
    'red;"><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '" onfocus=alert(1) onmouseover=alert(1) autofocus tabindex=0 x="',
    "' onfocus=alert(1) onmouseover=alert(1) autofocus tabindex=0 x='",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//http://example.org",
    " \x01java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "</textarea></title></select><script>alert(1)</script>",
    "-->]]></style><script>alert(1)</script><!--",
    '"><b hx-on:htmx:after:init="alert(1)" hx-trigger=load hx-get=/nothing>',
    "{{ 7 * 7 }}{% raw %}${alert(1)}<%= alert(1) %>",
    "\u2028</script><script>alert(1)</script>",
)
TEXTS = {"str", "text", "email", "url", "color"}
"""Types that the database keeps as text, and gives back whatever it is."""
FIND_INTRUDERS = """() => [...document.querySelectorAll("*")].filter((one) =>
    [...one.attributes].some(({name}) => name.startsWith("on") || name.startsWith("hx-on"))
    || (one.matches("script") && !one.matches("[src^='/static/']"))
    || one.matches("[src=x], iframe, object, embed, base, [autofocus]")
).map((one) => one.outerHTML.slice(0, 120))"""
REFUSED = ("JavaScript URL", "refused: script-src-elem inline", "navigate top frame to data URL")
# What the browser says of an input whose value it will not show.
NOT_SHOWN = r"does not conform to the required format|cannot be parsed, or is out of range"


def open_hostile_rows(visit: Visit) -> None:
    """Store the payloads, and open what shows them, as the policy has it and without it."""
    rows = _store(visit.site)
    pages = list(_list_pages(visit.site, rows))
    for policy in (True, False):
        with visit.open(policy=policy) as (context, watch):
            watch.allowed.append(NOT_SHOWN)
            page = context.new_page()
            for path in pages:
                with visit.trying(path):
                    visit.goto(page, path)
                    _find_intruders(visit, page, path)
            _send_wrong_forms(visit, page, watch)
    _click_links(visit, pages)
    _tear(visit, rows)


def _store(site: Site) -> list[tuple[Resource, Row]]:
    """Store each payload in a row of each resource; the rows refer to one another."""
    rows: list[tuple[Resource, Row]] = []
    ids: dict[str, int] = {}
    for number, payload in enumerate(PAYLOADS):
        for resource in site.resources:
            given = resource.make_row(number, ids)
            given |= {
                member.name: [ids[member.target]]
                for member in resource.members
                if member.type == "many"
            }
            row = site.ask("POST", resource.path, given)
            ids[resource.name] = row["id"]
            rows.append((resource, row))
            for member in resource.members:
                if member.type in TEXTS and not _send(site, resource, row, member, payload):
                    _write(site, resource, row, member, payload)
    return rows


def _send(site: Site, resource: Resource, row: Row, member: Member, payload: str) -> bool:
    """Store a value by the API; tell whether that was allowed."""
    path = f"{resource.path}/{row['id']}"
    request = make_json_request("PATCH", path, {member.name: payload})
    return exchange(site.server.port, request).status == 200


def _write(site: Site, resource: Resource, row: Row, member: Member, value: object) -> None:
    """Store a value straight in the database, which has rules of its own: they are ignored."""
    with closing(sqlite3.connect(site.server.database, timeout=30)) as database, database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        table, column = resource.page[1:], member.name  # both are of our own examples
        statement = f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?'  # noqa: S608
        database.execute(statement, (value, row["id"]))


def _list_pages(site: Site, rows: Sequence[tuple[Resource, Row]]) -> Iterator[str]:
    yield "/"
    for resource in site.resources:
        yield from _list_views(site, resource)
        texts = [member.name for member in resource.members]
        for payload in PAYLOADS:
            yield f"{resource.page}/new?{urlencode(dict.fromkeys(texts, payload))}"
            if resource.is_searched:
                yield f"{resource.page}?{urlencode({'q': payload})}"
    for resource, row in rows:
        yield f"{resource.page}/{row['id']}"
        yield f"{resource.page}/{row['id']}/edit"


def _list_views(site: Site, resource: Resource) -> list[str]:
    board = [f"{resource.page}/board"] if resource.name in site.boards else []
    return [f"{resource.page}?limit=100", *board]


def _find_intruders(visit: Visit, page: Page, name: str) -> None:
    visit.counts["pages"] += 1
    found = page.evaluate(FIND_INTRUDERS)
    assert not found, f"{name} has {found}"


def _send_wrong_forms(visit: Visit, page: Page, watch: Watch) -> None:
    """Type each payload into every field of every form, and ask for pages that are not there."""
    watch.allowed.append("status of (404|409|422) ")
    for resource in visit.site.resources:
        for payload in PAYLOADS:
            with visit.trying(f"{payload} in a form of {resource.page}"):
                visit.goto(page, f"{resource.page}/new")
                page.locator("form.sheet").evaluate(
                    """(form, payload) => {
                        for (const one of form.querySelectorAll("input, textarea, select")) {
                            if (one.matches("select")) one.add(new Option(payload, payload));
                            else if (one.type != "checkbox") one.type = "text";
                            one.value = payload;
                        }
                        form.append(Object.assign(document.createElement("input"),
                            {name: payload, value: payload}));
                        form.noValidate = true;
                    }""",
                    payload,
                )
                with page.expect_navigation():
                    page.get_by_role("button", name="Save").click()
                _find_intruders(visit, page, f"a form of {resource.page} with {payload}")
    for payload in PAYLOADS:
        with visit.trying(f"the address {payload}"):
            visit.goto(page, f"/{quote(payload, safe='')}", 404)
            _find_intruders(visit, page, payload)


def _click_links(visit: Visit, pages: Sequence[str]) -> None:
    """Click every link that leads nowhere on the web. The policy says what it has refused."""
    with visit.open() as (context, watch):
        watch.allowed += [NOT_SHOWN, *REFUSED]
        page = context.new_page()
        for path in pages:
            visit.goto(page, path)
            for number in page.eval_on_selector_all(
                "a[href]",
                """all => all.flatMap((one, number) =>
                    /^(https?|mailto):$/.test(one.protocol) ? [] : [number])""",
            ):
                visit.goto(page, path)
                page.locator("a[href]").nth(number).click()
                page.wait_for_timeout(100)
                visit.counts["links clicked"] += 1


def _tear(visit: Visit, rows: Sequence[tuple[Resource, Row]]) -> None:
    """Write payloads where only other types can be. A page may fail then; still nothing runs."""
    with visit.open() as (context, watch):
        watch.allowed += [NOT_SHOWN, "status of 500 "]
        page = context.new_page()
        last = dict((resource.name, (resource, row)) for resource, row in rows)
        for resource, row in last.values():
            for member in resource.members:
                if member.type not in TEXTS | {"many"}:
                    held = _read_held(visit.site, resource, row, member)
                    _write(visit.site, resource, row, member, PAYLOADS[1])
                    _open_torn(visit, page, resource, row)
                    _write(visit.site, resource, row, member, held)


def _read_held(site: Site, resource: Resource, row: Row, member: Member) -> object:
    with closing(sqlite3.connect(site.server.database, timeout=30)) as database:
        table, column = resource.page[1:], member.name
        statement = f'SELECT "{column}" FROM "{table}" WHERE id = ?'  # noqa: S608
        (value,) = database.execute(statement, (row["id"],)).fetchone()
        return value


def _open_torn(visit: Visit, page: Page, resource: Resource, row: Row) -> None:
    path = f"{resource.page}/{row['id']}"
    for one in ("/", *_list_views(visit.site, resource), path, f"{path}/edit"):
        with visit.trying(one):
            page.goto(visit.site.at(one))
            _find_intruders(visit, page, one)
