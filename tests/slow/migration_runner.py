"""Runs migrations in a generated project's own environment; reads cases, prints their faults."""

import json
import shutil
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from app import database  # type: ignore[import-not-found]
from app.database import make_engine  # type: ignore[import-not-found]

Case = dict[str, Any]
Table = dict[int, dict[str, object]]


def main() -> None:
    """Run each case of a file, and print its name, its faults and its seconds as JSON."""
    work = Path(sys.argv[1])
    for number, case in enumerate(json.loads((work / "cases.json").read_text("utf-8"))):
        started = time.monotonic()
        folder = work / f"case{number}"
        try:
            faults = run_case(case, folder)
        except Exception as error:
            faults = [f"{type(error).__name__}: {error}"[:600]]
        shutil.rmtree(folder)
        note = "stopped" if case.get("stopped") else ""
        print(json.dumps([case["name"], faults, time.monotonic() - started, note]), flush=True)


def run_case(case: Case, folder: Path) -> list[str]:
    """Go up, down and up again with rows; return what is wrong."""
    url, config = prepare(folder, {"0001": case["old"]["first"], "0002": case["migration"]})
    command.upgrade(config, "0001")
    insert(url, case)
    if case["own"]:
        return run_own(case, url, config)
    before, old_schema = read_rows(url), read_schema(url)
    if error := attempt(lambda: command.upgrade(config, "0002")):
        expected = fits(error, case["refused"], case)
        return [*expected, *compare_rows("refused", before, read_rows(url), {})]
    faults = ["up: not refused"] if case["refused"] else []
    up = read_rows(url)
    faults += compare_up(case, before, up)
    faults += compare_with_new(case, url, folder)
    if error := attempt(lambda: command.downgrade(config, "0001")):
        expected = fits(error, case["back_refused"], case)
        return [*faults, *expected, *compare_rows("back refused", up, read_rows(url), {})]
    faults += ["down: not refused"] if case["back_refused"] else []
    faults += check_schema("down", old_schema, read_schema(url))
    faults += compare_back(case, before, read_rows(url))
    faults += check_whole(url)
    if error := attempt(lambda: command.upgrade(config, "0002")):
        return [*faults, *fits(f"up again: {error}", "", case)]
    again = read_rows(url)
    faults += [
        f"again: {name}"
        for name in case["tables"].values()
        if name and again[name].keys() != up[name].keys()
    ]
    return [*faults, *compare_with_new(case, url, folder)]


def run_own(case: Case, url: sa.URL, config: Config) -> list[str]:
    """Go up, down and up again where a table has a column and an index that no blueprint knows."""
    with closing(sqlite3.connect(str(url.database))) as connection:
        connection.executescript(case["own"])
    faults = []
    for way, to in (
        (command.upgrade, "0002"),
        (command.downgrade, "0001"),
        (command.upgrade, "0002"),
    ):
        way(config, to)
        rows = [row for table in read_rows(url).values() for row in table.values()]
        schema = str(read_schema(url))
        faults += [f"{to}: a column is gone"] * any(row.get("own") != "mine" for row in rows)
        faults += [f"{to}: an index is gone"] * ("own_index" not in schema)
        faults += [f"{to}: a constraint is gone"] * ("own <> " not in schema)
    return [*faults, *check_whole(url)]


def fits(error: str, wanted: str, case: Case) -> list[str]:
    """Tell whether a migration may stop with this error."""
    case["stopped"] = True
    stopped = case["may_stop"] and "SystemExit" in error and "Change them" in error
    return [] if stopped or (wanted and wanted in error) else [f"stopped: {error}"]


def prepare(folder: Path, versions: dict[str, str]) -> tuple[sa.URL, Config]:
    (folder / "versions").mkdir(parents=True)
    shutil.copy(Path(database.__file__).parents[1] / "migrations" / "env.py", folder)
    for name, text in versions.items():
        (folder / "versions" / f"{name}.py").write_text(text, "utf-8")
    url = sa.URL.create("sqlite", database=str(folder / "rows.db"))
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    return url, config


def attempt(run: Any) -> str:
    try:
        run()
    except (SystemExit, RuntimeError, sa.exc.SQLAlchemyError) as error:
        return f"{type(error).__name__}: {error}"[:600]
    return ""


def insert(url: sa.URL, case: Case) -> None:
    """Insert the rows, and delete the last of each table: nobody may have its id again."""
    with closing(sqlite3.connect(str(url.database))) as connection, connection:
        for table, rows in case["rows"].items():
            names = ", ".join(f'"{name}"' for name in rows[0])
            marks = ", ".join("?" * len(rows[0]))
            sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608
            connection.executemany(sql, [list(row.values()) for row in rows])
            if "id" in rows[0]:
                last = len(rows)
                connection.execute(f'DELETE FROM "{table}" WHERE id = {last}')  # noqa: S608


def read_rows(url: sa.URL) -> dict[str, Table]:
    with closing(sqlite3.connect(str(url.database))) as connection:
        connection.row_factory = sqlite3.Row
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in ("alembic_version", "sqlite_sequence") and is_kept(name)
        ]
        found = {}
        for name in names:
            rows = map(dict, connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2'))  # noqa: S608
            found[name] = {row.get("id", n): row for n, row in enumerate(rows)}
        return found


def is_kept(name: str | None, kind: str = "table", parents: Any = None) -> bool:
    """Tell whether a table is no part of an index of texts."""
    return kind != "table" or "__texts" not in (name or "")


def read_schema(url: sa.URL) -> dict[str, Any]:
    """Read all that an inspector sees, in an order that does not depend on the way to it."""
    engine = sa.create_engine(url)
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        see = sa.inspect(connection)
        made = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").fetchall()
        sql = {str(name): str(source) for name, source in made}
        for name in see.get_table_names():
            if name != "alembic_version" and is_kept(name):
                columns = {column["name"]: column for column in see.get_columns(name)}
                found[name] = {
                    "columns": {key: _show_column(columns[key]) for key in sorted(columns)},
                    "checks": _sort(see.get_check_constraints(name)),
                    "uniques": _sort(see.get_unique_constraints(name)),
                    "indexes": _sort(see.get_indexes(name)),
                    "keys": _sort(see.get_foreign_keys(name)),
                    "primary": [str(see.get_pk_constraint(name))],
                    "counts": ["AUTOINCREMENT" in sql[name]],
                    "texts": sorted(sql[one] for one in sql if one.startswith(f"{name}__texts_")),
                }
    engine.dispose()
    return found


def _show_column(column: Any) -> dict[str, str]:
    return {
        key: str(value).strip("()") if key == "default" else str(value)
        for key, value in column.items()
    }


def _sort(items: Any) -> list[str]:
    return sorted(json.dumps(item, default=str, sort_keys=True) for item in items)


def check_schema(when: str, expected: dict[str, Any], found: dict[str, Any]) -> list[str]:
    faults = []
    for table in sorted(expected.keys() | found.keys()):
        one, other = expected.get(table, {}), found.get(table, {})
        for part in sorted(one.keys() | other.keys()):
            wanted, there = one.get(part) or {}, other.get(part) or {}
            if wanted != there:
                missing = [item for item in wanted if item not in there]
                more = [item for item in there if item not in wanted]
                if part == "columns":
                    missing = [wanted[key] for key in wanted if wanted[key] != there.get(key)]
                    more = [there[key] for key in there if there[key] != wanted.get(key)]
                faults.append(f"{when} {table} {part}: {missing} became {more}")
    return faults


def compare_with_new(case: Case, url: sa.URL, folder: Path) -> list[str]:
    """Compare with the database that the new blueprint would begin with, and with its models."""
    fresh = folder / "fresh"
    other, config = prepare(fresh, {"0001": case["new"]["first"]})
    command.upgrade(config, "0001")
    faults = check_schema("up", read_schema(other), read_schema(url))
    shutil.rmtree(fresh)
    return [*faults, *compare_models(case["new"]["models"], url), *check_whole(url)]


def compare_models(models: list[str], url: sa.URL) -> list[str]:
    database.Model.metadata.clear()
    database.Model.registry.dispose()
    for source in models:
        exec(compile(source, "models.py", "exec"), {"__name__": "models"})  # noqa: S102
    engine = make_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_kept})
        found = compare_metadata(context, database.Model.metadata)
    engine.dispose()
    return [f"models: {one}" for one in found]


def check_whole(url: sa.URL) -> list[str]:
    with closing(sqlite3.connect(str(url.database))) as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        wrong = connection.execute("PRAGMA integrity_check").fetchall()
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        counted = [name for (name,) in connection.execute("SELECT name FROM sqlite_sequence")]
        lost = [fault for name in names for fault in find_lost_texts(connection, name)]
    odd = [name for name in counted if name not in names] + [
        name for name, n in Counter(counted).items() if n > 1
    ]
    odd += [name for name in names if name.startswith("_alembic")]
    return (
        [f"broken: {broken[:3]}"] * bool(broken)
        + [f"left: {odd}"] * bool(odd)
        + [f"integrity: {wrong[:3]}"] * (wrong != [("ok",)])
        + lost
    )


def find_lost_texts(connection: sqlite3.Connection, name: str) -> list[str]:
    """Find rows that the index of texts does not have, or has no more; some are looked for."""
    if not name.endswith("__texts_update"):
        return []
    virtual, table = name.removesuffix("_update"), name.removesuffix("__texts_update")
    found = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
    columns = found[0].partition(" OF ")[2].partition(" ON ")[0]
    count = f'SELECT (SELECT count(*) FROM "{table}"), count(*) FROM "{virtual}_docsize"'  # noqa: S608
    there, indexed = connection.execute(count).fetchone()
    faults = [f"{virtual}: {indexed} of {there} rows"] * (there != indexed)
    match = f'SELECT count(*) FROM "{virtual}" WHERE "{virtual}" MATCH ? AND rowid = ?'  # noqa: S608
    rows = connection.execute(f'SELECT id, {columns} FROM "{table}" LIMIT 100').fetchall()  # noqa: S608
    for row_id, *texts in rows:
        for text in filter(None, texts):
            words = " AND ".join(f'"{part}"' for part in cut(str(text).replace('"', '""')))
            if words and connection.execute(match, (words, row_id)).fetchone() == (0,):
                return [*faults, f"{virtual}: {text!r} of {row_id} is not found"]
    return faults


def cut(text: str) -> list[str]:
    return [text[n : n + 3] for n in range(len(text) - 2) if '"' not in text[n : n + 3]]


def compare_up(case: Case, before: dict[str, Table], after: dict[str, Table]) -> list[str]:
    faults = []
    for old, new in case["tables"].items():
        if not new:
            continue
        faults += compare_rows(
            f"up {new}", {new: before[old]}, {new: after[new]}, case["columns"][old]
        )
        for column, pairs in case["after"].get(old, {}).items():
            wanted = dict(map(tuple, pairs))
            name = case["names"][old][column]
            for key, row in before[old].items():
                found = after[new][key][name]
                if (found, type(found)) != (wanted[row[column]], type(wanted[row[column]])):
                    faults.append(f"up {new}.{name}: {row[column]!r} became {found!r}")
                    break
    return faults


def compare_back(case: Case, before: dict[str, Table], after: dict[str, Table]) -> list[str]:
    faults = []
    for old, new in case["tables"].items():
        if new:
            same = {name: name for name in case["restored"][old]}
            faults += compare_rows(f"down {old}", {old: before[old]}, {old: after[old]}, same)
    return faults


def compare_rows(
    when: str, before: dict[str, Table], after: dict[str, Table], names: dict[str, str]
) -> list[str]:
    """Compare tables of the same names, in these columns; in all of them where none are given."""
    faults = []
    for table, rows in before.items():
        found = after.get(table, {})
        if len(rows) != len(found):
            faults.append(f"{when}: {len(rows)} rows became {len(found)}")
        elif not names and rows != found:
            faults.append(f"{when}: the rows of {table} are others")
        elif "id" in next(iter(rows.values()), {}):
            for old, new in names.items():
                wrong = next((k for k in rows if rows[k][old] != found[k][new]), None)
                if wrong is not None:
                    faults.append(
                        f"{when} {old}: {rows[wrong][old]!r} became {found[wrong][new]!r}"
                    )
        elif names:
            one = Counter(tuple(row[name] for name in names) for row in rows.values())
            other = Counter(tuple(row[name] for name in names.values()) for row in found.values())
            if one != other:
                faults.append(f"{when}: the links of {table} are others")
    return faults


if __name__ == "__main__":
    main()
