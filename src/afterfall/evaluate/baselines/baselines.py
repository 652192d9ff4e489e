"""Baselines: five forecasts without a model, from what was published by the as-of date.

For a quantity q of a place p, with T the latest published count of travellers::

    hold_last         persistence: the last published figure of q and p
    hold_shares       the share of p's travellers that it was, times the travellers counted now
    regional_shares   T(p) times the share in the counted countries of p's region
    proportional      the world's q, split in proportion to T
    uniform           the world's q, split evenly over the counted countries

The world's q is its last published figure, or the share in all counted countries times the world's travellers; a place
that *is* the world takes that. A method without the figure it needs falls back on the next one in this order, and in
the end on zero, since nothing was ever published.

A point becomes a distribution by a lognormal error, with z standard normal and x not below 0::

    log1p(x) = log1p(point) + size (years ahead)^growth z

at least `SHORTEST` years ahead. The size of the error, and whether it grows like a random walk (1/2) or not at all (0),
are calibrated on earlier as-of dates (`baseline_calibration`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from afterfall.case import WORLD, Case, Figure
from afterfall.evaluate.core.last_published import last_published_figure, published_figures
from afterfall.evaluate.core.scoring_rules import Floats
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import MODEL_QUANTITY

METHODS = ("hold_last", "hold_shares", "regional_shares", "proportional", "uniform")
SHORTEST = 0.5
STANDARD = NormalDist()


def years_ahead(month: int) -> float:
    """Lead time of a month in years, at least `SHORTEST`."""
    return max(month / 12.0, SHORTEST)


@cache
def normal_quantiles(n: int) -> Floats:
    """Quantiles of the standard normal at the midpoints of n equal probabilities: a deterministic sample."""
    return np.array([STANDARD.inv_cdf((i + 0.5) / n) for i in range(n)])


class BaselineError(NamedTuple):
    """Error of a baseline on log1p: standard deviation one year ahead, and the power of years by which it grows."""

    size: float
    growth: float

    def at(self, month: int) -> float:
        """Standard deviation at a month."""
        return float(self.size * years_ahead(month) ** self.growth)


def spread_out(point: float, error: BaselineError, month: int, n: int) -> Floats:
    """A point forecast as n ordered samples in people."""
    return np.asarray(np.expm1(np.maximum(0.0, np.log1p(point) + error.at(month) * normal_quantiles(n))))


@dataclass(frozen=True)
class BaselineQuantiles:
    """Point forecasts of a cut case, in people."""

    case: Case

    @cached_property
    def view(self) -> CaseView:
        """The case in the model's terms."""
        return CaseView(self.case)

    def of(self, method: str, quantity: str, place: str) -> float:
        """The point of a method, or of the next one that has its figure; 0 if nothing was ever published."""
        for name in METHODS[METHODS.index(method) :]:
            point = getattr(self, f"_{name}")(quantity, place)
            if point is not None:
                return float(point)
        return 0.0

    def _hold_last(self, quantity: str, place: str) -> float | None:
        return self.last(quantity, place)

    def _hold_shares(self, quantity: str, place: str) -> float | None:
        last = self._latest.get((quantity, place))
        if last is None:
            return None
        then = self._travelled_by(place, last)
        return last.value * self.travelled(place) / then if then else None

    def _regional_shares(self, quantity: str, place: str) -> float | None:
        region = self.view.region_of.get(place)
        peers = [o for o in self.view.named if place == WORLD or self.view.region_of[o] == region]
        share = self._share(quantity, peers)
        return None if share is None else share * self.travelled(place)

    def _proportional(self, quantity: str, place: str) -> float | None:
        world, everyone = self._world(quantity), self.travelled(WORLD)
        return None if world is None else world * min(1.0, self.travelled(place) / everyone)

    def _uniform(self, quantity: str, place: str) -> float | None:
        world = self._world(quantity)
        return None if world is None else world / (1 if place == WORLD else len(self.view.named))

    def travelled(self, place: str) -> float:
        """Latest published count of travellers, at least one; the sum over countries for a world without a count."""
        own = self.last("travelled", place)
        if own is None:
            own = sum(map(self.view.central_travelled, self.view.named)) if place == WORLD else None
        return max(1.0, self.view.central_travelled(place) if own is None else own)

    @cached_property
    def _latest(self) -> dict[tuple[str, str], Figure]:
        """The last published figure by quantity and place, cached because splits read it thousands of times."""
        pairs = {(MODEL_QUANTITY[f.quantity], f.place) for f in self.case.figures if f.quantity in MODEL_QUANTITY}
        found = {pair: last_published_figure(self.case, *pair) for pair in sorted(pairs)}
        return {pair: figure for pair, figure in found.items() if figure is not None}

    def last(self, quantity: str, place: str) -> float | None:
        """The last published figure, in people, or None."""
        last = self._latest.get((quantity, place))
        return None if last is None else last.value

    def _travelled_by(self, place: str, last: Figure) -> float | None:
        """Travellers counted by the date of a figure, or at the first count after it."""
        counts = published_figures(self.case, "travelled", place)
        before = [f for f in counts if f.refers_to.last_day <= last.refers_to.last_day]
        chosen = before[-1:] or counts[:1]
        return chosen[0].value if chosen else None

    def _world(self, quantity: str) -> float | None:
        own = self.last(quantity, WORLD)
        share = self._share(quantity, list(self.view.named))
        return own if own is not None or share is None else share * self.travelled(WORLD)

    def _share(self, quantity: str, origins: list[str]) -> float | None:
        """Share of travellers, over the origins that have a figure."""
        counted = [(value, self.travelled(o)) for o in origins if (value := self.last(quantity, o)) is not None]
        return sum(v for v, _ in counted) / sum(t for _, t in counted) if counted else None
