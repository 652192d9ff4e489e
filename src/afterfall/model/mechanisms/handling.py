"""Handling at home, a first form: found, assessed, then watched, helped, imprisoned or let be.

    recent, settled -> assessed    handling.found, handling.found_later
    assessed                       exit at handling.assessment, split by the instrument:
                                   flagged with odds instrument[d] to one, else case closed
    flagged                        exit at handling.decision, split: monitored | programme | prison
    monitored -> closed, prison    handling.monitoring_ends, handling.charged_later
    programme -> closed            handling.programme_ends
    prison                         Erlang-3 with mean sentence, then case closed in the same disposition

The instrument flags the sympathiser and the committed with uncertain sensitivity, the pacified and the adherent with
one minus an uncertain specificity, so that what an assessment misses and whom it flags wrongly come out of the same
numbers, whatever is then done with the flagged.

Assumptions: places in assessment, monitoring and courts are not rationed yet; disposition does not change in prison.
Sentences served follow published averages of 4 to 10 years, less early release.
"""

from __future__ import annotations

from afterfall.model.mechanisms.home import DISPOSITIONS, MEANING, home_state
from afterfall.model.scene import Scene
from afterfall.model.vocabulary import ADULTS, Choice, OriginEffect, Parameter, Part, Rate, State, Term, Transition

PRISON_STAGES = (1, 2, 3)
#: Counters of a verdict by disposition: let be, flagged.
VERDICTS = {
    "committed": (("missed_so_far",), ("flagged_rightly_so_far",)),
    "sympathiser": (("missed_so_far",), ("flagged_rightly_so_far",)),
    "adherent": (("cleared_so_far",), ("wrongly_flagged_so_far",)),
    "pacified": (("cleared_so_far",), ("wrongly_flagged_so_far",)),
}


def prison_state(disposition: str, stage: int) -> str:
    """Name of a stage of imprisonment at home."""
    return f"prison_{disposition}_{stage}"


def handling(scene: Scene) -> Part:
    """Prison and the moves between the ways of being handled."""
    states = tuple(
        State(prison_state(d, k), f"in prison at home, {MEANING[d]}; third {k} of the sentence", "imprisoned", "prison")
        for d in DISPOSITIONS
        for k in PRISON_STAGES
    )
    transitions = tuple(move for d in DISPOSITIONS for move in (*_found(d), *_assessed(d), *_ends(d), *_prison(d)))
    return Part(states, transitions, parameters=_parameters())


def _move(
    source: str,
    dest: str,
    rate: Rate,
    label: str,
    choice: Choice | None = None,
    counts: tuple[str, ...] = (),
    back: bool = False,
) -> Transition:
    return Transition(source, dest, rate, "handling", label, choice, roles=ADULTS, back=back, counts=counts)


def _found(d: str) -> list[Transition]:
    assessed = home_state(d, "assessed")
    return [
        _move(home_state(d, h), assessed, Rate(name, (Term(name),)), "comes to notice")
        for h, name in (("recent", "handling.found"), ("settled", "handling.found_later"))
    ]


def _assessed(d: str) -> list[Transition]:
    assessed, flagged = home_state(d, "assessed"), home_state(d, "flagged")
    verdict = Choice(f"verdict.{d}", Rate("handling.assessment", (Term("handling.assessment"),)))
    decision = Choice(f"decision.{d}", Rate("handling.decision", (Term("handling.decision"),)))
    odds = Rate(f"verdict.{d}.flagged", (Term(f"instrument.{d}"),))
    charged = Rate("decision.charged", (Term("handling.charge"), OriginEffect("handling.origin_sd")))
    programme = Rate("decision.programme", (Term("handling.programme"),))
    return [
        _move(assessed, home_state(d, "closed"), Rate("verdict.closed", ()), "is let be", verdict, VERDICTS[d][0]),
        _move(assessed, flagged, odds, "is flagged", verdict, VERDICTS[d][1]),
        _move(flagged, home_state(d, "monitored"), Rate("decision.monitored", ()), "is watched", decision),
        _move(flagged, home_state(d, "programme"), programme, "enters a programme", decision, ("programme_so_far",)),
        _move(flagged, prison_state(d, 1), charged, "is imprisoned", decision, counts=("prosecuted",)),
    ]


def _ends(d: str) -> list[Transition]:
    closed = home_state(d, "closed")
    ends = {"monitored": "handling.monitoring_ends", "programme": "handling.programme_ends"}
    moves = [_move(home_state(d, h), closed, Rate(n, (Term(n),)), "case is closed") for h, n in ends.items()]
    late = Rate("handling.charged_later", (Term("handling.charged_later"),))
    moves.append(
        _move(home_state(d, "monitored"), prison_state(d, 1), late, "is imprisoned later", counts=("prosecuted",))
    )
    return moves


def _prison(d: str) -> list[Transition]:
    stage = Rate("prison.stage", (Term("prison.stage"),))
    moves = [_move(prison_state(d, k), prison_state(d, k + 1), stage, "serves on") for k in PRISON_STAGES[:-1]]
    moves.append(_move(prison_state(d, PRISON_STAGES[-1]), home_state(d, "closed"), stage, "is released", back=True))
    return moves


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
