"""Boards, used as people do: cards are dragged, moved by keys, and lost to somebody else."""

from playwright.sync_api import BrowserContext, Page, expect
from resources import Member, Resource
from sites import Row
from visits import Visit

STREAM = {"Content-Type": "text/event-stream"}
SILENCE = "retry: 60000\n\n"
SECOND = 1.0
"""A card that is dragged appears moved in another page before it has passed."""


def use_boards(visit: Visit) -> None:
    """Drag a card, press arrow keys on it, and drag one that somebody else has changed."""
    for resource, field in _list_boards(visit):
        row = _add_card(visit, resource, field)
        with visit.open() as (context, _), visit.open() as (others, _):
            with visit.trying(f"a drag on {resource.page}/board"):
                _drag_before_others(visit, context.new_page(), others.new_page(), resource, row)
            with visit.trying(f"the keys on {resource.page}/board"):
                _press_keys(visit, context.new_page(), resource, field, row)
        with visit.open() as (context, _), visit.trying(f"a lost drag on {resource.page}/board"):
            _lose(visit, context, resource, field, row)


def use_boards_without_scripts(visit: Visit) -> None:
    for resource, field in _list_boards(visit):
        row = _add_card(visit, resource, field)
        with visit.open(scripts=False) as (context, _), visit.trying(f"{resource.page}/board"):
            page = context.new_page()
            visit.goto(page, f"{resource.page}/board?sort=-id")
            card = page.locator(f"#card-{row['id']}")
            card.get_by_role("combobox").select_option(field.words[-1])
            card.get_by_role("button", name="Move").click()
            expect(page.locator("#notice")).to_have_text("It was moved.")
            assert page.url.endswith("/board?sort=-id"), f"it led to {page.url}"
            _expect_card(page, row, field.words[-1])
            _expect_value(visit, resource, row, field, field.words[-1])


def _list_boards(visit: Visit) -> list[tuple[Resource, Member]]:
    """List the resources that have a board, each with the field whose values are columns."""
    return [
        (resource, member)
        for resource in visit.site.resources
        for member in resource.members
        if member.name == visit.site.boards.get(resource.name)
    ]


def _add_card(visit: Visit, resource: Resource, field: Member) -> Row:
    """Add a card to the first column, where a board that begins with the newest shows it."""
    return visit.site.add(resource, visit.number(), **{field.name: field.words[0]})


def _drag_before_others(
    visit: Visit, page: Page, other: Page, resource: Resource, row: Row
) -> None:
    path = f"{resource.page}/board?sort=-id"
    for one in (page, other):
        with one.expect_response("**/live?*"):
            visit.goto(one, path)
    words = page.locator(".column").evaluate_all("all => all.map((one) => one.dataset.value)")
    for word in words[1:]:
        _pick_up(page, row, word)
        with visit.measuring("drag, in a second page", SECOND):
            page.mouse.up()
            _expect_card(other, row, word)
        expect(page.locator("#notice")).to_have_text("It was moved.")
        _expect_card(page, row, word)


def _pick_up(page: Page, row: Row, word: str) -> None:
    """Drag a card over the column with this value, and hold it there."""
    card = page.locator(f"#card-{row['id']}")
    card.scroll_into_view_if_needed()
    card.hover(position={"x": 8, "y": 8})
    page.mouse.down()
    target = page.locator(f'.column[data-value="{word}"]')
    target.hover(position={"x": 20, "y": 20}, force=True)
    target.hover(position={"x": 24, "y": 24}, force=True)


def _press_keys(visit: Visit, page: Page, resource: Resource, field: Member, row: Row) -> None:
    """Move a card to the first column, one column at each press, and back to the last."""
    visit.site.change(resource, row, **{field.name: field.words[-1]})
    visit.goto(page, f"{resource.page}/board?sort=-id")
    page.locator(f"#card-{row['id']}").focus()
    ways = [("ArrowLeft", word) for word in reversed(field.words[:-1])]
    ways += [("ArrowRight", word) for word in field.words[1:]]
    for key, word in ways:
        page.keyboard.press(key)
        _expect_card(page, row, word)
        _expect_value(visit, resource, row, field, word)
        expect(page.locator(f"#card-{row['id']}")).to_be_focused()


def _lose(
    visit: Visit, context: BrowserContext, resource: Resource, field: Member, row: Row
) -> None:
    """Drag a card in a page that has not heard that somebody else changed it."""
    context.route("**/live?*", lambda route: route.fulfill(headers=STREAM, body=SILENCE))
    visit.site.change(resource, row, **{field.name: field.words[0]})
    page = context.new_page()
    visit.goto(page, f"{resource.page}/board?sort=-id")
    visit.site.change(resource, row, **{field.name: field.words[-1]})
    _pick_up(page, row, field.words[1])
    page.mouse.up()
    expect(page.locator("#notice")).to_contain_text("Someone else changed it first.")
    _expect_card(page, row, field.words[-1])
    _expect_value(visit, resource, row, field, field.words[-1])


def _expect_card(page: Page, row: Row, word: str) -> None:
    """Expect the card in this column, and in no other."""
    page.locator(f'.column[data-value="{word}"] #card-{row["id"]}').wait_for()
    expect(page.locator(f"#card-{row['id']}")).to_have_count(1)


def _expect_value(visit: Visit, resource: Resource, row: Row, field: Member, word: str) -> None:
    found = visit.site.ask("GET", f"{resource.path}/{row['id']}")[field.name]
    assert found == word, f"{field.name} is {found}, not {word}"
