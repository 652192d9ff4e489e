"""How near a place is to organisations, and the pace of foundings in the core's neighbourhood before the as-of date.

The pace of foundings abroad is derived, not chosen. It is the number of places bordering the theatre in which an
organisation descended from the core was founded before the as-of date, divided by the months since the founding of the
core during which each had none (gamma with a Jeffreys half event; the log standard deviation is widened by one half
because the future may differ). It is converted to a place far from any organisation with the effects of strength,
borders and instability at the middle of their priors and strengths at the as-of date. Only neighbours are counted: they
are all known, whether or not anything was founded there. Places elsewhere are in a case precisely because something was
founded. A case whose theatre borders no place that it names has a wide prior.

All places not named, `elsewhere`, share one pace, with two estimates from the past. First, the places beyond the
neighbours in which an organisation was founded, over the months since the core's founding, give the pace of the next
such place, if the remaining places are as susceptible as those were. Second, every place in which one was founded is
named by now, and the remaining ones have had none in all that time. The prior ranges from the 5th percentile of the
second estimate (no event) to the 95th of the first. The hazard of places beyond the neighbours that are named and free,
which have their own, is subtracted; at least a tenth remains, since both estimates are rough.

Nearby strength is that of friendly organisations: the core, everything abroad that descends from it, and organisations
that the case lists as its allies. Branches of al-Qaida are not friendly to the Islamic State.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Z95
from afterfall.model.mechanisms.organisations import (
    THEATRE,
    descendant_in,
    descends,
    instability,
    published,
    standing,
    usual_strength,
)
from afterfall.model.mechanisms.relocating import ELSEWHERE
from afterfall.model.mechanisms.territory import PACE_CHANGE_SD, PACE_WINDOW

NEAR_SCALE, NEAREST_KM = 1000.0, 100.0
#: Effects of strength by distance, strength across a border, and instability: 5th and 95th percentile.
NEAR, BORDER, INSTABILITY = (0.0, 1.2), (0.0, 1.0), (-0.3, 1.0)
UNKNOWN_PACE = (1e-4, 3e-3)
FEWEST_MONTHS = PACE_WINDOW / 2
#: Share of the pace beyond the neighbours that is left to places not named, at least.
LEAST_LEFT = 0.1


def distance(view: CaseView, place: str, other: str) -> float:
    """Kilometres between a place and that of an organisation (a place, or the theatre), at least a hundred."""
    covariate = "distance_theatre_km" if other == THEATRE else f"distance_km:{other}"
    value = NEAREST_KM if place == other else view.case.covariate(place, covariate)
    return max(view.covariate(place, "distance_theatre_km", 1000.0) if value is None else value, NEAREST_KM)


def borders(view: CaseView, place: str, other: str) -> bool:
    """Whether a place borders another (or the theatre), or is it."""
    covariate = "borders_theatre" if other == THEATRE else f"borders:{other}"
    return place == other or bool(view.case.covariate(place, covariate))


@dataclass(frozen=True, slots=True)
class Site:
    """A friendly organisation and where it is."""

    organisation: str
    place: str


def friendly(view: CaseView) -> tuple[Site, ...]:
    """The core, what descends from it abroad, and its allies abroad; without those in places not named."""
    return tuple(
        Site(o.organisation, o.place)
        for o in standing(view)
        if o.place != ELSEWHERE and (o.kind == "core" or (o.kind == "offshoot" and (descends(view, o) or o.ally)))
    )


def nearness(view: CaseView, place: str, sites: Sequence[Site]) -> Mapping[str, float]:
    """Weight of each organisation by its distance: one at a thousand kilometres."""
    return {s.organisation: 1000.0 / distance(view, place, s.place) for s in sites}


def bordering(view: CaseView, place: str, sites: Sequence[Site]) -> Mapping[str, float]:
    """Weight one for each organisation across the border, or in the place."""
    return {s.organisation: 1.0 for s in sites if borders(view, place, s.place)}


def founded_before(view: CaseView) -> tuple[int, int]:
    """Neighbours of the theatre in which a descendant was founded, and the months in which neighbours had none."""
    start, first = _first_foundings(view)
    neighbours = _neighbours(view)
    months = sum(max(first.get(place, 0) - start, 0) for place in neighbours)
    return sum(first.get(place, start) > start for place in neighbours), months


def founded_elsewhere(view: CaseView) -> tuple[int, int]:
    """Other places in which a descendant was founded by the as-of date, and the months since the core's founding."""
    start, first = _first_foundings(view)
    return sum(month > start for place, month in first.items() if place not in _neighbours(view)), max(-start, 0)


def _first_foundings(view: CaseView) -> tuple[int, dict[str, int]]:
    """Month of the core's founding, and of the first descendant in each place that has had one."""
    core = view.case.organisation(view.case.core)
    first: dict[str, int] = {}
    for row in view.case.organisations:
        if row.kind == "offshoot" and row.founded and descends(view, row):
            month = view.month_of(row.founded.last_day)
            first[row.place] = min(month, first.get(row.place, month))
    return view.month_of((core.founded or core.published).last_day), first


def _neighbours(view: CaseView) -> list[str]:
    return [p for p in view.hosts if p != ELSEWHERE and borders(view, p, THEATRE)]


def pace_far_away(view: CaseView) -> tuple[float, float, str]:
    """5th and 95th percentile of the hazard of a founding far from any organisation, and its derivation."""
    count, months = founded_before(view)
    if not months:
        return (*UNKNOWN_PACE, "")
    low, high = _pace(count, months)
    places = _neighbours(view)
    effect = math.exp(sum(_effect(view, p) for p in places) / len(places))
    return low / effect, high / effect, "foundings in the theatre's neighbours before the as-of date"


def pace_elsewhere(view: CaseView) -> tuple[float, float, str]:
    """5th and 95th percentile of the hazard of a founding in any place not named, and its derivation."""
    count, since = founded_elsewhere(view)
    months = max(since, FEWEST_MONTHS)
    low, high = _pace(0, months)[0], _pace(count, months)[1]
    left = max(1.0 - named_beyond(view) / math.sqrt(low * high), LEAST_LEFT)
    return left * low, left * high, "foundings beyond the neighbours before the as-of date, less the places named there"


def named_beyond(view: CaseView) -> float:
    """Hazard of a founding in any of the free places named beyond the neighbours, at the middle of all priors."""
    low, high, _ = pace_far_away(view)
    near = _neighbours(view)
    free = [p for p in view.hosts if p != ELSEWHERE and p not in near and descendant_in(view, p) is None]
    return math.sqrt(low * high) * sum(math.exp(_effect(view, p)) for p in free)


def _pace(count: int, months: float) -> tuple[float, float]:
    rate = (count + 0.5) / months
    spread = Z95 * math.hypot(1.0 / math.sqrt(count + 0.5), PACE_CHANGE_SD)
    return rate * math.exp(-spread), rate * math.exp(spread)


def _effect(view: CaseView, place: str) -> float:
    """Log effect of strength, borders and instability on a place, at the middle of their priors, as of the date."""
    strength = _strengths(view)
    others = [s for s in friendly(view) if s.place != place]
    near = sum(w * strength[o] for o, w in nearness(view, place, others).items())
    across = sum(w * strength[o] for o, w in bordering(view, place, others).items())
    return (
        sum(NEAR) / 2.0 * math.log1p(near / NEAR_SCALE)
        + sum(BORDER) / 2.0 * math.log1p(across / NEAR_SCALE)
        + sum(INSTABILITY) / 2.0 * instability(view, place)
    )


def _strengths(view: CaseView) -> dict[str, float]:
    """Latest published strength of every organisation, in people; the usual one where there is none."""
    usual = usual_strength(view)
    return {o.organisation: known.latest if (known := published(view, o)) else usual for o in standing(view)}
