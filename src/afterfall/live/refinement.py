"""One comparison that is refined while somebody watches: its steps, and how it shares the processors with others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from afterfall.policy.comparison import Comparison


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a comparison shares the processors with others, and says how far it is; by default it does neither.

    Attributes
    ----------
    others_first
        Whether somebody else is to go first: asked before each few simulations.
    let_pass
        Called where somebody is, and returns when this comparison may go on.
    simulated
        Called once the simulations of a step are there: what is left of the step needs one processor.
    report
        Called before each simulation, and after the last, with how many of the step are made, and how many it has to
        make, of both sides.
    """

    others_first: Callable[[], bool] = lambda: False
    let_pass: Callable[[], object] = _nothing
    simulated: Callable[[], object] = _nothing
    report: Callable[[int, int], object] = lambda _done, _total: None

    def part(self, number: int, of: int) -> Sharing:
        """The same for one of several equal parts of a step."""
        return replace(self, report=lambda done, total: self.report(number * total + done, of * total))


ALONE = Sharing()


@dataclass(frozen=True, slots=True)
class Refined:
    """A comparison on the simulations made so far.

    Attributes
    ----------
    comparison
        What `afterfall.compare` gives with as many simulations; `at_rho` is filled in the final one only.
    simulations
        Simulations of each side.
    final
        Whether this is the last: the same as `afterfall.compare`, whole.
    """

    comparison: Comparison
    simulations: int
    final: bool


class Refinement(Iterator[Refined]):
    """One comparison, refined step by step as it is iterated over. It ends early once a later one is asked for."""

    def __init__(self, steps: Iterator[Refined], current: Callable[[], bool], cancel: Callable[[], object]) -> None:
        self._steps, self._current, self._cancel = steps, current, cancel

    def __next__(self) -> Refined:
        """The next step; it takes as long as the simulations that it adds."""
        return next(self._steps)

    @property
    def superseded(self) -> bool:
        """Whether it was cancelled, or a later comparison was asked for."""
        return not self._current()

    def cancel(self) -> None:
        """End it: a step that is being made on another thread stops within a few simulations."""
        if self._current():
            self._cancel()
