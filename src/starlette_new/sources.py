"""What `--template` and `--data` name: a folder, an address of Git, or a name; and answers."""

import os
import re
import shutil
from collections.abc import Mapping, Sequence

from starlette_new.errors import SurroundingsProblem, UsageProblem, show
from starlette_new.plugins import TEMPLATES, find_brought, list_brought
from starlette_new.refusals import suggest

_ADDRESS = re.compile(r"(?:gh:|gl:|git\+|[a-z][a-z+]*://|[\w.-]+@[\w.-]+:).+|.+\.git")
_KNOWN_TO_COPIER = re.compile(
    r"gh:|gl:|git@|git://|git\+|https://git(?:hub|lab)\.com/|.*\.git$", re.DOTALL
)


def check_alone(template: str | None, others: Mapping[str, object], own: Sequence[str]) -> None:
    """Refuse what does not go with `--template`, or only with it; raise UsageProblem.

    others: what was given of the options about our own blueprints; own: which of the options about
    templates were given.
    """
    if template is None:
        for flag in own:
            raise UsageProblem(
                f"{flag} needs --template.",
                "Leave it out, or say which template.",
                field=flag.removeprefix("--"),
            )
        return
    for flag, value in others.items():
        if value is not None:
            raise UsageProblem(
                f"--template and {flag} exclude each other.",
                "Leave one of them out: a template has questions of its own, for --data.",
                field="template",
            )


def read_data(pairs: Sequence[str]) -> dict[str, str]:
    """Read answers, each KEY=VALUE; raise UsageProblem."""
    data: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise UsageProblem(
                f"--data cannot be {show(pair)}.", "Write it like --data key=value.", field="data"
            )
        if key in data:
            raise UsageProblem(f"--data {key} is given twice.", "Give it once.", field="data")
        data[key] = value
    return data


def find_source(given: str, *, offline: bool) -> str:
    """Find the template that is meant, as Copier takes it; raise Problem.

    A path that exists wins, then what looks like an address, then a name that a package brings.
    """
    path = os.path.abspath(os.path.expanduser(given))
    if given and os.path.exists(path):
        return path
    if _ADDRESS.fullmatch(given):
        return _check_address(given, offline=offline)
    found = find_brought(TEMPLATES, given)
    if found is None:
        names = list(list_brought(TEMPLATES))
        known = f"The templates are {', '.join(names)}, or give" if names else "Give"
        raise UsageProblem(
            f"There is no template {show(given)}.",
            f"{suggest(given, names)}{known} a folder or an address of Git.",
            field="template",
        )
    return str(found)


def _check_address(given: str, *, offline: bool) -> str:
    if offline and not given.startswith(("file://", "git+file://")):
        raise UsageProblem(
            f"--offline and the address {show(given)} exclude each other.",
            "Clone it, and give its folder.",
            field="template",
        )
    if shutil.which("git") is None:
        raise SurroundingsProblem(
            f"There is no git here to fetch {show(given)}.",
            "Install Git, or give a folder.",
            field="template",
        )
    return given if _KNOWN_TO_COPIER.match(given) else f"git+{given}"


def hide_password(source: str) -> str:
    """Leave out who logs in at an address of the web, and with what."""
    return re.sub(r"(https?://)[^/@]*@", r"\1", source)
