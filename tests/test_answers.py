"""The blueprint file: what is written is what is read, and nonsense is one sentence."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from starlette_new import __version__
from starlette_new.answers import LARGEST, complete_answers, read_answers, write_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.errors import UsageProblem
from starlette_new.questions import STARTER


def test_a_written_file_makes_the_same_blueprint() -> None:
    blueprint = make_blueprint({"name": "yes", "resources": [STARTER, "blog a:str='é: #x'"]})

    text = write_answers(blueprint, "abc")

    assert make_blueprint(read_answers(text.encode(), "it")) == blueprint


def test_an_entry_is_written_as_it_was_given() -> None:
    text = "é: 'x' # y\n\n\u2028😀"
    entries: list[Any] = [
        {
            "sample": [{"a": text}, {"a": "true", "tags": ["1"]}],
            "line": " task a:text tags:many(tag)",
        },
        {"line": "tag name:str", "sample": [{"name": "1"}]},
        {"line": "tag2 n:int s:enum(x,y)", "label": "n", "board": "s", "sort": "-s", "sample": []},
    ]
    blueprint = make_blueprint({"name": "demo", "resources": [*entries, " note a:str "]})

    answers = read_answers(write_answers(blueprint, "abc").encode(), "it")

    assert answers["resources"] == [*entries, "note a:str"]
    assert make_blueprint(answers) == blueprint


@pytest.mark.parametrize(
    "text",
    [
        *["\n", "\n\n", "a\n", "a\n\n\n", "\na", "\n\n  a", " a\n b", "  a\n\n b\n ", "a \nb"],
        *["a\tb\n\tc", "# a\n# b", "---\na", "a\n...\nb", "a\n...\n", "a\r\nb", "\ufeffa\nb"],
        *["a\u2028b\nc", "é\n😀", "a: b\n- c", "\x85\n", " \n ", "\t\n", "%a\n%b"],
    ],
)
def test_a_text_of_several_lines_is_kept_as_it_is(text: str) -> None:
    entry = {"line": "post body:text", "sample": [{"body": text}]}
    blueprint = make_blueprint({"name": "demo", "resources": [entry]})

    answers = read_answers(write_answers(blueprint, "abc").encode(), "it")

    assert answers["resources"] == [entry]


def test_a_text_of_several_lines_is_easy_to_read() -> None:
    entry = {"line": "post body:text", "sample": [{"body": "One.\n\nTwo: three."}]}
    blueprint = make_blueprint({"name": "demo", "resources": [entry]})

    assert "  - body: |-\n      One.\n\n      Two: three.\n" in write_answers(blueprint, "abc")


def test_a_written_file_ends_with_the_record_of_what_was_applied() -> None:
    blueprint = make_blueprint({"name": "demo", "resources": [STARTER]})

    values = yaml.safe_load(write_answers(blueprint, "abc"))

    assert list(values) == ["name", "layout", "with_db", "ui", "resources", "_applied", "_commit"]
    assert values["_commit"] == f"v{__version__}"
    assert values["_applied"]["templates"] == "abc"
    assert values["_applied"]["answers"] == {k: v for k, v in values.items() if k[0] != "_"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "holds no answers"),
        (b"- a\n- b\n", "holds no answers"),
        (b"{}", "holds no answers"),
        (b"just text", "holds no answers"),
        (b"name: [", "cannot be read"),
        (b"name: \xff", "cannot be read"),
        (b"name: \x00", "cannot be read"),
        (b"? [a, b]\n: c", "cannot be read"),
        (b"[" * 20_000, "too deep"),
        (b"a: &x 1\nb: *x", "has aliases"),
        (b"#" * (LARGEST + 1), "larger than 1 MB"),
    ],
    ids=range(11),
)
def test_a_file_that_is_no_blueprint_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageProblem, match=f"The blueprint in it .*{why}|in it {why}"):
        read_answers(data, "it")


def test_whatever_a_file_says_is_read_as_text() -> None:
    answers = read_answers(b"a: !!python/object/apply:os.system [ls]\nb: 2001-99-99", "it")

    assert answers == {"a": ["ls"], "b": "2001-99-99"}


def test_a_closed_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)

    with pytest.raises(UsageProblem, match="it is closed"):
        complete_answers({}, "-", None)


@pytest.mark.parametrize(
    ("given", "starter", "resources"),
    [
        ({}, None, [STARTER]),
        ({}, True, [STARTER]),
        ({}, False, []),
        ({"with_db": "none"}, None, []),
        ({"with_db": "none"}, True, [STARTER]),
        ({"resources": ["a b:str"]}, None, ["a b:str"]),
        ({"resources": ["a b:str"]}, True, [STARTER, "a b:str"]),
    ],
)
def test_the_starter_stands_in_for_what_nobody_named(
    given: dict[str, Any], starter: bool | None, resources: list[str]
) -> None:
    assert complete_answers(given, None, starter)["resources"] == resources


@pytest.mark.parametrize(
    ("text", "given", "starter", "resources"),
    [
        ("name: x", {}, None, []),
        ("name: x", {}, True, [STARTER]),
        ("resources: [a b:str]", {}, None, ["a b:str"]),
        ("resources: [a b:str]", {"resources": ["c d:str"]}, None, ["a b:str", "c d:str"]),
        ("resources: a b:str", {}, None, "a b:str"),
        ("resources:\nname: x", {}, None, []),
    ],
)
def test_a_file_is_joined_with_what_was_typed(
    folder: Path, text: str, given: dict[str, Any], starter: bool | None, resources: object
) -> None:
    file = folder / "blueprint.yml"
    file.write_text(text)

    answers = complete_answers(given, str(file), starter)

    assert answers["resources"] == resources


def test_what_was_typed_wins_over_the_file(folder: Path) -> None:
    file = folder / "blueprint.yml"
    file.write_text("name: file\nlayout: single\n_commit: v0\n")

    answers = complete_answers({"name": "typed"}, str(file), None)

    assert answers == {"name": "typed", "layout": "single", "resources": []}


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"name: piped")))

    assert complete_answers({}, "-", None)["name"] == "piped"


@pytest.mark.parametrize("file", ["missing.yml", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_refused(file: str) -> None:
    with pytest.raises(UsageProblem, match="cannot be read") as caught:
        complete_answers({}, file, None)

    assert caught.value.field == "answers"


@pytest.mark.parametrize(
    "text",
    ["ui: none\nname: a\nui: pages\n", "name: a\nresources:\n- {line: a b:int, line: c d:int}\n"],
)
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match=r'has "(ui|line)" twice'):
        read_answers(text.encode(), "a.yml")
