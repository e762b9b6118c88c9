"""Many projects, proven: what is red is found, named, kept, and can be proven again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from starlette_new import render
from starlette_new.bench import find_version, override_starlette
from starlette_new.blueprint import make_blueprint
from starlette_new.cases import Case, make_case
from starlette_new.errors import Interrupted, SurroundingsProblem, TargetProblem, UsageProblem
from starlette_new.recipes import OwnRecipe
from starlette_new.smoke import Crew, Proof, SmokeOptions, smoke
from starlette_new.templates import find_templates

pytestmark = pytest.mark.xdist_group("smoke")

PLANTED = {
    "test_main.py.jinja": {
        "failing": "\n\ndef test_planted() -> None:\n    raise AssertionError\n",
        "hanging": "\n\ndef test_planted() -> None:\n    while True:\n        pass\n",
        "importing": "\n\nimport not_a_dependency\n",
    },
    "main.py.jinja": {
        "unclean": "\n\nimport os\n",
        "untyped": "\n\nPORT: str = 8000\n",
        "broken": "\n\ndef (:\n",
        "stuck": "\n\nimport sys\n\nif 'pytest' not in sys.modules:\n    sys.exit('stuck')\n",
    },
}
UNINSTALLABLE = (
    '{% if name == "uninstallable" %}constraint-dependencies = ["pytest<1"]\n{% endif %}'
)
RED = {
    "failing": "suite",
    "hanging": "suite",
    "importing": "suite",
    "unclean": "lint",
    "untyped": "types",
    "broken": "render",
    "stuck": "start",
    "uninstallable": "install",
}


def _make_case(name: str) -> Case:
    answers = {"name": name, "layout": "single", "with_db": "none"}
    return make_case(name, make_blueprint(answers))


STANDARD = make_case("two", make_blueprint({"name": "two"}))


def _options(folder: Path, **more: object) -> SmokeOptions:
    plain = SmokeOptions(folder, sys.executable, jobs=1, source=("all.yml",))
    return SmokeOptions(**{**vars(plain), **more})


def _ignore(event: object) -> None:
    pass


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder where projects are kept; a project is given the defect that its name tells."""
    templates = tmp_path_factory.mktemp("planted") / "templates"
    shutil.copytree(find_templates(), templates)
    for file, defects in PLANTED.items():
        path = templates / "single" / "template" / file
        texts = [
            f'{{% if name == "{name}" %}}{text}{{% endif %}}' for name, text in defects.items()
        ]
        path.write_text(path.read_text() + "".join(texts))
    path = templates / "single" / "template" / "pyproject.toml.jinja"
    path.write_text(path.read_text().replace("[tool.uv]\n", f"[tool.uv]\n{UNINSTALLABLE}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "find_templates", lambda: templates)
        yield tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def proofs(planted: Path) -> dict[str, Proof]:
    """What became of a good project and of every kind of bad one."""
    cases = [_make_case(name) for name in ("good", *RED)]
    options = _options(planted / "smoke.failed", jobs=2, timeout=40.0)
    return {proof.case.name: proof for proof in smoke(cases, options, _ignore)}


def test_a_good_project_is_proven_in_every_way(proofs: dict[str, Proof]) -> None:
    good = proofs["good"]

    assert [check.name for check in good.checks if check.ok] == [
        "render",
        "install",
        "suite",
        "start",
        "lint",
        "format",
        "types",
    ]
    assert good.ok
    assert good.folder is None
    assert good.starlette
    assert good.starlette.startswith("1.")


@pytest.mark.parametrize(("name", "check"), RED.items())
def test_a_defect_is_red_by_its_name(proofs: dict[str, Proof], name: str, check: str) -> None:
    red = [one.name for one in proofs[name].checks if not one.ok]

    assert check in red
    assert set(red) <= {check, "lint", "format", "types"}
    command = f"starlette-new smoke all.yml --only {name} --timeout 40"
    assert proofs[name].command == command


@pytest.mark.parametrize("name", RED)
def test_what_is_red_is_kept_with_its_log(
    proofs: dict[str, Proof], planted: Path, name: str
) -> None:
    kept = proofs[name].folder
    assert kept == planted / "smoke.failed" / name

    assert (kept / "starlette-new.log").stat().st_size > 100
    assert name == "broken" or (kept / "main.py").is_file()
    assert not (kept / ".venv").exists()


def test_projects_are_proven_by_one_environment_each_alone(planted: Path) -> None:
    told: list[str] = []

    proofs = smoke(
        [STANDARD, _make_case("failing"), _make_case("one")],
        _options(planted / "again"),
        lambda event: told.append(type(event).__name__),
    )

    assert [proof.ok for proof in proofs] == [True, False, True]
    assert told == ["Case", "Proof"] * 3
    assert os.listdir(planted / "again") == ["failing"]


def test_a_bug_ends_it_at_once(planted: Path) -> None:
    def tell(event: object) -> None:
        raise RuntimeError("oh")

    with pytest.raises(RuntimeError, match="oh"):
        smoke([_make_case("one"), _make_case("two")], _options(planted), tell)


def test_nothing_begins_when_it_was_stopped(planted: Path, folder: Path) -> None:
    crew = Crew(folder, _options(planted), _ignore)
    crew.stop()

    with pytest.raises(Interrupted):
        crew.prove(_make_case("one"))


def test_the_first_that_is_red_can_end_it(planted: Path) -> None:
    cases = [_make_case(name) for name in ("broken", "one", "two")]

    proofs = smoke(cases, _options(planted / "fast", fail_fast=True), _ignore)

    assert [proof.case.name for proof in proofs] == ["broken"]


def test_a_project_that_was_kept_is_replaced_and_nothing_else(planted: Path) -> None:
    folder = planted / "twice"
    smoke([_make_case("broken")], _options(folder), _ignore)
    (folder / "broken" / "old").touch()

    smoke([_make_case("broken")], _options(folder), _ignore)

    assert not (folder / "broken" / "old").exists()
    (folder / "broken" / "starlette-new.log").unlink()
    (folder / "broken" / "mine").touch()
    with pytest.raises(TargetProblem, match="is in the way"):
        smoke([_make_case("broken")], _options(folder), _ignore)


def test_where_nothing_could_be_kept_nothing_begins(folder: Path) -> None:
    (folder / "file").touch()
    (folder / "kept" / "one").mkdir(parents=True)

    for place, said in {
        "file": "is no folder",
        "file/in": "is no folder",
        "kept": "in the way",
    }.items():
        with pytest.raises(TargetProblem, match=said):
            smoke([_make_case("one")], _options(folder / place), _ignore)


def test_a_folder_that_nobody_may_write_to_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everywhere

    with pytest.raises(SurroundingsProblem, match="cannot be written to"):
        smoke([_make_case("one")], _options(folder / "in"), _ignore)


def test_what_cannot_be_kept_in_the_end_is_told(planted: Path) -> None:
    folder = planted / "taken"

    def take(event: object) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "broken").touch()

    with pytest.raises(SurroundingsProblem, match="cannot be written"):
        smoke([_make_case("broken")], _options(folder), take)


def test_what_the_disk_refuses_is_not_the_projects_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise SurroundingsProblem("The disk is full.", "Make room.")

    monkeypatch.setattr(OwnRecipe, "render", fail)

    (proof,) = smoke([_make_case("one")], _options(folder / "kept"), _ignore)

    assert (proof.ok, proof.is_blameless) == (False, True)
    assert proof.checks[0].detail == "The disk is full."


def test_what_an_earlier_run_kept_does_not_stay(folder: Path) -> None:
    (folder / "kept" / "one").mkdir(parents=True)
    (folder / "kept" / "one" / "starlette-new.log").touch()

    smoke([_make_case("one")], _options(folder / "kept"), _ignore)

    assert os.listdir(folder / "kept") == []


def test_another_starlette_is_proven_where_it_is_asked_for(folder: Path) -> None:
    answers = {"name": "demo", "layout": "single", "with_db": "none"}
    case = make_case("demo", make_blueprint(answers))

    (proof,) = smoke(
        [case], _options(folder, starlette="starlette==1.10.0", pre=True, timeout=200.0), _ignore
    )

    assert (proof.ok, proof.starlette) == (True, "1.10.0"), proof.log
    assert proof.command.endswith("--only demo --starlette starlette==1.10.0 --pre --timeout 200")


def test_what_a_project_asks_for_is_overridden_wherever_it_stands(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "a"\n')
    override_starlette(folder, "starlette>=2")
    assert (
        (folder / "pyproject.toml")
        .read_text()
        .endswith('\n[tool.uv]\noverride-dependencies = ["starlette>=2"]\n')
    )
    (folder / "pyproject.toml").write_text("\n[tool.uv]\npackage = false\n")
    (folder / "main.py").write_text("# /// script\n# dependencies = []\n# ///\n")

    override_starlette(folder, "starlette>=2")

    assert (
        '# [tool.uv]\n# override-dependencies = ["starlette>=2"]\n# ///'
        in (folder / "main.py").read_text()
    )


def test_a_package_that_is_not_installed_has_no_version(folder: Path) -> None:
    assert find_version(folder, "starlette") is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"jobs": 0}, "0 projects cannot be proven at a time"),
        ({"timeout": 0.0}, "--timeout cannot be 0.0 seconds"),
        ({"starlette": "starlette>>2"}, "--starlette cannot be"),
        ({"starlette": "flask"}, "--starlette cannot be"),
    ],
)
def test_options_that_make_no_sense_are_refused(more: dict[str, object], said: str) -> None:
    with pytest.raises(UsageProblem, match=said):
        _options(Path(), **more)


def test_a_signal_ends_it_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "starlette_new", "smoke", "-j", "2", "--only", "layout=standard"],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while not list(scratch.glob("starlette-new-*/0/project/.venv/bin/pytest")):
        assert process.poll() is None
        time.sleep(0.05)

    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)

    assert (process.returncode, output) == (
        143,
        "starlette-new: Interrupted. Nothing half-made is left.\n",
    )
    assert list(scratch.iterdir()) == []
    assert os.listdir(folder) == []
