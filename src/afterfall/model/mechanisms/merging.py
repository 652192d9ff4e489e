"""What becomes of the core and a rival of the theatre: merger, or absorption of the weaker by the stronger.

    an enemy    log hazard[g, t] = merger.base + merger.collapse * (1 - C[t])         they merge as equals
                log hazard[g, t] = absorption.base + absorption.own of the pair + log P[g]
                                                                                     the stronger absorbs the weaker
    a friend    log hazard[g, t] = merger.friends + merger.period + merger.own of the core - log(number of friends)
                                   + merger.losing while the core holds ground       they merge

P[g] is the chance that one of the two is at least twice as strong as the other at the as-of date; where nobody
published a strength, the share of such pairs in the class.

A rival is an enemy unless the case lists it as an ally of the core. Two organisations at war with each other hardly
ever merge as equals; the stronger absorbs the weaker now and then. Both have a rate per pair (`learned_enemies`).
After an absorption the weaker ends: a share ``absorption.share`` of its locals joins the stronger, the others are gone,
and its foreigners stay people of the ledger. Organisations merge with friends at a rate each, more often while losing
ground (`merger.losing`); the core is held to be losing ground from the as-of date until none is left.

"Perhaps the destruction of the Islamic State could provide just such an impetus": C[t] is the share of the territory
ever held that is still held at the end of the month, and merger.collapse the rise of the log hazard between enemies
from all ground held to none. Too few enemies became one to tell whether losing ground has to do with it, so it is
uninformed and may have either sign. A twin of each merger without the loss of ground uses the same random draw: what
would happen had no ground been lost. A merger or an absorption removes the enmity from the way from the core to that
rival (`defecting`): it is then as open to the core's people as to others. Either rules out the other from the next
month on, so that it is removed once. After a merger the two strengths are still reported separately.

Assumptions: all enemies are equally likely, with one exponential each, and all friends; a core merges with no
organisation that the case does not name. Who is the stronger is that of the as-of date. Rates are learned
(`learned_rates`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.organisation_vocabulary import Event, OrganisationSet, Outside, RecruitmentLine, Signal
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.learned_enemies import chance_of_stronger, enemy_rates
from afterfall.model.mechanisms.learned_rates import MERGER, learned_rate, own_of, period_of
from afterfall.model.mechanisms.organisations import published, strength_now

#: Priors without a reference class: hazards a month, and log ratio while losing ground.
EQUALS, ABSORBED, FRIENDS, LOSING = (1e-6, 3e-3), (1e-4, 5e-3), (1e-3, 0.02), (-0.5, 2.0)
COLLAPSE = (-1.0, 1.0)
#: Share of an absorbed organisation's locals who join the one that absorbs it.
JOINING = (0.2, 0.9)


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
    enemies = [r for r in view.rivals if r not in friends]
    lines = (*(_enemy_lines(view, enemies) if enemies else ()), *(_friend_lines(view, len(friends)) if friends else ()))
    parameters = (*(_enemy_parameters(view) if enemies else ()), *(_friend_parameters(view) if friends else ()))
    joint = _joint(view, enemies, friends)
    return OrganisationSet(
        lines=lines, events=tuple(events), outside=tuple(outside), parameters=parameters, joint=joint
    )


def _joint(view: CaseView, enemies: Sequence[str], friends: Sequence[str]) -> tuple[JointDraws, ...]:
    """What was learned together of mergers and absorptions."""
    pairs, rate = enemy_rates(view), learned_rate(view, MERGER)
    with_enemies = pairs.joint("merger.base", "absorption.base", enemies) if pairs and enemies else ()
    if rate is None or not friends:
        return with_enemies
    core = view.case.organisation(view.case.core)
    return (*with_enemies, rate.joint("merger", ("merger.friends", "merger.losing"), [core]))


def merger_with(rival: str) -> str:
    """Name of the event."""
    return f"merger.{rival}"


def absorption_of(rival: str) -> str:
    """Name of the event."""
    return f"absorption.{rival}"


def _absorption(view: CaseView, rival: str) -> Event:
    """The weaker of the two joins the stronger and ends."""
    core, name = view.case.core, view.case.organisation(rival).name
    weaker, stronger = (core, rival) if _stronger(view, rival)[1] else (rival, core)
    verb = f"{name} absorbs the core" if weaker == core else f"the core absorbs {name}"
    return Event(
        name=absorption_of(rival),
        label=verb,
        kind="absorption",
        line=absorption_of(rival),
        band=weaker,
        unless=merger_with(rival),
        gives=weaker,
        share="absorption.share",
        takes=stronger,
        ends=True,
    )


def _stronger(view: CaseView, rival: str) -> tuple[float, bool]:
    """Chance that one of the core and a rival is at least twice as strong, and whether that is the rival."""
    rows = [view.case.organisation(o) for o in (view.case.core, rival)]
    core, other = (strength_now(view, row) for row in rows)
    by_core, by_rival = chance_of_stronger(core, other), chance_of_stronger(other, core)
    learned = enemy_rates(view)
    if learned and not all(published(view, row) for row in rows):
        return learned.unequal_share, by_rival > by_core
    return max(by_core, by_rival), by_rival > by_core


def _enemy_lines(view: CaseView, enemies: Sequence[str]) -> tuple[RecruitmentLine, ...]:
    base, whole = ("merger.base", 1.0), ("merger.collapse", 1.0)
    learned = enemy_rates(view) is not None
    return (
        RecruitmentLine("merger", (base, whole), (("merger.collapse", "held", -1.0),)),
        RecruitmentLine("merger.without_collapse", (base,)),
        *(
            RecruitmentLine(
                absorption_of(rival),
                (
                    ("absorption.base", 1.0),
                    *(((own_of("absorption", rival), 1.0),) if learned else ()),
                    (None, math.log(_stronger(view, rival)[0])),
                ),
            )
            for rival in enemies
        ),
    )


def _friend_lines(view: CaseView, friends: int) -> tuple[RecruitmentLine, ...]:
    learned = (
        ((period_of("merger"), 1.0), (own_of("merger", view.case.core), 1.0)) if learned_rate(view, MERGER) else ()
    )
    calm = (("merger.friends", 1.0), *learned, (None, -math.log(friends)))
    return (
        RecruitmentLine("merger.friend", (*calm, ("merger.losing", 1.0)), (("merger.losing", "adrift", -1.0),)),
        RecruitmentLine("merger.friend.without_collapse", calm),
    )


def _enemy_parameters(view: CaseView) -> tuple[Parameter, ...]:
    pairs = enemy_rates(view)
    equals, absorbed, words = (pairs.equals, pairs.absorbed, pairs.words) if pairs else (EQUALS, ABSORBED, ("", ""))
    one, other = "hazard that the core and an enemy merge, all ground held", "hazard that the weaker of two is absorbed"
    return (
        Parameter("merger.base", one, "a month", "log", *equals, derived=words[0]),
        Parameter("merger.collapse", "rise of its log from all ground held to none", "log", "natural", *COLLAPSE),
        Parameter("absorption.base", other, "a month", "log", *absorbed, derived=words[1]),
        Parameter("absorption.share", "share of the weaker's locals who join", "share", "share", *JOINING),
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
