"""Samples: rows to begin with, checked before anything is made of them."""

import ast
from collections.abc import Mapping, Sequence

import pytest

from starlette_new.entries import parse_entry
from starlette_new.errors import UsageProblem
from starlette_new.samples import read_samples

Rows = Sequence[Mapping[str, object]]

PROJECTS: Rows = [{"name": "Garden"}, {"name": "House", "code": "h"}]
WHOLE: dict[str, object] = {"title": "Dig", "project": "1"}
LABELS: Rows = [{"name": "urgent"}, {"name": "later"}]
LINE = (
    "task title:str notes:text? due:date?=today done:bool=false code:str?:unique=x meta:json? "
    "project:ref parent:ref(task)? labels:many(label)"
)


def read(tasks: Rows, projects: Rows = PROJECTS) -> list[dict[str, object]]:
    entries = [
        {"line": LINE, "sample": tasks},
        {"line": "project name:str code:str?:unique", "sample": projects},
        {"line": "label name:str", "sample": LABELS},
    ]
    (task, *_) = read_samples([parse_entry(entry) for entry in entries])
    return [{name: ast.literal_eval(value) for name, value in row} for row in task.sample]


def test_a_resource_without_a_sample_has_no_rows() -> None:
    (resource,) = read_samples([parse_entry("task title:str")])

    assert resource.sample == ()


def test_values_are_read_as_their_types_and_kept_in_the_order_of_fields() -> None:
    row = {
        "project": "1",
        "done": "true",
        "notes": "Two lines,\nof more than sixty characters, as only samples may have them.",
        "title": "Dig",
        "meta": '{"a": [1, null]}',
    }

    (found,) = read([row])

    assert list(found) == ["title", "notes", "done", "meta", "project_id"]
    assert found["meta"] == {"a": [1, None]}
    assert (found["done"], found["project_id"]) == (True, 1)
    assert found["notes"] == row["notes"]


LONG = {
    "words": "Some words. " * 20,
    "no blank": "x" * 500,
    "paragraphs": ("a b " * 30 + "\n\n") * 3 + "\n" * 40,
    "blanks": " " * 500,
    "quotes": '"It\'s" \\ ' * 30,
    "other letters": "это 犬 \U0001f600 " * 30,
    "other ends of lines": "a\r\n\tb\u2028" * 30,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_text_is_broken_into_pieces_that_fit_onto_lines(text: str) -> None:
    entry = {"line": "note body:text", "sample": [{"body": text}]}

    (resource,) = read_samples([parse_entry(entry)])

    ((_, source),) = resource.sample[0]
    assert ast.literal_eval(source) == text
    assert all(len(piece) <= 100 - len("            ") for piece in source.split('" "'))


def test_a_text_is_broken_after_blanks_and_lines() -> None:
    body = "One two three four five six seven eight. " * 2 + "\n\nNine."
    entry = {"line": "note body:text", "sample": [{"body": body}, {"body": "Short."}]}

    (resource,) = read_samples([parse_entry(entry)])

    (((_, long),), ((_, short),)) = resource.sample
    assert long == (
        '("One two three four five six seven eight. One two three four five six " '
        '"seven eight. \\n\\n" "Nine.")'
    )
    assert short == '"Short."'


@pytest.mark.parametrize("given", ["2", "House"])
@pytest.mark.parametrize("name", ["project", "project_id"])
def test_a_reference_is_a_number_or_a_label(name: str, given: str) -> None:
    (row,) = read([{"title": "Dig", name: given}])

    assert row["project_id"] == 2


def test_rows_may_refer_to_rows_of_the_same_sample() -> None:
    rows = read(
        [
            {"title": "Dig", "project": "1", "parent": "Plant", "code": "a"},
            {"title": "Plant", "project": "1", "parent": "1"},
        ]
    )

    assert [row["parent_id"] for row in rows] == [2, 1]


@pytest.mark.parametrize(
    ("given", "ids"),
    [([], []), (["2", "1"], [1, 2]), (["later"], [2]), (["later", "urgent"], [1, 2])],
)
def test_a_list_of_references_is_a_list_of_rows(given: list[str], ids: list[int]) -> None:
    (row,) = read([{"title": "Dig", "project": "1", "labels": given}])

    assert row["label_ids"] == ids


def test_a_number_beyond_the_sample_may_be_a_label() -> None:
    (row,) = read([{"title": "Dig", "project": "1984"}], [{"name": "x"}, {"name": "1984"}])

    assert row["project_id"] == 2


def test_a_label_may_be_a_default_and_of_any_type() -> None:
    team = {"line": "team size:int=7", "label": "size", "sample": [{"size": "3"}, {}]}
    plain = {"line": "plain n:int", "sample": [{"n": "1"}]}
    lines = "game team:ref plain:ref?"

    (game, *_) = read_samples(
        [
            parse_entry({"line": lines, "sample": [{"team": "7", "plain": "1"}, {"team": "03"}]}),
            parse_entry(team),
            parse_entry(plain),
        ]
    )

    assert game.sample == ((("team_id", "2"), ("plain_id", "1")), (("team_id", "1"),))


def test_null_may_be_there_twice_where_values_are_unique() -> None:
    resource = parse_entry({"line": "a b:str c:str?:unique", "sample": [{"b": "1"}, {"b": "2"}]})

    assert len(read_samples([resource])[0].sample) == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({}, 'Row 2 of the sample of "task" has no title. Give each required field a value.'),
        ({"title": "x"}, "has no project_id"),
        (
            WHOLE | {"titel": "x"},
            'a field that is not known: "titel". Did you mean title? The fields are',
        ),
        (WHOLE | {"project": "1", "project_id": "1"}, 'has twice: "project_id"'),
        (
            WHOLE | {"title": ""},
            'a title that its type does not allow: "". Give a text of 1 to 200',
        ),
        (WHOLE | {"title": "a\0"}, "Give a text of 1 to 200"),
        (WHOLE | {"title": ["a"]}, "Give one text"),
        (WHOLE | {"done": "yes"}, "Give true or false"),
        (WHOLE | {"due": "today"}, "Give a value that does not change with the clock"),
        (WHOLE | {"due": "2026-02-30"}, "Give today, or a date"),
        (WHOLE | {"meta": "null"}, "Give JSON"),
        (
            WHOLE | {"project": "0"},
            'refers with project_id to "0", which is no row of the sample of "proj',
        ),
        (WHOLE | {"project": "4"}, "Give the number of a row, 1 for the first, or its name."),
        (WHOLE | {"project": "Attic"}, 'to "Attic", which is no row'),
        (WHOLE | {"project": "\ud800"}, "which is no row"),
        (WHOLE | {"project": ["1"]}, "Give one row, as 1."),
        (WHOLE | {"labels": "1"}, "Give a list of rows, as [1, 2]."),
        (WHOLE | {"labels": ["1", "urgent"]}, "has the same row twice in label_ids"),
        (WHOLE | {"labels": ["3"]}, 'no row of the sample of "label"'),
    ],
)
def test_a_row_that_cannot_be_is_refused(row: dict[str, object], why: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        read([WHOLE | {"code": "y"}, row])

    assert why in str(caught.value)


def test_a_label_of_two_rows_names_neither() -> None:
    with pytest.raises(UsageProblem, match='"x", which is more than one row'):
        read([{"title": "Dig", "project": "x"}], [{"name": "x"}, {"name": "x"}])


def test_a_reference_needs_a_sample_of_its_target() -> None:
    with pytest.raises(UsageProblem, match='Give "project" a sample as well'):
        read([{"title": "Dig", "project": "1"}], [])


def test_rows_without_a_label_are_named_by_their_number_alone() -> None:
    game = parse_entry({"line": "game team:ref", "sample": [{"team": "x"}]})
    team = parse_entry({"line": "team size:int", "sample": [{"size": "3"}]})

    with pytest.raises(UsageProblem, match="1 for the first, or its id"):
        read_samples([game, team])


@pytest.mark.parametrize("codes", [("a", "a"), ("x", None), (None, None)])
def test_a_unique_value_is_not_there_twice(codes: Sequence[str | None]) -> None:
    rows = [{"title": "Dig", "project": "1"} | ({"code": c} if c else {}) for c in codes]

    with pytest.raises(UsageProblem, match=r"has the code .* twice, which is unique"):
        read(rows)
