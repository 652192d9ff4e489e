"""Applies a policy to a model: ramps, and a term with an unknown effect on every rate on which a lever acts.

For a lever at intensity i that was at n on the as-of date, starts in month s and is in full force after r months::

    x[t] = (i - n) / (1 - n) * min(1, (t - s + 1) / r)         0 before s
    log rate += log(ratio) * x[t],   log capacity += log(times) * x[t]

Effects and capacities that are `zero` without the lever are multiplied, below what is in force now, by::

    i / n                                      from month s on

which is zero at intensity 0 (`LEAST`, below which nobody moves). What a government does itself it can stop from one
month to the next; only building up takes the time of the ramp. Where a repeal (`repealed`) has set n to 0 and the
rates to zero, an intensity above 0 opens them again from month s on.

The ratio is a parameter ``lever.NAME.EFFECT``, drawn by its name like every other, so both sides of a comparison that
use the lever draw the same value. Where x is always 0 the rate is unchanged to the bit. A lever acts once on an origin,
however many settings name it (`Policy.resolved`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from afterfall.case import WORLD, Case
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.parameters import Known
from afterfall.model.language.structure import Structure
from afterfall.model.language.vocabulary import OnRamp, Parameter, Ramp, Rate, Widening
from afterfall.model.levers.declaration import Effect, Evidence, Lever, latest
from afterfall.model.levers.policy import Policy, Setting
from afterfall.model.mechanisms.revocation import NEVER, REPEALED, repealed

#: What stands for zero where logs are added: nobody moves at such a rate.
LEAST = math.exp(NEVER)
#: How the names of the parameters of levers begin: effects on what comes after the as-of date, and nothing before it.
PREFIX = "lever."
#: How the names of ramps end on which something ends, and on which what a repeal had closed is opened.
ENDS, OPENS = "-", "+"


def under(policy: Policy, structure: Structure, view: CaseView) -> Structure:
    """The structure under a policy; unchanged where the policy sets no lever.

    Raises
    ------
    ValueError
        If a lever acts on a rate or capacity that the model does not have, or is set for an unknown origin; all
        problems are listed.
    """
    if not policy.settings:
        return structure
    problems = [p for s in policy.settings for p in _misfits(s, structure, view)]
    if problems:
        raise ValueError("the policy does not fit the model:\n  " + "\n  ".join(dict.fromkeys(problems)))
    ramps, terms, widenings = [], dict[str, list[OnRamp]](), list[Widening]()
    for number, setting in enumerate(policy.resolved(view.origins)):
        for ramp, change in _ramps(setting, view, number):
            ramps += [ramp] if change is None else [ramp, change]
            for capacity in setting.lever.capacities:
                gone = change if capacity.zero and change and change.name.endswith(ENDS) else None
                times = capacity.times if gone is None else math.e
                widenings.append(Widening(capacity.capacity, times, (gone or ramp).name))
            for effect in setting.lever.effects:
                for one in _on_ramps(setting.lever, effect, ramp, change):
                    for rate in matching(effect, structure):
                        terms.setdefault(rate, []).append(one)
    used = {term.parameter for several in terms.values() for term in several}
    unknown = [p for lever in policy.levers for p in _parameters(lever, view.case, absent=_absent(lever) in used)]
    return replace(
        structure,
        dated_events=tuple(
            replace(e, ramps=tuple((t.parameter, t.ramp) for t in terms.get(e.name, ()))) if e.name in terms else e
            for e in structure.dated_events
        ),
        rates=tuple(Rate(r.name, (*r.terms, *terms.get(r.name, ()))) for r in structure.rates),
        parameters=tuple(sorted((*structure.parameters, *unknown), key=lambda p: p.name)),
        ramps=tuple(ramps),
        widenings=tuple(widenings),
    )


def matching(effect: Effect, structure: Structure) -> tuple[str, ...]:
    """Names of the rates, and of the breaks of custody, that an effect acts on."""
    names = (*(r.name for r in structure.rates), *(e.name for e in structure.dated_events if e.kind == "custody"))
    return tuple(name for name in names if any(fnmatchcase(name, pattern) for pattern in effect.rates))


def level_now(lever: Lever, case: Case, origin: str | None) -> float:
    """The intensity on the as-of date, for an origin or (None) for everyone.

    For an origin's own lever, policies of the origin and of the whole world count; for a lever that acts everywhere,
    those of any country. Where the origin has repealed the lever, it is 0.
    """
    if repeal(lever, case, origin):
        return 0.0
    return lever.now_in_force if in_force(lever, case, origin) else lever.now


def repeal(lever: Lever, case: Case, origin: str | None) -> str:
    """Name of the policy by which an origin has given up what this lever does; empty where there is none."""
    return repealed(case, origin) if origin is not None and REPEALED in lever.repeal_kinds else ""


def in_force(lever: Lever, case: Case, origin: str | None) -> tuple[str, ...]:
    """Names of the case's policies that are this lever and in force on the as-of date."""
    return tuple(
        p.policy
        for p in case.policies
        if p.kind in lever.policy_kinds and not p.end and (lever.scope == "everywhere" or p.place in (origin, WORLD))
    )


def words_now(lever: Lever, case: Case, origin: str | None) -> str:
    """What the present intensity means for an origin: as the lever says, or no power where a repeal is in force."""
    law = repeal(lever, case, origin)
    if not law:
        return lever.words.now
    since = next(p.start or p.published for p in case.policies if p.policy == law)
    return f"no power since {since}"


def informed(policy: Policy, known: Sequence[Known], case: Case) -> tuple[Known, ...]:
    """The priors in force, with the evidence for those of lever effects."""
    evidence = {
        _parameter(lever, effect): latest(effect.evidence, case.as_of)
        for lever in policy.levers
        for effect in lever.effects
    }
    evidence |= {_absent(lever): Evidence(low=math.e, high=math.e, status="decision") for lever in policy.levers}
    return tuple(
        replace(k, source=e.source or None, note=e.summary, uninformed=not e.source)
        if (e := evidence.get(k.name)) is not None
        else k
        for k in known
    )


def _parameter(lever: Lever, effect: Effect) -> str:
    return f"{PREFIX}{lever.name}.{effect.name}"


def _on_ramps(lever: Lever, effect: Effect, ramp: Ramp, change: Ramp | None) -> list[OnRamp]:
    """Terms of an effect: its ratio on the ramp; what ends replaces it, what a repeal had closed is opened besides."""
    if change is None or not effect.zero:
        return [OnRamp(_parameter(lever, effect), ramp.name)]
    factor = OnRamp(_absent(lever), change.name)
    return [factor] if change.name.endswith(ENDS) else [OnRamp(_parameter(lever, effect), ramp.name), factor]


def _absent(lever: Lever) -> str:
    """The parameter of what ends without a lever: its log is 1, and the ramp has the log of the factor."""
    return f"{PREFIX}{lever.name}.none"


def _parameters(lever: Lever, case: Case, *, absent: bool) -> Iterator[Parameter]:
    if absent:
        label = f"{lever.title}: what it does falls to zero with its intensity"
        yield Parameter(_absent(lever), label, "ratio", "log", math.e, math.e)
    for effect in lever.effects:
        one = latest(effect.evidence, case.as_of)
        label = f"{lever.title}, in full against now: {effect.description}"
        yield Parameter(_parameter(lever, effect), label, "ratio", "log", one.low, one.high)


def _ramps(setting: Setting, view: CaseView, number: int) -> Iterator[tuple[Ramp, Ramp | None]]:
    """A ramp for each group of origins that start from the same intensity, and that of what ends or opens with it."""
    lever = setting.lever
    if lever.scope == "everywhere":
        yield _ramp(setting, level_now(lever, view.case, None), setting.origins, f"{lever.name}#{number}")
        return
    groups: dict[tuple[float, bool], list[str]] = {}
    for origin in setting.origins or view.origins:
        closed = bool(repeal(lever, view.case, origin))
        groups.setdefault((level_now(lever, view.case, origin), closed), []).append(origin)
    for (now, closed), origins in sorted(groups.items()):
        name = f"{lever.name}#{number}@{'repealed' if closed else f'{now:g}'}"
        yield _ramp(setting, now, tuple(origins), name, closed=closed)


def _ramp(
    setting: Setting, now: float, origins: tuple[str, ...] | None, name: str, *, closed: bool = False
) -> tuple[Ramp, Ramp | None]:
    full = (setting.intensity - now) / (1.0 - now)
    start, months = setting.start, max(1, setting.lever.ramp)
    whom = None if origins is None else frozenset(origins)

    def force(month: int) -> float:
        return min(1.0, (month - start + 1) / months) if month >= start else 0.0

    def values(month: int) -> float:
        return full * force(month)

    def left(month: int) -> float:
        return math.log(max(setting.intensity / now, LEAST)) if month >= start else 0.0

    def opened(month: int) -> float:
        return -NEVER if month >= start else 0.0

    if closed:
        return Ramp(name, values, whom), Ramp(f"{name}{OPENS}", opened, whom) if setting.intensity > 0.0 else None
    lever = setting.lever
    zeros = [one.zero for one in lever.effects] + [one.zero for one in lever.capacities]
    ends = setting.intensity < now and any(zeros)
    return Ramp(name, values, whom), Ramp(f"{name}{ENDS}", left, whom) if ends else None


def _misfits(setting: Setting, structure: Structure, view: CaseView) -> Iterator[str]:
    lever = setting.lever
    capacities = {r.name for r in structure.capacities}
    if lever.scope == "everywhere" and setting.origins is not None:
        yield f"lever {lever.name!r} acts everywhere and cannot be set for {', '.join(setting.origins)} alone"
    for effect in lever.effects:
        exact = [name for name in effect.rates if "*" not in name]
        names = {r.name for r in structure.rates}
        yield from (f"lever {lever.name!r} acts on an unknown rate {n!r}" for n in exact if n not in names)
    yield from (
        f"lever {lever.name!r} widens an unknown capacity {c.capacity!r}"
        for c in lever.capacities
        if c.capacity not in capacities
    )
    yield from (
        f"lever {lever.name!r} is set for an unknown origin {o!r}"
        for o in setting.origins or ()
        if o not in view.origins
    )


def months_in_full(policy: Policy, lever: str, view: CaseView, until: int) -> float:
    """Months in full force of a lever up to a month, summed over its origins.

    A month in part force counts in proportion. An origin counts once, and so does everyone together.
    """
    total = 0.0
    for number, setting in enumerate(policy.resolved(view.origins)):
        if setting.lever.name == lever:
            for ramp, _ in _ramps(setting, view, number):
                whose = 1 if ramp.origins is None else len(ramp.origins)
                total += whose * sum(ramp.values(month) for month in range(1, until + 1))
    return total
