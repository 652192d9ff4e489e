"""Recapture: the core recaptures a place that it has lost, before the as-of date or after it.

    log hazard[k, t] = retaking.base + retaking.size * (log population[k] - mean)
                       + retaking.strength * log of the core's strength against the as-of date

from the month after its loss. The base is derived, not chosen: places of the case recaptured before the as-of date over
the months for which places were lost (gamma with a Jeffreys half event; the log standard deviation is widened by one
half because the pace of the campaign changes). The model gives the date of the first recapture of each town and
corridor, but not how long it is held. A recapture does not change the control C[t] that acts on people in the ranks.

Assumptions: towns are recaptured one by one; the remainder of the territory is not a town and is left out.
"""

from __future__ import annotations

import math

from afterfall.model.language.case_view import CaseView, Spell
from afterfall.model.language.organisation_vocabulary import Event, OrganisationSet, RecruitmentLine, Signal
from afterfall.model.language.parameters import Z95
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.territory import PACE_CHANGE_SD, PACE_WINDOW

FEWEST_MONTHS = PACE_WINDOW / 2.0


def recapture(view: CaseView) -> OrganisationSet:
    """A recapture of each town and corridor, at risk once it is lost."""
    last = {s.holding: s for s in view.spells if s.kind in ("town", "corridor", "province")}
    if not last:
        return OrganisationSet()
    core, mean = view.case.core, _mean_log_population(list(last.values()))
    lines, events = [], []
    for spell in last.values():
        size = math.log(max(spell.population, 1.0)) - mean
        name = f"retaking.{spell.holding}"
        change = Signal("change", core, "retaking.strength")
        lines.append(RecruitmentLine(name, (("retaking.base", 1.0), ("retaking.size", size)), echoes=(change,)))
        events.append(Event(name, f"{spell.label} recaptured", "retaking", name, after=spell.name, band=core))
    return OrganisationSet(lines=tuple(lines), events=tuple(events), parameters=_parameters(view))


def _mean_log_population(spells: list[Spell]) -> float:
    return sum(math.log(max(s.population, 1.0)) for s in spells) / len(spells)


def retaken(view: CaseView) -> tuple[int, int]:
    """How many places were recaptured before the as-of date, and for how many months places were lost."""
    count, months = 0, 0
    for spell in view.spells:
        if spell.lost is None or spell.kind == "remainder":
            continue
        later = [s for s in view.spells if s.holding == spell.holding and s.captured and s.captured >= spell.lost]
        until = min((view.month_of(s.captured) for s in later if s.captured), default=0)
        count += bool(later)
        months += max(until - view.month_of(spell.lost), 0)
    return count, months


def _parameters(view: CaseView) -> tuple[Parameter, ...]:
    count, months = retaken(view)
    pace = (count + 0.5) / max(months, FEWEST_MONTHS)
    spread = Z95 * math.hypot(1.0 / math.sqrt(count + 0.5), PACE_CHANGE_SD)
    return (
        Parameter(
            "retaking.base",
            "hazard that a lost place is recaptured, with the core as strong as at the as-of date",
            "a month",
            "log",
            pace * math.exp(-spread),
            pace * math.exp(spread),
            derived="places recaptured and months lost in the case before the as-of date",
        ),
        Parameter("retaking.size", "how size slows it (elasticity to population)", "log a log", "natural", -0.6, 0.2),
        Parameter("retaking.strength", "how it follows the core's strength", "log a log", "natural", 0.3, 2.0),
    )
