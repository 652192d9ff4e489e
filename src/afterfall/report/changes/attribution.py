"""How the difference between two forecasts divides among what changed: steps that add up to the whole.

From the old forecast to the new one, causes are exchanged one at a time, each forecast again with the same seed and the
same trajectories. A step is the difference that exchanging one cause makes. First come what is done once: conditions of
the old run are dropped, the version of the program, the random numbers, and the passing of time without news (the old
rows seen from the new day). Then the groups of rows and the fit are exchanged in two orders, forward (events, figures,
the rest, the fit) and backward, and the step of each is the mean of both: with two causes this is the Shapley value,
with more an average over two of all orders (Shapley 1953; Castro, Gomez and Tejada 2009,
doi:10.1016/j.cor.2008.04.004). In each order the steps telescope, so their sum is exactly new minus old.

The error of a step is that of the finite number of simulations: the standard deviation over simulations of what the
step does to each of them, which common random numbers keep small, over the root of their number; of a median, from
bootstrap samples of the simulations (Efron 1979, doi:10.1214/aos/1176344552).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.engine.program import Floats
from afterfall.evaluate.core.scoring_rules import generator_of

#: Bootstrap samples for the error of a median.
SAMPLES = 200
#: A state on the way from old to new: the causes that are exchanged by then.
State = frozenset[str]
Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """What exchanging one cause does: the difference, and its Monte Carlo standard error."""

    cause: str
    value: float
    error: float


def orders_of(first: Sequence[str], between: Sequence[str], last: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """The orders in which causes are exchanged: `first`, then those between forward and backward, then `last`.

    >>> orders_of(["time"], ["events", "fit"])
    (('time', 'events', 'fit'), ('time', 'fit', 'events'))
    """
    forward, backward = (*first, *between, *last), (*first, *reversed(between), *last)
    return (forward,) if forward == backward else (forward, backward)


def states_of(order: Sequence[str]) -> tuple[State, ...]:
    """The states that an order passes through, from nothing exchanged to everything."""
    return tuple(frozenset(order[:i]) for i in range(len(order) + 1))


def steps_of_mean(values: Mapping[State, Floats], orders: Sequence[Sequence[str]]) -> tuple[ChangeStep, ...]:
    """Steps of the mean over simulations (of an event: of its chance).

    Parameters
    ----------
    values
        The number, or whether the event happens, in each simulation of every state, ``(n,)``.
    orders
        Orders of the causes (`orders_of`).
    """
    found = []
    for cause in orders[0]:
        pairs = [(values[after], values[before]) for after, before in _around(cause, orders)]
        each = np.mean([after - before for after, before in pairs], axis=0)
        error = float(each.std(ddof=1) / np.sqrt(len(each))) if len(each) > 1 else 0.0
        found.append(ChangeStep(cause, float(each.mean()), error))
    return tuple(found)


def steps_of_median(
    values: Mapping[State, Floats], orders: Sequence[Sequence[str]], *, name: str, seed: int
) -> tuple[ChangeStep, ...]:
    """Steps of the median over simulations, with errors from bootstrap samples that all states share.

    `name` and `seed` key the samples.
    """
    n = len(next(iter(values.values())))
    drawn = generator_of(f"changes/{name}", seed=seed).integers(0, n, size=(SAMPLES, n))
    whole = {state: _median(one[None, :])[0] for state, one in values.items()}
    again = {state: _median(one[drawn]) for state, one in values.items()}
    found = []
    for cause in orders[0]:
        around = _around(cause, orders)
        value = float(np.mean([whole[after] - whole[before] for after, before in around]))
        error = float(np.mean([again[after] - again[before] for after, before in around], axis=0).std(ddof=1))
        found.append(ChangeStep(cause, value, error))
    return tuple(found)


def _around(cause: str, orders: Sequence[Sequence[str]]) -> list[tuple[State, State]]:
    """The states after and before a cause is exchanged, in each order."""
    found = []
    for order in orders:
        i = list(order).index(cause)
        found.append((frozenset(order[: i + 1]), frozenset(order[:i])))
    return found


def _median(values: Floats) -> Floats:
    """The median along the last axis, one of the values themselves."""
    return np.asarray(np.quantile(values, 0.5, axis=-1, method="inverted_cdf"), dtype=np.float64)
