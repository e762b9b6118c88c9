"""What was copied: on a screen to a person, as one JSON document to a program."""

from starlette_new import __version__
from starlette_new.moving import Copied, CopiedTable
from starlette_new.report import SCHEMA, Line

_SHOWN = 12
"""Characters of a checksum."""


def describe_copied(copied: Copied) -> list[Line]:
    """Put what was copied into lines: one for each table."""
    lines: list[Line] = [(f"{copied.project}", "bold")]
    lines += [(f"{copied.source} into {copied.database}", None), ("", None)]
    longest = max((len(table.name) for table in copied.tables), default=0)
    lines += [(_describe_table(table, longest), None) for table in copied.tables]
    lines += [*((f"  {note}", None) for note in copied.notes), ("", None)]
    count = f"{copied.rows:,} rows of {len(copied.tables)} tables"
    if copied.dry_run:
        return [*lines, (f"{count}. Nothing was written.", "bold")]
    end = " Type next:" * bool(copied.next)
    lines.append((f"Copied and compared: {count}, in {copied.seconds:.1f} s.{end}", "bold"))
    return [*lines, *((f"  {command}", "cyan") for command in copied.next)]


def _describe_table(table: CopiedTable, longest: int) -> str:
    return (
        f"  {table.name:<{longest}}  {table.rows:>12,}  {(table.checksum or '')[:_SHOWN]}".rstrip()
    )


def make_copied_document(copied: Copied) -> dict[str, object]:
    """Describe what was copied as plain values; README.md explains the keys."""
    return {
        "schema": SCHEMA,
        "starlette_new": __version__,
        "command": "copy-rows",
        "ok": True,
        "dry_run": copied.dry_run,
        "project": {"path": str(copied.project), "answers": copied.answers},
        "source": str(copied.source),
        "database": copied.database,
        "tables": [vars(table) for table in copied.tables],
        "rows": copied.rows,
        "notes": copied.notes,
        "next": copied.next,
        "seconds": round(copied.seconds, 3),
    }
