"""The skill names all of Starlette: what a newer release adds is listed by what fails here."""

import ast
import importlib
import inspect
import pkgutil
import re
import warnings
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import starlette
from starlette.exceptions import StarletteDeprecationWarning

SKILL = Path(__file__).parents[1] / "project_templates" / "skills" / "starlette"
TYPE_VARIABLES = {"P", "T", "AppType"}


def list_modules() -> list[str]:
    """The names of Starlette's public modules."""
    names = [module.name for module in pkgutil.walk_packages(starlette.__path__, "starlette.")]
    return [name for name in names if "._" not in name]


def load_module(name: str) -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", StarletteDeprecationWarning)
        return importlib.import_module(name)


def list_definitions(module: ModuleType) -> Iterator[str]:
    """What a module binds itself: its classes, functions and constants, not its imports."""
    for node in ast.parse(inspect.getsource(module)).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def list_names(module: ModuleType) -> set[str]:
    exported = getattr(module, "__all__", None)
    names = exported if exported is not None else list_definitions(module)
    return {name for name in names if not name.startswith("_")} - TYPE_VARIABLES


def list_classes(module: ModuleType) -> list[type]:
    made = [getattr(module, name) for name in sorted(list_names(module))]
    return [thing for thing in made if inspect.isclass(thing)]


def list_functions(module: ModuleType) -> list[Callable[..., Any]]:
    made = [getattr(module, name) for name in sorted(list_names(module))]
    return [thing for thing in made if inspect.isfunction(thing)]


def list_makers(module: ModuleType) -> list[type]:
    """The classes with a constructor of their own: one that is inherited is told at its base."""
    classes = [owner for owner in list_classes(module) if not issubclass(owner, Enum)]
    return [owner for owner in classes if {"__init__", "__new__"} & vars(owner).keys()]


def list_members(owner: type) -> set[str]:
    """The public attributes that a class has and its bases have not."""
    inherited = {name for base in owner.__mro__[1:] for name in vars(base)}
    return {name for name in vars(owner).keys() - inherited if not name.startswith("_")}


def list_parameters(function: Callable[..., Any]) -> set[str]:
    names = inspect.signature(function).parameters
    return {name for name in names if not name.startswith("_")} - {"self"}


def list_methods(owner: type) -> list[Callable[..., Any]]:
    members = [inspect.getattr_static(owner, name) for name in sorted(list_members(owner))]
    bare = [getattr(member, "__func__", member) for member in members]
    return [member for member in bare if inspect.isfunction(member)]


def find_words(text: str) -> set[str]:
    """The identifiers that a text shows as code."""
    blocks = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`]+)`", prose)
    return {word for code in [*blocks, *spans] for word in re.findall(r"\w+", code)}


@cache
def read_sections() -> list[set[str]]:
    """The identifiers of each section of each file, from one heading to the next."""
    texts = [path.read_text(encoding="utf-8") for path in SKILL.rglob("*.md")]
    return [find_words(part) for text in texts for part in re.split(r"^##+ ", text, flags=re.M)]


def find_words_beside(name: str) -> set[str]:
    """The identifiers in the sections that name a class or a function."""
    return {word for section in read_sections() if name in section for word in section}


def list_missing(things: list[Any], list_wanted: Callable[[Any], set[str]]) -> dict[str, list[str]]:
    """What no section that names a thing names of what belongs to it, by thing."""
    missing = {
        thing.__name__: sorted(list_wanted(thing) - find_words_beside(thing.__name__))
        for thing in things
    }
    return {name: left for name, left in missing.items() if left}


@pytest.mark.parametrize("module", list_modules())
def test_every_public_name_is_in_the_skill(module: str) -> None:
    known = set().union(*read_sections())

    assert sorted(list_names(load_module(module)) - known) == []


@pytest.mark.parametrize("module", list_modules())
def test_every_parameter_is_beside_its_class_or_function(module: str) -> None:
    loaded = load_module(module)

    assert list_missing([*list_makers(loaded), *list_functions(loaded)], list_parameters) == {}


@pytest.mark.parametrize("module", list_modules())
def test_every_member_is_beside_its_class(module: str) -> None:
    assert list_missing(list_classes(load_module(module)), list_members) == {}


@pytest.mark.parametrize("module", list_modules())
def test_every_parameter_of_a_method_is_in_the_skill(module: str) -> None:
    known = set().union(*read_sections())
    methods = [made for owner in list_classes(load_module(module)) for made in list_methods(owner)]

    missing = {made.__qualname__: sorted(list_parameters(made) - known) for made in methods}

    assert {name: left for name, left in missing.items() if left} == {}
