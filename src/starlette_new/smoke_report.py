"""What smoke says: to a person, as JSON, as JUnit XML, as Markdown, and as a matrix of jobs."""

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from starlette_new import __version__
from starlette_new.cases import Case
from starlette_new.errors import (
    ProofProblem,
    SurroundingsProblem,
    TargetProblem,
    UsageProblem,
    show,
)
from starlette_new.prove import Check
from starlette_new.report import SCHEMA, describe_check, mark
from starlette_new.smoke import Proof

IN_A_SHARD = 4
"""Projects that one machine proves, where nobody says how many machines there are."""


class RedSmoke(ProofProblem):
    """Projects that are not proven."""

    def __init__(
        self, cases: Sequence[Case], proofs: Sequence[Proof], document: dict[str, object]
    ) -> None:
        red = [proof for proof in proofs if not proof.ok]
        kept = f" They are kept in {red[0].folder.parent}." if red[0].folder else ""
        super().__init__(
            f"{len(red)} of {len(cases)} projects are not proven.",
            f"Each is proven again by the command below its name.{kept}",
        )
        self.document = document
        if all(proof.is_blameless for proof in red):
            self.code, self.exit_code = SurroundingsProblem.code, SurroundingsProblem.exit_code


def is_proven(proof: Proof) -> bool:
    return proof.ok and not proof.skipped


def describe_proof(proof: Proof) -> str:
    """Put what became of a project into one line."""
    red = ", ".join(f"{check.name}: {check.detail}" for check in proof.checks if not check.ok)
    said = red or proof.note or (proof.skipped and f"left out: {proof.skipped}")
    return (
        f"{mark(proof.ok)} {proof.case.name} ({proof.seconds:.1f} s){f'  {said}' if said else ''}"
    )


def describe_red(proof: Proof) -> list[str]:
    """Say in lines what is red in a project, and how to see it again."""
    checks = [f"  {describe_check(check)}" for check in proof.checks if not check.ok]
    checks += [f"  {proof.note}"] if proof.note else []
    log = [f"  See {proof.folder / 'starlette-new.log'}"] if proof.folder else []
    return ["", proof.case.name, *checks, *log, f"  {proof.command}"]


def describe_end(proofs: Sequence[Proof], cases: Sequence[Case], seconds: float) -> str:
    """Say in one line what became of all."""
    green = sum(map(is_proven, proofs))
    versions = sorted({proof.starlette for proof in proofs if proof.starlette})
    starlette = f", on Starlette {', '.join(versions)}" if versions else ""
    left_out = sum(bool(proof.skipped) for proof in proofs)
    more = f" {left_out} are left out: the template refuses their answers." if left_out else ""
    more += f" {len(cases) - len(proofs)} were not begun." if len(proofs) < len(cases) else ""
    return f"{green} of {len(cases)} projects are proven{starlette}, in {seconds:.1f} s.{more}"


def make_document(
    cases: Sequence[Case], proofs: Sequence[Proof] | None, seconds: float
) -> dict[str, object]:
    """Describe a run as plain values; proofs is None where the projects were only listed."""
    by_name = {proof.case.name: proof for proof in proofs or ()}
    return {
        "schema": SCHEMA,
        "starlette_new": __version__,
        "command": "smoke",
        "ok": all(proof.ok for proof in by_name.values()),
        "dry_run": proofs is None,
        "template": cases[0].template.facts if cases[0].template else None,
        "projects": [_describe_case(case, by_name.get(case.name)) for case in cases],
        "seconds": round(seconds, 3),
    }


def _describe_case(case: Case, proof: Proof | None) -> dict[str, object]:
    return {
        "name": case.name,
        "answers": dict(case.answers),
        "proven": is_proven(proof) if proof and not proof.skipped else None,
        "note": (proof.note or proof.skipped) if proof else None,
        "starlette": proof.starlette if proof else None,
        "checks": [describe(check) for check in proof.checks] if proof else [],
        "seconds": round(proof.seconds, 3) if proof else None,
        "folder": str(proof.folder) if proof and proof.folder else None,
        "command": proof.command if proof else None,
    }


def describe(check: Check) -> dict[str, object]:
    """Describe a check as plain values."""
    return vars(check) | {"seconds": round(check.seconds, 3)}


def make_matrix(cases: Sequence[Case], shards: int | None) -> str:
    """Write a matrix for hosted CI: a job for each shard, with the names of its projects."""
    of = min(shards or -(-len(cases) // IN_A_SHARD), max(1, len(cases)))
    include = [
        {"shard": f"{number}/{of}", "projects": ", ".join(c.name for c in cases[number - 1 :: of])}
        for number in range(1, of + 1)
    ]
    return json.dumps({"include": include})


def make_junit(proofs: Sequence[Proof]) -> str:
    """Write JUnit XML: a suite for each project, with a test for each check."""
    root = ElementTree.Element("testsuites", name="starlette-new smoke")
    for proof in proofs:
        red = [check for check in proof.checks if not check.ok]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=proof.case.name,
            tests=str(len(proof.checks)),
            failures=str(len(red)),
            time=f"{proof.seconds:.3f}",
        )
        for check in proof.checks:
            test = ElementTree.SubElement(
                suite,
                "testcase",
                classname=proof.case.name,
                name=check.name,
                time=f"{check.seconds:.3f}",
            )
            if not check.ok:
                failure = ElementTree.SubElement(test, "failure", message=check.detail)
                failure.text = _clean("\n".join([proof.command, "", *_list_last(proof)]))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def _list_last(proof: Proof) -> list[str]:
    return proof.log.splitlines()[-100:]


def make_markdown(proofs: Sequence[Proof], cases: Sequence[Case], seconds: float) -> str:
    """Write a summary for the page of a CI run."""
    lines = [f"## {describe_end(proofs, cases, seconds)}", "", "| project | proven | seconds |"]
    lines += ["|---|---|---|"]
    for proof in proofs:
        red = ", ".join(f"**{check.name}** red" for check in proof.checks if not check.ok)
        said = red or proof.note or proof.skipped or "yes"
        lines.append(f"| `{proof.case.name}` | {said} | {proof.seconds:.1f} |")
    for proof in proofs:
        if not proof.ok:
            log = "\n".join(_list_last(proof)[-40:]).replace("```", "'''")
            lines += ["", f"### {proof.case.name}", "", "```", proof.command, "```", ""]
            lines += ["<details><summary>The end of its log</summary>", "", "```", log, "```"]
            lines += ["", "</details>"]
    return "\n".join(lines) + "\n"


def check_reports(paths: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise a Problem unless each report can be written, to a file of its own."""
    taken = [path.resolve() for path in inputs]
    for path in paths:
        if path.resolve() in taken:
            raise UsageProblem(f"{show(path)} is named twice.", "Give each report its own file.")
        if path.is_dir() or not path.parent.is_dir():
            raise TargetProblem(
                f"The report {show(path)} cannot be written there.", "Name a file in a folder."
            )
        taken.append(path.resolve())


def write_report(path: Path, text: str) -> None:
    """Write a report to a file; raise SurroundingsProblem."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SurroundingsProblem(
            f"The report {show(path)} cannot be written: {error.strerror}.", "Name another file."
        ) from None
