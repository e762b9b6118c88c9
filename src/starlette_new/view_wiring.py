"""What joins the resources to the rest: lines of `routes.py` and `openapi.py`."""

from starlette_new.blueprint import Blueprint
from starlette_new.language import Resource
from starlette_new.view_jobs import list_job_imports
from starlette_new.view_resource import View, name_label


def view_wiring(blueprint: Blueprint) -> View:
    """Work out what both import, and what they say of each resource."""
    resources, has_pages = blueprint.resources, blueprint.has_pages
    schemas = [_import_module(one, "schemas") for one in resources]
    return {
        "route_imports": [
            *_ROUTES * bool(resources),
            *["from app.telemetry import metrics"] * blueprint.with_telemetry,
            *list_job_imports(blueprint),
            *(line for one in resources for line in _import_endpoints(one, has_pages=has_pages)),
        ],
        "openapi_imports": [*(_DESCRIBING_PAGES if has_pages else _DESCRIBING), *schemas],
        "openapi_rows": [
            f'("{one.plural}", "{one.class_name}", "{name_label(one.plural).capitalize()}", '
            f"{one.name}_schemas),"
            for one in resources
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


def _import_module(resource: Resource, module: str) -> str:
    package = f"app.resources.{resource.plural}"
    return f"from {package} import {module} as {resource.name}_{module}"


def _import_endpoints(resource: Resource, *, has_pages: bool) -> list[str]:
    name = resource.class_name
    return [
        *[_import_module(resource, "pages")] * has_pages,
        f"from app.resources.{resource.plural}.endpoints import {name}Collection, {name}Item",
    ]
