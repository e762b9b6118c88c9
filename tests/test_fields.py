"""The table of field types: every row is whole, and its values are what it says they are."""

import ast
import json
import re
from pathlib import Path

import pytest

from starlette_new.field_types import LONGEST_SORTED, FieldType
from starlette_new.fields import EMAIL, FORMS, TYPES, URL, make_dict, make_list

KINDS = Path(__file__).parents[1] / "project_templates" / "standard" / "kinds"
ROWS = pytest.mark.parametrize("row", FORMS.values(), ids=FORMS)


@ROWS
def test_what_a_row_holds_is_python_source(row: FieldType) -> None:
    rewritten = [value for pair in row.rewritten for value in pair]
    annotations = [row.python, row.write, *([row.query] if row.query else [])]

    for source in [*row.samples, *row.kept, *row.refused, *rewritten, *annotations]:
        assert ast.parse(source, mode="eval")


@ROWS
def test_no_value_is_both_kept_and_refused(row: FieldType) -> None:
    assert not {*row.samples, *row.kept} & {*row.refused}


@ROWS
def test_a_sample_is_what_its_text_is_read_as(row: FieldType) -> None:
    for sample in row.samples if row.query not in ("", "IdText") else ():
        value = ast.literal_eval(sample)
        text = value if isinstance(value, str) else json.dumps(value)

        assert ast.literal_eval(row.parse(text).wire) == value


@ROWS
def test_what_is_refused_is_no_default_either(row: FieldType) -> None:
    for source in row.refused:
        value = eval(source)  # noqa: S307
        if isinstance(value, str) and row.python != "Any":
            with pytest.raises(ValueError, match=r"\w"):
                row.parse("" if value == "1" and row.python in ("int", "float") else value)


def test_a_type_alone_and_one_with_its_own_length_differ() -> None:
    short, usual = FORMS["str(20)"], FORMS["str"]

    assert (short.column, usual.column) == ("sa.String(20)", "sa.String(200)")
    assert (short.kept[-1], short.refused[1]) == ('"x" * 20', '"x" * 21')
    assert short.samples == usual.samples


def test_a_short_text_has_short_samples() -> None:
    assert TYPES["str"](("2",)).samples == ('"De"', '"Al"', '"Ec"')


@pytest.mark.parametrize("longest", [LONGEST_SORTED, LONGEST_SORTED + 1])
def test_only_what_fits_into_a_cursor_is_sorted_by(longest: int) -> None:
    assert TYPES["str"]((str(longest),)).sorts == (longest <= LONGEST_SORTED)


@pytest.mark.parametrize("size", ["10_000", "20_000"])
def test_a_large_size_is_written_in_groups(size: str) -> None:
    assert TYPES["str"]((size.replace("_", ""),)).column == f"sa.String({size})"


@pytest.mark.parametrize(
    ("words", "samples", "kept", "over"),
    [
        (("10", "2"), ('"7.50"', '"-3.50"', '"8.50"'), '"99999999.99"', '"100000000.00"'),
        (("3", "0"), ('"7"', '"-3"', '"8"'), '"999"', '"1000"'),
        (("1", "1"), ('"0.5"', '"-0.3"', '"0.8"'), '"0.9"', '"1.0"'),
        (("6", "6"), ('"0.000005"', '"-0.000003"', '"0.000008"'), '"0.999999"', '"1.000000"'),
    ],
)
def test_a_decimal_knows_its_limits(
    words: tuple[str, str], samples: tuple[str, ...], kept: str, over: str
) -> None:
    row = TYPES["decimal"](words)

    assert row.samples == samples
    assert (row.kept[0], row.refused[0]) == (kept, over)


def test_an_enum_knows_its_values_in_order() -> None:
    row = TYPES["enum"](("new", "paid", "sent"))

    assert row.choices == ("new", "paid", "sent")
    assert row.column == "sa.String(4)"
    assert row.write == 'Literal["new", "paid", "sent"]'


def test_equal_types_are_equal_rows() -> None:
    assert TYPES["str"](("20",)) == FORMS["str(20)"]
    assert hash(TYPES["decimal"](("10", "2"))) == hash(FORMS["decimal(10,2)"])
    assert TYPES["str"](("21",)) != FORMS["str(20)"]


def test_the_forms_show_every_type_with_and_without_parameters() -> None:
    assert {form.partition("(")[0] for form in FORMS} == set(TYPES)
    assert all(kind.accepts for kind in FORMS.values())


@pytest.mark.parametrize(
    ("name", "row", "good", "bad"),
    [
        (
            "Email",
            EMAIL,
            "a@b.org a.b+c@x-y.example",
            "a@b a(b@c.org @b.org .a@b.org a@-b.org a@b",
        ),
        (
            "Url",
            URL,
            "http://a https://a.b:80/c?d=e#f https://a/%20",
            "ftp://a http:// http://a/ü http://a/%2 http://-a HTTP://a",
        ),
    ],
    ids=["email", "url"],
)
def test_a_form_is_read_as_the_project_reads_it(
    name: str, row: FieldType, good: str, bad: str
) -> None:
    source = (KINDS / f"{name}.py").read_text().partition(f"{name} =")[0]
    kind: dict[str, str] = {}
    exec(source, kind)  # noqa: S102

    for text in good.split():
        assert row.parse(text).wire == f'"{text}"'
        assert re.fullmatch(kind[name.upper()], text)
    for text in bad.split():
        assert not re.fullmatch(kind[name.upper()], text)
        with pytest.raises(ValueError, match="an"):
            row.parse(text)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (EMAIL, f"{'a' * 65}@b.org"),
        (EMAIL, f"a@{'b.' * 125}bbb"),
        (URL, f"http://a/{'b' * 2000}"),
        (URL, "http://a\n"),
    ],
    ids=range(4),
)
def test_a_form_has_an_end(row: FieldType, text: str) -> None:
    with pytest.raises(ValueError, match="an"):
        row.parse(text)


def test_values_are_written_as_source() -> None:
    assert make_list(["a", 'say "b"']) == '["a", "say \\"b\\""]'
    assert make_list(["1", "None"], quote=False) == "[1, None]"
    assert make_dict({"a": "1", "b": "None"}) == '{"a": 1, "b": None}'
