"""How a form asks for each type of field: a line of Jinja that calls a macro of macros.html."""

import ast
import json
import re
from collections.abc import Callable

from starlette_new.language import Field
from starlette_new.names import make_attribute

Write = Callable[[Field], str]


def name_title(name: str) -> str:
    """Make a title of a name: `due_date` is "Due date"."""
    return name[:1].upper() + name[1:].replace("_", " ")


def write_control(field: Field) -> str:
    """Write the line that asks for a field."""
    return CONTROLS[field.kind.control](field)


def _call(macro: str, field: Field, *more: str) -> str:
    arguments = ["form", f'"{field.name}"', json.dumps(name_title(field.word)), *more]
    return f"{{{{ macros.{macro}({', '.join(filter(None, arguments))}) }}}}"


def _write_note(field: Field) -> str:
    """Write what a form says about a field that may be left empty; nothing where it may not."""
    if field.required:
        return '""'
    if field.nullable or not field.default:
        return '"optional"'
    value = ast.literal_eval(field.default.wire or '"now"')
    typed = value if isinstance(value, str) and field.type != "json" else _dump(value)
    return json.dumps(f"if empty: {typed}")


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_default(field: Field) -> str:
    """Write a default as an argument; a form shows none that depends on the clock."""
    wire = field.default.wire if field.default else ""
    return f"default={wire}" if wire else ""


def _input(kind: str, *attributes: str) -> Write:
    def write(field: Field) -> str:
        note = _write_note(field)
        return _call("input", field, f'"{kind}"', note, _write_default(field), *attributes)

    return write


def _write_text(field: Field) -> str:
    longest = re.search(r"text\(([0-9_]+)\)", field.kind.write)
    limit = f"maxlength={longest[1].replace('_', '')}" if longest else ""
    return _input("text", limit)(field)


def _write_area(field: Field) -> str:
    return _call("area", field, _write_note(field), _write_default(field), "maxlength=20000")


def _write_json(field: Field) -> str:
    wire = field.default.wire if field.default else ""
    text = json.dumps(_dump(ast.literal_eval(wire))) if wire else ""
    return _call("area", field, _write_note(field), f"default={text}" if text else "")


def _write_color(field: Field) -> str:
    if field.nullable:  # a color input always has a color
        return _input("text", 'placeholder="#1a2b3c"', "maxlength=7")(field)
    return _input("color")(field)


def _write_bool(field: Field) -> str:
    return _call("maybe" if field.nullable else "check", field, _write_default(field))


def _write_choice(field: Field) -> str:
    options = json.dumps(field.kind.choices)
    note = '"optional"' if field.nullable else '""'
    return _call("choice", field, options, note, _write_default(field))


def _write_reference(field: Field) -> str:
    return _call("reference", field, f'names["{make_attribute(field.name)}"]', _write_note(field))


def _write_references(field: Field) -> str:
    return _call("references", field, f'names["{make_attribute(field.name)}"]')


CONTROLS: dict[str, Write] = {
    "text": _write_text,
    "area": _write_area,
    "int": _input("number", "step=1"),
    "float": _input("number", 'step="any"'),
    "decimal": _input("text", 'inputmode="decimal"'),
    "bool": _write_bool,
    "date": _input("date"),
    "moment": lambda field: _call("moment", field, _write_note(field)),
    "time": lambda field: _call("clock", field, _write_note(field), _write_default(field)),
    "json": _write_json,
    "email": _input("email", "maxlength=254"),
    "url": _input("url", "maxlength=2000"),
    "color": _write_color,
    "choice": _write_choice,
    "reference": _write_reference,
    "references": _write_references,
}
"""By what a type's row calls its control, how it is written."""
