"""What becomes of the core and a rival of the theatre: merger, or absorption of the weaker by the stronger.

    an enemy at war   log hazard[g, t] = merger.base + merger.collapse * (1 - C[t])    they merge as equals
                      log hazard[g, t] = absorption.base + absorption.own of the pair
                                         + absorption.losing (by the core, holding ground)
                                         while one of the two is at least twice as strong: it absorbs the other
    a friend          log hazard[g, t] = merger.friends + merger.period + merger.own of the core
                                         - log(number of friends) + merger.losing while the core holds ground

Two organisations at war with each other rarely merge as equals; sometimes the stronger absorbs the weaker. Each pair at
war has a rate for both events. `learned_enemies` has these rates, and the rule that says which rivals are at war. A
rival that is neither at war with the core nor allied with it cannot merge or be absorbed: the reference class has no
rate for such a pair.

The strengths in each month of the run decide which of the two is stronger, so an absorption can go either way. The
reference class counts pairs by the same rule. Mergers and absorptions need both organisations to exist. After an
absorption the weaker ends: a share ``absorption.share`` of its locals joins the stronger and the others leave; its
foreigners remain in the simulation. Each friend has a merger rate, which is higher while the core loses ground
(`merger.losing`). The core counts as losing ground from the as-of date until none is left. The model does not know
whether a rival loses ground.

"Perhaps the destruction of the Islamic State could provide just such an impetus": C[t] is the share of the territory
ever held that is still held at the end of the month, and merger.collapse the rise of the log hazard between enemies
from all ground held to none. Too few enemies became one to tell whether losing ground has to do with it, so it is
uninformed and may have either sign. A twin of each merger without the loss of ground uses the same random draw: what
would happen had no ground been lost. A merger or an absorption removes the enmity from the way from the core to that
rival (`defecting`): it is then as open to the core's people as to others. A merger rules out an absorption from the
next month on; after an absorption one of the two no longer exists. After a merger the two strengths are still reported
separately.

Assumptions: all enemies at war are equally likely, with one exponential each, and all friends; a core merges with no
organisation that the case does not name. Rates are learned (`learned_rates`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.organisation_vocabulary import Event, OrganisationSet, Outside, RecruitmentLine, Signal
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.learned_enemies import at_war, enemy_rates
from afterfall.model.mechanisms.learned_rates import MERGER, learned_rate, own_of, period_of
from afterfall.reference.enemy_pairs import STRONGER

#: Priors without a reference class: hazards a month, and log ratio while losing ground.
EQUALS, ABSORBED, FRIENDS, LOSING = (1e-6, 3e-3), (1e-4, 5e-3), (1e-3, 0.02), (-0.5, 2.0)
COLLAPSE, STRONGER_LOSING = (-1.0, 1.0), (-1.0, 1.0)
#: Share of an absorbed organisation's locals who join the one that absorbs it.
JOINING = (0.2, 0.9)


def merging(view: CaseView) -> OrganisationSet:
    """A merger with each enemy and friend, its twin without collapse, and absorptions between enemies."""
    friends = tuple(r for r in view.rivals if view.case.organisation(r).ally)
    enemies = at_war(view)
    events: list[Event] = []
    outside: list[Outside] = []
    for rival in (r for r in view.rivals if r in (*friends, *enemies)):
        between = [*_mergers(view, rival, "merger.friend" if rival in friends else "merger")]
        ends = [merger_with(rival)]
        if rival in enemies:
            between += _absorptions(view, rival)
            ends += [absorption_of(rival), absorption_by(rival)]
        events += between
        outside += [Outside(f"way.rival.{rival}.core", Signal("happened", e, "defect.enmity", -1.0)) for e in ends]
    lines = (*(_enemy_lines(view, enemies) if enemies else ()), *(_friend_lines(view, len(friends)) if friends else ()))
    parameters = (*(_enemy_parameters(view) if enemies else ()), *(_friend_parameters(view) if friends else ()))
    joint = _joint(view, enemies, friends)
    return OrganisationSet(
        lines=lines, events=tuple(events), outside=tuple(outside), parameters=parameters, joint=joint
    )


def _joint(view: CaseView, enemies: Sequence[str], friends: Sequence[str]) -> tuple[JointDraws, ...]:
    """What was learned together of mergers and absorptions."""
    pairs, rate = enemy_rates(view), learned_rate(view, MERGER)
    with_enemies = pairs.joint(view, enemies) if pairs and enemies else ()
    if rate is None or not friends:
        return with_enemies
    core = view.case.organisation(view.case.core)
    return (*with_enemies, rate.joint("merger", ("merger.friends", "merger.losing"), [core]))


def merger_with(rival: str) -> str:
    """Name of the event."""
    return f"merger.{rival}"


def absorption_of(rival: str) -> str:
    """Name of the event that the core absorbs a rival."""
    return f"absorption.{rival}"


def absorption_by(rival: str) -> str:
    """Name of the event that a rival absorbs the core."""
    return f"absorption_by.{rival}"


def _mergers(view: CaseView, rival: str, line: str) -> tuple[Event, Event]:
    """The two merge as equals, and would have had no ground been lost."""
    name, label = merger_with(rival), f"merger with {view.case.organisation(rival).name}"
    one = Event(name, label, "merger", line, band=rival, beside=view.case.core)
    twin = replace(
        one,
        name=f"{name}.without_collapse",
        label=f"{label}, had no ground been lost",
        kind="merger_without_collapse",
        line=f"{line}.without_collapse",
        key_name=name,
    )
    return one, twin


def _absorptions(view: CaseView, rival: str) -> tuple[Event, Event]:
    """Either joins the other, and ends, while the other is the stronger; that of the rival last."""
    core, name = view.case.core, view.case.organisation(rival).name
    return (
        _absorption(absorption_by(rival), f"{name} absorbs the core", core, rival, merger_with(rival)),
        _absorption(absorption_of(rival), f"the core absorbs {name}", rival, core, merger_with(rival)),
    )


def _absorption(name: str, label: str, weaker: str, stronger: str, unless: str) -> Event:
    return Event(
        name=name,
        label=label,
        kind="absorption",
        line=name,
        band=weaker,
        beside=stronger,
        times=STRONGER,
        unless=unless,
        gives=weaker,
        share="absorption.share",
        takes=stronger,
        ends=True,
    )


def _enemy_lines(view: CaseView, enemies: Sequence[str]) -> tuple[RecruitmentLine, ...]:
    base, whole = ("merger.base", 1.0), ("merger.collapse", 1.0)
    lines = [
        RecruitmentLine("merger", (base, whole), (("merger.collapse", "held", -1.0),)),
        RecruitmentLine("merger.without_collapse", (base,)),
    ]
    for rival in enemies:
        own = ((own_of("absorption", rival), 1.0),) if enemy_rates(view) else ()
        calm = (("absorption.base", 1.0), *own)
        losing = ("absorption.losing", 1.0)
        lines += [
            RecruitmentLine(absorption_by(rival), calm),
            RecruitmentLine(absorption_of(rival), (*calm, losing), (("absorption.losing", "adrift", -1.0),)),
        ]
    return tuple(lines)


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
    equals, absorbed = (pairs.equals, pairs.absorbed) if pairs else (EQUALS, ABSORBED)
    losing, words = (pairs.losing, pairs.words) if pairs else (STRONGER_LOSING, ("", ""))
    one, other = "hazard that the core and an enemy merge, all ground held", "hazard that the weaker of two is absorbed"
    rise = "rise of its log while the stronger loses ground"
    return (
        Parameter("merger.base", one, "a month", "log", *equals, derived=words[0]),
        Parameter("merger.collapse", "rise of its log from all ground held to none", "log", "natural", *COLLAPSE),
        Parameter("absorption.base", other, "a month", "log", *absorbed, derived=words[1]),
        Parameter("absorption.losing", rise, "log", "natural", *losing, derived=words[1]),
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
