"""The applications in a project that is not ours: found by reading its code, which never runs."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starlette_new.ignored import Ignored, list_files

_NAMES = ("app", "application")
_APART = ("tests", "test", "site-packages", "docs", "examples")
"""Folders whose applications nobody serves."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Application:
    """A place where `Starlette(...)` is called.

    path: of the file, with slashes; line: of the call. name: the variable it becomes, or nothing;
    function: the factory around it, or nothing. last: the line of the last statement there that
    prepares it; margin: the blanks before it.
    """

    path: str
    line: int
    name: str
    function: str
    last: int
    margin: str

    @property
    def where(self) -> str:
        """Name the place for a person."""
        what = f"{self.function}()" if self.function else self.name
        return f"{self.path}, line {self.line}{f' ({what})' if what else ''}"


def find_applications(project: Path) -> list[Application]:
    """Find the applications of a project, the likeliest to be served first."""
    found = [one for path in list_sources(project) for one in _read(project, path)]
    return sorted(found, key=_rank)


def list_sources(project: Path) -> Iterator[str]:
    """List the Python files of a project that are neither ignored nor tests."""
    for path in list_files(project, Ignored(project)):
        parts = PurePosixPath(path)
        if parts.suffix == ".py" and not _is_apart(parts):
            yield path


def _is_apart(path: PurePosixPath) -> bool:
    is_test = path.name.startswith("test_") or path.name == "conftest.py"
    return is_test or any(part in _APART for part in path.parts[:-1])


def _rank(one: Application) -> tuple[bool, bool, int, str, int]:
    return one.name not in _NAMES, not (one.name or one.function), one.path.count("/"), *_at(one)


def _at(one: Application) -> tuple[str, int]:
    return one.path, one.line


def _read(project: Path, path: str) -> Iterator[Application]:
    tree = parse(project / path)
    called = _list_calls(tree)
    if called:
        yield from _search(path, tree.body, "", called)


def parse(file: Path) -> ast.Module:
    """Parse a file of Python; one that cannot be read is taken for an empty one."""
    try:
        return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _list_calls(tree: ast.Module) -> set[str]:
    """List what a file may write for the class Starlette."""
    called = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "starlette.applications":
            called |= {one.asname or one.name for one in node.names if one.name == "Starlette"}
        elif isinstance(node, ast.ImportFrom) and node.module == "starlette":
            named = [one.asname or one.name for one in node.names if one.name == "applications"]
            called |= {f"{name}.Starlette" for name in named}
        elif isinstance(node, ast.Import):
            called |= {
                f"{one.asname or one.name}.Starlette"
                for one in node.names
                if one.name == "starlette.applications"
            }
    return called


def _search(
    path: str, body: Sequence[ast.stmt], function: str, called: set[str]
) -> Iterator[Application]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _search(path, node.body, node.name, called)
        elif call := _find_call(node, called):
            name = _read_name(node, call)
            last = _find_last(node, body[body.index(node) + 1 :], name)
            yield Application(path, call.lineno, name, function, last, " " * node.col_offset)


def _find_call(node: ast.stmt, called: set[str]) -> ast.Call | None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and ast.unparse(inner.func) in called:
            return inner
    return None


def _read_name(node: ast.stmt, call: ast.Call) -> str:
    """Read the variable that a call becomes as it is; nothing where it is wrapped first."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is call:
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is call:
            return name
    return ""


def _find_last(node: ast.stmt, rest: Sequence[ast.stmt], name: str) -> int:
    """Find the line after which an application is as it will be served."""
    last = _end(node)
    for one in rest:
        if _uses_up(one, name):
            break
        if not isinstance(one, _DEFINITIONS) and _is_about(one, name):
            last = _end(one)
    return last


def _uses_up(node: ast.stmt, name: str) -> bool:
    """Tell whether a statement returns, wraps or runs an application."""
    match node:
        case ast.Return():
            return True
        case ast.Assign(targets=[ast.Name(id=target)]):
            return target == name
        case ast.If(test=test):
            return _is_about(test, "__name__")
    return ast.unparse(node).startswith("uvicorn.run(")


def _is_about(node: ast.AST, name: str) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
