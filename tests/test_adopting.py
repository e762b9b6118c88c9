"""A Starlette project of somebody else's is added to, and no file of theirs is written to."""

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from starlette_new import cli
from starlette_new.adopting import adopt
from starlette_new.answers import FILE_NAME
from starlette_new.applications import find_applications
from starlette_new.changing import ChangeOptions, change
from starlette_new.differing import compare
from starlette_new.environment import Environment
from starlette_new.errors import SurroundingsProblem, TargetProblem, UsageProblem
from starlette_new.outcomes import ConflictProblem, Outcome
from starlette_new.prove import Check, Prover
from starlette_new.requirements import allows, list_development, list_lacking
from starlette_new.resuming import put_back, resume
from starlette_new.wishes import add, keep, remove

COMMENT = "comment body:text"
GIT = shutil.which("git") or "git"

SETTINGS = """\
[project]
name = "shop"
version = "1"
requires-python = ">=3.11"
dependencies = [
    "alembic>=1.20,<2", "jinja2>=3.1,<4", "msgspec>=0.22,<1", "pydantic>=2.14,<3",
    "SQLAlchemy>=2.1,<2.2", "starlette>=1.10,<2", "typing_extensions>=4.14,<5",
    "uvicorn[standard]>=0.54,<1",
]
"""
READY = """\

[dependency-groups]
dev = ["httpx2>=2.16,<3", {include-group = "test"}]
test = ["pytest>=9.2,<10"]

[tool.alembic]
script_location = "%(here)s/migrations"

[tool.pytest.ini_options]
pythonpath = [".", "lib"]
anyio_mode = "auto"
"""
PLAIN = """\
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles


async def home(request):
    return PlainTextResponse("mine")


app = Starlette(
    debug=True,
    routes=[Route("/", home)],
)
app.mount("/", StaticFiles(directory="."))

if __name__ == "__main__":
    uvicorn.run(app)
"""
FACTORY = """\
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


@asynccontextmanager
async def lifespan(app):
    yield {"database": "mine"}


async def home(request):
    return PlainTextResponse(request.state.database)


def create_app(debug: bool = False) -> Starlette:
    app = Starlette(debug=debug, routes=[Route("/", home)], lifespan=lifespan)
    if debug:
        app.state.debug = True
    return app
"""
RETURNED = FACTORY.replace("    app = Starlette(", "    return Starlette(").partition(
    "    if debug"
)[0]
CLIENT = """
from starlette.testclient import TestClient
from shop import main
with TestClient(main.{app}, base_url="http://localhost") as client:
    for path in ("/", "/api/comments", "/health/ready", "/nope"):
        answer = client.get(path)
        print(answer.status_code, answer.text)
    print(client.post("/api/comments", json={{"body": "x"}}).headers["location"])
"""


def make_project(folder: Path, files: dict[str, str]) -> Path:
    project = folder / "shop"
    for path, text in files.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    return project


@pytest.fixture
def project(folder: Path) -> Path:
    """A small project of somebody, of one file."""
    return make_project(
        folder, {"pyproject.toml": SETTINGS, "main.py": PLAIN, ".gitignore": "*.pyc\n"}
    )


def say_nothing(event: object) -> None:
    """Tell nobody."""


def options(project: Path, **more: bool) -> ChangeOptions:
    return replace(ChangeOptions(project, offline=True), **more)  # type: ignore[arg-type]


def add_comment(project: Path, line: str = COMMENT, **more: bool) -> Outcome:
    return change("add", add([line], {}), options(project, **more), say_nothing)


def take_snapshot(project: Path) -> dict[str, bytes]:
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix()
    }


def list_plan(outcome: Outcome) -> dict[str, str]:
    return {change.path: change.action.value for change in outcome.changes}


def git(project: Path, *arguments: str) -> None:
    subprocess.run([GIT, *arguments], cwd=project, capture_output=True, check=True)


def test_adopting_writes_one_file_and_says_what_was_found(project: Path) -> None:
    before = take_snapshot(project)
    planned = adopt(options(project, dry_run=True, shows_diff=True), say_nothing)
    assert take_snapshot(project) == before

    outcome = adopt(options(project), say_nothing)

    after = take_snapshot(project)
    text = after.pop(FILE_NAME).decode()
    assert after == before
    assert text.startswith("# The blueprint of this project, as starlette-new was asked for it.\n")
    assert "\nname: shop\nlayout: standard\nwith_db: sqlite\nui: none\nresources: []\n" in text
    assert "  owner:\n  - AGENTS.md\n  - README.md\n  - pyproject.toml\n  placed: false\n" in text
    assert outcome.notes[0] == "Starlette(...) is called in main.py, line 12 (app)."
    assert outcome.next == ['starlette-new add "comment body:text" -n']
    assert planned.changes == outcome.changes
    assert f"+++ b/{FILE_NAME}\n" in planned.diff
    assert not outcome.proven
    assert (project / FILE_NAME).stat().st_mode & 0o777 == 0o644


def test_in_a_repository_it_asks_for_a_commit(project: Path) -> None:
    git(project, "init", "--quiet")
    with pytest.raises(TargetProblem, match="not committed"):
        adopt(options(project), say_nothing)
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "-m", "all")

    outcome = adopt(options(project), say_nothing)

    assert outcome.next[0] == f"git add {FILE_NAME}"
    assert adopt(
        options(
            make_project(project, {"pyproject.toml": SETTINGS, "a.py": PLAIN}), allow_dirty=True
        ),
        say_nothing,
    ).changes


@pytest.mark.parametrize(
    ("given", "name", "notes"),
    [("shop", "shop", 0), ("app", "shop", 1), ("tests", "shop", 1), ("1", "shop", 1)],
)
def test_a_name_that_cannot_be_is_that_of_the_folder(
    project: Path, given: str, name: str, notes: int
) -> None:
    (project / "pyproject.toml").write_text(f'[project]\nname = "{given}"\n')

    outcome = adopt(options(project, dry_run=True), say_nothing)

    assert outcome.name == name
    assert len([note for note in outcome.notes if "cannot be taken" in note]) == notes


def test_a_folder_whose_name_cannot_be_either_gives_a_plain_one(project: Path) -> None:
    project = project.rename(project.with_name("app"))
    (project / "pyproject.toml").write_text("[project]\n")

    assert adopt(options(project, dry_run=True), say_nothing).name == "service"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"pyproject.toml": ""}, r"no pyproject.toml with a table \[project\].*uv init --bare"),
        ({"pyproject.toml": "["}, r"no pyproject.toml with a table"),
        ({"main.py": "app = FastAPI()\n"}, r"calls Starlette\(...\)"),
        ({"main.py": "import starlette.applications\n"}, r"calls Starlette\(...\)"),
        ({"main.py": "def (\n"}, r"calls Starlette\(...\)"),
        ({"app/main.py": PLAIN}, "Your app stands where starlette-new would need app/"),
        ({"app.py": PLAIN}, "Your app.py stands where starlette-new would need app/"),
        ({"src/app/main.py": PLAIN}, "Your src/app stands"),
        ({"migrations/env.py": ""}, "Your migrations stands where .* need migrations/"),
        ({"alembic.ini": ""}, "Your alembic.ini stands"),
        ({"pyproject.toml": f"{SETTINGS}[tool.alembic]\na = 1\n"}, r"a table \[tool.alembic\]"),
        ({FILE_NAME: "_commit: v1\n_src_path: x\n"}, "of another template"),
        ({FILE_NAME: "nonsense"}, "of another template"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    project: Path, files: dict[str, str], said: str
) -> None:
    make_project(project.parent, files)
    before = take_snapshot(project)

    with pytest.raises(TargetProblem, match=said):
        adopt(options(project), say_nothing)

    assert take_snapshot(project) == before


def test_twice_is_refused(project: Path) -> None:
    adopt(options(project), say_nothing)

    with pytest.raises(TargetProblem, match="a project of starlette-new already"):
        adopt(options(project), say_nothing)


def test_a_disk_that_fails_leaves_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    before = take_snapshot(project)
    monkeypatch.setattr("os.replace", fail)

    with pytest.raises(SurroundingsProblem, match="No space left on device"):
        adopt(options(project), say_nothing)

    assert take_snapshot(project) == before


@pytest.mark.parametrize(
    ("text", "where", "last"),
    [
        (PLAIN, "main.py, line 12 (app)", 16),
        (FACTORY, "main.py, line 18 (create_app())", 20),
        (RETURNED, "main.py, line 18 (create_app())", 18),
        (
            "import starlette.applications as a\nx: object = a.Starlette()\nx = wrap(x)\nx.y()\n",
            "main.py, line 2 (x)",
            2,
        ),
        (
            "from starlette import applications\nfrom starlette import routing\n"
            "app = wrap(applications.Starlette())\n",
            "main.py, line 3",
            3,
        ),
        (
            "from starlette.applications import Starlette as A\nx = A()\ndef f():\n    x\n"
            "x.y(\n)\nimport uvicorn\nuvicorn.run(x)\nx.z()\n",
            "main.py, line 2 (x)",
            6,
        ),
    ],
)
def test_an_application_is_found_where_it_is_made(
    project: Path, text: str, where: str, last: int
) -> None:
    (project / "main.py").write_text(text)

    (found,) = find_applications(project)

    assert (found.where, found.last) == (where, last)


def test_the_application_that_is_served_comes_first(project: Path) -> None:
    inner = "from starlette.applications import Starlette\napi = Starlette()\n"
    make_project(
        project.parent,
        {
            "a.py": inner,
            "b/c.py": inner,
            "d.py": inner,
            "tests/e.py": inner,
            "test_f.py": inner,
            "conftest.py": inner,
            "out/g.py": inner,
            ".gitignore": "out/\n",
        },
    )

    outcome = adopt(options(project), say_nothing)
    added = add_comment(project)

    assert outcome.notes[0] == (
        "Starlette(...) is called in main.py, line 12 (app); a.py, line 2 (api); "
        "d.py, line 2 (api); and 1 more."
    )
    assert any("is called elsewhere too: a.py, line 2 (api); d.py" in note for note in added.notes)


def test_adding_places_new_files_and_prints_what_is_missing(project: Path) -> None:
    make_project(
        project.parent,
        {
            "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.9"\n'
            'dependencies = ["starlette", "uvicorn>=0.54", "pydantic==2.14.*", "!"]\n'
            "[tool.pytest.ini_options]\naddopts = []\n",
            "tests/test_app.py": "def test_mine():\n    pass\n",
            "tests/conftest.py": "mine = 1\n",
            "README.md": "mine\n",
        },
    )
    before = take_snapshot(project)
    adopt(options(project), say_nothing)

    outcome = add_comment(project, shows_diff=True)

    after = take_snapshot(project)
    assert {path: data for path, data in after.items() if path in before} == before
    assert {"app/main.py", "app/joining.py", "tests/joined/conftest.py"} <= after.keys()
    assert "migrations/versions/0001_initial.py" in after
    assert {"AGENTS.md", "tests/samples.py"}.isdisjoint(after)
    assert {path for path, action in list_plan(outcome).items() if action == "keep"} == {
        ".gitignore"
    }
    assert "\n# +*.db\n" in outcome.diff
    assert outcome.notes == [
        "Write into pyproject.toml, for what is added needs that Python:",
        '    requires-python = ">=3.11"',
        "Paste into pyproject.toml:",
        "    [tool.alembic]",
        '    script_location = "%(here)s/migrations"',
        "Paste into pyproject.toml, below [tool.pytest.ini_options]:",
        '    pythonpath = ["."]',
        '    anyio_mode = "auto"',
        "Paste into main.py, below line 16:",
        "    join(app)",
        "Paste into main.py, with the imports:",
        "    from app.joining import join",
        "What is joined answers to the names in ALLOWED_HOSTS (localhost, 127.0.0.1), as set.",
        "Its tests need what is named here: they are not run before that.",
    ]
    assert outcome.next == [
        "uv add 'alembic>=1.20,<2' 'jinja2>=3.1,<4' 'msgspec>=0.22,<1' 'sqlalchemy>=2.1,<2.2' "
        "'starlette>=1.10,<2' 'typing-extensions>=4.14,<5' 'uvicorn[standard]>=0.54,<1'",
        "uv add --dev 'httpx2>=2.16,<3' 'pytest>=9.2,<10'",
        "starlette-new check",
        "uv run python -m app migrate",
    ]
    assert not outcome.proven
    assert not outcome.checks


def test_the_new_table_of_pytest_is_taken_where_there_is_one(project: Path) -> None:
    (project / "pyproject.toml").write_text(f"{SETTINGS}[tool.pytest]\nstrict = true\n")
    adopt(options(project), say_nothing)

    assert "Paste into pyproject.toml, below [tool.pytest]:" in add_comment(project).notes


def paste(project: Path, outcome: Outcome) -> None:
    """Do with the owner's files what the notes say, and no more."""
    told = iter(outcome.notes)
    for note in told:
        if found := re.fullmatch(r"Paste into (.*\.py), below line (\d+):", note):
            lines = (project / found[1]).read_text().splitlines()
            lines.insert(int(found[2]), next(told).removeprefix("    "))
            (project / found[1]).write_text("\n".join(lines) + "\n")
        elif found := re.fullmatch(r"Paste into (.*\.py), with the imports:", note):
            file = project / found[1]
            file.write_text(f"{next(told).strip()}\n{file.read_text()}")
        elif found := re.fullmatch(r"In (.*), line (\d+), put join\(...\) around .*", note):
            lines = (project / found[1]).read_text().splitlines()
            line = lines[int(found[2]) - 1]
            lines[int(found[2]) - 1] = line.replace("Starlette(", "join(Starlette(") + ")"
            (project / found[1]).write_text("\n".join(lines) + "\n")


def test_the_lines_that_are_printed_join_both_applications(folder: Path) -> None:
    """The promise of it: in real projects, installed, with the lines pasted as they are told."""
    project = make_project(
        folder,
        {
            "pyproject.toml": SETTINGS,
            "shop/__init__.py": "",
            "shop/main.py": PLAIN,
            "tests/conftest.py": "import pytest\n@pytest.fixture\ndef client(): return 1\n",
            "tests/test_app.py": "def test_mine(client): assert client == 1\n",
        },
    )
    adopt(options(project), say_nothing)
    (project / "pyproject.toml").write_text(SETTINGS + READY)

    outcome = add_comment(project, offline=False)

    assert outcome.proven, outcome.notes
    assert outcome.next == ["uv run python -m app migrate"]
    assert "Its tests need what is named here: they are not run before that." not in outcome.notes
    python = str(project / ".venv" / "bin" / "python")
    subprocess.run([python, "-m", "app", "migrate"], cwd=project, check=True, capture_output=True)
    cases = [
        (PLAIN, "mine", "404 Not Found", "app"),
        (FACTORY, "mine", '200 {"status":"ready"}', "create_app(debug=True)"),
        (RETURNED, "mine", '200 {"status":"ready"}', "create_app()"),
    ]
    for text, home, ready, app in cases:
        (project / "shop" / "main.py").write_text(text)
        paste(project, add_comment(project, f"thing{len(text)} size:int", dry_run=True))
        done = subprocess.run(
            [python, "-W", "error", "-c", CLIENT.format(app=app)],
            cwd=project,
            capture_output=True,
            text=True,
        )

        lines = done.stdout.splitlines()
        assert lines[:1] == [f"200 {home}"], done.stderr
        assert lines[1].startswith('200 {"items":[')
        assert lines[2:4] == [ready, "404 Not Found"]
        assert lines[4].startswith("/api/comments/")


@pytest.fixture
def ready(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with all that is needed, adopted; installing and proving it are green at once."""
    monkeypatch.setattr(Environment, "create", lambda *arguments: None)
    monkeypatch.setattr(Environment, "sync", lambda *arguments: None)
    monkeypatch.setattr(Prover, "prove_it_works", lambda self: [Check("suite", True, 1.0, "ok")])
    adopt(options(project), say_nothing)
    (project / "pyproject.toml").write_text(SETTINGS + READY)
    return project


def test_its_telemetry_is_its_owners(ready: Path) -> None:
    add_comment(ready)

    with pytest.raises(UsageProblem, match="Telemetry of a project that was adopted is its owner"):
        change("add", add([], {"with_telemetry": True}), options(ready), say_nothing)


def test_its_background_work_is_its_owners(ready: Path) -> None:
    add_comment(ready)
    answers = {"with_db": "postgres", "with_jobs": True}

    with pytest.raises(UsageProblem, match="Background work of a project that was adopted is its"):
        change("add", add([], answers), options(ready), say_nothing)


def test_the_lines_to_paste_are_printed_until_they_are_there(ready: Path) -> None:
    first = add_comment(ready)
    paste(ready, first)

    second = add_comment(ready, "author name:str(80)")

    assert first.proven
    assert "    join(app)" in first.notes
    assert second.proven
    assert second.notes == ["Read migrations/versions/0002_add_authors.py."]
    assert list_plan(second)["app/routes.py"] == "modify"
    assert "app/joining.py" not in list_plan(second)
    assert "migrations/versions/0002_add_authors.py" in list_plan(second)


def test_where_no_application_is_found_any_more_it_is_said(ready: Path) -> None:
    (ready / "main.py").unlink()

    notes = add_comment(ready).notes

    assert notes[0].startswith("Where your application is made: from app.joining import join;")


def test_what_is_added_and_removed_leaves_no_resource(ready: Path) -> None:
    before = take_snapshot(ready)
    add_comment(ready)

    change("remove", remove(["comment"]), options(ready), say_nothing)

    after = take_snapshot(ready)
    assert not any("comments" in path for path in after if "migrations" not in path)
    assert {path: after[path] for path in before if path != FILE_NAME} == {
        path: data for path, data in before.items() if path != FILE_NAME
    }


def test_nothing_is_placed_before_there_is_a_resource(ready: Path) -> None:
    before = take_snapshot(ready)
    nothing = change("apply", keep("apply"), options(ready), say_nothing)
    assert nothing.notes == ["There is nothing to do: the project is as .copier-answers.yml says."]

    outcome = change("add", add([], {"with_ci": "github"}), options(ready), say_nothing)

    assert outcome.notes == ["Nothing is placed before there is a resource."]
    assert take_snapshot(ready).keys() == before.keys()
    assert list_plan(outcome) == {FILE_NAME: "modify"}
    assert not outcome.proven
    assert compare(options(ready), say_nothing).diff == ""
    assert ".github/workflows/check.yml" in list_plan(add_comment(ready))


def test_a_file_of_the_owner_is_never_a_conflict(ready: Path) -> None:
    make_project(ready.parent, {"app/resources/authors/models.py": "mine\n"})
    add_comment(ready)

    outcome = add_comment(ready, "author name:str(80)")

    assert list_plan(outcome)["app/resources/authors/models.py"] == "keep"
    assert (ready / "app/resources/authors/models.py").read_text() == "mine\n"
    assert "\n  - app/resources/authors/models.py\n" in (ready / FILE_NAME).read_text()


def test_what_was_edited_of_ours_is_shown_and_may_conflict(ready: Path) -> None:
    add_comment(ready)
    assert compare(options(ready), say_nothing).diff == ""
    routes = ready / "app" / "routes.py"
    routes.write_text("routes = []\n")
    assert [one.path for one in compare(options(ready), say_nothing).changes] == ["app/routes.py"]
    with pytest.raises(ConflictProblem):
        add_comment(ready, "author name:str(80)")
    put_back("add", options(ready), say_nothing)
    with pytest.raises(ConflictProblem):
        add_comment(ready, "author name:str(80)")
    routes.write_text("routes = []\n")

    outcome = resume("add", options(ready), say_nothing)

    assert outcome.proven
    assert outcome.next == ["uv run python -m app migrate"]
    assert "    join(app)" in outcome.notes


def test_a_change_that_goes_on_needs_its_packages_too(ready: Path) -> None:
    add_comment(ready)
    (ready / "app" / "routes.py").write_text("routes = []\n")
    with pytest.raises(ConflictProblem):
        add_comment(ready, "author name:str(80)")
    (ready / "app" / "routes.py").write_text("routes = []\n")
    (ready / "pyproject.toml").unlink()

    outcome = resume("add", options(ready), say_nothing)

    assert not outcome.proven
    assert outcome.next[0].startswith("uv add ")


def test_it_comes_to_postgresql_and_lacks_its_driver(ready: Path) -> None:
    paste(ready, add_comment(ready))
    with closing(sqlite3.connect(ready / "shop.db")) as database:
        database.execute("CREATE TABLE alembic_version AS SELECT '0001' AS version_num")

    wish = add([], {"with_db": "postgres"})
    outcome = change("add", wish, options(ready), say_nothing)

    assert (ready / "migrations/sqlite/0001_initial.py").is_file()
    assert outcome.next == [
        "uv add 'psycopg[binary]>=3.3,<4'",
        "starlette-new check",
        "uv run python -m app migrate",
        "starlette-new copy-rows",
    ]


def test_it_is_checked_by_its_tests_alone(
    ready: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ready)
    add_comment(ready)

    assert cli.run(["check"]) == 0

    assert "✓ suite" in capsys.readouterr().out


def test_a_record_with_owners_that_are_no_list_is_damaged(ready: Path) -> None:
    file = ready / FILE_NAME
    text = re.sub(r"  owner:\n(  - .*\n)+", "  owner: all\n", file.read_text())
    file.write_text(text)

    with pytest.raises(TargetProblem, match="missing or damaged"):
        add_comment(ready)


@pytest.mark.parametrize(
    ("wanted", "has", "lacks"),
    [
        ("a-b>=2,<3", "A_b>=2", False),
        ("a>=2,<3", "a", True),
        ("a>=2,<3", "a<3", True),
        ("a>=2,<3", "a>=1", True),
        ("a>=2,<3", "a==2.5.*", False),
        ("a[x]>=2", "a>=2", True),
        ("a>=2", "b>=2", True),
    ],
)
def test_a_dependency_is_there_if_the_oldest_that_is_allowed_is_new_enough(
    wanted: str, has: str, lacks: bool
) -> None:
    assert list_lacking([wanted], [has]) == [wanted] * lacks


def test_settings_that_are_wrong_say_nothing() -> None:
    assert list_development({"dependency-groups": {"dev": "x"}}) == []
    assert list_development({"dependency-groups": 1}) == []
    circle = {"dev": ["a", {"include-group": "dev"}]}
    assert list_development({"dependency-groups": circle}) == ["a"]
    assert not allows("nonsense", "3.10")


def test_the_command_prints_one_document(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: Draft202012Validator,
) -> None:
    monkeypatch.chdir(project)
    for line, code in (("-n --diff", 0), ("", 0), ("", 3), ("--nope", 2)):
        assert cli.run(["adopt", *line.split(), "--json"]) == code

        document = json.loads(capsys.readouterr().out)
        printed.validate(document)
        assert document["command"] == "adopt"


def test_what_was_adopted_is_told_on_one_screen(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project)

    assert cli.run(["adopt"]) == 0
    shown = capsys.readouterr().out
    assert cli.run(["add", COMMENT, "--no-verify"]) == 0

    assert shown.startswith(f"{project}\nlayout standard, database sqlite, resources: none\n")
    assert len(shown.splitlines()) < 24
    assert len(capsys.readouterr().out.splitlines()) < 40
