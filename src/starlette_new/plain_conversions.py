"""How values become others in the single layout, whose tables hold what clients send.

There, decimals, dates, moments, times and UUIDs are texts; conversions.py is about the tables of
the standard layout, and knows which ways there are.
"""

from dataclasses import replace

from starlette_new.conversions import (
    SAME,
    TEXTS,
    Conversion,
    check_text,
    measure_decimal,
    read_text,
    write_decimal,
)
from starlette_new.language import Field
from starlette_new.schema_changes import ColumnChange

_KEPT_AS_TEXT = ("decimal", "date", "datetime", "time", "uuid", "json")
_FROM_TEXT = {
    "time": "CASE length({x}) WHEN 5 THEN {x} || ':00' ELSE {x} END",
    "uuid": "lower({x})",
}
_MOMENTS = {
    "datetime": Conversion("{x} || 'T00:00:00Z'"),
    "date": Conversion("substr({x}, 1, 10)", "substr({x}, 11) <> 'T00:00:00Z'"),
}


def convert_plain(change: ColumnChange) -> Conversion:
    """Find the way between two types that conversions.convert finds one for."""
    old, new, way = change.old, change.new, change.conversion
    if "decimal" in (old.type, new.type):
        return _convert_decimal(old, new, way)
    if old.type in _KEPT_AS_TEXT and new.type in TEXTS:
        return Conversion(SAME, check_text(old, new)[0])
    if old.type in TEXTS and new.type in _KEPT_AS_TEXT:
        return replace(way, value=_FROM_TEXT.get(new.type, SAME))
    if old.type != new.type and new.type in _MOMENTS:
        return _MOMENTS[new.type]
    return way


def _convert_decimal(old: Field, new: Field, way: Conversion) -> Conversion:
    """Go by way of whole numbers of the last place."""
    if old.kind == new.kind:
        return Conversion()
    if new.type in TEXTS:
        return Conversion(SAME, check_text(old, new)[0])
    value, bad = way.value, way.bad
    if old.type == "decimal":
        read = f"({read_text(old).value})"
        value, bad = value.replace(SAME, read), bad.replace(SAME, read)
    if new.type == "decimal":
        write = write_decimal(measure_decimal(new.kind)[1])
        value = write.replace(SAME, f"({value})")
    return Conversion(value, bad)
