"""Conditions against a model: the months in which each dated event may then happen, or what is wrong with them.

Everything that is wrong is reported together: names that the case does not have, dates outside the run, and conditions
that contradict the record or one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from afterfall.case.problems import did_you_mean
from afterfall.engine.program import Ints
from afterfall.engine.shared_series import unforced
from afterfall.model.mechanisms.capture import captors
from afterfall.model.mechanisms.future_breaks import break_event, collapse_event
from afterfall.model.mechanisms.learned_breaks import held_sites
from afterfall.model.mechanisms.merging import merger_with
from afterfall.run.conditions import (
    ALL,
    Condition,
    ConditionError,
    Given,
    check_date,
    day_meant,
    read_condition,
    several_conditions,
)
from afterfall.run.months import add_months

if TYPE_CHECKING:
    from afterfall.model import Model

Window = tuple[int, int]


@dataclass(frozen=True, eq=False)
class ConditionSet:
    """Conditions that a model can take.

    Attributes
    ----------
    texts
        The conditions in their usual form, sorted, each once: what the request of a run keeps.
    falls
        First and last month in which each dated event (a fall, a break or collapse of custody) may fire, by its index.
    mergers
        The same of each event of the organisations that is given.
    """

    texts: tuple[str, ...]
    falls: dict[int, Window] = field(default_factory=dict)
    mergers: dict[int, Window] = field(default_factory=dict)

    def forced(self, model: Model) -> Ints:
        """The month in which each dated event is forced to fire ``[K]``; `FREE` where the month is left open."""
        months = unforced(model.program)
        for k, (first, last) in self.falls.items():
            if first == last:
                months[k] = first
        return months

    def latest(self, model: Model) -> Ints:
        """The last month in which each dated event may fire ``[K]``; T + 1 where it need not."""
        months = np.full(len(model.program.token_key), model.horizon + 1, dtype=np.int32)
        for k, (_, last) in self.falls.items():
            months[k] = last
        return months


def conditions_on(given: Given, model: Model) -> ConditionSet | None:
    """Conditions, checked against a model; None without any.

    Raises
    ------
    ConditionError
        With every problem.
    """
    problems: list[tuple[str, str]] = []
    kept: dict[tuple[str, int], list[tuple[str, Window]]] = {}
    texts = set()
    for one in several_conditions(given):
        shown = one.text if isinstance(one, Condition) else str(one)
        try:
            condition = one if isinstance(one, Condition) else read_condition(one)
            condition, targets = _targets(condition, model)
            window = _window(condition, model)
        except ValueError as problem:
            problems.append((shown, str(problem)))
            continue
        texts.add(condition.text)
        for target in targets:
            kept.setdefault((condition.event, target), []).append((condition.text, window))
    windows = {key: _joint(found) for key, found in kept.items()}
    problems += dict.fromkeys(p for key, found in kept.items() if windows[key] is None for p in _clash(found))
    if problems:
        raise ConditionError(problems)
    if not texts:
        return None
    return ConditionSet(
        tuple(sorted(texts)),
        {k: window for (event, k), window in windows.items() if event != "merger" and window is not None},
        {x: window for (event, x), window in windows.items() if event == "merger" and window is not None},
    )


def _joint(found: Sequence[tuple[str, Window]]) -> Window | None:
    """The months that all windows share."""
    first, last = max(w[0] for _, w in found), min(w[1] for _, w in found)
    return (first, last) if first <= last else None


def _clash(found: Sequence[tuple[str, Window]]) -> Iterator[tuple[str, str]]:
    """The first pair of windows that share no month."""
    for i, (text, (first, last)) in enumerate(found):
        for other, (begin, end) in found[:i]:
            if max(first, begin) > min(last, end):
                yield text, f"contradicts {other!r}, expected conditions that can hold together"
                return


def _window(condition: Condition, model: Model) -> Window:
    """First and last month of the run in which the event may happen."""
    date, as_of, horizon = check_date(condition), model.case.as_of, model.horizon
    if date is None:
        return 1, horizon
    month = model.view.month_of(day_meant(date))
    if month < 1:
        raise ValueError(f"{date} is not after the as-of date, expected a month after {as_of}")
    if month > horizon:
        raise ValueError(
            f"{date} is month {month} of the run, beyond its horizon, expected a month up to "
            f"{add_months(as_of, horizon)} (month {horizon}), or a longer horizon"
        )
    return (1, month) if condition.by else (month, month)


def _targets(condition: Condition, model: Model) -> tuple[Condition, list[int]]:
    """The condition with the usual name of what it is about, and the indices of the events that it names."""
    if condition.event in ("break", "collapse"):
        return _custody(condition, model)
    return _merger(condition, model) if condition.event == "merger" else _falls(condition, model)


def _custody(condition: Condition, model: Model) -> tuple[Condition, list[int]]:
    """A break at a site, or a collapse of all that the captor of a custodian holds."""
    view, names = model.view, [event.name for event in model.structure.dated_events]
    if not model.custody_breaks:
        raise ValueError(
            f"the case {view.case.id!r} has no breaks of custody to come, since it lists no custody events"
        )
    sites, code = held_sites(view), condition.name.lower()
    if condition.event == "break":
        own = {word.lower(): site.code for site in sites for word in (site.label, site.code)}
        event = break_event(own.get(code, ""))
    else:
        own = {word.lower(): of for k, of in _captors(model).items() for word in (view.name(k), k)}
        event = collapse_event(own.get(code, ""))
    if event not in names:
        known = sorted({*own.values()} if condition.event == "break" else _captors(model))
        what = "place of custody" if condition.event == "break" else "custodian with a captor"
        hint = did_you_mean(condition.name, [*known, *own])
        raise ValueError(
            f"{condition.name!r} is no {what} on {view.case.as_of}, expected one of: {', '.join(known)}{hint}"
        )
    return replace(condition, name=own[code]), [names.index(event)]


def _captors(model: Model) -> dict[str, str]:
    """The first custodian of each custodian's captor: it names the collapse."""
    return {k: captor.custodians[0] for captor in captors(model.view) for k in captor.custodians}


def _merger(condition: Condition, model: Model) -> tuple[Condition, list[int]]:
    view, events = model.view, [event.name for event in model.events]
    names = {name.lower(): r for r in view.rivals for name in (view.case.organisation(r).name, r)}
    rival = names.get(condition.name.lower())
    if rival is None or merger_with(rival) not in events:
        hint = did_you_mean(condition.name, [*view.rivals, *(view.case.organisation(r).name for r in view.rivals)])
        raise ValueError(
            f"{condition.name!r} is no rival of {view.case.core} on {view.case.as_of}, expected one of: "
            f"{', '.join(view.rivals) or '(there is none)'}{hint}"
        )
    return replace(condition, name=rival), [events.index(merger_with(rival))]


def _falls(condition: Condition, model: Model) -> tuple[Condition, list[int]]:
    view, place = model.view, {name: k for k, name in enumerate(model.holdings)}
    standing = [s for s in view.spells if s.lost is None]
    if condition.name == ALL:
        if not standing:
            raise ValueError(f"{view.case.core} holds nothing on {view.case.as_of} that could fall")
        return condition, [place[s.name] for s in standing]
    wanted, titles = condition.name.lower(), {h.holding: h.name for h in view.case.holdings}
    own = {s.name.lower(): (s.name, [s]) for s in view.spells}
    for spell in view.spells:
        base = spell.holding.split("/")[0]
        for alias in (base, titles.get(base, base)):
            same = [s for s in view.spells if s.holding.split("/")[0] == base]
            own[alias.lower()] = (base, same)
    if wanted not in own:
        raise ValueError(_not_held(condition.name, model, [ALL, *{name for name, _ in own.values()}, *titles.values()]))
    name, spells = own[wanted]
    left = [s for s in spells if s.lost is None]
    if not left:
        last = max(s.lost for s in spells if s.lost is not None)
        raise ValueError(
            f"{name} has fallen already, on {last}, expected a holding still held on {view.case.as_of}: "
            f"{_listed(model)}"
        )
    return replace(condition, name=name), [place[s.name] for s in left]


def _not_held(name: str, model: Model, known: Sequence[str]) -> str:
    """Why a name is no holding of the core."""
    case = model.view.case
    for holding in case.holdings:
        if name.lower() in (holding.holding.lower(), holding.name.lower()):
            return (
                f"{holding.holding} was never held by {case.core} but by {holding.organisation}, expected one of: "
                f"{_listed(model)}"
            )
    return f"{name!r} is no holding of {case.core}, expected one of: {_listed(model)}{did_you_mean(name, known)}"


def _listed(model: Model) -> str:
    """Names of what is still held, with the word for all of it."""
    names = dict.fromkeys(s.holding.split("/")[0] for s in model.view.spells if s.lost is None)
    return ", ".join([ALL, *names]) if names else "(nothing is held)"
