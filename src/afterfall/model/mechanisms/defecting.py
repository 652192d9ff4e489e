"""Defecting: joining another militant organisation of the region.

One of the ways of the exit in `exit_choice`, to each rival g::

    log w_g = defect.pull - log(number of rivals) + defect.enmity * member of the core
              + defect.strength * log1p(foreigners with g / published strength of g)

In the history, a rival takes people only while it exists (see `rival_ages`). The last term is a feedback of the ledger
of people: a rival that has taken in fighters is a more likely host. The enmity of core and rival
("a violently strained relationship") has a parameter of its own. A merger removes it (`merging`).

A rival that has become the government of a country, or a part of its army, goes on as one: its foreigners stay with
another organisation, and the label of the state says what it has become.

Assumptions: rivals are exchangeable except for strength. There are no data by origin on defection, so all three
parameters rest on priors.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Feedback, Parameter, Part, Rate, State, Term, Times, Transition
from afterfall.model.mechanisms.exit_choice import leaving_choice
from afterfall.model.mechanisms.ranks import groups
from afterfall.model.mechanisms.recruitment import rival_state
from afterfall.model.mechanisms.rival_ages import age_path

DEFAULT_STRENGTH = 1000.0
CORE_GROUPS = ("ranks", "remnant")


def defecting(view: CaseView) -> Part:
    """One state per rival, and the ways into it."""
    states = tuple(State(rival_state(r), _with(view, r), "defect") for r in view.rivals)
    transitions: list[Transition] = []
    feedbacks: list[Feedback] = []
    for rival in view.rivals:
        dest = rival_state(rival)
        rates = {core: _rate(rival, core) for core in (True, False)}
        for state, group in groups(view).items():
            if group != "rival":
                rate, exit_ = rates[group in CORE_GROUPS], leaving_choice(state, group)
                label, counts = "joins a rival", ("defected_so_far",)
                transitions.append(Transition(state, dest, rate, "defecting", label, exit_, counts=counts))
        scale = strength(view, rival)
        feedbacks += [
            Feedback(rate.name, "defect.strength", f"foreigners_{rival}", (dest,), scale) for rate in rates.values()
        ]
    return Part(states, tuple(transitions), parameters=_parameters(), feedbacks=tuple(feedbacks))


def _with(view: CaseView, rival: str) -> str:
    """Label of those with a rival: one that has become a government, or a part of its army, is still another group."""
    row = view.case.organisation(rival)
    now = {"government": ", now the government", "army": ", now in the army of the government"}.get(
        row.became or "", ""
    )
    return f"with {row.name}{now}"


def _rate(rival: str, core: bool) -> Rate:
    enmity = (Term("defect.enmity"),) if core else ()
    name = f"way.rival.{rival}" + (".core" if core else "")
    return Rate(name, (Term("defect.pull"), Term(None, "rivals_share_one_weight"), *enmity, Times(age_path(rival))))


def strength(view: CaseView, organisation: str) -> float:
    """Latest published strength of an organisation, else of the one it came from, in people; else a thousand."""
    figures = [f for f in view.case.figures if f.organisation == organisation and f.quantity == "strength"]
    latest = max(figures, key=lambda f: (f.refers_to.last_day, f.figure), default=None)
    if latest:
        return max(latest.value, 1.0)
    parent = view.case.organisation(organisation).parent
    return strength(view, parent) if parent else DEFAULT_STRENGTH


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("defect.pull", "joining a rival against going home, no enmity", "ratio", "log", 0.05, 2.0),
        Parameter("defect.enmity", "what enmity leaves of that for members of the core", "ratio", "log", 0.05, 1.0),
        Parameter(
            "defect.strength", "response to the foreigners a rival already has", "log a log", "natural", -0.3, 1.0
        ),
    )
