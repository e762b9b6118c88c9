"""What differs in a resource's queries: the lines for its references, its lists and its pages."""

from collections.abc import Sequence

from starlette_new.language import Resource
from starlette_new.view_resource import View, view_links, write_dump

_CHECK = "rows.check_references(session, TABLE, values)"
_DELETE = 'session.execute(DELETE, {{"_id": {}_id}}).one_or_none()'


def view_queries(resource: Resource, resources: Sequence[Resource], *, has_pages: bool) -> View:
    """Work out the lines of `queries.py` that not every resource has."""
    links = view_links(resource, resources)
    refers = any(field.is_ref for field in resource.fields)
    dump = f"data.{write_dump(resource)}"
    values = "values" if links or refers else dump
    notes = ["note_change(session, TABLE, row.id)"] * has_pages
    return {
        "query_imports": [
            *["from collections.abc import Sequence", "from sqlalchemy import Row"] * bool(links),
            *["from app.live import note_change"] * has_pages,
        ],
        "create_lines": [
            *[f"values = {dump}"] * (values == "values"),
            *(f'{link["field"]} = values.pop("{link["field"]}")' for link in links),
            *[_CHECK] * refers,
            f"row = session.execute(INSERT, {values} | rows.stamp_new()).one()",
            *notes,
            *map(_write_links, links),
        ],
        "delete_lines": _delete(resource, has_pages=has_pages),
        "before_lines": [
            f"rows.check_version(session, TABLE, {resource.name}_id, versions)",
            *[f"if get_{resource.name}(session, {resource.name}_id) is None:"] * refers,
            *["    return None", _CHECK] * refers,
            *(f'{link["field"]} = values.pop("{link["field"]}", None)' for link in links),
        ],
        "changed_lines": [
            *(["row = changed.one()"] if refers else _ONE_OR_NONE),
            *notes,
            *(
                line
                for link in links
                for line in (f"if {link['field']} is not None:", f"    {_write_links(link)}")
            ),
        ],
        "reading_lines": _read(resource, links) if links else [],
    }


_ONE_OR_NONE = ["row = changed.one_or_none()", "if row is None:", "    return None"]


def _write_links(link: dict[str, str]) -> str:
    field = link["field"]
    return f'rows.write_links(session, models.{link["constant"]}, row.id, "{field}", {field})'


def _delete(resource: Resource, *, has_pages: bool) -> list[str]:
    delete = _DELETE.format(resource.name)
    if not has_pages:
        return [f"return {delete} is not None"]
    return [
        f"if {delete} is None:",
        "    return False",
        f"note_change(session, TABLE, {resource.name}_id)",
        "return True",
    ]


def _read(resource: Resource, links: Sequence[dict[str, str]]) -> list[str]:
    """Write the function that makes finished values of rows with their links."""
    read = f"schemas.{resource.class_name}Read"
    values = ", ".join(f"{link['field']}[row.id]" for link in links)
    return [
        "",
        "",
        f"def _read(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> list[{read}]:",
        '    """Make finished values of rows, with their links: one statement for all of them."""',
        "    ids = [row.id for row in found]",
        *(
            f"    {link['field']} = rows.read_links(session, models.{link['constant']}, ids)"
            for link in links
        ),
        f"    return [{read}(*[*row, {values}]) for row in found]",
    ]
