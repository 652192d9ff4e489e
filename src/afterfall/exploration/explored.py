"""The result of an exploration: people in every case, and what is judged of them.

All cases have the same simulations, so that options differ within a scenario by their levers alone, and scenarios by
their assumptions alone. With v people under an option in simulation k of a scenario, and j the judged difference from
the first option (net of deaths and births, as in `afterfall.policy.paired_differences`), the *judged outcome* is::

    y[scenario, option] = mean over k of v[scenario, first, k] + mean over k of j[scenario, option, k]

which is the mean number of people wherever deaths and births are the same. Judged differences do not add up: that of B
from C is not the one from the first option to B less that to C where B and C differ in deaths. So any two options are
judged against each other, as in `afterfall.policy.option_set`. An option is *best* in a scenario if no other is better
than it on average over the simulations; its *regret* is by how much the best other option is, and zero if it is best.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from afterfall.engine.program import Floats
from afterfall.exploration.assumptions import Assumption
from afterfall.exploration.case_evaluator import COUNTRY, EVERYONE, ExplorePlan, People32
from afterfall.exploration.explore_request import ExploreRequest
from afterfall.model.language.case_view import CaseView
from afterfall.policy.endpoints import BORN, DEAD, Endpoint
from afterfall.policy.option_set import ERRORS, WORTH
from afterfall.policy.paired_differences import net_of_deaths
from afterfall.run.errors import UnknownName
from afterfall.run.months import add_months
from afterfall.run.provenance import Provenance
from afterfall.shown import Shown

if TYPE_CHECKING:
    from afterfall.exploration.findings import Findings

#: The outcome by which options are ranked, unless the user asks for another.
MAIN_OUTCOME = "undetected"
#: Judged outcomes that differ by less are equal: sums over simulations round.
EQUAL = 1e-9


@dataclass(frozen=True)
class Exploration(Shown):
    """Options explored over scenarios.

    Attributes
    ----------
    plan
        What was explored.
    request
        All that determines the numbers.
    outcomes, quantities
        The outcomes, and the quantities of the axis of `people`.
    labels, counters
        Labels of quantities, and those that count moves since the as-of date.
    people
        People ``(scenario, option, simulation, quantity, whose)``; whose: the country's, everyone.
    provenance
        How it was made.
    main
        The outcome by which options are ranked where no other is named.
    path, reused
        The folder, and whether all was there already.
    """

    plan: ExplorePlan
    request: ExploreRequest
    outcomes: tuple[Endpoint, ...]
    quantities: tuple[str, ...]
    labels: Mapping[str, str] = field(repr=False)
    counters: frozenset[str] = field(repr=False)
    people: People32 = field(repr=False)
    provenance: Provenance = field(repr=False)
    main: str = MAIN_OUTCOME
    path: Path | None = None
    reused: bool = False

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options, that of what they are compared with first."""
        return tuple(option.name for option in self.plan.options)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """The assumptions."""
        return self.plan.assumptions

    @property
    def values(self) -> Floats:
        """Values of the assumptions ``(scenario, assumption)``."""
        return self.plan.values

    @property
    def scenarios(self) -> int:
        """Number of scenarios."""
        return self.plan.scenarios

    @property
    def cases(self) -> int:
        """Number of explored cases: an option under a scenario each."""
        return self.scenarios * len(self.options)

    @property
    def simulations(self) -> int:
        """Simulations of each case."""
        return self.plan.simulations

    @property
    def date(self) -> date:
        """Date at which outcomes are counted."""
        return add_months(self.plan.case.as_of, self.plan.month)

    @property
    def place(self) -> str:
        """Name of the country, or ``everyone``."""
        if self.plan.country is None:
            return "everyone"
        return CaseView(self.plan.case).name(self.plan.country)

    def outcome(self, name: str | None = None) -> Endpoint:
        """An outcome by name; the main one for None.

        Raises
        ------
        UnknownName
            If it is not among those that are judged; the error names the nearest.
        """
        return outcome_named(self.outcomes, name or self.main)

    @property
    def judged(self) -> tuple[Endpoint, ...]:
        """Outcomes that are better in one direction."""
        return judged_ones(self.outcomes)

    def label(self, quantity: str) -> str:
        """Label of a quantity."""
        return self.labels[quantity] + (" since then" if quantity in self.counters else "")

    def means(self, quantity: str, *, everyone: bool = False) -> Floats:
        """Mean number of people ``(scenario, option)``."""
        return np.asarray(self._of(quantity, EVERYONE if everyone else COUNTRY).mean(axis=2))

    def differences(self, outcome: Endpoint, base: int = 0) -> Floats:
        """Judged differences from an option, by default the first, ``(scenario, option, simulation)``."""
        people, one = self._of(outcome.quantity), slice(base, base + 1)
        gap, dead = people - people[:, one], self._dead - self._dead[:, one]
        return net_of_deaths(gap, dead, outcome.direction)

    def outcome_values(self, outcome: Endpoint) -> Floats:
        """Judged outcomes ``(scenario, option)`` in people."""
        first = self._of(outcome.quantity)[:, :1].mean(axis=2)
        return np.asarray(first + self.differences(outcome).mean(axis=2))

    def losses(self, outcome: Endpoint) -> Floats:
        """Judged outcomes ``(scenario, option)`` with the sign by which less is better."""
        values = self.outcome_values(outcome)
        return values if outcome.direction == "less" else -values

    def behind(self, outcome: Endpoint) -> Floats:
        """How much worse each option is than each other, judged pairwise ``(scenario, option, other)``, in people."""
        sign = 1.0 if outcome.direction == "less" else -1.0
        pairs = [self.differences(outcome, other).mean(axis=2) for other in range(len(self.options))]
        return np.asarray(sign * np.stack(pairs, axis=2))

    def regrets(self, outcome: Endpoint) -> Floats:
        """How much better the best option is ``(scenario, option)``, in people."""
        return np.asarray(np.maximum(self.behind(outcome).max(axis=2), 0.0))

    def best(self, outcome: Endpoint) -> npt.NDArray[np.bool_]:
        """Whether no option is better ``(scenario, option)``; options that are equal are all best."""
        return np.asarray(self.regrets(outcome) <= EQUAL)

    def worse(self, outcome: Endpoint) -> npt.NDArray[np.bool_]:
        """Whether an option is worse than the first by `WORTH` or more ``(scenario, option)``."""
        losses = self.losses(outcome)
        return np.asarray(losses - losses[:, :1] >= WORTH)

    def better(self, outcome: Endpoint) -> npt.NDArray[np.bool_]:
        """Whether an option is better than the first by `WORTH` or more ``(scenario, option)``."""
        losses = self.losses(outcome)
        return np.asarray(losses[:, :1] - losses >= WORTH)

    def clear(self, outcome: Endpoint) -> npt.NDArray[np.bool_]:
        """Whether an option differs from the first by more than `ERRORS` standard errors ``(scenario, option)``."""
        gaps = self.differences(outcome)
        if self.simulations < 2:
            return np.zeros(gaps.shape[:2], dtype=bool)
        error = gaps.std(axis=2, ddof=1) / np.sqrt(self.simulations)
        return np.asarray(np.abs(gaps.mean(axis=2)) > ERRORS * error)

    def matters(self, outcome: Endpoint) -> bool:
        """Whether some option changes the outcome by `WORTH` or more in some scenario."""
        values = self.outcome_values(outcome)
        return bool((np.abs(values - values[:, :1]) >= WORTH).any())

    def findings(self, outcome: str | None = None, target: float | None = None) -> Findings:
        """What follows on an outcome: robustness, where options win and fail, what they rest on, rank flips.

        Parameters
        ----------
        outcome
            Name of an outcome that is better in one direction; the main one for None.
        target
            Level for the domain criterion, in people; by default the first option's mean over scenarios.

        Raises
        ------
        UnknownName
            If there is no such outcome.
        """
        from afterfall.exploration.findings import findings_of

        return findings_of(self, self.outcome(outcome), target)

    @cached_property
    def prior_weights(self) -> Floats:
        """Weights of the scenarios by the priors of the assumptions, within their ranges ``(scenario,)``; sum 1."""
        weights = np.ones(self.scenarios)
        for i, assumption in enumerate(self.assumptions):
            weights *= assumption.prior_weight(self.values[:, i])
        total = weights.sum()
        return weights / total if total > 0 else np.full(self.scenarios, 1.0 / self.scenarios)

    @property
    def effective_scenarios(self) -> float:
        """Number of scenarios of equal weight that those weighted by the priors are worth."""
        return float(1.0 / (self.prior_weights**2).sum())

    @cached_property
    def varied(self) -> tuple[tuple[int, ...], ...]:
        """By option: positions of the assumptions that it depends on, of itself or through what it is compared with."""
        levers = [{lever.name for lever in option.policy.levers} for option in self.plan.options]
        return tuple(
            tuple(i for i, a in enumerate(self.assumptions) if not a.causal or a.name.split(".")[1] in own | levers[0])
            for own in levers
        )

    @cached_property
    def _dead(self) -> Floats:
        """Deaths less births of the same people ``(scenario, option, simulation)``."""
        return self._of(DEAD) - self._of(BORN)

    def _of(self, quantity: str, whose: int = COUNTRY) -> Floats:
        place = self.quantities.index(quantity)
        return np.asarray(self.people[:, :, :, place, whose], dtype=float)


def judged_ones(outcomes: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """Those of some outcomes that are better in one direction."""
    return tuple(o for o in outcomes if o.direction != "neither")


def outcome_named(outcomes: Sequence[Endpoint], name: str) -> Endpoint:
    """An outcome by name.

    Raises
    ------
    UnknownName
        If it is not among those that are better in one direction; the error names the nearest.
    """
    judged = {o.quantity: o for o in judged_ones(outcomes)}
    if name not in judged:
        raise UnknownName("outcome", name, list(judged))
    return judged[name]
