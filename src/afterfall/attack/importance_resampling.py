"""Conditions the six attempt parameters on published yearly counts of attacks, by importance resampling.

For one trajectory: draw `CANDIDATES` values of the six parameters from their priors, keyed by name; compute the
expected attempts of each published year under each; weight by the likelihood, negative binomial with size
`attack.waves`; pick one candidate in proportion to its weight (sampling importance resampling, Rubin 1988). This is
exact as the number of candidates grows; the effective sample size is reported. Everything else of the trajectory
stays as it is, so attack counts carry no information about how many people there are (a cut model: Plummer 2015,
doi:10.1007/s11222-014-9503-z).

Counts used: attempts (completed, failed and foiled) in a calendar year, of all organisations, published by the as-of
date, for a country of the case or a group with known members; the latest published count of each place and year.
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
#: The resampled parameters, in the order that `attack_samplers` reads them.
ATTEMPT_PARAMETERS = (
    "attack.committed",
    "attack.settled",
    "attack.operative",
    "attack.cell",
    "attack.inspired",
    "attack.waves",
)
DEFINITION = "completed_failed_foiled"
#: Month slot of the trajectory's keys that resampling uses. Slot 0 is violence by place, slot 2 attacks.
KEY_SLOT = 1


@dataclass(frozen=True, slots=True)
class AttemptCount:
    """Attempts published for a place (or group) and calendar year."""

    place: str
    year: int
    attempts: int


def published_counts(case: Case, countries: tuple[str, ...]) -> tuple[AttemptCount, ...]:
    """The yearly counts of a cut case that are used, by place and year."""
    latest: dict[tuple[str, int], Figure] = {}
    for figure in case.figures_of("attacks"):
        whole = figure.basis == "year" and figure.definition == DEFINITION and not figure.organisation
        if whole and not figure.bound and (case.group(figure.place) is not None or figure.place in countries):
            key = figure.place, figure.refers_to.last_day.year
            if key not in latest or figure.published.last_day >= latest[key].published.last_day:
                latest[key] = figure
    return tuple(AttemptCount(place, year, round(f.value)) for (place, year), f in sorted(latest.items()))


def resample(
    exposure: AttackExposure,
    counts: tuple[AttemptCount, ...],
    years: Ints,
    model: Model,
    seed: int,
    trajectories: range,
) -> tuple[Floats, Floats]:
    """Resample the attempt parameters of some trajectories.

    Parameters
    ----------
    exposure
        Exposure of these trajectories.
    counts
        Published counts.
    years
        Calendar year of each month of the exposure, ``(month,)``.
    model, seed, trajectories
        The model, the seed and the indices of the trajectories.

    Returns
    -------
    tuple
        Parameters on the natural scale, ``(trajectory, len(ATTEMPT_PARAMETERS))``, and the effective sample sizes,
        ``(trajectory,)``.
    """
    known = {k.name: k for k in model.parameters}
    moments = np.array([known[name].moments() for name in ATTEMPT_PARAMETERS])
    keys = np.array([name_key(name) for name in ATTEMPT_PARAMETERS], dtype=np.uint64)
    exposed = _exposed(exposure, counts, years, model)
    attempts = np.array([count.attempts for count in counts], dtype=np.int64)
    found, effective = np.empty((len(trajectories), len(ATTEMPT_PARAMETERS))), np.empty(len(trajectories))
    for i, trajectory in enumerate(trajectories):
        start = subkey(seed, trajectory, EVENT, KEY_SLOT)
        effective[i] = pick(
            start, keys, moments, np.round(exposed[i], 9), attempts, CANDIDATES, name_key("attack/pick"), found[i]
        )
    return found, effective


def _exposed(exposure: AttackExposure, counts: tuple[AttemptCount, ...], years: Ints, model: Model) -> Floats:
    """Exposure summed over the months and countries of each count, ``(trajectory, count, 4)``."""
    parts = (exposure.recent, exposure.settled, exposure.sent, exposure.sympathy)
    total = np.zeros((len(exposure.recent), len(counts), len(parts)))
    for j, count in enumerate(counts):
        covered = model.case.covered(count.place)
        months = np.flatnonzero(years == count.year)
        places = [i for i, code in enumerate(model.origins) if code in covered]
        for s, part in enumerate(parts):
            total[:, j, s] = part[:, months][:, :, places].sum(axis=(1, 2))
    return total
