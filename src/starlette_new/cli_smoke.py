"""What can be typed after `smoke` and `skill`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from starlette_new.errors import UsageProblem
from starlette_new.flags import AsJson, Data, Offline, Quiet, Template, Trust, Verbose, tell
from starlette_new.sources import check_alone

File = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE", help="Blueprints to prove, with --- between them", show_default=False
    ),
]
Pairwise = Annotated[
    bool, tell("--pairwise", help="Enough projects for every pair of answers [the default]")
]
Everything = Annotated[bool, tell("--all", help="A project for every combination of answers")]
Sample = Annotated[
    int | None, tell("--sample", metavar="N", min=1, help="N combinations, drawn by chance")
]
Seed = Annotated[int, tell("--seed", metavar="S", help="What the chance begins with [1]")]
Only = Annotated[
    list[str] | None,
    tell("--only", metavar="KEY=VALUE|NAME", help="Only projects with this answer, or this name"),
]
Jobs = Annotated[
    int, tell("-j", "--jobs", metavar="N", help="Projects at a time [one for each processor]")
]
Shard = Annotated[str, tell("--shard", metavar="I/N", help="Only the Ith of N parts")]
ListThem = Annotated[bool, tell("--list", help="List the projects; prove none")]
GitHub = Annotated[bool, tell("--github", help="With --list: as a matrix for GitHub Actions")]
Shards = Annotated[
    int | None,
    tell("--shards", metavar="N", min=1, help="With --github: how many jobs [one for 4 projects]"),
]
Starlette = Annotated[
    str | None,
    tell("--starlette", metavar="REQUIREMENT", help="Another Starlette: 'starlette>=1.11'"),
]
Pre = Annotated[bool, tell("--pre", help="Take pre-releases too")]
Python = Annotated[
    str, tell("--python", metavar="PYTHON", help="Version or path of their Python [this one's]")
]
Timeout = Annotated[
    float, tell("--timeout", metavar="SECONDS", help="What each project may take [300]")
]
FailFast = Annotated[bool, tell("-x", "--fail-fast", help="Stop at the first that is red")]
KeepDir = Annotated[
    Path,
    tell(
        "-o", "--output-dir", metavar="DIR", help="Where those are kept that are red [smoke.failed]"
    ),
]
JUnit = Annotated[
    Path | None, tell("--junit", metavar="FILE", help="Write a report in JUnit's XML")
]
Markdown = Annotated[
    Path | None, tell("--markdown", metavar="FILE", help="Write a summary in Markdown")
]
PROCESSORS = os.cpu_count() or 1
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="The folder to write it into [.agents/skills]")
]


def smoke_command(
    file: File = None,
    pairwise: Pairwise = False,
    everything: Everything = False,
    sample: Sample = None,
    seed: Seed = 1,
    only: Only = None,
    shard: Shard = "1/1",
    list_them: ListThem = False,
    github: GitHub = False,
    shards: Shards = None,
    template: Template = None,
    data: Data = None,
    trust: Trust = False,
    jobs: Jobs = PROCESSORS,
    starlette: Starlette = None,
    pre: Pre = False,
    python: Python = sys.executable,
    offline: Offline = False,
    timeout: Timeout = 300.0,
    fail_fast: FailFast = False,
    output_dir: KeepDir = Path("smoke.failed"),
    junit: JUnit = None,
    markdown: Markdown = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Choose projects, and list or prove them."""
    _check_choice(file, pairwise=pairwise, everything=everything, sample=sample)
    check_alone(
        template,
        {"FILE": file},
        [flag for flag, value in (("--data", data), ("--trust", trust)) if value],
    )
    _check_listing(list_them=list_them, github=github, shards=shards, as_json=as_json)
    from starlette_new import smoke_command as command
    from starlette_new.cases import Selection
    from starlette_new.smoke import SmokeOptions

    chosen = Selection(everything, sample, seed, tuple(only or ()), command.read_shard(shard))
    if template is None:
        cases = command.choose(file, chosen)
        source = [f"./{file}" if file.startswith("-") else file] if file else []
    else:
        cases = command.choose_foreign_cases(
            template, data or [], chosen, trust=trust, offline=offline, timeout=timeout
        )
        source = ["--template", template, *(f"--data={one}" for one in data or [])]
        source += ["--trust"] * trust
    options = SmokeOptions(
        folder=output_dir,
        python=python,
        jobs=jobs,
        offline=offline,
        timeout=timeout,
        starlette=starlette,
        pre=pre,
        fail_fast=fail_fast,
        source=tuple(source),
    )
    if github:
        from starlette_new.smoke_report import make_matrix

        print(make_matrix(cases, shards))
    elif list_them:
        command.list_cases(cases, as_json=as_json)
    else:
        inputs = (Path(file),) if file else ()
        reports = command.Reports(as_json, quiet, verbose, junit, markdown, inputs)
        command.prove_cases(cases, options, reports)


def _check_choice(
    file: str | None, *, pairwise: bool, everything: bool, sample: int | None
) -> None:
    given = {"FILE": file, "--pairwise": pairwise, "--all": everything, "--sample": sample}
    names = [name for name, value in given.items() if value]
    if len(names) > 1:
        raise UsageProblem(
            f"{names[0]} and {names[1]} exclude each other.", "Leave one of them out."
        )


def _check_listing(*, list_them: bool, github: bool, shards: int | None, as_json: bool) -> None:
    if github and (as_json or not list_them):
        raise UsageProblem(
            "--github is a way to list.", "Type: starlette-new smoke --list --github"
        )
    if shards and not github:
        raise UsageProblem("--shards is for --list --github.", "To run one part, use --shard 1/4.")


def skill_command(folder: Folder = Path(".agents/skills"), as_json: AsJson = False) -> None:
    """Write the skill."""
    from starlette_new.skills import place_skill

    files, is_new = place_skill(folder)
    if as_json:
        from starlette_new import report

        report.print_document(report.make_skill_document(folder, files, is_new=is_new))
    else:
        said = "Written" if is_new else "It is there already"
        print(f"{said}: {folder / 'starlette'} ({len(files)} files). Begin with SKILL.md.")
