"""All rates of the reference class as of a day, and the forecast of first presences in every country of the world."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from afterfall.reference.affiliate_survival import survival_rates
from afterfall.reference.country_years import RISKS
from afterfall.reference.custody_breaks import custody_rates
from afterfall.reference.enemy_pairs import rival_rates
from afterfall.reference.event_rate import EventRate, from_draws, weigh
from afterfall.reference.first_foundings import FirstFoundings, forecast_firsts
from afterfall.reference.founding_growth import growth_rates
from afterfall.reference.organisation_events import organisation_rates
from afterfall.reference.reference_class import ReferenceClass
from afterfall.reference.retaking import retaking_rates
from afterfall.shown import Shown

#: Years that the forecast of first presences covers.
YEARS_AHEAD = 5
FOUNDING_PRIOR = "coefficients normal (0, 1); period effect reverts (founding_fit)"


@dataclass(frozen=True, slots=True)
class ReferenceRates(Shown):
    """What the reference class says of each kind of event as of a day.

    Attributes
    ----------
    known
        The tables as they were public on the day.
    rates
        A rate for each event and stratum.
    firsts
        The forecast of first presences of each family, by key of `country_years.RISKS`.
    """

    known: ReferenceClass
    rates: tuple[EventRate, ...]
    firsts: dict[str, FirstFoundings]

    @property
    def as_of(self) -> dt.date:
        """The as-of date."""
        return self.known.as_of

    def rate(self, event: str, stratum: str) -> EventRate:
        """The rate of one event and stratum.

        Raises
        ------
        KeyError
            If there is none.
        """
        for one in self.rates:
            if (one.event, one.stratum) == (event, stratum):
                return one
        raise KeyError(f"no rate of {event!r} for {stratum!r}")


def reference_rates(known: ReferenceClass, years_ahead: int = YEARS_AHEAD) -> ReferenceRates:
    """Learn every rate from the tables as they were public on a day; takes about two seconds.

    Parameters
    ----------
    known
        The reference class as of the day.
    years_ahead
        Years of the forecast of first presences.
    """
    until = (pd.Timestamp(known.as_of) + pd.DateOffset(years=years_ahead)).date()
    firsts = {family: forecast_firsts(known, family, until) for family in RISKS}
    rates = (
        *(_first_rate(firsts[family], years_ahead) for family in RISKS),
        *growth_rates(known),
        *survival_rates(known),
        *retaking_rates(known),
        *organisation_rates(known),
        *rival_rates(known),
        *custody_rates(known),
    )
    return ReferenceRates(known, rates, firsts)


def _first_rate(forecast: FirstFoundings, years: int) -> EventRate:
    """First presences per country-year over the years ahead, from the chances of all countries at risk."""
    risk = forecast.fit.risk
    read = [bool(risk.weight[i] >= 1.0) for i in risk.country[risk.first]]
    count = weigh(read, float(risk.exposure.sum()))
    rate = forecast.chances.sum(axis=1) / (years * len(forecast.countries))
    stratum = "any family" if forecast.family == "any" else f"{forecast.family} family"
    source = "affiliates.csv, country_years.csv"
    return from_draws("first presence", stratum, "per country-year", count, FOUNDING_PRIOR, rate, source)
