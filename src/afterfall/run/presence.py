"""Strength of organisations and veterans at home by country, read from a run.

    strength    locals and foreigners of the organisations there; those of the theatre count for each of its countries,
                those in places not named for none
    veterans    adults at large at home who are committed or sympathisers, for an origin

Strength is recorded every month. Veterans by origin are recorded at least every third month, and interpolated linearly
in between. A country may have both (Tunisia is a host and an origin). Other countries have zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.case import Case
from afterfall.engine.program import Floats
from afterfall.model.mechanisms.organisations import THEATRE
from afterfall.run import Run

AT_RISK = ("home_committed", "home_sympathiser")


def strength(run: Run, case: Case, countries: Sequence[str]) -> Floats:
    """Strength of organisations by country, ``(trajectory, month, country)`` from the as-of date to the horizon."""
    values = np.asarray(run.dataset["strength"].values, float)
    places = [str(p) for p in run.dataset["organisation_place"].values]
    found = np.zeros((*values.shape[:2], len(countries)))
    for i, country in enumerate(countries):
        here = {country, THEATRE} if country in case.theatre.countries else {country}
        found[:, :, i] = values[:, :, [k for k, place in enumerate(places) if place in here]].sum(axis=2)
    return found


def veterans(run: Run, countries: Sequence[str]) -> Floats:
    """Veterans at large by country, ``(trajectory, month, country)``."""
    return by_origin(run, AT_RISK, countries)


def by_origin(run: Run, names: Sequence[str], countries: Sequence[str]) -> Floats:
    """The sum of some quantities by origin and month, ``(trajectory, month, country)``; zero where it is no origin."""
    origins = [str(o) for o in run.dataset["origin"].values]
    recorded = np.asarray(run.dataset["origin_month"].values, float)
    months = np.arange(run.request.horizon + 1, dtype=float)
    after = np.clip(np.searchsorted(recorded, months), 1, len(recorded) - 1)
    part = ((months - recorded[after - 1]) / (recorded[after] - recorded[after - 1]))[:, None]
    quantities = [run.quantity_names.index(name) for name in names]
    values = run.dataset["origins"].variable[..., quantities].values
    there = [i for i, place in enumerate(countries) if place in origins]
    people = np.asarray(values[:, :, [origins.index(countries[i]) for i in there]].sum(axis=3), float)
    found = np.zeros((len(people), len(months), len(countries)))
    found[:, :, there] = people[:, after - 1] * (1.0 - part) + people[:, after] * part
    return found
