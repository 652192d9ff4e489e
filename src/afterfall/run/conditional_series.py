"""Simulations given conditions: which shared series each trajectory takes, and when its dated events fire.

A *shared series* is the part of a trajectory that dated events follow from: a few parameters, the shared noise, and one
exponential for each event. It has a number, as a trajectory has, and does not depend on people, so that many can be
drawn for the cost of one simulation. Given conditions C, series are drawn from their distribution given C, and each
trajectory takes one. Its other parameters and all random numbers of its people stay its own. They are independent of C
given the series, because a priori they are independent of it, and no fitted figure reads both (`event_inputs`).

A posterior is a mixture of draws of the fit and of the priors (`infer.stacking`), and they are independent within each
component only. A series therefore brings its component: where the trajectory's own draw is of the other, its fitted
parameters come from a draw of the series' component. So the share of each follows its probability of C.

Three ways, the first that applies:

*Constraint.* If C dates every fall and no break of custody, and nothing but the events reads the falls' parameters and
noise, people depend on the series of falls only through the given months. The falls are then forced (breaks of custody,
which are independent of them, happen as in each trajectory's own series), and no weights are needed: the result is
exact for people and organisations within each component. (The parameters of the falls keep their prior or fitted
distribution, and the components their shares. How likely the falls are under each is not weighed: the fit learned from
the order of past falls, so the share of the priors is rather too large than too small.)

*Rejection.* If C leaves months open (``by``), the series that satisfy C are those given C: the first n of them are
taken. If all do, trajectory i takes series i, and every number is that of the unconditional run, bit for bit.

*Weights.* Otherwise falls with a given month are forced, and series weighted by the probability of what was forced
under their own parameters and noise, by a particle filter (`engine.series_filter`). A merger given between months a and
b has weight ``exp(-H[a-1]) - exp(-H[b])``, with H its hazard summed along the series' own path, and its exponential is
drawn between H[a-1] and H[b]. Weighted series are resampled systematically. That either of the two could have ended
before, or been absorbed, is not weighed, because it depends on people: the probability of such a C is too large, by at
most the chance of that.

The effective number, that of Kong (1992) over independent series, must reach the number of trajectories, or as many
series are drawn as `MOST` allows. Under `LEAST` the forecast is refused. The mean weight estimates the probability of C
under the model.
Sources: Kong, A. (1992), A note on importance sampling using standardized weights, technical report 348, Department of
Statistics, University of Chicago; Kong, Liu and Wong (1994), doi:10.1080/01621459.1994.10476469.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from afterfall.engine import keys
from afterfall.engine.band_inputs import line_logs
from afterfall.engine.bands import Bands
from afterfall.engine.hazards import leave_probability
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.program import Floats, Ints, Longs
from afterfall.engine.series_filter import effective_number, filter_series, systematic
from afterfall.engine.shared_series import draw_forced_series, fire_series, series_of, unforced
from afterfall.model.language.parameters import Draws
from afterfall.posterior.sample import components, draw_named, in_component
from afterfall.run.condition_windows import ConditionSet, Window
from afterfall.run.errors import SettingError
from afterfall.run.event_inputs import event_inputs, noise_read_elsewhere, read_elsewhere

if TYPE_CHECKING:
    from afterfall.model import Model
    from afterfall.posterior import Posterior

Flags = npt.NDArray[np.bool_]
#: Series drawn at a time, and at most, for rejection; particles at first, and at most; smallest effective number.
BATCH, MOST_DRAWN, PARTICLES, MOST, LEAST = 2000, 20_000, 10_000, 80_000, 100


class TooFewSeries(SettingError):
    """Too few series satisfy the conditions; `effective` is their effective number."""

    def __init__(self, conditions: ConditionSet, effective: float, drawn: int) -> None:
        self.effective = effective
        super().__init__(
            f"{{0}} {'; '.join(conditions.texts)}: the effective number is {effective:.0f} of {drawn:,} series "
            f"drawn, expected at least {LEAST}: the model gives this next to no chance. Take a looser condition (a "
            "later month, 'by' in place of a month, fewer conditions), or more simulations ({1}): more series are "
            "then drawn",
            "given",
            "trajectories",
        )


@dataclass(frozen=True, eq=False)
class SeriesPlan:
    """Which shared series each trajectory takes, and when its dated events fire.

    Attributes
    ----------
    number
        Series of each trajectory ``[n]``.
    fired
        Month of each dated event in each trajectory ``[n, K]``; T + 1 for never.
    parameters
        Names of the parameters that belong to a series.
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
    fired: Ints
    parameters: tuple[str, ...]
    mergers: dict[int, Ints]
    effective: float
    drawn: int
    probability: float | None

    def carried(self, model: Model, posterior: Posterior | None, draws: Draws, seed: int) -> Draws:
        """Draws in which the parameters of the series are those of each trajectory's own series.

        The other fitted parameters are of its component: the fit's, or the priors'.
        """
        numbers = [int(self.number[t]) for t in draws.trajectories]
        if posterior is not None:
            draws = in_component(model, posterior, draws, components(posterior, numbers, seed), seed)
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


@dataclass(frozen=True)
class _Draws:
    """Where series come from: a model, its parameters and a seed."""

    model: Model
    posterior: Posterior | None
    seed: int
    names: tuple[str, ...]

    def of(self, numbers: range) -> tuple[Floats, Ints]:
        """Parameters of some series ``[n, B]``, and the index of each in the model ``[B]``."""
        draws = draw_named(self.model, self.posterior, self.names, trajectories=numbers, seed=self.seed)
        return draws.values, np.array([self.model.parameter_names.index(n) for n in draws.names], dtype=np.int32)

    def whole(self, values: Floats, columns: Ints) -> Floats:
        """Parameter vectors of the model in which only these are filled ``[n, P]``."""
        theta = np.zeros((len(values), len(self.model.parameter_names)))
        theta[:, columns] = values
        return theta


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
    TooFewSeries
        If the effective number is too small.
    ValueError
        If weights are needed, and people depend on the noise of falls directly: a resampled series keeps the months of
        its falls, not its noise.
    """
    holdings = len(model.holdings)
    falls = event_inputs(model.program, model.bands, among=holdings)
    forced = conditions.forced(model)
    constrained = bool(np.all((model.program.token_month >= 0) | (forced >= 0), where=_of_falls(model)))
    constrained = constrained and all(k < holdings for k in conditions.falls)
    constrained = constrained and not read_elsewhere(model.program, model.bands, falls)
    if constrained and not conditions.mergers:
        return SeriesPlan(
            number=np.arange(trajectories),
            fired=np.tile(np.where(forced >= 0, forced, model.program.token_month), (trajectories, 1)),
            parameters=(),
            mergers={},
            effective=float(trajectories),
            drawn=0,
            probability=None,
        )
    names = event_inputs(model.program, model.bands, conditions.mergers).names(model)
    if not conditions.mergers and (forced < 0).all():
        found = _rejected(_Draws(model, posterior, seed, names), conditions, trajectories)
        if found is not None:
            return found
    if noise_read_elsewhere(model.program, model.bands, falls):
        raise ValueError("the noise of falls acts on people as well: expected a model in which only falls read it")
    return _weighted(_Draws(model, posterior, seed, names), conditions, trajectories, constrained=constrained)


def _of_falls(model: Model) -> Flags:
    """Which dated events are falls of holdings ``[K]``."""
    return np.arange(len(model.program.token_key)) < len(model.holdings)


def _rejected(draws: _Draws, conditions: ConditionSet, n: int) -> SeriesPlan | None:
    """The first n series that satisfy the conditions; None where they are rare."""
    program, drawn = draws.model.program, 0
    kept: list[Longs] = []
    rows: list[Ints] = []
    blank = np.zeros((len(program.path_kind), program.horizon + 1))
    while sum(len(numbers) for numbers in kept) < max(n, LEAST):
        if drawn >= max(MOST_DRAWN, MOST_DRAWN // 1000 * n):
            return None
        theta = draws.whole(*draws.of(range(drawn, drawn + BATCH)))
        fired, _ = fire_series(*series_of(program), theta, draws.seed, drawn, unforced(program), blank)
        good = np.ones(BATCH, dtype=bool)
        for k, (first, last) in conditions.falls.items():
            good &= (first <= fired[:, k]) & (fired[:, k] <= last)
        kept.append(drawn + np.flatnonzero(good))
        rows.append(fired[good])
        drawn += BATCH
    numbers = np.concatenate(kept)
    return SeriesPlan(
        number=numbers[:n],
        fired=np.concatenate(rows)[:n],
        parameters=draws.names,
        mergers={},
        effective=float(n),
        drawn=drawn,
        probability=len(numbers) / drawn,
    )


def _weighted(draws: _Draws, conditions: ConditionSet, n: int, *, constrained: bool) -> SeriesPlan:
    """Series resampled by weight, with more and more particles until their effective number suffices."""
    most = max(MOST, MOST // 1000 * n)
    particles = max(PARTICLES, n)
    while True:
        plan = _filtered(draws, conditions, n, particles, constrained=constrained)
        if plan is not None and plan.effective >= max(n, LEAST):
            return plan
        if particles >= most:
            break
        particles = min(4 * particles, most)
    if plan is None or plan.effective < LEAST:
        effective = 0.0 if plan is None else plan.effective
        raise TooFewSeries(conditions, effective, particles)
    return plan


def _filtered(draws: _Draws, conditions: ConditionSet, n: int, m: int, *, constrained: bool) -> SeriesPlan | None:
    """Series resampled by weight from m particles; None where no particle has a weight."""
    model, program = draws.model, draws.model.program
    values, columns = draws.of(range(m))
    forced, latest = conditions.forced(model), conditions.latest(model)
    if constrained:  # months of falls are all given: they carry no weight
        fired = np.tile(np.where(forced >= 0, forced, program.token_month), (m, 1))
        root, log_weight, log_probability = np.arange(m), np.zeros(m), 0.0
    else:
        root, fired, log_weight, log_probability = filter_series(program, values, columns, draws.seed, forced, latest)
    twins = {x: _twins(model.bands, x) for x in conditions.mergers}
    months = {y: np.full(m, program.horizon + 1, dtype=np.int32) for same in twins.values() for y in same}
    before = log_weight.copy()
    theta = draws.whole(values, columns)[:1] if twins else values
    for i in np.flatnonzero(log_weight > -math.inf) if twins else ():
        theta[0, columns] = values[root[i]]
        path = draw_forced_series(program, theta[0], draws.seed, int(root[i]), fired[i])[0]
        lines = line_logs(model.bands, theta[0], path)
        for x, same in twins.items():
            exponential, weight = _merger(model.bands, lines, x, conditions.mergers[x], draws.seed, int(i))
            for y in same:
                months[y][i] = _month(lines[model.bands.event_line[y]], exponential)
            log_weight[i] += weight
    if log_weight.max() == -math.inf:
        return None
    chosen = _chosen(log_weight, root, n, draws.seed)
    weight, some = np.exp(before - before.max()), before > -math.inf
    share = float((weight[some] * np.exp(log_weight[some] - before[some])).sum() / weight.sum())
    names = draws.names
    if constrained:
        own = set(event_inputs(program, model.bands, among=len(model.holdings)).names(model))
        names = tuple(name for name in names if name not in own)
    return SeriesPlan(
        number=root[chosen],
        fired=fired[chosen],
        parameters=names,
        mergers={y: found[chosen] for y, found in months.items()},
        effective=effective_number(log_weight, root),
        drawn=m,
        probability=None if constrained else math.exp(log_probability) * share,
    )


def _chosen(log_weight: Floats, root: Longs, n: int, seed: int) -> Longs:
    """The particles that n trajectories take: by weight; where that says nothing, the first n."""
    kept = np.flatnonzero(log_weight > -math.inf)
    if len(kept) >= n and not log_weight[kept].any() and np.array_equal(root, np.arange(len(root))):
        return kept[:n]
    return systematic(log_weight, n, seed, 0)


def _twins(bands: Bands, x: int) -> list[int]:
    """The events that have the same random draw as a given one, itself included."""
    return [int(y) for y in np.flatnonzero(bands.event_key == bands.event_key[x])]


def _merger(bands: Bands, lines: Floats, x: int, window: Window, seed: int, number: int) -> tuple[float, float]:
    """The exponential of an event given its window, and the log of the window's probability.

    Without a condition the exponential is ``-log(1 - u)``, and u is scaled to the window here: a window that is certain
    changes nothing.
    """
    total = np.concatenate([[0.0], np.cumsum(np.exp(lines[bands.event_line[x]][1:]))])
    before, until = (leave_probability(float(total[m])) for m in (window[0] - 1, window[1]))
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
