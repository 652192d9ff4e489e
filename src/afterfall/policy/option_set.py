"""Several options side by side: what each changes against the status quo, which is best how often, and how far behind.

All options and the status quo have the same simulations (common random numbers), so any two are paired simulation by
simulation. What is judged is net of deaths and births, as in `paired_differences`.

**Best, and regret.** In simulation k an option is *best* on an outcome if no other is better there. Its *regret* is how
much better the best other option is, in the unit of the outcome, and zero if it is best::

    regret[i, k] = max over j of the judged difference of j against i, where j is better

Among options that are all equal all are best. Regret says what a wrong choice costs, which the share of simulations in
which an option is best does not: an option may be best rarely and never be far behind (Savage 1951,
doi:10.1080/01621459.1951.10500768).

**Dominated.** An option is dominated by another that is not worse on the mean of any judged outcome, and that the
simulations call better on at least one (`Difference.verdict`). Means are those of the judged differences; outcomes that
are better in neither direction do not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from afterfall.policy.attempts_expected import summed
from afterfall.policy.comparison import ComparedRuns, Comparison, levers_of
from afterfall.policy.costs import Spending, spending
from afterfall.policy.endpoints import ATTEMPTS, BORN, DEAD, SIMULATIONS, Endpoint
from afterfall.policy.paired_differences import Difference, Floats, Verdict, difference, net_of_deaths
from afterfall.policy.people_counts import People
from afterfall.shown import Shown

#: The name of the status quo among options.
STATUS_QUO = "now"
#: A difference of means, in people, that counts as one: between options, and for a row of a table.
WORTH = 0.05
#: Share of simulations in which an option must differ on an outcome for it to have a row.
SELDOM = 0.05
#: People by which an outcome must change on average for a verdict; any `WORTH` of harm done; and of attempts, the share
#: of those expected under the first option.
NOTEWORTHY, SHARE_OF_ATTEMPTS = 0.5, 0.05
#: Standard errors of the simulations by which a mean must differ from zero for a row.
ERRORS = 2.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How an option stands among all on one outcome.

    Attributes
    ----------
    best
        Share of simulations in which no other option is better.
    alone
        Share of simulations in which it is better than every other.
    regret
        Mean of how much better the best other option is, in the unit of the outcome.
    regret95
        95th percentile of the same.
    """

    best: float
    alone: float
    regret: float
    regret95: float


@dataclass(frozen=True)
class OptionSet(Shown):
    """Options with common random numbers.

    Attributes
    ----------
    names
        Names of the options, that of what they are compared with first.
    comparisons
        Each other option against the first.
    values
        People by outcome, ``(option, simulation)``.
    deaths
        Deaths less births of the same people, ``(option, simulation)``; under `ATTEMPTS` those of everyone for each of
        so many simulations.
    spent
        What each option spends, by name (`afterfall.policy.costs`).
    """

    names: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    values: Mapping[str, Floats] = field(repr=False)
    deaths: Mapping[str, Floats] = field(repr=False)
    spent: tuple[Mapping[str, Spending], ...] = field(repr=False, default=())

    @property
    def any(self) -> Comparison:
        """One of the comparisons, for what all share."""
        return self.comparisons[0]

    @cached_property
    def outcomes(self) -> tuple[Endpoint, ...]:
        """Every outcome of any comparison, in order."""
        by_name = {o.quantity: o for one in self.comparisons for o in one.endpoints if o.quantity in self.values}
        return tuple(by_name.values())

    @property
    def judged(self) -> tuple[Endpoint, ...]:
        """Outcomes that are better in one direction."""
        return tuple(o for o in self.outcomes if o.direction != "neither")

    def option(self, name: str) -> int:
        """Position of an option.

        Raises
        ------
        KeyError
            If there is none of that name.
        """
        if name not in self.names:
            raise KeyError(f"no option {name!r}; expected one of {', '.join(self.names)}")
        return self.names.index(name)

    def between(self, one: int, other: int, outcome: Endpoint) -> Difference:
        """The paired difference of option `one` minus option `other` on an outcome."""
        values = self.values[outcome.quantity]
        return difference(values[other], values[one], outcome.direction, self._dead(one, other, outcome))

    def judged_differences(self, one: int, other: int, outcome: Endpoint) -> Floats:
        """Judged difference of option `one` minus option `other` in each simulation ``(n,)``: positive is better."""
        values = self.values[outcome.quantity]
        gap = net_of_deaths(values[one] - values[other], self._dead(one, other, outcome), outcome.direction)
        return gap if outcome.direction == "more" else -gap

    def standing(self, outcome: Endpoint) -> tuple[Standing, ...]:
        """How every option stands on an outcome.

        Raises
        ------
        ValueError
            If the outcome is better in neither direction.
        """
        if outcome.direction == "neither":
            raise ValueError(f"{outcome.quantity!r} is better in neither direction")
        found, every = [], range(len(self.names))
        for one in every:
            ahead = np.array([self.judged_differences(other, one, outcome) for other in every if other != one])
            regret = np.maximum(ahead, 0.0).max(axis=0)
            behind = (ahead < 0).all(axis=0)
            found.append(
                Standing(
                    best=float((regret == 0).mean()),
                    alone=float(behind.mean()),
                    regret=float(regret.mean()),
                    regret95=float(np.quantile(regret, 0.95, method="higher")),
                )
            )
        return tuple(found)

    def changes(self, option: int, outcome: Endpoint) -> bool:
        """Whether an option differs from the first on an outcome.

        By `WORTH` on average, by more than `ERRORS` standard errors of the simulations, and in more than few of them.
        """
        values = self.values[outcome.quantity]
        gap = values[option] - values[0]
        mean, error = abs(float(gap.mean())), float(gap.std()) / np.sqrt(gap.size)
        return bool(mean >= WORTH and mean > ERRORS * error and (gap != 0).mean() >= SELDOM)

    def least(self, outcome: Endpoint) -> float:
        """Least mean change of an outcome for which a verdict is given, in its unit."""
        if outcome.quantity.startswith(ATTEMPTS):
            return max(WORTH, SHARE_OF_ATTEMPTS * float(self.values[outcome.quantity][0].mean()))
        return WORTH if outcome.group == "harm" else NOTEWORTHY

    def verdict(self, option: int, outcome: Endpoint) -> Verdict:
        """What the simulations say of an option against the first on an outcome."""
        return self.between(option, 0, outcome).verdict(self.least(outcome))

    def matters(self, outcome: Endpoint) -> bool:
        """Whether any option differs from the first on an outcome."""
        return any(self.changes(option, outcome) for option in range(1, len(self.names)))

    def dominated(self) -> dict[str, tuple[str, ...]]:
        """Options that others dominate, with the names of those."""
        every = range(len(self.names))
        found = {
            self.names[one]: tuple(self.names[other] for other in every if other != one and self._dominates(other, one))
            for one in every
        }
        return {name: by for name, by in found.items() if by}

    def _dominates(self, one: int, other: int) -> bool:
        gaps = [float(self.judged_differences(one, other, o).mean()) for o in self.judged]
        if min(gaps) < -1e-9:
            return False
        return any(self.between(one, other, o).verdict(self.least(o)) == "better" for o in self.judged)

    def _dead(self, one: int, other: int, outcome: Endpoint) -> Floats:
        dead = self.deaths[ATTEMPTS if outcome.quantity.startswith(ATTEMPTS) else DEAD]
        return np.asarray(dead[one] - dead[other])


def option_set(names: Sequence[str], made: ComparedRuns) -> OptionSet:
    """Options from their runs.

    Parameters
    ----------
    names
        Their names, that of the base first.
    made
        The runs.
    """
    sides = (made.base, *made.others)
    own = [People(side.run, made.country, made.month) for side in sides]
    everyone = [People(side.run, None, made.month) for side in sides]
    comparisons = made.comparisons()
    levers = levers_of([side.policy for side in sides])
    attempts = [summed(one, made.country) for one in made.expected]
    quantities = dict.fromkeys(o.quantity for one in comparisons for o in one.endpoints)
    values = {
        name: np.stack([side[name] for side in attempts] if name.startswith(ATTEMPTS) else [p.at(name) for p in own])
        for name in quantities
    }
    return OptionSet(
        names=tuple(names),
        comparisons=comparisons,
        values=values,
        deaths={
            DEAD: np.stack([p.at(DEAD) - p.at(BORN) for p in own]),
            ATTEMPTS: np.stack([SIMULATIONS * p.at(DEAD) for p in everyone]),
        },
        spent=tuple(spending(p, side.policy, levers, side.model.view) for p, side in zip(own, sides, strict=True)),
    )
