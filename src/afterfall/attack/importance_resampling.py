"""What yearly counts of attacks say about how often people attack: the six parameters of attempts, drawn anew.

For one trajectory, `CANDIDATES` draws of the six from their priors, keyed by name; the expected attempts of each
published year under each; the likelihood, negative binomial with size `attack.waves`; and one candidate picked in
proportion to it. That is sampling by importance (Rubin 1988): exact as the number of candidates grows, and the
effective number is reported. Everything else of the trajectory stays as it is, so attack counts say nothing about how
many people there are (a cut model; Plummer 2015, doi:10.1007/s11222-014-9503-z).

Counts used: of attempts (completed, failed and foiled) in a calendar year, of all organisations, published by the as-of
date, for a country of the case or a group whose members are known; the latest published of each place and year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.attack.attack_samplers import pick
from afterfall.attack.exposure import AttackExposure
from afterfall.case import Case, Figure
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats, Ints
from afterfall.model import Model

CANDIDATES = 256
#: The parameters drawn anew, in the order of `draws.pick`.
LEARNED = (
    "attack.committed",
    "attack.settled",
    "attack.operative",
    "attack.cell",
    "attack.inspired",
    "attack.waves",
)
DEFINITION = "completed_failed_foiled"
#: Month of a trajectory's keys that conditioning uses; 0 is that of violence by place.
LUCK = 1


@dataclass(frozen=True, slots=True)
class Count:
    """Attempts published for a place (or group) and calendar year."""

    place: str
    year: int
    attempts: int


def counts_of(case: Case, countries: tuple[str, ...]) -> tuple[Count, ...]:
    """The yearly counts of a cut case that are used, by place and year."""
    latest: dict[tuple[str, int], Figure] = {}
    for figure in case.figures_of("attacks"):
        whole = figure.basis == "year" and figure.definition == DEFINITION and not figure.organisation
        if whole and not figure.bound and (case.group(figure.place) is not None or figure.place in countries):
            key = figure.place, figure.refers_to.last_day.year
            if key not in latest or figure.published.last_day >= latest[key].published.last_day:
                latest[key] = figure
    return tuple(Count(place, year, round(f.value)) for (place, year), f in sorted(latest.items()))


def resample(
    threat: AttackExposure, counts: tuple[Count, ...], years: Ints, model: Model, seed: int, trajectories: range
) -> tuple[Floats, Floats]:
    """The learned parameters on the natural scale, ``(trajectory, len(LEARNED))``, and the effective candidates.

    `years` is the calendar year of each month of the threat.
    """
    known = {k.name: k for k in model.parameters}
    moments = np.array([known[name].moments() for name in LEARNED])
    keys = np.array([name_key(name) for name in LEARNED], dtype=np.uint64)
    exposure = np.zeros((len(trajectories), len(counts), 4))
    for j, count in enumerate(counts):
        covered = model.case.covered(count.place)
        months = np.flatnonzero(years == count.year)
        places = [i for i, code in enumerate(model.origins) if code in covered]
        for s, part in enumerate((threat.recent, threat.settled, threat.sent, threat.scene)):
            exposure[:, j, s] = part[:, months][:, :, places].sum(axis=(1, 2))
    attempts = np.array([count.attempts for count in counts], dtype=np.int64)
    found, effective = np.empty((len(trajectories), len(LEARNED))), np.empty(len(trajectories))
    for i, trajectory in enumerate(trajectories):
        start = subkey(seed, trajectory, EVENT, LUCK)
        effective[i] = pick(
            start, keys, moments, np.round(exposure[i], 9), attempts, CANDIDATES, name_key("attack/pick"), found[i]
        )
    return found, effective
