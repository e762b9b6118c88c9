"""What a project says it needs, read from its pyproject.toml, and what it lacks of that."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

_LEAST = (">=", "==", "~=", ">")
"""Operators of requirements whose version is the oldest, or near it."""


def get_table(settings: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Get a table in a table; an empty one where there is none."""
    for key in keys:
        found = settings.get(key)
        settings = found if isinstance(found, dict) else {}
    return settings


def list_dependencies(settings: Mapping[str, Any]) -> list[str]:
    """List what a project is installed with."""
    return list(_list_texts(get_table(settings, "project").get("dependencies")))


def list_development(settings: Mapping[str, Any]) -> list[str]:
    """List what uv installs besides: the group dev, and the groups in it."""
    groups = get_table(settings, "dependency-groups")
    older = _list_texts(get_table(settings, "tool", "uv").get("dev-dependencies"))
    return [*_list_group(groups, "dev", set()), *older]


def _list_group(groups: Mapping[str, Any], name: str, seen: set[str]) -> Iterator[str]:
    if name not in seen:
        seen.add(name)
        yield from _list_texts(groups.get(name))
        for one in groups.get(name) or ():
            if isinstance(one, dict):
                yield from _list_group(groups, str(one.get("include-group")), seen)


def _list_texts(values: object) -> Iterator[str]:
    return (one for one in values if isinstance(one, str)) if isinstance(values, list) else iter(())


def list_lacking(wanted: Iterable[str], has: Iterable[str]) -> list[str]:
    """List what is wanted of other packages, or of newer ones, than a project is sure to get."""
    known = list(_parse(has))
    return [
        text
        for text in wanted
        if not any(_is_enough(Requirement(text), requirement) for requirement in known)
    ]


def _parse(texts: Iterable[str]) -> Iterator[Requirement]:
    for text in texts:
        try:
            yield Requirement(text)
        except InvalidRequirement:
            continue


def _is_enough(wanted: Requirement, has: Requirement) -> bool:
    """Tell whether the oldest version that is allowed is new enough."""
    if canonicalize_name(wanted.name) != canonicalize_name(has.name):
        return False
    least = [one.version for one in has.specifier if one.operator in _LEAST]
    return wanted.extras <= has.extras and any(
        wanted.specifier.contains(version.removesuffix(".*"), prereleases=True) for version in least
    )


def allows(specifier: object, version: str) -> bool:
    """Tell whether a text such as >=3.9 allows a version; a wrong one allows nothing."""
    try:
        return SpecifierSet(str(specifier)).contains(version)
    except InvalidSpecifier:
        return False
