"""What people do to a project that was made for them: by chance, and remembered."""

import ast
import random
import re
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import yaml

RUFF = Path(sys.executable).with_name("ruff")
LINE, NAME = re.compile(rb"kept-\d{5}"), re.compile(rb"named_\d{5}")
FILE_NAME = ".copier-answers.yml"
RECORD = "# What it was made from"
VERSIONS = "migrations/versions/"
NOT_EDITED = ("uv.lock", "main.py.lock", "htmx.min.js", ".json")
NOT_SEEN = {".git", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache"}
HARMLESS = re.compile(r"README\.md|AGENTS\.md|\.env\.example|\.github/.+|tests/(.+/)?test_\w+\.py")
"""Files whose loss does not make the suite red."""
IGNORED = {
    ".env": b"# mine\nSOMETHING=else\n",
    "kept.db": b"\0bytes",
    "build/out.txt": b"built\n",
}
OWN = {
    "notes/ideas.md": b"An idea\r\nand another\n",
    "data/blob.bin": b"\0\xff\r\n",
    "tests/test_own.py": b"def test_of_mine() -> None:\n    assert True\n",
    "scripts/report.sh": b"#!/bin/sh\necho report\n",
    ".github/workflows/check.yml": b"on: push\n",
}
"""Files that the owner writes; the last may stand in the way."""
Snapshot = dict[str, tuple[bytes, int]]
"""Files by their paths, each with its mode; a folder has the mode -1."""


@dataclass
class Estate:
    """A project, and what its owner did to it.

    marks: what was written and must stay. dos: files with CRLF. own: files that nobody else may
    touch. harmless: the suite must be green. log: what was done.
    """

    project: Path
    chance: random.Random
    marks: set[bytes] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    dos: set[str] = field(default_factory=set)
    own: dict[str, bytes] = field(default_factory=dict)
    harmless: bool = True
    log: list[str] = field(default_factory=list)
    written: int = 0

    def number(self) -> str:
        self.written += 1
        return f"{self.written:05}"

    def list_files(self) -> list[str]:
        """List what may be edited."""
        apart = {*self.own, *IGNORED}
        return [
            path
            for path, (data, mode) in sorted(take_snapshot(self.project).items())
            if mode >= 0 and data and path not in apart and not path.endswith(NOT_EDITED)
        ]

    def read(self, path: str) -> str:
        return (self.project / path).read_bytes().decode().replace("\r\n", "\n")

    def write(self, path: str, text: str) -> None:
        end = "\r\n" if path in self.dos else "\n"
        (self.project / path).write_bytes(text.replace("\n", end).encode())


def take_snapshot(project: Path) -> Snapshot:
    """Read all of a project but for what Git, Python and uv keep there."""
    found: Snapshot = {}
    for path in project.rglob("*"):
        inside = path.relative_to(project)
        if NOT_SEEN & set(inside.parts):
            continue
        if path.is_dir():
            found[inside.as_posix()] = b"", -1
        else:
            found[inside.as_posix()] = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    return found


def settle_in(estate: Estate) -> None:
    """Add what is the owner's alone: files that are ignored, and others."""
    with (estate.project / ".gitignore").open("a") as file:
        file.write("build/\n")
    for path, data in IGNORED.items():
        _write_own(estate, path, data)
    for path, data in list(OWN.items())[:-1]:
        if estate.chance.random() < 0.5:
            _write_own(estate, path, data)
    path, data = list(OWN.items())[-1]
    if not (estate.project / path).exists() and estate.chance.random() < 0.15:
        _write_own(estate, path, data)


def _write_own(estate: Estate, path: str, data: bytes) -> None:
    target = estate.project / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    if path.endswith(".sh"):
        target.chmod(0o755)
    estate.own[path] = data


def edit(estate: Estate, *, harmful: bool = True) -> None:
    """Do one thing to the project."""
    deeds: list[tuple[int, Callable[[Estate], str]]] = [
        (8, _add_lines),
        (1, _add_lines_everywhere),
        (2, _add_function),
        (2, _rename_function),
        (1, _reformat),
        (2, _convert),
        (2, lambda estate: _delete(estate, harmful=harmful)),
        (2, lambda estate: _move(estate, harmful=harmful)),
    ]
    weights, functions = zip(*deeds, strict=True)
    deed = estate.chance.choices(functions, weights)[0]
    if done := deed(estate):
        estate.log.append(done)


def _choose(estate: Estate, form: str = "", apart: set[str] | None = None) -> str | None:
    """Choose a file whose path matches."""
    paths = [p for p in estate.list_files() if re.search(form, p) and p not in (apart or set())]
    return estate.chance.choice(paths) if paths else None


def _add_lines(estate: Estate) -> str:
    paths = estate.list_files()
    chosen = estate.chance.sample(paths, min(len(paths), estate.chance.randint(1, 6)))
    return f"lines in {', '.join(path for path in chosen if add_line(estate, path))}"


def _add_lines_everywhere(estate: Estate) -> str:
    done = [path for path in estate.list_files() if add_line(estate, path)]
    return f"lines in all {len(done)} files"


def add_line(estate: Estate, path: str) -> bool:
    """Add a comment at any place where it is nothing but one; tell whether there was one."""
    text, chance = estate.read(path), estate.chance
    mark = f"kept-{estate.number()}"
    head, apart, tail = text.partition(RECORD) if path == FILE_NAME else (text, "", "")
    lines = head.split("\n")
    for _ in range(20):
        place = chance.randrange(len(lines))
        new = list(lines)
        form = _choose_comment(path, lines[place - 1] if place else "")
        if form is None:
            continue
        trailing = path.endswith((".py", ".toml", ".yml")) and chance.random() < 0.2
        if trailing and lines[place].strip():
            new[place] += f"  {form.format(mark)}"
        else:
            indent = re.match(r"[ \t]*", lines[place])
            space = indent[0] if indent and not path.endswith(".mako") else ""
            new.insert(place, space + form.format(mark))
        changed = "\n".join(new) + apart + tail
        if _means_the_same(path, text, changed):
            estate.write(path, changed)
            estate.marks.add(mark.encode())
            return True
    return False


def _choose_comment(path: str, above: str) -> str | None:
    """Give the form of a comment below a line, if there may be one."""
    inside = "textarea" in above or not above.rstrip().endswith((">", "%}", "#}"))
    suffix = path.rpartition(".")[2]
    if suffix in ("html", "svg"):
        plain = suffix == "svg" or "static/" in path
        return None if inside else ("<!-- {} -->" if plain else "{{# {} #}}")
    forms = {"md": "<!-- {} -->", "css": "/* {} */", "js": "// {}", "mako": "## {}", "sql": "-- {}"}
    if suffix in ("css", "js", "sql") and not above.rstrip().endswith((";", "}", "*/")):
        return None
    if suffix == "mako":
        return None if above else forms[suffix]
    return forms.get(suffix, "# {}")


def _means_the_same(path: str, before: str, after: str) -> bool:
    try:
        return _read_meaning(path, before) == _read_meaning(path, after)
    except (SyntaxError, ValueError, yaml.YAMLError, jinja2.TemplateError):
        return False


def _read_meaning(path: str, text: str) -> object:
    if path.endswith(".py"):
        script = re.findall(r"(?ms)^# /// script$.*?^# ///$", text)
        return ast.dump(ast.parse(text)), script
    if path.endswith(".toml"):
        return tomllib.loads(text)
    if path.endswith((".yml", ".yaml")):
        return yaml.safe_load(text)
    if path.endswith(".html"):
        jinja2.Environment(autoescape=True).parse(text)
    if path.endswith((".css", ".js")):
        outside = re.sub(r"(?s)/\*.*?\*/", "", text)
        return re.sub(r"(?m)^[ \t]*// kept.*\n|^[ \t]*\n", "", outside)
    return None


def _add_function(estate: Estate) -> str:
    path = _choose(estate, r"\.py$")
    if path is None or path.startswith(VERSIONS):
        return ""
    name = f"named_{estate.number()}"
    text = estate.read(path)
    estate.write(path, f'{text}\n\ndef {name}() -> str:\n    """Mine."""\n    return "mine"\n')
    estate.marks.add(name.encode())
    return f"a function in {path}"


def _rename_function(estate: Estate) -> str:
    path = _choose(estate, r"^(tests/.*test_|app/)\w+\.py$")
    if path is None:
        return ""
    text = estate.read(path)
    names = re.findall(r"(?m)^(?:async )?def (_\w+|test_\w+)\(", text)
    if not names:
        return ""
    old = estate.chance.choice(names)
    mark = f"named_{estate.number()}"
    estate.write(path, re.sub(rf"\b{old}\b", f"{old}_{mark}", text))
    estate.marks.add(mark.encode())
    return f"{old} renamed in {path}"


def _reformat(estate: Estate) -> str:
    paths = [p for p in estate.list_files() if p.endswith(".py") and not p.startswith(VERSIONS)]
    chosen = estate.chance.sample(paths, min(len(paths), estate.chance.choice([1, 1, 3, 100])))
    options = ["-q", "--isolated", "--no-cache", "--line-length", "72"]
    command = [str(RUFF), "format", *options, "--config", "format.quote-style='single'", *chosen]
    subprocess.run(command, cwd=estate.project, check=True)
    return f"{len(chosen)} files reformatted: {', '.join(chosen[:3])}"


def _convert(estate: Estate) -> str:
    path = _choose(estate, r"\.(py|md|html|toml|yml|css|js|sql)$|\.example$", estate.dos)
    if path is None:
        return ""
    text = estate.read(path)
    estate.dos.add(path)
    estate.write(path, text)
    return f"CRLF in {path}"


def _choose_apart(estate: Estate, *, harmful: bool) -> str | None:
    apart = {*estate.moved.values(), *estate.deleted, FILE_NAME, ".gitignore"}
    form = r"\.(py|md|html|css|js|yml)$" if harmful else f"^({HARMLESS.pattern})$"
    path = _choose(estate, form, apart)
    return None if path is None or path.startswith(VERSIONS) else path


def _delete(estate: Estate, *, harmful: bool) -> str:
    harmful = harmful and estate.chance.random() < 0.3
    path = _choose_apart(estate, harmful=harmful)
    if path is None or path in estate.dos:
        return ""
    data = (estate.project / path).read_bytes()
    estate.marks -= {*LINE.findall(data), *NAME.findall(data)}
    (estate.project / path).unlink()
    estate.deleted.add(path)
    estate.harmless &= bool(HARMLESS.fullmatch(path))
    return f"{path} deleted"


def _move(estate: Estate, *, harmful: bool) -> str:
    harmful = harmful and estate.chance.random() < 0.3
    path = _choose_apart(estate, harmful=harmful)
    if path is None or path in estate.dos or path.startswith(".github"):
        return ""
    folder, _, name = path.rpartition("/")
    new = "/".join(filter(None, [folder, estate.chance.choice(["mine", "more/deep"]), name]))
    (estate.project / new).parent.mkdir(parents=True, exist_ok=True)
    (estate.project / path).rename(estate.project / new)
    estate.moved[path] = new
    estate.harmless &= bool(HARMLESS.fullmatch(path))
    return f"{path} moved to {new}"
