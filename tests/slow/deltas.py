"""Two blueprints by chance: one, and what a person could make of it in one go."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from random import Random

from migration_cases import Case

TYPES = (
    "str", "str(30)", "str(60)", "text", "int", "float", "decimal(10,2)", "decimal(12,4)", "bool",
    "date", "datetime", "time", "uuid", "json", "email", "url", "color", "enum(a,b,c)",
    "enum(c,d)", "ref", "many",
)  # fmt: skip
DEFAULTS = {
    "str": "x", "str(30)": "x:y", "str(60)": '"it\'s"', "text": "'a :b'", "int": "5",
    "float": "1.5", "decimal(10,2)": "1.5", "decimal(12,4)": "2", "bool": "true", "date": "today",
    "datetime": "now", "time": "12:00", "json": "{}", "color": "#102030", "enum(a,b,c)": "b",
    "enum(c,d)": "c",
}  # fmt: skip
WORDS = (
    "alpha", "bravo", "delta", "group", "order", "select", "values", "index", "table", "check",
    "to", "primary", "hotel", "india", "key", "kilo", "lima", "mike", "oscar", "papa", "quebec",
)  # fmt: skip
NAMES = ("ape", "bear", "cat", "dog", "eel", "fox", "goat", "hare", "order", "user", "view")
MOST_FIELDS = 7
MOST_EDITS = 6


@dataclass
class Spec:
    """One field: a type, the resource it refers to, and what stands after the type."""

    type: str
    target: str = ""
    null: bool = True
    unique: bool = False
    index: bool = False
    default: bool = False

    def write(self, word: str) -> str:
        if self.type == "many":
            return f"{word}:many({self.target})"
        kind = f"ref({self.target})" if self.type == "ref" else self.type
        marks = ":unique" * self.unique + ":index" * self.index
        default = f"={DEFAULTS[self.type]}" if self.default else ""
        return f"{word}:{kind}{'?' * self.null}{marks}{default}"


Book = dict[str, dict[str, Spec]]


@dataclass
class Edited:
    """A blueprint on its way to another."""

    book: Book
    resources: dict[str, str] = field(default_factory=dict)
    fields: dict[tuple[str, str], str] = field(default_factory=dict)


def make_delta(name: str, chance: Random) -> Case:
    """Make a blueprint, and another one by some edits."""
    book: Book = {}
    for resource in chance.sample(NAMES, chance.randint(1, 4)):
        book[resource] = {}
    for resource in book:
        for word in chance.sample(WORDS, chance.randint(1, MOST_FIELDS)):
            book[resource][word] = _make_spec(chance, book, resource)
    edited = Edited(deepcopy(book))
    for _ in range(chance.randint(1, MOST_EDITS)):
        chance.choice(EDITS)(chance, edited, book)
    old, new = _write(book), _write(edited.book)
    return Case(name, old, new, edited.resources, edited.fields, may_stop=True)


def _make_spec(chance: Random, book: Book, resource: str, *, new: bool = False) -> Spec:
    kind = chance.choice(TYPES)
    names = list(book)
    if kind in ("ref", "many"):
        earlier = names[: names.index(resource)]
        required = kind == "ref" and bool(earlier) and not new and chance.random() < 0.5
        target = chance.choice(earlier if required else names)
        return Spec(kind, target, null=not required)
    spec = Spec(kind, null=chance.random() < 0.4)
    spec.default = kind in DEFAULTS and chance.random() < 0.5
    spec.null = spec.null or (new and not spec.default)
    if not kind.startswith(("bool", "enum", "text", "json")):
        spec.unique = not spec.default and chance.random() < 0.2
        spec.index = chance.random() < 0.3
    elif kind.startswith("text"):
        spec.index = chance.random() < 0.3
    return spec


def _write(book: Book) -> list[str]:
    return [
        " ".join([name, *(spec.write(word) for word, spec in fields.items())])
        for name, fields in book.items()
    ]


def _add_resource(chance: Random, edited: Edited, old: Book) -> None:
    free = [name for name in NAMES if name not in edited.book and name not in old]
    if free:
        name = chance.choice(free)
        edited.book[name] = {}
        for word in chance.sample(WORDS, 2):
            edited.book[name][word] = _make_spec(chance, edited.book, name)


def _remove_resource(chance: Random, edited: Edited, old: Book) -> None:
    fixed = {*edited.resources.values(), *(name for name, _ in edited.fields)}
    names = [name for name in edited.book if name in old and name not in fixed]
    if len(edited.book) > 1 and names:
        gone = chance.choice(names)
        del edited.book[gone]
        for fields in edited.book.values():
            for word in [word for word, spec in fields.items() if spec.target == gone]:
                fields[word] = Spec("int")


def _rename_resource(chance: Random, edited: Edited, old: Book) -> None:
    fixed = {*edited.resources.values(), *(name for name, _ in edited.fields)}
    names = [name for name in edited.book if name in old and name not in fixed]
    free = [name for name in NAMES if name not in edited.book and name not in old]
    if names and free:
        before, after = chance.choice(names), chance.choice(free)
        edited.resources[before] = after
        edited.book = {after if n == before else n: f for n, f in edited.book.items()}
        for fields in edited.book.values():
            for word, spec in fields.items():
                if spec.target == before:
                    fields[word] = replace(spec, target=after)


def _add_field(chance: Random, edited: Edited, old: Book) -> None:
    name = chance.choice(list(edited.book))
    free = [word for word in WORDS if word not in edited.book[name]]
    word = chance.choice(free)
    edited.book[name][word] = _make_spec(chance, edited.book, name, new=True)


def _remove_field(chance: Random, edited: Edited, old: Book) -> None:
    name = chance.choice(list(edited.book))
    words = [word for word in edited.book[name] if (name, word) not in _list_renamed(edited)]
    if len(edited.book[name]) > 1 and words:
        del edited.book[name][chance.choice(words)]


def _rename_field(chance: Random, edited: Edited, old: Book) -> None:
    name = chance.choice(list(edited.book))
    back = {after: before for before, after in edited.resources.items()}
    words = [w for w in old.get(back.get(name, name), {}) if w in edited.book[name]]
    words = [word for word in words if (name, word) not in _list_renamed(edited)]
    words = [word for word in words if (name, word) not in edited.fields]
    free = [word for word in WORDS if word not in edited.book[name]]
    if words:
        before, after = chance.choice(words), chance.choice(free)
        edited.fields[name, before] = after
        fields = edited.book[name]
        edited.book[name] = {after if w == before else w: spec for w, spec in fields.items()}


def _change_field(chance: Random, edited: Edited, old: Book) -> None:
    name = chance.choice(list(edited.book))
    word = chance.choice(list(edited.book[name]))
    spec = edited.book[name][word]
    if spec.type == "ref" and chance.random() < 0.5:
        edited.book[name][word] = replace(spec, null=True, index=not spec.index)
    else:
        edited.book[name][word] = _make_spec(chance, edited.book, name, new=True)


def _list_renamed(edited: Edited) -> set[tuple[str, str]]:
    return {(name, after) for (name, _), after in edited.fields.items()}


Edit = Callable[[Random, Edited, Book], None]
EDITS: tuple[Edit, ...] = (
    _add_resource, _remove_resource, _rename_resource, _add_field, _add_field, _remove_field,
    _rename_field, _change_field, _change_field, _change_field,
)  # fmt: skip
