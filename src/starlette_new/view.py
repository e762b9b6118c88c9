"""A blueprint as the templates see it: names, types and ready lines of source, worked out here.

Plain lists, dicts and texts only, so that a template can be rendered with them by hand as well.
"""

from collections.abc import Iterator

from starlette_new.blueprint import Blueprint
from starlette_new.view_single import view_single
from starlette_new.view_standard import view_standard

TOOLS = ["httpx2>=2.16,<3", "mypy>=2.4,<3", "pytest>=9.2,<10", "ruff>=0.17,<0.18"]


def _list_surroundings(blueprint: Blueprint) -> Iterator[str]:
    """Say what stands around the project, a line of a list for each thing."""
    if blueprint.with_ci == "github":
        yield "`.github/workflows/` proves every push, and each week the newest Starlette."
    if blueprint.with_pre_commit:
        yield "`uvx pre-commit install`, once: then Git runs Ruff and mypy before each commit."
    if blueprint.with_devcontainer:
        yield "`.devcontainer/` is a container to develop in; its packages lie in `/opt/venv`."
    if blueprint.with_docker:
        yield "`Dockerfile` and `compose.yaml` run it in containers; the first lines say how."
    if blueprint.with_skill:
        yield "`.agents/skills/starlette/SKILL.md` tells how each part of Starlette 1.x is used."


def make_view(blueprint: Blueprint, answers: str) -> dict[str, object]:
    """Work out the data of the layout's template; `answers` is the text of the blueprint file."""
    layout = view_standard if blueprint.layout == "standard" else view_single
    return {
        "name": blueprint.name,
        "layout": blueprint.layout,
        "with_db": blueprint.with_db,
        "has_database": blueprint.with_db != "none",
        "has_resources": bool(blueprint.resources),
        "ui": blueprint.ui,
        "has_pages": blueprint.has_pages,
        "with_jobs": blueprint.with_jobs,
        "with_telemetry": blueprint.with_telemetry,
        "answers": answers.rstrip("\n"),
        "tools": TOOLS,
        "with_ci": blueprint.with_ci,
        "with_pre_commit": blueprint.with_pre_commit,
        "with_devcontainer": blueprint.with_devcontainer,
        "with_docker": blueprint.with_docker,
        "surroundings": "".join(f"\n- {line}" for line in _list_surroundings(blueprint)),
        **layout(blueprint),
    }
