"""Why this chance of a first presence: the reference class, the country's own record, posterior and covariates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from afterfall.engine.program import Floats
from afterfall.foundings.founding_rates import ALLY, MONTHS_A_YEAR
from afterfall.foundings.founding_risk import AT_RISK
from afterfall.foundings.world_foundings import CountryChance, WorldFoundings
from afterfall.reference.country_years import COVARIATES
from afterfall.reference.founding_growth import scale_growth, share_counts
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.number_formats import day, interval, share, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.stamp import GROUPS_ONLY, Stamp
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns
from afterfall.shown import Shown

PRIOR = "constant normal (-5, 2), effects normal (0, 1) a standard deviation, period effect reverts"
#: Factors between these are hardly any effect.
NEAR_ONE = (0.9, 1.1)


@dataclass(frozen=True, slots=True)
class CovariateEffect:
    """One covariate: the country's value, the mean over the reference class, its effect and what it does here.

    `effect` is on the log hazard for one standard deviation; `factor` multiplies the hazard of a country with the mean
    value. Both are mean and 90 % interval over trajectories.
    """

    name: str
    value: float
    mean: float
    effect: tuple[float, float, float]
    factor: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class RateBehind:
    """A rate of the reference class: what was counted, and its posterior a year or as a share."""

    name: str
    events: int
    exposure: float
    unit: str
    posterior: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class FoundingWhy(Shown):
    """The chain behind the chance of a first presence in one country by a month.

    `years` are those in which the country was at risk without a first presence; `hazard` is the posterior hazard a year
    in the first month.
    """

    stamp: Stamp
    family: str
    month: int
    date: str
    chance: CountryChance
    since: int | None
    years: float
    hazard: tuple[float, float, float]
    rates: tuple[RateBehind, ...]
    covariates: tuple[CovariateEffect, ...]


def why_founding(found: WorldFoundings, stamp: Stamp, code: str, month: int, date: str) -> FoundingWhy:
    """The chain behind one country's chance by a month.

    Raises
    ------
    KeyError
        If the reference class has no such country.
    """
    chance = found.country(code, month)
    k = found.risk.codes.index(code)
    risk = found.rates.fit.risk
    return FoundingWhy(
        stamp=stamp,
        family=found.risk.family,
        month=month,
        date=date,
        chance=chance,
        since=found.risk.since.get(code),
        years=float(risk.exposure[risk.country == k].sum()),
        hazard=_spread(found.summed[:, 0, k].astype(np.float64) * MONTHS_A_YEAR),
        rates=_rates(found, k),
        covariates=tuple(_effect(found, k, i) for i in range(len(COVARIATES))),
    )


def _rates(found: WorldFoundings, k: int) -> tuple[RateBehind, ...]:
    risk, chosen = found.rates.fit.risk, found.risk.at_risk
    mean = found.summed[:, 0, chosen].astype(np.float64).mean(axis=1) * MONTHS_A_YEAR
    known, family, before = found.risk.known, found.risk.family, int(found.risk.insurgency[k])
    organisations, firsts = share_counts(known, family, bool(before))
    growth = (*scale_growth(known, family, "org"), *scale_growth(known, family, "cell"))
    counted = (int(risk.first.sum()), float(risk.exposure.sum()))
    return (
        RateBehind("first presence, mean of all countries at risk", *counted, "per country-year", _spread(mean)),
        RateBehind(
            f"a first presence is an organisation ({'an' if before else 'no'} insurgency before, pledges apart)",
            organisations,
            firsts,
            "share",
            _spread(found.rates.organisation[:, before]),
        ),
        *(RateBehind(f"{g.event}: {g.stratum}", g.events, g.exposure, g.unit, (g.mean, g.low, g.high)) for g in growth),
    )


def _effect(found: WorldFoundings, k: int, i: int) -> CovariateEffect:
    fit, values = found.rates.fit, found.risk.covariates[:, i]
    effect = found.rates.coefficients[:, 1 + i]
    factor = np.exp(effect * (values[k] - fit.centre[i]) / fit.scale[i])
    return CovariateEffect(COVARIATES[i], float(values[k]), float(fit.centre[i]), _spread(effect), _spread(factor))


def _spread(values: Floats) -> tuple[float, float, float]:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(values.mean()), float(low), float(high)


def founding_headline(chain: FoundingWhy) -> tuple[str, ...]:
    """The chance, or that there is none to come."""
    one = chain.chance
    if one.state != AT_RISK:
        since = f" since {chain.since}" if chain.since else ""
        return (f"First presence in {one.name}: not at risk, {one.state}{since}, as of {day(chain.stamp.as_of)}",)
    return (
        f"First presence in {one.name} by {chain.date} (month {chain.month}): {share(one.probability)} "
        f"(90% interval of the probability {share(one.low90)} to {share(one.high90)}), because {_because(chain)}.",
        f"By then an active organisation: {share(one.organisation)}; an armed conflict: {share(one.conflict)}.",
    )


def _because(chain: FoundingWhy) -> str:
    """The rate of all countries and what each covariate does to it here, in words."""
    mean = chain.rates[0].posterior[0]
    parts = [
        f"{_covariate_words(c)}: {_times(c.factor[0])}" for c in sorted(chain.covariates, key=lambda c: -c.factor[0])
    ]
    return f"a country at risk has {100 * mean:.2g}% a year on average, and here {'; '.join(parts)}"


def _covariate_words(one: CovariateEffect) -> str:
    """What a covariate is in this country."""
    if one.name == "neighbours":
        number = round(float(np.expm1(one.value)))
        have = "neighbour has" if number == 1 else "neighbours have"
        return f"{number or 'no'} {have} a presence"
    if one.name == "another organisation":
        return f"{'a' if one.value >= 0.5 else 'no'} lasting organisation of another family is there"
    people = float(np.exp(one.value))
    return f"about {two_figures(people)} Muslims live there" if people > 1 else "few Muslims live there"


def _times(factor: float) -> str:
    """A factor on the hazard in words.

    >>> _times(9.6), _times(0.25), _times(1.02)
    ('hazard times 9.6', 'hazard times 0.25', 'hardly any effect')
    """
    return "hardly any effect" if NEAR_ONE[0] < factor < NEAR_ONE[1] else f"hazard times {two_figures(factor)}"


def founding_grids(chain: FoundingWhy) -> tuple[TextTable, ...]:
    """Reference class and posterior; covariates."""
    rates = tuple(
        (r.name, str(r.events), f"{r.exposure:,.0f}", two_figures(r.posterior[0]), interval(*r.posterior[1:]), r.unit)
        for r in chain.rates
    )
    own = (
        f"first presence in {chain.chance.name}",
        "0" if chain.chance.state == AT_RISK else "1",
        f"{chain.years:,.0f}",
        two_figures(chain.hazard[0]) if chain.chance.state == AT_RISK else "",
        interval(*chain.hazard[1:]) if chain.chance.state == AT_RISK else "",
        "per year",
    )
    first = (
        TableColumn("reference class, then the country", wrap=36),
        *number_columns("events", "exposure", "posterior", "90% interval"),
        TableColumn("unit"),
    )
    second = (
        *word_columns("what matters"),
        *number_columns("multiplies the hazard here by", "90%"),
    )
    covariates = tuple(
        (
            _covariate_words(c),
            two_figures(c.factor[0]),
            interval(*c.factor[1:]),
        )
        for c in chain.covariates
    )
    return (
        TextTable(first, (rates, (own,)), "1. what the reference class and the country's own record say"),
        TextTable(
            second, (covariates,), "2. what sets this country apart on the as-of date, against one with the mean of all"
        ),
    )


def founding_notes(chain: FoundingWhy) -> tuple[str, ...]:
    """Prior, and what else moves the hazard."""
    return (
        HowToRead("Effects of a standard deviation, values and means are in `--json`."),
        f"Prior: {PRIOR}. Family of the reference class: {chain.family}.",
        "In each trajectory a founding also raises the hazard of its neighbours. The strength of the core has no "
        "effect of its own: nothing was gained by one.",
        f"In the country of an ally of the case the hazard is multiplied by {ALLY[0]:g} (median of a prior), where the "
        "reference class has no other organisation.",
        HowToRead("Affiliates and their sources: afterfall/reference/data; scores: docs/reference-class.md."),
        GROUPS_ONLY,
    )


def founding_why_json(chain: FoundingWhy) -> dict[str, Any]:
    """The object that ``afterfall why --quantity founding --json`` prints (schema ``why-founding``)."""
    one = chain.chance
    names = ("mean", "low90", "high90")
    body = {
        "country": one.code,
        "name": one.name,
        "family": chain.family,
        "at": chain.month,
        "state": one.state,
        "since": chain.since,
        "probability": one.probability,
        "low90": one.low90,
        "high90": one.high90,
        "probability_active_organisation": one.organisation,
        "probability_armed_conflict": one.conflict,
        "years_at_risk": chain.years,
        "hazard_a_year": dict(zip(names, chain.hazard, strict=True)),
        "prior": PRIOR,
        "rates": [
            {
                "rate": r.name,
                "events": r.events,
                "exposure": r.exposure,
                "unit": r.unit,
                **dict(zip(names, r.posterior, strict=True)),
            }
            for r in chain.rates
        ],
        "covariates": [
            {
                "covariate": c.name,
                "value": c.value,
                "mean_of_all": c.mean,
                "effect": dict(zip(names, c.effect, strict=True)),
                "factor": dict(zip(names, c.factor, strict=True)),
            }
            for c in chain.covariates
        ],
    }
    return json_object("why-founding", chain.stamp, body)
