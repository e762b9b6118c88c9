"""The blueprint as a JSON Schema: every question, its answers, and what excludes what."""

from typing import Any

from starlette_new import __version__
from starlette_new.entries import KEYS, MOST_ROWS
from starlette_new.examples import describe_examples
from starlette_new.fields import TYPES
from starlette_new.names import LONGEST_PROJECT
from starlette_new.plugins import EXAMPLES, TEMPLATES, list_brought
from starlette_new.questions import EXCLUSIONS, QUESTIONS, Exclusion, Question

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "^[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?$"
LINE: Schema = {
    "type": "string",
    "pattern": rf"^\s*[A-Za-z][A-Za-z0-9_]*\s+[A-Za-z][A-Za-z0-9_]*:({'|'.join(TYPES)})\b",
    "description": "A resource and its fields: task title:str done:bool=false",
}


def make_schema() -> Schema:
    """Give the JSON Schema of a blueprint file; README.md explains the language of resources."""
    return {
        "$schema": DIALECT,
        "$id": "urn:starlette-new:blueprint:1",
        "title": "A blueprint of starlette-new",
        "type": "object",
        "required": ["name"],
        "properties": {question.key: _describe(question) for question in QUESTIONS},
        "patternProperties": {"^_": {"description": "The tool's own record; it is not read."}},
        "additionalProperties": False,
        "allOf": [_exclude(exclusion) for exclusion in EXCLUSIONS],
        "x-starlette-new": __version__,
        "x-field-types": list(TYPES),
        "x-examples": describe_examples(),
        "x-brought": {
            kind: [{"name": n, "package": package} for n, package in list_brought(group).items()]
            for kind, group in (("templates", TEMPLATES), ("examples", EXAMPLES))
        },
    }


def _describe(question: Question) -> Schema:
    return {
        "title": question.help,
        "description": " ".join(filter(None, [question.details, question.implies])),
        **_describe_answer(question),
        "x-flag": question.flag,
    }


def _describe_answer(question: Question) -> Schema:
    if question.many:
        return {"type": "array", "items": {"anyOf": [LINE, _describe_entry()]}, "default": []}
    if question.is_switch:
        return {"type": "boolean", "default": question.default == "true"}
    if question.choices:
        return {"enum": list(question.choices), "default": question.default}
    return {"type": "string", "pattern": NAME, "maxLength": LONGEST_PROJECT}


def _describe_entry() -> Schema:
    text = {"type": "string"}
    value = {"type": ["string", "number", "boolean"]}
    texts = {"anyOf": [value, {"type": "array", "items": value}]}
    rows = {"type": "object", "additionalProperties": texts}
    about: dict[str, Schema] = {
        "line": LINE,
        "sample": {"type": "array", "maxItems": MOST_ROWS, "items": rows},
    }
    return {
        "type": "object",
        "required": ["line"],
        "properties": {key: about.get(key, text) for key in KEYS},
        "additionalProperties": False,
    }


def _answer(key: str, answer: str) -> Schema:
    """Say that a question is answered so, also by leaving it out if that is its default."""
    question = next(question for question in QUESTIONS if question.key == key)
    const = answer == "true" if question.is_switch else answer
    is_default = answer == question.default
    return {"properties": {key: {"const": const}}, "required": [] if is_default else [key]}


def _exclude(exclusion: Exclusion) -> Schema:
    """Say what an answer excludes: a question, a key of an entry, or a type, also with a mark."""
    chosen = _answer(exclusion.key, exclusion.answer)
    key, _, answer = exclusion.other.partition("=")
    if answer:
        is_other = _answer(key, answer)
        return {"if": chosen, "then": {"not": is_other}, "description": exclusion.hint}
    if exclusion.other == "resources: []":
        some = {"required": ["resources"], "properties": {"resources": {"minItems": 1}}}
        return {"if": chosen, "then": some, "description": exclusion.hint}
    if exclusion.other in KEYS:
        excluded: Schema = {"type": "object", "required": [exclusion.other]}
    elif exclusion.other.partition(":")[0] in TYPES:
        kind, _, mark = exclusion.other.partition(":")
        ending = rf"[^\s=]*:{mark}\b" if mark else r"\b"
        uses: Schema = {"type": "string", "pattern": rf"\s[A-Za-z][A-Za-z0-9_]*:{kind}{ending}"}
        in_entry: Schema = {"type": "object", "properties": {"line": uses}, "required": ["line"]}
        excluded = {"anyOf": [uses, in_entry]}
    else:
        excluded = {}
    items = {"not": excluded} if excluded else False
    return {
        "if": chosen,
        "then": {"properties": {"resources": {"items": items}}},
        "description": exclusion.hint,
    }
