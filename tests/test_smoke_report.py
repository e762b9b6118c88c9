"""What smoke says of its projects: in lines, as JSON, as JUnit XML, as Markdown, as a matrix."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from starlette_new.blueprint import make_blueprint
from starlette_new.cases import Case, make_case
from starlette_new.errors import SurroundingsProblem, TargetProblem, UsageProblem
from starlette_new.prove import Check
from starlette_new.smoke import Proof
from starlette_new.smoke_report import (
    RedSmoke,
    check_reports,
    describe_end,
    describe_proof,
    describe_red,
    make_document,
    make_junit,
    make_markdown,
    make_matrix,
    write_report,
)

GREEN = Check("render", True, 0.5, "30 files")
RED = Check("suite", False, 1.25, "1 failed, 2 passed")
UNINSTALLED = Check("install", False, 1.0, "The environment cannot be installed.")


def _make_case(name: str) -> Case:
    return make_case(name, make_blueprint({"name": name, "layout": "single"}))


def _make_proof(name: str, *checks: Check, log: str = "") -> Proof:
    proof = Proof(_make_case(name), f"starlette-new smoke --only {name}", [*checks], log=log)
    proof.seconds = 2.0
    proof.starlette = "1.10.0"
    return proof


GOOD = _make_proof("good", GREEN)
BAD = _make_proof("bad", GREEN, RED, log="before\n```\x1b\x00 <oh>\n")
BAD.folder = Path("smoke.failed/bad")
CASES = [GOOD.case, BAD.case]


def test_a_project_is_one_line() -> None:
    assert describe_proof(GOOD).endswith(" good (2.0 s)")
    assert describe_proof(BAD).endswith(" bad (2.0 s)  suite: 1 failed, 2 passed")


def test_what_is_red_comes_with_its_log_and_its_command() -> None:
    name, check, log, command = describe_red(BAD)[1:]

    assert name == "bad"
    assert "1 failed, 2 passed" in check
    assert log == "  See smoke.failed/bad/starlette-new.log"
    assert command == "  starlette-new smoke --only bad"
    assert len(describe_red(_make_proof("bad", RED))) == 4


def test_the_end_counts_what_is_proven() -> None:
    assert describe_end([GOOD, BAD], CASES, 9) == (
        "1 of 2 projects are proven, on Starlette 1.10.0, in 9.0 s."
    )
    assert describe_end([], CASES, 9) == ("0 of 2 projects are proven, in 9.0 s. 2 were not begun.")


def test_the_document_has_every_project() -> None:
    document = json.loads(json.dumps(make_document(CASES, [GOOD, BAD], 9)))

    assert (document["ok"], document["dry_run"]) == (False, False)
    assert [one["proven"] for one in document["projects"]] == [True, False]
    assert document["projects"][1]["checks"][1]["detail"] == "1 failed, 2 passed"
    assert document["projects"][1]["folder"] == "smoke.failed/bad"
    assert document["projects"][0]["answers"]["with_skill"] is False


def test_a_project_that_was_not_reached_is_not_called_proven() -> None:
    listed, unreached = make_document(CASES, None, 0), make_document(CASES, [BAD], 9)

    assert [listed["dry_run"], unreached["dry_run"]] == [True, False]
    assert json.loads(json.dumps(unreached["projects"]))[0]["proven"] is None


def test_a_matrix_has_a_job_for_each_shard() -> None:
    cases = [_make_case(f"p{number}") for number in range(9)]

    jobs = json.loads(make_matrix(cases, None))["include"]

    assert [job["shard"] for job in jobs] == ["1/3", "2/3", "3/3"]
    assert jobs[0]["projects"] == "p0, p3, p6"
    assert len(json.loads(make_matrix(cases, 2))["include"]) == 2
    assert len(json.loads(make_matrix(cases, 99))["include"]) == 9


def test_junit_has_a_suite_for_each_project_and_a_test_for_each_check() -> None:
    root = ElementTree.fromstring(make_junit([GOOD, BAD]))  # noqa: S314

    assert [suite.attrib["name"] for suite in root] == ["good", "bad"]
    assert root[1].attrib == {"name": "bad", "tests": "2", "failures": "1", "time": "2.000"}
    (failure,) = root.iter("failure")
    assert failure.attrib["message"] == "1 failed, 2 passed"
    assert failure.text == "starlette-new smoke --only bad\n\nbefore\n``` <oh>"


def test_markdown_has_a_table_and_the_end_of_each_log() -> None:
    text = make_markdown([GOOD, BAD], CASES, 9)

    assert "| `good` | yes | 2.0 |\n| `bad` | **suite** red | 2.0 |" in text
    assert "### bad" in text
    assert "### good" not in text
    assert text.count("```") == 4


def test_a_report_that_cannot_be_written_is_told(folder: Path) -> None:
    write_report(folder / "a.xml", "text")
    assert (folder / "a.xml").read_text() == "text"

    with pytest.raises(SurroundingsProblem, match="cannot be written: Is a directory"):
        write_report(folder, "text")


def test_what_cannot_be_installed_is_not_the_projects_fault() -> None:
    uninstalled = _make_proof("none", GREEN, UNINSTALLED)
    uninstalled.is_blameless = True

    assert RedSmoke(CASES, [GOOD, BAD, uninstalled], {}).exit_code == 5
    assert RedSmoke(CASES, [GOOD, uninstalled], {}).exit_code == 4
    assert "1 of 2 projects are not proven" in str(RedSmoke(CASES, [GOOD, BAD], {}))
    assert "They are kept in smoke.failed." in str(RedSmoke(CASES, [BAD], {}))


def test_what_cannot_be_proven_is_red_and_what_is_refused_is_left_out() -> None:
    unproven, refused = _make_proof("unproven", GREEN), _make_proof("refused")
    unproven.note = "Not proven: pytest found no tests."
    refused.skipped = "The template refuses it."
    cases = [unproven.case, refused.case, GOOD.case]

    assert (unproven.ok, refused.ok) == (False, True)
    assert describe_red(unproven)[2] == "  Not proven: pytest found no tests."
    assert describe_proof(refused).endswith("left out: The template refuses it.")
    assert describe_end([unproven, refused], cases, 1) == (
        "0 of 3 projects are proven, on Starlette 1.10.0, in 1.0 s. 1 are left out: the template "
        "refuses their answers. 1 were not begun."
    )
    assert "| `refused` | The template refuses it. |" in make_markdown([refused], cases, 1)


def test_reports_are_files_of_their_own(folder: Path) -> None:
    check_reports([folder / "a.xml", folder / "b.md"], [folder / "all.yml"])

    with pytest.raises(UsageProblem, match="is named twice"):
        check_reports([folder / "a.xml"], [folder / "a.xml"])
    with pytest.raises(UsageProblem, match="is named twice"):
        check_reports([folder / "a.xml", folder / "a.xml"], [])
    for path in (folder, folder / "nowhere" / "a.xml"):
        with pytest.raises(TargetProblem, match="cannot be written there"):
            check_reports([path], [])
