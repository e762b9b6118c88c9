"""Names: what a project may be called, and the forms of a resource's name."""

import keyword
import re
from functools import cache
from typing import Any

from starlette_new.errors import UsageProblem, show

COMMANDS = (
    "new", "add", "remove", "rename", "apply", "update", "diff", "adopt", "check", "options",
    "smoke", "skill", "copy-rows",
)  # fmt: skip
"""Names of commands, now or in a later version; as a project's name they must follow `new`."""

# What a generated project installs or imports, now or with an option of a later version: its own
# distribution would stand in the way.
_TAKEN = frozenset({
    "aiosqlite", "alembic", "annotated-types", "anyio", "app", "asyncpg", "click", "coverage",
    "greenlet", "h11", "hatchling", "httpcore2", "httptools", "httpx", "httpx2", "idna",
    "iniconfig", "itsdangerous", "jinja2", "mako", "markupsafe", "migrations", "mypy",
    "mypy-extensions", "node-modules", "packaging", "pathspec", "pip", "pluggy", "postgres",
    "procrastinate", "psycopg", "pydantic", "pydantic-core", "pygments", "pytest", "python-dotenv",
    "python-multipart", "pyyaml", "ruff", "setuptools", "site-packages", "sqlalchemy", "sqlmodel",
    "sse-starlette", "starlette", "starlette-new", "template0", "template1", "tests", "truststore",
    "typing-extensions", "typing-inspection", "uv", "uv-build", "uvicorn", "uvloop", "watchfiles",
    "websockets", "wheel",
})  # fmt: skip
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
_PROJECT = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_PROJECT = 64
LONGEST_WORD = 40
_FOLDER = re.compile(rf"[A-Za-z0-9_](?:[A-Za-z0-9._-]{{0,{LONGEST_PROJECT - 2}}}[A-Za-z0-9_-])?")

# What the library gets wrong, of the words that tables are called.
_PLURALS = {
    "agenda": "agendas", "axis": "axes", "basis": "bases", "bias": "biases", "cache": "caches",
    "chassis": "chassis", "cliche": "cliches", "epoch": "epochs", "excuse": "excuses",
    "german": "germans", "hierarchy": "hierarchies", "i": "is", "innings": "innings",
    "lens": "lenses", "niche": "niches", "oasis": "oases", "roman": "romans", "schema": "schemas",
    "sku": "skus", "specimen": "specimens", "summons": "summonses", "taxi": "taxis",
    "topaz": "topazes", "virus": "viruses", "waltz": "waltzes",
} | {
    word: word
    for word in (
        "aws", "cms", "css", "dns", "feedback", "furniture", "goods", "gps", "ios", "js",
        "luggage", "means", "metadata", "os", "pos", "rss", "sms", "species", "tls", "vps",
    )
}  # fmt: skip
_SINGULARS = {plural: word for word, plural in _PLURALS.items()} | {"bases": "base"}

RESERVED_WORDS = frozenset({"static", "docs", "openapi", "health", "live", "stats"})
"""First parts of addresses that are ours: no resource may take them, in any number."""

RESERVED_FIELDS = frozenset(
    {"id", "created_at", "updated_at", "lock_version", "returning", "nothing"}
)
"""Columns that every table has, and two words of SQLite that SQLAlchemy forgets to quote."""

UNSAFE_ATTRIBUTES = frozenset(
    {
        "l",
        "metadata",
        "registry",
        "self",
        "sa",
        "orm",
        "database",
        "dt",
        "paging",
        "model",
        "schema",
    }
    | {"str", "int", "bool", "float", "object", "list", "text", "decimal", "today", "now"}
    | {"time_now", "construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj"}
    | {"parse_raw", "schema", "schema_json", "update_forward_refs", "validate", "mro", "register"}
)
"""Names that cannot be attributes of a model or a schema, or would hide what its class needs."""

UNSAFE_CLASSES = frozenset({"Any", "Decimal", "ExactDecimal", "UtcDateTime"})
"""Models of these names would hide what their module imports."""

COLLECTION_METHODS = frozenset(
    {"add", "as_readonly", "clear", "compare", "contains_column", "corresponding_column", "extend"}
    | {"get", "items", "keys", "remove", "update", "values"}
)
"""Columns of these names are hidden by what SQLAlchemy's collection of columns does."""


def make_attribute(name: str) -> str:
    """Give the attribute that holds a field: its name, or one near it that does no harm."""
    if name.startswith("model_"):
        return name.replace("_", "__", 1)
    return f"{name}_" if name in UNSAFE_ATTRIBUTES else name


def check_project_name(name: str) -> str:
    """Return the name of a project if it may be one; raise UsageProblem."""
    if not name:
        raise _wrong_project(name, "is empty")
    if len(name) > LONGEST_PROJECT:
        raise _wrong_project(name, f"is longer than {LONGEST_PROJECT} characters")
    if not _PROJECT.fullmatch(name) or not name.isascii():
        raise _wrong_project(
            name,
            "is not made of ASCII letters, digits, - and _, from a letter to a letter or digit",
        )
    normal = re.sub(r"[-_]+", "-", name).lower()
    if keyword.iskeyword(name) or keyword.iskeyword(normal):
        raise _wrong_project(name, "is a word of Python itself")
    if normal in _DEVICES:
        raise _wrong_project(name, "is a device on Windows")
    if normal in _TAKEN:
        raise _wrong_project(name, "is the name of something a project needs itself")
    return name


def check_folder_name(name: str | None) -> str:
    """Return the name of a folder for a project that is not ours; raise UsageProblem."""
    if name is None:
        raise UsageProblem(
            "The project has no name.", "Type: starlette-new NAME --template ...", field="name"
        )
    if not _FOLDER.fullmatch(name) or name.lower().partition(".")[0] in _DEVICES:
        raise UsageProblem(
            f"{show(name)} is no name for the folder of a project.",
            f"Choose at most {LONGEST_PROJECT} ASCII letters, digits, dots, - and _, like my.app.",
            field="name",
        )
    return name


def _wrong_project(name: str, why: str) -> UsageProblem:
    return UsageProblem(
        f"The project name {show(name)} {why}.", "Choose a name like taskflow.", field="name"
    )


def make_snake(word: str) -> str:
    """Turn CamelCase into snake_case, and leave snake_case as it is."""
    parts = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", word)
    return parts.lower()


def check_word(word: str, what: str) -> str:
    """Return a resource's or field's name in snake_case if it may be one; raise UsageProblem."""
    snake = make_snake(word)
    if not word.isascii() or not _SNAKE.fullmatch(snake):
        raise UsageProblem(
            f"The {what} name {show(word)} is not a word of letters, digits and _ that begins "
            "with a letter.",
            "Write it like blog_post.",
            field="resources",
        )
    if len(snake) > LONGEST_WORD:
        raise UsageProblem(
            f"The {what} name {show(word)} is longer than {LONGEST_WORD} characters.",
            "Choose a shorter one.",
            field="resources",
        )
    return snake


def singularize(word: str) -> str:
    """Give the singular of a snake_case word; only its last part is inflected."""
    return _inflect(word, plural=False)


def pluralize(word: str) -> str:
    """Give the plural of a snake_case word; only its last part is inflected."""
    plural = _inflect(word, plural=True)
    return f"{word}_rows" if keyword.iskeyword(plural) else plural


def _inflect(word: str, *, plural: bool) -> str:
    head, _, last = word.rpartition("_")
    if plural:
        last = last if last in _SINGULARS else _PLURALS.get(last) or _load_inflector().plural(last)
    elif last not in _PLURALS:
        last = _SINGULARS.get(last) or _find_singular(last)
    return f"{head}_{last}" if head else last


def _find_singular(word: str) -> str:
    inflector = _load_inflector()
    return word if inflector.is_singular(word) else inflector.singular(word) or word


@cache
def _load_inflector() -> Any:
    from pluralizer import Pluralizer

    return Pluralizer()  # type: ignore[no-untyped-call]


def make_class(word: str) -> str:
    """Give the class name of a snake_case word."""
    return "".join(part.capitalize() for part in word.split("_"))
