"""Reads case.toml: what a case says of itself, its theatre, its views, the ledger of hindsight, how it is scored."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from afterfall.case.cells import EXPECTED, Refusal, Value, parse
from afterfall.case.dates import PartialDate
from afterfall.case.header_records import CountryGroup, Evaluation, Header, Hindsight, NamedView, Theatre
from afterfall.case.problems import Problem, name_problem
from afterfall.case.schema import DEFINITIONS_SECTION, EVALUATION_SECTION, HEADER, HEADER_FILE, Column, Kind

#: Kinds of lists, and of their items.
ITEMS: Mapping[Kind, Kind] = {"names": "slug", "texts": "text", "dates": "date"}


def read_header(content: bytes) -> tuple[Header | None, list[Problem]]:
    """What case.toml says, or None with the problems that stand in the way."""
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError:
        return None, [Problem(HEADER_FILE, None, None, "values nested too deeply", "a TOML file of sections and keys")]
    except ValueError as error:  # no UTF-8, no TOML, or a number of more digits than Python reads
        return None, [Problem(HEADER_FILE, None, None, str(error), "a TOML file in UTF-8")]
    sections = (*HEADER, DEFINITIONS_SECTION)
    problems = [
        name_problem(name, sections, f"the sections {', '.join(sections)}", file=HEADER_FILE, row=None, column=None)
        for name in found
        if name not in sections
    ]
    case = _section(found.get("case"), "case", problems)
    theatre = _section(found.get("theatre"), "theatre", problems)
    ledger = _sections(found.get("hindsight", []), "hindsight", problems)
    groups = _sections(found.get("group", []), "group", problems)
    evaluation = _section(found.get("evaluation", {}), "evaluation", problems)
    definitions = _definitions(found.get(DEFINITIONS_SECTION, {}), problems)
    views = _views(found.get("view", []), problems)
    if problems:
        return None, problems
    return replace(_header(case, theatre, ledger, evaluation, groups), definitions=definitions, views=views), problems


def _views(found: object, problems: list[Problem]) -> tuple[NamedView, ...]:
    """Other names of the case, each with its own settings of the evaluation or those of the case."""
    if not isinstance(found, list):
        problems.append(Problem(HEADER_FILE, None, "view", _shown(found), "sections [[view]]"))
        return ()
    views = []
    for i, entry in enumerate(found, start=1):
        before = len(problems)
        keys, settings = _without_settings(entry)
        read = _section(keys, f"view[{i}]", problems)
        asked = None if settings is None else _section(settings, f"{EVALUATION_SECTION} of view[{i}]", problems)
        if len(problems) == before:
            evaluation = None if asked is None else _evaluation(asked)
            views.append(NamedView(**{**read, "as_of": read["as_of"].last_day}, evaluation=evaluation))
    return tuple(views)


def _without_settings(entry: object) -> tuple[object, object]:
    """The keys of a view without its section of settings, and that section; None where it has none."""
    if not isinstance(entry, Mapping):
        return entry, None
    return {k: v for k, v in entry.items() if k != EVALUATION_SECTION}, entry.get(EVALUATION_SECTION)


def _definitions(found: object, problems: list[Problem]) -> tuple[str, ...]:
    """Names of the case's own definitions, each with a text that says what it counts."""
    if not isinstance(found, Mapping):
        expected = f"a section [{DEFINITIONS_SECTION}]"
        problems.append(Problem(HEADER_FILE, None, DEFINITIONS_SECTION, _shown(found), expected))
        return ()
    for name, meaning in found.items():
        read = (parse(name, Column("name", "slug")), _value(meaning, Column("meaning", "text")))
        for one, value in zip((name, meaning), read, strict=True):
            if isinstance(value, Refusal):
                column = f"{DEFINITIONS_SECTION}.{name}"
                problems.append(Problem(HEADER_FILE, None, column, _shown(one), value.expected))
    return tuple(found)


def _sections(found: object, label: str, problems: list[Problem]) -> list[dict[str, Any]]:
    if not isinstance(found, list):
        problems.append(Problem(HEADER_FILE, None, label, _shown(found), f"sections [[{label}]]"))
        return []
    return [_section(entry, f"{label}[{i}]", problems) for i, entry in enumerate(found, start=1)]


def _section(found: object, label: str, problems: list[Problem]) -> dict[str, Any]:
    """Values of one section by key; what is wrong is added to `problems`."""
    columns = HEADER[label.split("[")[0].split()[0]]
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


def _value(found: object, column: Column) -> Value | tuple[Value, ...] | Refusal:
    if column.kind in ITEMS:
        return _list(found, column)
    if isinstance(found, dt.date):
        return parse(found.isoformat()[:10], column)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return Refusal("text, a date or a whole number")
    return parse(str(found), column)


def _list(found: object, column: Column) -> tuple[Value, ...] | Refusal:
    """Every item of a list of names or dates; one that cannot be read refuses the list."""
    if found == "" and not column.required:
        return ()
    if not isinstance(found, Sequence) or isinstance(found, str) or (column.required and not found):
        return Refusal(EXPECTED[column.kind])
    item = Column(column.name, ITEMS[column.kind])
    values = [_value(one, item) for one in found]
    read = tuple(value for value in values if not isinstance(value, Refusal | tuple))
    return read if len(read) == len(values) else Refusal(EXPECTED[column.kind])


def _shown(found: object) -> str:
    return "nothing" if found == "" else repr(found)


def _evaluation(values: dict[str, Any]) -> Evaluation:
    """The settings, each date as its last day; a key left out keeps its default."""
    days = {name: value.last_day for name, value in values.items() if isinstance(value, PartialDate)}
    lists = {name: tuple(day.last_day for day in values[name]) for name in ("record", "calibration")}
    return Evaluation(**{**values, **days, **lists})


def _header(
    case: dict[str, Any],
    theatre: dict[str, Any],
    ledger: list[dict[str, Any]],
    evaluation: dict[str, Any],
    groups: list[dict[str, Any]],
) -> Header:
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
        evaluation=_evaluation(evaluation),
        groups=tuple(CountryGroup(**entry) for entry in groups),
        kept_up_to=None if case["kept_up_to"] is None else case["kept_up_to"].last_day,
        declared_id=case["id"],
    )
