"""The blueprint file of a project is written anew without losing what its owner wrote into it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from starlette_new.answers import write_answers
from starlette_new.blueprint import make_blueprint
from starlette_new.blueprint_file import Applied, BlueprintFile, write_file

OLD: dict[str, object] = {"name": "demo", "resources": ["task title:str", "tag name:str"]}
NEW = {**OLD, "resources": ["task title:str", "tag name:str", "note body:text"]}


@pytest.fixture
def file() -> BlueprintFile:
    """A file with comments and another form, as a person leaves it."""
    blueprint = make_blueprint(OLD)
    text = write_answers(blueprint, "0" * 64)
    text = text.replace("resources:\n", "# what we keep\nresources:\n", 1)
    text = text.replace("- tag name:str\n", '- "tag name:str"  # colors\n', 1)
    return BlueprintFile(text.encode(), OLD, blueprint, Applied("0.1.0", "0" * 64, OLD))


def write(file: BlueprintFile, answers: Mapping[str, object], templates: str = "1") -> str:
    blueprint = make_blueprint(answers)
    new = write_answers(blueprint, templates).encode()
    return write_file(file, answers, blueprint, new).decode()


def test_a_resource_more_leaves_the_rest_as_it_is(file: BlueprintFile) -> None:
    upper, lower = write(file, NEW).split("# What it was made from")

    assert upper == file.data.decode().split("# What it was made from")[0].replace(
        "# colors\n", "# colors\n- note body:text\n"
    )
    assert "note body:text" in lower
    assert "templates: '1'" in lower


@pytest.mark.parametrize(
    ("resources", "listed"),
    [
        (["tag name:str"], '- "tag name:str"  # colors\n'),
        (["task title:str"], "- task title:str\n"),
        (["task name:str", "tag name:str"], '- task name:str\n- "tag name:str"  # colors\n'),
        (["a b:int", "c d:int"], "- a b:int\n- c d:int\n"),
        (
            ["a b:int", "task title:str", "tag name:str"],
            '- a b:int\n- task title:str\n- "tag name:str"  # colors\n',
        ),
    ],
)
def test_each_entry_is_changed_where_it_stands(
    file: BlueprintFile, resources: list[str], listed: str
) -> None:
    written = write(file, {**OLD, "resources": resources})

    assert f"# what we keep\nresources:\n{listed}\n# What" in written.replace("# colors\n#", "#")
    assert "# colors" in written


def test_an_option_is_changed_or_added_where_it_stands(file: BlueprintFile) -> None:
    written = write(file, {**OLD, "ui": "none", "with_ci": "github", "with_skill": True})

    assert "\nui: none\n# what we keep\n" in written
    assert '"tag name:str"  # colors\nwith_ci: github\nwith_skill: true\n\n# What' in written


def test_the_last_resource_goes_and_comes_back() -> None:
    none: dict[str, object] = {"name": "demo", "with_db": "sqlite", "resources": []}
    one: dict[str, object] = {**none, "resources": [{"line": "task title:str", "label": "title"}]}
    plain = {
        key: write_answers(make_blueprint(key_answers), "1")
        for key, key_answers in {"none": none, "one": one}.items()
    }

    def make(text: str, answers: Mapping[str, object]) -> BlueprintFile:
        applied = Applied("0.1.0", "1", answers)
        return BlueprintFile(text.encode(), answers, make_blueprint(answers), applied)

    assert write(make(plain["none"], none), one) == plain["one"]
    assert write(make(plain["one"], one), none) == plain["none"]
    bare = {"name": "demo"}
    lower = plain["none"].partition("# What")[2]
    added = write(make(f"name: demo\n\n# What{lower}", bare), {**bare, "resources": ["a b:int"]})
    assert added.startswith("name: demo\nresources:\n- a b:int\n\n# What")


def test_what_its_owner_asked_for_stays_as_it_was_typed(file: BlueprintFile) -> None:
    upper, lower = write(file, OLD).split("# What it was made from")

    assert upper == file.data.decode().split("# What it was made from")[0]
    assert "templates: '1'" in lower


@pytest.mark.parametrize(
    "text",
    [
        "# what we keep\nname: demo\nresources: [task title:str,  # colors\n  tag name:str]\n",
        "{name: demo, # what we keep\n# colors\nresources: [task title:str, tag name:str]}\n",
        "resources: !!seq # what we keep\n- &a task title:str\n# colors\n- tag name:str\nname: x\n",
    ],
)
def test_what_is_in_another_form_is_written_anew_below_its_comments(
    file: BlueprintFile, text: str
) -> None:
    lower = file.data.decode().partition("# What")[2]
    other = replace(file, data=f"{text}# What{lower}".encode())

    written = write(other, NEW)

    assert written == f"# what we keep\n# colors\n{write_answers(make_blueprint(NEW), '1')}"


def test_an_entry_of_many_lines_is_changed_whole() -> None:
    entry = {"line": "task title:str", "sample": [{"title": "A"}, {"title": "B"}]}
    old = {"name": "demo", "resources": [entry, "tag name:str"]}
    text = write_answers(make_blueprint(old), "1").replace("- tag", "\n# of a task\n\n- tag", 1)
    file = BlueprintFile(text.encode(), old, make_blueprint(old), Applied("0.1.0", "1", old))
    changed = {**entry, "label": "title"}

    assert write(file, {**old, "resources": [changed, "tag name:str"]}) == (
        write_answers(make_blueprint({**old, "resources": [changed, "tag name:str"]}), "1")
    ).replace("- tag", "\n# of a task\n\n- tag", 1)
    assert "resources:\n\n# of a task\n\n- tag" in write(
        file, {**old, "resources": ["tag name:str"]}
    )


def test_the_line_ends_of_windows_stay(file: BlueprintFile) -> None:
    windows = replace(file, data=file.data.replace(b"\n", b"\r\n"))

    written = write(windows, NEW)

    assert written.count("\r\n") == written.count("\n")
    assert "note body:text" in written


def test_a_record_that_stands_elsewhere_is_put_below(file: BlueprintFile) -> None:
    upper, lower = file.data.decode().split("# What it was made from: the tool's own record. Leave")
    moved = replace(file, data=f"{lower.partition(chr(10))[2]}{upper}".encode())

    written = write(moved, OLD)

    assert written == f"# what we keep\n# colors\n{write_answers(file.blueprint, '1')}"
