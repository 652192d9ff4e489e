"""A policy: levers set to an intensity, from a month on, for some origins. `AS_NOW` sets none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterfall.model.levers.declaration import Lever


@dataclass(frozen=True, slots=True)
class Setting:
    """One lever at one intensity.

    `origins` are those whose people it is for (None: everyone); `start` is the first month in which it acts, 1 being
    the month after the as-of date.
    """

    lever: Lever
    intensity: float
    origins: tuple[str, ...] | None = None
    start: int = 1

    def told(self) -> str:
        """The setting in words that name it exactly."""
        whom = "everyone" if self.origins is None else "+".join(self.origins)
        return f"{self.lever.name}={self.intensity:g} for {whom} from month {self.start}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A named list of settings. A `counterfactual` uses what was not public at the as-of date."""

    name: str
    title: str
    settings: tuple[Setting, ...] = ()
    counterfactual: bool = False

    def told(self) -> tuple[str, ...]:
        """All settings in words, in a fixed order."""
        return tuple(sorted(s.told() for s in self.settings))

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers that are set, each once, in alphabetical order."""
        by_name = {s.lever.name: s.lever for s in self.settings}
        return tuple(by_name[name] for name in sorted(by_name))

    def joined(self, settings: Sequence[Setting], name: str, title: str) -> Policy:
        """The policy with more settings; one of the same lever, origins and start replaces ours."""
        ours = {(s.lever.name, s.origins, s.start): s for s in self.settings}
        ours |= {(s.lever.name, s.origins, s.start): s for s in settings}
        return Policy(name, title, tuple(ours.values()), self.counterfactual)


AS_NOW = Policy("as-now", "as on the as-of date")
