"""The quantities that the model predicts: the five pathways, the other fates, details, places and counters.

Pathways and other fates partition everyone who travelled or was born in the theatre. Each state names the one that
counts it, so their stocks sum to `everyone`, and that to the counters `travelled` and `born`, in every month. Counters
count moves: someone who returned home and then died or left again
stays in `returned`, and someone who returns a second time is counted again. Only travelling and dying happen once per
person. Every other counter is an upper bound on the number of persons, and its definition says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from afterfall.case.dates import PartialDate
from afterfall.model.compile.home_quantities import counted, home_quantities
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ADULTS, FIGHTERS, MINORS, Quantity, Role, State
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.custody_events import UNRECORDED
from afterfall.model.mechanisms.death_sentences import CONDEMNED
from afterfall.model.mechanisms.detention import SENTENCED
from afterfall.model.mechanisms.dispatch import OPERATIVE_ABROAD, OPERATIVE_HOME, PRISON_ABROAD
from afterfall.model.mechanisms.exit_choice import LYING_LOW
from afterfall.model.mechanisms.future_breaks import broken_out
from afterfall.model.mechanisms.home import AT_LARGE, DISPOSITIONS, MEANING, MINOR_HOME, home_state
from afterfall.model.mechanisms.ranks import groups
from afterfall.model.mechanisms.relocating import HOME_OFFSHOOT, offshoot_state
from afterfall.model.mechanisms.revocation import WAYS
from afterfall.model.mechanisms.transit import ON_THE_WAY

BROKEN_OUT = broken_out("")
#: From when the structure was known that a quantity marked `hindsight` rests on: mass detention in the theatre, or, of
#: those brought home, return organised by governments. The ledger of hindsight of the case `isis` has the same dates.
KNOWN_FROM, KNOWN_FROM_OF = PartialDate("2017-12"), {"repatriated": PartialDate("2018-12")}
#: Everyone whom pathways and other fates count.
EVERYONE = "everyone"
PATHWAYS = {
    "disengage": ("left the battle, home", "home, pacified or adherent, not imprisoned; children who returned home"),
    "remain": ("stay in the theatre after the fall", "underground in the theatre, outside any territory held"),
    "defect": ("with a rival of the region", "with another militant organisation of the region"),
    "relocate": ("with an offshoot elsewhere", "with an offshoot in another country, or in one's own"),
    "dispatch": ("sent to attack", "sent to attack: on the way, at home or in another target country, not imprisoned"),
}
FATES = {
    "in_ranks": ("in the ranks", "in the ranks of the core where it still holds ground"),
    "unaffiliated": ("in the theatre, no organisation", "in the theatre without belonging to an organisation"),
    "in_transit": ("on the way", "travelling: into the theatre, home, or to another theatre"),
    "lying_low": ("lying low in a third country", "in a third country and inactive"),
    "detained": ("detained in or near the theatre", "held by any custodian of the theatre or a state nearby"),
    "returned_at_risk": ("returned, at risk", "home, sympathiser or committed, not sent and not imprisoned"),
    "imprisoned": ("imprisoned", "in prison at home, or in another country they were sent to attack"),
    "killed": ("killed", "killed or dead in the theatre, in custody, with an offshoot or in an attack"),
}
#: A fate of its own where a custody event has left people of whom nobody knows where they are.
WHEREABOUTS_UNKNOWN = (
    "whereabouts unknown",
    "left a camp or prison in a break or as it closed, and not counted anywhere since",
)
COUNTERS = {
    "travelled": ("travelled so far", "everyone who ever travelled to the theatre", False),
    "born": ("born in the theatre so far", "children born in the theatre to women who travelled", False),
    "returned": (
        "returned so far",
        "everyone who ever came home, by any route: those who died or left again and children born there included",
        False,
    ),
    "self_returned": ("returned by themselves so far", "came home other than by repatriation or deportation", False),
    "repatriated": ("repatriated so far", "brought home from custody by the country of origin", True),
    "deported": ("deported home so far", "sent home by a custodian", False),
    "killed_so_far": ("killed so far", "everyone who ever died, as in the fate `killed`", False),
    "captured": ("captured where ground was lost so far", "taken by a custodian in the theatre", True),
    "intercepted": ("stopped on the way so far", "detained while travelling or lying low", False),
    "prosecuted": ("imprisoned at home so far", "everyone ever imprisoned at home after returning", False),
    "defected_so_far": (
        "left another group for a rival so far",
        "left another group of the theatre for a rival (first joining not counted)",
        False,
    ),
    "relocated_so_far": ("reached another theatre so far", "arrived with an offshoot", False),
    "dispatched_so_far": ("sent to attack so far", "ever sent to attack", False),
    "escaped": ("escaped from custody so far", "escaped from a custodian of the theatre", True),
}
#: Counters of death sentences, in a case that has them.
OF_COURTS = {
    "condemned_so_far": ("sentenced to death so far", "sentenced to death by a court of the theatre"),
    "executed": ("executed so far", "executed by a court of the theatre, among the dead in custody"),
}
#: Counters of breaks of custody after the as-of date, in a case that draws them.
OF_BREAKS = {
    "broke_out": ("got out in breaks of custody so far", "got out in a break or a collapse of custody that was drawn"),
    "retaken": ("retaken after a break so far", "retaken by the same custodian after a break that was drawn"),
    "handed_over": ("handed over so far", "handed over to another custodian as custody collapsed"),
}
#: Roles by which people held are counted: name of the quantity's ending, words, and roles.
HELD_ROLES: dict[str, tuple[str, frozenset[Role]]] = {
    "fighters": ("fighters", FIGHTERS),
    "adults": ("other adults", ADULTS - FIGHTERS),
    "minors": ("minors", MINORS),
}


def quantities(view: CaseView, states: Sequence[State]) -> tuple[Quantity, ...]:
    """All quantities of a model in a fixed order: pathways, fates, details, places, counters, containment."""
    rows = [_of_fate(code, "pathway", *texts, states) for code, texts in PATHWAYS.items()]
    rows += [_of_fate(code, "fate", *texts, states) for code, texts in FATES.items()]
    if any(s.fate == UNRECORDED for s in states):
        rows.append(_of_fate(UNRECORDED, "fate", *WHEREABOUTS_UNKNOWN, states))
    rows += _details(view, states)
    rows.append(
        _detail(
            EVERYONE,
            "everyone who travelled or was born there",
            "everyone who travelled, and children born there; pathways and other fates add up to it",
            frozenset(s.name for s in states),
        )
    )
    rows += [
        Quantity(
            f"offshoot_{p}",
            f"with an offshoot: {view.name(p)}",
            "stock",
            f"foreigners with an offshoot in {view.name(p)}; its own nationals are in `home_offshoot`",
            "place",
            frozenset({offshoot_state(p)}),
        )
        for p in view.hosts
    ]
    rows += [
        Quantity(c, label, "counter", counted(c, text), "counter", hindsight=h)
        for c, (label, text, h) in COUNTERS.items()
    ]
    if any(s.name == CONDEMNED for s in states):
        rows += [Quantity(c, label, "counter", counted(c, text), "counter") for c, (label, text) in OF_COURTS.items()]
    if any(s.name.startswith(BROKEN_OUT) for s in states):
        rows += [Quantity(c, label, "counter", counted(c, text), "counter") for c, (label, text) in OF_BREAKS.items()]
    return (*rows, *home_quantities())


def known_later(quantity: str, as_of: dt.date) -> bool:
    """Whether the structure that a quantity marked `hindsight` rests on became known only after a day."""
    return as_of < KNOWN_FROM_OF.get(quantity, KNOWN_FROM).last_day


def _of_fate(code: str, group: str, label: str, text: str, states: Sequence[State]) -> Quantity:
    members = frozenset(s.name for s in states if s.fate == code)
    return Quantity(code, label, "stock", text, group, members, hindsight=code == "detained")  # type: ignore[arg-type]


def _details(view: CaseView, states: Sequence[State]) -> list[Quantity]:
    held = frozenset({detained_state(k) for k in view.custodians} | {SENTENCED, *WAYS})
    held |= {s.name for s in states if s.name == CONDEMNED}
    theatre = frozenset(groups(view)) | held | {s.name for s in states if s.fate == UNRECORDED}
    rows = [
        _detail("in_theatre", "in the theatre", "at large or held in the theatre or by a state nearby", theatre),
        _detail(
            "at_large_in_theatre",
            "at large in the theatre",
            "in any group of the theatre, not held",
            frozenset(groups(view)),
        ),
        _detail(
            "third_country", "in third countries", "lying low in a third country, or on the way anywhere", _third()
        ),
        _detail(
            "home_offshoot",
            "with an offshoot at home",
            "with an offshoot in one's own country",
            frozenset({HOME_OFFSHOOT}),
        ),
    ]
    rows += [
        _detail(
            f"detained_{k}", f"held: {view.name(k)}", f"held by {view.name(k)}", frozenset({detained_state(k)}), True
        )
        for k in view.custodians
    ]
    rows += _by_role(view, held)
    rows.append(
        _detail("sentenced", "sentenced in the theatre", "sentenced by a court there", frozenset({SENTENCED}), True)
    )
    if any(s.name == CONDEMNED for s in states):
        text = "under sentence of death by a court of the theatre"
        rows.append(_detail(CONDEMNED, "under sentence of death", text, frozenset({CONDEMNED})))
    for d in DISPOSITIONS:
        at_large = frozenset(home_state(d, h) for h in AT_LARGE)
        rows.append(_detail(f"home_{d}", f"home: {d}", f"at large at home, {MEANING[d]}", at_large))
    rows.append(
        _detail("imprisoned_abroad", "in prison where sent to attack", "in prison abroad", frozenset({PRISON_ABROAD}))
    )
    newly = frozenset({home_state("committed", "recent")})
    rows.append(_detail("committed_recent", "home: committed, newly back", "unknown, newly back, would act", newly))
    for name, where in ((OPERATIVE_HOME, "in the home country"), (OPERATIVE_ABROAD, "in another target country")):
        rows.append(_detail(name, f"sent to attack, {where}", f"operatives {where}, at large", frozenset({name})))
    unknown = frozenset(home_state(d, h) for d in DISPOSITIONS for h in ("recent", "settled"))
    rows.append(_detail("home_unknown", "home, unknown to the authorities", "adults home and never assessed", unknown))
    rows.append(_detail("home_minor", "home, a child", "children who returned home", frozenset({MINOR_HOME})))
    return rows


def _by_role(view: CaseView, held: frozenset[str]) -> list[Quantity]:
    """People held by role, by all custodians (courts of the theatre included) and by each."""
    places = {"held": ("held in or near the theatre", "held by any custodian of the theatre or a state nearby", held)}
    for k in view.custodians:
        name = view.name(k)
        places[f"detained_{k}"] = (f"held: {name}", f"held by {name}", frozenset({detained_state(k)}))
    return [
        replace(_detail(f"{code}_{who}", f"{label}: {people}", f"{people} {text}", states, True), roles=roles)
        for code, (label, text, states) in places.items()
        for who, (people, roles) in HELD_ROLES.items()
    ]


def _third() -> frozenset[str]:
    return frozenset({LYING_LOW, *ON_THE_WAY})


def _detail(name: str, label: str, text: str, states: frozenset[str], hindsight: bool = False) -> Quantity:
    return Quantity(name, label, "stock", text, "detail", states, hindsight=hindsight)
