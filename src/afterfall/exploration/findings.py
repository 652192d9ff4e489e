"""What follows from an exploration on one outcome: robustness, where options win and fail, what they rest on, flips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from afterfall.exploration.explored import Exploration
from afterfall.exploration.rank_flips import RankFlip, rank_flips
from afterfall.exploration.robustness import Robustness, preferred, robustness, target_of
from afterfall.exploration.scenario_boxes import Discovery, discover
from afterfall.exploration.sobol_indices import Sensitivity, sensitivities
from afterfall.policy.endpoints import Endpoint

#: Share of scenarios from which on a statement on an option is called robust.
ROBUST = 0.95


@dataclass(frozen=True)
class Findings:
    """What follows on one outcome.

    Attributes
    ----------
    explored
        The exploration.
    outcome
        The outcome by which options are ranked.
    target
        Level for the domain criterion, in people.
    robustness
        Measures of each option, in order.
    preferred
        By measure: the options that it prefers.
    discoveries
        Where each option is best, and where it is worse than the first.
    sensitivities
        Indices by option and assumption.
    flips
        Rank flips by assumption.
    """

    explored: Exploration = field(repr=False)
    outcome: Endpoint
    target: float
    robustness: tuple[Robustness, ...]
    preferred: Mapping[str, tuple[str, ...]]
    discoveries: tuple[Discovery, ...]
    sensitivities: tuple[Sensitivity, ...]
    flips: tuple[RankFlip, ...]

    def where(self, option: str, happening: str) -> Discovery | None:
        """Where something happens to an option."""
        return next((d for d in self.discoveries if (d.option, d.happening) == (option, happening)), None)

    def rests_on(self, option: str) -> Sensitivity | None:
        """The assumption that accounts for most of the variance of an option, where one is known."""
        return next((s for s in self.sensitivities if s.option == option), None)


def findings_of(explored: Exploration, outcome: Endpoint, target: float | None = None) -> Findings:
    """What follows from an exploration on an outcome.

    Parameters
    ----------
    explored
        The exploration.
    outcome
        An outcome that is better in one direction (`Exploration.outcome`).
    target
        Level for the domain criterion, in people; by default the first option's mean over scenarios.
    """
    measures, seed = robustness(explored, outcome, target), explored.plan.seed
    best, worse = explored.best(outcome), explored.worse(outcome)
    discoveries = []
    for i in range(len(explored.options)):
        discoveries.append(discover(explored, i, "best", best[:, i], seed))
        if i:
            discoveries.append(discover(explored, i, "worse", worse[:, i], seed))
    return Findings(
        explored=explored,
        outcome=outcome,
        target=target_of(explored, outcome, target),
        robustness=measures,
        preferred=preferred(explored, outcome, measures),
        discoveries=tuple(discoveries),
        sensitivities=sensitivities(explored, outcome),
        flips=rank_flips(explored, outcome),
    )
