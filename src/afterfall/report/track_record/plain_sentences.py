"""The record in five sentences that need no statistics, the failures first.

Each sentence follows from the scores by a rule, so that none can be chosen for how it sounds:

- strongholds: the as-of date on which the number that fell was furthest from the number expected;
- returnees: on how many dates their forecasts were better or worse than the baseline;
- ranges: how many later figures lay inside the 90 % range that was printed for them, and on the worst date;
- experts: whether the forecast was better than public statements of experts on the same questions;
- opponents: on how many dates the forecast was better than persistence, than a hurdle regression, and than the baseline
  of each quantity.

A sentence that reports a failure comes before one that leaves it open, and that one before a success.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import BETTER, ENOUGH, NO_CLEAR_DIFFERENCE, TOO_FEW, WORSE, verdict
from afterfall.evaluate.experts.expert_scores import Experts
from afterfall.evaluate.record.scoring import MODEL, REGRESSION, Scores
from afterfall.evaluate.record.targets import COVERAGE, skill_against
from afterfall.report.kit.fall_words import fall_sentence
from afterfall.report.kit.number_formats import MONTHS_IN_FULL, share

FAILURE, OPEN, SUCCESS = range(3)
#: Forecasts that all figures are compared with where they are scored, whatever is selected for a quantity.
OPPONENTS = {
    "hold_last": "persistence (the last value carried forward)",
    REGRESSION: "a hurdle regression on earlier figures",
}


@dataclass(frozen=True, slots=True)
class PlainSentence:
    """One sentence, and whether it reports a failure (`FAILURE`), leaves it open (`OPEN`) or reports a success."""

    rank: int
    text: str


def plain_sentences(scores: Sequence[Scores], experts: Experts | None = None) -> tuple[str, ...]:
    """The sentences that the scores of a record have figures for, failures first."""
    found = [
        *_strongholds(scores),
        *_returned(scores),
        *_ranges(scores),
        *_experts(experts),
        *_opponents(scores),
    ]
    return tuple(one.text for one in sorted(found, key=lambda one: one.rank))


def _strongholds(scores: Sequence[Scores]) -> Iterator[PlainSentence]:
    counts = [(one, count) for one in scores if (count := one.falls.count) is not None]
    if counts:
        worst, count = max(counts, key=lambda pair: abs(pair[1].mean - pair[1].fallen) / pair[1].holdings)
        inside = count.low90 <= count.fallen <= count.high90
        yield PlainSentence(OPEN if inside else FAILURE, fall_sentence(worst.run.as_of, count))


def _date(scores: Scores) -> str:
    day = scores.run.as_of
    return f"{day.day} {MONTHS_IN_FULL[day.month - 1]} {day.year}"


def _returned(scores: Sequence[Scores]) -> Iterator[PlainSentence]:
    known = [s for one in scores for s in one.summaries if s.months is None and not s.hindsight]
    skills = [s.skill for s in known if s.quantity == "returned"]
    if skills:
        text = f"Forecasts of returnees were better than their baseline {_counted(skills)}."
        yield PlainSentence(_rank(skills), text)


def _ranges(scores: Sequence[Scores]) -> Iterator[PlainSentence]:
    inside = [_inside(one) for one in scores]
    some = [(scored, marks) for scored, marks in zip(scores, inside, strict=True) if len(marks)]
    if not some:
        return
    total, held = sum(len(marks) for _, marks in some), sum(int(marks.sum()) for _, marks in some)
    worst, marks = min(some, key=lambda pair: float(pair[1].mean()))
    text = f"Of {total:,} figures published later, {held:,} ({share(held / total)}) lay inside the 90% range "
    text += "printed for them" + (
        f"; on the worst date, {_date(worst)}, {share(float(marks.mean()))}" if held < total else ""
    )
    few = all(verdict(one.overall[0].skill) == TOO_FEW for one, _ in some)
    rank = OPEN if few else SUCCESS if marks.mean() >= COVERAGE[0] else FAILURE
    yield PlainSentence(rank, f"{text}.")


def _inside(scores: Scores) -> np.ndarray:
    """Whether each figure on structure known at the as-of date lay inside the 90 % range printed for it."""
    known = ~np.array(scores.scored.hindsight, dtype=bool)
    return np.asarray(scores.scored.inside_range(MODEL)[known])


def _experts(experts: Experts | None) -> Iterator[PlainSentence]:
    found = [one for one in experts.comparisons if (one.who, one.against) == ("ours", "expert")] if experts else []
    for one in found:
        parts = [
            _compared("shares of those still in the theatre", one.crps),
            _compared("events", one.brier),
        ]
        skills = [skill for skill in (one.crps, one.brier) if skill.figures]
        text = " and ".join(part for part in parts if part)
        if text:
            yield PlainSentence(_rank(skills), f"Compared with public statements of experts, the forecast was {text}.")


def _compared(about: str, skill: Skill) -> str:
    """The verdict on one kind of statement, and on how many speakers it rests; empty without any."""
    words = {NO_CLEAR_DIFFERENCE: "not clearly different", TOO_FEW: f"not judged, with fewer than {ENOUGH} speakers,"}
    found = verdict(skill)
    speakers = "" if found == TOO_FEW else f" ({skill.clusters} speakers)"
    return f"{words.get(found, found)} on {about}{speakers}" if skill.figures else ""


def _opponents(scores: Sequence[Scores]) -> Iterator[PlainSentence]:
    some = [one for one in scores if one.overall[0].skill.figures]
    if not some:
        return
    scored = [(method, words) for method, words in OPPONENTS.items() if method in some[0].scored.marks]
    found = [(words, [skill_against(one, "", method) for one in some]) for method, words in scored]
    found.append(("the baseline selected for each quantity", [one.overall[0].skill for one in some]))
    text = "; ".join(f"than {words} {_counted(skills)}" for words, skills in found)
    rank = _rank([skill for _, skills in found for skill in skills])
    yield PlainSentence(rank, f"All forecasts of figures together were better {text}.")


def _counted(skills: Sequence[Skill]) -> str:
    """On how many dates better, and how the others were."""
    words = [verdict(one) for one in skills]
    dates = f"{len(skills)} date{'s' * (len(skills) != 1)}"
    named = {WORSE: "worse", NO_CLEAR_DIFFERENCE: "not clearly different", TOO_FEW: "with too few figures to judge"}
    rest = [f"{text} on {words.count(word)}" for word, text in named.items() if word in words]
    return f"on {words.count(BETTER)} of {dates}" + (f" ({', '.join(rest)})" if rest else "")


def _rank(skills: Sequence[Skill]) -> int:
    """A failure if any is worse or none is better although some could be judged; a success if all are better."""
    words = [verdict(one) for one in skills]
    if WORSE in words or (BETTER not in words and NO_CLEAR_DIFFERENCE in words):
        return FAILURE
    return SUCCESS if set(words) == {BETTER} else OPEN
