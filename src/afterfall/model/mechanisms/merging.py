"""Merger of the core with a rival of the theatre.

    log hazard[g, t] = merger.base - log(number of rivals) + merger.collapse * (1 - C[t])

"Perhaps the destruction of the Islamic State could provide just such an impetus": merger.collapse is the rise of the
log hazard from all ground held to none, and C[t] the share of the territory ever held that is still held at the end of
the month. A twin of each merger with C at one uses the same random draw: what would happen had no ground been lost.
A merger removes the enmity from the way from the core to that rival (`defecting`): it is then as open to the core's
people as to others. The two strengths are still reported separately.

Assumptions: all rivals are equally likely, with one exponential each. No base rate of mergers has been published
(alliances are frequent by one count, rare by another: Horowitz and Potter 2014; Bacon 2014), so both parameters are
uninformed.
"""

from __future__ import annotations

import math

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import Event, OrganisationSet, Outside, RecruitmentLine, Signal
from afterfall.model.language.vocabulary import Parameter


def merging(view: CaseView) -> OrganisationSet:
    """A merger with each rival, and its twin without collapse."""
    if not view.rivals:
        return OrganisationSet()
    share = (None, -math.log(len(view.rivals)))
    base, whole = ("merger.base", 1.0), ("merger.collapse", 1.0)
    lines = (
        RecruitmentLine("merger", (base, share, whole), (("merger.collapse", "held", -1.0),)),
        RecruitmentLine("merger.without_collapse", (base, share)),
    )
    events, outside = [], []
    for rival in view.rivals:
        name = merger_with(rival)
        label = f"merger with {view.case.organisation(rival).name}"
        events += [
            Event(name, label, "merger", "merger"),
            Event(
                f"{name}.without_collapse",
                f"{label}, had no ground been lost",
                "merger_without_collapse",
                "merger.without_collapse",
                key_name=name,
            ),
        ]
        outside.append(Outside(f"way.rival.{rival}.core", Signal("happened", name, "defect.enmity", -1.0)))
    return OrganisationSet(lines=lines, events=tuple(events), outside=tuple(outside), parameters=_parameters())


def merger_with(rival: str) -> str:
    """Name of the event."""
    return f"merger.{rival}"


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "merger.base", "hazard of a merger of the core and any rival, all ground held", "a month", "log", 2e-4, 5e-3
        ),
        Parameter("merger.collapse", "rise of its log from all ground held to none", "log", "natural", -0.5, 3.0),
    )
