"""The skill for coding agents: a document about Starlette, copied as it is."""

import os
import shutil
from pathlib import Path

from starlette_new.errors import SurroundingsProblem, TargetProblem, show
from starlette_new.templates import find_templates


def write_skills(folder: Path) -> None:
    """Write each skill into a folder of its own in `folder`, which is made if it is missing."""
    shutil.copytree(find_templates() / "skills", folder, dirs_exist_ok=True)


def place_skill(folder: Path) -> tuple[list[str], bool]:
    """Write the skill into `folder`; return its files, and whether it was not there yet.

    Raises TargetProblem where another file or folder has its name: nobody's text is overwritten.
    """
    skill, target = find_templates() / "skills" / "starlette", folder / "starlette"
    files = _read_files(skill)
    if os.path.lexists(target):
        if not target.is_dir() or _read_files(target) != files:
            raise TargetProblem(
                f"{show(target)} is there already, and is not what would be written.",
                "Move it elsewhere, or name another folder.",
            )
        return sorted(files), False
    try:
        shutil.copytree(skill, target)
    except OSError as error:
        raise SurroundingsProblem(
            f"The folder {show(target)} cannot be written: {error}.", "Name another folder."
        ) from None
    return sorted(files), True


def _read_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
