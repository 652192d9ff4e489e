"""Reads case.toml: what a case says of itself, its theatre, and the ledger of hindsight."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from afterfall.case.cells import Refusal, Value, parse
from afterfall.case.problems import Problem, name_problem
from afterfall.case.records import Header, Hindsight, Theatre
from afterfall.case.schema import HEADER, HEADER_FILE, Column


def read_header(content: bytes) -> tuple[Header | None, list[Problem]]:
    """What case.toml says, or None with the problems that stand in the way."""
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError:
        return None, [Problem(HEADER_FILE, None, None, "values nested too deeply", "a TOML file of sections and keys")]
    except ValueError as error:  # no UTF-8, no TOML, or a number of more digits than Python reads
        return None, [Problem(HEADER_FILE, None, None, str(error), "a TOML file in UTF-8")]
    problems = [
        name_problem(name, HEADER, f"the sections {', '.join(HEADER)}", file=HEADER_FILE, row=None, column=None)
        for name in found
        if name not in HEADER
    ]
    case = _section(found.get("case"), "case", problems)
    theatre = _section(found.get("theatre"), "theatre", problems)
    ledger = _ledger(found.get("hindsight", []), problems)
    return (None if problems else _header(case, theatre, ledger)), problems


def _ledger(found: object, problems: list[Problem]) -> list[dict[str, Any]]:
    if not isinstance(found, list):
        problems.append(Problem(HEADER_FILE, None, "hindsight", _shown(found), "sections [[hindsight]]"))
        return []
    return [_section(entry, f"hindsight[{i}]", problems) for i, entry in enumerate(found, start=1)]


def _section(found: object, label: str, problems: list[Problem]) -> dict[str, Any]:
    """Values of one section by key; what is wrong is added to `problems`."""
    columns = HEADER[label.split("[")[0]]
    if not isinstance(found, Mapping):
        problems.append(Problem(HEADER_FILE, None, label, "no such section", f"a section [{label}]"))
        return {}
    known = [c.name for c in columns]
    problems += [
        name_problem(key, known, f"one of {', '.join(known)}", file=HEADER_FILE, row=None, column=label)
        for key in found
        if key not in known
    ]
    values: dict[str, Any] = {}
    for column in columns:
        value = _value(found.get(column.name, ""), column)
        if isinstance(value, Refusal):
            shown = _shown(found.get(column.name, ""))
            problems.append(Problem(HEADER_FILE, None, f"{label}.{column.name}", shown, value.expected, value.nearest))
        values[column.name] = value
    return values


def _value(found: object, column: Column) -> Value | tuple[str, ...] | Refusal:
    if column.name == "countries":
        return _countries(found)
    if isinstance(found, dt.date):
        return parse(found.isoformat()[:10], column)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return Refusal("text, a date or a whole number")
    return parse(str(found), column)


def _countries(found: object) -> tuple[str, ...] | Refusal:
    if isinstance(found, Sequence) and not isinstance(found, str) and found and all(isinstance(c, str) for c in found):
        return tuple(found)
    return Refusal("a list of country codes")


def _shown(found: object) -> str:
    return "nothing" if found == "" else repr(found)


def _header(case: dict[str, Any], theatre: dict[str, Any], ledger: list[dict[str, Any]]) -> Header:
    return Header(
        id=case["id"],
        title=case["title"],
        as_of=case["as_of"].last_day,
        mobilisation=case["mobilisation"].last_day,
        core=case["core"],
        theatre=Theatre(**theatre),
        description=case["description"],
        licence=case["licence"],
        hindsight=tuple(Hindsight(**entry) for entry in ledger),
    )
