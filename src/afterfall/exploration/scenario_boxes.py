"""Scenario discovery: in which ranges of the assumptions something happens to an option, by PRIM and by CART.

PRIM (Friedman and Fisher 1999, doi:10.1023/A:1008894516817), as ema_workbench has it, peels the ranges until the share
of scenarios of interest in the box is high. *Density* is that share; *coverage* the share of all scenarios of interest
that are in the box. Of the boxes on the way with a density of 0.5 or more, the one with the largest harmonic mean of
both is taken. Then limits whose quasi-p value is above 0.05 are dropped: the chance of so many scenarios of interest in
the box, were the limit of no use (Bryant and Lempert 2010, doi:10.1016/j.techfore.2009.08.002).

CART is the second opinion: a classification tree, of whose leaves the one with the largest harmonic mean is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from afterfall.exploration.explore_libraries import quiet, seeded
from afterfall.exploration.explored import Exploration

if TYPE_CHECKING:
    import pandas as pd

Happening = Literal["best", "worse"]
Flags = npt.NDArray[np.bool_]
#: Shares of scenarios of interest outside of which there is nothing to discover.
FEWEST, MOST = 0.05, 0.95
#: Fewest scenarios in which something is sought.
FEWEST_SCENARIOS = 50
#: Least density: what a box says must happen in most of it.
LEAST_DENSITY = 0.5
#: Smallest share of all scenarios in a box.
SMALLEST = 0.05
#: Quasi-p value above which a limit is dropped.
SIGNIFICANT = 0.05
#: PRIM counts values of this or more as of interest: of zeros and ones, the ones.
INTEREST = 0.01
#: A box must beat the whole space by so much in the harmonic mean of density and coverage.
GAIN = 0.02


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a box on one assumption: `low` and `high` are None where it does not bind.

    `quasi_p` is the larger of the quasi-p values of its ends; None for CART, which has none.
    """

    assumption: str
    low: float | None
    high: float | None
    quasi_p: float | None


@dataclass(frozen=True, slots=True)
class ScenarioBox:
    """Ranges of assumptions in which something happens.

    Attributes
    ----------
    limits
        The limits, the strongest first.
    density, coverage, mass
        Share of scenarios of interest in it; share of all those that are in it; share of all scenarios in it.
    """

    limits: tuple[Limit, ...]
    density: float
    coverage: float
    mass: float

    @property
    def balance(self) -> float:
        """Harmonic mean of density and coverage."""
        total = self.density + self.coverage
        return 2.0 * self.density * self.coverage / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where something happens to an option.

    Attributes
    ----------
    option, happening
        Which option; ``best``: no option is better; ``worse``: it is worse than the first.
    share
        Share of scenarios in which it happens.
    prim, cart
        The boxes; None where there is nothing to discover, or no box says more than the share.
    """

    option: str
    happening: Happening
    share: float
    prim: ScenarioBox | None
    cart: ScenarioBox | None


def discover(found: Exploration, option: int, happening: Happening, flags: Flags, seed: int) -> Discovery:
    """Where something happens to an option.

    Parameters
    ----------
    found
        The exploration.
    option
        Position of the option.
    happening
        What happens.
    flags
        In which scenarios ``(scenario,)``.
    seed
        Seed of ties in the tree.
    """
    share, name = float(flags.mean()), found.options[option]
    if not FEWEST <= share <= MOST or found.scenarios < FEWEST_SCENARIOS:
        return Discovery(name, happening, share, None, None)
    frame = _frame(found, option if happening == "worse" else None)
    with quiet(), seeded(seed):
        boxes = [_by_prim(frame, flags), _by_cart(frame, flags)]
    whole = 2.0 * share / (1.0 + share)
    prim, cart = (b if b is not None and _says_more(b, whole) else None for b in boxes)
    return Discovery(name, happening, share, prim, cart)


def _says_more(box: ScenarioBox, whole: float) -> bool:
    """Whether what is sought happens in most of a box, and the box says more than the whole space does."""
    return bool(box.limits) and box.density >= LEAST_DENSITY and box.balance > whole + GAIN


def _frame(found: Exploration, option: int | None) -> pd.DataFrame:
    """Scenarios by assumption: those that the option depends on, or (None) all."""
    import pandas as pd

    columns = range(len(found.assumptions)) if option is None else found.varied[option]
    return pd.DataFrame({found.assumptions[i].name: found.values[:, i] for i in columns})


def _by_prim(frame: pd.DataFrame, flags: Flags) -> ScenarioBox | None:
    from ema_workbench.analysis.prim import Prim

    box = Prim(frame, flags.astype(int), threshold=INTEREST, mass_min=SMALLEST).find_box()
    if box is None:
        return None
    path = box.peeling_trajectory
    density, coverage = path["density"].to_numpy(dtype=float), path["coverage"].to_numpy(dtype=float)
    balance = 2.0 * density * coverage / np.maximum(density + coverage, 1e-12)
    chosen = int(np.argmax(np.where(density >= LEAST_DENSITY, balance, -1.0)))
    box.select(chosen)
    while weak := _weakest(box.qp[chosen]):
        name, end = weak
        limits = box.box_lims[chosen].copy()
        limits.loc[end, name] = box.box_lims[0].loc[end, name]
        rows = [frame[column].between(*limits[column]) for column in limits]
        box.update(limits, np.flatnonzero(np.logical_and.reduce(rows)))
        chosen = len(box.box_lims) - 1
    return _box(frame, flags, box.box_lims[chosen], box.qp[chosen])


def _weakest(quasi_p: dict[str, Sequence[float]]) -> tuple[str, int] | None:
    """The assumption and the end (0 low, 1 high) whose limit is least significant; None where all are significant."""
    ends = {(name, end): value for name, values in quasi_p.items() for end, value in enumerate(values)}
    weak = {one: value for one, value in ends.items() if value > SIGNIFICANT}
    return max(weak, key=lambda one: (weak[one], one)) if weak else None


def _by_cart(frame: pd.DataFrame, flags: Flags) -> ScenarioBox | None:
    from ema_workbench.analysis.cart import CART

    tree = CART(frame, flags.astype(int), mass_min=SMALLEST)
    tree.build_tree()
    boxes = [_box(frame, flags, limits, None) for limits in tree.boxes]
    return max((b for b in boxes if b.density >= LEAST_DENSITY), key=lambda box: box.balance, default=None)


def _box(frame: pd.DataFrame, flags: Flags, limits: Any, quasi_p: dict[str, Sequence[float]] | None) -> ScenarioBox:
    """A box from the limits of ema_workbench: rows are the lower and the upper end."""
    inside, found = np.ones(len(frame), dtype=bool), []
    for name in frame.columns:
        values = frame[name].to_numpy()
        low, high = (float(v) for v in limits[name].to_numpy())
        binding = low > values.min(), high < values.max()
        inside &= (values >= low) & (values <= high)
        if any(binding):
            p = None if quasi_p is None else max(quasi_p.get(name, [np.nan]))
            found.append(Limit(str(name), low if binding[0] else None, high if binding[1] else None, p))
    found.sort(key=lambda one: _width(frame[one.assumption].to_numpy(), one))
    hits = int((flags & inside).sum())
    return ScenarioBox(
        limits=tuple(found),
        density=hits / max(int(inside.sum()), 1),
        coverage=hits / max(int(flags.sum()), 1),
        mass=float(inside.mean()),
    )


def _width(values: npt.NDArray[np.float64], limit: Limit) -> float:
    """Share of scenarios that a limit alone leaves: the smaller, the stronger."""
    low = -np.inf if limit.low is None else limit.low
    high = np.inf if limit.high is None else limit.high
    return float(((values >= low) & (values <= high)).mean())
