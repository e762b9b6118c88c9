"""What can be typed inside a project: `add`, `remove`, `rename`, `apply`, `update`, `diff`; and
`adopt`."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from starlette_new.errors import UsageProblem
from starlette_new.flags import (
    AsJson,
    DryRun,
    Offline,
    OwnPython,
    Quiet,
    Timeout,
    Verbose,
    WithDevcontainer,
    WithDocker,
    WithJobs,
    WithPreCommit,
    WithSkill,
    WithTelemetry,
    ask,
    tell,
)

if TYPE_CHECKING:
    from starlette_new.changing import ChangeOptions
    from starlette_new.outcomes import Announce, Outcome
    from starlette_new.report import Looks
    from starlette_new.wishes import Make

    Work = Callable[[ChangeOptions, Announce], Outcome]
    Prepare = Callable[..., Work | None]

Specs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SPEC...]", help='Resources: "comment body:text task:ref"', show_default=False
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAME...]", help="Resources (comment) and fields (task.notes)", show_default=False
    ),
]
Old = Annotated[
    str | None,
    typer.Argument(metavar="[OLD]", help="A resource (task), or a field (task.title)"),
]
New = Annotated[str | None, typer.Argument(metavar="[NEW]", help="Its new name")]
OtherDb = Annotated[str | None, ask("with_db", is_new=False)]
OtherUi = Annotated[str | None, ask("ui", is_new=False)]
OtherCi = Annotated[str | None, ask("with_ci", is_new=False)]
Diff = Annotated[bool, tell("--diff", help="Show the changes, line by line")]
Verify = Annotated[bool, tell("--verify/--no-verify", help="Install, run the tests and start it")]
AllowDirty = Annotated[bool, tell("--allow-dirty", help="Go on where Git has no copy of a change")]
AllowDataLoss = Annotated[bool, tell("--allow-data-loss", help="Write a migration that loses rows")]
Continue = Annotated[bool, tell("--continue", help="Prove and finish the change that waits")]
Abort = Annotated[bool, tell("--abort", help="Put everything back as it was before that change")]
To = Annotated[
    str | None, tell("--to", metavar="VERSION", help="To this version of starlette-new [this one]")
]
CheckOnly = Annotated[
    bool, tell("--check", help="Only tell whether it is behind: exit code 6 if so")
]


@dataclass(frozen=True)
class Shared:
    """What every command that changes a project is told besides its own.

    ways: whether the change that waits is put back, or continued. looks: how its outcome is shown.
    """

    options: "ChangeOptions"
    ways: dict[str, bool]
    looks: "Looks"


def _share(
    dry_run: DryRun = False,
    diff: Diff = False,
    verify: Verify = True,
    allow_dirty: AllowDirty = False,
    allow_data_loss: AllowDataLoss = False,
    continue_: Continue = False,
    abort: Abort = False,
    python: OwnPython = "",
    offline: Offline = False,
    timeout: Timeout = 120.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> Shared:
    from starlette_new.changing import ChangeOptions
    from starlette_new.report import Looks

    options = ChangeOptions(
        folder=Path(),
        python=python,
        offline=offline,
        timeout=timeout,
        verify=verify,
        dry_run=dry_run,
        shows_diff=diff,
        allow_dirty=allow_dirty,
        allow_data_loss=allow_data_loss,
    )
    ways = {"--abort": abort, "--continue": continue_}
    return Shared(options, ways, Looks(as_json, quiet, verbose))


def changes(name: str, example: str = "") -> Callable[["Prepare"], Callable[..., None]]:
    """Make a command of a function: it takes the shared options after its own.

    The function returns what to do, or None where nothing was named; example: what to type then,
    where something has to be.
    """

    def make(prepare: "Prepare") -> Callable[..., None]:
        own, shared = (list(signature(one).parameters.values()) for one in (prepare, _share))

        def command(**given: Any) -> None:
            told = _share(**{one.name: given.pop(one.name) for one in shared})
            _carry_out(name, prepare(**given), told, example)

        command.__signature__ = Signature([*own, *shared])  # type: ignore[attr-defined]
        command.__annotations__ = {one.name: one.annotation for one in (*own, *shared)}
        command.__doc__ = prepare.__doc__
        return command

    return make


def _carry_out(name: str, work: "Work | None", told: Shared, example: str) -> None:
    from starlette_new import report, resuming
    from starlette_new.wishes import keep

    named = [flag for flag in ("--abort", "--continue") if told.ways[flag]]
    if named:
        named += ["what to change"] * bool(work) + ["--dry-run"] * told.options.dry_run
    if len(named) > 1:
        raise UsageProblem(f"{named[0]} and {named[1]} exclude each other.", "Leave one out.")
    options = told.options
    if told.ways["--abort"]:
        report.carry_out(lambda announce: resuming.put_back(name, options, announce), told.looks)
    elif told.ways["--continue"]:
        report.carry_out(lambda announce: resuming.resume(name, options, announce), told.looks)
    elif work is None and example:
        raise UsageProblem(f"Nothing is named to {name}.", f"Type: {example}")
    else:
        do = work or _do(name, keep(name))
        report.carry_out(lambda announce: do(options, announce), told.looks)


def _do(name: str, make: "Make") -> "Work":
    from starlette_new import changing

    return lambda options, announce: changing.change(name, make, options, announce)


@changes("add", 'starlette-new add "comment body:text"')
def add_command(
    spec: Specs = None,
    with_db: OtherDb = None,
    ui: OtherUi = None,
    with_jobs: WithJobs = None,
    with_telemetry: WithTelemetry = None,
    with_ci: OtherCi = None,
    with_pre_commit: WithPreCommit = None,
    with_devcontainer: WithDevcontainer = None,
    with_docker: WithDocker = None,
    with_skill: WithSkill = None,
) -> "Work | None":
    """Add resources, or what else a project can have."""
    from starlette_new.wishes import add

    options = {
        "with_db": with_db,
        "ui": ui,
        "with_jobs": with_jobs,
        "with_telemetry": with_telemetry,
        "with_ci": with_ci,
        "with_pre_commit": with_pre_commit,
        "with_devcontainer": with_devcontainer,
        "with_docker": with_docker,
        "with_skill": with_skill,
    }
    chosen = {key: value for key, value in options.items() if value is not None}
    return _do("add", add(spec or [], chosen)) if spec or chosen else None


@changes("remove", "starlette-new remove comment")
def remove_command(name: Names = None) -> "Work | None":
    """Remove resources, or fields of them."""
    from starlette_new.wishes import remove

    return _do("remove", remove(name)) if name else None


@changes("rename", "starlette-new rename task todo, or: starlette-new rename task.title name")
def rename_command(old: Old = None, new: New = None) -> "Work | None":
    """Give a resource or a field another name."""
    from starlette_new.wishes import rename

    return _do("rename", rename(old, new)) if old is not None and new is not None else None


@changes("apply")
def apply_command() -> "Work | None":
    """Make the project what its blueprint file says."""
    return None


@changes("update")
def update_command(to: To = None, check: CheckOnly = False) -> "Work | None":
    """Bring the project to the templates of a newer version."""
    from starlette_new import updating

    if to is not None:
        return lambda options, _: updating.update_to(to, options)
    return (lambda options, _: updating.check_version(options)) if check else None


def adopt_command(
    dry_run: DryRun = False,
    diff: Diff = False,
    allow_dirty: AllowDirty = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Write a blueprint for a Starlette project that was not made by us."""
    from starlette_new import adopting, report
    from starlette_new.changing import ChangeOptions

    options = ChangeOptions(
        folder=Path(), dry_run=dry_run, shows_diff=diff, allow_dirty=allow_dirty
    )
    report.carry_out(
        lambda announce: adopting.adopt(options, announce), report.Looks(as_json, quiet, verbose)
    )


def diff_command(
    offline: Offline = False,
    timeout: Timeout = 120.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show what was changed in a project since it was made, or changed by us."""
    from starlette_new import differing, report
    from starlette_new.changing import ChangeOptions

    options = ChangeOptions(folder=Path(), offline=offline, timeout=timeout)
    report.carry_out(
        lambda announce: differing.compare(options, announce),
        report.Looks(as_json, quiet, verbose),
        report.print_differences,
    )
