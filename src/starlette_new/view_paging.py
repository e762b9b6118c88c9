"""How lists are searched: lines of `paging.py`, of `env.py`, and of their tests."""

from starlette_new.blueprint import Blueprint
from starlette_new.text_indexes import list_indexed_texts
from starlette_new.view_resource import View


def view_paging(blueprint: Blueprint) -> View:
    """Work out the lines that not every project's lists have."""
    has_pages, resources = blueprint.has_pages, blueprint.resources
    has_links = any(field.is_many for one in resources for field in one.fields)
    has_texts = any(map(list_indexed_texts, resources))
    is_sqlite = blueprint.with_db == "sqlite"
    is_virtual = has_texts and is_sqlite
    searches = [
        *[f"texts_{blueprint.with_db}"] * has_texts,
        *["links"] * has_links,
        *["ranges"] * is_sqlite,  # its planner does not know how many rows lie between two values
    ]
    return {
        "paging_imports": [
            *["from sqlalchemy import func"] * has_pages,
            *["from sqlalchemy import exists"] * has_links,
            *["from sqlalchemy import TableClause"] * is_virtual,
        ],
        "texts_advice": _ADVICE * is_virtual,
        "env_functions": _IS_COMPARED * is_virtual,
        "env_options": ["include_name=is_compared,"] * is_virtual,
        **_view_tests(blueprint, has_texts=has_texts, has_links=has_links),
        "few_lines": _FEW * bool(searches),
        "read_lines": ["bound |= _find_few(session, listing, bound)"] * bool(searches),
        "searches": ["begin", *searches, "end"] if searches else [],
        "filter_lines": [*_FEW_FILTER * bool(searches), *_LINK_FILTER * has_links],
        "trigram_lines": _TRIGRAMS * is_virtual,
        "listing_says": [
            *[_LINKED] * has_links,
            *[_TEXTS] * is_virtual,
            _RANKS,
            *[_NAMED] * has_pages,
        ],
        "listing_lines": [
            *_LABEL * has_pages,
            "searched: Sequence[Column[Any]] = ()",
            *["linked: Mapping[str, Table] = field(default_factory=dict)"] * has_links,
            *["texts: TableClause | None = None"] * is_virtual,
        ],
    }


def _view_tests(blueprint: Blueprint, *, has_texts: bool, has_links: bool) -> View:
    is_sqlite = blueprint.with_db == "sqlite"
    is_virtual = has_texts and is_sqlite
    return {
        "things": [*["links"] * has_links, *["texts"] * is_virtual],
        "thing_listing_lines": [
            *['linked={"tag": TAGS},'] * has_links,
            *["texts=TEXTS,"] * is_virtual,
        ],
        "thing_rows_lines": [*_TAG_ROWS * has_links, *_TEXT_ROWS * is_virtual],
        "few_claims": [
            *['assert read_all(session, q="MAL") == [1, 3, 5]'] * has_texts,
            *["assert read_all(session, tag=7) == [2, 3]"] * has_links,
            *['assert read_all(session, made_min=ROWS[0]["made"]) == [1]'] * is_sqlite,
        ],
    }


_TAG_ROWS = [
    "TAGS.create(session.connection())",
    'session.execute(TAGS.insert(), [{"thing_id": one, "tag_id": 7} for one in (2, 3)])',
]
_TEXT_ROWS = ["session.execute(sa.text(MAKE_TEXTS))", "session.execute(sa.text(FILL_TEXTS))"]
_ADVICE = """\
- `q` has an index of its own, a virtual table that triggers keep (`0001_initial.py`). A
  migration that copies the table (`batch_alter_table`) loses the triggers: drop all of it, make it
  anew, and fill it.
"""
_IS_COMPARED = [
    "def is_compared(name: str | None, kind: str, _: object) -> bool:",
    '    """Leave out the tables that SQLite has for an index of texts."""',
    '    return kind != "table" or "__texts" not in (name or "")',
    "",
    "",
]
_FEW = [
    "FEW = 500",
    '"""Rows that are looked for by their ids; where there are more, a list soon meets them."""',
]
_FEW_FILTER = [
    'if "few" in bound:',
    '    yield listing.table.c.id.in_(bindparam("few", expanding=True))',
]
_LINK_FILTER = [
    "for name, links in listing.linked.items():",
    '    if f"where_{name}" in bound:',
    "        row, other = links.columns",
    '        yield exists().where(row == listing.table.c.id, other == bindparam(f"where_{name}"))',
]
_TRIGRAMS = [
    'threes = [values["q"][n : n + 3].replace(\'"\', \'""\') for n in range(len(values["q"]) - 2)]',
    "if threes:",
    '    bound["trigrams"] = " AND ".join(f\'"{three}"\' for three in threes)',
]
_RANKS = "ranks: values in their order, where that is not the order of the alphabet."
_LINKED = "linked: by parameter, the table that links rows to the id it names."
_TEXTS = "texts: the index of what `q` looks for."
_NAMED = (
    "label: what a row is called where others refer to it. color: what it is marked with there."
)
_LABEL = ["label: Column[Any]", "color: Column[Any] | None = None"]
