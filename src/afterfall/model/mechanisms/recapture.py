"""Recapture: the core recaptures a place that it has lost, before the as-of date or after it, and may hold it.

    log hazard[k, t] = retaking.base + log shape[months since the loss] + retaking.size * (log population[k] - mean)
                       + retaking.strength * log of the core's strength against the as-of date

from the month after its loss. Base, shape, strength and the shares held come from `learned_retaking`: what other
organisations retook, how long they held it, and what became of the case's own lost places.

Recaptured means held for a day. A recapture is one of a place then held for a month with ``retaking.month``, and, of
these, for a year with ``retaking.year``. Each of the three is an event of its own, with the hazard of a thinned process
and the same exponential, so a place held for a year is one held for a month. Its month is that of the recapture.

Assumptions: towns are recaptured one by one; the remainder of the territory is not a town and is left out. The effect
of size is uninformed. A recapture does not change the control C[t] that acts on people in the ranks.
"""

from __future__ import annotations

import math

from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.organisation_vocabulary import Event, EventKind, OrganisationSet, RecruitmentLine, Signal
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.learned_retaking import LearnedRetaking, learned_retaking

#: Kinds of event, with the words for how long the place is held and the parameters that thin the hazard.
HOLDING: tuple[tuple[EventKind, str, tuple[str, ...]], ...] = (
    ("retaking", "", ()),
    ("retaking_month", ", held a month", ("retaking.month",)),
    ("retaking_year", ", held a year", ("retaking.month", "retaking.year")),
)
#: Priors without a reference class: hazard a month, effect of strength, shares held.
BASE, STRENGTH, MONTH, YEAR = (1e-4, 0.05), (-0.5, 2.0), (0.5, 0.98), (0.2, 0.9)


def recapture(view: CaseView) -> OrganisationSet:
    """A recapture of each town, province and corridor, at risk once it is lost, by how long it is then held."""
    last = {s.holding: s for s in view.spells if s.kind in ("town", "corridor", "province")}
    if not last:
        return OrganisationSet()
    learned = learned_retaking(view)
    mean = _mean_log_population(list(last.values()))
    lines, events = [], []
    for spell in last.values():
        size = math.log(max(spell.population, 1.0)) - mean
        for kind, words, shares in HOLDING:
            name = f"{kind}.{spell.holding}"
            lines.append(_line(view, name, size, shares))
            events.append(_event(view, spell, kind, words, learned))
    return OrganisationSet(lines=tuple(lines), events=tuple(events), parameters=_parameters(learned))


def _line(view: CaseView, name: str, size: float, shares: tuple[str, ...]) -> RecruitmentLine:
    constants = (("retaking.base", 1.0), ("retaking.size", size), *((s, 1.0) for s in shares))
    return RecruitmentLine(name, constants, echoes=(Signal("change", view.case.core, "retaking.strength"),))


def _event(view: CaseView, spell: Spell, kind: EventKind, words: str, learned: LearnedRetaking | None) -> Event:
    shape = learned.shape if learned else ()
    if spell.lost is not None and shape:
        gone = min(max(-view.month_of(spell.lost), 0), len(shape) - 1)
        shape = shape[gone:]
    name = f"{kind}.{spell.holding}"
    return Event(
        name,
        f"{spell.label} recaptured{words}",
        kind,
        name,
        key_name=f"retaking.{spell.holding}",
        after=spell.name,
        band=view.case.core,
        shape=shape,
    )


def _mean_log_population(spells: list[Spell]) -> float:
    return sum(math.log(max(s.population, 1.0)) for s in spells) / len(spells)


def derivation(learned: LearnedRetaking) -> str:
    """From what the base was learned, in words."""
    count, months = sum(learned.own.retaken), sum(learned.own.months)
    alone, both = (f"{q[1]:.2g} ({q[0]:.2g} to {q[2]:.2g})" for q in learned.within_year)
    of = "the core in the class" if learned.in_class else "the case"
    return (
        f"reference class: of a lost place {alone} retaken within a year ({learned.losses} losses); {of}: {count} "
        f"retaken in {months:.0f} place-months; both: {both}"
    )


def _parameters(learned: LearnedRetaking | None) -> tuple[Parameter, ...]:
    base, strength, month, year = (
        (learned.base, learned.strength, learned.month, learned.year) if learned else (BASE, STRENGTH, MONTH, YEAR)
    )
    derived = derivation(learned) if learned else ""
    others = f"reference class: {learned.losses} losses" if learned else ""
    held = "reference class: how long retaken places were held" if learned else ""
    what = "hazard that a lost place is recaptured, in its first year, the core as strong as at the as-of date"
    return (
        Parameter("retaking.base", what, "a month", "log", *base, derived=derived),
        Parameter("retaking.month", "share of recaptured places held a month", "share", "log", *month, derived=held),
        Parameter("retaking.year", "share of these held a year", "share", "log", *year, derived=held),
        Parameter("retaking.size", "how size slows it (elasticity to population)", "log a log", "natural", -0.6, 0.2),
        Parameter(
            "retaking.strength", "how it follows the core's strength", "log a log", "natural", *strength, derived=others
        ),
    )
