"""The blueprint as a file: `.copier-answers.yml`, written short, meant to be edited."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from starlette_new import __version__
from starlette_new.blueprint import Blueprint
from starlette_new.errors import UsageProblem, show
from starlette_new.questions import STARTER

FILE_NAME = ".copier-answers.yml"
LARGEST = 1_000_000
"""Bytes. A larger file is no blueprint."""
DEEPEST = 10
"""Levels of lists and mappings within one another. A deeper file is no blueprint."""


def read_answers(data: bytes, source: str) -> dict[str, object]:
    """Read a blueprint file's upper part: the keys that do not begin with _; raise UsageProblem."""
    values = _read(data, source)
    return {key: value for key, value in values.items() if not key.startswith("_")}


def read_record(data: bytes) -> tuple[object, object]:
    """Read a blueprint file's lower part: what was applied, and the commit that Copier reads."""
    values = _read(data, FILE_NAME)
    return values.get("_applied"), values.get("_commit")


def _read(data: bytes, source: str) -> dict[str, object]:
    import yaml

    hint = "It must be YAML in UTF-8, with keys like name, layout, with_db and resources."
    if len(data) > LARGEST:
        raise UsageProblem(f"The blueprint in {source} is larger than 1 MB.", hint)
    try:
        depth = 0
        for event in yaml.parse(data.decode()):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
                raise UsageProblem(f"The blueprint in {source} has aliases or is too deep.", hint)
        values = yaml.load(data.decode(), yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError):
        raise UsageProblem(f"The blueprint in {source} cannot be read.", hint) from None
    _check_keys(yaml.compose(data.decode(), yaml.BaseLoader), source)
    if not isinstance(values, dict) or not values:
        raise UsageProblem(f"The blueprint in {source} holds no answers.", hint)
    return {str(key): value for key, value in values.items()}


def _check_keys(node: Any, source: str) -> None:
    """Raise UsageProblem where a mapping has a key twice: YAML's readers would take the last."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                raise UsageProblem(
                    f"The blueprint in {source} has {show(key)} twice.", "Leave one of them out."
                )
        for _, value in node.value:
            _check_keys(value, source)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _check_keys(value, source)


def complete_answers(
    given: Mapping[str, Any], file: str | None, starter: bool | None
) -> dict[str, object]:
    """Join what was typed with a blueprint file, or with the starter; what was typed wins.

    file: a path, or - for standard input. starter: None where nobody said.
    """
    answers = _read_file(file) if file is not None else {}
    if starter is None:
        starter = file is None and "resources" not in given and given.get("with_db") != "none"
    listed = answers.get("resources") or []
    answers |= given
    if not isinstance(listed, list):
        return answers | {"resources": listed}  # make_blueprint says what is wrong with it
    typed = given.get("resources") or []
    return answers | {"resources": [*([STARTER] if starter else []), *listed, *typed]}


def _read_file(file: str) -> dict[str, object]:
    try:
        if file == "-":
            if sys.stdin is None:
                raise OSError("it is closed")
            return read_answers(sys.stdin.buffer.read(LARGEST + 1), "standard input")
        with open(file, "rb") as stream:
            return read_answers(stream.read(LARGEST + 1), show(file))
    except (OSError, ValueError) as error:
        raise UsageProblem(
            f"The blueprint {show(file)} cannot be read: {error}.",
            "Give a file, or - for standard input.",
            field="answers",
        ) from None


def write_answers(blueprint: Blueprint, templates: str) -> str:
    """Write a blueprint file; `templates` is the SHA-256 of the templates it is rendered from."""
    answers = {
        key: answer
        for key, answer in list_answers(blueprint).items()
        if not (key in _EXTRAS and answer in (False, "none"))
    }
    applied = {"version": __version__, "templates": templates, "answers": answers}
    lower = dump({"_applied": applied, "_commit": f"v{__version__}"})
    return f"{_INTRODUCTION}{dump(answers)}\n{RECORD}{lower}"


def dump(values: object) -> str:
    """Write YAML in which a plain text of several lines stands as it is."""
    import yaml

    class Dumper(yaml.SafeDumper):
        def represent_text(self, text: str) -> yaml.ScalarNode:
            return self.represent_scalar("tag:yaml.org,2002:str", text, _choose_style(text))

    Dumper.add_representer(str, Dumper.represent_text)
    return yaml.dump(values, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=1000)


def _choose_style(text: str) -> str | None:
    """Choose how a text is written; PyYAML loses some characters outside of double quotes."""
    lines = text.split("\n")
    if not all(map(str.isprintable, lines)):
        return '"'
    return "|" if len(lines) > 1 and text == text.strip() else None


def list_answers(blueprint: Blueprint) -> Mapping[str, object]:
    """Give the answers that make this blueprint."""
    return {
        "name": blueprint.name,
        "layout": blueprint.layout,
        "with_db": blueprint.with_db,
        "ui": blueprint.ui,
        "with_jobs": blueprint.with_jobs,
        "with_telemetry": blueprint.with_telemetry,
        "with_ci": blueprint.with_ci,
        "with_pre_commit": blueprint.with_pre_commit,
        "with_devcontainer": blueprint.with_devcontainer,
        "with_docker": blueprint.with_docker,
        "with_skill": blueprint.with_skill,
        "resources": [json.loads(r.entry) if r.entry else r.line for r in blueprint.resources],
    }


_EXTRAS = (
    "with_jobs",
    "with_telemetry",
    "with_ci",
    "with_pre_commit",
    "with_devcontainer",
    "with_docker",
    "with_skill",
)
"""What a file is silent about where it was not asked for."""
_INTRODUCTION = "# The blueprint of this project, as starlette-new was asked for it.\n"
RECORD = "# What it was made from: the tool's own record. Leave it as it is.\n"
