"""Every figure of a place that a case holds by its as-of date, and what is done with each.

The start of a forecast and the fit read figures by rules of their own (`readings`, `fit_readings`); this states both
for each figure, read or not. Figures of groups that contain the country and of the world are listed apart: those that
are read one by one, the others counted by quantity and reason. What was published after the as-of date is not in a cut
case, and so is not listed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from afterfall.attack.importance_resampling import published_counts
from afterfall.case import WORLD, Case, Figure, Source
from afterfall.model import Model
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import published
from afterfall.model.observation.figure_rules import MODEL_QUANTITY, SHARES
from afterfall.model.observation.fit_readings import (
    ARRIVAL_CURVE,
    FitReading,
    arrival_curve_figures,
    fit_readings,
)
from afterfall.model.observation.readings import Contradiction, FigureReading, contradictions, readings_of

#: Quantities in the order in which they are listed; others follow by name.
ORDER = ("travelled", "in_theatre", "returned", "killed", "detained", "detained_foreign", "third_country")
AFTER_THE_RUN = "how often attacks are attempted (after the run)"
STRENGTH = "how strong its organisation is"
#: What the start does with figures of a place that is no origin, apart from totals of the world.
NOT_AN_ORIGIN = "the start reads counts of single origins, and totals of the world"


@dataclass(frozen=True, slots=True)
class FigureAccount:
    """One figure: how the start reads it, how the fit does, and where it was published.

    `other_use` is what else it is read for (the arrival curve, attacks), in words; `scored` says whether figures of
    its quantity that are published later score a forecast; `origin` whether its place is an origin of the model.
    """

    figure: Figure
    start: FigureReading
    fit: FitReading
    other_use: str
    scored: bool
    origin: bool
    source: Source

    @property
    def used(self) -> bool:
        """Whether anything reads it."""
        return self.start.used or self.fit.used or bool(self.other_use)

    @property
    def start_reason(self) -> str:
        """Why the start does not read it; empty where it does."""
        own = self.start.reason
        if not own or self.figure.quantity == "travelled":
            return own
        return own if self.origin else NOT_AN_ORIGIN


@dataclass(frozen=True, slots=True)
class Unread:
    """Figures of a wider place that nothing reads: how many of a quantity, and why."""

    place: str
    quantity: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class FigureAccounts:
    """The figures behind a place: its own, those of wider places that are read, the others counted, contradictions."""

    place: str
    name: str
    own: tuple[FigureAccount, ...]
    wider: tuple[FigureAccount, ...]
    unread: tuple[Unread, ...]
    contradictions: tuple[Contradiction, ...]


def figure_accounts(model: Model, origin: str | None) -> FigureAccounts:
    """Every figure of an origin (the world for None), and those of wider places that act on it."""
    view, place = model.view, WORLD if origin is None else origin
    known = _Known.of(view)
    own = tuple(sorted(known.accounts(place), key=_order))
    wide = [one for code in _wider(view, place) for one in known.accounts(code) if _acts_on_people(view, one.figure)]
    counted = Counter((a.figure.place, a.figure.quantity, a.fit.reason) for a in wide if not a.used)
    return FigureAccounts(
        place=place,
        name="the world" if origin is None else view.name(place),
        own=own,
        wider=tuple(sorted((a for a in wide if a.used), key=_order)),
        unread=tuple(Unread(code, kind, number, why) for (code, kind, why), number in sorted(counted.items())),
        contradictions=contradictions(view, place),
    )


def _order(account: FigureAccount) -> tuple[object, ...]:
    """By quantity, the newest first, those that are read before the others of a day."""
    figure = account.figure
    rank = ORDER.index(figure.quantity) if figure.quantity in ORDER else len(ORDER)
    return rank, figure.quantity, -figure.refers_to.last_day.toordinal(), not account.used, figure.figure


def _acts_on_people(view: CaseView, figure: Figure) -> bool:
    """Whether a figure of a wider place can act on people of a country: not the strength of another organisation."""
    return figure.organisation in ("", view.case.core)


def _wider(view: CaseView, place: str) -> tuple[str, ...]:
    """Groups that contain a country, the world, and the theatre, whose figures can act on it."""
    groups = [g.place for g in view.case.groups if place in g.members or place in g.remainders]
    theatre = [p.place for p in view.case.places if p.kind == "theatre"]
    return tuple(dict.fromkeys(code for code in (*groups, WORLD, *theatre, "theatre") if code != place))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the readers do with the figures of a case."""

    view: CaseView
    fit: dict[str, FitReading]
    curve: frozenset[str]
    attacks: frozenset[tuple[str, int, int]]

    @classmethod
    def of(cls, view: CaseView) -> _Known:
        counts = published_counts(view.case, _countries(view.case))
        return cls(
            view,
            dict(fit_readings(view)),
            arrival_curve_figures(view),
            frozenset((c.place, c.year, c.attempts) for c in counts),
        )

    def accounts(self, place: str) -> list[FigureAccount]:
        """Every figure of a place."""
        return [
            FigureAccount(
                figure=one.figure,
                start=one,
                fit=self.fit[one.figure.figure],
                other_use=self._other_use(one.figure),
                scored=one.figure.quantity in {*MODEL_QUANTITY, *SHARES},
                origin=place in self.view.origins,
                source=self.view.case.source(one.figure.source),
            )
            for one in readings_of(self.view, place)
        ]

    def _other_use(self, figure: Figure) -> str:
        if figure.figure in self.curve:
            return ARRIVAL_CURVE
        if figure.quantity == "strength" and _shapes_strength(self.view, figure):
            return STRENGTH
        year = figure.refers_to.last_day.year
        if figure.quantity == "attacks" and (figure.place, year, round(figure.value)) in self.attacks:
            return AFTER_THE_RUN
        return ""


def _shapes_strength(view: CaseView, figure: Figure) -> bool:
    """Whether the strength of its organisation would be another one without this figure."""
    found = [o for o in view.case.organisations if o.organisation == figure.organisation]
    rest = CaseView(replace(view.case, figures=tuple(f for f in view.case.figures if f is not figure)))
    return any(published(rest, one) != published(view, one) for one in found)


def _countries(case: Case) -> tuple[str, ...]:
    return tuple(p.place for p in case.places if p.kind in ("origin", "host", "theatre"))
