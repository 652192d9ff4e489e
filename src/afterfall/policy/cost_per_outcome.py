"""Cost per outcome: what one person (or attempt) fewer costs, with its interval, or that it cannot be stated.

With c the extra cost of an option against the status quo and e its effect (the judged difference, positive where it is
better), paired by simulation, the cost of one unit of the outcome is the ratio of means ``mean(c) / mean(e)``. Its 90 %
interval is Fieller's (1954, doi:10.1111/j.2517-6161.1954.tb00159.x), which allows for c and e being correlated::

    (mean(c) - R mean(e))^2 = z^2 (var(c) - 2 R cov(c, e) + R^2 var(e)) / n

It is bounded only if mean(e) differs from zero at the same level. Where it does not, a ratio says nothing and none is
given; nor is one where the option is worse on the outcome. The interval is that of the mean over the simulations, as
far as their number settles it. How often the option is better at all is stated with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from afterfall.model.language.parameters import Z95
from afterfall.policy.costs import Spending
from afterfall.policy.endpoints import ATTEMPTS, SIMULATIONS, Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.policy.paired_differences import Floats

#: Why there is no ratio.
NO_EFFECT, HARMS, NO_COST = "the effect cannot be distinguished from zero", "it is worse", "it costs nothing more"


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What one unit of an outcome costs, in the unit of a cost.

    Attributes
    ----------
    unit
        Unit of the cost.
    mean, low90, high90
        Ratio of means and its 90% interval; NaN where it cannot be stated.
    better
        Share of simulations in which the option is better on the outcome.
    why_not
        Why it cannot be stated; empty where it can.
    """

    unit: str
    mean: float
    low90: float
    high90: float
    better: float
    why_not: str = ""


def ratio_of_means(costs: Floats, effects: Floats) -> tuple[float, float, float]:
    """Ratio of the mean of `costs` to that of `effects` ``(n,)``, with its 90% interval; NaN where it is unbounded."""
    n = len(effects)
    cost, effect = float(costs.mean()), float(effects.mean())
    if n < 2:
        return math.nan, math.nan, math.nan
    (cc, ce), (_, ee) = np.cov(costs, effects) / n
    squared = Z95**2
    a, b, c = effect**2 - squared * ee, cost * effect - squared * ce, cost**2 - squared * cc
    if a <= 0.0:
        return math.nan, math.nan, math.nan
    half = math.sqrt(max(0.0, b * b - a * c))
    return cost / effect, (b - half) / a, (b + half) / a


def cost_per_outcome(found: OptionSet, option: int, outcome: Endpoint, extra: Spending) -> UnitPrice:
    """What an option pays for one unit of an outcome, against the first option.

    Parameters
    ----------
    found
        Options with common random numbers.
    option
        Position of the option.
    outcome
        An outcome that is better in one direction.
    extra
        A cost, as what the option spends more than the first (`extra_costs`).
    """
    effects = found.judged_differences(option, 0, outcome)
    if outcome.quantity.startswith(ATTEMPTS):
        effects = effects / SIMULATIONS
    better = float((effects > 0).mean())
    ratio, low, high = ratio_of_means(extra.amount, effects)
    why = _why_not(ratio, float(effects.mean()), extra.amount)
    if why:
        ratio = low = high = math.nan
    return UnitPrice(extra.unit, ratio, low, high, better, why)


def extra_costs(found: OptionSet, option: int) -> dict[str, Spending]:
    """Costs in which an option differs from the first in some simulation, as the difference."""
    changed = {}
    for name, one in found.spent[option].items():
        extra = one.amount - found.spent[0][name].amount
        if extra.any():
            changed[name] = Spending(one.lever, one.unit, one.status, one.note, extra, one.currency, one.price_year)
    return changed


def _why_not(ratio: float, effect: float, extra: Floats) -> str:
    if math.isnan(ratio):
        return NO_EFFECT
    if effect < 0.0:
        return HARMS
    return NO_COST if float(extra.mean()) <= 0.0 else ""
