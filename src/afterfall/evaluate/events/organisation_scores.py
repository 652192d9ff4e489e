"""Events of organisations in a run against what was public later: totals, and the Brier score against a constant rate.

Observed are rows of the reference class that are dated after the as-of date, within the run, and public in its tables.
Organisations of the case are matched to those of the class by name; those without a match are left out. Of endings only
those with a published strength are scored, because the class lists a small one only if it grew. A branch of the core
changes its allegiance by leaving, another by a pledge to the core, as in the model. Names are those of the as-of date:
a branch that splits later is the organisation that it was. Recaptures are those of listed places that the core lost and
captured again, in the case as it is known later or in the class.

*Constant rate*: all events of the class over all its organisation-years (of places: over all months of being lost), one
rate for everyone, with the prior of `event_rate.gamma_rate`. It knows neither who loses ground, nor how long ago a
place was lost, nor the record of an organisation. The rate of a merger or absorption of the core is shared among its
rivals. Its place-months begin with the loss, in each trajectory of the run. Two more opponents: that the event happens
to nobody, and for recaptures a constant rate of the listed losses alone, as known on the as-of date. That list was
fixed in advance; the other places were remembered partly because they changed hands.

An event counts once for each organisation or pair. The scores are of few events of one war; the docs say so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from afterfall.case import Case, cut
from afterfall.evaluate.core.scoring_rules import brier
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.learned_rates import (
    DISSOLUTION,
    MERGER,
    SPLIT,
    twins,
)
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY, core_in_class
from afterfall.reference.allegiance_changes import HALVES, LEAVING, PLEDGING, allegiance_counts
from afterfall.reference.class_names import simplified
from afterfall.reference.class_records import Alignment
from afterfall.reference.event_rate import Count, counted, gamma_rate
from afterfall.reference.families import family_of
from afterfall.reference.organisation_events import EVENTS, organisation_counts
from afterfall.reference.reference_class import ReferenceClass, open_reference_class
from afterfall.reference.retaking import constant_hazards, organisation_of
from afterfall.run import Run

#: Kinds of event of one organisation, with the event of the class and words.
OF_ONE = {"split": (SPLIT, "splits"), "ending": (DISSOLUTION, "endings")}
MERGERS = ("merger", "absorption")
#: Kinds of event, by the first part of their names, that count as a merger of the same two.
ABSORPTIONS = ("absorption", "absorption_by")
MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True)
class EventTally:
    """One kind of event: how many could have it, the total forecast (mean, 90 % interval) and observed, Brier scores.

    `brier_never` is of the forecast that it happens to nobody, `brier_listed` of a constant rate of listed losses (None
    but for recaptures). `happened` names those that had it.
    """

    kind: str
    label: str
    at_risk: int
    expected: float
    low: float
    high: float
    observed: int
    brier: float
    brier_constant: float
    brier_never: float
    brier_listed: float | None
    happened: tuple[str, ...]

    @property
    def inside(self) -> bool:
        """Whether the number observed lies in the interval."""
        return self.low <= self.observed <= self.high

    @property
    def best_opponent(self) -> float:
        """Lowest Brier score of the opponents."""
        found = (self.brier_constant, self.brier_never, self.brier_listed)
        return min(one for one in found if one is not None)


def score_events(run: Run, whole: Case) -> tuple[EventTally, ...]:
    """Scores of recaptures, mergers and events of one organisation; none for a made-up country or before 2005.

    Parameters
    ----------
    run
        A finished run with organisations.
    whole
        The case as it is known later.
    """
    if run.as_of < FIRST_DAY:
        return ()
    later = open_reference_class(run.date(run.request.horizon))
    if {c.country for c in later.countries}.isdisjoint(whole.theatre.countries):
        return ()
    month = max(m for m in range(run.request.horizon + 1) if run.date(m) <= max(later.as_of, run.as_of))
    known, until = open_reference_class(run.as_of), run.date(month)
    window = _Window(run, whole, month, until, known, later, dict(twins(whole.organisations, later, run.as_of)))
    rows = [r for r in later.alignments if run.as_of < r.date.last_day <= until]
    first, *others = (_of_one(window, kind, rows) for kind in OF_ONE)
    found = [_recaptures(window), _mergers(window, rows), first, _allegiance(window, rows), *others]
    return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class _Window:
    """A run up to a month, the case and the class as known later, the class as of the run, and who is in it."""

    run: Run
    whole: Case
    month: int
    until: dt.date
    known: ReferenceClass
    later: ReferenceClass
    matched: dict[str, str]


def _recaptures(of: _Window) -> EventTally | None:
    run, again = of.run, _recaptured(of)
    if again is None:
        return None
    view = CaseView(cut(of.whole, run.as_of))
    last = {s.holding: s.name for s in view.spells if s.kind != "remainder"}
    lost = run.dataset["lost"].sel(holding=list(last.values())).transpose("trajectory", "holding").values
    gone = np.clip(of.month - lost, 0, None)
    overall, listed = constant_hazards(of.known)
    constant = dict(zip(last, (-np.expm1(-overall * gone)).mean(axis=0), strict=True))
    found = _scored(of, "retaking", "places recaptured", {f"retaking.{h}": (h in again, constant[h]) for h in last})
    if found is None or listed is None:
        return found
    happened = np.array([float(h in again) for h in last])
    return replace(found, brier_listed=float(brier(happened, (-np.expm1(-listed * gone)).mean(axis=0)).mean()))


def _recaptured(of: _Window) -> set[str] | None:
    """Holdings lost and captured again by the core within the window, in the case as known later or in the class.

    None where neither could say: the class has no losses of the core, and the case no later event of a holding.
    """
    spells, since, countries = CaseView(of.whole).spells, of.run.as_of, of.whole.theatre.countries
    core = core_in_class(of.later, countries, since=dt.date.min)
    if not core and not any(e.published.last_day > since for e in of.whole.holding_events):
        return None
    again = {
        s.holding
        for s in spells
        if s.captured and since < s.captured <= of.until
        if any(o.holding == s.holding and o.lost and o.lost <= s.captured for o in spells)
    }
    towns = {
        simplified(p.place.split("(")[0])
        for p in of.later.places
        if organisation_of(p) == core and p.country in countries and p.retaken
        if since < p.retaken.last_day <= of.until
    }
    return again | {s.holding for s in spells if {simplified(s.holding), simplified(s.label)} & towns}


def _mergers(of: _Window, rows: list[Alignment]) -> EventTally | None:
    """The core and a rival become one, as equals or by absorption."""
    matched = of.matched
    core = matched.get(of.whole.core)
    events = [e for e in of.run.organisation_record.label("event") if e.partition(".")[0] == "merger"]
    rivals = [name for e in events if (name := e.partition(".")[2]) in matched]
    if core is None or not rivals:
        return None
    together = [set(r.parties) for r in rows if r.kind in MERGERS]
    constant = _constant(of.known, MERGER, of.month) / len(rivals)
    return _scored(
        of,
        "merger",
        "mergers and absorptions of the core with a rival",
        {f"merger.{r}": (any({core, matched[r]} <= pair for pair in together), constant) for r in rivals},
        also=ABSORPTIONS,
    )


def _of_one(of: _Window, kind: str, rows: list[Alignment]) -> EventTally | None:
    event, words = OF_ONE[kind]
    names = _named(of, kind)
    if kind == "ending":
        published = _flag(of, "published")
        names = {e: name for e, name in names.items() if published.get(name)}
    had = {r.parties[0] for r in rows if r.kind in EVENTS[event][0] and r.parties}
    constant = _constant(of.known, event, of.month)
    return _scored(of, kind, words, {e: (of.matched[name] in had, constant) for e, name in names.items()})


def _allegiance(of: _Window, rows: list[Alignment]) -> EventTally | None:
    """Branches that left the core, and others that pledged to it; the latter only of a core that is in the class."""
    core, descended, family = of.matched.get(of.whole.core), _flag(of, "descended"), family_of(of.whole.core)
    left = {r.parties[0] for r in rows if r.kind == "allegiance_from" and r.parties}
    pledged = {r.parties[0] for r in rows if r.kind == "allegiance_to" and core in r.parties[1:]}
    constant = {e: _share(_total(allegiance_counts(e, of.known, family).raw), of.month) for e in HALVES}
    events = {}
    for e, name in _named(of, "allegiance").items():
        if descended.get(name):
            events[e] = (of.matched[name] in left, constant[LEAVING])
        elif core is not None:
            events[e] = (of.matched[name] in pledged, constant[PLEDGING])
    return _scored(of, "allegiance", "changes of allegiance abroad", events)


def _named(of: _Window, kind: str) -> dict[str, str]:
    """Events of a kind, with the organisation of the class's that each is of."""
    found = (e.partition(".") for e in of.run.organisation_record.label("event"))
    return {f"{kind}.{name}": name for first, _, name in found if first == kind and name in of.matched}


def _flag(of: _Window, name: str) -> dict[str, bool]:
    return dict(zip(of.run.organisation_record.names, of.run.dataset[name].values, strict=True))


def _constant(known: ReferenceClass, event: str, months: int) -> float:
    """Probability of at least one event within some months at one rate for all organisations."""
    return _share(_total(organisation_counts(event, known)[1]), months)


def _total(halves: tuple[Count, Count]) -> Count:
    return counted(sum(c.events for c in halves), sum(c.exposure for c in halves))


def _share(count: Count, months: int) -> float:
    rate = gamma_rate("", "all", "per organisation-year", count, "")
    return float(-np.expm1(-rate.draws * months / MONTHS_A_YEAR).mean())


def _scored(
    of: _Window, kind: str, label: str, events: dict[str, tuple[bool, float]], also: tuple[str, ...] = ()
) -> EventTally | None:
    """Score events by name, each with whether it was observed and the probability at a constant rate.

    With `also`, an event of these kinds for the same organisation counts as the same.
    """
    record = of.run.organisation_record
    names = record.label("event")
    events = {name: one for name, one in events.items() if name in names}
    if not events:
        return None
    fired = np.stack([_fired(record.fired, names, name, also) for name in events], axis=1) <= of.month
    happened = np.array([float(had) for had, _ in events.values()])
    low, high = np.quantile(fired.sum(axis=1), (0.05, 0.95))
    return EventTally(
        kind=kind,
        label=label,
        at_risk=len(events),
        expected=float(fired.sum(axis=1).mean()),
        low=float(low),
        high=float(high),
        observed=int(happened.sum()),
        brier=float(brier(happened, fired.mean(axis=0)).mean()),
        brier_constant=float(brier(happened, np.array([p for _, p in events.values()])).mean()),
        brier_never=float(brier(happened, np.zeros_like(happened)).mean()),
        brier_listed=None,
        happened=tuple(name.partition(".")[2] for name, (had, _) in events.items() if had),
    )


def _fired(fired: npt.NDArray[np.int32], names: list[str], name: str, also: tuple[str, ...]) -> npt.NDArray[np.int32]:
    """Month of an event, or of the first of it and other kinds for the same organisation, ``(trajectory,)``."""
    others = [f"{kind}.{name.partition('.')[2]}" for kind in also]
    first: npt.NDArray[np.int32] = fired[:, [names.index(n) for n in (name, *others) if n in names]].min(axis=1)
    return first
