"""Where the templates of projects and the examples are."""

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


@cache
def find_templates() -> Path:
    """Find the templates: beside the modules in a wheel, at the top of a checkout."""
    packaged = PACKAGE / "project_templates"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "project_templates"
