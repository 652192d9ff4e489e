"""What becomes of the core and a rival of the theatre: merger, or absorption of the weaker by the stronger.

    an enemy    log hazard[g, t] = merger.base + merger.collapse * (1 - C[t])         they merge as equals
                log hazard[g, t] = absorption.base                                   the stronger absorbs the weaker
    a friend    log hazard[g, t] = merger.friends + log multiple - log(number of friends)
                                   + merger.losing while the core holds ground       they merge

A rival is an enemy unless the case lists it as an ally of the core. Two organisations at war with each other hardly
ever merge as equals; the stronger absorbs the weaker now and then. Both have a rate per pair. Organisations merge with
friends at a rate each, more often while losing ground (`merger.losing`); the core is held to be losing ground from the
as-of date until none is left.

"Perhaps the destruction of the Islamic State could provide just such an impetus": C[t] is the share of the territory
ever held that is still held at the end of the month, and merger.collapse the rise of the log hazard between enemies
from all ground held to none. Too few enemies became one to tell whether losing ground has to do with it, so it is
uninformed and may have either sign. A twin of each merger without the loss of ground uses the same random draw: what
would happen had no ground been lost. A merger or an absorption removes the enmity from the way from the core to that
rival (`defecting`): it is then as open to the core's people as to others. Either rules out the other from the next
month on, so that it is removed once. The two strengths are still reported separately, and who absorbed whom is not
decided.

Assumptions: all enemies are equally likely, with one exponential each, and all friends; a core merges with no
organisation that the case does not name. Rates are learned (`learned_rates`); pairs and organisations of the case that
are in the reference class are counted there.
"""

from __future__ import annotations

import math

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import Event, OrganisationSet, Outside, RecruitmentLine, Signal
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.learned_rates import MERGER, enemy_rates, learned_rate, log_multiple

#: Priors without a reference class: hazards a month, and log ratio while losing ground.
EQUALS, ABSORBED, FRIENDS, LOSING = (1e-6, 3e-3), (1e-4, 5e-3), (1e-3, 0.02), (-0.5, 2.0)
COLLAPSE = (-1.0, 1.0)


def merging(view: CaseView) -> OrganisationSet:
    """A merger with each rival, and its twin without collapse."""
    if not view.rivals:
        return OrganisationSet()
    friends = [r for r in view.rivals if view.case.organisation(r).ally]
    events, outside = [], []
    for rival in view.rivals:
        friend = rival in friends
        name, line = merger_with(rival), "merger.friend" if friend else "merger"
        label = f"merger with {view.case.organisation(rival).name}"
        unless = None if friend else absorption_of(rival)
        events += [
            Event(name, label, "merger", line, unless=unless),
            Event(
                f"{name}.without_collapse",
                f"{label}, had no ground been lost",
                "merger_without_collapse",
                f"{line}.without_collapse",
                key_name=name,
                unless=unless,
            ),
        ]
        if not friend:
            events.append(_absorption(view, rival))
        ends = (name,) if friend else (name, absorption_of(rival))
        outside += [Outside(f"way.rival.{rival}.core", Signal("happened", e, "defect.enmity", -1.0)) for e in ends]
    enemies = len(friends) < len(view.rivals)
    lines = (*(_enemy_lines() if enemies else ()), *(_friend_lines(view, len(friends)) if friends else ()))
    parameters = (*(_enemy_parameters(view) if enemies else ()), *(_friend_parameters(view) if friends else ()))
    return OrganisationSet(lines=lines, events=tuple(events), outside=tuple(outside), parameters=parameters)


def merger_with(rival: str) -> str:
    """Name of the event."""
    return f"merger.{rival}"


def absorption_of(rival: str) -> str:
    """Name of the event."""
    return f"absorption.{rival}"


def _absorption(view: CaseView, rival: str) -> Event:
    label = f"the core and {view.case.organisation(rival).name}: one absorbs the other"
    return Event(absorption_of(rival), label, "absorption", "absorption", unless=merger_with(rival))


def _enemy_lines() -> tuple[RecruitmentLine, ...]:
    base, whole = ("merger.base", 1.0), ("merger.collapse", 1.0)
    return (
        RecruitmentLine("merger", (base, whole), (("merger.collapse", "held", -1.0),)),
        RecruitmentLine("merger.without_collapse", (base,)),
        RecruitmentLine("absorption", (("absorption.base", 1.0),)),
    )


def _friend_lines(view: CaseView, friends: int) -> tuple[RecruitmentLine, ...]:
    rate = learned_rate(view, MERGER)
    own = log_multiple(view, rate, view.case.organisation(view.case.core)) if rate else 0.0
    calm = (("merger.friends", 1.0), (None, own - math.log(friends)))
    return (
        RecruitmentLine("merger.friend", (*calm, ("merger.losing", 1.0)), (("merger.losing", "adrift", -1.0),)),
        RecruitmentLine("merger.friend.without_collapse", calm),
    )


def _enemy_parameters(view: CaseView) -> tuple[Parameter, ...]:
    pairs = enemy_rates(view)
    equals, absorbed, words = (pairs.equals, pairs.absorbed, pairs.words) if pairs else (EQUALS, ABSORBED, ("", ""))
    one, other = "hazard that the core and an enemy merge, all ground held", "hazard that one absorbs the other"
    return (
        Parameter("merger.base", one, "a month", "log", *equals, derived=words[0]),
        Parameter("merger.collapse", "rise of its log from all ground held to none", "log", "natural", *COLLAPSE),
        Parameter("absorption.base", other, "a month", "log", *absorbed, derived=words[1]),
    )


def _friend_parameters(view: CaseView) -> tuple[Parameter, ...]:
    rate = learned_rate(view, MERGER)
    hazard, losing, words = (rate.hazard, rate.ratio, rate.words()) if rate else (FRIENDS, LOSING, "")
    return (
        Parameter(
            "merger.friends", "hazard that the core merges with a friend", "a month", "log", *hazard, derived=words
        ),
        Parameter("merger.losing", "rise of its log while losing ground", "log", "natural", *losing, derived=words),
    )
