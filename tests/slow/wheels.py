"""Versions of this program for tests: copies with other templates, as wheels and to run at once."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import starlette_new
from starlette_new.templates import find_templates

ROOT = Path(__file__).parents[2]
Edits = Mapping[str, tuple[str, str]]
"""Paths in a copy, each with a text in its file and what stands there instead."""


def copy_version(folder: Path, version: str, edits: Edits) -> Path:
    """Copy this program as another version, and return the folder that PYTHONPATH needs."""
    ignored = shutil.ignore_patterns("__pycache__", "project_templates")
    package = folder / "starlette_new"
    shutil.copytree(Path(starlette_new.__file__).parent, package, ignore=ignored)
    shutil.copytree(find_templates(), package / "project_templates", ignore=ignored)
    for path, (before, after) in {**edits, "__init__.py": ("0.1.0", version)}.items():
        file = package / path
        text = file.read_text(encoding="utf-8")
        assert before in text, path
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def make_wheel(folder: Path, version: str, wheels: Path) -> None:
    """Make a wheel of a copy: a zip with a list of what is in it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = "".join(f"Requires-Dist: {one}\n" for one in project["dependencies"])
    about = f"starlette_new-{version}.dist-info"
    files = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    metadata = f"Metadata-Version: 2.1\nName: starlette-new\nVersion: {version}\n{needed}"
    files[f"{about}/METADATA"] = metadata.encode()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in files.items())
    with zipfile.ZipFile(wheels / f"starlette_new-{version}-py3-none-any.whl", "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        archive.writestr(f"{about}/RECORD", f"{record}{about}/RECORD,,\n")


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def run_copy(
    folder: Path, cwd: Path, variables: Mapping[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a copy without installing it."""
    return subprocess.run(
        [sys.executable, "-m", "starlette_new", *arguments],
        cwd=cwd,
        env={**variables, "PYTHONPATH": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
