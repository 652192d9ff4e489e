"""Organisations: the core, its rivals, its offshoots and others abroad, each with a count of locals.

An organisation's strength is its foreigners (fighters of the ledger of people) plus its locals. A month of the locals::

    recruits  ~ Poisson(g * e[k] * (locals + v * foreigners) * max(0, 1 - strength / K))
    lost      ~ Binomial(locals, 1 - exp(-d))

    g = local.growth                                        recruits a month for each local, with room to spare
    v = local.veteran                                       recruits by one foreigner against one local
    K = reference[k] * local.room * exp(local.instability * instability[place])
        for the core also * exp(-local.ground * (1 - C[t] / C[as-of]))     ground lost is room lost
    d = local.loss, in the theatre under a campaign * local.pressure       killed, arrested, gone home
    e[k]                                                    the organisation's own effect: lognormal with mean one

The *reference* is the latest published strength; where there is none, the geometric mean of the published strengths of
the case's other offshoots. The strength at the as-of date is drawn around the figures of the two years before the
latest, of each family of reports those of its last month alone (a newer count replaces an older one), at least as
widely as the figures themselves and at least a factor of 1.6 (90 %) either way; without a figure, from 30 to 1,000.
Locals are the strength less foreigners, and at least a twentieth of it.

Feedback on people: a place attracts those who relocate with ``place.organisation`` per log growth of its locals since
the as-of date, and a rival with ``defect.strength``. Foreigners act through feedbacks of their own.

Assumptions: a published strength counts fighters, locals and foreigners together. Foreigners who reach a place join the
organisation descended from the core there, or wait for one to be founded. Other organisations abroad (al-Qaida's) have
only locals. Nobody moves between two organisations except in a split or a founding; recruits stay in their
organisation. Growth, room and losses rest on priors; that of growth is bounded above by the regrowth of 2011-14 in Iraq
where that was public. Logistic growth with losses is the simplest form that can both fade and return.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from afterfall.case import Figure, Organisation
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import (
    Band,
    Members,
    OrganisationSet,
    Outside,
    RecruitmentLine,
    Signal,
)
from afterfall.model.language.parameters import Z95
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.ranks import REMNANT
from afterfall.model.mechanisms.recruitment import RANKS, rival_state
from afterfall.model.mechanisms.relocating import ELSEWHERE, HOME_OFFSHOOT, MIN_SCALE, offshoot_state
from afterfall.model.mechanisms.territory import held_now

#: Strength at the as-of date of an organisation without a published figure: 5th and 95th percentile, people.
UNCOUNTED = (30.0, 1000.0)
#: Months before the latest figure from which figures are used with it, and the smallest log standard deviation.
READ_WITH, LEAST_SD = 24, 0.3
THEATRE = "theatre"


@dataclass(frozen=True, slots=True)
class PublishedStrength:
    """A published strength: median in people, log standard deviation, latest value in people."""

    median: float
    sd: float
    latest: float


def organisations(view: CaseView) -> OrganisationSet:
    """Bands of all organisations that exist at the as-of date, with the lines of their locals."""
    rows = standing(view)
    usual = usual_strength(view)
    bands = tuple(_band(view, row, usual) for row in rows)
    outside = tuple(o for band in bands for o in draws_people(view, band))
    lines = (*_shared_lines(), *(_capacity(view, b.name, b.place, b.reference, b.kind == "core") for b in bands))
    return OrganisationSet(
        bands, lines, outside=outside, parameters=_parameters(), veteran="local.veteran", spread="local.spread"
    )


def standing(view: CaseView) -> tuple[Organisation, ...]:
    """Organisations active at the as-of date, the core first."""
    active = [o for o in view.case.organisations if not o.ended]
    return tuple(sorted(active, key=lambda o: (("core", "rival", "offshoot").index(o.kind), o.organisation)))


def descends(view: CaseView, organisation: Organisation) -> bool:
    """Whether an organisation comes from the core, directly or through its ancestors."""
    seen: set[str] = set()
    row = organisation
    while row.parent and row.parent not in seen:
        seen.add(row.parent)
        if row.parent == view.case.core:
            return True
        row = view.case.organisation(row.parent)
    return False


def descendant_in(view: CaseView, place: str) -> Organisation | None:
    """The organisation descended from the core in a place, the strongest of several; None without one."""
    found = [o for o in standing(view) if o.kind == "offshoot" and o.place == place and descends(view, o)]
    return max(found, key=lambda o: (_latest(view, o), o.organisation), default=None)


def _latest(view: CaseView, organisation: Organisation) -> float:
    known = published(view, organisation)
    return known.latest if known else 0.0


def published(view: CaseView, organisation: Organisation) -> PublishedStrength | None:
    """The published strength of an organisation; a rival without one takes that of its parent (not the core's)."""
    figures = [f for f in view.case.figures if f.quantity == "strength" and f.organisation == organisation.organisation]
    if not figures:
        parent = organisation.parent
        if organisation.kind == "rival" and parent and parent != view.case.core:
            return published(view, view.case.organisation(parent))
        return None
    figures = [f for f in figures if not f.bound] or figures
    latest = max(figures, key=lambda f: (f.refers_to.last_day, f.figure))
    month = view.month_of(latest.refers_to.last_day)
    recent = [f for f in figures if view.month_of(f.refers_to.last_day) >= month - READ_WITH]
    near = [f for f in recent if _calendar_month(f) == max(map(_calendar_month, _of_family(f, recent)))]
    logs = [math.log(max(f.value, 1.0)) for f in near]
    mean = sum(logs) / len(logs)
    between = math.sqrt(sum((x - mean) ** 2 for x in logs) / len(logs))
    within = max(math.log(max(f.high, 1.0) / max(f.low, 1.0)) / (2.0 * Z95) for f in near)
    return PublishedStrength(math.exp(mean), max(between, within, LEAST_SD), max(latest.value, 1.0))


def strength_now(view: CaseView, row: Organisation) -> tuple[float, float]:
    """Median, in people, and log standard deviation of the strength of an organisation at the as-of date."""
    known = published(view, row)
    low, high = (math.log(x) for x in UNCOUNTED)
    return (known.median, known.sd) if known else (math.exp((low + high) / 2.0), (high - low) / (2.0 * Z95))


def _calendar_month(figure: Figure) -> tuple[int, int]:
    return figure.refers_to.last_day.year, figure.refers_to.last_day.month


def _of_family(figure: Figure, figures: list[Figure]) -> list[Figure]:
    return [f for f in figures if f.report_family == figure.report_family]


def usual_strength(view: CaseView) -> float:
    """Geometric mean of the latest published strengths of organisations abroad, in people (a hundred without any)."""
    known = [published(view, o) for o in standing(view) if o.kind == "offshoot"]
    logs = [math.log(k.latest) for k in known if k]
    return math.exp(sum(logs) / len(logs)) if logs else MIN_SCALE


def _band(view: CaseView, row: Organisation, usual: float) -> Band:
    known = published(view, row)
    return Band(
        name=row.organisation,
        label=row.name,
        kind=row.kind,
        place=row.place,
        descended=descends(view, row),
        growth="local.growth",
        loss=loss_line(row.place),
        capacity=f"local.room.{row.organisation}",
        reference=known.latest if known else usual,
        strength=strength_now(view, row),
        published=known is not None,
        members=_members(view, row),
        parent=row.parent or None,
    )


def _members(view: CaseView, row: Organisation) -> tuple[Members, ...]:
    if row.kind == "core":
        return (Members((*RANKS, REMNANT)),)
    if row.kind == "rival":
        return (Members((rival_state(row.organisation),)),)
    return foreigners_in(view, row.place) if descendant_in(view, row.place) == row else ()


def foreigners_in(view: CaseView, place: str) -> tuple[Members, ...]:
    """Fighters of the ledger with an offshoot in a place: foreigners, and the place's own nationals."""
    if place not in view.hosts:
        return ()
    own = (Members((HOME_OFFSHOOT,), frozenset({place})),) if place in view.origins else ()
    return (Members((offshoot_state(place),)), *own)


def loss_line(place: str) -> str:
    """Name of the line of losses in a place."""
    return "local.loss.theatre" if place == THEATRE else "local.loss"


def instability(view: CaseView, place: str) -> float:
    """Instability in standard deviations: that of a place, the mean over the theatre, or zero for `elsewhere`."""
    if place == ELSEWHERE:
        return 0.0
    if place != THEATRE:
        return view.covariate(place, "instability", 0.0)
    values = [view.covariate(country, "instability", 0.0) for country in view.case.theatre.countries]
    return sum(values) / len(values)


def _shared_lines() -> tuple[RecruitmentLine, ...]:
    return (
        RecruitmentLine("local.growth", (("local.growth", 1.0),)),
        RecruitmentLine("local.loss", (("local.loss", 1.0),)),
        RecruitmentLine("local.loss.theatre", (("local.loss", 1.0),), (("local.pressure", "campaign", 1.0),)),
    )


def _capacity(view: CaseView, name: str, place: str, reference: float, core: bool) -> RecruitmentLine:
    constants: list[tuple[str | None, float]] = [
        (None, math.log(reference)),
        ("local.room", 1.0),
        ("local.instability", instability(view, place)),
    ]
    if not core:
        return RecruitmentLine(f"local.room.{name}", tuple(constants))
    constants.append(("local.ground", -1.0))
    return RecruitmentLine(f"local.room.{name}", tuple(constants), (("local.ground", "held", 1.0 / held_now(view)),))


def room_line(view: CaseView, name: str, place: str, reference: float) -> RecruitmentLine:
    """The line of the room of an organisation that does not exist yet."""
    return _capacity(view, name, place, reference, core=False)


def draws_people(view: CaseView, band: Band) -> tuple[Outside, ...]:
    """How the growth of an organisation's locals attracts people of the ledger to it."""
    if band.kind == "rival":
        change = Signal("locals", band.name, "defect.strength")
        way = f"way.rival.{band.name}"
        return (Outside(way, change), Outside(f"{way}.core", change))
    if not band.members or band.kind not in ("offshoot", "founded") or band.place == ELSEWHERE:
        return ()
    change = Signal("locals", band.name, "place.organisation")
    own = (Outside(f"place.{band.place}.own", change),) if band.place in view.origins else ()
    return (Outside(f"place.{band.place}", change), *own)


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("local.growth", "recruits a month for each local, with room to spare", "a month", "log", 0.004, 0.1),
        Parameter("local.veteran", "recruits by a foreigner against those by a local", "ratio", "log", 0.5, 5.0),
        Parameter("local.room", "strength there is room for, against the published", "ratio", "log", 1.0, 8.0),
        Parameter("local.instability", "room, a standard deviation of instability", "log", "natural", -0.2, 0.8),
        Parameter("local.ground", "decline of the core's room were all its ground lost", "log", "natural", 0.0, 4.0),
        Parameter("local.loss", "hazard of a local being lost to an organisation", "a month", "log", 0.003, 0.05),
        Parameter("local.pressure", "that hazard in the theatre under a campaign", "ratio", "log", 1.0, 4.0),
        Parameter("local.spread", "spread of growth between organisations", "log", "positive", 0.2, 1.0),
    )
