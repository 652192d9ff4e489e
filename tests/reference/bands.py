"""A slow, readable version of the counts of `afterfall.engine.bands`: one object, plain loops, dictionaries of names.

It shares with the engine only scalar functions (keys, uniforms, quantiles, the chance of leaving) and what
`band_inputs` provides; signals, lines, risks and the month are implemented here again.
"""

from __future__ import annotations

import math

import numpy as np

from afterfall.engine import bands as words
from afterfall.engine import keys
from afterfall.engine.bands import BandInputs, BandRecord
from afterfall.engine.hazards import leave_probability
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.quantiles import binomial_quantile, poisson_quantile


class SlowBands:
    """The bands of one trajectory."""

    def __init__(self, inputs: BandInputs, n: np.ndarray, seed: int, trajectory: int) -> None:
        self.inputs, self.bands, self.seed, self.trajectory = inputs, inputs.bands, seed, trajectory
        self.horizon = inputs.line.shape[1] - 1
        self.alive = [bool(a) for a in self.bands.alive]
        self.fired: list[int] = [self.horizon + 1] * len(self.bands.event_key)
        self.slow = [1.0] * len(self.bands.slow_keep)
        subkey = keys.subkey(seed, trajectory, keys.BAND, 0)
        self.patience = [-math.log1p(-uniform(subkey, key, 0, 0)) for key in self.bands.event_key]
        self.people(n)
        self.own = [0] * len(self.alive)
        for k, there in enumerate(self.alive):
            if there:
                floor = math.floor(self.bands.least_own[k] * inputs.strength[k] + 0.5)
                self.own[k] = int(max(inputs.strength[k] - self.sums[k], floor))
        self.first = (list(self.own), [self.strength(k) for k in range(len(self.alive))], list(self.sums))

    def people(self, n: np.ndarray) -> None:
        self.sums = [
            float(sum(n[c, s] for total, c, s in self.bands.reading if total == m)) for m in range(self.bands.n_sums)
        ]

    def strength(self, k: int) -> float:
        return float(self.own[k] + self.sums[k]) if self.alive[k] else 0.0

    def signal(self, t: int, kind: int, source: int) -> float:
        scale = self.bands.scale[source] if kind not in (words.OCCURRED, words.SLOW, words.NEAR) else 1.0
        if kind == words.OCCURRED:
            return float(self.fired[source] < t)
        if kind == words.SLOW:
            return math.log(self.slow[source])
        if kind == words.NEAR:
            weights = self.bands.near[source]
            total = 0.0
            for k, weight in enumerate(weights):
                total += weight * self.strength(k)
            return math.log1p(total / self.bands.near_scale[source])
        if kind == words.ATTACHED:
            return math.log1p(self.sums[source] / scale)
        if kind == words.OWN:
            return math.log1p(self.own[source] / scale) - math.log1p(self.first[0][source] / scale)
        level = math.log1p(self.strength(source) / scale)
        return level if kind == words.LEVEL else level - math.log1p(self.first[1][source] / scale)

    def added(self, rows: np.ndarray, coefficient: np.ndarray, start: np.ndarray, t: int) -> np.ndarray:
        out = start.copy()
        for (target, kind, source, _), value in zip(rows, coefficient, strict=True):
            out[target] += value * self.signal(t, kind, source)
        return out

    def outside(self, t: int, n_rates: int) -> np.ndarray:
        return self.added(self.bands.outside, self.inputs.outside, np.zeros(n_rates), t)

    def month(self, t: int) -> None:
        bands, inputs = self.bands, self.inputs
        line = self.added(bands.echo, inputs.echo, inputs.line[:, t], t)
        subkey = keys.subkey(self.seed, self.trajectory, keys.BAND, t)
        there, strength = list(self.alive), [self.strength(k) for k in range(len(self.alive))]
        self.before = strength
        at_first = [k for k in range(len(there)) if there[k]]
        for k in at_first:
            recruiters = self.own[k] + inputs.attached_weight[k] * self.sums[k]
            workspace = max(0.0, 1.0 - strength[k] / math.exp(line[bands.capacity[k]]))
            mean = math.exp(line[bands.growth[k]]) * inputs.effect[k] * recruiters * workspace
            joined = poisson_quantile(uniform(subkey, bands.key[k], 0, 0), mean)
            gone = leave_probability(math.exp(line[bands.loss[k]]))
            self.own[k] += joined - binomial_quantile(uniform(subkey, bands.key[k], 0, 1), self.own[k], gone)
        for x in range(len(self.fired)):
            if self.at_risk(x, t, there):
                hazard, shape = math.exp(line[bands.event_line[x]]), bands.event_shape
                if shape.shape[1]:
                    hazard *= shape[x, min(t - inputs.risk_from[x], shape.shape[1] - 1)]
                self.maybe(x, t, hazard, subkey)
        self.slow = [self.moved(d, t, strength) for d in range(len(self.slow))]

    def at_risk(self, x: int, t: int, there: list[bool]) -> bool:
        due = self.fired[x] > self.horizon and t >= self.inputs.risk_from[x]
        return due and self.exists(x, there) and not self.ruled_out(x, t)

    def exists(self, x: int, there: list[bool]) -> bool:
        beside, band = self.bands.event_beside, self.bands.event_band[x]
        if not len(beside) or beside[x] < 0:
            return bool(band < 0 or there[band])
        if self.bands.event_month[x] >= 0:
            return True
        exist = all(there[k] and self.alive[k] for k in (band, beside[x]))
        return bool(exist and self.before[beside[x]] >= self.bands.event_times[x] * self.before[band])

    def ruled_out(self, x: int, t: int) -> bool:
        month, unless = self.bands.event_month, self.bands.event_unless[x]
        if unless < 0 or month[x] >= 0:
            return False
        return self.fired[unless] < t or (0 <= month[unless] <= self.horizon and month[unless] != t)

    def maybe(self, x: int, t: int, hazard: float, subkey: int) -> None:
        bands, known = self.bands, self.bands.event_month[x]
        if known < 0:
            self.patience[x] -= hazard
        if not (self.patience[x] <= 0 if known < 0 else known == t):
            return
        self.fired[x] = t
        source_band, target_band = bands.event_from[x], bands.event_to[x]
        if target_band < 0 <= source_band:
            self.own[source_band], self.alive[source_band] = 0, False
        if target_band >= 0:
            if not (len(bands.event_ends) and bands.event_ends[x]):
                self.alive[target_band] = True
            if source_band >= 0:
                passed = binomial_quantile(
                    uniform(subkey, bands.event_key[x], 0, 2), self.own[source_band], self.inputs.share[x]
                )
                self.own[source_band] -= passed
                self.own[target_band] += passed
                if len(bands.event_ends) and bands.event_ends[x]:
                    self.own[source_band], self.alive[source_band] = 0, False
            self.own[target_band] += poisson_quantile(
                uniform(subkey, bands.event_key[x], 0, 3), self.inputs.newcomers[x]
            )

    def moved(self, d: int, t: int, strength: list[float]) -> float:
        now, first = 1.0, 1.0
        for k in np.flatnonzero(self.bands.slow_band[d]):
            now, first = now + strength[k], first + self.first[1][k]
        if self.bands.slow_sum[d] >= 0:
            now, first = now + self.sums[self.bands.slow_sum[d]], first + self.first[2][self.bands.slow_sum[d]]
        share, keep = self.inputs.slow_share[d], self.inputs.keep[d]
        towards = share * self.inputs.slow_path[d, t] + (1.0 - share) * now / first
        return float(keep * self.slow[d] + (1.0 - keep) * max(towards, 1e-6))


def write_record(bands: SlowBands, record: BandRecord, t: int) -> None:
    """Write how the bands stand at the end of month t."""
    for k in range(len(bands.alive)):
        record.own[t, k], record.attached[t, k] = bands.own[k], int(bands.sums[k])
        record.strength[t, k] = int(bands.strength(k))
    record.slow[t] = bands.slow
