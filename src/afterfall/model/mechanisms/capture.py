"""Capture: who holds the people that are taken, month by month.

The people captured where ground is lost go to a custodian of the captor. A *captor* is a set of custodians that
places.csv gives the same words (``SDF; YPG``: a prison and a camp). With a[k, i] the share of captor i in the loss of
ground k, which has weight w[k], the front of captor i in month t is its share in all ground lost in that month::

    front[i, t] = (floor * mean share + sum of w[k] a[k, i]) / (floor + sum of w[k])
    log weight[c] = custody[c] + others[c] * (not of the kind that c holds) + log front[captor of c, t]

The sums are over the ground lost in the month. The log weights split a capture over the custodians c. Fronts sum to
one over the captors. Where no ground is lost they are the average of all ground.

w[k] counts the foreigners on the ground, not its inhabitants (`people_of_ground` in `territory`).

Shares of ground that was lost are data (`by` in holding_events.csv). Who will take what is still held is unknown. Its
expected shares are an average over captors of that country, smoothed: each starts as if all had taken `SMOOTHING`
losses together, every loss in the country adds one, and a loss next to it adds `NEAR` more. Ground of no one country
has the mean of the theatre's countries. Where an operation against the ground is under way, its attacker has the share
q and the others share the rest, with q = (h + 1) / (n + 2): of n losses of the record under an operation, its attacker
took h.

Campaigns follow their own course, so these shares are uncertain, and alike in all ground of one simulation::

    share[k, i] ~ a[k, i] * exp(captor[i]),   captor[i] ~ normal(0, trigamma(n[i]))      k still held, in the forecast

That is the spread of the log of a gamma variate of shape n, hence of shares under a Dirichlet of such counts. ``n[i]``
is the smoothing share of captor i plus its shares in the ground lost, half-year by half-year and country by country:
losses within half a year belong to one campaign and are one observation. Captors of one country alone keep it all.

A custodian without captors (a state nearby) holds people stopped on the way only. In a case whose custodians list no
captors, all custodians take prisoners, and weights do not change with the month.

Custodians are the same in every month and on every as-of date. What that owes to later knowledge is small: who is
taken follows the ground, whose takers are data up to the as-of date. A custodian named later stands for its captor of
the time, who held people somewhere; only the split between its prison and its camp, by role, is known from later
(the case's hindsight ledger lists it).

Assumptions: one holding may fall to several captors. Prisons hold few women and children, camps few fighters. A captor
with a large weight takes more prisoners from the same ground.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from afterfall.case.captor_words import capturing, custodians_of, listed
from afterfall.case.records import Place
from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.parameters import Z95
from afterfall.model.language.path_vocabulary import LossToPath, Path
from afterfall.model.language.vocabulary import Parameter, RateTerm, Term, Times
from afterfall.model.mechanisms.announced_operations import attackers, under
from afterfall.model.mechanisms.territory import PEOPLE_OF_GROUND

#: Months within which losses of a country are one observation of who takes its ground.
CAMPAIGN_MONTHS = 6
#: Losses of ground that all captors of a country share before any is known, and what a loss nearby adds to its one.
SMOOTHING, NEAR = 1.0, 3.0


@dataclass(frozen=True, slots=True)
class Captor:
    """Those who take ground for some custodians: codes of the custodians, and countries of the ground they take."""

    custodians: tuple[str, ...]
    ground: tuple[str, ...]

    @property
    def path(self) -> str:
        """Name of the path of its front."""
        return f"front_{self.custodians[0]}"

    @property
    def parameter(self) -> str:
        """Name of its effect on shares of ground that is still held."""
        return f"captor.{self.custodians[0]}"


def detained_state(custodian: str) -> str:
    """Name of the state of people held by a custodian of the theatre."""
    return f"detained_{custodian}"


def captors(view: CaseView) -> tuple[Captor, ...]:
    """The captors of a case, in the order of its custodians; none where no custodian lists captors."""
    custodians: dict[tuple[str, ...], list[str]] = {}
    ground: dict[tuple[str, ...], list[str]] = {}
    for place in _custodians(view):
        words = listed(place.captors)
        if words:
            custodians.setdefault(words, []).append(place.place)
            ground.setdefault(words, []).extend(listed(place.ground))
    return tuple(Captor(tuple(codes), tuple(dict.fromkeys(ground[words]))) for words, codes in custodians.items())


def captor_shares(view: CaseView, spell: Spell) -> tuple[float, ...]:
    """Shares of the captors (in the order of `captors`, summing to one) in the ground of a spell."""
    known = _taken_by(view, spell)
    if known is not None:
        return known
    countries = (spell.country,) if spell.country else view.case.theatre.countries
    found = [_in_country(view, spell, country) for country in countries]
    average = tuple(sum(column) / len(found) for column in zip(*found, strict=True))
    attacker = _named(view, attackers(view).get(spell.name))
    if attacker is None:
        return average
    q = attacker_takes(view)
    return tuple(q * a + (1.0 - q) * b for a, b in zip(attacker, average, strict=True))


def attacker_takes(view: CaseView) -> float:
    """Chance that ground under an announced operation is taken by its attacker, from the record of the case."""
    hits, losses = 0, 0
    for spell in view.spells:
        taker = _taken_by(view, spell)
        rows = [r for r in view.case.campaigns if r.holding == spell.holding and spell.lost and under(view, r, spell)]
        named = [one for r in rows if (one := _named(view, r.by)) is not None]
        if taker is not None and named:
            losses += 1
            hits += any(a > 0.0 and b > 0.0 for one in named for a, b in zip(taker, one, strict=True))
    return (hits + 1.0) / (losses + 2.0)


def fronts(view: CaseView) -> tuple[Path, ...]:
    """A path for each captor: its share in the ground lost in the month."""
    shares = {spell.name: captor_shares(view, spell) for spell in view.spells} if captors(view) else {}
    return tuple(
        LossToPath(
            captor.path,
            f"share of the ground lost in the month that goes to captors of: {view.name(captor.custodians[0])}",
            PEOPLE_OF_GROUND,
            {name: one[i] for name, one in shares.items()},
            captor.parameter if len(captors(view)) > 1 else None,
        )
        for i, captor in enumerate(captors(view))
    )


def custody_ways(view: CaseView, month_by_month: bool = True) -> dict[str, tuple[RateTerm, ...]]:
    """Log weights of the custodians of those captured; without `month_by_month` they leave the front out."""
    front: dict[str, RateTerm] = {code: Times(captor.path) for captor in captors(view) for code in captor.custodians}
    return {
        detained_state(place.place): (
            *_weight("custody", place),
            *((front[place.place],) if month_by_month and place.place in front else ()),
        )
        for place in _custodians(view)
        if place.place in front or not front
    }


def intercept_ways(view: CaseView) -> dict[str, tuple[RateTerm, ...]]:
    """Log weights of all custodians for those stopped on the way."""
    return {detained_state(place.place): _weight("intercept", place) for place in _custodians(view)}


def custody_parameters(view: CaseView) -> tuple[Parameter, ...]:
    """Log weights of the custodians, with wide priors."""
    takers, apart = capturing(view.case.places), bool(captors(view))
    rows: list[Parameter] = []
    for place in _custodians(view):
        code, name = place.place, place.name
        shift = (-5.0, -1.0) if place.holds in ("fighters", "families") else (-1.0, 1.0)
        here = (-2.5, 2.5) if not apart else (-3.5, 0.0) if code in takers else (-1.0, 2.0)
        prefixes = {"intercept": ("stopped on the way", here)}
        if code in takers:
            prefixes["custody"] = ("taken in the theatre", (-1.0, 1.0) if apart else (-2.5, 2.5))
        for prefix, (what, (low, high)) in prefixes.items():
            label = f"log weight of {name} for those {what}"
            rows.append(Parameter(f"{prefix}.{code}", label, "log", "natural", low, high))
            label = f"shift of that weight for {_others(place)}: {name}, {what}"
            rows.append(Parameter(f"{prefix}.{code}.others", label, "log", "natural", *shift))
    return tuple(rows)


def captor_parameters(view: CaseView) -> tuple[Parameter, ...]:
    """Effects of the captors on their shares of ground that is still held; none where there is one captor at most."""
    known = captors(view)
    if len(known) < 2:
        return ()
    wide = [Z95 * math.sqrt(trigamma(count)) for count in campaign_counts(view)]
    return tuple(
        Parameter(
            captor.parameter,
            f"log factor on the share of ground still held that goes to captors of: {view.name(captor.custodians[0])}",
            "log",
            "natural",
            -width,
            width,
            derived="who took the ground lost in each half-year up to the as-of date",
        )
        for captor, width in zip(known, wide, strict=True)
    )


def campaign_counts(view: CaseView) -> tuple[float, ...]:
    """Observations of each captor: its smoothing share, and its shares in each half-year and country with losses."""
    everyone = captors(view)
    total = [SMOOTHING / len(everyone) for _ in everyone]
    campaigns: dict[tuple[str, int], list[tuple[float, ...]]] = {}
    for spell in view.spells:
        taken = _taken_by(view, spell)
        if taken is not None and spell.lost is not None:
            half = -view.month_of(spell.lost) // CAMPAIGN_MONTHS
            campaigns.setdefault((spell.country, half), []).append(taken)
    for losses in campaigns.values():
        total = [a + sum(column) / len(losses) for a, column in zip(total, zip(*losses, strict=True), strict=True)]
    return tuple(total)


def trigamma(x: float) -> float:
    """Second derivative of the log of the gamma function, for a positive number.

    >>> round(trigamma(1.0), 6)  # pi squared over six
    1.644934
    """
    total = 0.0
    while x < 10.0:  # recurrence, then an asymptotic series (Abramowitz and Stegun 6.4.6 and 6.4.12)
        total += 1.0 / x**2
        x += 1.0
    return total + 1.0 / x + 1.0 / (2.0 * x**2) + 1.0 / (6.0 * x**3) - 1.0 / (30.0 * x**5) + 1.0 / (42.0 * x**7)


def _custodians(view: CaseView) -> tuple[Place, ...]:
    return tuple(place for place in view.case.places if place.kind == "custodian")


def _weight(prefix: str, place: Place) -> tuple[RateTerm, ...]:
    feature = "role:fighter" if place.holds == "families" else "family"
    return Term(f"{prefix}.{place.place}"), Term(f"{prefix}.{place.place}.others", feature)


def _others(place: Place) -> str:
    return "fighters" if place.holds == "families" else "families"


def _taken_by(view: CaseView, spell: Spell) -> tuple[float, ...] | None:
    """Shares of the captors that the case names for a loss; None while the ground is held or its captor is unknown."""
    return None if spell.lost is None else _named(view, spell.lost_to)


def _named(view: CaseView, by: str | None) -> tuple[float, ...] | None:
    """Equal shares of the captors that a text names first; None where it names none."""
    codes = custodians_of(by or "", _custodians(view))
    named = [float(bool(set(codes) & set(captor.custodians))) for captor in captors(view)]
    return _normalised(named) if any(named) else None


def _in_country(view: CaseView, spell: Spell, country: str) -> tuple[float, ...]:
    """Smoothed shares of the captors in the ground of one country that is still held."""
    eligible = [float(not captor.ground or country in captor.ground) for captor in captors(view)]
    total = [SMOOTHING * one for one in _normalised(eligible if any(eligible) else [1.0] * len(eligible))]
    near = {row.neighbour for row in view.case.neighbours if row.holding == spell.holding}
    for other in view.spells:
        taken = _taken_by(view, other)
        if taken is not None and other.country == country:
            weight = 1.0 + (NEAR if other.holding in near else 0.0)
            total = [a + weight * b for a, b in zip(total, taken, strict=True)]
    return _normalised(total)


def _normalised(values: Iterable[float]) -> tuple[float, ...]:
    found = tuple(values)
    return tuple(value / sum(found) for value in found)
