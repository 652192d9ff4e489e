"""Several options refined together: on few simulations of each first, then on more of the same.

Every option is a comparison of a `Session` with side A, so that all options have the same simulations. What a step adds
up to is an `OptionSet`, the same as `afterfall.compare_options` gives with as many simulations, apart from differences
at fixed rho, which are not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from afterfall.live.refinement import Refinement
from afterfall.live.session import Session
from afterfall.policy.comparison import ComparedRuns, Comparison
from afterfall.policy.option_set import STATUS_QUO, OptionSet, option_set
from afterfall.policy.option_texts import Option


@dataclass(frozen=True, slots=True)
class RefinedOptions:
    """Options on the simulations made so far; `final` where no more will be made."""

    options: OptionSet
    simulations: int
    final: bool


class OptionRefinement(Iterator[RefinedOptions]):
    """Options of a session, one step for all of them at a time.

    Parameters
    ----------
    session
        The session; its side A is what the options are compared with.
    options
        The options, with different names.
    country
        Code or name of the origin whose people are meant; None for everyone.
    most
        Simulations of each in the last step.
    caller
        Who asks: each caller supersedes only their own work.
    between
        Called before each option of a step, with the number of options that the step has.

    Raises
    ------
    ValueError
        If there is no option, or a policy does not fit the model.
    """

    def __init__(
        self,
        session: Session,
        options: Sequence[Option],
        *,
        country: str | None = None,
        most: int | None = None,
        caller: str = "",
        between: Callable[[int], object] = lambda _: None,
    ) -> None:
        if not options:
            raise ValueError("no option: expected one or more")
        self._names = (STATUS_QUO, *(one.name for one in options))
        self._each: tuple[Refinement, ...] = tuple(
            session.compare(policy=one.policy, country=country, most=most, caller=f"{caller} option {k}")
            for k, one in enumerate(options)
        )
        self._most = min(session.steps[-1], most or session.steps[-1])
        self._between, self._done = between, 0

    @property
    def superseded(self) -> bool:
        """Whether it was cancelled, or later options were asked for."""
        return any(one.superseded for one in self._each)

    def cancel(self) -> None:
        """End it: simulations that are being made on another thread stop soon."""
        for one in self._each:
            one.cancel()

    def __next__(self) -> RefinedOptions:
        """The next step, for all options."""
        if self._done >= self._most:
            raise StopIteration
        found: list[Comparison] = []
        for k, one in enumerate(self._each):
            self._between(k)
            step = next(one)
            found.append(step.comparison)
        self._done = step.simulations
        first = found[0]
        made = ComparedRuns(first.a, tuple(c.b for c in found), first.country, first.month, tuple({} for _ in found))
        return RefinedOptions(option_set(self._names, made), self._done, final=self._done >= self._most)
