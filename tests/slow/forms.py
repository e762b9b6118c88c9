"""Forms, used as people do: rows are created, edited and deleted, and mistakes are made."""

import json

from browsers import Watch
from playwright.sync_api import Page, expect
from resources import Member, Resource
from sites import Row, list_differences
from visits import Visit


def use_forms(visit: Visit, *, scripts: bool) -> None:
    """Create, edit and delete a row of each resource, also with mistakes."""
    with visit.open(scripts=scripts) as (context, watch):
        page = context.new_page()
        for resource in visit.site.resources:
            with visit.trying(f"the forms of {resource.page}"):
                row = _create(visit, page, watch, resource)
                _create_twice(visit, page, watch, resource, row)
                row = _edit(visit, page, resource, row)
                row = _edit_too_late(visit, page, watch, resource, row)
                _delete(visit, page, resource, row)


def fill(page: Page, resource: Resource, row: Row) -> None:
    """Type a row into the form that is shown."""
    for member in resource.members:
        value = row[member.name]
        control = page.locator(f'form.sheet [name="{member.name}"]:not([type=hidden])')
        if member.type == "many":
            for box in control.all():
                box.set_checked(int(box.input_value()) in value)
        elif member.type == "bool" and not member.nullable:
            control.set_checked(value)
        elif member.type in ("bool", "enum", "ref"):
            control.select_option(_type(member, value))
        else:
            control.fill(_type(member, value))


def list_typed(page: Page, resource: Resource, row: Row) -> list[str]:
    """List the controls that do not hold what was typed into them."""
    wrong = []
    for member in resource.members:
        if member.type not in ("many", "bool"):
            held = page.locator(f'form.sheet [name="{member.name}"]').input_value()
            if held != _type(member, row[member.name]):
                wrong.append(f"{member.name} holds {held!r}, not {row[member.name]!r}")
    return wrong


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()


def _type(member: Member, value: object) -> str:
    if value is None:
        return ""
    if member.type == "json":
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    if member.type == "datetime":
        return str(value).removesuffix("Z")
    return str(value).lower() if member.type == "bool" else str(value)


def _create(visit: Visit, page: Page, watch: Watch, resource: Resource) -> Row:
    """Create a row, at first with a field left empty that may not be."""
    watch.allow_answer(422, f"{resource.page}/new")
    row = visit.site.make_row(resource, visit.number())
    visit.goto(page, resource.page)
    page.locator("a.button.main").click()
    wrong = next(one for one in resource.members if one.required)
    spoilt = row | {wrong.name: None}
    fill(page, resource, spoilt)
    page.locator("form.sheet").evaluate("form => form.noValidate = true")
    save(page)
    _expect_error(page, wrong.name)
    _expect_nothing(list_typed(page, resource, spoilt))
    fill(page, resource, row)
    save(page)
    expect(page.locator("#notice")).to_have_text("It was created.")
    return _compare(visit, resource, page.url, row)


def _create_twice(visit: Visit, page: Page, watch: Watch, resource: Resource, row: Row) -> None:
    """Try to create rows with each value that may be there once alone."""
    watch.allow_answer(409, f"{resource.page}/new")
    for taken in (one for one in resource.members if one.unique):
        other = visit.site.make_row(resource, visit.number()) | {taken.name: row[taken.name]}
        visit.goto(page, f"{resource.page}/new")
        fill(page, resource, other)
        save(page)
        _expect_error(page, taken.name)
        _expect_nothing(list_typed(page, resource, other))


def _edit(visit: Visit, page: Page, resource: Resource, row: Row) -> Row:
    visit.goto(page, f"{resource.page}/{row['id']}")
    page.get_by_role("link", name="Edit", exact=True).click()
    _expect_nothing(list_typed(page, resource, row))
    other = visit.site.make_row(resource, visit.number())
    fill(page, resource, other)
    save(page)
    expect(page.locator("#notice")).to_have_text("Your changes were saved.")
    return _compare(visit, resource, page.url, other)


def _edit_too_late(visit: Visit, page: Page, watch: Watch, resource: Resource, row: Row) -> Row:
    """Edit a row that somebody else changes meanwhile: the first attempt is refused."""
    path = f"{resource.page}/{row['id']}"
    watch.allow_answer(412, f"{path}/edit")
    visit.goto(page, f"{path}/edit")
    other = visit.site.make_row(resource, visit.number())
    fill(page, resource, other)
    first = resource.members[0]
    visit.site.change(resource, row, **{first.name: row[first.name]})
    save(page)
    expect(page.locator("#errors")).to_contain_text("Someone else changed it")
    _expect_nothing(list_typed(page, resource, other))
    save(page)
    expect(page.locator("#notice")).to_have_text("Your changes were saved.")
    return _compare(visit, resource, page.url, other)


def _delete(visit: Visit, page: Page, resource: Resource, row: Row) -> None:
    path = f"{resource.page}/{row['id']}"
    visit.goto(page, path)
    button = page.get_by_role("button", name="Delete for good")
    expect(button).to_be_hidden()
    page.locator("summary", has_text="Delete").click()
    with page.expect_navigation():
        button.click()
    expect(page.locator("#notice")).to_have_text("It was deleted.")
    assert page.url == visit.site.at(resource.page), f"it led to {page.url}"
    assert not visit.site.is_there(f"/api{path}"), f"{path} is still there"


def _expect_error(page: Page, name: str) -> None:
    """Expect that an error stands beside a field, and that the field names it."""
    error = page.locator(f"#f-{name}-error")
    expect(error).to_be_visible()
    expect(page.locator(".field", has=error)).to_have_count(1)
    expect(page.locator(f"#f-{name}")).to_have_attribute("aria-describedby", f"f-{name}-error")


def _compare(visit: Visit, resource: Resource, url: str, sent: Row) -> Row:
    row_id = url.rpartition("/")[2]
    found: Row = visit.site.ask("GET", f"{resource.path}/{row_id}")
    _expect_nothing(list_differences(resource, sent, found))
    return found


def _expect_nothing(faults: list[str]) -> None:
    assert not faults, "; ".join(faults)
