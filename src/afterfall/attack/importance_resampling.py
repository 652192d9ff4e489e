"""Conditions the attempt parameters on what was public about attacks, by importance resampling.

For one trajectory: draw `CANDIDATES` values of the six parameters from their priors, keyed by name; weight them by the
likelihood; pick one candidate in proportion to its weight (sampling importance resampling, Rubin 1988). This is exact
as the number of candidates grows; the effective sample size is reported. Everything else of the trajectory stays as it
is, so attacks carry no information about how many people there are (a cut model: Plummer 2015,
doi:10.1007/s11222-014-9503-z).

The likelihood has three parts, each given the expected attempts by returnees, the sent and the inspired:

1. **Yearly counts of attempts** (completed, failed and foiled), of all organisations, published by the as-of date, for
   a country of the case or a group with known members; the latest count of each place and year. They inform the level.
   A count has the wave of the region in which most of its countries are.
2. **Listed attacks** (`public_attacks`) by region and calendar year, given the total of the region: how attacks split
   over its years. They inform how even years are, and the years that no count covers. In a year with a count they are
   some of those counted, and say nothing more of that year. The wave of each region and year is drawn given what is
   known of it (`wave_likelihood`).
3. **Shares** of attempts by the returned, by the sent, or by both, in the countries of the list: binomial, with the
   share of the expected attempts, to the power of their weight. They inform the split between the three sources.

Without any of them the candidates keep their priors: no count is not a count of zero.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from afterfall.attack.attack_samplers import pick
from afterfall.attack.exposure import AttackExposure
from afterfall.attack.public_attacks import RETURNED, SENT, PublicAttacks
from afterfall.case import Case, Figure
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats, Ints
from afterfall.model import Model

CANDIDATES = 2048
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


#: A region and a calendar year, whose attempts have one wave.
Cell = tuple[str, int]
Inside = np.ndarray[Any, np.dtype[np.bool_]]
#: Positions of countries, and which months.
Row = tuple[list[int], Inside]


@dataclass(frozen=True, eq=False)
class AttackEvidence:
    """What the candidates are weighted by, as `attack_samplers.pick` reads it, for some trajectories.

    Attributes
    ----------
    counted, listed, shared
        Exposure behind each count, the listed attacks of each cell, and each share, ``(trajectory, row, 4)``.
    cells
        The region and calendar year of each cell.
    counts
        Attempts and the position of the cell, each ``(count,)``.
    lists
        Weighted listed attacks, and the position of the region among those of the list (or -1), each ``(cell,)``.
    shares
        Whether the returned and the sent are included ``(row, 2)``; weighted attempts by them, and by all, ``(row,)``.
    """

    counted: Floats
    listed: Floats
    shared: Floats
    cells: tuple[Cell, ...]
    counts: tuple[Floats, Ints]
    lists: tuple[Floats, Ints]
    shares: tuple[Floats, Floats, Floats]


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


def resample(evidence: AttackEvidence, model: Model, seed: int, trajectories: range) -> tuple[Floats, Floats, Floats]:
    """Resample the attempt parameters of some trajectories.

    Parameters
    ----------
    evidence
        What is known, with the exposure of these trajectories.
    model, seed, trajectories
        The model, the seed and the indices of the trajectories.

    Returns
    -------
    tuple
        Parameters on the natural scale, ``(trajectory, len(ATTEMPT_PARAMETERS))``; the effective sample sizes,
        ``(trajectory,)``; and shape and rate of the wave of each cell, ``(trajectory, cell, 2)``.
    """
    known = {k.name: k for k in model.parameters}
    moments = np.array([known[name].moments() for name in ATTEMPT_PARAMETERS])
    keys = np.array([name_key(name) for name in ATTEMPT_PARAMETERS], dtype=np.uint64)
    found, effective = np.empty((len(trajectories), len(moments))), np.empty(len(trajectories))
    waves, choice = np.empty((len(trajectories), len(evidence.cells), 2)), name_key("attack/pick")
    for i, trajectory in enumerate(trajectories):
        start = subkey(seed, trajectory, EVENT, KEY_SLOT)
        counts, lists = (evidence.counted[i], *evidence.counts), (evidence.listed[i], *evidence.lists)
        shares = (evidence.shared[i], *evidence.shares)
        effective[i] = pick(start, keys, moments, counts, lists, shares, CANDIDATES, choice, found[i], waves[i])
    return found, effective, waves


def evidence_of(
    exposure: AttackExposure,
    counts: tuple[AttemptCount, ...],
    public: PublicAttacks,
    months: tuple[int, ...],
    model: Model,
) -> AttackEvidence:
    """Everything known, with the exposure behind it.

    Parameters
    ----------
    exposure
        Exposure of some trajectories.
    counts, public
        Yearly counts, and listed attacks with shares.
    months
        VIEWS numbers of the months of the exposure.
    model
        The model.
    """
    year = np.array([1980 + (m - 1) // 12 for m in months])
    number = np.array(months)
    listed, cells = _listed(public, months, model), cells_of(counts, public, months, model)
    own = [_cell(c, model) for c in counts]
    regions = list(dict.fromkeys(region for region, _ in listed))
    nothing: Row = ([], np.zeros(len(months), dtype=bool))
    west = _places(model, set(public.countries))
    return AttackEvidence(
        counted=_summed(exposure, [(_places(model, model.case.covered(c.place)), year == c.year) for c in counts]),
        listed=_summed(exposure, [listed[cell][:2] if cell in listed else nothing for cell in cells]),
        shared=_summed(exposure, [(west, (number >= s.first) & (number <= s.last)) for s in public.shares]),
        cells=cells,
        counts=(
            np.array([c.attempts for c in counts], float),
            np.array([cells.index(cell) for cell in own], dtype=np.int32),
        ),
        lists=(
            np.array([public.weight * listed[cell][2] if cell in listed else 0.0 for cell in cells], float),
            np.array([regions.index(r) if (r, y) in listed else -1 for r, y in cells], dtype=np.int32),
        ),
        shares=(
            np.array([[float(by in s.by) for by in (RETURNED, SENT)] for s in public.shares]).reshape(-1, 2),
            np.array([s.weight * s.part for s in public.shares], float),
            np.array([s.weight * s.whole for s in public.shares], float),
        ),
    )


def cells_of(
    counts: tuple[AttemptCount, ...], public: PublicAttacks, months: tuple[int, ...], model: Model
) -> tuple[Cell, ...]:
    """Regions and calendar years of whose wave something is known."""
    return tuple(dict.fromkeys([*_listed(public, months, model), *(_cell(c, model) for c in counts)]))


def _cell(count: AttemptCount, model: Model) -> Cell:
    """The cell of a count: the region of a country, or the one in which most countries of a group are."""
    covered = model.case.covered(count.place)
    regions = [model.view.region_of[code] for code in model.origins if code in covered]
    return max(sorted(set(regions)), key=regions.count), count.year


def _listed(public: PublicAttacks, months: tuple[int, ...], model: Model) -> dict[Cell, tuple[list[int], Inside, int]]:
    """Listed attacks by region and calendar year: places, months and number. None for a region without any."""
    number = np.array(months)
    year = 1980 + (number - 1) // 12
    covered = [code for code in public.countries if code in model.origins]
    inside = np.isin(number, public.months)
    found = {}
    for region in sorted({model.view.region_of[code] for code in covered}):
        here = {code for code in covered if model.view.region_of[code] == region}
        if not any(a.country in here for a in public.attacks):
            continue
        for one in dict.fromkeys(year[inside].tolist()):
            attacks = sum(a.country in here and a.day.year == one for a in public.attacks)
            found[region, one] = (_places(model, here), inside & (year == one), attacks)
    return found


def _places(model: Model, covered: Collection[str]) -> list[int]:
    return [i for i, code in enumerate(model.origins) if code in covered]


def _summed(exposure: AttackExposure, rows: Sequence[Row]) -> Floats:
    """Exposure summed over the months and countries of each row, ``(trajectory, row, 4)``."""
    parts = (exposure.recent, exposure.settled, exposure.sent, exposure.sympathy)
    total = np.zeros((len(exposure.recent), len(rows), len(parts)))
    for j, (places, inside) in enumerate(rows):
        months = np.flatnonzero(inside)
        for s, part in enumerate(parts):
            total[:, j, s] = part[:, months][:, :, places].sum(axis=(1, 2))
    return np.asarray(np.round(total, 9))
