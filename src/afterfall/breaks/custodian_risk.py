"""Which custodians of a case may have a break of 20 or more people, and how often.

A custodian here is all that one captor holds: its prisons and its camps are one row, because the reference class does
not distinguish them. Those who hold people stopped on the way only (a state nearby) are left out: the class counts
countries with an active organisation.

*Rate*: breaks of 20 or more a year, from the posterior of the reference class (`afterfall.reference.custody_breaks`,
pooled by state). A captor that holds all its ground in one country has the record of that country. The Syrian
Democratic Forces have their own from July 2017. A captor without a record is drawn like another state.

Unit: breaks per year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.case.place_names import country_codes
from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.capture import captors, detained_state
from afterfall.model.mechanisms.learned_retaking import FIRST_DAY
from afterfall.reference.custody_breaks import SDF, SIZES, custodian_groups, yearly_breaks
from afterfall.reference.period_effects import period_multiples
from afterfall.reference.pooled_rates import GroupCounts, expected_counts, fit_pooled, joined
from afterfall.reference.reference_class import ReferenceClass, open_reference_class

#: Words in places.csv that mark the custodians of the Syrian Democratic Forces.
SDF_WORDS = ("SDF", "YPG")
#: Words for a rate without a record of its own.
ANOTHER = "another state"
#: Weighted and unweighted counts of each group of the class.
Groups = dict[str, tuple[GroupCounts, GroupCounts]]


@dataclass(frozen=True, slots=True)
class CustodianRisk:
    """A captor's custody: its label, the quantities that count its people, and its record in the reference class.

    `record` names the group of the class whose record it has; `events` and `years` are what was counted there,
    unweighted. `rate` are draws of breaks a year, ``(draw,)``.
    """

    label: str
    quantities: tuple[str, ...]
    record: str
    events: int
    years: float
    rate: Floats


def custodians_at_risk(model: Model) -> tuple[CustodianRisk, ...]:
    """The captors of a case and the rates of their breaks; none without a reference class or without captors."""
    view = model.view
    if view.case.as_of < FIRST_DAY:
        return ()
    known = open_reference_class(view.case.as_of)
    groups = custodian_groups(known, SIZES[0])
    names = [_record(view, captor.custodians, captor.ground, groups) for captor in captors(view)]
    rates = _rates(known, groups, len(names))
    found = []
    for k, (captor, name) in enumerate(zip(captors(view), names, strict=True)):
        whole = groups[name][1] if name in groups else None
        found.append(
            CustodianRisk(
                label="; ".join(view.name(c) for c in captor.custodians),
                quantities=tuple(detained_state(c) for c in captor.custodians),
                record=country_codes().get(name, name),
                events=0 if whole is None else int(whole.events.sum()),
                years=0.0 if whole is None else float(whole.years.sum()),
                rate=rates[:, list(groups).index(name) if name in groups else len(groups) + k],
            )
        )
    return tuple(found)


def _record(view: CaseView, custodians: tuple[str, ...], ground: tuple[str, ...], groups: Groups) -> str:
    places = {p.place: p for p in view.case.places}
    if any(word in (places[c].captors or "") for c in custodians for word in SDF_WORDS):
        return SDF if SDF in groups else ANOTHER
    return ground[0] if len(ground) == 1 and ground[0] in groups else ANOTHER


def _rates(known: ReferenceClass, groups: Groups, new: int) -> Floats:
    """Breaks a year of each group of the class, then of `new` others, ``(draw, group)``, in a period like the past."""
    one = np.ones(len(groups) + new)
    zero = np.zeros(len(groups) + new)
    fit = fit_pooled(joined([weighted for weighted, _ in groups.values()]))
    expected = expected_counts(fit, GroupCounts(zero, one, zero, zero))
    rates: Floats = expected * period_multiples(*yearly_breaks(known, SIZES[0]))[:, None]
    return rates
