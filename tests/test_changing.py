"""A project that is changed keeps every edit of its owner, and says what became of each file."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from starlette_new import changing, differing, journal
from starlette_new.answers import FILE_NAME
from starlette_new.blueprint import make_blueprint
from starlette_new.changing import ChangeOptions, change
from starlette_new.errors import SurroundingsProblem, TargetProblem, UsageProblem
from starlette_new.journal import FOLDER
from starlette_new.losses import LossProblem
from starlette_new.merge import Action
from starlette_new.outcomes import ConflictProblem, Outcome
from starlette_new.render import render
from starlette_new.resuming import put_back, resume
from starlette_new.wishes import Wish, add, keep, remove, rename

COMMENT = "comment body:text task:ref"
GIT = shutil.which("git") or "git"
RESOURCES = ["task title:str(80) notes:text? done:bool=false"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as it is made, without an environment and without Git."""
    tree = tmp_path_factory.mktemp("made") / "demo"
    render(make_blueprint({"name": "demo", "resources": RESOURCES}), tree)
    return tree


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return shutil.copytree(made, tmp_path / "apps" / "demo")


def say_nothing(event: object) -> None:
    """Tell nobody."""


def options(project: Path, **more: bool) -> ChangeOptions:
    return replace(ChangeOptions(project, verify=False, offline=True), **more)  # type: ignore[arg-type]


def add_comment(project: Path, **more: bool) -> Outcome:
    return change("add", add([COMMENT], {}), options(project, **more), say_nothing)


def take_snapshot(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }


def list_plan(outcome: Outcome) -> dict[str, str]:
    return {change.path: change.action.value for change in outcome.changes}


def append(file: Path, text: str) -> None:
    file.write_bytes(file.read_bytes() + text.encode())


def git(project: Path, *arguments: str) -> str:
    done = subprocess.run([GIT, *arguments], cwd=project, capture_output=True, check=True)
    return done.stdout.decode()


def test_what_is_added_is_as_if_it_had_been_there_from_the_beginning(
    project: Path, tmp_path: Path
) -> None:
    outcome = add_comment(project)

    both = tmp_path / "both"
    render(make_blueprint({"name": "demo", "resources": [*RESOURCES, COMMENT]}), both)
    found, expected = take_snapshot(project), take_snapshot(both)
    migrations = {path for path in {*found, *expected} if path.startswith("migrations/versions")}
    assert migrations == {
        "migrations/versions/0001_initial.py",
        "migrations/versions/0002_add_comments.py",
    }
    assert {path: data for path, data in found.items() if path not in migrations} == {
        path: data for path, data in expected.items() if path not in migrations
    }
    assert set(list_plan(outcome).values()) == {"create", "modify"}
    assert outcome.next
    assert not outcome.proven


def test_what_was_added_and_removed_leaves_the_tree_as_it_was(made: Path, project: Path) -> None:
    add_comment(project)
    change("remove", remove(["comment"]), options(project), say_nothing)

    before, after = take_snapshot(made), take_snapshot(project)
    more = {path: data for path, data in after.items() if path not in before}
    assert {path: data for path, data in after.items() if path in before} == before
    assert list(more) == [
        "migrations/versions/0003_remove_comments.py",
        "migrations/versions/0002_add_comments.py",
    ] or sorted(more) == [
        "migrations/versions/0002_add_comments.py",
        "migrations/versions/0003_remove_comments.py",
    ]
    assert not (project / "app" / "resources" / "comments").exists()


def test_a_plan_is_what_the_real_run_does_and_writes_nothing(made: Path, project: Path) -> None:
    append(project / "app" / "routes.py", "# mine\n")
    (project / "README.md").unlink()
    before = take_snapshot(project)

    planned = add_comment(project, dry_run=True, shows_diff=True)

    assert take_snapshot(project) == before
    done = add_comment(project)
    assert list_plan(planned) == list_plan(done)
    assert list_plan(done)["app/routes.py"] == "merge"
    assert list_plan(done)["README.md"] == "keep"
    subprocess.run([GIT, "apply", "-R"], cwd=project, input=planned.diff.encode(), check=True)
    assert take_snapshot(project) == before


def test_twice_is_the_same_as_once(project: Path) -> None:
    add_comment(project)
    before = take_snapshot(project)

    outcome = add_comment(project)

    assert take_snapshot(project) == before
    assert outcome.notes == ["The resource comment is there already."]
    assert not outcome.changes
    again = change("apply", keep("apply"), options(project), say_nothing)
    assert again.notes == ["There is nothing to do: the project is as .copier-answers.yml says."]
    updated = change("update", keep("update"), options(project), say_nothing)
    assert updated.notes == ["It is up to date: starlette-new 0.1.0 made it."]


def test_every_file_that_was_edited_keeps_its_edit(project: Path) -> None:
    """The first disaster of others: a file that is shared is edited when something is added."""
    files = [path for path in project.rglob("*") if path.suffix in (".py", ".md", ".html", ".toml")]
    for number, file in enumerate(files):
        first, *rest = file.read_text(encoding="utf-8").split("\n")
        mark = f"<!-- mine {number} -->" if file.suffix in (".md", ".html") else f"# mine {number}"
        file.write_text("\n".join([first, mark, *rest]), encoding="utf-8")

    add_comment(project)
    change("rename", rename("task.notes", "text"), options(project), say_nothing)

    for number, file in enumerate(files):
        assert f"mine {number}".encode() in file.read_bytes()


def _contradict(project: Path) -> None:
    """Change two lines, far apart, that a comment changes too."""
    file = project / "app" / "routes.py"
    text = file.read_text(encoding="utf-8")
    text = text.replace('Route("/tasks", task_pages', 'Route("/mine", task_pages')
    text = text.replace(
        "from app.openapi import docs, openapi\n", "from app.openapi import docs, openapi  # mine\n"
    )
    text = text.replace('    Route("/api/stats"', '    Route("/api/mine"')
    file.write_text(text, encoding="utf-8")


def test_conflicts_are_marked_counted_and_wait_for_their_owner(project: Path) -> None:
    """The second disaster of others: a file with two conflicts or more."""
    _contradict(project)
    before = take_snapshot(project)
    with pytest.raises(ConflictProblem, match="dry run"):
        add_comment(project, dry_run=True)
    assert take_snapshot(project) == before

    with pytest.raises(ConflictProblem, match=r"1 file: app/routes.py \(2 conflicts\)") as raised:
        add_comment(project)

    assert raised.value.exit_code == 3
    assert "starlette-new add --continue" in raised.value.hint
    text = (project / "app" / "routes.py").read_text(encoding="utf-8")
    assert text.count("<<<<<<< yours") == text.count(">>>>>>> new") == 2
    assert "/api/mine" in text
    assert "CommentCollection" in text
    with pytest.raises(TargetProblem, match=r'"add comment" is not finished'):
        change("apply", keep("apply"), options(project), say_nothing)
    with pytest.raises(TargetProblem, match=r"markers in app/routes.py"):
        resume("add", options(project), say_nothing)

    (project / "app" / "routes.py").write_text("routes = []  # decided\n", encoding="utf-8")
    resume("add", options(project), say_nothing)

    assert not (project / FOLDER).exists()
    assert (project / "app" / "routes.py").read_text(encoding="utf-8") == "routes = []  # decided\n"


def test_a_change_with_conflicts_can_be_put_back(project: Path) -> None:
    _contradict(project)
    before = take_snapshot(project)
    with pytest.raises(ConflictProblem):
        add_comment(project)
    append(project / "app" / "routes.py", "# half decided\n")

    outcome = put_back("add", options(project), say_nothing)

    assert outcome.notes == [
        "Everything is as it was before: add comment.",
        "What you edited meanwhile is in .starlette-new/edited/app/routes.py.",
    ]
    kept = project / FOLDER / "edited" / "app" / "routes.py"
    assert kept.read_text(encoding="utf-8").endswith("# half decided\n")
    shutil.rmtree(project / FOLDER)
    assert take_snapshot(project) == before
    with pytest.raises(TargetProblem, match="no change to put back"):
        put_back("add", options(project), say_nothing)
    with pytest.raises(TargetProblem, match="no change to continue"):
        resume("add", options(project), say_nothing)


def test_markers_that_nobody_decided_about_are_refused(project: Path) -> None:
    append(project / "app" / "routes.py", "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n")

    with pytest.raises(TargetProblem, match=r"markers in app/routes.py"):
        add_comment(project)


def test_a_link_is_not_written_through(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "routes.py"
    (project / "app" / "routes.py").rename(outside)
    (project / "app" / "routes.py").symlink_to(outside)
    before = outside.read_bytes()

    with pytest.raises(ConflictProblem, match=r"app/routes.py"):
        add_comment(project)

    assert outside.read_bytes() == before
    wanted = project / FOLDER / "new" / "app" / "routes.py"
    assert "CommentCollection" in wanted.read_text(encoding="utf-8")


def test_what_is_ignored_is_not_touched(project: Path) -> None:
    append(project / ".gitignore", "README.md\n")
    append(project / "README.md", "mine\n")
    before = (project / "README.md").read_bytes()

    outcome = add_comment(project)

    assert (project / "README.md").read_bytes() == before
    assert list_plan(outcome)["README.md"] == "keep"


def test_a_file_is_found_where_its_owner_moved_it(project: Path) -> None:
    (project / "docs").mkdir()
    (project / "README.md").rename(project / "docs" / "guide.md")

    outcome = add_comment(project)

    assert "/api/comments" in (project / "docs" / "guide.md").read_text(encoding="utf-8")
    assert not (project / "README.md").exists()
    assert "docs/guide.md" in list_plan(outcome)


def test_files_with_the_line_ends_of_windows_keep_them(project: Path) -> None:
    for file in project.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    outcome = add_comment(project)

    changed = [one.path for one in outcome.changes if one.action is Action.MODIFY]
    assert {"app/routes.py", FILE_NAME} <= set(changed)
    for path in changed:
        data = (project / path).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n")


def test_the_comments_of_the_blueprint_file_stay(project: Path) -> None:
    file = project / FILE_NAME
    text = file.read_text(encoding="utf-8")
    text = text.replace("resources:\n", "# what we keep\nresources:  # all of it\n", 1)
    file.write_text(text, encoding="utf-8")

    add_comment(project)

    after = file.read_text(encoding="utf-8")
    assert "# what we keep\nresources:  # all of it\n- task title" in after
    assert f"\n- {COMMENT}\n" in after


def test_only_what_git_has_a_copy_of_is_changed(project: Path) -> None:
    git(project, "init", "--quiet")
    with pytest.raises(TargetProblem, match=r"not committed: .* and \d+ more.*--allow-dirty"):
        add_comment(project)
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "-m", "all")

    add_comment(project)

    status = git(project, "status", "--porcelain")
    assert "?? app/resources/comments/" in status
    assert FOLDER not in status
    change("remove", remove(["comment"]), options(project, allow_dirty=True), say_nothing)
    assert [line[:2] for line in git(project, "status", "--porcelain").splitlines()] == ["??", "??"]


def test_another_folder_of_the_same_repository_may_have_changes(project: Path) -> None:
    git(project.parent, "init", "--quiet")
    git(project.parent, "add", "--all")
    git(project.parent, "commit", "--quiet", "-m", "all")
    (project.parent / "other").mkdir()
    (project.parent / "other" / "new.txt").touch()

    add_comment(project)

    assert (project / "app" / "resources" / "comments").is_dir()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("notes:text?", "", r"would lose the column tasks.notes.*rename tasks?.notes NEW"),
        ("notes:text?", "notes:text? size:int", r"no value for task\.size.*default with ="),
    ],
)
def test_a_changed_blueprint_that_would_lose_or_lack_something_is_refused(
    project: Path, old: str, new: str, said: str
) -> None:
    file = project / FILE_NAME
    upper, lower = file.read_text(encoding="utf-8").split("_applied:")
    file.write_text(f"{upper.replace(old, new)}_applied:{lower}", encoding="utf-8")
    before = take_snapshot(project)

    with pytest.raises((LossProblem, UsageProblem), match=said):
        change("apply", keep("apply"), options(project), say_nothing)

    assert take_snapshot(project) == before


def test_who_agrees_to_lose_something_may(project: Path) -> None:
    file = project / FILE_NAME
    upper, lower = file.read_text(encoding="utf-8").split("_applied:")
    file.write_text(f"{upper.replace(' notes:text?', '')}_applied:{lower}", encoding="utf-8")

    change("apply", keep("apply"), options(project, allow_data_loss=True), say_nothing)

    assert "notes" not in (project / "app/resources/tasks/models.py").read_text(encoding="utf-8")
    assert (project / "migrations/versions/0002_remove_tasks_notes.py").exists()


def test_rows_of_this_machine_are_not_removed_without_a_word(project: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(project / "demo.db")) as database:
        database.executescript(
            "CREATE TABLE tasks (id INTEGER, notes TEXT);"
            "INSERT INTO tasks VALUES (1, 'x'), (2, NULL);"
        )

    with pytest.raises(LossProblem, match=r"has 1 rows with a value in the column tasks\.notes"):
        change("remove", remove(["task.notes"]), options(project), say_nothing)

    change("remove", remove(["task.done"]), options(project, allow_data_loss=True), say_nothing)


def test_values_that_are_lost_are_named(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    answers = {"name": "demo", "resources": ["task state:enum(a,b)=a"]}
    render(make_blueprint(answers), project)
    wish = Wish("apply", {**answers, "resources": ["task state:enum(a,c)=a"]})

    with pytest.raises(LossProblem, match=r"the values b of tasks\.state: such rows take the def"):
        change("apply", lambda *_: wish, options(project), say_nothing)


def test_rows_that_nobody_can_count_are_not_removed(project: Path) -> None:
    (project / "demo.db").write_text("no database", encoding="utf-8")

    with pytest.raises(LossProblem, match=r"Nobody can count the rows that the column tasks\.done"):
        change("remove", remove(["task.done"]), options(project), say_nothing)


def test_what_is_renamed_or_removed_is_shown_line_by_line_too(project: Path) -> None:
    before = take_snapshot(project)
    shown = options(project, dry_run=True, shows_diff=True)
    for make in (rename("task", "todo"), remove(["task"])):
        outcome = change("rename", make, shown, say_nothing)

        assert "--- a/app/resources/tasks/models.py" in outcome.diff
        assert take_snapshot(project) == before


def test_removing_twice_is_the_same_as_once(project: Path) -> None:
    change("remove", remove(["task.done"]), options(project), say_nothing)
    before = take_snapshot(project)

    again = change("remove", remove(["task.done"]), options(project), say_nothing)

    assert again.notes == ['There is no "task.done" any more.']
    assert take_snapshot(project) == before


def test_a_journal_that_cannot_be_begun_changes_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = take_snapshot(project)

    def fail(*arguments: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(SurroundingsProblem, match="as it was"):
        patch.setattr(journal.Journal, "begin", fail)
        add_comment(project)

    assert take_snapshot(project) == before


def test_without_git_nothing_has_to_be_committed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(project, "init", "--quiet")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    add_comment(project)

    assert (project / "app" / "resources" / "comments").is_dir()


def test_a_layout_stays(project: Path) -> None:
    file = project / FILE_NAME
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("layout: standard", "layout: single", 1), encoding="utf-8")

    with pytest.raises(UsageProblem, match="standard of a project cannot become single"):
        change("apply", keep("apply"), options(project), say_nothing)


def test_another_name_is_told_what_it_means_for_the_database(project: Path) -> None:
    file = project / FILE_NAME
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("name: demo", "name: other", 1), encoding="utf-8")

    outcome = change("apply", keep("apply"), options(project), say_nothing)

    assert outcome.name == "other"
    assert any("rename demo.db" in note for note in outcome.notes)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (("version: 0.1.0", "version: 99.0.0"), "made by starlette-new 99.0.0, and this is"),
        (("version: 0.1.0", "version: nope"), "missing or damaged"),
        (("_applied:", "_other:"), "missing or damaged"),
        (("_applied:", "_commit: v99\n_other:"), "made by starlette-new 99, and this is"),
        (("templates: ", "templates: 0"), "another build of starlette-new 0.1.0"),
        (("name: demo", "name: ../evil"), '"../evil"'),
        (("\n    name: demo", "\n    name: ../evil"), r"record in .* is damaged: .*\.\./evil"),
        (("_applied:", "_commit: odd\n_other:"), "missing or damaged"),
        (("name: demo", "name: [demo"), "cannot be read"),
    ],
)
def test_a_record_that_is_lost_is_no_base(
    project: Path, damage: tuple[str, str], said: str
) -> None:
    file = project / FILE_NAME
    file.write_text(file.read_text(encoding="utf-8").replace(*damage), encoding="utf-8")
    if "_commit" in damage[1]:
        file.write_text(file.read_text(encoding="utf-8").replace("_commit: v0.1.0\n", ""))
    before = take_snapshot(project)

    with pytest.raises(TargetProblem, match=said):
        add_comment(project)

    assert take_snapshot(project) == before


def test_a_project_that_cannot_be_written_to_is_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = take_snapshot(project)

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.Journal, "carry_out", fail)

    with pytest.raises(SurroundingsProblem, match="No space left"):
        add_comment(project)

    assert take_snapshot(project) == before


def test_a_change_that_was_interrupted_is_told_of(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(changing, "settle", stop)
        add_comment(project)

    outcome = add_comment(project)

    assert outcome.notes[0] == 'The change "add comment", which was interrupted, is finished.'


def compare(project: Path) -> Outcome:
    return differing.compare(options(project), say_nothing)


def test_what_was_edited_is_shown_line_by_line(project: Path) -> None:
    assert compare(project).diff == ""
    before = take_snapshot(project)
    append(project / "app" / "routes.py", "# mine\n")
    (project / "tests" / "test_app.py").unlink()
    (project / "app" / "mine.py").write_text("x = 1\n", encoding="utf-8")
    (project / "demo.db").write_bytes(b"ignored")

    outcome = compare(project)

    assert list_plan(outcome) == {
        "app/mine.py": "create",
        "app/routes.py": "modify",
        "tests/test_app.py": "delete",
    }
    subprocess.run([GIT, "apply", "-R"], cwd=project, input=outcome.diff.encode(), check=True)
    (project / "demo.db").unlink()
    assert take_snapshot(project) == before


@pytest.mark.parametrize(
    ("first", "then", "left"),
    [
        ({"resources": []}, {"with_db": "none", "resources": []}, ["0001_initial.py"]),
        (
            {"resources": RESOURCES},
            {"with_db": "none", "resources": []},
            ["0001_initial.py", "0002_remove_tasks.py"],
        ),
        ({"with_db": "none"}, {"with_db": "sqlite", "resources": RESOURCES}, ["0001_initial.py"]),
    ],
)
def test_a_database_can_go_and_come(
    tmp_path: Path, first: dict[str, object], then: dict[str, object], left: Sequence[str]
) -> None:
    project = tmp_path / "demo"
    render(make_blueprint({"name": "demo", **first}), project)

    wish = Wish("apply", {"name": "demo", **then})
    change("apply", lambda *_: wish, options(project, allow_data_loss=True), say_nothing)

    assert sorted(p.name for p in (project / "migrations" / "versions").iterdir()) == left
    assert (project / "app" / "database.py").exists() == (then["with_db"] == "sqlite")


def test_telemetry_can_come_and_go(project: Path) -> None:
    append(project / "app" / "main.py", "# mine\n")
    before = take_snapshot(project)

    come = change("add", add([], {"with_telemetry": True}), options(project), say_nothing)
    then = take_snapshot(project)
    change("add", add([], {"with_telemetry": False}), options(project), say_nothing)

    assert list_plan(come)["app/telemetry.py"] == "create"
    assert b"Metrics(" in then["app/main.py"] and then["app/main.py"].endswith(b"# mine\n")
    left = take_snapshot(project)
    assert left | {FILE_NAME: b""} == before | {FILE_NAME: b""}


def test_a_project_of_one_file_is_told_the_sql(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    answers = {"name": "demo", "layout": "single", "resources": ["task title:str"]}
    render(make_blueprint(answers), project)
    wish = Wish("apply", {**answers, "resources": ["task title:str size:int=1"]})

    outcome = change("apply", lambda *_: wish, options(project), say_nothing)

    assert any("needs this SQL" in note for note in outcome.notes)
    assert any("size" in note for note in outcome.notes[1:])
    assert not (project / "migrations").exists()
