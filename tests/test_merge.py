"""Merging: what the owner wrote is never lost, and what the template brings arrives."""

import importlib
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from starlette_new import merge_text
from starlette_new.errors import SurroundingsProblem
from starlette_new.merge import Action, Change, File, Tree, diff, merge
from starlette_new.merge_text import has_markers
from starlette_new.moves import find_moved, find_obstacles, read_tree

BOM = b"\xef\xbb\xbf"
OLD = b"one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"
NEW = OLD.replace(b"two", b"TWO")
EDITED = OLD.replace(b"eight", b"mine")
BOTH = NEW.replace(b"eight", b"mine")
CLASHING = OLD.replace(b"two", b"mine")


def _tree(**files: bytes) -> Tree:
    return {name: File(data) for name, data in files.items()}


def _merge(base: bytes | None, ours: bytes | None, theirs: bytes | None) -> Change | None:
    """Merge one file."""
    sides = [_tree(a=data) if data is not None else {} for data in (base, ours, theirs)]
    changes = merge(*sides)
    return changes[0] if changes else None


def _merge_data(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    change = _merge(base, ours, theirs)
    assert change and change.file
    return change.file.data


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "action", "data", "why"),
    [
        (None, None, NEW, "create", NEW, ""),
        (OLD, OLD, NEW, "modify", NEW, ""),
        (OLD, EDITED, NEW, "merge", BOTH, ""),
        (OLD, OLD, None, "delete", None, ""),
        (OLD, EDITED, None, "keep", None, "edited by you, gone from the template"),
        (OLD, None, NEW, "keep", None, "deleted by you"),
        (b"", b"", b"new\n", "modify", b"new\n", ""),
        (b"\0", b"\0", b"\0new", "modify", b"\0new", ""),
        (b"\0", None, b"\0new", "keep", None, "deleted by you"),
        (b"\0\r\n", b"\0\n", None, "keep", None, "edited by you, gone from the template"),
    ],
)
def test_what_is_done_follows_from_the_three_versions(
    base: bytes | None,
    ours: bytes | None,
    theirs: bytes | None,
    action: str,
    data: bytes | None,
    why: str,
) -> None:
    change = _merge(base, ours, theirs)

    assert change == Change("a", Action(action), None if data is None else File(data), why)


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        (OLD, OLD, OLD),
        (OLD, EDITED, OLD),
        (OLD, None, OLD),
        (OLD, None, None),
        (OLD, NEW, NEW),
        (OLD, BOTH, NEW),
        (None, NEW, NEW),
        (None, NEW, None),
        (None, NEW.replace(b"\n", b"\r\n"), NEW),
        (None, b"one", b"one\n"),
        (b"\0", b"\0new", b"\0new"),
    ],
)
def test_where_nothing_is_to_do_nothing_is_listed(
    base: bytes | None, ours: bytes | None, theirs: bytes | None
) -> None:
    assert _merge(base, ours, theirs) is None


def test_a_conflict_holds_both_sides_between_markers() -> None:
    change = _merge(OLD, CLASHING, NEW)

    assert change and change.file
    assert (change.action, change.why) == (Action.CONFLICT, "1 conflict")
    assert b"one\n<<<<<<< yours\nmine\n=======\nTWO\n>>>>>>> new\nthree\n" in change.file.data


def test_two_conflicts_in_one_file_keep_all_of_both_sides() -> None:
    ours = CLASHING.replace(b"eight", b"my own")
    theirs = NEW.replace(b"eight", b"EIGHT")

    change = _merge(OLD, ours, theirs)

    assert change and change.file
    assert (change.action, change.why) == (Action.CONFLICT, "2 conflicts")
    assert change.file.data.count(b"<<<<<<< yours\n") == 2
    assert all(word in change.file.data for word in (b"mine", b"my own", b"TWO", b"EIGHT"))


def test_an_edited_file_that_a_new_part_changes_too_is_merged() -> None:
    before = b"routes = [\n    home,\n    health,\n]\n\n\n\nmiddleware = [\n    limits,\n]\n"
    with_part = before.replace(b"    limits,\n", b"    limits,\n    sessions,\n")
    edited = before.replace(b"    home,\n", b"    home,\n    about,\n")

    change = _merge(before, edited, with_part)

    assert change and change.file
    assert change.action is Action.MERGE
    assert b"    about,\n" in change.file.data
    assert b"    sessions,\n" in change.file.data


def test_a_file_that_both_added_is_a_conflict_unless_it_is_the_same() -> None:
    change = _merge(None, b"mine\nshared\n", b"new\nshared\n")

    assert change and change.file
    assert change.why == "1 conflict"
    assert change.file.data == b"<<<<<<< yours\nmine\n=======\nnew\n>>>>>>> new\nshared\n"


@pytest.mark.parametrize("base", [None, b"\0", b"text\n"])
def test_what_is_not_text_is_never_merged(base: bytes | None) -> None:
    change = _merge(base, b"\0mine", b"\0new")

    assert change == Change("a", Action.CONFLICT, None, "not text", theirs=File(b"\0new"))


def test_the_owners_mode_is_kept() -> None:
    for data in (OLD, EDITED, CLASHING):
        (change,) = merge(_tree(a=OLD), {"a": File(data, executable=True)}, _tree(a=NEW))

        assert change.file and change.file.executable
    assert merge(_tree(a=OLD), {"a": File(OLD, executable=True)}, _tree(a=OLD)) == []


@pytest.mark.parametrize(("ours", "action"), [(OLD, "modify"), (EDITED, "merge")])
@pytest.mark.parametrize("before", [b"", BOM])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_a_file_keeps_the_form_its_owner_gave_it(
    ours: bytes, action: str, before: bytes, end: bytes, last: bool
) -> None:
    def shape(data: bytes) -> bytes:
        return before + (data if last else data.removesuffix(b"\n")).replace(b"\n", end)

    change = _merge(OLD, shape(ours), NEW)

    expected = shape(NEW if ours == OLD else BOTH)
    assert change == Change("a", Action(action), File(expected))


def test_a_file_that_only_looks_otherwise_is_not_edited() -> None:
    change = _merge(OLD, BOM + OLD.replace(b"\n", b"\r\n"), None)

    assert change == Change("a", Action.DELETE, None)


def test_the_form_that_the_template_gives_arrives_where_the_owner_has_not_changed_it() -> None:
    assert _merge_data(OLD, OLD, OLD.replace(b"\n", b"\r\n")) == OLD.replace(b"\n", b"\r\n")
    assert _merge_data(OLD, EDITED, BOM + NEW) == BOM + BOTH
    assert _merge_data(OLD[:-1], EDITED[:-1], OLD) == EDITED
    assert _merge_data(b"one\n", b"", b"two\r\n").endswith(b">>>>>>> new\r\n")


def test_lines_of_both_ends_in_one_file_keep_theirs() -> None:
    ours = EDITED.replace(b"three\n", b"three\r\n").replace(b"nine\n", b"nine\r")
    more = NEW.replace(b"six\n", b"six\nmore\n")

    merged = _merge_data(OLD, ours, more)

    kept = [b"one", b"TWO", b"three\r", b"four", b"five", b"six", b"more", b"seven", b"mine"]
    assert merged == b"\n".join([*kept, b"nine\r"])


def test_a_line_after_the_last_one_of_a_mixed_file_stands_alone() -> None:
    ours = OLD.replace(b"one\n", b"one\r\n").removesuffix(b"\n")

    assert _merge_data(OLD, ours, OLD + b"ten\n") == ours + b"\nten"


def test_the_markers_in_a_windows_file_end_as_its_lines_do() -> None:
    merged = _merge_data(OLD, CLASHING.replace(b"\n", b"\r\n"), NEW)

    assert merged.count(b"\r\n") == merged.count(b"\n")
    assert has_markers(merged)


def test_the_end_of_the_last_line_comes_back_in_a_conflict_at_the_end() -> None:
    merged = _merge_data(b"one\ntwo\n", b"one\nmine", b"one\nnew\n")

    assert merged == b"one\n<<<<<<< yours\nmine\n=======\nnew\n>>>>>>> new\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\n<<<<<<< yours\nb\n=======\nc\n>>>>>>> new\n", True),
        (BOM + b"<<<<<<< yours\r\nb\r\n=======\r\nc\r\n>>>>>>> new\r\n", True),
        (b"Title\n=======\n\ntext\n", False),
        (b"<<<<<<< yours\n\nTitle\n=======\n", False),
        (b"    <<<<<<< yours\n=======\n>>>>>>> new\n", False),
        (b">>>>>>> new\n=======\n<<<<<<< yours\n", False),
        (b"<<<<<<< yours\n========\n>>>>>>> new\n", False),
        (b"", False),
    ],
)
def test_markers_are_told_from_what_only_looks_like_them(data: bytes, expected: bool) -> None:
    assert has_markers(data) == expected


@pytest.mark.parametrize(
    ("ours", "theirs", "action", "data"),
    [
        (OLD, OLD, "modify", OLD),
        (OLD, NEW, "modify", NEW),
        (EDITED, OLD, "merge", EDITED),
        (EDITED, NEW, "merge", BOTH),
    ],
)
def test_a_file_that_the_template_renames_takes_the_owners_edits_along(
    ours: bytes, theirs: bytes, action: str, data: bytes
) -> None:
    changes = merge(_tree(a=OLD), _tree(a=ours), _tree(b=theirs), renames={"a": "b"})

    assert changes == [Change("b", Action(action), File(data), "renamed from a", "a")]


def test_a_conflict_in_a_renamed_file_is_at_its_new_path() -> None:
    (change,) = merge(_tree(a=OLD), _tree(a=CLASHING), _tree(b=NEW), renames={"a": "b"})

    assert (change.path, change.source) == ("b", "a")
    assert (change.action, change.why) == (Action.CONFLICT, "renamed from a, 1 conflict")


def test_what_is_not_text_stays_where_it_is_when_it_cannot_follow() -> None:
    (change,) = merge(_tree(a=b"\0"), _tree(a=b"\0mine"), _tree(b=b"\0new"), renames={"a": "b"})

    why = "not text, and belongs at b"
    assert change == Change("a", Action.CONFLICT, None, why, theirs=File(b"\0new"))


def test_a_rename_never_overwrites_a_file_of_the_owners() -> None:
    ours = _tree(a=EDITED, b=b"mine\n")

    (change,) = merge(_tree(a=OLD), ours, _tree(b=NEW), renames={"a": "b"})

    why = "a file of yours stands there"
    assert change == Change("b", Action.CONFLICT, None, why, theirs=File(NEW))


def test_a_rename_that_was_made_already_is_not_made_again() -> None:
    base, theirs, renames = _tree(a=OLD), _tree(b=NEW), {"a": "b"}

    assert merge(base, _tree(b=NEW), theirs, renames=renames) == []
    assert merge(base, _tree(b=BOTH), theirs, renames=renames) == []
    assert merge(base, _tree(a=OLD, b=NEW), theirs, renames=renames) == [
        Change("a", Action.DELETE, None)
    ]


def test_an_owner_who_renamed_as_the_template_does_gets_the_changes() -> None:
    (change,) = merge(_tree(a=OLD), _tree(b=EDITED), _tree(b=NEW), renames={"a": "b"})

    assert change == Change("b", Action.MERGE, File(BOTH), "moved by you from a")


def test_a_file_at_the_new_path_that_the_template_made_is_not_the_one_that_was_moved() -> None:
    base = _tree(a=OLD, b=b"other\n")

    changes = merge(base, _tree(b=b"other\n"), _tree(b=NEW), renames={"a": "b"})

    assert [(change.path, change.action) for change in changes] == [
        ("a", Action.KEEP),
        ("b", Action.DELETE),
    ]


def test_a_deleted_file_stays_deleted_when_it_is_renamed() -> None:
    assert merge(_tree(a=OLD), {}, _tree(b=OLD), renames={"a": "b"}) == []
    (change,) = merge(_tree(a=OLD), {}, _tree(b=NEW), renames={"a": "b"})

    assert change == Change("a", Action.KEEP, None, "deleted by you")


@pytest.mark.parametrize("renames", [{"a": "missing"}, {"missing": "b"}, {"a": "a"}, {}])
def test_renames_that_concern_nothing_change_nothing(renames: Mapping[str, str]) -> None:
    changes = merge(_tree(a=OLD), _tree(a=OLD), _tree(a=NEW, b=NEW), renames=renames)

    assert [(change.path, change.action) for change in changes] == [
        ("a", Action.MODIFY),
        ("b", Action.CREATE),
    ]


def test_files_that_change_places_both_arrive() -> None:
    base, theirs = _tree(a=b"a\n", b=b"b\n"), _tree(a=b"b\n", b=b"a\n")

    changes = merge(base, base, theirs, renames={"a": "b", "b": "a"})

    assert [(c.path, c.file, c.source) for c in changes] == [
        ("a", File(b"b\n"), ""),
        ("b", File(b"a\n"), ""),
    ]


def test_a_file_takes_the_place_of_one_that_goes() -> None:
    base, theirs = _tree(a=b"a\n", b=b"b\n"), _tree(b=b"a\n")
    moved_on = _tree(b=b"a\n", c=b"b\n")

    assert merge(base, base, theirs, renames={"a": "b"}) == [
        Change("b", Action.MODIFY, File(b"a\n"), "renamed from a", "a")
    ]
    assert [c.path for c in merge(base, base, moved_on, renames={"a": "b", "b": "c"})] == ["b", "c"]


def test_one_that_cannot_go_stops_all_that_would_take_its_place() -> None:
    base = _tree(a=b"a\n", b=b"b\n", c=b"c\n")
    theirs = _tree(a=b"new\n", b=b"a\n", c=b"b\n")
    ours = _tree(a=b"a\n", b=b"b\n", c=b"mine\n")

    changes = merge(base, ours, theirs, renames={"a": "b", "b": "c"})

    wanted = {c.path: c.theirs for c in changes if c.action is Action.CONFLICT}
    assert wanted == theirs
    assert not any(change.file or change.source for change in changes)


def test_a_new_file_takes_a_path_that_a_rename_has_left() -> None:
    changes = merge(_tree(a=OLD), _tree(a=OLD), _tree(a=b"other\n", b=OLD), renames={"a": "b"})

    assert changes == [
        Change("a", Action.CREATE, File(b"other\n")),
        Change("b", Action.MODIFY, File(OLD), "renamed from a"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "action", "data", "why"),
    [
        (OLD, NEW, "modify", NEW, "moved by you from a"),
        (EDITED, NEW, "merge", BOTH, "moved by you from a"),
        (OLD, None, "keep", None, "moved by you from a, gone from the template"),
    ],
)
def test_a_change_follows_to_where_the_owner_moved_the_file(
    ours: bytes, theirs: bytes | None, action: str, data: bytes | None, why: str
) -> None:
    new = {} if theirs is None else _tree(a=theirs)

    changes = merge(_tree(a=OLD), _tree(mine=ours), new, moved={"a": "mine"})

    assert changes == [Change("mine", Action(action), None if data is None else File(data), why)]


def test_the_owners_place_counts_more_than_the_templates() -> None:
    ours = _tree(b=b"own\n", mine=OLD)

    changes = merge(_tree(a=OLD), ours, _tree(b=NEW), renames={"a": "b"}, moved={"a": "mine"})

    assert changes == [Change("mine", Action.MODIFY, File(NEW), "moved by you from a")]


def test_a_new_file_does_not_stand_upon_one_that_was_moved_there() -> None:
    changes = merge(_tree(a=OLD), _tree(b=OLD), _tree(a=OLD, b=NEW), moved={"a": "b"})

    why = "a file of yours stands there"
    assert changes == [Change("b", Action.CONFLICT, None, why, theirs=File(NEW))]


def test_a_blocked_path_is_a_conflict_that_keeps_what_the_template_wanted() -> None:
    blocked = {"a": "a symbolic link stands there"}

    for base in ({}, _tree(a=OLD)):
        assert merge(base, {}, _tree(a=NEW), blocked=blocked) == [
            Change("a", Action.CONFLICT, None, blocked["a"], theirs=File(NEW))
        ]
    assert merge(_tree(a=OLD), {}, _tree(a=OLD), blocked=blocked) == []
    assert merge(_tree(a=OLD), {}, {}, blocked=blocked) == []
    assert merge(_tree(a=OLD), _tree(a=OLD), {}, blocked=blocked) == [
        Change("a", Action.KEEP, None, blocked["a"])
    ]


@pytest.mark.parametrize(
    ("path", "why"),
    [("b", "a folder stands there"), ("a", "a: a folder stands there")],
)
def test_a_rename_stops_where_either_path_is_blocked(path: str, why: str) -> None:
    blocked = {path: "a folder stands there"}

    changes = merge(_tree(a=OLD), _tree(a=OLD), _tree(b=NEW), renames={"a": "b"}, blocked=blocked)

    assert changes == [Change("b", Action.CONFLICT, None, why, theirs=File(NEW))]


def test_an_ignored_path_is_never_touched() -> None:
    ignored = {"a": "ignored by .gitignore"}
    kept = [Change("a", Action.KEEP, None, ignored["a"])]

    assert merge(_tree(a=OLD), _tree(a=OLD), _tree(a=NEW), ignored=ignored) == kept
    assert merge(_tree(a=OLD), _tree(a=OLD), {}, ignored=ignored) == kept
    assert merge({}, {}, _tree(a=NEW), ignored=ignored) == kept
    assert merge(_tree(a=OLD), _tree(a=OLD), _tree(a=OLD), ignored=ignored) == []
    assert merge(_tree(a=OLD), _tree(a=BOM + NEW), _tree(a=NEW), ignored=ignored) == []


def test_a_file_that_was_moved_is_found() -> None:
    base = _tree(a=OLD, here=b"here\n", empty=b"", blank=b"\n\n", **{"app/x.py": NEW + b"x\n"})
    candidates = _tree(mine=OLD, none=b"", **{"lib/x.py": NEW + b"x\ny\n", "other": b"own\n"})

    found = find_moved(base, _tree(here=b"here\n"), candidates)

    assert found == {"a": "mine", "app/x.py": "lib/x.py"}
    assert find_moved(base, base, candidates) == {}


def test_a_windows_copy_and_what_is_not_text_are_found_by_all_they_hold() -> None:
    base = _tree(a=OLD, logo=b"\0\n1\n2\n3", icon=b"\0\n1\n2\n4")
    candidates = _tree(b=BOM + OLD.replace(b"\n", b"\r\n"), moved=b"\0\n1\n2\n3")

    assert find_moved(base, {}, candidates) == {"a": "b", "logo": "moved"}


@pytest.mark.parametrize(
    ("kept", "new", "is_found"),
    [(6, "lib/a.py", True), (5, "lib/a.py", False), (8, "b.py", True), (7, "b.py", False)],
)
def test_how_alike_a_moved_file_must_be_depends_on_its_name(
    kept: int, new: str, is_found: bool
) -> None:
    lines = [f"line {number}\n".encode() for number in range(10)]
    edited = lines[:kept] + [b"mine\n"] * (10 - kept)

    found = find_moved({"a.py": File(b"".join(lines))}, {}, {new: File(b"".join(edited))})

    assert found == ({"a.py": new} if is_found else {})


@pytest.mark.parametrize(
    ("base", "candidates", "expected"),
    [
        (["a"], ["b", "c"], {}),
        (["a", "b"], ["c"], {}),
        (["a", "b"], ["c", "d"], {}),
        (["x/a"], ["y/a", "z/a"], {}),
        (["x/a"], ["y/a", "z/b"], {"x/a": "y/a"}),
        (["x/a", "x/b"], ["y/a", "y/b"], {"x/a": "y/a", "x/b": "y/b"}),
    ],
)
def test_of_two_that_hold_the_same_the_name_decides_or_nothing(
    base: list[str], candidates: list[str], expected: dict[str, str]
) -> None:
    olds, news = ({path: File(OLD) for path in paths} for paths in (base, candidates))

    assert find_moved(olds, {}, news) == expected


def test_the_most_alike_goes_first() -> None:
    base = _tree(a=OLD, b=OLD.replace(b"one", b"two"))
    turned = b"".join(reversed(OLD.splitlines(keepends=True)))

    assert find_moved(base, {}, _tree(c=OLD, d=EDITED)) == {"a": "c", "b": "d"}
    assert find_moved(_tree(a=OLD), {}, {"b": File(OLD), "x/a": File(turned)}) == {"a": "b"}
    assert find_moved(_tree(a=OLD), {}, _tree(b=OLD, c=OLD, d=EDITED)) == {}


def test_files_are_read_with_their_modes(folder: Path) -> None:
    (folder / "app").mkdir()
    (folder / "app" / "run").write_bytes(b"\0run")
    (folder / "app" / "run").chmod(0o755)
    (folder / "plain").write_bytes(b"a\r\n")

    found = read_tree(folder, ["app/run", "plain", "missing", "app", "none/x", "plain/x"])

    assert found == {"app/run": File(b"\0run", executable=True), "plain": File(b"a\r\n")}


def test_nothing_is_read_through_a_symbolic_link(folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "real" / "x").write_text("secret")
    (folder / "link").symlink_to("real")
    (folder / "x").symlink_to("real/x")

    assert read_tree(folder / "link", ["x"]) == {"x": File(b"secret")}
    assert read_tree(folder, iter(["x", "link/x"])) == {}


def test_what_stands_in_the_way_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "app").mkdir()
    (folder / "file").write_text("")
    (folder / "link").symlink_to("nowhere")
    os.mkfifo(folder / "pipe")
    paths = ["file", "new", "app/new", "no/new", "app", "file/x/y", "link", "link/x", "pipe"]
    long = "x" * 300

    found = find_obstacles(folder, [*paths, long])

    assert found == {
        "app": "a folder stands there",
        "file/x/y": "file is a file",
        "link": "a symbolic link stands there",
        "link/x": "link is a symbolic link",
        "pipe": "a special file stands there",
        long: "something that cannot be read stands there",
    }
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read anything
    assert find_obstacles(folder, ["file"]) == {"file": "a file that cannot be read stands there"}


def test_git_takes_the_difference_and_makes_the_new_tree(folder: Path) -> None:
    old = {
        **_tree(edited=OLD, gone=OLD, was_empty=b"", no_end=b"one\ntwo", windows=b"a\r\nb\rb\r\n"),
        **{"run": File(b"run\n"), "a b/c d": File(OLD), "é/ü": File("a\x0cb\u2028c\r".encode())},
        'say "x"': File(OLD),
        "same": File(OLD),
    }
    new = {
        **_tree(edited=BOTH, added=NEW, empty=b"", no_end=b"one\nTWO", windows=b"a\r\nc\r\n"),
        **{"run": File(b"run\n", executable=True), "a b/c d": File(NEW), "é/ü": File(b"two\n")},
        'say "x"': File(NEW),
        "same": File(OLD),
    }
    for path, file in old.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(file.data)
    text = diff(old, new)

    command = ["git", "apply", "-"]
    subprocess.run(command, input=text.encode(), cwd=folder, check=True)

    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert read_tree(folder, paths) == new
    assert diff(new, new) == ""
    heads = [line for line in text.splitlines() if line.startswith("diff")]
    assert heads[0] == "diff --git a/a b/c d b/a b/c d"
    assert len(heads) == 11
    assert "--- a/a b/c d\t\n+++ b/a b/c d\t\n" in text
    assert "+++ b/added\n@@ -0,0 +1,9 @@\n+one\n+TWO\n" in text


def test_what_is_not_text_only_differs() -> None:
    old, new = _tree(a=b"\0", b=b"text\n"), _tree(b=b"\xff\n", c=b"\0")

    lines = diff(old, new).splitlines()

    assert [line for line in lines if line.startswith("Binary")] == [
        "Binary files a/a and /dev/null differ",
        "Binary files a/b and b/b differ",
        "Binary files /dev/null and b/c differ",
    ]
    run = {"a": File(b"\0", executable=True)}
    assert diff(_tree(a=b"\0"), run).splitlines()[1:] == ["old mode 100644", "new mode 100755"]


def _fake_git(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put another git in the place of the real one."""
    (folder / "bin").mkdir()
    (folder / "bin" / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")


def test_without_git_it_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))

    with pytest.raises(SurroundingsProblem, match="There is no git here"):
        _merge(OLD, EDITED, NEW)
    assert _merge(OLD, OLD, NEW), "nothing is to merge"


def test_a_git_that_fails_or_hangs_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_git(folder, monkeypatch, 'echo "error: no such thing" >&2; exit 255')
    with pytest.raises(SurroundingsProblem, match="could not merge a file: error: no such thing"):
        _merge(OLD, EDITED, NEW)

    (folder / "bin" / "git").write_text("#!/bin/sh\nexit 129\n")
    with pytest.raises(SurroundingsProblem, match="exit 129"):
        _merge(OLD, EDITED, NEW)

    monkeypatch.setattr(merge_text, "PATIENCE", 0.1)
    (folder / "bin" / "git").write_text("#!/bin/sh\nexec sleep 30\n")
    with pytest.raises(SurroundingsProblem, match="did not answer"):
        _merge(OLD, EDITED, NEW)


def test_a_repository_and_its_settings_do_not_matter(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for command in (["init", "--quiet"], ["config", "merge.conflictStyle", "diff3"]):
        subprocess.run(["git", *command], check=True)  # noqa: S607
    inside = _merge_data(OLD, CLASHING, NEW)
    monkeypatch.setenv("GIT_DIR", str(folder / ".git"))

    assert inside == _merge_data(OLD, CLASHING, NEW)
    assert b"|||||||" not in inside
    assert os.listdir(folder) == [".git"]


def test_the_names_of_the_sides_can_be_chosen() -> None:
    (change,) = merge(
        _tree(a=OLD), _tree(a=CLASHING), _tree(a=NEW), labels=("mine", "then", "version 2")
    )

    assert change.file
    assert b"<<<<<<< mine\n" in change.file.data
    assert b">>>>>>> version 2\n" in change.file.data


def test_hundreds_of_projects_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "slow"))
    merging = importlib.import_module("merging")
    counts: Counter[str] = Counter()

    faults = {seed: found for seed in range(300) if (found := merging.find_faults(seed, counts))}

    assert faults == {}
    assert counts["many conflicts"] > 10
    assert all(counts[action] > 10 for action in Action)
