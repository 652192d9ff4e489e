"""New organisations: founded abroad, founded by the remnants in the theatre, split off; and changes of allegiance.

*Abroad*, in a place p without an organisation descended from the core::

    log hazard = founding.abroad + founding.near * log1p(sum over k of strength[k] / distance[k, p] / 1000)
                 + founding.border * log1p(sum over k in p or in countries that border it of strength[k] / 1000)
                 + founding.instability * instability[p] + founding.arrivals * log1p(foreigners in p / reference)

The pace is derived from foundings in the core's neighbourhood before the as-of date (`neighbourhood`). Distances are in
thousands of kilometres (at least a tenth). Only friendly organisations count: the core in the theatre, everything that
descends from it (including what is founded or splits off during the run), and those that the case lists as its allies.
`elsewhere` stands for all places not named; it has no distance, a pace of its own (founding.elsewhere) and
founding.arrivals. A new group gathers ``founding.cadre`` locals. Foreigners already in the place belong to it from then
on, and the place attracts more (`organisations`).

*In the theatre* the remnants re-establish themselves as a new organisation of one of two types, insurgent or
terrorist::

    log hazard = founding[type] + founding.collapse * (1 - C[t])

A share ``founding.share`` of the core's locals joins it. A *split* takes ``split.share`` of an organisation's locals. A
descendant *leaves* the core, and an organisation abroad that does not descend from it *pledges* allegiance; this is
reported and moves nobody. Both have learned rates (`learned_rates`), the core's with the effect of losing ground, in
force from the as-of date until no ground is left::

    log hazard of a split = split.hazard + split.period + split.own of the organisation
                            + split.losing (the core, holding ground)
    log hazard of leaving  = allegiance.leaving + leaving.period + leaving.own of the organisation
    log hazard of pledging = allegiance.pledging + pledging.period + pledging.own of the organisation
                             + allegiance.sworn (one that is sworn to another family)

An organisation that is sworn to the core's own family and does not descend from the core has neither.

Assumptions: each happens at most once per organisation or place. Foreigners do not move in a split or in a founding in
the theatre. Signs follow what was known of conflict diffusion by both as-of dates (neighbours, ties, instability:
Buhaug and Gleditsch 2008; people who cross borders: Salehyan and Gleditsch 2006); sizes are priors. That nearby
friends and arrivals matter for *foundings after a fall* was later confirmed (Braithwaite and Chu 2018), which was known
when this was written: the cases' hindsight ledgers say so. Whether an organisation other than the core is losing ground
is not known to the model, so it has the rate of one that is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.case import Organisation
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.organisation_vocabulary import (
    Band,
    Event,
    Members,
    Near,
    OrganisationSet,
    RecruitmentLine,
    Signal,
)
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.learned_rates import SPLIT, learned_rate, own_of, period_of, twin_of
from afterfall.model.mechanisms.neighbourhood import (
    BORDER,
    INSTABILITY,
    NEAR,
    NEAR_SCALE,
    Site,
    bordering,
    friendly,
    nearness,
    pace_elsewhere,
    pace_far_away,
)
from afterfall.model.mechanisms.organisations import (
    THEATRE,
    descendant_in,
    descends,
    draws_people,
    foreigners_in,
    instability,
    loss_line,
    room_line,
    standing,
    usual_strength,
)
from afterfall.model.mechanisms.relocating import ELSEWHERE
from afterfall.reference.allegiance_changes import LEAVING, PLEDGING, sworn_to
from afterfall.reference.families import family_of

#: Priors without a reference class: hazards a month, and log ratio while losing ground.
SPLITS, PLEDGES, LOSING, SWORN = (5e-4, 6e-3), (2e-4, 0.01), (-0.5, 2.0), (-2.5, 2.5)
TYPES = {"insurgent": "a new insurgent organisation", "terrorist": "a new terrorist organisation"}


def founding(view: CaseView) -> OrganisationSet:
    """Organisations that may be founded, and the events that found them."""
    rows = standing(view)
    usual = usual_strength(view)
    sites = (*friendly(view), *_newcomers(view))
    parts = [_abroad(view, p, sites, usual) for p in _free(view)]
    parts += [_successor(view, kind, label, usual) for kind, label in TYPES.items()]
    splitting = [o for o in rows if o.kind != "offshoot" or descends(view, o)]
    parts += [_split(view, o, usual) for o in splitting]
    abroad = [o for o in rows if o.kind == "offshoot" and (descends(view, o) or not _in_family(view, o))]
    lines = (*_theatre_lines(), *(_allegiance_line(view, o) for o in abroad))
    allegiances = tuple(_allegiance(view, o) for o in abroad)
    return OrganisationSet(
        bands=tuple(b for p in parts for b in p.bands),
        lines=(*lines, *(x for p in parts for x in p.lines)),
        events=(*(e for p in parts for e in p.events), *allegiances),
        near=tuple(n for p in parts for n in p.near),
        outside=tuple(o for p in parts for o in p.outside),
        parameters=_parameters(view),
        joint=_joint(view, splitting, abroad),
    )


def _joint(view: CaseView, splitting: Sequence[Organisation], abroad: Sequence[Organisation]) -> tuple[JointDraws, ...]:
    """What was learned together of splits and of changes of allegiance."""
    split, leave, pledge = (learned_rate(view, event) for event in (SPLIT, LEAVING, PLEDGING))
    if split is None or leave is None or pledge is None:
        return ()
    branches = [o for o in abroad if descends(view, o)]
    return (
        split.joint("split", ("split.hazard", "split.losing"), splitting),
        leave.joint("leaving", ("allegiance.leaving",), branches),
        pledge.joint("pledging", ("allegiance.pledging", "allegiance.sworn"), [o for o in abroad if o not in branches]),
    )


def new_in(place: str) -> str:
    """Name of the organisation that may be founded in a place, and of its founding."""
    return f"new-{place}"


def successor(kind: str) -> str:
    """Name of the organisation of a type that the remnants may found in the theatre."""
    return f"{kind}-successor"


def splinter(organisation: str) -> str:
    """Name of what may split from an organisation."""
    return f"{organisation}-splinter"


def family(view: CaseView) -> tuple[str, ...]:
    """The core and everything that descends from it, including what may yet be founded or split off."""
    rows = [o for o in standing(view) if o.kind == "core" or descends(view, o)]
    return (
        *(o.organisation for o in rows),
        *(new_in(p) for p in _free(view)),
        *(successor(kind) for kind in TYPES),
        *(splinter(o.organisation) for o in rows),
    )


def _free(view: CaseView) -> list[str]:
    """Places abroad without an organisation descended from the core."""
    return [p for p in view.hosts if descendant_in(view, p) is None]


def _newcomers(view: CaseView) -> tuple[Site, ...]:
    """Organisations that may be founded and would then be near to others, with their places."""
    splitting = [o for o in standing(view) if o.kind == "core" or (o.kind == "offshoot" and descends(view, o))]
    return (
        *(Site(new_in(p), p) for p in _free(view) if p != ELSEWHERE),
        *(Site(successor(kind), THEATRE) for kind in TYPES),
        *(Site(splinter(o.organisation), o.place) for o in splitting if o.place != ELSEWHERE),
    )


def _abroad(view: CaseView, place: str, sites: Sequence[Site], usual: float) -> OrganisationSet:
    name, where = new_in(place), view.name(place)
    members = foreigners_in(view, place)
    label = f"new offshoot: {where}"
    band = _new(name, label, "founded", place, usual, members=members, parent=view.case.core)
    pace = "founding.elsewhere" if place == ELSEWHERE else "founding.abroad"
    constants: list[tuple[str | None, float]] = [(pace, 1.0)]
    echoes = [Signal("foreign", name, "founding.arrivals")]
    near: tuple[Near, ...] = ()
    if place != ELSEWHERE:
        constants.append(("founding.instability", instability(view, place)))
        others = [s for s in sites if s.organisation != name]
        near = (
            Near(f"near.{place}", nearness(view, place, others), NEAR_SCALE),
            Near(f"border.{place}", bordering(view, place, others), NEAR_SCALE),
        )
        echoes += [
            Signal("near", f"near.{place}", "founding.near"),
            Signal("near", f"border.{place}", "founding.border"),
        ]
    line = RecruitmentLine(f"founding.{place}", tuple(constants), echoes=tuple(echoes))
    event = Event(name, f"founded: {where}", "founding", line.name, takes=name, cadre="founding.cadre")
    lines = (line, room_line(view, name, place, usual))
    return OrganisationSet((band,), lines, (event,), near=near, outside=draws_people(view, band))


def _new(
    name: str,
    label: str,
    kind: str,
    place: str,
    reference: float,
    *,
    members: tuple[Members, ...] = (),
    parent: str,
    descended: bool = True,
) -> Band:
    return Band(
        name=name,
        label=label,
        kind=kind,  # type: ignore[arg-type]
        place=place,
        descended=descended,
        growth="local.growth",
        loss=loss_line(place),
        capacity=f"local.room.{name}",
        reference=reference,
        strength=None,
        published=False,
        members=members,
        parent=parent,
    )


def _theatre_lines() -> tuple[RecruitmentLine, ...]:
    return tuple(
        RecruitmentLine(
            f"founding.{kind}",
            ((f"founding.{kind}", 1.0), ("founding.collapse", 1.0)),
            (("founding.collapse", "held", -1.0),),
        )
        for kind in TYPES
    )


def _successor(view: CaseView, kind: str, label: str, usual: float) -> OrganisationSet:
    core = view.case.core
    name = successor(kind)
    band = _new(name, label, "successor", THEATRE, usual, parent=core)
    event = Event(
        f"founding.{kind}",
        f"remnants found {label}",
        "founding",
        f"founding.{kind}",
        band=core,
        gives=core,
        share="founding.share",
        takes=name,
    )
    return OrganisationSet((band,), (room_line(view, name, THEATRE, usual),), (event,))


def _split(view: CaseView, row: Organisation, usual: float) -> OrganisationSet:
    name = splinter(row.organisation)
    band = _new(
        name,
        f"splinter of {row.name}",
        "splinter",
        row.place,
        usual,
        parent=row.organisation,
        descended=row.kind == "core" or descends(view, row),
    )
    event = Event(
        f"split.{row.organisation}",
        f"{row.name} splits",
        "split",
        f"split.{row.organisation}",
        band=row.organisation,
        gives=row.organisation,
        share="split.share",
        takes=name,
    )
    return OrganisationSet((band,), (room_line(view, name, row.place, usual), _split_line(view, row)), (event,))


def _split_line(view: CaseView, row: Organisation) -> RecruitmentLine:
    rate = learned_rate(view, SPLIT)
    name = f"split.{row.organisation}"
    calm = (
        ("split.hazard", 1.0),
        *(((period_of("split"), 1.0), (own_of("split", row.organisation), 1.0)) if rate else ()),
    )
    if row.kind != "core":
        return RecruitmentLine(name, calm)
    return RecruitmentLine(name, (*calm, ("split.losing", 1.0)), (("split.losing", "adrift", -1.0),))


def _allegiance_line(view: CaseView, row: Organisation) -> RecruitmentLine:
    leaves = descends(view, row)
    name, event = ("leaving", LEAVING) if leaves else ("pledging", PLEDGING)
    constants = [(f"allegiance.{name}", 1.0)]
    if learned_rate(view, event):
        constants += [(period_of(name), 1.0), (own_of(name, row.organisation), 1.0)]
    if not leaves and _sworn(view, row):
        constants.append(("allegiance.sworn", 1.0))
    return RecruitmentLine(f"allegiance.{row.organisation}", tuple(constants))


def _sworn(view: CaseView, row: Organisation) -> str:
    """The family that an organisation is sworn to at the as-of date, as far as the reference class says."""
    learned = learned_rate(view, PLEDGING)
    return sworn_to(twin_of(row, learned.known), view.case.as_of) if learned else ""


def _in_family(view: CaseView, row: Organisation) -> bool:
    return _sworn(view, row) == family_of(view.case.core)


def _allegiance(view: CaseView, row: Organisation) -> Event:
    verb = "leaves the core" if descends(view, row) else "pledges to the core"
    return Event(
        f"allegiance.{row.organisation}",
        f"{row.name} {verb}",
        "allegiance",
        f"allegiance.{row.organisation}",
        band=row.organisation,
    )


def _parameters(view: CaseView) -> tuple[Parameter, ...]:
    low, high, derived = pace_far_away(view)
    least, most, derived_elsewhere = pace_elsewhere(view)
    far = "hazard of a founding far from any organisation"
    rest = "hazard of a founding in any place not named"
    return (
        Parameter("founding.abroad", far, "a month", "log", low, high, derived=derived),
        Parameter("founding.near", "effect of strength by distance", "log a log", "natural", *NEAR),
        Parameter("founding.border", "effect of strength across a border", "log a log", "natural", *BORDER),
        Parameter("founding.instability", "effect of instability", "log a standard deviation", "natural", *INSTABILITY),
        Parameter("founding.arrivals", "effect of foreigners there", "log a log", "natural", 0.0, 1.2),
        Parameter("founding.elsewhere", rest, "a month", "log", least, most, derived=derived_elsewhere),
        Parameter("founding.cadre", "locals whom a founding abroad gathers", "people", "log", 10.0, 200.0),
        Parameter("founding.insurgent", "hazard of a new insurgent organisation", "a month", "log", 3e-4, 0.01),
        Parameter("founding.terrorist", "hazard of a new terrorist organisation", "a month", "log", 3e-4, 0.01),
        Parameter("founding.collapse", "rise of its log from all ground held to none", "log", "natural", -0.5, 3.0),
        Parameter("founding.share", "share of the core's locals in it", "share", "share", 0.02, 0.4),
        *_learned_parameters(view),
        Parameter("split.share", "share of its locals who leave", "share", "share", 0.05, 0.5),
    )


def _learned_parameters(view: CaseView) -> tuple[Parameter, ...]:
    """Hazards of splits and of changes of allegiance; wide and uninformed without a reference class."""
    split, leave, pledge = (learned_rate(view, event) for event in (SPLIT, LEAVING, PLEDGING))
    splits, losing, words = (split.hazard, split.ratio, split.words()) if split else (SPLITS, LOSING, "")
    leaving, leave_words = (leave.hazard, leave.words()) if leave else (PLEDGES, "")
    pledges, sworn, pledge_words = (pledge.hazard, pledge.ratio, pledge.words()) if pledge else (PLEDGES, SWORN, "")
    leaves, joins = "hazard that a branch leaves the core", "hazard that an organisation abroad pledges to the core"
    other = "rise of its log while sworn to another"
    return (
        Parameter("split.hazard", "hazard that an organisation splits", "a month", "log", *splits, derived=words),
        Parameter("split.losing", "rise of its log while losing ground", "log", "natural", *losing, derived=words),
        Parameter("allegiance.leaving", leaves, "a month", "log", *leaving, derived=leave_words),
        Parameter("allegiance.pledging", joins, "a month", "log", *pledges, derived=pledge_words),
        Parameter("allegiance.sworn", other, "log", "natural", *sworn, derived=pledge_words),
    )
