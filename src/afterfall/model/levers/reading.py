"""Reads levers and packages from TOML and checks them: one report lists every problem with its file and field."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from afterfall.case.dates import PartialDate
from afterfall.case.problems import did_you_mean
from afterfall.model.levers.declaration import (
    MEASURED,
    SCOPES,
    STATUSES,
    UNPROVEN,
    CapacityChange,
    Cost,
    Effect,
    Evidence,
    Lever,
    Package,
    Planned,
    SideEffect,
    Words,
)

FORMAT = 1
#: Names of the types in errors.
KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a table",
}
T = TypeVar("T")


class LeverError(ValueError):
    """Files of levers that cannot be used, with every problem found."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n  ".join([f"levers have {count}:", *self.problems]))


@dataclass
class TomlTable:
    """A table of a TOML file while it is read: the keys taken from it, and the problems found."""

    file: str
    path: str
    values: Mapping[str, Any]
    problems: list[str]
    taken: set[str] = field(default_factory=set)

    def fault(self, key: str, found: object, expected: str) -> None:
        """Add a problem of a key."""
        self.problems.append(f"{self.file}, {self.path}.{key}: found {found!r}, expected {expected}")

    def take(self, key: str, kind: type[T], otherwise: T | None = None) -> T:
        """The value of a key; without `otherwise` it must be present."""
        self.taken.add(key)
        found = self.values.get(key, otherwise)
        if kind is float and isinstance(found, int) and not isinstance(found, bool):
            found = float(found)
        if not isinstance(found, kind):
            self.fault(
                key, found, f"{'a number' if kind in (int, float) else 'text' if kind is str else kind.__name__}"
            )
            return kind()
        return found

    def one_of(self, key: str, valid: tuple[str, ...]) -> Any:
        """One of the valid words."""
        word = self.take(key, str)
        if word not in valid:
            self.fault(key, word, f"one of {', '.join(valid)}{did_you_mean(word, valid)}")
        return word

    def share(self, key: str, otherwise: float | None = None) -> float:
        """A number from 0 to 1."""
        value = self.take(key, float, otherwise)
        if not 0.0 <= value <= 1.0:
            self.fault(key, value, "a number from 0 to 1")
        return value

    def texts(self, key: str, otherwise: list[Any] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(str(x) for x in self.take(key, list, otherwise))

    def date(self, key: str, *, required: bool) -> PartialDate | None:
        """A date of any precision, or None where it is absent and not required."""
        self.taken.add(key)
        found = self.values.get(key)
        if found is None and not required:
            return None
        try:
            return PartialDate(str(found))
        except ValueError:
            self.fault(key, found, "a date as YYYY, YYYY-MM or YYYY-MM-DD")
            return PartialDate("9999")

    def tables(self, key: str) -> list[TomlTable]:
        """The tables of a list of tables."""
        rows = self.take(key, list, [])
        return [
            TomlTable(self.file, f"{self.path}.{key}[{i}]", row, self.problems) for i, row in enumerate(rows, start=1)
        ]

    def done(self) -> None:
        """Report keys that were not taken."""
        for key in sorted(set(self.values) - self.taken):
            self.problems.append(f"{self.file}, {self.path}.{key}: no such key{did_you_mean(key, self.taken)}")


def read_levers(file: str, text: str) -> tuple[tuple[Lever, ...], tuple[Package, ...]]:
    """Read a file of levers and packages; `file` is how errors name it.

    Raises
    ------
    LeverError
        If the text is not TOML of this format, or anything in it is wrong; every problem is listed.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise LeverError([f"{file}: {problem}"]) from problem
    problems: list[str] = []
    if content.get("format") != FORMAT:
        problems.append(f"{file}, format: found {content.get('format')!r}, expected {FORMAT}")
    problems += [f"{file}, {k}: no such table" for k in sorted(set(content) - {"format", "levers", "packages"})]
    levers = _each(file, "levers", content, _lever, problems)
    packages = _each(file, "packages", content, _package, problems)
    if problems:
        raise LeverError(problems)
    return levers, packages


def _each(
    file: str, key: str, content: Mapping[str, Any], read: Callable[[str, TomlTable], T], problems: list[str]
) -> tuple[T, ...]:
    found = []
    for name, values in content.get(key, {}).items():
        table = TomlTable(file, f"{key}.{name}", values, problems)
        found.append(read(name, table))
        table.done()
    return tuple(found)


def _lever(name: str, table: TomlTable) -> Lever:
    now = table.share("now", 0.0)
    in_force = table.share("now_in_force", now)
    for key, value in (("now", now), ("now_in_force", in_force)):
        if value >= 1.0:
            table.fault(key, value, "a number below 1: full intensity must differ from now")
    return Lever(
        name=name,
        title=table.take("title", str),
        scope=table.one_of("scope", SCOPES),
        published=table.date("published", required=True) or PartialDate("9999"),
        source=table.take("source", str),
        words=_words(table),
        policy_kinds=table.texts("policy_kinds", []),
        repeal_kinds=table.texts("repeal_kinds", []),
        now=now,
        now_in_force=in_force,
        ramp=table.take("ramp", int, 1),
        effects=tuple(_effect(t) for t in table.tables("effects")),
        capacities=tuple(_capacity(t) for t in table.tables("capacities")),
        costs=tuple(_cost(t) for t in table.tables("costs")),
        side_effects=tuple(_side_effect(t) for t in table.tables("side_effects")),
    )


def _words(table: TomlTable) -> Words:
    inner = TomlTable(table.file, f"{table.path}.words", table.take("words", dict), table.problems)
    words = Words(none=inner.take("none", str), now=inner.take("now", str), full=inner.take("full", str))
    inner.done()
    return words


def _effect(table: TomlTable) -> Effect:
    effect = Effect(
        name=table.take("name", str),
        description=table.take("says", str),
        rates=table.texts("rates"),
        evidence=_evidence(table),
        zero=table.take("zero", bool, False),
    )
    for one in effect.evidence:
        if one.status in UNPROVEN and not one.low <= 1.0 <= one.high:
            table.fault(
                "evidence", (one.low, one.high), f"an interval that contains 1, since the status is {one.status}"
            )
    table.done()
    return effect


def _evidence(table: TomlTable) -> tuple[Evidence, ...]:
    rows = tuple(_one_evidence(t) for t in table.tables("evidence"))
    if not any(e.published is None for e in rows):
        table.fault("evidence", len(rows), "one without `published`, for as-of dates before the others")
    return rows


def _one_evidence(table: TomlTable) -> Evidence:
    one = Evidence(
        low=table.take("low", float),
        high=table.take("high", float),
        status=table.one_of("status", STATUSES),
        source=table.take("source", str, ""),
        published=table.date("published", required=False),
        note=table.take("note", str, ""),
    )
    if not 0.0 < one.low <= one.high:
        table.fault("low", (one.low, one.high), "0 < low <= high")
    if one.status in MEASURED and not one.source:
        table.fault("source", one.source, f"a source, since the status is {one.status}")
    if bool(one.source) != (one.published is not None):
        table.fault("source", one.source, "a source with `published`, or neither")
    table.done()
    return one


def _capacity(table: TomlTable) -> CapacityChange:
    one = CapacityChange(
        capacity=table.take("ration", str),
        description=table.take("says", str),
        times=table.take("times", float),
        zero=table.take("zero", bool, False),
    )
    if one.times <= 0.0:
        table.fault("times", one.times, "a positive number")
    table.done()
    return one


def _cost(table: TomlTable) -> Cost:
    texts = {key: table.take(key, str) for key in ("name", "unit", "per")}
    cost = Cost(**texts, evidence=_evidence(table))
    table.done()
    return cost


def _side_effect(table: TomlTable) -> SideEffect:
    one = SideEffect(
        name=table.take("name", str),
        description=table.take("says", str),
        quantity=table.take("quantity", str),
        direction=table.one_of("direction", ("more", "less")),
    )
    table.done()
    return one


def _package(name: str, table: TomlTable) -> Package:
    lines: list[Planned] = []
    for row in table.tables("levers"):
        line = Planned(
            lever=row.take("lever", str), intensity=row.share("intensity"), start=row.date("start", required=False)
        )
        if any(line.lever == other.lever for other in lines):
            row.fault("lever", line.lever, "each lever once: of two lines for one lever only one would act")
        lines.append(line)
        row.done()
    return Package(
        name=name,
        title=table.take("title", str),
        published=table.date("published", required=True) or PartialDate("9999"),
        source=table.take("source", str),
        counterfactual=table.take("counterfactual", bool, False),
        lines=tuple(lines),
    )
