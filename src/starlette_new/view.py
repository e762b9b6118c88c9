"""A blueprint as the templates see it: names, types and ready lines of source, worked out here.

Plain lists, dicts and texts only, so that a template can be rendered with them by hand as well.
"""

from starlette_new.blueprint import Blueprint
from starlette_new.view_single import view_single
from starlette_new.view_standard import view_standard

TOOLS = ["httpx2>=2.16,<3", "mypy>=2.4,<3", "pytest>=9.2,<10", "ruff>=0.17,<0.18"]


def make_view(blueprint: Blueprint, answers: str) -> dict[str, object]:
    """Work out the data of the layout's template; `answers` is the text of the blueprint file."""
    layout = view_standard if blueprint.layout == "standard" else view_single
    return {
        "name": blueprint.name,
        "with_db": blueprint.with_db,
        "has_database": blueprint.with_db != "none",
        "has_resources": bool(blueprint.resources),
        "ui": blueprint.ui,
        "has_pages": blueprint.has_pages,
        "answers": answers.rstrip("\n"),
        "tools": TOOLS,
        **layout(blueprint),
    }
