"""Endings: an organisation that exists can dissolve, and one that nobody has counted may be a cell or only a name.

An organisation with a published strength ends with the rate at which organisations of some hundred fighters and more
dissolve (`learned_rates`, pooled with its own years without an ending); the core more often while it loses ground::

    log hazard = ending.organisation + ending.period + ending.own of the organisation
                 + ending.losing (the core, while it holds ground)

An organisation *without* a published strength that the reference class lists among its organisations of some hundred
fighters is a body; it has the survival of bodies of its age. Another is a body, a cell or only a name (a video, a
claim). Nobody keeps a census of names, so the chance of that is a prior, as wide as beta(2, 4): 8 to 66 in 100. Whether
one abroad was only a name is drawn at the as-of date and reported apart (``name_only``): it is taken out in the first
month, because it never was an organisation. The survival of the others from the as-of date is the mixture ::

    S(x) = body share * S_body(x) + cell share * S_cell(x)

with the shares that affiliates of the same age had in the reference class, and hazards by age from the survival of
affiliates. The hazard in month x is ``log S(x - 1) - log S(x)``, times the exponential of ``ending.uncounted``: it
falls with time, since what lasts was a body.

An organisation that ends has no locals and no strength from then on. Its foreigners are still people of the ledger and
wait in the place. It can neither split nor change its allegiance. Nothing here acts on the history.

What comes into being after the as-of date can end from the next month on. A successor or a splinter has the rate of a
counted organisation. A founding abroad has that of an uncounted one that is new and no label, averaged over its first
five years::

    log hazard = ending.uncounted + log(-log S(60) / 60),     S at age zero

Assumptions: the class lists an organisation partly because it grew; the shares of bodies and cells among recorded
affiliates hold for those of the case; a cell is as strong as any
uncounted organisation, until it ends. What is new ends at a rate that does not fall with its age.

Sources: `affiliates.csv`, `alignments.csv`, `organisations.csv`. Unit: a month.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from functools import cache

from afterfall.case import Organisation
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import Band, Event, OrganisationSet, RecruitmentLine
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.founding import founding
from afterfall.model.mechanisms.learned_rates import DISSOLUTION, LearnedRate, learned_rate, own_of, period_of, twin_of
from afterfall.model.mechanisms.learned_retaking import steady
from afterfall.model.mechanisms.organisations import published, standing
from afterfall.reference.affiliate_survival import AGES, survival_rates
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: Months ahead for which the hazard of an uncounted organisation has a value of its own.
MONTHS = 120
WORDS = {"org": "organisation", "cell": "cell"}
#: Half an affiliate of each scale is added to those counted.
HALF = 0.5
UNCOUNTED = (-0.7, 0.7)
#: Hazard in the first month that a branch was only a name: 5th and 95th percentile of -log(1 - p), p ~ beta(2, 4).
NAME_ONLY = (0.08, 1.07)
MONTHS_A_YEAR = 12.0
#: Months over which the rate of a new organisation abroad is averaged.
NEW_MONTHS = 60


def ending(view: CaseView) -> OrganisationSet:
    """The ending of each organisation that exists at the as-of date; nothing before there is a reference class."""
    rate = learned_rate(view, DISSOLUTION)
    if rate is None:
        return OrganisationSet()
    rows = standing(view)
    counted = [row for row in rows if published(view, row)]
    shapes = {row.organisation: _shape(view, row) for row in rows if row not in counted}
    new = founding(view).bands
    lines = tuple(_line(row) for row in counted) + _new_lines(view)
    if shapes:
        lines += (RecruitmentLine("ending.uncounted", (("ending.uncounted", 1.0),)),)
    abroad = [row for row in rows if row.organisation in shapes and row.kind == "offshoot" and not _body(view, row)]
    if abroad:
        lines += (RecruitmentLine("name_only", (("ending.name_only", 1.0),)),)
    events: tuple[Event, ...] = tuple(_only_a_name(row) for row in abroad)
    events += tuple(
        _event(row, "ending.uncounted", shapes[row.organisation])
        if row.organisation in shapes
        else _event(row, f"ending.{row.organisation}", ())
        for row in rows
    )
    events += tuple(_end_of_new(band) for band in new)
    joint = rate.joint("ending", ("ending.organisation", "ending.losing"), counted)
    return OrganisationSet(lines=lines, events=events, parameters=_parameters(view, rate), joint=(joint,))


def end_of(organisation: str) -> str:
    """Name of the event."""
    return f"ending.{organisation}"


def _line(row: Organisation) -> RecruitmentLine:
    own = own_of("ending", row.organisation)
    calm = (("ending.organisation", 1.0), (period_of("ending"), 1.0), (own, 1.0))
    if row.kind != "core":
        return RecruitmentLine(end_of(row.organisation), calm)
    losing = ("ending.losing", 1.0)
    return RecruitmentLine(end_of(row.organisation), (*calm, losing), (("ending.losing", "adrift", -1.0),))


def _event(row: Organisation, line: str, shape: tuple[float, ...]) -> Event:
    name = row.organisation
    return Event(end_of(name), f"{row.name} ends", "ending", line, band=name, gives=name, shape=shape)


def only_a_name(organisation: str) -> str:
    """Name of the event."""
    return f"name_only.{organisation}"


def _body(view: CaseView, row: Organisation) -> bool:
    """Whether the reference class lists it among its organisations."""
    return bool(twin_of(row, _class(view.case.as_of)[0]))


def _only_a_name(row: Organisation) -> Event:
    """That it never was a body: hazard in the first month alone."""
    name, label = row.organisation, f"{row.name} was only a name"
    return Event(only_a_name(name), label, "name_only", "name_only", band=name, gives=name, shape=(1.0, 0.0))


def _new_lines(view: CaseView) -> tuple[RecruitmentLine, ...]:
    """Log hazards of what comes into being after the as-of date: in the theatre or by a split, and abroad."""
    known = uncounted_survival(view.case.as_of, 0.0)
    rate = steady(math.log(-math.log(known[NEW_MONTHS - 1]) / NEW_MONTHS))
    return (
        RecruitmentLine("ending.new", (("ending.organisation", 1.0), (period_of("ending"), 1.0))),
        RecruitmentLine("ending.founded", (("ending.uncounted", 1.0), (None, rate))),
    )


def _end_of_new(band: Band) -> Event:
    line = "ending.founded" if band.kind == "founded" else "ending.new"
    return Event(end_of(band.name), f"{band.label} ends", "ending", line, band=band.name, gives=band.name)


def _shape(view: CaseView, row: Organisation) -> tuple[float, ...]:
    """Hazard in each month after the as-of date of an organisation that nobody has counted, ``(MONTHS,)``."""
    known = uncounted_survival(view.case.as_of, _age(view, row), body=_body(view, row))
    return tuple(steady(math.log(a / b)) for a, b in zip((1.0, *known), known, strict=False))


def _age(view: CaseView, row: Organisation) -> float:
    """Age at the as-of date, in years to two decimals."""
    return round(max(-view.month_of((row.founded or row.published).last_day), 0) / MONTHS_A_YEAR, 2)


@cache
def uncounted_survival(as_of: dt.date, age: float, *, body: bool = False) -> tuple[float, ...]:
    """Share of bodies and cells of an age (or of bodies alone) that last for 1, 2, ... months more, ``(MONTHS,)``."""
    known, hazards = _class(as_of)
    now = {"org": 1.0, "cell": 0.0} if body else scale_shares(known, age, hazards)
    found = []
    for month in range(1, MONTHS + 1):
        later = age + month / MONTHS_A_YEAR
        found.append(sum(now[s] * _lasts(hazards[s], later) / _lasts(hazards[s], age) for s in WORDS))
    return tuple(found)


def scale_shares(known: ReferenceClass, age: float, hazards: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Shares of bodies and cells among affiliates of an age: those at the start, times what lasts so long."""
    count = {s: sum(a.scale == s and a.family != "other" for a in known.affiliates) + HALF for s in WORDS}
    lasts = {s: count[s] * _lasts(hazards[s], age) for s in WORDS}
    return {s: lasting / sum(lasts.values()) for s, lasting in lasts.items()}


@cache
def _class(as_of: dt.date) -> tuple[ReferenceClass, dict[str, tuple[float, ...]]]:
    """The reference class, and the mean hazard of ending, a year, of bodies and of cells by interval of `AGES`."""
    known = open_reference_class(as_of)
    ends = [r for r in survival_rates(known) if r.event == "ends"]
    return known, {scale: tuple(r.mean for r in ends if r.stratum.startswith(word)) for scale, word in WORDS.items()}


def _lasts(hazards: Sequence[float], age: float) -> float:
    """Share that lasts to an age, in years."""
    spent = sum(h * max(min(age, high) - low, 0.0) for h, low, high in zip(hazards, AGES, AGES[1:], strict=False))
    return math.exp(-spent)


def _parameters(view: CaseView, rate: LearnedRate) -> tuple[Parameter, ...]:
    words = rate.words()
    known, _ = _class(view.case.as_of)
    n = sum(a.scale in WORDS and a.family != "other" for a in known.affiliates)
    return (
        Parameter(
            "ending.organisation",
            "hazard that an organisation dissolves",
            "a month",
            "log",
            *rate.hazard,
            derived=words,
        ),
        Parameter("ending.losing", "rise of its log while losing ground", "log", "natural", *rate.ratio, derived=words),
        Parameter(
            "ending.uncounted",
            "log ratio of endings of uncounted organisations to those of affiliates",
            "log",
            "natural",
            *UNCOUNTED,
            derived=f"reference class: survival of {n} affiliates by age and scale, a factor of two either way",
        ),
        Parameter(
            "ending.name_only",
            "hazard in the first month that an uncounted branch was only a name",
            "a month",
            "log",
            *NAME_ONLY,
            derived="a judgement, as wide as beta(2, 4): nobody keeps a census of names",
        ),
    )
