"""A project of an older version is brought to a newer one, and keeps what its owner wrote."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from wheels import copy_version, make_wheel, run_copy

from starlette_new import answers, blueprint_file, changing, commands, updating, versions
from starlette_new.answers import FILE_NAME
from starlette_new.blueprint import make_blueprint
from starlette_new.changing import ChangeOptions, change
from starlette_new.commands import Options
from starlette_new.environment import Environment
from starlette_new.errors import BehindProblem, SurroundingsProblem, TargetProblem, UsageProblem
from starlette_new.outcomes import Outcome
from starlette_new.prove import Prover
from starlette_new.releases import BEHAVIOUR, list_behaviour
from starlette_new.render import render
from starlette_new.wishes import keep

pytestmark = pytest.mark.xdist_group("updating")

MAIN = "project_templates/standard/template/app/main.py.jinja"
DATABASE = "project_templates/standard/engines/sqlite/database.py"
RELEASES = "BEHAVIOUR: Mapping[str, tuple[str, ...]] = {"
SECOND = {
    MAIN: ('"""', '"""Second: '),
    "releases.py": (RELEASES, f'{RELEASES}\n    "0.2.0": ("Second thoughts.",),'),
}
THIRD = {
    MAIN: ('"""', '"""Third: '),
    DATABASE: ('"""', '"""Third: '),
    "releases.py": (
        RELEASES,
        f'{RELEASES}\n    "0.2.0": ("Second thoughts.",), "0.3.0": ("Third.",),',
    ),
}


@dataclass
class Versions:
    """Three versions: the folder of each copy, and the variables with which uv finds the wheels."""

    folders: dict[str, Path]
    variables: dict[str, str]

    def run(self, version: str, cwd: Path, *words: str) -> CompletedProcess[str]:
        return run_copy(self.folders[version], cwd, self.variables, *words)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """Three versions in a row, as wheels in a folder, and what they need in uv's cache."""
    root = tmp_path_factory.mktemp("versions")
    wheels = root / "wheels"
    wheels.mkdir()
    folders = {}
    for version, edits in {"0.1.0": {}, "0.2.0": SECOND, "0.3.0": THIRD}.items():
        folders[version] = copy_version(root / version, version, edits)
        make_wheel(folders[version], version, wheels)
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    made = Versions(folders, variables | {"UV_FIND_LINKS": str(wheels)})
    cached = run_copy(folders["0.1.0"], root, made.variables, "demo", "--no-install", "--no-git")
    assert cached.returncode == 0, cached.stderr
    first = made.run("0.2.0", root / "demo", "update", "--dry-run")  # with the network, if need be
    assert first.returncode == 0, first.stderr
    return made


@pytest.fixture
def project(three: Versions, folder: Path) -> Path:
    """A project of the first version, with something its owner wrote."""
    made = three.run("0.1.0", folder, "demo", "--no-install", "--no-git")
    assert made.returncode == 0, made.stderr
    with (folder / "demo" / "app" / "main.py").open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    return folder / "demo"


@pytest.mark.parametrize(
    ("way", "told"),
    [
        (["0.2.0"], [["0.2.0: Second thoughts."]]),
        (["0.3.0"], [["0.2.0: Second thoughts.", "0.3.0: Third."]]),
        (["0.2.0", "0.3.0"], [["0.2.0: Second thoughts."], ["0.3.0: Third."]]),
    ],
)
def test_it_is_brought_across_one_version_or_two_from_local_wheels(
    three: Versions, project: Path, way: list[str], told: list[list[str]]
) -> None:
    for version, notes in zip(way, told, strict=True):
        behind = three.run(version, project, "update", "--check")
        done = three.run(version, project, "update", "--offline", "--no-verify", "--json")
        after = three.run(version, project, "update", "--check")

        assert (behind.returncode, done.returncode, after.returncode) == (6, 0, 0), done.stderr
        assert json.loads(done.stdout)["notes"][1:] == notes
    main = (project / "app" / "main.py").read_text(encoding="utf-8")
    assert main.startswith('"""Third' if way[-1] == "0.3.0" else '"""Second')
    assert main.endswith("# mine\n")
    assert f"version: {way[-1]}\n" in (project / FILE_NAME).read_text(encoding="utf-8")
    diff = three.run(way[-1], project, "diff")
    assert [line for line in diff.stdout.splitlines() if line[:2] in ("+#", "-#")] == ["+# mine"]


def test_a_certain_version_can_be_asked_for(three: Versions, project: Path) -> None:
    words = ["update", "--to", "0.3.0", "--no-verify", "--offline"]
    done = three.run("0.1.0", project, *words)

    assert done.returncode == 0, done.stderr
    assert "0.3.0: Third." in done.stdout
    assert "version: 0.3.0\n" in (project / FILE_NAME).read_text(encoding="utf-8")


def test_what_is_added_to_an_older_project_brings_it_here(three: Versions, project: Path) -> None:
    done = three.run("0.2.0", project, "add", "comment body:text", "--no-verify", "--offline")

    assert done.returncode == 0, done.stderr
    assert "It comes from starlette-new 0.1.0 to 0.2.0." in done.stdout
    assert (project / "app" / "resources" / "comments").is_dir()
    assert (project / "app" / "main.py").read_text(encoding="utf-8").startswith('"""Second')


@pytest.fixture
def later(three: Versions, monkeypatch: pytest.MonkeyPatch) -> None:
    """This program, as if it were version 0.2.0."""
    for module in (answers, blueprint_file, changing, updating, versions):
        monkeypatch.setattr(module, "__version__", "0.2.0")
    monkeypatch.setenv("UV_FIND_LINKS", three.variables["UV_FIND_LINKS"])


def say_nothing(event: object) -> None:
    """Tell nobody."""


def update(project: Path) -> Outcome:
    options = ChangeOptions(project, verify=False, offline=True)
    return change("update", keep("update"), options, say_nothing)


@pytest.mark.usefixtures("later")
def test_the_version_that_made_it_says_what_it_was(project: Path) -> None:
    outcome = update(project)

    assert [one.path for one in outcome.changes] == [FILE_NAME]
    assert outcome.notes == ["It comes from starlette-new 0.1.0 to 0.2.0."]
    assert (project / "app" / "main.py").read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("before", "after", "problem", "said"),
    [
        ("version: 0.1.0", "version: 0.1.5", SurroundingsProblem, "0.1.5, which made the project"),
        ("templates: ", "templates: 0", TargetProblem, "another build of starlette-new 0.1.0"),
        ("version: 0.1.0", "version: 0.3.0", TargetProblem, "made by starlette-new 0.3.0"),
    ],
)
def test_without_a_base_nothing_is_merged(
    project: Path, before: str, after: str, problem: type[Exception], said: str
) -> None:
    file = project / FILE_NAME
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    with pytest.raises(problem, match=said):
        update(project)

    assert (project / "app" / "main.py").read_text(encoding="utf-8").endswith("# mine\n")


@pytest.mark.usefixtures("later")
def test_a_check_says_that_a_project_is_behind(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("prove_it_works", "prove_it_is_clean"):
        monkeypatch.setattr(Prover, name, lambda self, **options: [])
    monkeypatch.setattr(Environment, "sync", lambda *arguments: None)

    outcome = commands.check(Options(project, sys.executable), say_nothing)

    assert outcome.notes == [
        "It was made by starlette-new 0.1.0, and this is 0.2.0: starlette-new update brings it "
        "here."
    ]
    file = project / FILE_NAME
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("_applied:", "_other:"), encoding="utf-8")
    assert commands.check(Options(project, sys.executable), say_nothing).notes == []
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BehindProblem) as behind:
        updating.check_version(ChangeOptions(project))
    assert behind.value.exit_code == 6
    monkeypatch.setattr(versions, "__version__", "0.0.9")
    applied = blueprint_file.read_applied(project)
    assert versions.describe_age(applied).endswith("install the newer one.")


@pytest.fixture
def now(folder: Path) -> Path:
    """A project of this version."""
    render(make_blueprint({"name": "now", "with_db": "none"}), folder / "now")
    return folder / "now"


def test_a_project_of_this_version_is_up_to_date(now: Path) -> None:
    outcome = updating.check_version(ChangeOptions(now))

    assert outcome.notes == ["It is up to date: starlette-new 0.1.0 made it."]


@pytest.mark.parametrize(
    ("version", "said"),
    [("0.0.9", r"--to cannot be 0\.0\.9: .* made by 0\.1\.0"), ("new", '--to cannot be "new"')],
)
def test_there_is_no_way_back(now: Path, version: str, said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        updating.update_to(version, ChangeOptions(now))


def test_a_version_that_is_nowhere_is_said_to_be(now: Path) -> None:
    with pytest.raises(SurroundingsProblem, match=r"starlette-new 9\.9 cannot be installed"):
        updating.update_to("9.9", ChangeOptions(now, offline=True))


class Became(Exception):
    """This program became another."""


def test_another_version_is_told_the_same_words(
    now: Path, three: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def become(program: str, words: list[str], variables: dict[str, str]) -> None:
        assert "TMPDIR" not in variables or Path(variables["TMPDIR"]).is_dir()
        raise Became(words)

    monkeypatch.setattr(os, "execve", become)
    monkeypatch.setattr(
        sys, "argv", ["starlette-new", "update", "--to=0.3.0", "--to", "0.2.0", "-n", "--json"]
    )
    monkeypatch.setenv("UV_FIND_LINKS", three.variables["UV_FIND_LINKS"])

    with pytest.raises(Became) as raised:
        updating.update_to("0.2.0", ChangeOptions(now, offline=True))

    words = raised.value.args[0]
    assert words[-3:] == ["update", "-n", "--json"]
    assert "starlette-new==0.2.0" in words


def test_every_release_tells_what_behaves_otherwise() -> None:
    changelog = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")

    assert list(BEHAVIOUR) == [
        line.split()[1] for line in reversed(changelog.splitlines()) if line.startswith("## ")
    ]
    assert list_behaviour("0.1.0", "0.1.0") == []
