"""SQL as Python source, for the files that are written into a project."""

from textwrap import wrap

from starlette_new.defaults import make_source

LONGEST_PART = 60
"""Characters of a text that fit on one line, with its quotes and what is escaped."""


def quote(name: str) -> str:
    """Write the name of a table or a column in SQL, where it may be a word of SQL itself."""
    return f'"{name}"'


def write_source(text: str) -> str:
    """Write a text as source, in parts that fit on a line."""
    parts = wrap(text, LONGEST_PART, drop_whitespace=False, replace_whitespace=False)
    return " ".join(map(make_source, parts))


def write_sql_source(sql: str) -> str:
    r"""Write SQL for sa.text, which takes :name for a parameter unless it is written \:name."""
    return write_source(sql.replace(":", "\\:"))


def write_execute(sql: str) -> str:
    return f"op.execute({write_sql_source(sql)})"


def order_moves(moves: dict[str, str], taken: set[str]) -> list[tuple[str, str]]:
    """Put renames in an order in which each new name is free; a circle goes by way of another."""
    waiting, names = dict(moves), set(taken)
    ordered: list[tuple[str, str]] = []
    while waiting:
        old = next((name for name in waiting if waiting[name] not in names), "")
        new = waiting.pop(old) if old else ""
        if not old:
            old = next(iter(waiting))
            new = make_free(f"moved_{old}", names | set(waiting.values()))
            waiting[new] = waiting.pop(old)
        ordered.append((old, new))
        names = names - {old} | {new}
    return ordered


def make_free(name: str, taken: set[str]) -> str:
    """Give a name that nothing has yet, near this one."""
    while name in taken:
        name = f"{name}_"
    return name
