"""Case management at home: found, assessed, then monitored, in a programme, imprisoned or closed, within capacities.

    recent, settled -> assessed    handling.found, handling.found_later, each times
                                   (1 + contacts / scale) ** sources.detection
    assessed                       exit at handling.assessment, split by the assessment instrument:
                                   flagged with odds instrument[d] to one, else case closed    capacity: assessment
    flagged                        exit at handling.decision, split: monitored                 capacity: monitoring
                                   | programme | prison                                          programmes, courts
    flagged -> closed              handling.lapses: no decision in time, or no free place
    monitored -> closed, prison    handling.monitoring_ends, handling.charged_later            capacity: courts
    programme -> closed            handling.programme_ends
    prison                         Erlang-3 with mean sentence, then case closed in the same disposition

The instrument flags sympathisers and the committed with an uncertain sensitivity, and the pacified and adherents with
one minus an uncertain specificity. Missed and wrongly flagged people therefore follow from the same numbers, whatever
is then done with the flagged.

**Capacity**, by country, per thousand who travelled: assessments and trials concluded a month; subjects that teams can
monitor and programme places at one time. People without a place wait where they are (`assessed`, `flagged`), at large.
The queues and the months with demand above capacity are outputs. Capacities act from the as-of date on; before it, the
figures already reflect what was done.

**Sources.** People who cooperate help to find the unknown. Their number is not a state: it follows the number of people
in contact with the authorities (assessed, flagged, monitored, in a programme) in all countries together, since services
share information. As cases close, contacts fade.

Assumptions: disposition does not change in prison. Sentences served follow published averages of 4 to 10 years, less
early release. Capacity grows with the number who travelled. The agencies' caseload other than returnees is left out, so
published numbers of subjects are upper bounds.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import (
    ADULTS,
    Capacity,
    Choice,
    Feedback,
    OriginEffect,
    Parameter,
    Part,
    Rate,
    State,
    Term,
    Times,
    Transition,
)
from afterfall.model.mechanisms.home import DISPOSITIONS, MEANING, home_state

PRISON_STAGES = (1, 2, 3)
#: Counters of a verdict by disposition: case closed, flagged.
VERDICTS = {
    "committed": ("missed_so_far", "flagged_rightly_so_far"),
    "sympathiser": ("missed_so_far", "flagged_rightly_so_far"),
    "adherent": ("cleared_so_far", "wrongly_flagged_so_far"),
    "pacified": ("cleared_so_far", "wrongly_flagged_so_far"),
}
#: States of people in contact with the authorities, who may be sources.
IN_CONTACT = ("assessed", "flagged", "monitored", "programme")
#: Scale of the number of people in contact, as a share of all who travelled.
MANY = 0.05


def prison_state(disposition: str, stage: int) -> str:
    """Name of a stage of imprisonment at home."""
    return f"prison_{disposition}_{stage}"


def case_management(view: CaseView) -> Part:
    """Prison, and the moves between the stages of case management."""
    states = tuple(
        State(prison_state(d, k), f"in prison at home, {MEANING[d]}; third {k} of the sentence", "imprisoned", "prison")
        for d in DISPOSITIONS
        for k in PRISON_STAGES
    )
    transitions = tuple(move for d in DISPOSITIONS for move in (*_found(d), *_assessed(d), *_ends(d), *_prison(d)))
    return Part(
        states,
        transitions,
        parameters=(*_parameters(), *_rooms()),
        capacities=_capacities(view),
        feedbacks=_contacts(view),
    )


def _move(
    source: str,
    dest: str,
    rate: Rate,
    label: str,
    choice: Choice | None = None,
    counts: tuple[str, ...] = (),
    back: bool = False,
    capacity: str | None = None,
) -> Transition:
    return Transition(
        source, dest, rate, "case_management", label, choice, capacity, roles=ADULTS, back=back, counts=counts
    )


def _found(d: str) -> list[Transition]:
    assessed = home_state(d, "assessed")
    return [
        _move(home_state(d, h), assessed, Rate(name, (Term(name),)), "comes to notice")
        for h, name in (("recent", "handling.found"), ("settled", "handling.found_later"))
    ]


def _assessed(d: str) -> list[Transition]:
    assessed, flagged = home_state(d, "assessed"), home_state(d, "flagged")
    verdict = Choice(f"verdict.{d}", Rate("handling.assessment", (Term("handling.assessment"),)))
    odds = Rate(f"verdict.{d}.flagged", (Term(f"instrument.{d}"),))
    on_closed, on_flagged = ((name, f"assessed_{d}_so_far") for name in VERDICTS[d])
    room = "assessment"
    closed = home_state(d, "closed")
    return [
        _move(
            assessed,
            closed,
            Rate("verdict.closed", ()),
            "case closed after assessment",
            verdict,
            on_closed,
            capacity=room,
        ),
        _move(assessed, flagged, odds, "is flagged", verdict, on_flagged, capacity=room),
        *_decided(d),
    ]


def _decided(d: str) -> list[Transition]:
    flagged = home_state(d, "flagged")
    decision = Choice(f"decision.{d}", Rate("handling.decision", (Term("handling.decision"),)))
    watched = Rate("decision.monitored", ())
    helped = Rate("decision.programme", (Term("handling.programme"),))
    charged = Rate("decision.charged", (Term("handling.charge"), OriginEffect("handling.origin_sd")))
    lapses = Rate("handling.lapses", (Term("handling.lapses"), Times("after_as_of")))
    ways = (
        (home_state(d, "monitored"), watched, "is monitored", (), "monitoring"),
        (home_state(d, "programme"), helped, "enters a programme", ("programme_so_far",), "programmes"),
        (prison_state(d, 1), charged, "is imprisoned", ("prosecuted",), "courts"),
    )
    moves = [_move(flagged, dest, r, label, decision, counts, capacity=room) for dest, r, label, counts, room in ways]
    return [*moves, _move(flagged, home_state(d, "closed"), lapses, "case lapses for lack of a place")]


def _ends(d: str) -> list[Transition]:
    closed = home_state(d, "closed")
    ends = {"monitored": "handling.monitoring_ends", "programme": "handling.programme_ends"}
    moves = [_move(home_state(d, h), closed, Rate(n, (Term(n),)), "case is closed") for h, n in ends.items()]
    late = Rate("handling.charged_later", (Term("handling.charged_later"),))
    watched, counts = home_state(d, "monitored"), ("prosecuted",)
    moves.append(_move(watched, prison_state(d, 1), late, "is imprisoned later", counts=counts, capacity="courts"))
    return moves


def _prison(d: str) -> list[Transition]:
    stage = Rate("prison.stage", (Term("prison.stage"),))
    moves = [
        _move(prison_state(d, k), prison_state(d, k + 1), stage, "continues the sentence") for k in PRISON_STAGES[:-1]
    ]
    moves.append(_move(prison_state(d, PRISON_STAGES[-1]), home_state(d, "closed"), stage, "is released", back=True))
    return moves


def _capacities(view: CaseView) -> tuple[Capacity, ...]:
    """Capacities of a country: flows of people a month, and places at one time."""
    rows = {
        "assessment": ("assessments that a country concludes in a month", ()),
        "monitoring": ("subjects that a country's teams can monitor", ("monitored",)),
        "programmes": ("places in a country's exit programmes", ("programme",)),
        "courts": ("trials of returnees that a country concludes in a month", ()),
    }
    return tuple(
        Capacity(
            name,
            label,
            f"capacity.{name}",
            by_origin=True,
            limit=lambda origin: view.central_travelled(origin) / 1000.0,
            places=tuple(home_state(d, h) for d in DISPOSITIONS for h in handled),
            past=False,
        )
        for name, (label, handled) in rows.items()
    )


def _contacts(view: CaseView) -> tuple[Feedback, ...]:
    """People in contact with the authorities make the unknown easier to find."""
    states = tuple(home_state(d, h) for d in DISPOSITIONS for h in IN_CONTACT)
    scale = max(1.0, MANY * sum(view.central_travelled(o) for o in view.origins))
    return tuple(
        Feedback(rate, "sources.detection", "contacts", states, scale, past=False)
        for rate in ("handling.found", "handling.found_later")
    )


def _rooms() -> tuple[Parameter, ...]:
    """Capacities per thousand who travelled, and parameters of what happens without a place."""
    month, places = "people a month", "places"
    return (
        Parameter(
            "capacity.assessment", "assessments concluded, for a thousand who travelled", month, "log", 2.0, 60.0
        ),
        Parameter("capacity.monitoring", "subjects followed, for a thousand who travelled", places, "log", 10.0, 500.0),
        Parameter("capacity.programmes", "programme places, for a thousand who travelled", places, "log", 5.0, 200.0),
        Parameter("capacity.courts", "trials concluded, for a thousand who travelled", month, "log", 0.5, 10.0),
        Parameter("handling.lapses", "hazard of a flagged person being let go undecided", "a month", "log", 0.003, 0.1),
        Parameter("sources.detection", "finding the unknown by people in contact", "log a log", "natural", 0.0, 0.4),
    )


def _parameters() -> tuple[Parameter, ...]:
    flags = {
        "committed": ("odds that the instrument flags the committed", 1.0, 12.0),
        "sympathiser": ("odds that it flags sympathisers", 0.5, 6.0),
        "adherent": ("odds that it flags adherents", 0.1, 2.0),
        "pacified": ("odds that it flags the pacified", 0.03, 0.6),
    }
    rows = [Parameter(f"instrument.{d}", label, "odds", "log", lo, hi) for d, (label, lo, hi) in flags.items()]
    return (
        *rows,
        Parameter("handling.found", "hazard of a newly returned person coming to notice", "a month", "log", 0.02, 0.4),
        Parameter("handling.found_later", "hazard of a settled one coming to notice", "a month", "log", 0.003, 0.1),
        Parameter("handling.assessment", "hazard of an assessment ending", "a month", "log", 0.1, 1.0),
        Parameter("handling.decision", "hazard of a decision on the flagged", "a month", "log", 0.2, 3.0),
        Parameter("handling.programme", "entering a programme for each monitored", "ratio", "log", 0.05, 2.0),
        Parameter("handling.charge", "imprisoned for each monitored", "ratio", "log", 0.1, 4.0),
        Parameter("handling.origin_sd", "spread of imprisonment between origins", "log", "positive", 0.3, 1.5),
        Parameter("handling.monitoring_ends", "hazard of monitoring ending", "a month", "log", 0.01, 0.15),
        Parameter("handling.programme_ends", "hazard of a programme ending", "a month", "log", 0.02, 0.2),
        Parameter("handling.charged_later", "hazard of imprisonment out of monitoring", "a month", "log", 0.001, 0.03),
        Parameter("prison.stage", "hazard of finishing one third of a sentence", "a month", "log", 0.025, 0.15),
    )
