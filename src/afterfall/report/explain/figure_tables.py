"""The account of every figure of a place as tables and as JSON: a table for each quantity, sources at the end.

A row says what was published, whom it counts, what it may stand for, and what the start and the fit do with it.
Columns are narrow, so that a table fits in 80 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from afterfall.case import WORLD, Source
from afterfall.model.observation.figure_rules import FIT_USES, FORECAST_USES
from afterfall.model.observation.fit_readings import ARRIVAL_CURVE
from afterfall.model.observation.readings import Contradiction, FigureReading
from afterfall.report.explain.figure_account import NOT_AN_ORIGIN, FigureAccount, FigureAccounts
from afterfall.report.kit.number_formats import published_count
from afterfall.report.kit.text_table import TableColumn, TextTable

#: Names of quantities of a case, where the name alone is not English.
WORDS = {
    "travelled": "travelled",
    "in_theatre": "in the theatre",
    "returned": "returned home",
    "killed": "killed",
    "detained_foreign": "foreigners detained",
    "third_country": "in third countries",
    "returned_share": "share of returned",
    "killed_share": "share of killed",
    "camp_population": "people in camps",
    "territory_area": "area held",
    "territory_share_lost": "share of the territory lost",
}
#: What a figure is read as, where it is not simply its own quantity.
READ_AS = {"total": "as a total", "roles": "as shares of families", ARRIVAL_CURVE: "the arrival curve"}
BOUNDS = {"at_least": "at least ", "at_most": "at most "}
#: The name of a figure in a reason.
NAMED = re.compile(r" \([a-z]+(-\w+){2,}\)")
#: Widths at which plain text breaks cells: published, whom, what is done.
PUBLISHED, WHOM, DONE, LINE = 15, 12, 25, 76
BY_QUANTITY = (
    "By quantity, the newest first. Figures that measure one thing compete: their weights sum to 1 over report "
    "families, and figures of one family share its weight. In brackets: what a number may stand for after rounding. "
    "Nothing published after the as-of date is listed."
)


def figure_grids(accounts: FigureAccounts) -> tuple[TextTable, ...]:
    """Tables of every figure of a place, by quantity; of wider places; and of their sources."""
    every = (*accounts.own, *accounts.wider)
    numbers = _source_numbers(every)
    head = BY_QUANTITY if accounts.own else "None is held: its size rests on its region and on the world's total."
    found = [_lines([head], f"1. every published figure of {accounts.name} that the case holds")]
    found += [_grid(quantity, rows, numbers) for quantity, rows in _by_quantity(accounts.own)]
    if accounts.contradictions:
        found.append(_lines(_contradiction_lines(accounts, numbers), "figures that contradict each other"))
    if accounts.wider:
        found.append(_wider_grid(accounts.wider, numbers))
    if accounts.unread:
        found.append(_lines(_unread_lines(accounts), "figures of groups, the world and the theatre not read"))
    if every:
        found.append(_lines(_source_lines(every, numbers), "sources of these figures"))
    return tuple(found)


def used_words(account: FigureAccount) -> str:
    """What is done with a figure, in one phrase: the weight at which it is read, or why it is not."""
    start, fit, other = account.start, account.fit, account.other_use
    if other == ARRIVAL_CURVE and not start.used:
        return f"start and fit: {READ_AS[other]}"
    if other and not account.start.used and not fit.used:
        return f"read for {other}"
    read_start = f"weight {start.weight:.2f}{_as(start.read_as)}" if start.used else ""
    read_fit = f"weight {fit.weight:.2f}{_as(fit.read_as)}" if fit.used and fit.read_as != ARRIVAL_CURVE else ""
    if read_start and read_start == read_fit:
        text = f"start and fit: {read_start}"
    elif read_fit and account.start_reason == NOT_AN_ORIGIN:
        text = f"fit only: {read_fit}"
    elif read_start or read_fit:
        unread = "" if other == ARRIVAL_CURVE else f"not read ({fit.reason})"
        text = f"start: {read_start or f'not read ({short(account.start_reason)})'}"
        text += f"; fit: {read_fit or unread}" if read_fit or unread else ""
    else:
        text = f"not read: {_reasons(account)}"
    joint = "; both: the" if other == ARRIVAL_CURVE else "; also for"
    return f"{text}{joint} {other}" if other else text


def _as(read_as: str) -> str:
    return f" {READ_AS[read_as]}" if read_as in READ_AS else ""


def short(reason: str) -> str:
    """A reason without the name of the figure that is read instead, which no column has room for.

    >>> short("counted again later (in-theatre-can-2016-08)"), short("counts something else (core_only)")
    ('counted again later', 'counts something else (core_only)')
    """
    return NAMED.sub("", reason)


def _reasons(account: FigureAccount) -> str:
    start, fit = short(account.start_reason), account.fit.reason
    if account.figure.quantity not in (*FORECAST_USES, *FIT_USES):
        return "a quantity that conditions neither the start nor the fit"
    if account.figure.quantity == "travelled":
        return start
    return start if start == fit or not fit else f"{start} (start); {fit} (fit)"


def _by_quantity(accounts: Iterable[FigureAccount]) -> Iterable[tuple[str, list[FigureAccount]]]:
    return ((key, list(rows)) for key, rows in groupby(accounts, key=lambda a: a.figure.quantity))


def _grid(quantity: str, rows: Sequence[FigureAccount], numbers: dict[str, int]) -> TextTable:
    start, fit = sum(a.start.used for a in rows), sum(a.fit.used for a in rows)
    read = f"start reads {start}, fit {fit}" if start or fit else "none read"
    scored = "; later ones score" if rows[0].scored else ""
    noun = "figure" if len(rows) == 1 else "figures"
    columns = (TableColumn("as of"), *_columns("whom"))
    cells = tuple((a.figure.refers_to.text, *_cells(a, whom_words(a.start), numbers)) for a in rows)
    return TextTable(columns, (cells,), f"{quantity_words(quantity)}: {len(rows)} {noun}, {read}{scored}")


def _wider_grid(rows: Sequence[FigureAccount], numbers: dict[str, int]) -> TextTable:
    """Figures of groups and of the world that are read."""
    columns = (TableColumn("as of"), *_columns("place and what"))
    cells = tuple(
        (
            a.figure.refers_to.text,
            *_cells(a, f"{_place(a)}: {quantity_words(a.figure.quantity)}", numbers),
        )
        for a in rows
    )
    return TextTable(columns, (cells,), "figures of groups and of the world that act on it")


def _place(account: FigureAccount) -> str:
    return "world" if account.figure.place == WORLD else account.figure.place


def _columns(whom: str) -> tuple[TableColumn, ...]:
    return (
        TableColumn("published", wrap=PUBLISHED),
        TableColumn(whom, wrap=WHOM),
        TableColumn("what is done with it", wrap=DONE),
        TableColumn("source"),
    )


def _cells(account: FigureAccount, whom: str, numbers: dict[str, int]) -> tuple[str, ...]:
    source = f"{account.figure.grade} [{numbers[account.figure.source]}]"
    return published_words(account.start), whom, used_words(account), source


def published_words(reading: FigureReading) -> str:
    """A figure as published, with what it may stand for in brackets where it is one number."""
    figure = reading.figure
    bound = BOUNDS.get(figure.bound, "")
    if figure.low < figure.high:
        return bound + _range(figure.low, figure.high)
    value = _number(figure.value)
    whole = reading.low <= figure.value - 1.0 or figure.value < reading.low
    return f"{bound}{value} ({_range(reading.low, reading.high)})" if whole and not bound else bound + value


def _range(low: float, high: float) -> str:
    return f"{_number(low)}–{_number(high)}"


def _number(value: float) -> str:
    return f"{value:g}" if 0 < value < 1 else published_count(value)


def whom_words(reading: FigureReading) -> str:
    """Whom a figure counts: its role, or its definition."""
    figure = reading.figure
    own = figure.definition.replace("_", " ")
    return f"{figure.role}, {own}" if figure.role and own else figure.role or own or "people"


def quantity_words(quantity: str) -> str:
    """A quantity of a case in words."""
    return WORDS.get(quantity, quantity.replace("_", " "))


def _contradiction_lines(accounts: FigureAccounts, numbers: Mapping[str, int]) -> list[str]:
    """Figures that cannot all be right, with the sources of each report family, and what the start makes of them."""
    lines = []
    for one in accounts.contradictions:
        sources: dict[str, list[int]] = {}
        for account in accounts.own:
            if account.start.used and one.read_as in (account.start.read_as, "parts"):
                sources.setdefault(account.start.family, []).append(numbers[account.figure.source])
        lines.append(contradiction_words(one, sources))
    return lines


def contradiction_words(one: Contradiction, sources: Mapping[str, Sequence[int]]) -> str:
    """Figures that cannot all be right: the people each report family reports, with its sources and its weight."""

    def cited(family: str) -> str:
        return "".join(f" [{number}]" for number in sorted(set(sources.get(family, ()))))

    if one.read_as == "parts":
        (family, people, _), *wholes = one.components
        totals = ", ".join(f"{_rough(n)}{cited(name)}" for name, n, _ in wholes)
        return (
            f"parts and total: those who returned, died and are in the theatre add up to {_rough(people)}"
            f"{cited(family)}, against a total of {totals}. Both cannot be right: the start takes the total from "
            "totals and stocks, and the shares from all counts."
        )
    parts = ", ".join(f"{_rough(n)}{cited(family)} with weight {w:.2f}" for family, n, w in one.components)
    what = quantity_words("travelled" if one.read_as == "total" else one.read_as)
    return f"{what}, in people: {parts}. They cannot all be right; the start mixes them."


def _rough(people: float) -> str:
    """About how many people, to three significant figures."""
    return published_count(float(f"{people:.3g}"))


def _unread_lines(accounts: FigureAccounts) -> list[str]:
    places = {u.place: "world" if u.place == WORLD else u.place for u in accounts.unread}
    return [f"{places[u.place]}, {quantity_words(u.quantity)}: {u.number} ({u.reason})" for u in accounts.unread]


def _source_numbers(accounts: Iterable[FigureAccount]) -> dict[str, int]:
    """Number of each source, in the order in which the tables cite them."""
    return {name: i for i, name in enumerate(dict.fromkeys(a.figure.source for a in accounts), start=1)}


def _source_lines(accounts: Iterable[FigureAccount], numbers: dict[str, int]) -> list[str]:
    sources = {a.figure.source: a.source for a in accounts}
    return [
        " ".join(part for part in (f"[{number}]", f"{sources[name].title}.", name, _address(sources[name])) if part)
        for name, number in numbers.items()
    ]


def _address(source: Source) -> str:
    return source.url if source.url.startswith("http") else ""


def _lines(lines: Sequence[str], heading: str) -> TextTable:
    """Lines as a table of one column, so that long ones are broken."""
    return TextTable((TableColumn(heading, wrap=LINE),), (tuple((line,) for line in lines),))


def accounts_json(accounts: FigureAccounts) -> dict[str, Any]:
    """The account as JSON: every figure with its readings and source, those of wider places, and contradictions."""
    return {
        "figures": [_account_json(a) for a in accounts.own],
        "of_wider_places": [_account_json(a) for a in accounts.wider],
        "unread_of_wider_places": [
            {"place": u.place, "quantity": u.quantity, "number": u.number, "reason": u.reason} for u in accounts.unread
        ],
        "contradictions": [
            {
                "read_as": c.read_as,
                "families": [{"family": f, "people": n, "weight": w} for f, n, w in c.components],
            }
            for c in accounts.contradictions
        ],
    }


def _account_json(account: FigureAccount) -> dict[str, Any]:
    figure, start, fit = account.figure, account.start, account.fit
    return {
        "figure": figure.figure,
        "quantity": figure.quantity,
        "place": figure.place,
        "published": published_words(start),
        "value": figure.value,
        "low": start.low,
        "high": start.high,
        "bound": figure.bound or None,
        "refers_to": figure.refers_to.text,
        "role": figure.role or None,
        "definition": figure.definition or None,
        "counts": start.counts,
        "family": figure.report_family,
        "grade": figure.grade,
        "source_id": figure.source,
        "source": account.source.title,
        "url": _address(account.source) or None,
        "start": {
            "read": start.used,
            "read_as": start.read_as if start.used else None,
            "weight": start.weight,
            "reason": None if start.used else account.start_reason,
        },
        "fit": {
            "read": fit.used,
            "read_as": fit.read_as or None,
            "weight": fit.weight,
            "reason": fit.reason or None,
        },
        "also_read_for": account.other_use or None,
        "later_ones_score": account.scored,
    }
