"""Home: the return of people, their disposition on arrival, and how it changes.

On arrival (second stage of the journey home) an adult has one of four dispositions, and is met by the authorities or
not::

    log w[d, unmet] = disposition[d],  log w[d, met] = disposition[d] + entry.met      sympathiser is the reference

`pacified` rejects violence and the cause; `adherent` rejects violence and keeps the ideology; `sympathiser` keeps some
sympathy for militancy; `committed` would act. The source text asks whether rejecting violence is enough, so relapse of
adherents and of the pacified have separate parameters. Afterwards::

    committed -> sympathiser -> adherent -> pacified     desistance[d], faster in a programme
    pacified, adherent -> sympathiser -> committed       relapse[d]

Those not met are `recent`, then `settled`, so that attempts may differ by time since return (`attack`); priors decide
whether and in which direction. The committed at large may depart again. Children return as children: they have no
disposition, and no edge out of home.

Assumptions: the mix does not depend on origin or on being met; disposition changes one step at a time. The mix is
weakly informed (one national study of 274 returnees). Relapse and desistance rest on rates of recidivism and
disengagement whose definitions differ. We know of no source that separates relapse of adherents from that of the
pacified: the hazards have separate names but the same prior, so their ratio carries no information until a source does.
"""

from __future__ import annotations

from itertools import pairwise

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ADULTS, MINORS, Choice, Parameter, Part, Rate, State, Term, Transition
from afterfall.model.mechanisms.exit_choice import ABROAD_1, HOME_2
from afterfall.model.mechanisms.transit import travel_rate

DISPOSITIONS = ("committed", "sympathiser", "adherent", "pacified")
AT_LARGE = ("recent", "settled", "assessed", "flagged", "monitored", "programme", "closed")
MINOR_HOME = "minor_home"
#: Counters of a return that no custodian and no government arranged.
SELF_RETURNED = ("returned", "self_returned")
MEANING = {
    "pacified": "rejects violence and the cause",
    "adherent": "rejects violence, keeps the ideology",
    "sympathiser": "keeps a degree of sympathy for militancy",
    "committed": "would act",
}
WHERE = {
    "recent": "unknown to the authorities, newly back",
    "settled": "unknown to the authorities, settled",
    "assessed": "under assessment",
    "flagged": "flagged by the assessment",
    "monitored": "monitored",
    "programme": "in a programme",
    "closed": "case closed",
}


def home_state(disposition: str, handling: str) -> str:
    """Name of the state of a returnee at large."""
    return f"{disposition}_{handling}"


def home(view: CaseView) -> Part:
    """Dispositions at large, arrival by one's own travel, and change of disposition."""
    states = tuple(
        State(home_state(d, h), f"home, {MEANING[d]}; {WHERE[h]}", _fate(d), "home")
        for d in DISPOSITIONS
        for h in AT_LARGE
    )
    states += (State(MINOR_HOME, "home, a child", "disengage", "home"),)
    transitions = (*_entry(), *_settling(), *_change())
    return Part(states, transitions, parameters=_parameters())


def _fate(disposition: str) -> str:
    return "disengage" if disposition in ("pacified", "adherent") else "returned_at_risk"


def disposition_terms(disposition: str) -> tuple[Term, ...]:
    """Log weight of a disposition on return; the sympathiser is the reference."""
    return () if disposition == "sympathiser" else (Term(f"disposition.{disposition}"),)


def arrivals_home(
    source: str, exit_: Choice, mechanism: str, label: str, counts: tuple[str, ...], capacity: str | None = None
) -> list[Transition]:
    """Moves from `source` to home, known to the authorities: adults under assessment, children at home."""
    moves = [
        Transition(
            source,
            home_state(d, "assessed"),
            Rate(f"entry.{d}", disposition_terms(d)),
            mechanism,
            label,
            exit_,
            capacity,
            roles=ADULTS,
            counts=counts,
        )
        for d in DISPOSITIONS
    ]
    child = Rate("entry.minor", ())
    moves.append(Transition(source, MINOR_HOME, child, mechanism, label, exit_, capacity, roles=MINORS, counts=counts))
    return moves


def _entry() -> list[Transition]:
    arrive = Choice("arrive", travel_rate())
    met = Term("entry.met")
    moves: list[Transition] = []
    for d in DISPOSITIONS:
        terms = disposition_terms(d)
        ways = {"recent": Rate(f"entry.{d}", terms), "assessed": Rate(f"entry.{d}.met", (*terms, met))}
        for handling, rate in ways.items():
            moves.append(
                Transition(
                    HOME_2,
                    home_state(d, handling),
                    rate,
                    "home",
                    "returns home",
                    arrive,
                    roles=ADULTS,
                    counts=SELF_RETURNED,
                )
            )
    child = Rate("entry.minor", ())
    moves.append(
        Transition(HOME_2, MINOR_HOME, child, "home", "returns home", arrive, roles=MINORS, counts=SELF_RETURNED)
    )
    return moves


def _settling() -> list[Transition]:
    settle = Rate("home.settling", (Term("home.settling"),))
    moves = [
        Transition(home_state(d, "recent"), home_state(d, "settled"), settle, "home", "settles", roles=ADULTS)
        for d in DISPOSITIONS
    ]
    again = Rate("home.departs_again", (Term("home.departs_again"),))
    for handling in ("recent", "settled", "closed"):
        source = home_state("committed", handling)
        moves.append(Transition(source, ABROAD_1, again, "home", "departs again", roles=ADULTS, back=True))
    return moves


def _change() -> list[Transition]:
    moves: list[Transition] = []
    for handling in AT_LARGE:
        for worse, better in pairwise(DISPOSITIONS):
            terms = [Term(f"desistance.{worse}")] + ([Term("programme.effect")] if handling == "programme" else [])
            rate = Rate(f"desistance.{worse}" + (".programme" if handling == "programme" else ""), tuple(terms))
            source, dest = home_state(worse, handling), home_state(better, handling)
            moves.append(Transition(source, dest, rate, "home", "desists", roles=ADULTS))
        for better, worse in (("sympathiser", "committed"), ("adherent", "sympathiser"), ("pacified", "sympathiser")):
            rate = Rate(f"relapse.{better}", (Term(f"relapse.{better}"),))
            source, dest = home_state(better, handling), home_state(worse, handling)
            counts = (f"relapsed_{better}_so_far",)
            moves.append(Transition(source, dest, rate, "home", "relapses", roles=ADULTS, back=True, counts=counts))
    return moves


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("disposition.pacified", "pacified for each sympathiser on coming home", "ratio", "log", 0.3, 4.0),
        Parameter("disposition.adherent", "adherents for each sympathiser on coming home", "ratio", "log", 0.3, 4.0),
        Parameter("disposition.committed", "committed for each sympathiser on coming home", "ratio", "log", 0.1, 3.0),
        Parameter("entry.met", "met by the authorities for each not met on coming home", "ratio", "log", 0.3, 6.0),
        Parameter("home.settling", "hazard of passing from newly back to settled", "a month", "log", 0.05, 0.2),
        Parameter(
            "home.departs_again",
            "hazard of a committed returnee at large departing again",
            "a month",
            "log",
            3e-4,
            0.02,
        ),
        Parameter(
            "desistance.committed", "hazard of the committed becoming sympathisers", "a month", "log", 0.003, 0.06
        ),
        Parameter("desistance.sympathiser", "hazard of sympathisers becoming adherents", "a month", "log", 0.003, 0.06),
        Parameter("desistance.adherent", "hazard of adherents becoming pacified", "a month", "log", 0.002, 0.05),
        Parameter("programme.effect", "desistance in a programme against outside", "ratio", "log", 0.8, 4.0),
        Parameter("relapse.pacified", "hazard of the pacified relapsing", "a month", "log", 1e-4, 0.01),
        Parameter("relapse.adherent", "hazard of adherents relapsing", "a month", "log", 1e-4, 0.01),
        Parameter("relapse.sympathiser", "hazard of sympathisers becoming committed", "a month", "log", 5e-4, 0.02),
    )
