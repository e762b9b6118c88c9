"""Which rows refer to a row: how its page finds them, what it shows of them, and what it offers."""

import json
from collections.abc import Iterator, Sequence

from starlette_new.fields import make_dict
from starlette_new.language import Field, Resource
from starlette_new.names import make_attribute
from starlette_new.parameters import name_parameters
from starlette_new.relations import list_references
from starlette_new.view_controls import name_title
from starlette_new.view_resource import name_label
from starlette_new.view_values import list_facts, list_texts

Related = tuple[str, str, list[str]]
"""The name of what is related, the source that describes it, and the lines that show it."""


def list_related(resource: Resource, resources: Sequence[Resource]) -> Iterator[Related]:
    """Describe, for each field that refers to a resource, the rows that it belongs to."""
    for other in resources:
        fields = [field for field in list_references(other) if field.target == resource.name]
        for field in fields:
            several = len(fields) > 1
            name = f"{other.plural}_{field.word}" if several else other.plural
            title = name_title(other.plural) + f" ({name_label(field.word)})" * several
            block = [
                f"{{% call(row, names, ranks) macros.related({json.dumps(title)}, "
                f'related["{name}"], [{", ".join(_list_views(other, field))}]) %}}',
                *list_facts(other, resources, without=field.name),
                *list_texts(other, resources),
                "{% endcall %}",
            ]
            yield name, _write_source(resource, other, field), block


def name_queries(name: str, resource: Resource) -> str:
    """Give the name under which the pages of a resource know the queries of one."""
    return "queries" if name == resource.name else f"{name}_queries"


def list_imported(resource: Resource, resources: Sequence[Resource]) -> set[str]:
    """Give the resources whose queries the pages of a resource need: its own are not among them."""
    referring = [r for r in resources if any(f.target == resource.name for f in r.fields)]
    targets = {field.target for one in [resource, *referring] for field in list_references(one)}
    return targets.union(one.name for one in referring) - {resource.name}


def _write_source(resource: Resource, other: Resource, field: Field) -> str:
    queries = name_queries(other.name, resource)
    references = make_dict(
        {
            make_attribute(one.name): f"{name_queries(one.target, resource)}.LISTING"
            for one in list_references(other)
            if one is not field
        }
    )
    parameter = name_parameters(other)[0][field.name]
    arguments = [
        f"{queries}.list_{other.plural}",
        f"{queries}.LISTING",
        f'"{parameter}"',
        references,
    ]
    return f"pages.Related({', '.join(arguments)})"


def _list_views(other: Resource, field: Field) -> Iterator[str]:
    """Give what can be done with rows that refer to a row: texts and addresses."""
    parameter = name_parameters(other)[0][field.name]
    yield f'("All", "/{other.plural}?{parameter}=" ~ row.id)'
    if other.board:
        yield f'("Board", "/{other.plural}/board?{parameter}=" ~ row.id)'
    if field.is_ref:
        yield f'("New", "/{other.plural}/new?{field.name}=" ~ row.id)'
