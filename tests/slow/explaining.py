"""Tell how a project's database finds the tasks of a list; run by the project's own Python.

usage: python explaining.py QUERY, the parameters as a JSON object
"""

import json
import sys
from importlib import import_module
from typing import Any

WORDS = ("invoice", "report", "meeting", "design", "release", "review", "deploy", "budget")
PROJECTS, LABELS = 1000, 50


def main() -> None:
    sys.path.insert(0, "")
    read_settings = import_module("app.settings").read_settings
    make_engine = import_module("app.database").make_engine
    queries = import_module("app.resources.tasks.queries")
    kind = import_module("app.resources.tasks.schemas").TaskQuery
    check = import_module("app.reading").check
    from sqlalchemy import event
    from sqlalchemy.orm import Session

    asked: list[tuple[str, Any]] = []
    engine = make_engine(read_settings().database_url)

    def keep(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", keep)
    with Session(engine) as session:
        queries.list_tasks(session, check(kind, json.loads(sys.argv[1])))
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    lines: list[str] = []
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        for statement, values in asked:
            if statement.startswith("SELECT"):
                cursor.execute(explain + statement, values)
                lines += [str(row[0 if len(row) == 1 else 3]).strip() for row in cursor.fetchall()]
    engine.dispose()
    print(json.dumps(lines))


if __name__ == "__main__":
    main()
