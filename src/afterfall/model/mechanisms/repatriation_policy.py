"""Who is taken back: men against families, and what an origin says that it does, where custody events are recorded.

The hazard of repatriation (`detention`) of a person of origin o and role r then is::

    exp(repatriation.hazard + u[o] + repatriation.men * (r is fighter)
        + repatriation.refused * refuses[o, r] + repatriation.open * takes[o, r])

``refuses`` and ``takes`` are 1 where a policy of the origin on people of the role (`whom` in policies.csv; empty: on
everyone) is in force on the as-of date: of `repatriation_refused`, or of `repatriation`. Of several, one that names the
role counts before one on everyone, and then the latest. One that ends in the month of its own source is one last heard
of then: it goes on, unless it began in that month too, as single operations do. They stay as they are in the forecast;
levers change them. What an origin did in the last years is read apart (`observation.custody.repatriation_record`),
given the policies in force then.

Assumptions: a stated policy multiplies the hazard by one factor for all origins; women and children are taken back
alike. The history has regions, and no policy acts in it. No source gives any of the three factors; their priors are
wide and labelled uninformed, and say only that men are taken back less than families, that those who refuse take back
fewer, and those who say that they take people back, more.
"""

from __future__ import annotations

from collections.abc import Callable

from afterfall.case import PartialDate, PolicyRecord
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, FIGHTERS, MINORS, Cohort, Parameter, Part, Role, Term
from afterfall.model.mechanisms.custody_events import has_events

MEN, REFUSED, OPEN = "repatriation.men", "repatriation.refused", "repatriation.open"
#: Kinds of policies, with the parameter of each and the feature that says where it is in force.
STANCES = {
    "repatriation_refused": (REFUSED, "refuses_repatriation"),
    "repatriation": (OPEN, "takes_back"),
}
#: Roles that a word of `whom` is about.
ROLES_OF_WHOM: dict[str, frozenset[Role]] = {
    "": frozenset(EVERY_ROLE),
    "men": FIGHTERS,
    "families": frozenset(EVERY_ROLE) - FIGHTERS,
    "minors": MINORS,
}


def repatriation_terms(view: CaseView) -> tuple[Term, ...]:
    """What role and policy add to the log hazard of repatriation; nothing in a case without custody events."""
    if not has_events(view):
        return ()
    return (Term(MEN, "role:fighter"), *(Term(parameter, feature) for parameter, feature in STANCES.values()))


def repatriation_policy(view: CaseView) -> Part:
    """The parameters and the features of `repatriation_terms`; nothing in a case without custody events."""
    if not has_events(view):
        return Part()
    features = {feature: _in_force(view, kind) for kind, (_, feature) in STANCES.items()}
    return Part(features=features, parameters=_parameters())


def _in_force(view: CaseView, kind: str) -> Callable[[Cohort], float]:
    return lambda cohort: float(stance(view, cohort.origin, cohort.role, 0) == kind)


def stance(view: CaseView, origin: str, role: Role, month: int) -> str:
    """Kind of the policy on people of a role that an origin has in force in a month, or nothing."""
    found = [
        p for p in view.case.policies if p.kind in STANCES and p.place == origin and _applies(view, p, role, month)
    ]
    start = {p.policy: p.start.last_day if p.start else view.case.mobilisation for p in found}
    latest = max(found, key=lambda p: (bool(p.whom), start[p.policy], p.policy), default=None)
    return "" if latest is None else latest.kind


def _applies(view: CaseView, policy: PolicyRecord, role: Role, month: int) -> bool:
    begun = policy.start is None or view.month_of(policy.start.first_day) <= month
    going_on = policy.end is None or view.month_of(policy.end.last_day) >= month or _last_heard_of(policy)
    return begun and going_on and role in ROLES_OF_WHOM[policy.whom or ""]


def _last_heard_of(policy: PolicyRecord) -> bool:
    """Whether the end of a policy is only the month in which its source says that it is in force."""
    if policy.end is None or policy.start is None:
        return False
    end, published, start = (_month(day) for day in (policy.end, policy.published, policy.start))
    return end == published and start < end


def _month(day: PartialDate) -> str:
    return f"{day.last_day:%Y-%m}"


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter(MEN, "repatriation of men against that of women and children", "ratio", "log", 0.01, 0.7),
        Parameter(REFUSED, "repatriation by an origin that says it takes nobody back", "ratio", "log", 0.02, 0.8),
        Parameter(OPEN, "repatriation by an origin that says it takes people back", "ratio", "log", 1.0, 8.0),
    )
