"""What `--template` and `--data` name."""

from pathlib import Path

import pytest

from starlette_new.errors import SurroundingsProblem, UsageProblem
from starlette_new.sources import check_alone, find_source, hide_password, read_data


@pytest.mark.parametrize("given", ["mine", "./mine", "other/../mine", "~/mine"])
def test_a_path_that_exists_is_made_absolute(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    (folder / "mine").mkdir()

    assert find_source(given, offline=True) == str(folder / "mine")


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ("gh:ada/app", "gh:ada/app"),
        ("gl:ada/app", "gl:ada/app"),
        ("git@example.com:ada/app", "git@example.com:ada/app"),
        ("ada@example.com:app", "git+ada@example.com:app"),
        ("https://github.com/ada/app", "https://github.com/ada/app"),
        ("https://example.com/ada/app", "git+https://example.com/ada/app"),
        ("https://example.com/app.git", "https://example.com/app.git"),
        ("ssh://example.com/app", "git+ssh://example.com/app"),
        ("git+https://example.com/app", "git+https://example.com/app"),
        ("host:app.git", "host:app.git"),
    ],
)
def test_an_address_is_given_as_copier_takes_it(given: str, source: str) -> None:
    assert find_source(given, offline=False) == source


@pytest.mark.parametrize("given", ["", "missing", "a/b", "a\0b", "a" * 999, "~nobody", "http:"])
def test_what_is_neither_is_no_template(given: str) -> None:
    with pytest.raises(UsageProblem, match="There is no template") as caught:
        find_source(given, offline=False)

    assert caught.value.field == "template"
    assert caught.value.hint == "Give a folder or an address of Git."


def test_an_address_needs_the_network() -> None:
    with pytest.raises(UsageProblem, match="--offline and the address"):
        find_source("gh:ada/app", offline=True)

    assert find_source("file:///app", offline=True) == "git+file:///app"


def test_an_address_needs_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SurroundingsProblem, match="There is no git here"):
        find_source("gh:ada/app", offline=False)


def test_answers_are_read_up_to_the_first_equals_sign() -> None:
    assert read_data(["a=1", "b=", "c=x=y"]) == {"a": "1", "b": "", "c": "x=y"}


@pytest.mark.parametrize(
    ("pairs", "why"),
    [(["a"], 'cannot be "a"'), (["=a"], 'cannot be "=a"'), (["a=1", "a=2"], "a is given twice")],
)
def test_an_answer_is_a_key_and_a_value_given_once(pairs: list[str], why: str) -> None:
    with pytest.raises(UsageProblem, match=why) as caught:
        read_data(pairs)

    assert caught.value.field == "data"


def test_a_template_goes_with_none_of_our_questions() -> None:
    check_alone("mine", {"--layout": None}, ["--data", "--trust"])
    check_alone(None, {"--layout": "single"}, [])

    with pytest.raises(UsageProblem, match="--template and --starter exclude each other"):
        check_alone("mine", {"--layout": None, "--starter": False}, [])
    with pytest.raises(UsageProblem, match="--trust needs --template") as caught:
        check_alone(None, {}, ["--trust"])
    assert caught.value.field == "trust"


def test_who_logs_in_is_not_shown() -> None:
    assert hide_password("git+https://ada:secret@example.com/a") == "git+https://example.com/a"
    assert hide_password("git@example.com:ada/app") == "git@example.com:ada/app"
