"""Births: children born in the theatre to women who travelled.

In month t, for a place x of the theatre where women are at large, or with a custodian::

    births[o, x, t] ~ Poisson(women[o, x] * exp(births.rate))                   at large
    births[o, x, t] ~ Poisson(women[o, x] * exp(births.rate + births.held))     held

with ``women[o, x]`` the people of role `adult` of origin o there at the start of the month. The newborn have the role
`born` and the origin of their mother, and begin where she is. They never count as travelled. Where a rate or a move
differs by role, they share those of minors. They draw nobody after them: totals that feed back do not count them.

Assumptions: the role `adult` are women of childbearing age, most of them married; ``exp(births.rate)`` is the rate of
married women times the share who are. A birth is independent of earlier ones and of whether the husband lives. Mother
and child then move independently, so that families stay together on average only. Women who gave birth after leaving
the theatre, and those sentenced there, are left out.

Known shortfall: children of men who travelled with women of the theatre are not in the model, although some countries
count them as theirs, since nationality passes by the father. Where five men are in the theatre for each woman, and one
man in twenty to one in three is so married, with as many births a marriage, these children are a third to twice as many
as the born of the model. So the model is too low where a state counts children by descent (with a Dutch parent, say);
camps count most of them with their mothers, as Syrians and Iraqis.

Sources: natural fertility of married women (Henry 1961) and the total fertility of Iraq (United Nations), in the case's
priors. That fewer are born in custody is a judgement: the hazard there has a wide prior without a source.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Inflow, Parameter, Part, Rate, Role, Term
from afterfall.model.mechanisms.capture import detained_state
from afterfall.model.mechanisms.ranks import groups

BORN = "born"
NEWBORN: frozenset[Role] = frozenset({"born"})


def births(view: CaseView) -> Part:
    """Births to women at large in the theatre, and to women held there."""
    at_large = Rate("births", (Term("births.rate"),))
    in_custody = Rate("births.held", (Term("births.rate"), Term("births.held")))
    places = dict.fromkeys(groups(view), at_large)
    places |= dict.fromkeys((detained_state(k) for k in view.custodians), in_custody)
    inflows = tuple(
        Inflow(state, rate, "births", "is born in the theatre", (BORN,), roles=NEWBORN, per=(state,))
        for state, rate in places.items()
    )
    return Part(inflows=inflows, parameters=_parameters())


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("births.rate", "births to a woman at large in the theatre", "a month", "log", 0.008, 0.03),
        Parameter("births.held", "births to women held there, against those at large", "ratio", "log", 0.03, 0.6),
    )
