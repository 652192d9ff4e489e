"""How much of the spread of a number rests on parameters that something published informs, and how much on assumption.

Priors are drawn apart, so the squared rank correlations of a number with each parameter add up to the share of the
variance of its ranks that parameters explain one at a time. Draws of a posterior are correlated, and what two of them
share counts for both; parts that then exceed the whole are scaled to it. Squares of pure noise add up too: with n
simulations each is ``1 / (n - 1)`` on average, which is taken off. What is left over is chance, dated events, shocks
that all share, and effects of several parameters together. The standard error of a sum over m parameters that do not
matter is ``sqrt(2 m) / n``; where it is above `MOST_ERROR` nothing is said.

Source: the decomposition of a variance into first-order effects (Saltelli and others 2008, Global Sensitivity Analysis,
section 1.2), on ranks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.model import Model
from afterfall.posterior.contraction import PRIOR_ONLY
from afterfall.report.explain.parameter_basis import basis, effects_of
from afterfall.report.explain.rank_correlations import Floats, ranked
from afterfall.run import Run
from afterfall.run.resolve import model_of

#: Largest standard error of a share that is printed.
MOST_ERROR = 0.1


@dataclass(frozen=True, slots=True)
class SpreadShares:
    """Shares of the variance of a number's ranks, from 0 to 1, and their standard error.

    `informed` is that of parameters with a source or learned from figures, `assumed` that of all other parameters, and
    `rest` what no parameter explains by itself.
    """

    informed: float
    assumed: float
    rest: float
    error: float

    @property
    def said(self) -> bool:
        """Whether there are simulations enough to say it."""
        return self.error <= MOST_ERROR


def spread_shares(values: Floats, draws: Floats, informed: Sequence[bool]) -> SpreadShares | None:
    """What the spread of a number rests on.

    Parameters
    ----------
    values
        The number in each simulation, ``(n,)``.
    draws
        Parameters of each simulation, ``(n, P)``.
    informed
        Whether a source or the figures inform each of the P parameters.

    Returns
    -------
    SpreadShares or None
        None for a number that does not vary, or with fewer than three simulations.
    """
    n = len(values)
    if n < 3 or np.ptp(values) == 0:
        return None
    varied = np.ptp(draws, axis=0) > 0
    columns = np.column_stack([ranked(column) for column in draws[:, varied].T]) if varied.any() else np.empty((n, 0))
    wanted, noise = ranked(values), 1.0 / (n - 1)
    wanted, columns = wanted - wanted.mean(), columns - columns.mean(axis=0)
    scale = np.sqrt((columns**2).sum(axis=0) * (wanted**2).sum())
    squares = ((columns.T @ wanted) / scale) ** 2 - noise
    known = np.asarray(informed, dtype=bool)[varied]
    parts = [max(float(squares[chosen].sum()), 0.0) for chosen in (known, ~known)]
    whole = max(sum(parts), 1.0)
    first, second = (part / whole for part in parts)
    return SpreadShares(first, second, 1.0 - first - second, math.sqrt(2.0 * varied.sum()) / n)


def shares_of(run: Run, model: Model, quantity: str, country: str | None, month: int) -> SpreadShares | None:
    """What the spread of a quantity of a run rests on, at one month."""
    draws, informed = _parameters(run, model, country)
    return spread_shares(_values(run, quantity, country, month), draws, informed)


def _values(run: Run, quantity: str, country: str | None, month: int) -> Floats:
    axis = "month" if country is None else "origin_month"
    return np.asarray(run.quantity(quantity, country).sel({axis: month}).values, dtype=np.float64)


def _parameters(run: Run, model: Model, country: str | None) -> tuple[Floats, list[bool]]:
    """Draws of the parameters that a place's numbers follow ``(n, P)``, and whether something published informs each.

    A parameter is informed if its prior has a source or comes from the reference class, or if the figures inform it.
    """
    known, rests = {k.name: k for k in model.parameters}, basis(run, model)
    effects = effects_of(model, country)
    names = [name for name in run.parameters if name in known or name in effects]
    draws = np.asarray(run.dataset["parameters"].sel(parameter=names).values, dtype=np.float64)
    learned = {name for name, word in rests.words.items() if word != PRIOR_ONLY}
    informed = [name in learned or (name in known and not known[name].uninformed) for name in names]
    return draws, informed


def shares_sentence(shares: SpreadShares | None) -> str:
    """One sentence for a reader who knows no statistics; empty for a number that does not vary."""
    if shares is None:
        return ""
    if not shares.said:
        return "Too few simulations to say what its spread rests on: 500 or more can."
    return (
        f"What its spread rests on: {_percent(shares.informed)} on parameters with a published source or learned from "
        f"figures, {_percent(shares.assumed)} on parameters that are assumptions, {_percent(shares.rest)} on chance, "
        f"events and several together (each give or take {math.ceil(100 * shares.error)} points)."
    )


def shares_note(run: Run, country: str | None, at: str | int | None = None) -> tuple[str, ...]:
    """One line for a forecast: of each pathway, the share of its spread that sourced or learned parameters explain."""
    model, month = model_of(run), run.month(at)
    code = None if country is None else run.origin(country)
    pathways = run.pathways(month, code)
    draws, informed = _parameters(run, model, code)
    found = {
        str(row["label"]): spread_shares(_values(run, str(name), code, month), draws, informed)
        for name, row in pathways.iterrows()
    }
    said = [f"{label} {_percent(one.informed)}" for label, one in found.items() if one is not None and one.said]
    if not said:
        return ()
    return (
        "Share of the spread that rests on parameters with a published source or learned from figures: "
        f"{', '.join(said)}. The rest follows assumptions, chance and events; `afterfall why` divides it for a number.",
    )


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"
