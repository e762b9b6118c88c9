"""What a command asks of an existing project: its blueprint, with something added or taken out."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from starlette_new.blueprint import Blueprint
from starlette_new.entries import find_field, parse_entry
from starlette_new.errors import UsageProblem, show
from starlette_new.language import FIELD, WORD, Field, Resource, parse_resource
from starlette_new.names import check_word, pluralize, singularize
from starlette_new.questions import QUESTIONS
from starlette_new.refusals import suggest, wrong

Entry = object
"""A resource as it stands in the file: a line, or a mapping with one."""


@dataclass(frozen=True)
class Wish:
    """What a project is to become.

    title: what the command does, as it was typed. answers: that make it. resources: old names in
    the singular and the new ones. fields: a resource's new name and a field's old word, and its new
    one. dropped: "comment" and "task.notes" that were asked to go. there: sentences about what is
    as it was wished already. gone: what was to be removed and is not there, each with the word that
    a migration says if it ever was. known: the resources that are there.
    """

    title: str
    answers: Mapping[str, object]
    resources: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    dropped: Sequence[str] = ()
    there: Sequence[str] = ()
    gone: Sequence[tuple[str, str]] = ()
    known: Sequence[str] = ()


Answers = Mapping[str, object]
Make = Callable[[Answers, Blueprint], Wish]
"""Makes a wish of what the blueprint file says, as it was read and as a blueprint."""


def keep(title: str) -> Make:
    """Wish for what the file says."""
    return lambda answers, _: Wish(title, answers)


def add(lines: Sequence[str], options: Mapping[str, object]) -> Make:
    """Wish for more resources, and other answers to the questions."""

    def make(answers: Answers, blueprint: Blueprint) -> Wish:
        there, new = _divide([parse_resource(line) for line in lines], blueprint)
        flags = {question.key: question.flag for question in QUESTIONS}
        words = [f"{flags[key]} {str(value).lower()}" for key, value in options.items()]
        title = " ".join(["add", *(one.name for one in (*there, *new)), *words])
        listed = [*_list_entries(answers), *(one.line for one in new)]
        wished = {**answers, **options, **({"resources": listed} if listed else {})}
        return Wish(
            title, wished, there=[f"The resource {one.name} is there already." for one in there]
        )

    return make


def _divide(
    given: Sequence[Resource], blueprint: Blueprint
) -> tuple[list[Resource], list[Resource]]:
    there, new = [], []
    existing = {resource.name: resource for resource in blueprint.resources}
    for resource in given:
        known = existing.get(resource.name)
        if known is None:
            new.append(resource)
        elif parse_resource(known.line).fields == resource.fields:  # engines add indexes to them
            there.append(resource)
        else:
            raise wrong(
                f"The resource {show(resource.name)} is there already, with other fields.",
                "Change its line in .copier-answers.yml, and type: starlette-new apply",
            )
    return there, new


def remove(names: Sequence[str]) -> Make:
    """Wish for fewer resources, or for resources with fewer fields: comment, task.notes."""

    def make(answers: Answers, blueprint: Blueprint) -> Wish:
        entries = _list_entries(answers)
        dropped, there, gone = [], [], []
        for name in names:
            resource, field = _find(name, blueprint)
            last = name.partition(".")[2]
            if resource is None or (field is None and last):
                there.append(f"There is no {show(name)} any more.")
                gone.append((name, last or pluralize(singularize(check_word(name, "resource")))))
                continue
            dropped.append(f"{resource.name}.{field.word}" if field else resource.name)
            entries = [new for e in entries for new in _drop(e, resource, field)]
        _check_referred(dropped, entries)
        title = " ".join(["remove", *names])
        return Wish(
            title,
            {**answers, "resources": entries},
            dropped=dropped,
            there=there,
            gone=gone,
            known=_list_names(blueprint),
        )

    return make


def _check_referred(dropped: Sequence[str], entries: Sequence[Entry]) -> None:
    """Raise UsageProblem where what stays refers to what goes."""
    for resource in map(parse_entry, entries):
        for one in resource.fields:
            if one.target in dropped:
                raise wrong(
                    f"{resource.name}.{one.word} refers to {one.target}.",
                    f"Remove both: starlette-new remove {one.target} {resource.name}; or the "
                    f"field first: starlette-new remove {resource.name}.{one.word}",
                )


def _drop(entry: Entry, resource: Resource, field: Field | None) -> list[Entry]:
    parsed = parse_entry(entry)
    if parsed.name != resource.name:
        return [entry]
    if field is None:
        return []
    if len(parsed.fields) == 1:
        raise wrong(
            f"The field {show(field.word)} is the only one of {show(resource.name)}.",
            f"Remove the resource: starlette-new remove {resource.name}",
        )
    words = WORD.findall(parsed.line)
    line = " ".join(word for word in words if not _names(word, field))
    return [_with_line(entry, line, {}, without=field)]


def rename(old: str, new: str) -> Make:
    """Wish for another name of a resource (task), or of a field (task.title)."""

    def make(answers: Answers, blueprint: Blueprint) -> Wish:
        title = f"rename {old} {new}"
        resource, field = _find_known(old, blueprint)
        if field is not None:
            return _rename_field(title, answers, resource, field, new)
        return _rename_resource(title, answers, blueprint, resource, new)

    return make


def _rename_field(title: str, answers: Answers, resource: Resource, field: Field, new: str) -> Wish:
    before, _, last = new.rpartition(".")
    if before and singularize(check_word(before, "resource")) != resource.name:
        raise wrong(
            f"A field cannot move to another resource: {show(new)}.",
            f"Give its new name alone: starlette-new rename {resource.name}.{field.word} {last}",
        )
    name = check_word(last, "field")
    if any(name == other.word for other in resource.fields):
        raise wrong(f"{show(resource.name)} has a field {show(name)} already.", "Choose another.")
    entries = [
        _rename_in(entry, field, name) if parse_entry(entry).name == resource.name else entry
        for entry in _list_entries(answers)
    ]
    wished = {**answers, "resources": entries}
    return Wish(title, wished, fields={(resource.name, field.word): name})


def _rename_in(entry: Entry, field: Field, name: str) -> Entry:
    words = WORD.findall(parse_entry(entry).line)
    line = " ".join(_rename_word(word, name) if _names(word, field) else word for word in words)
    return _with_line(entry, line, {field.word: name, field.name: name})


def _rename_word(word: str, name: str) -> str:
    parts = _take_apart(word)
    rest = word[parts.end("type") :]
    given = check_word(parts["name"], "field")
    target = f"({given})" if parts["type"] == "ref" and not parts["words"] else ""
    return f"{name}:{parts['type']}{target}{rest}"


def _rename_resource(
    title: str, answers: Answers, blueprint: Blueprint, resource: Resource, new: str
) -> Wish:
    name = singularize(check_word(new, "resource"))
    if any(name == other.name for other in blueprint.resources):
        raise wrong(f"There is a resource {show(name)} already.", "Choose another name.")
    entries = [_retarget(entry, resource.name, name) for entry in _list_entries(answers)]
    wished = {**answers, "resources": entries}
    return Wish(title, wished, resources={resource.name: name})


def _retarget(entry: Entry, old: str, new: str) -> Entry:
    parsed = parse_entry(entry)
    first, *words = WORD.findall(parsed.line)
    head = new if parsed.name == old else first
    fields = [
        _point(word, new) if field.target == old else word
        for word, field in zip(words, parsed.fields, strict=True)
    ]
    return _with_line(entry, " ".join([head, *fields]), {})


def _point(word: str, target: str) -> str:
    parts = _take_apart(word)
    rest = word[parts.end("words") if parts["words"] else parts.end("type") :]
    return f"{parts['name']}:{parts['type']}({target}){rest}"


def _with_line(
    entry: Entry, line: str, renamed: Mapping[str, str], *, without: Field | None = None
) -> Entry:
    """Give an entry another line, and its other keys the names that are in it."""
    if not isinstance(entry, Mapping):
        return line
    gone = {without.name, without.word} if without else set()
    changed = {
        key: _rename_key(key, value, renamed, gone)
        for key, value in entry.items()
        if key in ("line", "sample") or str(value).removeprefix("-") not in gone
    }
    return {**changed, "line": line}


def _rename_key(key: object, value: object, renamed: Mapping[str, str], gone: set[str]) -> object:
    if key == "sample" and isinstance(value, list):
        return [
            {renamed.get(name, name): text for name, text in row.items() if name not in gone}
            for row in value
        ]
    if isinstance(value, str) and key != "line":
        sign = "-" if value.startswith("-") else ""
        name = value.removeprefix("-")
        return sign + renamed.get(name, name)
    return value


def _names(word: str, field: Field) -> bool:
    parts = FIELD.fullmatch(word)
    return parts is not None and check_word(parts["name"], "field") == field.word


def _list_entries(answers: Answers) -> list[Entry]:
    listed = answers.get("resources")
    return list(listed) if isinstance(listed, list) else []


def _take_apart(word: str) -> re.Match[str]:
    """Take a field of a line apart that was read before."""
    return cast("re.Match[str]", FIELD.fullmatch(word))


def _find(given: str, blueprint: Blueprint) -> tuple[Resource | None, Field | None]:
    """Find a resource, or one and its field."""
    if not re.fullmatch(r"[^.]+(\.[^.]+)?", given):
        raise UsageProblem(
            f"{show(given)} is neither a resource nor a field.", "Write task, or task.title."
        )
    before, _, last = given.partition(".")
    name = singularize(check_word(before, "resource"))
    resource = next((one for one in blueprint.resources if one.name == name), None)
    return resource, find_field(resource, check_word(last, "field")) if resource and last else None


def _find_known(given: str, blueprint: Blueprint) -> tuple[Resource, Field | None]:
    """Find a resource, or one and its field; raise UsageProblem where it is not there."""
    resource, field = _find(given, blueprint)
    last = given.partition(".")[2]
    if resource and (field or not last):
        return resource, field
    known = [f.word for f in resource.fields] if resource else _list_names(blueprint)
    raise wrong(
        f"There is no {'field' if resource else 'resource'} {show(given)}.",
        f"{suggest(last if resource else given, known)}There are {', '.join(known) or 'none'}.",
    )


def _list_names(blueprint: Blueprint) -> list[str]:
    return [resource.name for resource in blueprint.resources]
