"""Tables of an outlook, a model and a case, for a terminal or as plain aligned columns where the output is no terminal.

Each function gives a list of rich renderables; the caller prints them. `plain` says whether lines and colours are left
out. Numbers have two significant figures throughout.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from afterfall.case import Case
from afterfall.model import Model, Transition
from afterfall.report.numbers import chance, day, interval, share, two_figures
from afterfall.report.outlook import Fall, Line, Outlook, Spread
from afterfall.report.tokens import look

MEANS_ADD = "Mean shares add up; medians need not. 90%: nine in ten simulated futures lie in the interval."
BEYOND = "later"


def table(columns: Sequence[tuple[str, str]], *, plain: bool, title: str = "") -> Table:
    """An empty table; `columns` are (heading, ``left`` or ``right``)."""
    made = Table(
        box=None if plain else box.SIMPLE_HEAD,
        title=title or None,
        title_justify="left",
        title_style="" if plain else "bold",
        header_style="" if plain else "bold",
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for heading, side in columns:
        made.add_column(Text(heading), justify="right" if side == "right" else "left", overflow="fold")
    return made


def outlook_tables(outlook: Outlook, *, plain: bool) -> list[RenderableType]:
    """Everything the forecast command prints: pathways, other fates, counters, strongholds, overflow, notes."""
    parts: list[RenderableType] = [Text(line, style="" if plain or i else "bold") for i, line in enumerate(headline(outlook))]
    parts += [Text(""), _stocks(outlook, plain), Text(""), _counters(outlook, plain)]
    if outlook.falls and outlook.country is None:
        parts += [Text(""), _falls(outlook, plain)]
    return [*parts, Text(""), *(Text(note) for note in notes(outlook))]


def headline(outlook: Outlook) -> tuple[str, str]:
    """Two lines that say what is shown: the case and place; the month, the number of futures and the seed."""
    stamp = outlook.stamp
    return (
        f"{outlook.title} ({stamp.case}), as of {day(stamp.as_of)}: {outlook.who}",
        f"{day(outlook.at_date)} (month {outlook.at} of {stamp.horizon}), {stamp.trajectories:,} simulated futures, "
        f"seed {stamp.seed}, run {stamp.run}",
    )


def _stocks(outlook: Outlook, plain: bool) -> Table:
    """Pathways and other fates, now and then, with the line they add up to."""
    made = table(
        [
            ("", "left"),
            ("where people are", "left"),
            ("now: median", "right"),
            ("90% interval", "right"),
            (f"{day(outlook.at_date)}: mean share", "right"),
            ("median", "right"),
            ("90% interval", "right"),
        ],
        plain=plain,
    )
    for line in outlook.pathways:
        mark = look().pathways.get(line.code)
        letter = Text(mark.letter if mark else "", style="" if plain or not mark else f"bold {mark.fill}")
        made.add_row(letter, *_stock_cells(line))
    made.add_section()
    for line in outlook.fates:
        made.add_row("", *_stock_cells(line))
    made.add_section()
    travelled = next((line for line in outlook.counters if line.code == "travelled"), None)
    if travelled is not None:
        added = sum(line.then.mean_share for line in (*outlook.pathways, *outlook.fates))
        made.add_row("", "everyone who travelled", *_cells(travelled.now), share(added), *_cells(travelled.then))
    return made


def _stock_cells(line: Line) -> tuple[str, ...]:
    return (line.label + _late(line), *_cells(line.now), share(line.then.mean_share), *_cells(line.then))


def _cells(spread: Spread) -> tuple[str, str]:
    return two_figures(spread.median), interval(spread.low90, spread.high90)


def _late(line: Line) -> str:
    return " *" if line.hindsight else ""


def _counters(outlook: Outlook, plain: bool) -> Table:
    made = table(
        [
            ("so far", "left"),
            ("now: median", "right"),
            ("90% interval", "right"),
            (f"{day(outlook.at_date)}: mean", "right"),
            ("median", "right"),
            ("90% interval", "right"),
        ],
        plain=plain,
    )
    for line in outlook.counters:
        made.add_row(line.label + _late(line), *_cells(line.now), two_figures(line.then.mean), *_cells(line.then))
    return made


def _falls(outlook: Outlook, plain: bool) -> Table:
    made = table(
        [
            ("strongholds still held: when they fall", "left"),
            (f"falls within {outlook.stamp.horizon} months", "right"),
            ("median month", "right"),
            ("90% interval", "right"),
        ],
        plain=plain,
    )
    for fall in outlook.falls:
        made.add_row(fall.label, chance(fall.within, outlook.stamp.trajectories), month_text(fall.median), month_range(fall))
    return made


def month_text(month: float) -> str:
    """A month number, or `BEYOND` when it lies past the horizon."""
    return f"{month:.0f}" if math.isfinite(month) else BEYOND


def month_range(fall: Fall) -> str:
    """The 90 % interval of the month of a fall."""
    if not math.isfinite(fall.low90):
        return BEYOND
    if not math.isfinite(fall.high90):
        return f"{month_text(fall.low90)} or later"
    return f"{month_text(fall.low90)}–{month_text(fall.high90)}"


def notes(outlook: Outlook) -> list[str]:
    """What a reader must know to read the tables, one sentence or two a line."""
    lines = [MEANS_ADD]
    if any(line.hindsight for line in (*outlook.fates, *outlook.counters)):
        lines.append("* Rests on structure that only hindsight suggests; see the case's hindsight ledger.")
    if outlook.country:
        lines.append("Strongholds and rations are of the whole theatre: leave out --country to see them.")
    for over in outlook.overflow if outlook.country is None else ():
        if over.largest > 0:
            lines.append(
                f"Not served ({over.label}): {two_figures(over.mean)} people a month on average, "
                f"{two_figures(over.largest)} in the worst month."
            )
    uninformed = len(outlook.priors.uninformed)
    if uninformed:
        lines.append(
            f"{uninformed} of the {outlook.priors.parameters} parameters behind these numbers have a wide prior with no source "
            f"(uninformed): `afterfall model {outlook.stamp.case}` lists them."
        )
    lines.append(f"{outlook.stamp.basis} About groups, never about persons.")
    return lines


def model_tables(model: Model, *, plain: bool) -> list[RenderableType]:
    """States, transitions by mechanism, quantities and priors of a model."""
    parts: list[RenderableType] = []
    for made in (_states(model, plain), *_transitions(model, plain), _quantities(model, plain), _priors(model, plain)):
        parts += [made, Text("")]
    return parts


def _states(model: Model, plain: bool) -> Table:
    made = table(
        [("state", "left"), ("counted in", "left"), ("", "left"), ("meaning", "left")],
        plain=plain,
        title=f"{len(model.states)} states, in the order people move",
    )
    for state in model.states:
        mark = look().pathways.get(state.fate)
        made.add_row(state.name, state.fate, mark.letter if mark else "", state.label)
    return made


def _transitions(model: Model, plain: bool) -> Iterable[Table]:
    by_mechanism: dict[str, list[Transition]] = {}
    for move in model.transitions:
        by_mechanism.setdefault(move.mechanism, []).append(move)
    for mechanism, moves in by_mechanism.items():
        made = table(
            [("from", "left"), ("to", "left"), ("what happens", "left"), ("rate", "left"), ("who", "left"), ("counted as", "left")],
            plain=plain,
            title=f"{mechanism}: {len(moves)} transitions",
        )
        for move in moves:
            who = "everyone" if move.roles is None else ", ".join(sorted(move.roles))
            made.add_row(move.source, move.dest, move.label, move.rate.name, who, ", ".join(move.counts))
        yield made


def _quantities(model: Model, plain: bool) -> Table:
    made = table(
        [("quantity", "left"), ("kind", "left"), ("unit", "left"), ("definition", "left")],
        plain=plain,
        title=f"{len(model.quantities)} quantities (* rests on hindsight)",
    )
    for quantity in model.quantities:
        late = " *" if quantity.hindsight else ""
        made.add_row(quantity.name + late, quantity.kind, quantity.unit, quantity.definition)
    return made


def _priors(model: Model, plain: bool) -> Table:
    uninformed = sum(p.uninformed for p in model.parameters)
    made = table(
        [
            ("parameter", "left"),
            ("5%", "right"),
            ("95%", "right"),
            ("unit", "left"),
            ("grade", "left"),
            ("source", "left"),
            ("meaning", "left"),
        ],
        plain=plain,
        title=f"{len(model.parameters)} parameters, {uninformed} of them uninformed (a wide prior with no source)",
    )
    for prior in model.parameters:
        title = model.case.source(prior.source).title if prior.source else ""
        source = title or ("uninformed" if prior.uninformed else prior.note)
        made.add_row(
            prior.name, two_figures(prior.low), two_figures(prior.high), prior.unit, prior.grade, source, prior.label
        )
    return made


def check_table(case: Case, case_hash: str, model: Model, *, plain: bool) -> list[RenderableType]:
    """The summary of a case in which nothing is wrong."""
    counts = {
        "origins": len(model.origins),
        "places": len(case.places),
        "figures": len(case.figures),
        "organisations": len(case.organisations),
        "holdings": len(case.holdings),
        "holding events": len(case.holding_events),
        "covariates": len(case.covariates),
        "policies": len(case.policies),
        "priors with a source": len(case.priors),
        "sources": len(case.sources),
        "states": len(model.states),
        "transitions": len(model.transitions),
        "parameters": len(model.parameters),
    }
    made = table([("rows as of the date", "left"), ("", "right")], plain=plain)
    for name, count in counts.items():
        made.add_row(name, f"{count:,}")
    return [Text(f"ok: {case.title} ({case.id}), as of {day(case.as_of)}, case hash {case_hash}"), Text(""), made]
