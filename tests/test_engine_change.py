"""A project that comes to PostgreSQL keeps its edits and its history, and can be put back."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from starlette_new import changing
from starlette_new.answers import FILE_NAME
from starlette_new.blueprint import make_blueprint
from starlette_new.changing import ChangeOptions, change
from starlette_new.engine_change import list_copying
from starlette_new.errors import Problem, TargetProblem, UsageProblem
from starlette_new.journal import FOLDER, recover
from starlette_new.outcomes import ConflictProblem, Outcome
from starlette_new.project_files import ProjectFiles
from starlette_new.render import render
from starlette_new.resuming import put_back, resume
from starlette_new.wishes import add, keep, remove, rename

LINES = ["task title:str(40) notes:text? price:decimal(6,2)=1.5 tags:many(tag)", "tag name:str"]
DEMO: dict[str, object] = {"name": "demo", "ui": "none"}
POSTGRES: dict[str, object] = {"with_db": "postgres"}
GIT = shutil.which("git") or "git"
OWN = "# by hand\nrevision = '12ab'\ndown_revision = '0001'\n"
Snapshot = dict[str, bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project for SQLite as it is made."""
    tree = tmp_path_factory.mktemp("made") / "demo"
    render(make_blueprint({**DEMO, "resources": LINES}), tree)
    return tree


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """The same, with a migration of its owner's."""
    project = shutil.copytree(made, tmp_path / "apps" / "demo")
    (project / "migrations/versions/12ab_mine.py").write_text(OWN, encoding="utf-8")
    return project


def say_nothing(event: object) -> None:
    """Tell nobody."""


def options(project: Path, **more: bool) -> ChangeOptions:
    return replace(ChangeOptions(project, verify=False, offline=True), **more)  # type: ignore[arg-type]


def come(project: Path, *lines: str, **more: bool) -> Outcome:
    return change("add", add(lines, POSTGRES), options(project, **more), say_nothing)


def take_snapshot(project: Path) -> Snapshot:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }


def make_tree(folder: Path, *more: str, **answers: str) -> Snapshot:
    """Make a new project, and read it."""
    render(make_blueprint({**DEMO, "resources": [*LINES, *more], **answers}), folder)
    return take_snapshot(folder)


def set_key(project: Path, old: str, new: str) -> None:
    file = project / FILE_NAME
    upper, lower = file.read_text(encoding="utf-8").split("_applied:")
    assert old in upper
    file.write_text(f"{upper.replace(old, new)}_applied:{lower}", encoding="utf-8")


def fill(project: Path, revision: str) -> None:
    with closing(sqlite3.connect(project / "demo.db")) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        database.commit()


def test_it_is_as_one_that_was_made_for_it_and_its_history_is_kept(
    project: Path, tmp_path: Path
) -> None:
    before = take_snapshot(project)
    mine = project / "app" / "database.py"
    mine.write_text(f"{mine.read_text(encoding='utf-8')}\n\nMINE = 1\n", encoding="utf-8")

    outcome = come(project)

    after = take_snapshot(project)
    kept = {path: data for path, data in after.items() if path.startswith("migrations/sqlite/")}
    assert kept == {
        "migrations/sqlite/0001_initial.py": before["migrations/versions/0001_initial.py"],
        "migrations/sqlite/12ab_mine.py": OWN.encode(),
    }
    expected = make_tree(tmp_path / "demo", with_db="postgres")
    expected["app/database.py"] += b"\n\nMINE = 1\n"
    assert {path: data for path, data in after.items() if path not in kept} == expected
    moved = {one.path: one.why for one in outcome.changes if one.path in kept}
    assert moved == {path: f"moved from {path.replace('sqlite', 'versions')}" for path in kept}
    assert "The migrations of SQLite are in migrations/sqlite now" in outcome.notes[0]
    assert "copy-rows FILE" in outcome.notes[1]
    assert len(outcome.notes) == 2


def test_the_blueprint_file_says_it_as_well(project: Path) -> None:
    set_key(project, "with_db: sqlite", "with_db: postgres  # at last")

    change("apply", keep("apply"), options(project), say_nothing)

    assert "with_db: postgres  # at last" in (project / FILE_NAME).read_text(encoding="utf-8")
    assert (project / "migrations/sqlite/12ab_mine.py").is_file()
    again = change("apply", keep("apply"), options(project), say_nothing)
    assert again.notes == ["There is nothing to do: the project is as .copier-answers.yml says."]


def test_a_plan_writes_nothing_and_its_lines_can_be_taken_back(project: Path) -> None:
    before = take_snapshot(project)

    planned = come(project, dry_run=True, shows_diff=True)

    assert take_snapshot(project) == before
    done = come(project)
    assert [vars(one) for one in planned.changes] == [vars(one) for one in done.changes]
    subprocess.run([GIT, "apply", "-R"], cwd=project, input=planned.diff.encode(), check=True)
    assert take_snapshot(project) == before


def test_what_is_added_may_come_along_and_the_next_goes_on_from_there(
    project: Path, tmp_path: Path
) -> None:
    come(project, "note body:text task:ref")

    expected = make_tree(tmp_path / "demo", "note body:text task:ref", with_db="postgres")
    after = take_snapshot(project)
    assert {path: data for path, data in after.items() if "/sqlite/" not in path} == expected
    change("add", add(["more body:text"], {}), options(project), say_nothing)
    change("remove", remove(["more"]), options(project, allow_data_loss=True), say_nothing)
    names = sorted(path.name for path in (project / "migrations/versions").iterdir())
    assert names == ["0001_initial.py", "0002_add_mores.py", "0003_remove_mores.py"]
    assert "sa.Identity()" in (project / "migrations/versions/0002_add_mores.py").read_text()


def test_background_work_may_come_along(project: Path, tmp_path: Path) -> None:
    change(
        "add", add([], {"with_db": "postgres", "with_jobs": True}), options(project), say_nothing
    )

    expected = make_tree(tmp_path / "demo", with_db="postgres", with_jobs="true")
    after = take_snapshot(project)
    del expected[FILE_NAME]
    assert b"with_jobs: true" in after.pop(FILE_NAME)
    assert {path: data for path, data in after.items() if "/sqlite/" not in path} == expected


def test_a_field_that_is_added_needs_a_value_for_the_rows(project: Path) -> None:
    set_key(project, "with_db: sqlite", "with_db: postgres")
    set_key(project, "notes:text?", "notes:text? size:int")
    with pytest.raises(UsageProblem, match=r"no value for task\.size"):
        change("apply", keep("apply"), options(project), say_nothing)
    set_key(project, "size:int", "size:int=1")

    change("apply", keep("apply"), options(project), say_nothing)

    text = (project / "migrations/versions/0001_initial.py").read_text(encoding="utf-8")
    assert '"size", sa.BigInteger()' in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("notes:text? ", ""),
        ("notes:text?", "notes:str?"),
        ("notes:text?", "notes:text"),
        ("str(40)", "str(40):unique"),
        ("tags:many(tag)", "labels:many(tag)"),
        ("- tag name:str", "- label name:str"),
    ],
)
def test_what_changes_otherwise_is_refused(project: Path, old: str, new: str) -> None:
    set_key(project, "with_db: sqlite", "with_db: postgres")
    if "label name" in new:
        set_key(project, " tags:many(tag)", "")
    set_key(project, old, new)
    before = take_snapshot(project)

    with pytest.raises(UsageProblem, match=r"changes while the database becomes postgres"):
        change("apply", keep("apply"), options(project, allow_data_loss=True), say_nothing)

    assert take_snapshot(project) == before


def test_what_is_renamed_is_refused_too(project: Path) -> None:
    set_key(project, "with_db: sqlite", "with_db: postgres")

    for old, new in (("task", "job"), ("task.notes", "text")):
        with pytest.raises(UsageProblem, match=r"The table tasks changes while"):
            change("rename", rename(old, new), options(project), say_nothing)


@pytest.mark.parametrize("wanted", ["sqlite", "none"])
def test_there_is_no_way_back(tmp_path: Path, wanted: str) -> None:
    project = tmp_path / "demo"
    render(make_blueprint(DEMO | POSTGRES), project)

    with pytest.raises(UsageProblem, match=f"postgres of a project cannot become {wanted}"):
        change("add", add([], {"with_db": wanted}), options(project), say_nothing)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{'a' * 40} {'b' * 40}:str", "longer than PostgreSQL's 63 characters"),
        ("task title:str(600):index", "too long for an index of PostgreSQL"),
        (
            {"line": "task name:str after:ref(task)?", "sample": [{"name": "a", "after": "2"}] * 2},
            'Row 1 of the sample of "task" refers to a row that PostgreSQL does not have yet',
        ),
    ],
)
def test_what_postgresql_cannot_keep_is_told_before_anything_is_written(
    tmp_path: Path, line: object, said: str
) -> None:
    project = tmp_path / "demo"
    render(make_blueprint({**DEMO, "resources": [line]}), project)
    before = take_snapshot(project)

    with pytest.raises(UsageProblem, match=said):
        come(project)
    set_key(project, "with_db: sqlite", "with_db: postgres")
    with pytest.raises(TargetProblem, match=said):
        change("apply", keep("apply"), options(project), say_nothing)

    set_key(project, "with_db: postgres", "with_db: sqlite")
    assert take_snapshot(project) == before


def test_a_conflict_waits_and_is_put_back_whole(project: Path) -> None:
    file = project / "app" / "settings.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("sqlite:///demo.db", "sqlite:///mine.db"), encoding="utf-8")
    before = take_snapshot(project)

    with pytest.raises(ConflictProblem, match=r"app/settings\.py"):
        come(project)

    assert not (project / "migrations/versions/12ab_mine.py").exists()
    put_back("add", options(project), say_nothing)
    assert take_snapshot(project) == before


def test_who_decides_goes_on_and_is_told_how_to_bring_the_rows(
    project: Path, tmp_path: Path
) -> None:
    file = project / "app" / "settings.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("sqlite:///demo.db", "sqlite:///mine.db"), encoding="utf-8")
    fill(project, "12ab")
    with pytest.raises(ConflictProblem):
        come(project)
    render(make_blueprint({**DEMO, "resources": LINES, **POSTGRES}), tmp_path / "demo")
    file.write_bytes((tmp_path / "demo/app/settings.py").read_bytes())

    outcome = resume("add", options(project), say_nothing)

    migrate, copy, start = outcome.next
    assert (migrate, copy) == (f"{start} migrate", "starlette-new copy-rows")


@pytest.mark.parametrize("writes", [0, 1, 2, 20])
def test_killed_while_it_is_written_it_is_finished_by_the_next_command(
    project: Path, writes: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    copy = shutil.copytree(project, tmp_path / "whole" / "demo")
    come(copy)
    write, left = ProjectFiles.write, iter(range(writes))

    def stop(*arguments: object) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        write(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ProjectFiles, "write", stop)
        come(project)

    assert "is finished" in recover(project)
    assert take_snapshot(project) == take_snapshot(copy)
    assert not (project / FOLDER).exists()


def _link(project: Path) -> None:
    file = project / "migrations/versions/12ab_mine.py"
    file.rename(project.parent / "elsewhere.py")
    file.symlink_to(project.parent / "elsewhere.py")


def _occupy(project: Path) -> None:
    (project / "migrations/sqlite").mkdir()
    (project / "migrations/sqlite/0001_initial.py").touch()


def _block(project: Path) -> None:
    (project / "migrations/sqlite").touch()


def _ignore(project: Path) -> None:
    with (project / ".gitignore").open("a") as file:
        file.write("12ab*\n")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_link, r'"12ab_mine.py" cannot be moved to migrations/sqlite'),
        (_ignore, r'"12ab_mine.py" cannot be moved to migrations/sqlite'),
        (_occupy, r"migrations/sqlite/0001_initial.py is in the way"),
        (_block, r"migrations/sqlite/0001_initial.py is in the way"),
    ],
)
def test_a_history_that_cannot_be_moved_whole_is_not_moved(
    project: Path, damage: Callable[[Path], None], said: str
) -> None:
    damage(project)
    before = take_snapshot(project)

    with pytest.raises(TargetProblem, match=said):
        come(project)

    assert take_snapshot(project) == before


def test_rows_that_could_not_be_copied_are_told_of_before(project: Path) -> None:
    fill(project, "0001")

    with pytest.raises(TargetProblem, match=r"demo\.db is not at the last migration, 12ab"):
        come(project)

    (project / "demo.db").unlink()
    fill(project, "12ab")
    assert come(project).next[1] == "starlette-new copy-rows"


def test_an_address_of_sqlite_is_told_of_and_left_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".env").write_text("DATABASE_URL=sqlite:///data/mine.db\n", encoding="utf-8")
    other = shutil.copytree(project, project.parent / "other")

    assert any(note.startswith("DATABASE_URL in .env names") for note in come(project).notes)
    assert (project / ".env").read_text() == "DATABASE_URL=sqlite:///data/mine.db\n"
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x.db")
    assert any("in the environment names" in note for note in come(other).notes)


def test_the_rows_are_looked_for_where_the_settings_say(tmp_path: Path) -> None:
    blueprint = make_blueprint(DEMO | POSTGRES)
    assert list_copying(tmp_path, blueprint) == []
    (tmp_path / "demo.db").touch()
    assert list_copying(tmp_path, blueprint) == ["starlette-new copy-rows"]
    (tmp_path / ".env").write_text("DATABASE_URL=sqlite:///my rows.db\n", encoding="utf-8")
    (tmp_path / "my rows.db").touch()
    assert list_copying(tmp_path, blueprint) == ["starlette-new copy-rows 'my rows.db'"]


def test_tables_that_the_blueprint_does_not_know_are_named(project: Path) -> None:
    (project / "app" / "mine.py").write_text(
        '__tablename__ = "audits"\nx = sa.Table(\n    "extras",\n)\ny = Table("tasks")\n'
    )

    notes = come(project).notes

    assert notes[1].startswith("They do not make audits, extras, which the blueprint does not know")


@pytest.mark.parametrize("left", [(), ("0001_initial.py", "0002_remove_tasks.py")])
def test_a_project_without_a_database_may_have_one(tmp_path: Path, left: tuple[str, ...]) -> None:
    project = tmp_path / "demo"
    render(make_blueprint({**DEMO, "with_db": "none"}), project)
    for name in left:
        (project / "migrations/versions").mkdir(parents=True, exist_ok=True)
        (project / "migrations/versions" / name).write_text("# of SQLite\n", encoding="utf-8")

    outcome = come(project, "task title:str")

    assert [p.name for p in (project / "migrations/versions").iterdir()] == ["0001_initial.py"]
    assert sorted(p.name for p in (project / "migrations").glob("sqlite/*")) == list(left)
    assert bool(outcome.notes) == bool(left)


def test_another_name_is_told_with_the_right_one(tmp_path: Path) -> None:
    project = tmp_path / "demo"
    render(make_blueprint(DEMO | POSTGRES), project)
    set_key(project, "name: demo", "name: shop")

    outcome = change("apply", keep("apply"), options(project), say_nothing)

    assert outcome.notes[0].startswith("The database is shop now")


def test_what_was_removed_before_is_still_known(project: Path) -> None:
    change("add", add(["note body:text"], {}), options(project), say_nothing)
    change("remove", remove(["note"]), options(project), say_nothing)
    come(project)

    outcome = change("remove", remove(["note"]), options(project), say_nothing)

    assert outcome.notes == ['There is no "note" any more.']
    with pytest.raises(Problem, match='There is no "never"'):
        change("remove", remove(["never"]), options(project), say_nothing)


def test_interrupted_after_it_was_written_it_is_done(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(changing, "settle", stop)
        come(project)

    assert (
        change("apply", keep("apply"), options(project), say_nothing)
        .notes[0]
        .endswith("which was interrupted, is finished.")
    )
