"""A policy: levers set to an intensity, from a month on, for some origins. `AS_NOW` sets none.

A lever acts once on an origin. Where several settings of a lever apply to the same origin, the one that names fewer
origins takes precedence (a setting that names none applies to everyone); of two that name equally many, the later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from afterfall.model.levers.declaration import Lever


@dataclass(frozen=True, slots=True)
class Setting:
    """One lever at one intensity.

    `origins` are those to whose people it applies (None: everyone); `start` is the first month in which it acts, where
    1 is the month after the as-of date.
    """

    lever: Lever
    intensity: float
    origins: tuple[str, ...] | None = None
    start: int = 1

    def label(self) -> str:
        """An exact label of the setting: lever, intensity, origins and first month."""
        whom = "everyone" if self.origins is None else "+".join(self.origins)
        return f"{self.lever.name}={self.intensity:g} for {whom} from month {self.start}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A named list of settings. A `counterfactual` uses what was not public at the as-of date."""

    name: str
    title: str
    settings: tuple[Setting, ...] = ()
    counterfactual: bool = False

    def labels(self) -> tuple[str, ...]:
        """Labels of all settings, in a fixed order."""
        return tuple(sorted(s.label() for s in self.settings))

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers that are set, each once, in alphabetical order."""
        by_name = {s.lever.name: s.lever for s in self.settings}
        return tuple(by_name[name] for name in sorted(by_name))

    def joined(self, settings: Sequence[Setting], name: str, title: str) -> Policy:
        """The policy with more settings; each replaces that of the same lever and origins, whenever that starts."""
        stated = [*self.settings, *settings]
        last = {(s.lever.name, s.origins): i for i, s in enumerate(stated)}
        kept = tuple(s for i, s in enumerate(stated) if last[s.lever.name, s.origins] == i)
        return Policy(name, title, kept, self.counterfactual)

    def resolved(self, origins: Sequence[str]) -> tuple[Setting, ...]:
        """Settings in which every lever is set at most once for each of `origins`, in the order stated.

        A setting that takes precedence for all of its origins is kept as it is; otherwise it names those for which it
        does.
        """
        ruling = {(lever.name, origin): self._ruling(lever.name, origin) for lever in self.levers for origin in origins}
        found = []
        for i, setting in enumerate(self.settings):
            meant = tuple(dict.fromkeys(origins if setting.origins is None else setting.origins))
            own = tuple(o for o in meant if ruling.get((setting.lever.name, o)) == i)
            if own:
                found.append(setting if own == meant else replace(setting, origins=own))
        return tuple(found)

    def _ruling(self, lever: str, origin: str) -> int | None:
        """Position of the setting of a lever that takes precedence for an origin; None without any."""
        speaking = [
            (-len(set(s.origins)) if s.origins is not None else float("-inf"), i)
            for i, s in enumerate(self.settings)
            if s.lever.name == lever and (s.origins is None or origin in s.origins)
        ]
        return max(speaking)[1] if speaking else None


AS_NOW = Policy("as-now", "as on the as-of date")
