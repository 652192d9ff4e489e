"""Births: children born in the theatre to women who travelled, and to men who travelled and local women.

In month t, for a place x of the theatre where women are at large, or with a custodian::

    births[o, x, t] ~ Poisson(women[o, x] * exp(births.rate))                   at large
    births[o, x, t] ~ Poisson(women[o, x] * exp(births.rate + births.held))     held
    births[o, x, t] ~ Poisson(men[o, x] * exp(births.rate + births.local))      at large, mothers from the theatre

with ``women[o, x]`` and ``men[o, x]`` the people of roles `adult` and `fighter` of origin o there at the start of the
month. The newborn have the role `born` and the origin of the parent who travelled, and begin where that parent is. They
never count as travelled. Where a rate or a move differs by role, they share those of minors. They draw nobody after
them: totals that feed back do not count them.

``exp(births.local)`` is the share of men who have a wife of the theatre with as many births as a woman who travelled.
Nationality passes by the father in most countries of origin, and European services count children with one parent of
theirs (the Dutch: children "with a Dutch link"). The custodians of camps count most of these children with their
mothers, as Syrians or Iraqis, so counts by origin of a custodian leave some of them out.

Assumptions: the role `adult` are women of childbearing age, most of them married; ``exp(births.rate)`` is the rate of
married women times the share who are. A birth is independent of earlier ones and of whether the husband lives. Mother
and child (or father and child) then move independently, so that families stay together on average only. Women who gave
birth after leaving the theatre, and those sentenced there, are left out.

Sources: natural fertility of married women (Henry 1961) and the total fertility of Iraq (United Nations), in the case's
priors. That fewer are born in custody is a judgement: the hazard there has a wide prior without a source. So has the
share of men with a wife of the theatre, one in twenty to one in three: no count is known. Of the men who filled in the
entry forms of 2013 and 2014 most were single (Dodwell, Milton and Rassler 2016, doi of none: CTC, West Point).
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Inflow, Parameter, Part, Rate, Role, Term
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.custody_events import UNRECORDED, has_unrecorded
from afterfall.model.mechanisms.ranks import groups

BORN = "born"
NEWBORN: frozenset[Role] = frozenset({"born"})


def births(view: CaseView) -> Part:
    """Births to women at large in the theatre, and to women held there."""
    at_large = Rate("births", (Term("births.rate"),))
    by_men = Rate("births.local", (Term("births.rate"), Term("births.local")))
    in_custody = Rate("births.held", (Term("births.rate"), Term("births.held")))
    places = dict.fromkeys(groups(view), at_large)
    places |= dict.fromkeys((detained_state(k) for k in view.custodians), in_custody)
    places |= dict.fromkeys((UNRECORDED,) if has_unrecorded(view) else (), in_custody)
    inflows = tuple(
        Inflow(state, rate, "births", "is born in the theatre", (BORN,), roles=NEWBORN, per=(state,))
        for state, rate in places.items()
    )
    label = "is born in the theatre to a local mother"
    inflows += tuple(
        Inflow(state, by_men, "births", label, (BORN,), roles=NEWBORN, per=(state,), by_fathers=True)
        for state in groups(view)
    )
    return Part(inflows=inflows, parameters=_parameters())


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("births.rate", "births to a woman at large in the theatre", "a month", "log", 0.008, 0.03),
        Parameter("births.local", "men with a local wife, by births against women", "ratio", "log", 0.05, 0.33),
        Parameter("births.held", "births to women held there, against those at large", "ratio", "log", 0.03, 0.6),
    )
