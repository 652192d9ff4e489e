"""The chain behind one event as text: one sentence with the chance and its reasons, then tables, then notes."""

from __future__ import annotations

import math

from afterfall.report.explain.event_why import EventWhy, HazardTerm, Spread3
from afterfall.report.kit.number_formats import interval, share, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.stamp import GROUPS_ONLY
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns

#: A source of a prior that is none.
PRIOR_ALONE = "prior alone"
#: A factor between its inverse and this one is not worth a word.
NOTABLE = 1.25


def event_headline(chain: EventWhy) -> tuple[str, ...]:
    """The chance of the event and why, in a sentence or two; the chances of what is shown with it."""
    first, *others = chain.chances
    median = "later" if math.isnan(first.median_month) else two_figures(first.median_month)
    within = f"{share(first.within)} within {chain.stamp.horizon} months, " if chain.month < chain.stamp.horizon else ""
    lines = [
        f"{first.label} by {chain.date} (month {chain.month}): {share(first.by)}, because {_because(chain)}. "
        f"{_apart(chain)}".strip(),
        f"({within}median month of the event: {median})",
    ]
    if others:
        rest = "; ".join(f"{_own_words(one.label, first.label)} {share(one.by)}" for one in others)
        lines.append(f"By the same day: {rest}.")
    return tuple(lines)


def _because(chain: EventWhy) -> str:
    """The counts of the reference class and of the own record, and what is expected in a year."""
    low, middle, high = chain.expected
    parts = []
    if chain.record.rates:
        rate = chain.record.rates[0]
        parts.append(f"the reference class has {rate.events:g} such events in {rate.exposure:,.0f} {_years(rate.unit)}")
    else:
        parts.append("there is no reference class for it, only a wide prior")
    own = chain.record.own
    if own is not None:
        parts.append(f"its own record has {own.events:g} in {own.years:.1f} years ({own.words})")
    parts.append(f"and {two_figures(middle)} ({interval(low, high)}) are expected in the first year at risk")
    return ", ".join(parts)


def _years(unit: str) -> str:
    """What the exposure of a rate counts, in words.

    >>> _years("per pair-year"), _years("share")
    ('pair-years', 'cases')
    """
    return f"{unit.removeprefix('per ')}s" if unit.startswith("per ") else "cases"


def _apart(chain: EventWhy) -> str:
    """The factor that moves the hazard most besides its level, with a warning where it rests on a prior alone."""
    moving = [t for t in chain.terms[1:] if t.factor[1] > 0 and not 1 / NOTABLE < t.factor[1] < NOTABLE]
    if not moving:
        return ""
    most = max(moving, key=lambda t: abs(math.log(t.factor[1])))
    rests = (
        "rests on a prior alone, which no data inform" if PRIOR_ALONE in most.source else f"is known from {most.source}"
    )
    return f"What sets it apart most is “{most.label}”: a factor of {two_figures(most.factor[1])}, which {rests}."


def _own_words(label: str, first: str) -> str:
    """A label without the words that it shares with the one before it.

    >>> _own_words("Mosul is recaptured, held a year", "Mosul is recaptured")
    'held a year'
    """
    return label.removeprefix(first).lstrip(", ") or label


def event_grids(chain: EventWhy) -> tuple[TextTable, ...]:
    """The reference class and the own record; what multiplies the hazard; what that is known from."""
    second = []
    own = chain.record.own
    if own is not None:
        second.append((own.words, f"{own.events:g}", f"{own.years:.1f}", "", "", "years"))
    low, median, high = chain.expected
    second.append(("expected in the first year at risk, in this run", "", "", *_mean(median, low, high), "events"))
    columns = (
        TableColumn("reference class, then its own record", wrap=40),
        *number_columns("events", "exposure", "learned rate", "90% interval"),
        TableColumn("unit"),
    )
    title = "1. what the reference class and its own record say"
    return (TextTable(columns, (_rates(chain), tuple(second)), title), _terms(chain), _sources(chain))


def _rates(chain: EventWhy) -> tuple[tuple[str, ...], ...]:
    """Rates of the class, in percent; counts that are those of the row above are not repeated."""
    rows, before = [], ("", "")
    for r in chain.record.rates:
        counts = (f"{r.events:g}", f"{r.exposure:,.0f}")
        mean = (
            (_percent(r.mean), f"{_percent(r.low)} to {_percent(r.high)}")
            if r.high < 1
            else _mean(r.mean, r.low, r.high)
        )
        rows.append((f"{r.event}: {r.stratum}", *(("as above", "") if counts == before else counts), *mean, r.unit))
        before = counts
    return tuple(rows)


def _percent(value: float) -> str:
    return f"{two_figures(100 * value)}%"


def _terms(chain: EventWhy) -> TextTable:
    columns = (
        TableColumn("what multiplies the hazard", wrap=30),
        *number_columns("prior: 90%", "in this run: median", "90%", "times", "factor", "90%"),
    )
    return TextTable(
        columns, (tuple(map(_term, chain.terms)),), "2. the hazard as things are on the as-of date (a month)"
    )


def _term(one: HazardTerm) -> tuple[str, ...]:
    return (
        one.label,
        "" if one.prior is None else interval(*one.prior),
        *(("", "") if one.posterior is None else _spread(one.posterior)),
        two_figures(one.value) if one.parameter else "",
        *_spread(one.factor),
    )


def _sources(chain: EventWhy) -> TextTable:
    """What each factor is known from: apart from the numbers, since sources are whole sentences."""
    rows = tuple((one.label, one.source) for one in chain.terms)
    return TextTable((TableColumn("what multiplies the hazard", wrap=30), TableColumn("known from", wrap=70)), (rows,))


def _spread(values: Spread3) -> tuple[str, str]:
    return _mean(values[1], values[0], values[2])


def _mean(middle: float, low: float, high: float) -> tuple[str, str]:
    return two_figures(middle), interval(low, high)


def event_notes(chain: EventWhy) -> tuple[str, ...]:
    """What the record leaves open, and what moves the hazard later."""
    later = f"Later it moves with {', '.join(chain.moves)}." if chain.moves else "It stays the same later."
    return (
        *((chain.record.note,) if chain.record.note else ()),
        later,
        HowToRead("Events and their sources: afterfall/reference/data; scores: docs/organisations.md."),
        GROUPS_ONLY,
    )
