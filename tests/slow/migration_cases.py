"""Kinds of changes of a blueprint, with rows before and what must stand in them after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from field_cases import FIELD_CASES, FieldCase, Values

PROJECT = "project name:str"
LABEL = "label name:str"
AT_ONCE = 25
"""Changes in one migration."""


@dataclass(frozen=True)
class Case:
    """One change. resources, fields: what is renamed, as in Renames.

    values: of some columns before, as tasks.size; the rest is made up. after: what they become.
    refused: what the error says, where the migration must not run. back_refused: the way back.
    own: what a person did to the tables besides, in SQL; the rows show whether it is there.
    may_stop: it may refuse the rows, either way, if it says why and changes nothing.
    """

    name: str
    old: Sequence[str]
    new: Sequence[str]
    resources: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[tuple[str, str], str] = field(default_factory=dict)
    values: Mapping[str, Values] = field(default_factory=dict)
    after: Mapping[str, Values] = field(default_factory=dict)
    refused: str = ""
    back_refused: str = ""
    own: str = ""
    may_stop: bool = False


def make_case(*changes: FieldCase) -> Case:
    """Make a case of changes of fields of a task, which has other fields, parents and children."""
    olds, news = [], []
    values: dict[str, Values] = {}
    after: dict[str, Values] = {}
    for number, change in enumerate(changes):
        end = f"{number}:" if len(changes) > 1 else ":"
        olds.append(change.old.replace(":", end, 1))
        news.append(change.new.replace(":", end, 1))
        column = f"tasks.{change.old.partition(':')[0]}{end[:-1]}"
        values |= {column: change.values} if change.values else {}
        after |= {column: change.after} if change.after else {}
    around = ["comment body:text task:ref", PROJECT, LABEL]
    task = "task title:str {} project:ref labels:many(label) order:int:index=1"
    return Case(
        changes[0].name + f", and {len(changes) - 1} more" * (len(changes) > 1),
        [task.format(" ".join(olds)), *around],
        [task.format(" ".join(news)), *around],
        values=values,
        after=after,
        refused=changes[0].refused,
        back_refused=changes[0].back_refused,
    )


def list_cases() -> list[Case]:
    """Give a case for each kind of change."""
    return [*map(make_case, FIELD_CASES), *RESOURCE_CASES]


def list_joined_cases() -> list[Case]:
    """Give fewer cases of the same kinds: changes that go well together are made at once.

    Of those that are refused, which must be alone, some.
    """
    alone = [one for one in FIELD_CASES if one.refused or one.back_refused]
    others = [one for one in FIELD_CASES if one not in alone]
    groups = [others[start : start + AT_ONCE] for start in range(0, len(others), AT_ONCE)]
    some = [*map(make_case, alone[::5])]
    return [*(make_case(*group) for group in groups), *some, *RESOURCE_CASES]


RESOURCE_CASES = [
    Case("add resources", [PROJECT], [PROJECT, "task a:str project:ref labels:many(label)", LABEL]),
    Case("add circle", [PROJECT], ["project name:str best:ref(task)?", "task a:str project:ref"]),
    Case("first resource", [], [PROJECT]),
    Case("last resource", [PROJECT], []),
    Case("remove resources", ["task a:str project:ref", PROJECT], ["task a:str"]),
    Case("remove child", ["task a:str project:ref labels:many(label)", PROJECT, LABEL], [PROJECT]),
    Case("remove all of two", ["task a:str p:ref(q)", "q b:ref(r) c:int:unique", "r d:enum(x,y)"],
         ["task a:str"]),
    Case("rename resource",
         ["task t:str:unique s:enum(a,b)=a p:ref(project)? self:ref(task)? labels:many(label)",
          "comment body:str task:ref", PROJECT, LABEL, "board tasks:many(task) a:int"],
         ["todo t:str:unique s:enum(a,b)=a p:ref(project)? self:ref(todo)? labels:many(label)",
          "comment body:str task:ref(todo)", PROJECT, LABEL, "board tasks:many(todo) a:int"],
         resources={"task": "todo"}),
    Case("rename target", ["task p:ref(project) ls:many(label)", PROJECT, LABEL],
         ["task p:ref(plan) ls:many(tag)", "plan name:str", "tag name:str"],
         resources={"project": "plan", "label": "tag"}),
    Case("swap resources", ["task a:int:index", "todo b:str:unique c:ref(task)"],
         ["todo a:int:index", "task b:str:unique c:ref(todo)"],
         resources={"task": "todo", "todo": "task"}),
    Case("swap fields", ["task a:int:index b:int:unique"], ["task b:int:index a:int:unique"],
         fields={("task", "a"): "b", ("task", "b"): "a"}),
    Case("rename over a removed one", ["task a:int", "todo b:str c:ref(task)?"], ["task b:str"],
         resources={"todo": "task"}),
    Case("rename field over a removed one",
         ["task a:int:index b:str:unique"], ["task a:str:unique"],
         fields={("task", "b"): "a"}),
    Case("rename fields",
         ["task order:str:unique s:enum(a,b):index=a project:ref labels:many(label) n:int:index",
          PROJECT, LABEL],
         ["task group:str:unique to:enum(a,b):index=a client:ref(project) tags:many(label) "
          "m:int:index", PROJECT, LABEL],
         fields={("task", "order"): "group", ("task", "s"): "to", ("task", "project"): "client",
                 ("task", "labels"): "tags", ("task", "n"): "m"}),
    Case("rename all and change",
         ["task order:str s:enum(a,b)=a project:ref labels:many(label) n:int?",
          PROJECT, LABEL, "old a:int"],
         ["todo group:text x:int?:unique s:enum(a,c)=a client:ref(plan)? tags:many(tag) m:str=7",
          "plan title:str at:datetime=now", "tag name:str(250)", "new a:ref(todo) b:many(plan)"],
         resources={"task": "todo", "project": "plan", "label": "tag"},
         fields={("todo", "order"): "group", ("todo", "project"): "client",
                 ("plan", "name"): "title", ("todo", "labels"): "tags", ("todo", "n"): "m"},
         values={"tasks.s": ["a"]}),
    Case("list changes sides", ["task a:int labels:many(label)", LABEL],
         ["task a:int", "label name:str tasks:many(task)"]),
    Case("list of itself", ["task a:int tasks:many(task)"], ["todo a:int todos:many(todo)"],
         resources={"task": "todo"}, fields={("todo", "tasks"): "todos"}),
    Case("changes of one's own", ["task a:int b:str c:enum(x,y)"], ["todo a:str c:enum(x,y)?"],
         resources={"task": "todo"},
         own="ALTER TABLE tasks ADD COLUMN own TEXT DEFAULT 'mine' NOT NULL "
         "CONSTRAINT own_check CHECK (own <> '');"
         "CREATE UNIQUE INDEX own_index ON tasks (own, id);"),
    Case("texts that are searched",
         ["task title:str notes:text:index old:str? s:enum(a,b)=a", "gone a:text:index"],
         ["job name:str notes:text:index new:int?:unique s:enum(a,b,c)?", "more b:text?:index"],
         resources={"task": "job"}, fields={("job", "title"): "name"}),
    Case("names of SQL",
         ["order group:int select:str?"], ["values group:str select:text:index=a table:int?"],
         resources={"order": "value"}),
]  # fmt: skip
"""Changes of whole resources, and what is renamed."""
