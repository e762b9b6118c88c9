"""What joins the resources to the rest: lines of `routes.py`, `openapi.py` and `paging.py`."""

from starlette_new.blueprint import Blueprint
from starlette_new.language import Resource
from starlette_new.view_resource import View, name_label


def view_wiring(blueprint: Blueprint) -> View:
    """Work out what these three import, and what they say of each resource."""
    resources, has_pages = blueprint.resources, blueprint.has_pages
    has_links = any(field.is_many for one in resources for field in one.fields)
    schemas = [_import_module(one, "schemas") for one in resources]
    return {
        "route_imports": [
            *_ROUTES * bool(resources),
            *["from app.telemetry import metrics"] * blueprint.with_telemetry,
            *(line for one in resources for line in _import_endpoints(one, has_pages=has_pages)),
        ],
        "openapi_imports": [*(_DESCRIBING_PAGES if has_pages else _DESCRIBING), *schemas],
        "openapi_rows": [
            f'("{one.plural}", "{one.class_name}", "{name_label(one.plural).capitalize()}", '
            f"{one.name}_schemas),"
            for one in resources
        ],
        "paging_imports": ["from sqlalchemy import func"] * has_pages,
        "listing_linked": _LINKED * has_links,
        "listing_named": _NAMED * has_pages,
        "listing_lines": [
            *_LABEL * has_pages,
            "searched: Sequence[Column[Any]] = ()",
            *["linked: Mapping[str, Table] = field(default_factory=dict)"] * has_links,
        ],
    }


_ROUTES = [
    "from starlette.convertors import IntegerConvertor, register_url_convertor",
    "from app.openapi import docs, openapi",
]
_DESCRIBING = ["from app.home import templates", "from app.web import answer_json"]
_DESCRIBING_PAGES = [
    "from app.home import Stats",
    "from app.pages import show",
    "from app.web import State, answer_json",
]
_LINKED = "    linked: by parameter, the table that links rows to the id it names.\n"
_NAMED = (
    "    label: what a row is called where others refer to it. "
    "color: what it is marked with there.\n"
)
_LABEL = ["label: Column[Any]", "color: Column[Any] | None = None"]


def _import_module(resource: Resource, module: str) -> str:
    package = f"app.resources.{resource.plural}"
    return f"from {package} import {module} as {resource.name}_{module}"


def _import_endpoints(resource: Resource, *, has_pages: bool) -> list[str]:
    name = resource.class_name
    return [
        *[_import_module(resource, "pages")] * has_pages,
        f"from app.resources.{resource.plural}.endpoints import {name}Collection, {name}Item",
    ]
