"""The blueprint file of a project that exists: read whole, and written anew with its comments."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from starlette_new import __version__
from starlette_new.answers import FILE_NAME, RECORD, list_answers, read_answers, read_record
from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.errors import TargetProblem, UsageProblem, show
from starlette_new.yaml_edits import edit

_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,5}((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?")


@dataclass(frozen=True)
class Applied:
    """What a project was made from last.

    version: of starlette-new; templates: their SHA-256; answers: to the questions of then.
    owner: of a project that was adopted, paths of ours that are its owner's alone; is_placed:
    whether files of ours are in it yet.
    """

    version: str
    templates: str
    answers: Mapping[str, object]
    owner: tuple[str, ...] = ()
    is_placed: bool = True


@dataclass(frozen=True)
class BlueprintFile:
    """The blueprint file of a project: its bytes, the answers that its owner wants, as read and as
    a blueprint, and what was applied last."""

    data: bytes
    answers: Mapping[str, object]
    blueprint: Blueprint
    applied: Applied


def read_blueprint(project: Path) -> Blueprint:
    """Read what the owner of a project wants; raise TargetProblem."""
    return _make_blueprint(_read_answers(_read_bytes(project)))


def read_blueprint_file(project: Path) -> BlueprintFile:
    """Read all of a project's blueprint file; raise TargetProblem."""
    data = _read_bytes(project)
    answers = _read_answers(data)
    return BlueprintFile(data, answers, _make_blueprint(answers), _read_applied(data))


def read_applied(project: Path) -> Applied:
    """Read what a project was made from last; raise TargetProblem."""
    return _read_applied(_read_bytes(project))


def _read_bytes(project: Path) -> bytes:
    try:
        return (project / FILE_NAME).read_bytes()
    except OSError:
        raise TargetProblem(
            f"The folder {show(project)} holds no project of starlette-new.",
            f"Go to the folder with the file {FILE_NAME}.",
        ) from None


def _read_answers(data: bytes) -> dict[str, object]:
    try:
        return read_answers(data, FILE_NAME)
    except UsageProblem as problem:
        raise TargetProblem(problem.message, f"Mend {FILE_NAME}: {problem.hint}") from None


def _make_blueprint(answers: Mapping[str, object]) -> Blueprint:
    try:
        return make_blueprint(answers)
    except UsageProblem as problem:
        raise TargetProblem(problem.message, f"Mend {FILE_NAME}: {problem.hint}") from None


def _read_applied(data: bytes) -> Applied:
    record, commit = read_record(data)
    match record:
        case {
            "version": str(version),
            "templates": str(templates),
            "answers": dict(answers),
            **more,
        }:
            owner = more.get("owner", [])
            if _VERSION.fullmatch(version) and isinstance(owner, list):
                is_placed = more.get("placed") != "false"
                return Applied(version, templates, answers, tuple(map(str, owner)), is_placed)
    made = str(commit or "").removeprefix("v")
    if _VERSION.fullmatch(made):
        check_not_newer(made)
    raise TargetProblem(
        f"The record below the blueprint in {FILE_NAME}, _applied, is missing or damaged.",
        "Take it back from Git, or from a copy: without it nobody knows what you changed.",
    )


def check_not_newer(version: str) -> None:
    """Raise TargetProblem if a project's version is newer than this program's."""
    if Version(version) > Version(__version__):
        raise TargetProblem(
            f"The project was made by starlette-new {version}, and this is {__version__}.",
            "Install that version or a newer one: there is no way back.",
        )


def write_file(
    file: BlueprintFile, answers: Mapping[str, object], blueprint: Blueprint, new: bytes
) -> bytes:
    """Write a blueprint file anew, so that nothing is lost that its owner wrote into it.

    new: the file of a project that is made from these answers at once.
    """
    ending = b"\r\n" if b"\r\n" in file.data else b"\n"
    old = file.data.replace(b"\r\n", b"\n")
    upper, _ = _split(old)
    _, new_lower = _split(new)
    edited = edit(upper.decode(), file.answers, answers)
    written = (edited or "").encode() + new_lower
    if not _says(written, blueprint):
        written = new
    return _keep_comments(old, written).replace(b"\n", ending)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Divide a file into the blueprint and the record below it."""
    found = re.search(rb"^(?:%b)?_applied:" % re.escape(RECORD.encode()), data, re.M)
    return (data[: found.start()], data[found.start() :]) if found else (data, b"")


def _says(data: bytes, blueprint: Blueprint) -> bool:
    try:
        read = make_blueprint(read_answers(data, FILE_NAME))
    except UsageProblem:
        return False
    return list_answers(read) == list_answers(blueprint)


def _keep_comments(old: bytes, new: bytes) -> bytes:
    """Put the comments of the old file that are lost on top of the new one."""
    known = new.splitlines()
    comments = re.findall(rb"(?:^|[ \t])(#.*)$", old, re.M)
    lost = [comment for comment in comments if not any(comment in line for line in known)]
    return b"".join(line + b"\n" for line in lost) + new
