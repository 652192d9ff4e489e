"""The scalar loop that draws first presences of one trajectory, month by month, country by country.

A presence is founded in the first month in which the hazard summed since the as-of date exceeds an exponential number
that depends on seed, trajectory and country alone, so the same trajectory under two policies differs only where the
hazard does. What is founded is an organisation or cells; either ends after a time, and grows into an armed conflict if
that comes first. Where the family is on the as-of date it ends by the same rule, at the age that it has. It gives the
same bits whether one trajectory is drawn or many.

Neighbours are counted on the first of each month, as where their effect was learned
(`afterfall.reference.country_years`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from afterfall.engine.jit import jit
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Keys

Shorts = npt.NDArray[np.int16]
Flags = npt.NDArray[np.bool_]
#: Slots of the random numbers of a country.
FOUNDED, SIZE, GROWN, ENDED, GONE = 0, 1, 2, 3, 4
#: What a country has on the as-of date: no neighbour, one that does not end in the draw, cells, or an organisation.
NOBODY, LASTING, CELLS, ORGANISATION = -2, -1, 0, 1


class CountryArrays(NamedTuple):
    """What is the same in every trajectory (C countries).

    `keys` are those of the countries' random numbers. `present` says what each has on the as-of date (`NOBODY` and so
    on), `age` since how many months.
    """

    keys: Keys  # [C]
    at_risk: Flags  # [C]
    present: Shorts  # [C]
    age: Floats  # [C]
    borders: Flags  # [C, C]
    insurgency: Flags  # [C]


class TrajectoryHazards(NamedTuple):
    """Rates of one trajectory (A intervals of age); hazards a month.

    The hazard of a founding is ``level[c] * (1 + neighbours) ** spread * pace[t] * arrivals[t, c]``. `organisation` is
    the share that is an organisation without and with an insurgency before. `growth` and `ends`, of cells and then of
    organisations, hold until some months since the founding.
    """

    level: Floats  # [C]
    spread: float
    pace: Floats  # [M]
    arrivals: Floats  # [M, C]
    organisation: Floats  # [2]
    growth: Floats  # [2, 2]
    growth_until: Floats  # [2]
    ends: Floats  # [2, A]
    ends_until: Floats  # [A]


class DrawnFoundings(NamedTuple):
    """What one trajectory fills.

    `summed` is the hazard from the as-of date to each month; after a country's own founding its neighbours stay as they
    were, so it is the hazard of a country where nothing has been founded. `founded`, `grown` and `ended` are months,
    one more than the last for never. `active` says whether what is founded is an organisation.
    """

    summed: npt.NDArray[np.float32]  # [M, C]
    founded: Shorts  # [C]
    active: Flags  # [C]
    grown: Shorts  # [C]
    ended: Shorts  # [C]


@jit
def draw_foundings(
    subkey: np.uint64, countries: CountryArrays, hazards: TrajectoryHazards, drawn: DrawnFoundings
) -> None:
    """Fill one trajectory; `subkey` is its key."""
    horizon, number = hazards.pace.size, countries.keys.size
    never = horizon + 1
    neighbours, total, threshold = np.zeros(number), np.zeros(number), np.empty(number)
    founded, gone = drawn.founded, _present_until(subkey, countries, hazards)
    for c in range(number):
        founded[c], drawn.grown[c], drawn.ended[c], drawn.active[c] = never, never, never, False
        threshold[c] = -math.log(uniform(subkey, countries.keys[c], 0, FOUNDED)) if countries.at_risk[c] else np.inf
    _count_neighbours(0, countries, gone, drawn, neighbours)
    factor = np.exp(hazards.spread * np.log1p(neighbours))
    for t in range(horizon):
        moved = False
        for c in range(number):
            moved = moved or gone[c] == t + 1
            if not countries.at_risk[c]:
                continue
            total[c] += hazards.level[c] * factor[c] * hazards.pace[t] * hazards.arrivals[t, c]
            drawn.summed[t, c] = total[c]
            if founded[c] == never and total[c] >= threshold[c]:
                founded[c] = t + 1
                moved = True
                _becomes(subkey, c, countries, hazards, drawn)
            moved = moved or drawn.ended[c] == t + 1
        if moved:
            _count_neighbours(t + 1, countries, gone, drawn, neighbours)
            for c in range(number):
                if founded[c] == never:
                    factor[c] = math.exp(hazards.spread * math.log1p(neighbours[c]))


@jit
def _present_until(subkey: np.uint64, countries: CountryArrays, hazards: TrajectoryHazards) -> Shorts:
    """Month in which what each country has on the as-of date ends; zero for nothing, the last plus one for never."""
    never = hazards.pace.size + 1
    gone = np.zeros(countries.keys.size, dtype=np.int16)
    for c in range(gone.size):
        what = countries.present[c]
        if what == LASTING:
            gone[c] = never
        elif what >= CELLS:
            u = uniform(subkey, countries.keys[c], 0, GONE)
            gone[c] = int(min(_waits(u, hazards.ends[what], hazards.ends_until, countries.age[c]), never))
    return gone


@jit
def _becomes(
    subkey: np.uint64, c: int, countries: CountryArrays, hazards: TrajectoryHazards, drawn: DrawnFoundings
) -> None:
    """Whether what is founded is an organisation, when it grows into an armed conflict, and when it ends."""
    never, key, start = hazards.pace.size + 1, countries.keys[c], drawn.founded[c]
    active = uniform(subkey, key, 0, SIZE) < hazards.organisation[int(countries.insurgency[c])]
    over = _waits(uniform(subkey, key, 0, ENDED), hazards.ends[int(active)], hazards.ends_until, 0.0)
    war = _waits(uniform(subkey, key, 0, GROWN), hazards.growth[int(active)], hazards.growth_until, 0.0)
    drawn.active[c] = active
    drawn.ended[c] = int(min(start + over, never))
    drawn.grown[c] = int(min(start + war, never)) if war < over else never


@jit
def _count_neighbours(
    month: int, countries: CountryArrays, gone: Shorts, drawn: DrawnFoundings, neighbours: Floats
) -> None:
    """Neighbours of the as-of date and those founded since, as far as they have not ended."""
    neighbours[:] = 0.0
    founded = drawn.founded
    for d in range(founded.size):
        if month < gone[d] or founded[d] <= month < drawn.ended[d]:
            for c in range(founded.size):
                if countries.borders[d, c]:
                    neighbours[c] += 1.0


@jit
def _waits(u: float, hazard: Floats, until: Floats, age: float) -> float:
    """Months until an event with a hazard that is constant up to each of some ages, at least one; infinite for never.

    `age` is that of the beginning. The last interval may be endless (``until`` infinite).
    """
    left, begin = -math.log(u), age
    for i in range(hazard.size):
        if until[i] > begin:
            length = until[i] - begin
            if left < hazard[i] * length:
                return float(max(math.ceil(begin - age + left / hazard[i]), 1))
            left -= hazard[i] * length
            begin = until[i]
    return np.inf
