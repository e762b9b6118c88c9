"""What the templates are given of the rows that a blueprint gives its resources."""

from collections.abc import Sequence

from starlette_new.fields import make_dict, make_list
from starlette_new.language import Resource
from starlette_new.relations import sort_by_need
from starlette_new.view_resource import View, view_links, write_dump


def view_seeds(resources: Sequence[Resource]) -> View:
    """Work out the rows of `seed`: none where no resource has any."""
    seeded = [resource for resource in sort_by_need(resources) if resource.sample]
    links = [(one, link) for one in seeded for link in view_links(one, resources)]
    return {
        "seeds": [{"plural": one.plural, "samples": one.plural.upper()} for one in seeded],
        "seed_imports": [
            f"from app.resources.{one.plural} import {module} as {one.name}_{module}"
            for one in seeded
            for module in ("models", "schemas")
        ]
        + ["from app.rows import write_links"] * bool(links),
        "seed_rows": [
            *(_write_rows(one, resources) for one in seeded),
            *(f"{_name_links(*pair)} = {_write_ids(*pair)}" for pair in links),
        ],
        "seed_tables": make_list([_name_table(one) for one in seeded], quote=False),
        "seed_lines": [
            *(line for one in seeded for line in _add_rows(one, resources)),
            *(line for pair in links for line in _add_links(*pair)),
        ],
    }


def _name_table(resource: Resource) -> str:
    return f"{resource.name}_models.{resource.class_name}.__table__"


def _name_links(resource: Resource, link: dict[str, str]) -> str:
    return f"{resource.name}_{link['field']}".upper()


def _write_rows(resource: Resource, resources: Sequence[Resource]) -> str:
    linked = {link["field"] for link in view_links(resource, resources)}
    rows = [{name: value for name, value in row if name not in linked} for row in resource.sample]
    listed = "".join(f"    {make_dict(row)},\n" for row in rows)
    return f"{resource.plural.upper()}: list[dict[str, object]] = [\n{listed}]"


def _write_ids(resource: Resource, link: dict[str, str]) -> str:
    """Give the links by the numbers of their rows."""
    ids = {n: dict(row).get(link["field"]) for n, row in enumerate(resource.sample, 1)}
    return f"{{{', '.join(f'{n}: {one}' for n, one in ids.items() if one)}}}"


def _add_rows(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    schema = f"{resource.name}_schemas.{resource.class_name}Write"
    return [
        f"for row_id, row in enumerate({resource.plural.upper()}, 1):",
        f"    values = check({schema}, row).{write_dump(resource)}",
        *(
            f'    del values["{link["field"]}"]  # its links follow, when all rows are there'
            for link in view_links(resource, resources)
        ),
        f"    table = {_name_table(resource)}",
        '    session.execute(table.insert(), values | stamp_new() | {"id": row_id})',
    ]


def _add_links(resource: Resource, link: dict[str, str]) -> list[str]:
    table = f"{resource.name}_models.{link['constant']}"
    return [
        f"for row_id, ids in {_name_links(resource, link)}.items():",
        f'    write_links(session, {table}, row_id, "{link["field"]}", ids)',
    ]
