"""Budgets: at most so much more than now, in one unit of work or in one currency.

A budget is ``NAME=AMOUNT``. The name is a kind of work (``imprisoned``, ``monitored``, ``repatriated``: person-months
or people, `endpoints.RESOURCES`), a cost of a lever (``border.screening``), or a currency (``CAD``: all that has a
published price in that currency, and nothing else). An option is within a budget if what it spends more than the status
quo, on average over the simulations, is no more than the amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case.problems import did_you_mean
from afterfall.policy.costs import Spending
from afterfall.policy.paired_differences import Floats
from afterfall.run.errors import SettingError

#: Factors of amounts such as ``2.5m``.
FACTORS = {"k": 1e3, "m": 1e6}
#: Costs in money that custodians and donors pay: no budget of a country covers them.
PAID_BY_OTHERS = ("money.detained",)


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `amount` more than the status quo, in the unit of a cost or in a currency."""

    name: str
    amount: float

    def spent(self, costs: Mapping[str, Spending]) -> Floats:
        """What a side spends of it ``(n,)``."""
        if self.name in costs:
            return costs[self.name].amount
        own = [one.amount for name, one in costs.items() if one.currency == self.name and name not in PAID_BY_OTHERS]
        return np.asarray(np.sum(own, axis=0)) if own else np.zeros(next(iter(costs.values())).amount.shape)

    def unit(self, costs: Mapping[str, Spending]) -> str:
        """Its unit in words."""
        return costs[self.name].unit if self.name in costs else self.name


def read_budgets(texts: Sequence[str]) -> tuple[Budget, ...]:
    """Budgets from texts such as ``imprisoned=240`` or ``CAD=5m``.

    Raises
    ------
    SettingError
        If a text is none, or a name comes twice; all are listed.
    """
    found: list[Budget] = []
    problems = []
    for text in texts:
        name, _, number = (part.strip() for part in text.partition("="))
        factor = FACTORS.get(number[-1:].lower(), 1.0)
        try:
            amount = float(number[:-1] if factor != 1.0 else number) * factor
        except ValueError:
            amount = float("nan")
        if not name or not np.isfinite(amount) or amount < 0.0:
            problems.append(f"{text!r}: expected NAME=AMOUNT with an amount from 0, such as imprisoned=240 or CAD=5m")
        elif any(one.name == name for one in found):
            problems.append(f"{text!r}: there are two budgets for {name!r}")
        else:
            found.append(Budget(name, amount))
    if problems:
        raise SettingError("\n  ".join(["{0} cannot be used:", *problems]), "budget")
    return tuple(found)


def check_budgets(budgets: Sequence[Budget], costs: Mapping[str, Spending]) -> None:
    """Refuse budgets for what the sides do not spend.

    Raises
    ------
    SettingError
        If there are any; the nearest name is given.
    """
    known = [*costs, *dict.fromkeys(one.currency for one in costs.values() if one.currency)]
    wrong = [f"{one.name!r}{did_you_mean(one.name, known)}" for one in budgets if one.name not in known]
    if wrong:
        raise SettingError(f"{{0}}: no cost {', '.join(wrong)}; expected one of {', '.join(known)}", "budget")
