"""What the templates are given of the rows that a blueprint gives its resources."""

from collections.abc import Sequence

from starlette_new.fields import make_dict
from starlette_new.language import Resource
from starlette_new.relations import sort_by_need
from starlette_new.view_resource import View, view_links, write_dump


def view_seeds(resources: Sequence[Resource]) -> View:
    """Work out the rows of `seed`: none where no resource has any."""
    seeded = [resource for resource in sort_by_need(resources) if resource.sample]
    return {
        "seeds": [_view_seed(resource, resources) for resource in seeded],
        "seed_links": [
            _view_seed_link(resource, link)
            for resource in seeded
            for link in view_links(resource, resources)
        ],
    }


def _view_seed(resource: Resource, resources: Sequence[Resource]) -> View:
    links = view_links(resource, resources)
    linked = {link["field"] for link in links}
    rows = [{name: value for name, value in row if name not in linked} for row in resource.sample]
    return {
        "name": resource.name,
        "plural": resource.plural,
        "class_name": resource.class_name,
        "samples": resource.plural.upper(),
        "rows": [make_dict(row) for row in rows],
        "links": links,
        "model_dump": write_dump(resource),
    }


def _view_seed_link(resource: Resource, link: dict[str, str]) -> View:
    """Give the links by the numbers of their rows."""
    ids = {n: dict(row).get(link["field"]) for n, row in enumerate(resource.sample, 1)}
    source = ", ".join(f"{n}: {one}" for n, one in ids.items() if one)
    return {
        "resource": resource.name,
        "constant": link["constant"],
        "field": link["field"],
        "samples": f"{resource.name}_{link['field']}".upper(),
        "ids": f"{{{source}}}",
    }
