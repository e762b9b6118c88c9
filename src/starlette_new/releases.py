"""What a project does otherwise than before once it is brought to a version, told by `update`."""

from collections.abc import Mapping

from packaging.version import Version

BEHAVIOUR: Mapping[str, tuple[str, ...]] = {
    "0.1.0": (),
}
"""Each release, and what changes for the users of a project: sentences, as short as they can be."""


def list_behaviour(since: str, until: str) -> list[str]:
    """List what changes from one version, which is left out, to another, which is not."""
    ordered = sorted(BEHAVIOUR, key=Version)
    return [
        f"{version}: {sentence}"
        for version in ordered
        if Version(since) < Version(version) <= Version(until)
        for sentence in BEHAVIOUR[version]
    ]
