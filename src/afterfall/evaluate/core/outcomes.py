"""Which later figures become outcomes: a rule that looks at what a figure measures, never at its value.

A figure published after the as-of date is an outcome if it

1. refers to a day (the last that its date can mean) after the as-of date and within the horizon;
2. counts everyone, of all organisations or the core, by a definition that counts people;
3. is a value and not a bound such as "more than";
4. is a running total of a quantity that the model counts, or a stock of one that it stocks. A share becomes a count
   through the latest travelled figure of the same report family and place, and is left out if there is none;
5. is of an origin that the model names, or of the world. Aggregates are left out: a case does not list their members,
   so they cannot be matched to modelled origins;
6. is the only copy: of one place, quantity, report family and date, the most reliable grade counts, then the widest
   definition, then the first published.

Figures left out are counted by the first reason that applies. The month of a figure is the month of the run's calendar
that contains its date, as in the nowcast.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from afterfall.case import WORLD, Case, Figure, as_day, cut, months_between
from afterfall.evaluate.core.last_published import is_counter, last_published_figure
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import MODEL_QUANTITY, SHARES, error_of

#: Definitions from the widest to the narrowest.
WIDEST = ("affiliates", "", "fighters", "all_theatres")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One later figure to be scored.

    Attributes
    ----------
    figure, place, source, family, definition
        As in the case; `family` is the source where the case names no family.
    quantity
        Name in the model.
    value
        People.
    refers_to
        Last day that its date can mean.
    month
        Month of the run that holds this day, from 1.
    error
        Relative standard deviation by the reliability of the source, as in the nowcast.
    offset
        What the scale of scores subtracts, in people: for a counter the last figure of the place and quantity published
        by the as-of date; None for a stock, or if nothing was published.
    last_published
        The last published figure of the place and quantity, for counters and stocks alike, which a later figure may
        merely repeat.
    """

    figure: str
    quantity: str
    place: str
    value: float
    refers_to: dt.date
    month: int
    definition: str
    family: str
    source: str
    error: float
    offset: float | None
    last_published: float | None = None

    @property
    def cluster(self) -> tuple[str, str]:
        """Place and quantity; each such pair counts once in mean scores."""
        return self.place, self.quantity


@dataclass(frozen=True, slots=True)
class Selection:
    """Outcomes ordered by quantity, place and date, and how many later figures were left out, by reason."""

    outcomes: tuple[Outcome, ...]
    dropped: Mapping[str, int]

    @property
    def months(self) -> tuple[int, ...]:
        """Months of the run at which outcomes fall."""
        return tuple(sorted({o.month for o in self.outcomes}))


def select(whole: Case, as_of: dt.date | str, horizon: int) -> Selection:
    """Choose outcomes.

    Parameters
    ----------
    whole
        The case with later publications: uncut, or cut at the last day whose publications may be used.
    as_of
        As-of date of the forecast.
    horizon
        Months beyond it.
    """
    day = as_day(as_of)
    choice = _Choice(whole, cut(whole, day), day, horizon)
    dropped: Counter[str] = Counter()
    kept: dict[tuple[str, str, str, dt.date], list[Figure]] = {}
    for figure in whole.figures:
        if figure.published.last_day <= day:
            continue
        reason = choice.reason(figure)
        if reason:
            dropped[reason] += 1
        else:
            key = (choice.quantity(figure), figure.place, figure.report_family, figure.refers_to.last_day)
            kept.setdefault(key, []).append(figure)
    dropped["another copy of a count"] += sum(len(copies) - 1 for copies in kept.values())
    outcomes = tuple(choice.outcome(min(copies, key=_preference)) for _, copies in sorted(kept.items()))
    return Selection(outcomes, {reason: n for reason, n in dropped.most_common() if n})


def outcomes_hash(outcomes: Sequence[Outcome]) -> str:
    """Hash of the figures that a forecast is scored on, with all their attributes (16 hexadecimal digits)."""
    return hashlib.sha256(repr(sorted(repr(astuple(one)) for one in outcomes)).encode()).hexdigest()[:16]


def _preference(figure: Figure) -> tuple[float, int, dt.date, str]:
    return error_of(figure), WIDEST.index(figure.definition), figure.published.last_day, figure.figure


class _Choice:
    """The rule, with the case as known later and as published by the as-of date."""

    def __init__(self, whole: Case, known: Case, as_of: dt.date, horizon: int) -> None:
        self.whole, self.known, self.as_of, self.horizon = whole, known, as_of, horizon
        self.places = {*CaseView(known).named, WORLD}

    def quantity(self, figure: Figure) -> str:
        """Name in the model; empty if the model has no such quantity."""
        return MODEL_QUANTITY.get(figure.quantity) or SHARES.get(figure.quantity, "")

    def reason(self, figure: Figure) -> str:
        """Why a later figure is left out; empty if it is kept."""
        tests = (
            ("refers to a day by the as-of date", figure.refers_to.last_day <= self.as_of),
            ("beyond the horizon", months_between(self.as_of, figure.refers_to.last_day) > self.horizon),
            ("a quantity that is not scored", not self.quantity(figure)),
            ("a part of everyone (role)", bool(figure.role)),
            ("of another organisation", figure.organisation not in ("", self.whole.core)),
            ("a bound, no value", bool(figure.bound)),
            ("counts something else (definition)", not figure.counts_people),
            ("an operation or a yearly flow (basis)", not self._basis_fits(figure)),
            ("of a place that the model does not name", figure.place not in self.places),
            ("a share without a total of its family", figure.quantity in SHARES and self._total(figure) is None),
        )
        return next((words for words, applies in tests if applies), "")

    def _basis_fits(self, figure: Figure) -> bool:
        if figure.quantity in SHARES:
            return figure.basis == "share"
        return figure.basis == ("cumulative" if is_counter(self.quantity(figure)) else "stock")

    def _total(self, figure: Figure) -> float | None:
        """The latest travelled figure of the same family and place, by the date the share refers to."""
        same = [
            f
            for f in self.whole.figures_of("travelled", place=figure.place)
            if f.report_family == figure.report_family
            and f.is_running_total
            and f.refers_to.last_day <= figure.refers_to.last_day
        ]
        return same[-1].value if same else None

    def outcome(self, figure: Figure) -> Outcome:
        """The outcome of a figure that is kept."""
        quantity = self.quantity(figure)
        total = self._total(figure) if figure.quantity in SHARES else None
        last = last_published_figure(self.known, quantity, figure.place)
        latest = None if last is None else last.value
        return Outcome(
            figure=figure.figure,
            quantity=quantity,
            place=figure.place,
            value=figure.value if total is None else figure.value * total,
            refers_to=figure.refers_to.last_day,
            month=months_between(self.as_of, figure.refers_to.last_day),
            definition=figure.definition,
            family=figure.report_family,
            source=figure.source,
            error=error_of(figure),
            offset=latest if is_counter(quantity) else None,
            last_published=latest,
        )
