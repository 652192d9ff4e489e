"""Which later figures become outcomes: a rule that looks at what a figure is, never at what it says.

A figure published after the as-of date is an outcome when it

1. refers to a day (the last that its date can mean) after the as-of date and within the horizon;
2. counts everyone, of all organisations or the core, by a definition that counts people;
3. is a value and no bound ("more than" says too little);
4. is a running total of a quantity that the model counts, or a stock of one that it stocks. A share becomes a count
   with the latest travelled figure of the same report family and place, and is left out where there is none;
5. is of an origin the model names, or of the world. Aggregates are left out: a case does not list their members, so
   none is known to equal a set of modelled origins;
6. is the only copy: of one place, quantity, report family and date, the most reliable grade counts, then the widest
   definition, then the first published.

What is left out is counted by the first reason that applies. A figure's month is the one of the run's calendar that it
falls in, as in the nowcast.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from afterfall.case import WORLD, Case, Figure, as_day, cut, months_between
from afterfall.evaluate.core.last_published import is_counter, last_public
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
    last_public
        The last public figure of the place and quantity by the as-of date, in people; None for a stock, or where
        there is none. A counter is scored as what it adds to this.
    last_told
        The same for counters and stocks alike: what a later figure may merely repeat.
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
    last_public: float | None
    last_told: float | None = None

    @property
    def cluster(self) -> tuple[str, str]:
        """Place and quantity: figures of one cluster share one weight."""
        return self.place, self.quantity


@dataclass(frozen=True, slots=True)
class Selection:
    """Outcomes in the order of quantity, place and date, and how many later figures were left out by reason."""

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
        A case that knows what was published later: uncut, or cut at the last day whose publications may be used.
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
    """Hash of the figures that a forecast is judged by, of all that is said of each (16 hexadecimal digits)."""
    return hashlib.sha256(repr(sorted(map(repr, outcomes))).encode()).hexdigest()[:16]


def _preference(figure: Figure) -> tuple[float, int, dt.date, str]:
    return error_of(figure), WIDEST.index(figure.definition), figure.published.last_day, figure.figure


class _Choice:
    """The rule with what it needs to know of the case and of what was public."""

    def __init__(self, whole: Case, known: Case, as_of: dt.date, horizon: int) -> None:
        self.whole, self.known, self.as_of, self.horizon = whole, known, as_of, horizon
        self.places = {*CaseView(known).named, WORLD}

    def quantity(self, figure: Figure) -> str:
        """Name in the model, or nothing."""
        return MODEL_QUANTITY.get(figure.quantity) or SHARES.get(figure.quantity, "")

    def reason(self, figure: Figure) -> str:
        """Why a later figure is left out, or nothing."""
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
        """A figure that passed as an outcome."""
        quantity = self.quantity(figure)
        total = self._total(figure) if figure.quantity in SHARES else None
        last = last_public(self.known, quantity, figure.place)
        told = None if last is None else last.value
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
            last_public=told if is_counter(quantity) else None,
            last_told=told,
        )
