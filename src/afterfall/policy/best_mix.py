"""The best mix of levers under a budget, searched on common random numbers.

Each lever to be searched has a few intensities: as now (not set), and those given, by default half way from now to full
and full. Every combination is a candidate. All have the same simulations, so that two candidates are compared
simulation by simulation. They race (sequential halving, Karnin, Koren and Somekh 2013): all are simulated a little, the
better quarter of those within the budget four times as much, and so on, until `FINALISTS` are left, which are simulated
in full and compared like any options (`option_set`). The status quo is always among them. Rounds and the order of the
finalists use the first half of the simulations. What a mix gains is that in the second half, by which none was
preferred, so that the best does not look better than it is. Whether a finalist keeps to a budget, and what it spends,
are reported from all simulations. Of mixes that are equal, the one that spends less comes first (by the first budget,
then the next), then the one that sets fewer levers, then the one whose name comes first.

A candidate is judged by the mean of its judged difference from the status quo on one outcome, net of deaths. It is
within a budget if its mean extra spending is; before the last round one is dropped only if its spending exceeds the
budget by more than two standard errors.

Assumption: the best of the first, short rounds may be missed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case
from afterfall.case.problems import did_you_mean
from afterfall.model.language.case_view import CaseView
from afterfall.model.levers import Catalogue, Lever, Policy
from afterfall.model.levers.applying import level_now
from afterfall.policy.budgets import Budget
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.policy.paired_differences import Floats
from afterfall.run.errors import SettingError
from afterfall.shown import Shown

#: Options that are simulated in full, the status quo aside.
FINALISTS = 4
#: Candidates at most, and simulations of each in the first round at least.
MOST, FEWEST = 300, 8
#: How much more a round simulates than the one before, and the share of candidates that it keeps.
GROWTH = 4
#: Standard errors by which a candidate must exceed a budget to be dropped before the last round.
CLEARLY = 2.0
#: A text such as ``border=0.4,0.8`` by lever.
Intensities = tuple[float, ...]
#: Makes an `OptionSet` of policies under names with so many simulations, kept in run folders if the last is true.
Measure = Callable[[Sequence[tuple[str, Policy]], int, bool], OptionSet]


@dataclass(frozen=True)
class Mix:
    """A mix among the finalists.

    Attributes
    ----------
    name
        Its settings, such as ``border=0.8 programmes=1``; ``now`` for the status quo.
    chosen_by
        Mean judged difference from the status quo in the first half of the simulations, by which mixes are ordered.
    gain
        The same in the second half: positive is better.
    spent
        Mean extra spending by budget.
    over
        Share of simulations in which it exceeds a budget.
    within
        Whether it is within every budget on average.
    best
        Share of the second half in which no other mix within the budget is better.
    """

    name: str
    chosen_by: float
    gain: float
    spent: Mapping[str, float]
    over: float
    within: bool
    best: float


@dataclass(frozen=True)
class BestMix(Shown):
    """The best mix under budgets, and the others that were simulated in full.

    Attributes
    ----------
    outcome
        What is judged.
    budgets
        The budgets.
    candidates
        Number of mixes searched, the status quo included.
    mixes
        Finalists within the budget first, the best by the first half of the simulations first.
    options
        The same as options side by side, the status quo first.
    """

    outcome: Endpoint
    budgets: tuple[Budget, ...]
    candidates: int
    mixes: tuple[Mix, ...]
    options: OptionSet

    @property
    def best(self) -> Mix:
        """The best mix within the budget; the status quo where none is better."""
        return self.mixes[0]

    def cheaper(self, least: float) -> Mix | None:
        """The mix that spends least of the first budget and is within `least` of the best; None if that is the best.

        As the best, it is chosen by the first half of the simulations.
        """
        if not self.budgets:
            return None
        name = self.budgets[0].name
        near = [one for one in self.mixes if one.within and one.chosen_by >= max(self.best.chosen_by - least, 1e-9)]
        first = min(near, key=lambda one: one.spent[name], default=self.best)
        return None if first.spent[name] >= self.best.spent[name] else first

    @property
    def runner_up(self) -> Mix | None:
        """The second within the budget; None if there is no second."""
        second = self.mixes[1:2]
        return second[0] if second and second[0].within else None


def read_mix(catalogue: Catalogue, view: CaseView, texts: Sequence[str], country: str | None) -> dict[str, Intensities]:
    """Intensities of levers from texts such as ``border`` or ``border=0.4,0.8``.

    Raises
    ------
    SettingError
        If a lever or an intensity cannot be used, or there are too many combinations; all problems are listed.
    """
    found: dict[str, Intensities] = {}
    problems = []
    for text in texts:
        name, equals, numbers = (part.strip() for part in text.partition("="))
        if name not in catalogue.levers:
            problems.append(f"no lever {name!r}{did_you_mean(name, catalogue.levers)}")
            continue
        lever = catalogue.levers[name]
        try:
            stated = tuple(dict.fromkeys(float(n) for n in numbers.split(","))) if equals else ()
            levels = stated or _usual(lever, view, country)
        except ValueError:
            levels = (math.nan,)
        if name in found or not all(0.0 <= level <= 1.0 for level in levels):
            problems.append(f"{text!r}: expected each lever once, as NAME or NAME=0.4,0.8 with intensities from 0 to 1")
        found[name] = levels
    number = math.prod(1 + len(levels) for levels in found.values())
    if not problems and number > MOST:
        problems.append(f"{number:,} combinations, expected at most {MOST}: name fewer levers or intensities")
    if problems:
        raise SettingError("\n  ".join(["{0} cannot be used:", *problems]), "mix")
    return found


def _usual(lever: Lever, view: CaseView, country: str | None) -> Intensities:
    """Half way from now to full, and full."""
    now = level_now(lever, view.case, country)
    return tuple(dict.fromkeys((round((now + 1.0) / 2.0, 3), 1.0)))


def candidates(
    catalogue: Catalogue, case: Case, intensities: Mapping[str, Intensities], country: str | None
) -> list[tuple[str, Policy]]:
    """Every combination by its name, the status quo left out.

    Raises
    ------
    ValueError
        If a lever was not yet public on the as-of date of the case.
    """
    found = []
    for levels in itertools.product(*((None, *own) for own in intensities.values())):
        chosen = [(name, level) for name, level in zip(intensities, levels, strict=True) if level is not None]
        if chosen:
            settings = [f"{name}={level:g}" for name, level in chosen]
            found.append((" ".join(settings), catalogue.policy(case, None, settings, country)))
    return found


def race(
    policies: Sequence[tuple[str, Policy]],
    outcome: str,
    budgets: Sequence[Budget],
    measure: Measure,
    trajectories: int,
) -> BestMix:
    """The best mix of several policies.

    Parameters
    ----------
    policies
        Candidates by name.
    outcome
        Name of an outcome that is better in one direction.
    budgets
        Budgets that a mix must keep to.
    measure
        Makes options of candidates; the status quo is added first, under the name ``now``.
    trajectories
        Simulations of each finalist.

    Raises
    ------
    SettingError
        If the outcome is better in neither direction, or there is none of that name.
    """
    left, number, half = list(policies), max(FEWEST, trajectories // GROWTH**2), trajectories // 2
    while len(left) > FINALISTS and number <= half:
        found = measure(left, number, False)
        ranked = _ranked(found, _outcome(found, outcome), budgets, CLEARLY)
        number *= GROWTH
        keep = FINALISTS if number > half else max(FINALISTS, math.ceil(len(left) / GROWTH))
        left = [left[i - 1] for i in _kept(found, ranked, budgets, keep)]
    found = measure(left, trajectories, True)
    judged = _outcome(found, outcome)
    return BestMix(judged, tuple(budgets), len(policies) + 1, _mixes(found, judged, budgets), found)


def _outcome(found: OptionSet, name: str) -> Endpoint:
    known = {o.quantity: o for o in found.judged}
    if name not in known:
        raise SettingError(
            f"{{0}}: no outcome {name!r} that is better in one direction{did_you_mean(name, known)}; expected one of "
            f"{', '.join(known)}",
            "outcome",
        )
    return known[name]


def _ranked(found: OptionSet, outcome: Endpoint, budgets: Sequence[Budget], errors: float) -> list[int]:
    """Positions of options within the budget, the best first; of none within it, the one that exceeds it least."""
    gains = {i: float(found.judged_differences(i, 0, outcome).mean()) for i in range(1, len(found.names))}
    allowed = [i for i in gains if all(_within(found, i, one, errors) for one in budgets)]
    if not allowed:
        return [min(gains, key=lambda i: max(_extra(found, i, one).mean() / max(one.amount, 1e-9) for one in budgets))]
    return sorted(allowed, key=lambda i: _order(found, i, gains[i], budgets))


def _order(
    found: OptionSet, option: int, gain: float, budgets: Sequence[Budget]
) -> tuple[float, tuple[float, ...], int, str]:
    """By what mixes are sorted: gain, then spending, then levers set, then name; amounts are rounded, for they sum."""
    spent = tuple(round(float(_extra(found, option, one).mean()), 9) for one in budgets)
    return -round(gain, 9), spent, found.names[option].count("="), found.names[option]


def _kept(found: OptionSet, ranked: Sequence[int], budgets: Sequence[Budget], keep: int) -> list[int]:
    """Those that go on: half of them are the best that keep to the budgets on average, the others the best of all."""
    sure = [i for i in ranked if all(_within(found, i, one) for one in budgets)][: math.ceil(keep / 2)]
    return [*sure, *(i for i in ranked if i not in sure)][:keep]


def _extra(found: OptionSet, option: int, budget: Budget) -> Floats:
    return budget.spent(found.spent[option]) - budget.spent(found.spent[0])


def _within(found: OptionSet, option: int, budget: Budget, errors: float = 0.0) -> bool:
    extra = _extra(found, option, budget)
    return bool(extra.mean() - errors * extra.std() / math.sqrt(extra.size) <= budget.amount)


def _mixes(found: OptionSet, outcome: Endpoint, budgets: Sequence[Budget]) -> tuple[Mix, ...]:
    every, half = range(len(found.names)), found.any.trajectories // 2
    allowed = [i for i in every if all(_within(found, i, one) for one in budgets)]
    made: list[Mix] = []
    for i in every:
        gains = found.judged_differences(i, 0, outcome)
        ahead = np.array([found.judged_differences(j, i, outcome)[half:] for j in allowed if j != i])
        best = (ahead <= 0).all(axis=0) if ahead.size else np.ones(gains.size - half, dtype=bool)
        extra = {one.name: _extra(found, i, one) for one in budgets}
        over = [extra[one.name] > one.amount for one in budgets]
        mix = Mix(
            name=found.names[i],
            chosen_by=float(gains[:half].mean()) if half else 0.0,
            gain=float(gains[half:].mean()),
            spent={name: float(values.mean()) for name, values in extra.items()},
            over=float(np.any(over, axis=0).mean()) if over else 0.0,
            within=i in allowed,
            best=float(best.mean()) if i in allowed else 0.0,
        )
        made.append(mix)
    ranked = sorted(every, key=lambda i: (not made[i].within, _order(found, i, made[i].chosen_by, budgets)))
    return tuple(made[i] for i in ranked)
