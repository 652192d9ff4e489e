"""Breaks of custody in each trajectory of a run: when, how large, and whether custody collapsed.

Breaks of a custodian come at a constant rate, one draw of its posterior for each trajectory. Each is like one of the
breaks of the reference class, drawn with the weights of a Bayesian bootstrap (Rubin 1981, doi:10.1214/aos/1176345338):
its size, and whether it was a collapse of custody, come from the same row. People who get out are prisoners of every
kind, mostly locals, so a size is no number of foreign fighters.

**No person is counted twice.** Nobody moves: the run has its own hazard of escape, which acts every month and stands
for breaks and single escapes alike. `most` bounds how many of the model's people the first break could free: were all
that the custodian then holds in the prison that breaks, the share of its stock that got out in the class.

Unit: months from the as-of date; people.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from afterfall.breaks.custodian_risk import CustodianRisk, custodians_at_risk
from afterfall.engine.keys import name_key
from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.reference.custody_breaks import SIZES, breaks_at_risk
from afterfall.reference.event_rate import RECALLED_WEIGHT
from afterfall.reference.reference_class import open_reference_class
from afterfall.run import Run

#: Breaks of one custodian in one trajectory that are drawn at most.
MOST = 40
COLLAPSE = "custodial collapse"
LARGEST_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class CustodyBreaks:
    """Breaks of 20 or more people of each custodian in a run.

    Attributes
    ----------
    custodians
        Who is at risk.
    horizon
        Last month.
    month
        Month of each break in order, ``(trajectory, custodian, break)``; horizon + 1 for never.
    out
        People of every kind who get out.
    collapse
        Whether custody collapsed.
    held
        The model's people in that custody at the first break, ``(trajectory, custodian)``; NaN without one.
    most
        Of these, those who would get out were all of them in the prison that breaks.
    """

    custodians: tuple[CustodianRisk, ...]
    horizon: int
    month: npt.NDArray[np.int16] = field(repr=False)
    out: Floats = field(repr=False)
    collapse: npt.NDArray[np.bool_] = field(repr=False)
    held: Floats = field(repr=False)
    most: Floats = field(repr=False)

    def number(self, month: int) -> npt.NDArray[np.int64]:
        """Breaks by a month, ``(trajectory, custodian)``."""
        return np.asarray((self.month <= month).sum(axis=2))

    def large(self, month: int) -> npt.NDArray[np.bool_]:
        """Whether 200 or more got out at once by a month, ``(trajectory, custodian)``."""
        return np.asarray(((self.month <= month) & (self.out >= SIZES[1])).any(axis=2))

    def collapsed(self, month: int) -> npt.NDArray[np.bool_]:
        """Whether custody collapsed by a month, ``(trajectory, custodian)``."""
        return np.asarray(((self.month <= month) & self.collapse).any(axis=2))


def custody_breaks(run: Run, model: Model) -> CustodyBreaks | None:
    """Draw breaks in every trajectory of a run; None where no custodian is at risk, or the class has no break.

    Parameters
    ----------
    run
        A finished run.
    model
        The model it was made with.
    """
    custodians = custodians_at_risk(model)
    if not custodians:
        return None
    known = open_reference_class(run.as_of)
    rows = breaks_at_risk(known, SIZES[0])
    shares = [min(r.people_out / r.held, LARGEST_SHARE) for r in rows if r.people_out and r.held]
    if not rows or not shares:
        return None
    weight = np.array([1.0 if r.verified else RECALLED_WEIGHT for r in rows])
    size = np.array([r.people_out or 0.0 for r in rows])
    fell = np.array([r.kind == COLLAPSE for r in rows])
    trajectories, horizon, seed = run.dataset.sizes["trajectory"], run.request.horizon, run.request.seed
    months, chosen, parts = [], [], []
    for one in custodians:
        key = int(name_key(f"break/{one.quantities[0]}"))
        when, like, which, part = (np.random.default_rng([seed, key, k]) for k in range(4))
        months.append(_months(when, one.rate, trajectories, horizon))
        chosen.append(_rows(like, which, weight, trajectories))
        parts.append(part.choice(np.array(shares), trajectories))
    month, row = np.stack(months, axis=1), np.stack(chosen, axis=1)
    held = _held(run, custodians, month[:, :, 0])
    return CustodyBreaks(custodians, horizon, month, size[row], fell[row], held, held * np.stack(parts, axis=1))


def _months(rng: np.random.Generator, rate: Floats, trajectories: int, horizon: int) -> npt.NDArray[np.int16]:
    """Months of the breaks of one custodian, ``(trajectory, break)``."""
    waits = rng.exponential(size=(trajectories, MOST)) / np.resize(rate, trajectories)[:, None] * 12.0
    return np.minimum(np.ceil(np.cumsum(waits, axis=1)), horizon + 1).astype(np.int16)


def _rows(
    like: np.random.Generator, which: np.random.Generator, weight: Floats, trajectories: int
) -> npt.NDArray[np.int64]:
    """Row of the class that each break is like, ``(trajectory, break)``: a Bayesian bootstrap in each trajectory.

    Weights and rows have generators of their own, so that more trajectories leave the first ones as they are.
    """
    shares = np.cumsum(like.gamma(weight, size=(trajectories, len(weight))), axis=1)
    at = which.random((trajectories, MOST)) * shares[:, -1:]
    found: npt.NDArray[np.int64] = (shares[:, None, :] < at[:, :, None]).sum(axis=2)
    return np.minimum(found, len(weight) - 1)


def _held(run: Run, custodians: tuple[CustodianRisk, ...], first: npt.NDArray[np.int16]) -> Floats:
    """The model's people in each custody in the month before its first break, ``(trajectory, custodian)``."""
    world, out = run.dataset["world"], np.full(first.shape, np.nan)
    for k, one in enumerate(custodians):
        stock = world.sel(quantity=list(one.quantities)).sum("quantity").transpose("trajectory", "month").values
        there = np.flatnonzero(first[:, k] <= run.request.horizon)
        out[there, k] = stock[there, first[there, k] - 1]
    return out
