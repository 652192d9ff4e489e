"""Tables of an outlook, a model and a case, as headings and cells of text; who prints them decides how they look.

Numbers have two significant figures throughout, and are made text here, so that a terminal, a page and a file agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from afterfall.case import Case
from afterfall.model import Model, Transition
from afterfall.model.observation.data_usage import data_usage
from afterfall.report.forecast.organisation_tables import shard_grids, shard_notes
from afterfall.report.forecast.outlook import Fall, Outlook, OutlookLine, Spread
from afterfall.report.kit.number_formats import chance, day, interval, share, two_figures
from afterfall.report.kit.table import TableColumn, TextTable
from afterfall.report.kit.theme import look
from afterfall.report.model.organisation_declarations import company_grids

#: Below this median the chance of anyone at all says more than the median.
RARE = 5
MEANS_ADD = "Mean shares add up; medians need not. 90%: nine in ten simulated futures lie in the interval."
BEYOND = "later"


def _words(*headings: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(h) for h in headings)


def _numbers(*headings: str) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(h, "right") for h in headings)


def outlook_grids(outlook: Outlook) -> tuple[TextTable, ...]:
    """Where people are and have been, when strongholds fall, organisations, places and what may happen to them."""
    grids = (_stocks(outlook), _counters(outlook))
    if outlook.country is not None:
        return grids
    falls = (_falls(outlook),) if outlook.falls else ()
    return (*grids, *falls, *shard_grids(outlook))


def headline(outlook: Outlook) -> tuple[str, str]:
    """Two lines that say what is shown: the case and place; the month, the number of futures and the seed."""
    stamp = outlook.stamp
    return (
        f"{outlook.title} ({stamp.case}), as of {day(stamp.as_of)}: {outlook.who}",
        f"{day(outlook.at_date)} (month {outlook.at} of {stamp.horizon}), {stamp.trajectories:,} simulated futures, "
        f"seed {stamp.seed}, run {stamp.run}",
    )


def _stocks(outlook: Outlook) -> TextTable:
    """Pathways and other fates, now and then, with the line they add up to."""
    then = f"{day(outlook.at_date)}: mean share"
    columns = (
        *_words("", "where people are"),
        *_numbers("now: median", "90% interval", then, "median", "90% interval"),
    )
    marks = look().pathways
    pathways = tuple((marks[line.code].letter, *_stock_cells(line)) for line in outlook.pathways)
    fates = tuple(("", *_stock_cells(line)) for line in outlook.fates)
    added = share(sum(line.then.mean_share for line in (*outlook.pathways, *outlook.fates)))
    everyone = tuple(
        ("", "everyone who travelled", *_cells(line.now), added, *_cells(line.then))
        for line in outlook.counters
        if line.code == "travelled"
    )
    return TextTable(columns, (pathways, fates, everyone))


def _stock_cells(line: OutlookLine) -> tuple[str, ...]:
    return (line.label + _late(line), *_cells(line.now), share(line.then.mean_share), *_cells(line.then))


def _cells(spread: Spread) -> tuple[str, str]:
    return two_figures(spread.median), interval(spread.low90, spread.high90)


def _late(line: OutlookLine) -> str:
    return " *" if line.hindsight else ""


def _counters(outlook: Outlook) -> TextTable:
    columns = (
        *_words("so far"),
        *_numbers("now: median", "90% interval", f"{day(outlook.at_date)}: mean", "median", "90% interval"),
    )
    rows = tuple(
        (line.label + _late(line), *_cells(line.now), two_figures(line.then.mean), *_cells(line.then))
        for line in outlook.counters
    )
    return TextTable(columns, (rows,))


def _falls(outlook: Outlook) -> TextTable:
    within = f"falls within {outlook.stamp.horizon} months"
    columns = (*_words("strongholds still held"), *_numbers(within, "median month", "90% interval"))
    rows = tuple(
        (fall.label, chance(fall.within, outlook.stamp.trajectories), month_text(fall.median), month_range(fall))
        for fall in outlook.falls
    )
    return TextTable(columns, (rows,))


def anyone_text(line: OutlookLine, outlook: Outlook) -> str:
    """In how many futures there is at least one person, as ``12 of 100``."""
    return chance(line.anyone, outlook.stamp.trajectories).replace(" in ", " of ")


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
    lines += [
        f"At least one person “{line.label}” on {day(outlook.at_date)}: in {anyone_text(line, outlook)} futures."
        for line in outlook.pathways
        if line.then.median < 1
    ]
    lines += [
        f"At least one person ever “{line.label}” by then: in {anyone_text(line, outlook)} futures, those before "
        f"{day(outlook.stamp.as_of)} included."
        for line in outlook.counters
        if line.code == "dispatched_so_far" and line.then.median < RARE
    ]
    if any(line.hindsight for line in (*outlook.fates, *outlook.counters)):
        lines.append("* Rests on structure that only hindsight suggests; see the case's hindsight ledger.")
    if outlook.country:
        lines.append("Strongholds and rations are of the whole theatre: leave out --country to see them.")
    lines += [
        f"Not served ({over.label}): {two_figures(over.mean)} people a month on average, "
        f"{two_figures(over.largest)} in the worst month."
        for over in outlook.overflow
        if over.largest > 0 and outlook.country is None
    ]
    lines += shard_notes(outlook)
    uninformed = len(outlook.priors.uninformed)
    if uninformed:
        lines.append(
            f"{uninformed} of the {outlook.priors.parameters} parameters behind these numbers have a wide prior with "
            f"no source (uninformed): `afterfall model {outlook.stamp.case}` lists them."
        )
    lines.append(f"{outlook.stamp.basis} About groups, never about persons.")
    return lines


def model_grids(model: Model) -> tuple[TextTable, ...]:
    """States, transitions by mechanism, organisations, quantities and priors of a model."""
    organisation_set = company_grids(model)
    return (_states(model), *_transitions(model), *organisation_set, _quantities(model), _priors(model), _reads(model))


def _reads(model: Model) -> TextTable:
    """What of the case is read, and what is not."""
    rows = tuple(
        (r.record, r.kind, str(r.number), r.used_for or "not read by this version") for r in data_usage(model.case)
    )
    columns = (*_words("record", "kind"), *_numbers("public"), *_words("read for"))
    return TextTable(columns, (rows,), "what of the case is read")


def _states(model: Model) -> TextTable:
    marks = look().pathways
    rows = tuple((s.name, s.fate, marks[s.fate].letter if s.fate in marks else "", s.label) for s in model.states)
    return TextTable(
        _words("state", "counted in", "", "meaning"), (rows,), f"{len(rows)} states, in the order people move"
    )


def _transitions(model: Model) -> Iterable[TextTable]:
    by_mechanism: dict[str, list[Transition]] = {}
    for move in model.transitions:
        by_mechanism.setdefault(move.mechanism, []).append(move)
    columns = _words("from", "to", "what happens", "rate", "who", "counted as")
    for mechanism, moves in by_mechanism.items():
        rows = tuple((m.source, m.dest, m.label, m.rate.name, _who(m), ", ".join(m.counts)) for m in moves)
        yield TextTable(columns, (rows,), f"{mechanism}: {len(rows)} transitions")


def _who(move: Transition) -> str:
    return "everyone" if move.roles is None else ", ".join(sorted(move.roles))


def _quantities(model: Model) -> TextTable:
    rows = tuple((q.name + (" *" if q.hindsight else ""), q.kind, q.unit, q.definition) for q in model.quantities)
    return TextTable(
        _words("quantity", "kind", "unit", "definition"), (rows,), f"{len(rows)} quantities (* rests on hindsight)"
    )


def _priors(model: Model) -> TextTable:
    columns = (*_words("parameter"), *_numbers("5%", "95%"), *_words("unit", "grade", "source", "meaning"))
    rows = []
    for p in model.parameters:
        source = model.case.source(p.source).title if p.source else "uninformed" if p.uninformed else p.note
        rows.append((p.name, two_figures(p.low), two_figures(p.high), p.unit, p.grade, source, p.label))
    uninformed = sum(p.uninformed for p in model.parameters)
    title = f"{len(rows)} parameters, {uninformed} of them uninformed (a wide prior with no source)"
    return TextTable(columns, (tuple(rows),), title)


def case_grid(case: Case, model: Model) -> TextTable:
    """How much there is in a cut case and in the model of it."""
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
    return TextTable(
        (TableColumn("public at that date"), TableColumn("", "right")),
        (tuple((k, f"{n:,}") for k, n in counts.items()),),
    )
