"""Lines that both sides put in at the same place stay, both of them."""

import pytest

from starlette_new.merge_text import merge_data

LABELS = ("yours", "before", "new")
BASE = b"import os\n\nroutes = [\n    1,\n]\n"


def merge(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, int] | None:
    return merge_data(base, ours, theirs, LABELS)


def test_imports_at_the_same_place_are_sorted() -> None:
    ours = BASE.replace(b"import os\n", b"import os\nfrom app.b import b\nfrom app.z import z\n")
    theirs = BASE.replace(b"import os\n", b"import os\nfrom app.a import a\nfrom app.z import z\n")

    assert merge(BASE, ours, theirs) == (
        BASE.replace(
            b"import os\n",
            b"import os\nfrom app.a import a\nfrom app.b import b\nfrom app.z import z\n",
        ),
        0,
    )


def test_other_lines_at_the_same_place_follow_one_another() -> None:
    ours = BASE.replace(b"    1,\n", b"    1,\n    2,\n    3,\n")
    theirs = BASE.replace(b"    1,\n", b"    1,\n    2,\n    4,\n")

    assert merge(BASE, ours, theirs) == (
        BASE.replace(b"    1,\n", b"    1,\n    2,\n    3,\n    4,\n"),
        0,
    )


def test_functions_at_the_end_of_a_file_both_stay() -> None:
    ours, theirs = BASE + b"\n\ndef a(): ...\n", BASE + b"\n\ndef b(): ...\n"

    assert merge(BASE, ours, theirs) == (BASE + b"\n\ndef a(): ...\ndef b(): ...\n", 0)


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (BASE, BASE.replace(b"1", b"2"), BASE.replace(b"1", b"3")),
        (BASE, BASE.replace(b"    1,\n", b""), BASE.replace(b"1", b"3")),
        (b"a(\n)\n", b"a(\n    b=1\n)\n", b"a(\n    c=1\n)\n"),
    ],
)
def test_what_contradicts_or_would_be_no_python_is_a_conflict(
    base: bytes, ours: bytes, theirs: bytes
) -> None:
    merged = merge(base, ours, theirs)

    assert merged is not None
    assert merged[1] == 1
    assert b"<<<<<<< yours\n" in merged[0]


def test_a_text_that_was_no_python_need_not_become_some() -> None:
    assert merge(b"# a\n|\n", b"# a\n|\n| b\n", b"# a\n|\n| c\n") == (b"# a\n|\n| b\n| c\n", 0)
