"""The figures of a fit as arrays, and how they combine: report families, competing groups, totals and their errors.

A group holds the figures of one quantity of one origin, from all report families. Within a family the log likelihoods
are averaged; families are mixed with weights by their errors (see `infer.likelihood`). This file also selects the
figures of one origin, and removes one figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.figure_rules import FIT_QUANTITIES, SHARES
from afterfall.model.observation.fit_data import POINTS, FitFigures, Observed, family_worth, groups
from afterfall.model.observation.measurement_error import Reading

HERMITE = 7
#: Fields of `FitData` with one entry per figure.
BY_NUMBER = ("quantity", "origin", "region", "column", "points", "sd", "kind", "bound")


class FitData(NamedTuple):
    """The figures as arrays (n of them), and how they combine."""

    quantity: np.ndarray  # [n] position in FIT_QUANTITIES
    origin: np.ndarray  # [n] row of the totals; the last row is the world
    region: np.ndarray  # [n]; -1 for the world
    column: np.ndarray  # [n]
    points: np.ndarray  # [n, 5] values within the interval
    sd: np.ndarray  # [n]
    kind: np.ndarray  # [n]
    bound: np.ndarray  # [n]
    split_with: np.ndarray  # [n] position of the returned published with these dead by the same source, or -1
    family: np.ndarray  # [F, n] a mean over the numbers of a family
    family_weight: np.ndarray  # [J, F] log weight of a family in a group, -inf elsewhere
    group_origin: np.ndarray  # [J] row of the totals
    log_total: np.ndarray  # [O', K]
    log_total_weight: np.ndarray  # [O', K]
    total_kind: np.ndarray  # [O', K]


def fit_arrays(view: CaseView, figures: FitFigures) -> FitData:
    """The figures of a fit as arrays."""
    observed = figures.observed
    row = {origin: i for i, origin in enumerate(sorted(figures.totals))}
    world = len(row)
    region_of = {o: view.regions.index(view.region_of[name]) for o, name in enumerate(view.origins)}
    families: list[list[int]] = []
    weights: list[dict[int, float]] = []
    group_origin: list[int] = []
    for origin, _, by_family in groups(observed):
        worth = {f: family_worth(observed, members) for f, members in by_family.items()}
        group_origin.append(row.get(origin, world))
        weights.append({len(families) + k: math.log(worth[f] / sum(worth.values())) for k, f in enumerate(by_family)})
        families += list(by_family.values())
    family = np.zeros((len(families), len(observed)))
    for f, members in enumerate(families):
        family[f, members] = 1.0 / len(members)
    family_weight = np.full((len(weights), len(families)), -np.inf)
    for j, own in enumerate(weights):
        for f, weight in own.items():
            family_weight[j, f] = weight
    return FitData(
        quantity=np.array([FIT_QUANTITIES.index(o.quantity) for o in observed], dtype=int),
        origin=np.array([row.get(o.origin, world) for o in observed], dtype=int),
        region=np.array([region_of.get(o.origin, -1) for o in observed], dtype=int),
        column=np.array([o.column for o in observed], dtype=int),
        points=np.array([within(o) for o in observed]).reshape(len(observed), len(POINTS)),
        sd=np.array([o.sd for o in observed]),
        kind=np.array([o.kind for o in observed], dtype=int),
        bound=np.array([o.bound for o in observed], dtype=int),
        split_with=split_partners(observed),
        family=family,
        family_weight=family_weight,
        group_origin=np.array(group_origin, dtype=int),
        **_totals(figures, row),
    )


def split_partners(observed: Sequence[Observed], without: int = -1) -> np.ndarray:
    """For each count of an origin's dead, the count of returned of the same source and month, or -1.

    It is used only where no other source counts the returned: a contested count may be wrong, and should not inform
    the dead. `without` is the position of a figure to be ignored.
    """
    data = [(i, o) for i, o in enumerate(observed) if not o.bound and i != without]
    counts = {(o.origin, o.family, o.column, o.quantity): i for i, o in data}
    families: dict[int, set[str]] = {}
    for origin, family, _, quantity in counts:
        if quantity == "returned":
            families.setdefault(origin, set()).add(family)
    found = np.full(len(observed), -1)
    for (origin, family, column, quantity), i in counts.items():
        if quantity == "killed" and origin >= 0 and len(families.get(origin, ())) == 1:
            found[i] = counts.get((origin, family, column, "returned"), -1)
    return found


def within(one: Observed) -> list[float]:
    """Points at which a figure's likelihood is evaluated: within its interval, or at one exact whole number."""
    middle, half = (one.low + one.high) / 2.0, (one.high - one.low) / 2.0
    if one.quantity not in SHARES and half <= 0.5 and (middle.is_integer() or one.high <= 0.5):
        return [math.floor(middle)] * len(POINTS)  # zero has the interval from 0 to a half
    return [middle + p * half for p in POINTS]


def _totals(figures: FitFigures, row: dict[int, int]) -> dict[str, np.ndarray]:
    """Points and weights for integrating over each origin's total; the last row, the world's, has one neutral point."""
    most = max([HERMITE * len(r) for r in figures.totals.values()] + [1])
    shape = (len(row) + 1, most)
    log_total, kind, log_weight = np.zeros(shape), np.zeros(shape, dtype=int), np.full(shape, -np.inf)
    log_weight[-1, 0] = 0.0
    for origin, i in row.items():
        at = slice(HERMITE * len(figures.totals[origin]))
        log_total[i, at], log_weight[i, at], kind[i, at] = points_of_total(figures.totals[origin])
    return {"log_total": log_total, "log_total_weight": log_weight, "total_kind": kind}


def points_of_total(block: Sequence[Reading]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points over an origin's total, one reading after another: their logs, log weights and definition codes."""
    node, weight = np.polynomial.hermite_e.hermegauss(HERMITE)
    worth = np.array([1.0 / r.sd**2 for r in block])
    errors = [np.abs(node) * r.bound if r.bound else node for r in block]
    return (
        np.concatenate([r.log + r.sd * error for r, error in zip(block, errors, strict=True)]),
        np.log(np.outer(worth / worth.sum(), weight / weight.sum())).ravel(),
        np.repeat([r.kind for r in block], HERMITE),
    )


def row_of(data: FitData, row: int) -> FitData:
    """The figures of one origin (or of the world, the last row) only."""
    numbers, groups_ = np.flatnonzero(data.origin == row), np.flatnonzero(data.group_origin == row)
    families = np.flatnonzero(np.isfinite(data.family_weight[groups_]).any(axis=0))
    by_number = {name: getattr(data, name)[numbers] for name in BY_NUMBER}
    place = {int(number): i for i, number in enumerate(numbers)}
    return data._replace(
        **{**by_number, "origin": np.zeros_like(numbers)},
        split_with=np.array([place.get(int(i), -1) for i in data.split_with[numbers]], dtype=int),
        family=data.family[np.ix_(families, numbers)],
        family_weight=data.family_weight[np.ix_(groups_, families)],
        group_origin=np.zeros_like(groups_),
        log_total=data.log_total[[row]],
        log_total_weight=data.log_total_weight[[row]],
        total_kind=data.total_kind[[row]],
    )


def without(data: FitData, number: int) -> FitData:
    """The same without one figure.

    It leaves the mean of its family; a family without other figures leaves its group. The pairs of dead and returned
    stay unchanged (see `split_partners`).
    """
    family, weight = data.family.copy(), data.family_weight.copy()
    own = int(np.argmax(family[:, number]))
    members = np.flatnonzero(family[own])
    family[own] = 0.0
    others = members[members != number]
    if len(others):
        family[own, others] = 1.0 / len(others)
    else:
        group = int(np.argmax(np.isfinite(weight[:, own])))
        rest = np.isfinite(weight[group]) & (np.arange(len(family)) != own)
        if rest.any():
            weight[group, own] = -np.inf
            weight[group, rest] -= logsumexp_of(weight[group, rest])
    return data._replace(family=family, family_weight=weight)


def logsumexp_of(logs: np.ndarray) -> float:
    """Log of a sum of a few exponentials."""
    return float(logs.max() + np.log(np.exp(logs - logs.max()).sum()))
