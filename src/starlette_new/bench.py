"""Where one project after the other is proven, in an environment that stays warm."""

import json
from pathlib import Path

from starlette_new.errors import UsageProblem, show
from starlette_new.place import remove


class Bench:
    """A folder in which one project after the other is proven, all in one environment."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        self.project = folder / "project"
        self.scratch = folder / "scratch"
        self.project.mkdir(parents=True)
        self.scratch.mkdir()

    @property
    def environment(self) -> Path:
        return self.project / ".venv"

    def clear(self) -> None:
        """Remove the project that was there, and what a proof of it left."""
        remove(self.tree)
        for path in self.project.iterdir():
            if path.is_dir() and not path.is_symlink():
                if path != self.environment:
                    remove(path)
            else:
                path.unlink()
        for path in self.scratch.glob("proof.db*"):
            path.unlink()

    def take(self) -> None:
        """Move what was rendered to where it is proven."""
        for path in self.tree.iterdir():
            path.rename(self.project / path.name)


def check_requirement(text: str) -> None:
    """Raise UsageProblem unless a text asks for a Starlette."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        name = Requirement(text).name.lower()
    except InvalidRequirement:
        name = ""
    if name != "starlette":
        raise UsageProblem(
            f"--starlette cannot be {show(text)}.",
            "Write a requirement in quotes: 'starlette>=1.11'.",
            field="starlette",
        )


def override_starlette(project: Path, requirement: str) -> None:
    """Ask for another Starlette than the project does, wherever it says what it needs."""
    line = f"override-dependencies = [{json.dumps(requirement)}]"
    pyproject = project / "pyproject.toml"
    before, table, after = pyproject.read_text("utf-8").partition("\n[tool.uv]\n")
    table = table or "\n[tool.uv]\n"
    pyproject.write_text(f"{before}{table}{line}\n{after}", "utf-8")
    script = project / "main.py"
    if script.is_file():
        text = script.read_text("utf-8")
        script.write_text(
            text.replace("\n# ///\n", f"\n# [tool.uv]\n# {line}\n# ///\n", 1), "utf-8"
        )


def find_version(environment: Path, package: str) -> str | None:
    """Give the version of a package that is installed in an environment."""
    found = environment.glob(f"lib/*/site-packages/{package}-*.dist-info")
    return next((path.name.split("-")[1].removesuffix(".dist") for path in found), None)
