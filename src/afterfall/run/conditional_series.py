"""Simulations given conditions: which shared series each trajectory takes, and what is forced in it.

A *shared series* is the part of a trajectory that dated events follow from: a few parameters, the shared noise, and one
exponential for each event. It has a number, as a trajectory has, and does not depend on people, so that many can be drawn
for the cost of one simulation. Given conditions C, series are drawn from their distribution given C, and each trajectory
takes one. Its other parameters and all random numbers of its people stay its own. They are independent of C given the
series, because a priori they are independent of it, and no fitted figure reads both (`event_inputs`).

Three ways, the first that applies:

*Constraint.* If C dates every fall, and nothing but the events reads their parameters and noise, people depend on the
series only through the given months. The falls are then forced, and no weights are needed: the result is exact for
people and organisations. (The parameters of the falls keep their prior or fitted distribution.)

*Rejection.* If C leaves the months open (``by``), the series that satisfy C are those given C. The first n of them are
taken. If all do, trajectory i takes series i, and every number is that of the unconditional run, bit for bit.

*Importance.* A fall given in month m is forced there and weighted by its probability under the same parameters and noise,
``exp(-(h[1] + ... + h[m-1])) (1 - exp(-h[m]))``; a merger given between months a and b by ``exp(-H[a-1]) - exp(-H[b])``,
with H its hazard summed over the series' own path, and its exponential is drawn between H[a-1] and H[b]; a condition that
leaves months open by 1 or 0. These are ratios of the target to the proposal, so weighted series follow the distribution
given C. They are resampled systematically (Douc, Cappé and Moulines 2005, arXiv:cs/0507025) with one keyed uniform.

Series are drawn in batches until the effective number ``(sum w)^2 / sum w^2`` (Kong 1992, technical report 348,
Department of Statistics, University of Chicago; Kong, Liu and Wong 1994, doi:10.1080/01621459.1994.10476469) reaches the
number of trajectories, or `MOST` a trajectory are drawn. Under `LEAST` the forecast is refused. The mean weight estimates
the probability of C under the model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from afterfall.engine import keys
from afterfall.engine.band_inputs import line_logs
from afterfall.engine.bands import Bands
from afterfall.engine.keyed_uniforms import uniform, uniforms_for
from afterfall.engine.program import Floats, Ints, Longs
from afterfall.engine.shared_series import draw_forced_series
from afterfall.model.language.parameters import Draws
from afterfall.posterior.sample import draw_named
from afterfall.run.condition_windows import ConditionSet, Window
from afterfall.run.errors import SettingError
from afterfall.run.event_inputs import event_inputs, read_elsewhere

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.posterior import Posterior

#: Series drawn at a time; most series drawn, at least and for each trajectory; smallest effective number.
BATCH, MOST_SERIES, MOST, LEAST = 2000, 50_000, 50, 100
RESAMPLE = "given/resample"


@dataclass(frozen=True, eq=False)
class SeriesPlan:
    """Which shared series each trajectory takes, and what is forced in it.

    Attributes
    ----------
    number
        Series of each trajectory ``[n]``.
    parameters
        Names of the parameters that belong to a series.
    forced
        Month in which each dated event fires ``[K]``; `FREE` where it follows from the series.
    mergers
        Given events of the organisations and their twins, by index: the month in each trajectory ``[n]``.
    effective
        Effective number of series.
    drawn
        Series that were drawn; 0 where the falls are forced without weights.
    probability
        Probability of the conditions under the model; None where it was not computed.
    """

    number: Longs
    parameters: tuple[str, ...]
    forced: Ints
    mergers: dict[int, Ints]
    effective: float
    drawn: int
    probability: float | None

    def carried(self, model: Model, posterior: Posterior | None, draws: Draws, seed: int) -> Draws:
        """Draws in which the parameters of the series are those of each trajectory's own series."""
        numbers = [int(self.number[t]) for t in draws.trajectories]
        taken = draw_named(model, posterior, self.parameters, trajectories=numbers, seed=seed)
        values, column = draws.values.copy(), {name: i for i, name in enumerate(draws.names)}
        values[:, [column[name] for name in taken.names]] = taken.values
        return replace(draws, values=values)

    def bands(self, bands: Bands, trajectory: int) -> Bands:
        """Bands in which the given events fire in their months."""
        if not self.mergers:
            return bands
        month = bands.event_month.copy()
        for x, months in self.mergers.items():
            month[x] = months[trajectory]
        return bands._replace(event_month=month)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Series of successive numbers: the log of each weight ``[m]``, and months of given events ``[m]``, by index."""

    log_weight: Floats
    mergers: dict[int, Ints]


def plan_series(
    model: Model, conditions: ConditionSet, *, trajectories: int, seed: int, posterior: Posterior | None = None
) -> SeriesPlan:
    """Choose the shared series of every trajectory.

    Parameters
    ----------
    model, conditions
        A model, and conditions checked against it.
    trajectories, seed
        Number of trajectories, and the seed of all random draws.
    posterior
        Posterior from which fitted parameters are drawn; None draws all from priors.

    Raises
    ------
    SettingError
        If the effective number is too small.
    """
    inputs = event_inputs(model.program, model.bands)
    constrained = _fixes_all(model, conditions) and not read_elsewhere(model.program, model.bands, inputs)
    names = event_inputs(model.program, model.bands, conditions.mergers).names(model)
    if constrained:
        names = tuple(name for name in names if name not in set(inputs.names(model)))
    if constrained and not conditions.mergers:
        everyone = np.arange(trajectories)
        return SeriesPlan(everyone, (), conditions.forced(model), {}, float(trajectories), 0, None)
    needed, most = max(trajectories, LEAST), max(MOST_SERIES, MOST * trajectories)
    drawn = _Drawn(np.zeros(0), {})
    while True:
        first = len(drawn.log_weight)
        numbers = range(first, min(first + BATCH, most))
        drawn = _joined(drawn, _draw(model, conditions, posterior, numbers, seed, constrained))
        if effective_number(drawn.log_weight) >= needed or len(drawn.log_weight) >= most:
            break
    effective = effective_number(drawn.log_weight)
    if effective < LEAST:
        raise SettingError(_refusal(conditions, effective, len(drawn.log_weight), most), "given", "trajectories")
    chosen = _chosen(drawn.log_weight, trajectories, seed)
    return SeriesPlan(
        number=chosen,
        parameters=names,
        forced=conditions.forced(model),
        mergers={x: months[chosen] for x, months in drawn.mergers.items()},
        effective=effective,
        drawn=len(drawn.log_weight),
        probability=None if constrained else float(np.exp(drawn.log_weight).mean()),
    )


def _refusal(conditions: ConditionSet, effective: float, drawn: int, most: int) -> str:
    return (
        f"{{0}} {'; '.join(conditions.texts)}: the effective number is {effective:.0f} of {drawn:,} series drawn, "
        f"expected at least {LEAST}: the model gives this next to no chance. Take a looser condition (a later month, "
        f"'by' in place of a month, fewer conditions), or more simulations with {{1}} (up to {MOST} series are drawn "
        "for each)"
    )


def effective_number(log_weight: Floats) -> float:
    """Effective number of weighted draws, ``(sum w)^2 / sum w^2`` (Kong 1992); 0 where no weight is positive.

    >>> effective_number(np.log([1.0, 1.0, 0.5]))
    2.777777777777778
    """
    largest = log_weight.max(initial=-math.inf)
    if largest == -math.inf:
        return 0.0
    weight = np.exp(log_weight - largest)
    return float(weight.sum() ** 2 / (weight**2).sum())


def _fixes_all(model: Model, conditions: ConditionSet) -> bool:
    """Whether every dated event that is open has its month given."""
    forced = conditions.forced(model)
    return bool(np.all((model.program.token_month >= 0) | (forced >= 0)))


def _joined(one: _Drawn, other: _Drawn) -> _Drawn:
    months = {x: np.concatenate([one.mergers.get(x, m[:0]), m]) for x, m in other.mergers.items()}
    return _Drawn(np.concatenate([one.log_weight, other.log_weight]), months)


def _chosen(log_weight: Floats, n: int, seed: int) -> Longs:
    """Numbers of the series that n trajectories take: the first ones where all weights are 0 or 1, else resampled."""
    kept = np.flatnonzero(log_weight > -math.inf)
    if len(kept) >= n and not log_weight[kept].any():
        return kept[:n]
    return systematic(np.exp(log_weight - log_weight.max()), n, seed)


def systematic(weight: Floats, n: int, seed: int) -> Longs:
    """Systematic resampling: indices ``[n]`` in rising order, each as often as its weight says, to within one."""
    shift = uniforms_for(seed, 0, keys.PARAMETER, np.array([keys.name_key(RESAMPLE)], dtype=np.uint64))[0]
    steps = np.cumsum(weight) / weight.sum()
    return np.minimum(np.searchsorted(steps, (np.arange(n) + shift) / n, side="right"), len(weight) - 1)


def _draw(
    model: Model,
    conditions: ConditionSet,
    posterior: Posterior | None,
    numbers: Sequence[int],
    seed: int,
    constrained: bool,
) -> _Drawn:
    """Draw and weigh the series of some numbers; where the falls are constrained, their weight is left out."""
    program = model.program
    names = event_inputs(program, model.bands, conditions.mergers).names(model)
    draws = draw_named(model, posterior, names, trajectories=numbers, seed=seed)
    column = [model.parameter_names.index(name) for name in draws.names]
    theta, forced = np.zeros(len(model.parameter_names)), conditions.forced(model)
    windows = [(k, first, last) for k, (first, last) in sorted(conditions.open().items())]
    twins = {x: _twins(model.bands, x) for x in conditions.mergers}
    log_weight = np.empty(len(numbers))
    months = {x: np.empty(len(numbers), dtype=np.int32) for given in twins.values() for x in given}
    for i, number in enumerate(numbers):
        theta[column] = draws.values[i]
        path, fired, log_weight[i] = draw_forced_series(program, theta, seed, number, forced)
        if constrained:
            log_weight[i] = 0.0
        if any(not first <= fired[k] <= last for k, first, last in windows):
            log_weight[i] = -math.inf
        lines = line_logs(model.bands, theta, path) if twins else path
        for x, given in twins.items():
            exponential, weight = _merger(model.bands, lines, x, conditions.mergers[x], seed, number)
            log_weight[i] += weight
            for twin in given:
                months[twin][i] = _month(lines[model.bands.event_line[twin]], exponential)
    return _Drawn(log_weight, months)


def _twins(bands: Bands, x: int) -> list[int]:
    """The events that have the same random draw as a given one, itself included."""
    return [int(y) for y in np.flatnonzero(bands.event_key == bands.event_key[x])]


def _merger(
    bands: Bands, lines: Floats, x: int, window: Window, seed: int, number: int
) -> tuple[float, float]:
    """The exponential of an event given its window, and the log of the window's probability.

    Without a condition the exponential is ``-log(1 - u)``, and u is scaled to the window here: a window that is certain
    changes nothing.
    """
    total = np.concatenate([[0.0], np.cumsum(np.exp(lines[bands.event_line[x]][1:]))])
    before, until = (-math.expm1(-total[m]) for m in (window[0] - 1, window[1]))
    u = uniform(keys.subkey(seed, number, keys.BAND, 0), bands.event_key[x], 0, 0)
    scaled = before + u * (until - before)
    return -math.log1p(-scaled), math.log(until - before) if until > before else -math.inf


def _month(line: Floats, exponential: float) -> int:
    """The month in which an event fires ``line[T + 1]``; T + 1 for never. As the engine does it, month by month."""
    left = exponential
    for t in range(1, line.size):
        left -= math.exp(line[t])
        if left <= 0.0:
            return t
    return int(line.size)
