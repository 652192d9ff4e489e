"""Forecast and observed for one country: the published counts forecast month by month, and those observed.

The forecast is that of a *published* count, as it is scored (`evaluate.figures.published_count`), with the definition
and reliability of the last figure scored of the quantity. People themselves, whom a count may miss in part, are given
by their median.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from afterfall.case import WORLD, UnknownPlace
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import Floats
from afterfall.evaluate.record.scoring import MODEL, Scores
from afterfall.run.quantile_levels import FAN_LEVELS


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """One published count, in people; `inside90` is None if it was published by the as-of date."""

    date: dt.date
    value: float
    source: str
    inside90: bool | None


@dataclass(frozen=True)
class CountryForecast:
    """One quantity of one country, over time.

    Attributes
    ----------
    place, name, quantity
        Code and name of the country; name of the quantity in the model.
    dates
        Recorded months after the as-of date, by their last day, M of them.
    quantiles
        `FAN_LEVELS` of a published count, in people ``(M, 5)``.
    people
        Median of people ``(M,)``.
    counts
        Published counts, earliest first.
    """

    place: str
    name: str
    quantity: str
    dates: tuple[dt.date, ...]
    quantiles: Floats
    people: Floats
    counts: tuple[PublishedCount, ...]


@dataclass(frozen=True)
class CountryShown:
    """The as-of date from which a record shows one country, and its forecasts."""

    scores: Scores
    forecasts: tuple[CountryForecast, ...]


def country_forecasts(scores: Scores, country: str) -> tuple[CountryForecast, ...]:
    """Every quantity of a country that has later figures, those with the most first; none if it has no figure.

    Raises
    ------
    UnknownPlace
        If the run has no such country.
    """
    place = scores.run.origin(country)
    found = Counter(o.quantity for o in scores.scored.outcomes if o.place == place)
    return tuple(_quantity(scores, place, q) for q, _ in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def most_published(scores: Sequence[Scores]) -> str | None:
    """The country with later figures of the most quantities, then with the most figures; None without any."""
    figures = [o.cluster for one in scores for o in one.scored.outcomes if o.place != WORLD]
    count = Counter(place for place, _ in figures)
    kinds = Counter(place for place, _ in set(figures))
    return max(count, key=lambda place: (kinds[place], count[place], place), default=None)


def date_to_show(scores: Sequence[Scores], country: str) -> Scores:
    """The as-of date with later figures of the most quantities of a country, then with the most figures.

    Raises
    ------
    UnknownPlace
        If no run has such a country; those from early days may lack one of which nothing was known.
    """
    return max(_with_country(scores, country), key=lambda pair: (*pair[1], pair[0].run.as_of))[0]


def country_to_show(scores: Sequence[Scores], country: str | None = None) -> CountryShown | None:
    """The country that a record shows: the one given, or `most_published`; None if it has no later figure.

    Raises
    ------
    UnknownPlace
        If no run has such a country.
    """
    chosen = country or most_published(scores)
    if chosen is None:
        return None
    of_date = date_to_show(scores, chosen)
    forecasts = country_forecasts(of_date, chosen)
    return CountryShown(of_date, forecasts) if forecasts else None


def _with_country(scores: Sequence[Scores], country: str) -> list[tuple[Scores, tuple[int, int]]]:
    """The scores whose run has a country, and how many quantities and figures it has there."""
    found, refused = [], None
    for one in scores:
        try:
            place = one.run.origin(country)
        except UnknownPlace as problem:
            refused = problem
        else:
            own = [o.quantity for o in one.scored.outcomes if o.place == place]
            found.append((one, (len(set(own)), len(own))))
    if refused is not None and not found:
        raise refused
    return found


def _quantity(scores: Scores, place: str, quantity: str) -> CountryForecast:
    run, scored = scores.run, scores.scored
    rows = [i for i, o in enumerate(scored.outcomes) if o.cluster == (place, quantity)]
    like = max((scored.outcomes[i] for i in rows), key=lambda o: o.refers_to)
    months = [int(m) for m in run.everything(place)["origin_month"].values if m > 0]
    ahead = [replace(like, month=m, figure=f"{place}/{quantity}") for m in months]
    inside = scored.inside_range(MODEL)
    later = [_later(scored.outcomes[i], bool(inside[i])) for i in rows]
    earlier = [PublishedCount(f.refers_to.last_day, f.value, f.source, None) for f in scores.published[place, quantity]]
    return CountryForecast(
        place=place,
        name=scored.names[rows[0]],
        quantity=quantity,
        dates=tuple(run.date(m) for m in months),
        quantiles=np.array([np.quantile(scores.forecast.counts(one), FAN_LEVELS) for one in ahead]),
        people=np.array([np.median(scores.forecast.people(one)) for one in ahead]),
        counts=(*earlier, *sorted(later, key=lambda one: one.date)),
    )


def _later(outcome: Outcome, inside90: bool) -> PublishedCount:
    return PublishedCount(outcome.refers_to, outcome.value, outcome.source, inside90)
