"""Projects and changes of them, by chance: sensible ones, as people would type them."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edits import FILE_NAME, RECORD

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.blueprint_file import read_blueprint
from starlette_new.errors import Problem
from starlette_new.language import Resource

RESOURCES = (
    *["task", "label", "comment", "project", "customer", "order_line", "blog_post", "person"],
    *["box", "category", "news", "invoice"],
)
WORDS = (
    *["title", "notes", "size", "price", "code", "due", "starts", "mail", "address", "shade"],
    *["state", "done", "extra", "weight", "moment", "rank", "motto", "kind"],
)
TYPES = {
    "str": "none",
    "str(40)": "'two words'",
    "text": "nothing",
    "int": "7",
    "float": "1.5",
    "decimal(10,2)": "9.99",
    "bool": "false",
    "date": "2026-01-31",
    "datetime": "now",
    "time": "12:00",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "json": "{}",
    "email": "a@example.org",
    "url": "https://example.org/x",
    "color": "#1a2b3c",
    "enum(new,open,gone)": "open",
}
"""Each type, and a default for it."""
CHOICES = {
    "with_ci": ("github", "none"),
    "with_pre_commit": (True, False),
    "with_devcontainer": (True, False),
    "with_skill": (True, False),
    "ui": ("pages", "none"),
}


@dataclass(frozen=True)
class Typed:
    """A command as it is typed. expected: "changed", "nothing" or "loss". renamed: a resource's
    old and new name, where it gets another. is_loss_meant: the same again, with consent."""

    words: tuple[str, ...]
    expected: str = "changed"
    renamed: tuple[str, str] | None = None


def make_answers(chance: random.Random) -> dict[str, object]:
    """Make the blueprint of a project."""
    layout = chance.choices(["standard", "single"], [5, 1])[0]
    answers: dict[str, object] = {"name": "demo", "layout": layout}
    answers["with_db"] = chance.choices(["sqlite", "none"], [12, 1])[0]
    for key, choices in CHOICES.items():
        weights = [3, 1] if key == "ui" else [1, 7]
        answers[key] = chance.choices(choices, weights)[0]
    resources: list[str] = []
    names: list[str] = []
    if answers["with_db"] == "sqlite":
        for name in chance.sample(RESOURCES, chance.choices([0, 1, 2, 3], [1, 5, 4, 2])[0]):
            resources.append(make_line(chance, name, names, layout))
            names.append(name)
    answers["resources"] = [_make_entry(chance, line, layout) for line in resources]
    return answers


def _make_entry(chance: random.Random, line: str, layout: str) -> object:
    words = re.findall(r"(\w+):str\b", line)
    if layout == "single" or not words or chance.random() < 0.8:
        return line
    return {"line": line, "sort": f"-{words[0]}", "label": words[-1]}


def make_line(chance: random.Random, name: str, others: Sequence[str], layout: str) -> str:
    """Make a resource that may refer to others."""
    words = chance.sample(WORDS, chance.randint(1, 4))
    fields = [make_field(chance, word) for word in words]
    if others and chance.random() < 0.6:
        target = chance.choice(others)
        null = chance.choice(["", "?"])
        fields.append(chance.choice([f"{target}:ref{null}", f"owner:ref({target}){null}"]))
    if others and layout == "standard" and chance.random() < 0.3:
        fields.append(f"items:many({chance.choice(others)})")
    if chance.random() < 0.15:
        fields.append(f"parent:ref({name})?")
    return " ".join([name, *fields])


def make_field(chance: random.Random, word: str, *, filled: bool = False) -> str:
    """Make a field. filled: rows that are there already get a value."""
    kind = chance.choice(list(TYPES))
    null = "?" if chance.random() < 0.3 else ""
    plain = kind.partition("(")[0]
    default = ""
    if (filled and not null) or chance.random() < 0.2:
        default = f"={TYPES[kind]}"
    mark = ""
    if plain not in ("text", "json") and chance.random() < 0.15:
        mark = ":index"
    elif plain not in ("text", "json", "bool", "enum") and not default and chance.random() < 0.15:
        mark = ":unique"
    return f"{word}:{kind}{null}{mark}{default}"


def make_command(chance: random.Random, project: Path) -> Typed:
    """Make a command that suits a project as it is; `apply` comes with an edit of its file."""
    blueprint = read_blueprint(project)
    makers = [
        *[_add] * 4,
        *[_add_option] * 2,
        *[_remove] * 3,
        *[_remove_field] * 2,
        *[_rename] * 3,
        *[_rename_field] * 2,
        *[_update] * 1,
    ]
    typed = None
    while typed is None:
        if chance.random() < 0.2:
            typed = _apply(chance, project, blueprint)
        else:
            typed = chance.choice(makers)(chance, blueprint)
    return typed


def _list_names(blueprint: Blueprint) -> list[str]:
    return [resource.name for resource in blueprint.resources]


def make_new_line(chance: random.Random, blueprint: Blueprint) -> str:
    """Make a resource that the project does not have."""
    names = _list_names(blueprint)
    name = chance.choice([name for name in RESOURCES if name not in names])
    return make_line(chance, name, names, blueprint.layout)


def _add(chance: random.Random, blueprint: Blueprint) -> Typed:
    if blueprint.resources and chance.random() < 0.1:
        there = chance.choice(blueprint.resources)
        return Typed(("add", there.line), "nothing")
    more = () if blueprint.with_db == "sqlite" else ("--with-db", "sqlite")
    return Typed(("add", make_new_line(chance, blueprint), *more))


def _add_option(chance: random.Random, blueprint: Blueprint) -> Typed:
    key = chance.choice(list(CHOICES))
    now = getattr(blueprint, key)
    new = next(choice for choice in CHOICES[key] if choice != now)
    flag = key.replace("_", "-")
    if isinstance(new, bool):
        return Typed(("add", f"--{flag}" if new else f"--{flag.replace('with', 'without')}"))
    return Typed(("add", f"--{flag}", str(new)))


def _remove(chance: random.Random, blueprint: Blueprint) -> Typed | None:
    if not blueprint.resources:
        return None
    gone = chance.choice(blueprint.resources)
    words = [gone.name]
    for other in blueprint.resources:
        pointing = [field.word for field in other.fields if field.target == gone.name]
        if other is gone or not pointing:
            continue
        if len(pointing) == len(other.fields):
            return None
        words += [f"{other.name}.{word}" for word in pointing]
    return Typed(("remove", *words))


def _choose_field(chance: random.Random, blueprint: Blueprint) -> tuple[Resource, str] | None:
    found = [(r, f.word) for r in blueprint.resources for f in r.fields if len(r.fields) > 1]
    return chance.choice(found) if found else None


def _remove_field(chance: random.Random, blueprint: Blueprint) -> Typed | None:
    chosen = _choose_field(chance, blueprint)
    return Typed(("remove", f"{chosen[0].name}.{chosen[1]}")) if chosen else None


def _rename(chance: random.Random, blueprint: Blueprint) -> Typed | None:
    if not blueprint.resources:
        return None
    names = _list_names(blueprint)
    old = chance.choice(names)
    new = chance.choice([name for name in RESOURCES if name not in names])
    return Typed(("rename", old, new), renamed=(old, new))


def _rename_field(chance: random.Random, blueprint: Blueprint) -> Typed | None:
    chosen = _choose_field(chance, blueprint)
    if chosen is None:
        return None
    resource, word = chosen
    new = _choose_word(chance, resource)
    return Typed(("rename", f"{resource.name}.{word}", new))


def _choose_word(chance: random.Random, resource: Resource) -> str:
    taken = {name for field in resource.fields for name in (field.word, field.name)}
    return chance.choice([word for word in WORDS if word not in taken])


def _update(chance: random.Random, blueprint: Blueprint) -> Typed:
    return Typed(("update", "--check") if chance.random() < 0.3 else ("update",), "nothing")


def _apply(chance: random.Random, project: Path, blueprint: Blueprint) -> Typed | None:
    """Edit the upper part of the blueprint file, as a person would."""
    file = project / FILE_NAME
    data = file.read_bytes().decode()
    end = "\r\n" if "\r\n" in data else "\n"
    head, _, tail = data.replace("\r\n", "\n").partition(RECORD)
    edits = [_write_resource, _write_field, _write_option, _write_name, _drop_field]
    written = chance.choice(edits)(chance, head, blueprint)
    if written is None or not _is_sound(written[0]):
        return None
    file.write_bytes(f"{written[0]}{RECORD}{tail}".replace("\n", end).encode())
    return Typed(("apply",), written[1])


def _is_sound(head: str) -> bool:
    import yaml

    try:
        answers = yaml.safe_load(head)
        make_blueprint(answers)
    except (yaml.YAMLError, Problem):
        return False
    return isinstance(answers, Mapping)


Written = tuple[str, str] | None


def _write_resource(chance: random.Random, head: str, blueprint: Blueprint) -> Written:
    line = make_new_line(chance, blueprint).replace("'", "")
    if blueprint.with_db == "none" or "two words" in line or "#" in line or "{}" in line:
        return None
    if re.search(r"(?m)^resources: \[\]", head):
        return re.sub(r"(?m)^resources: \[\]", f"resources:\n- {line}", head), "changed"
    return re.sub(r"(?m)^resources:.*\n", rf"\g<0>- {line}\n", head), "changed"


def _write_field(chance: random.Random, head: str, blueprint: Blueprint) -> Written:
    if not blueprint.resources:
        return None
    resource = chance.choice(blueprint.resources)
    field = make_field(chance, _choose_word(chance, resource), filled=True)
    if re.search(r"['#{]|=now", field):
        return None
    if ":unique" in field and "?" not in field:
        return None
    form = rf"(?m)^(- (?:line: )?{resource.name}\b[^'\"#\n]*?)(?=[ \t]*(#.*)?$)"
    new = re.sub(form, rf"\g<1> {field}", head)
    return (new, "changed") if new != head else None


def _write_option(chance: random.Random, head: str, blueprint: Blueprint) -> Written:
    key = chance.choice(list(CHOICES))
    new = next(choice for choice in CHOICES[key] if choice != getattr(blueprint, key))
    value = str(new).lower()
    kept = re.sub(rf"(?m)^{key}: \w+", f"{key}: {value}", head)
    if kept == head:
        kept = re.sub(r"(?m)^layout:.*\n", rf"\g<0>{key}: {value}\n", head)
    return kept, "changed"


def _write_name(chance: random.Random, head: str, blueprint: Blueprint) -> Written:
    new = chance.choice([name for name in ("demo", "other", "Third-one") if name != blueprint.name])
    return re.sub(r"(?m)^name: \S+", f"name: {new}", head), "changed"


def _drop_field(chance: random.Random, head: str, blueprint: Blueprint) -> Written:
    """Take a field out of a line: `apply` cannot know that no rows are lost."""
    chosen = _choose_field(chance, blueprint)
    if chosen is None:
        return None
    resource, word = chosen
    form = rf"(?m)^(- (?:line: )?{resource.name}\b[^'\"#\n]*) {word}:[^\s'\"]+"
    new = re.sub(form, r"\g<1>", head)
    return (new, "loss") if new != head else None
