"""First presences in every country of the world in each trajectory of a run.

Three things are kept apart. A *first presence* is the first cell or organisation of the core's family in a country that
is public, by a claim, a pledge or an arrest. A name or a video alone, lone attackers, and cells that attack in Western
countries do not count. An *active organisation* is a body that lasts beyond single cells and has not ended by then. An
*armed conflict* has begun when fighting with the government has cost 25 or more lives in a year, by an organisation or
by cells: what the class calls cells has fought some, so a conflict may be likelier than an organisation. Both
follow from the first at the rates of the reference class.

The probability of a country is the mean over trajectories of ``1 - exp(-summed hazard)`` rather than the share of
trajectories with a founding: it has the same mean and less simulation noise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from afterfall.case.place_names import country_codes
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats
from afterfall.foundings.founding_rates import TrajectoryRates, trajectory_rates
from afterfall.foundings.founding_risk import AT_RISK, FoundingRisk, NoReference, founding_risk
from afterfall.foundings.founding_sampler import CountryArrays, DrawnFoundings, TrajectoryHazards, draw_foundings
from afterfall.model import Model
from afterfall.model.mechanisms.organisations import usual_strength
from afterfall.reference.affiliate_survival import AGES
from afterfall.reference.founding_growth import GROWTH_EARLY, GROWTH_YEARS
from afterfall.run import Run

#: Month slot of a trajectory's keys that foundings use. Slots 0 to 3 are violence, resampling, attacks and milieus.
KEY_SLOT = 4
#: Parameter of a run that says how foreigners raise the hazard where they go.
ARRIVALS = "founding.arrivals"
#: Months since a founding at which the early and the later time of growing end, and each interval of age.
GROWTH_UNTIL = np.array([GROWTH_EARLY, GROWTH_YEARS + 1]) * 12.0
AGES_UNTIL = np.array([*AGES[1:-1], np.inf]) * 12.0
Shorts = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class CountryChance:
    """One country by a month: probability of a first presence with its 90 % interval over trajectories, and the rest.

    `organisation` is the probability that there is an active organisation then, `conflict` that an armed conflict has
    begun by then. `state` is "at risk", or since when it is no longer; probabilities of a country not at risk are NaN.
    """

    code: str
    name: str
    state: str
    probability: float
    low90: float
    high90: float
    organisation: float
    conflict: float


@dataclass(frozen=True, slots=True)
class WorldFoundings:
    """First presences of a run.

    Attributes
    ----------
    risk
        Who was at risk on the as-of date.
    rates
        The rates of each trajectory.
    names
        Names of the countries, ``(country,)``.
    horizon
        Last month.
    summed
        Hazard summed from the as-of date, ``(trajectory, month, country)``.
    founded, grown, ended
        Month of a first presence, of its growth into an armed conflict and of its end, ``(trajectory, country)``;
        horizon + 1 for never.
    active
        Whether it is an organisation rather than cells, ``(trajectory, country)``.
    """

    risk: FoundingRisk = field(repr=False)
    rates: TrajectoryRates = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    horizon: int
    summed: npt.NDArray[np.float32] = field(repr=False)
    founded: Shorts = field(repr=False)
    grown: Shorts = field(repr=False)
    ended: Shorts = field(repr=False)
    active: npt.NDArray[np.bool_] = field(repr=False)

    def chances(self, month: int) -> Floats:
        """Probability of a first presence by a month given each trajectory's rates, ``(trajectory, country)``."""
        if month < 1:
            return np.zeros(self.founded.shape)
        return np.asarray(-np.expm1(-self.summed[:, month - 1].astype(np.float64)))

    @property
    def at_risk(self) -> frozenset[str]:
        """Codes of the countries at risk."""
        return frozenset(c for c, state in zip(self.risk.codes, self.risk.state, strict=True) if state == AT_RISK)

    def probabilities(self, month: int) -> dict[str, float]:
        """Probability that each country has had a first presence by a month, by code; one where it had before."""
        mean = np.where(self.risk.at_risk, self.chances(month).mean(axis=0), 1.0)
        return dict(zip(self.risk.codes, map(float, mean), strict=True))

    def total(self, month: int, what: str = "presence") -> npt.NDArray[np.int64]:
        """Countries with a first presence by a month, an active organisation then, or an armed conflict by then.

        `what` is ``presence``, ``organisation`` or ``conflict``; the result is ``(trajectory,)``.
        """
        return np.asarray(self.reached(month, what).sum(axis=1))

    def reached(self, month: int, what: str = "presence") -> npt.NDArray[np.bool_]:
        """The same by country, ``(trajectory, country)``."""
        if what == "organisation":
            return (self.founded <= month) & self.active & (self.ended > month)
        return (self.founded if what == "presence" else self.grown) <= month

    def standing(self, month: int) -> npt.NDArray[np.int64]:
        """Active organisations founded by a month that have not ended, ``(trajectory,)``."""
        return self.total(month, "organisation")

    def mean_chances(self, month: int, what: str) -> Floats:
        """Probability of what `total` counts by a month over trajectories, ``(country,)``; zero where not at risk.

        For an organisation and a conflict it is the probability of a first presence times the share of foundings that
        have come so far, pooled over countries with and without an insurgency before.
        """
        mean: Floats = self.chances(month).mean(axis=0)
        return mean if what == "presence" else mean * self._given(month, what)

    def countries(self, month: int) -> list[CountryChance]:
        """Every country by a month, the likeliest first, those not at risk last."""
        chances = self.chances(month)
        mean, (low, high) = chances.mean(axis=0), np.quantile(chances, (0.05, 0.95), axis=0)
        later = [self.mean_chances(month, what) for what in ("organisation", "conflict")]
        missing = float("nan")
        found = []
        for i, (code, state) in enumerate(zip(self.risk.codes, self.risk.state, strict=True)):
            values = [float(mean[i]), float(low[i]), float(high[i])]
            values += [float(one[i]) for one in later]
            values = values if state == AT_RISK else [missing] * 5
            found.append(CountryChance(code, self.names[i], state, *values))
        return sorted(found, key=lambda c: (c.state != AT_RISK, -c.probability if c.state == AT_RISK else 0.0, c.name))

    def country(self, code: str, month: int) -> CountryChance:
        """One country by a month.

        Raises
        ------
        KeyError
            If the reference class has no such country.
        """
        for one in self.countries(month):
            if one.code == code:
                return one
        raise KeyError(f"no country {code!r} in the reference class")

    def _given(self, month: int, what: str) -> Floats:
        """Share of foundings by a month with an organisation or a conflict, by insurgency before, ``(country,)``.

        Pooled over the countries of each kind: one country alone has too few foundings for a share.
        """
        reached, founded = self.reached(month, what), self.founded <= month
        out = np.zeros(len(self.names))
        for kind in (False, True):
            these = self.risk.insurgency == kind
            out[these] = reached[:, these].sum() / max(int(founded[:, these].sum()), 1)
        return out


def world_foundings(run: Run, model: Model) -> WorldFoundings:
    """Draw first presences in every trajectory of a run.

    Parameters
    ----------
    run
        A finished run.
    model
        The model it was made with.

    Raises
    ------
    NoReference
        If the case has no countries of the world, or its as-of date lies too early (`founding_risk`).
    """
    risk = founding_risk(model.view)
    asked = run.request
    return draw_world(risk, run.as_of, asked.seed, asked.trajectories, asked.horizon, _arrivals(run, model, risk))


def foundings_of(run: Run, model: Model) -> WorldFoundings | None:
    """First presences of a run; None where the case is not of this world, or too early to know."""
    try:
        return world_foundings(run, model)
    except NoReference:
        return None


def draw_world(
    risk: FoundingRisk,
    as_of: dt.date,
    seed: int,
    number: int,
    horizon: int,
    coming: Mapping[str, Floats] = MappingProxyType({}),
) -> WorldFoundings:
    """Draw first presences in every trajectory.

    Parameters
    ----------
    risk
        Who is at risk.
    as_of
        The day from which months count.
    seed
        Seed of the run.
    number, horizon
        Number of trajectories, and of months.
    coming
        Factor on the hazard of some countries, by code, ``(trajectory, month)``.
    """
    rates, countries = trajectory_rates(risk, as_of, seed, number, horizon), len(risk.codes)
    found = WorldFoundings(
        risk=risk,
        rates=rates,
        names=tuple(country_codes().get(code, code) for code in risk.codes),
        horizon=horizon,
        summed=np.zeros((number, horizon, countries), dtype=np.float32),
        founded=np.zeros((number, countries), dtype=np.int16),
        grown=np.zeros((number, countries), dtype=np.int16),
        ended=np.zeros((number, countries), dtype=np.int16),
        active=np.zeros((number, countries), dtype=np.bool_),
    )
    fixed = _fixed(risk)
    factor, places = np.ones((horizon, countries)), {code: risk.codes.index(code) for code in coming}
    for i in range(number):
        for code, k in places.items():
            factor[:, k] = coming[code][i]
        draw_foundings(
            subkey(seed, i, EVENT, KEY_SLOT),
            fixed,
            _hazards(rates, i, factor),
            DrawnFoundings(found.summed[i], found.founded[i], found.active[i], found.grown[i], found.ended[i]),
        )
    return found


def _fixed(risk: FoundingRisk) -> CountryArrays:
    """What is the same in every trajectory."""
    return CountryArrays(
        keys=np.array([name_key(f"founding/country/{code}") for code in risk.codes], dtype=np.uint64),
        at_risk=risk.at_risk,
        present=risk.present,
        age=risk.age,
        borders=risk.borders,
        insurgency=risk.insurgency,
    )


def _hazards(rates: TrajectoryRates, i: int, arrivals: Floats) -> TrajectoryHazards:
    """Rates of one trajectory."""
    return TrajectoryHazards(
        level=rates.level[i],
        spread=float(rates.spread[i]),
        pace=rates.pace[i],
        arrivals=arrivals,
        organisation=rates.organisation[i],
        growth=rates.growth[i],
        growth_until=GROWTH_UNTIL,
        ends=rates.ends[i],
        ends_until=AGES_UNTIL,
    )


def _arrivals(run: Run, model: Model, risk: FoundingRisk) -> dict[str, Floats]:
    """Factor on the hazard by foreigners who came since the as-of date, by country, ``(trajectory, month)``."""
    if ARRIVALS not in run.parameters:
        return {}
    record, usual = run.organisation_record, usual_strength(model.view)
    kinds, places = record.label("organisation_kind"), record.label("organisation_place")
    effect = run.parameter(ARRIVALS)[:, None]
    out = {}
    for k, (kind, place) in enumerate(zip(kinds, places, strict=True)):
        if kind == "founded" and place in risk.codes:
            there = np.log1p(record.foreigners[:, :, k] / usual)
            out[place] = np.exp(effect * np.maximum(there[:, 1:] - there[:, :1], 0.0))
    return out
