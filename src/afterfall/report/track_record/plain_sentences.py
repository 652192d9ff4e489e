"""The record in a few sentences that need no statistics, the failures first.

Each sentence follows from the scores by a rule, so that none can be chosen for how it sounds:

- strongholds: the as-of date on which the number that fell was furthest from the number expected;
- returnees: on how many dates their forecasts were better or worse than the baseline;
- ranges: how many later figures lay inside the 90 % range that was printed for them, and on the worst date;
- experts: whether the forecast was better than public statements of experts on the same questions;
- opponents: on how many dates the forecast was better than persistence; on how many the model alone, and its pool with
  the hurdle regression, were better than that regression.

A sentence that reports a failure comes before one that leaves it open, and that one before a success.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import BETTER, NO_CLEAR_DIFFERENCE, TOO_FEW, WORSE, verdict
from afterfall.evaluate.experts.expert_scores import Experts
from afterfall.evaluate.record.scoring import MODEL, REGRESSION, Scores
from afterfall.evaluate.record.targets import COVERAGE, skill_against
from afterfall.report.kit.fall_words import fall_sentence
from afterfall.report.kit.number_formats import MONTHS_IN_FULL, share

FAILURE, OPEN, SUCCESS = range(3)


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
        yield PlainSentence(_rank(skills), f"The forecast of returnees was {_counted(skills, 'a simple rule')}.")


def _ranges(scores: Sequence[Scores]) -> Iterator[PlainSentence]:
    inside = [_inside(one) for one in scores]
    some = [(scored, marks) for scored, marks in zip(scores, inside, strict=True) if len(marks)]
    if not some:
        return
    total, held = sum(len(marks) for _, marks in some), sum(int(marks.sum()) for _, marks in some)
    worst, marks = min(some, key=lambda pair: float(pair[1].mean()))
    text = f"Of {total:,} published figures, {held:,} ({share(held / total)}) were in the 90% range forecast for them"
    if len(some) > 1 and held < total:
        text += f"; on the worst date, {_date(worst)}, {share(float(marks.mean()))}"
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
        kinds = (("how many would return or die", one.crps), ("events", one.brier))
        parts = [f"{WORDS[verdict(skill)]} on {about} ({_speakers(skill)})" for about, skill in kinds if skill.figures]
        skills = [skill for _, skill in kinds if skill.figures]
        if parts:
            text = "Against statements that experts made in public, the forecast was " + " and ".join(parts)
            yield PlainSentence(_rank(skills), f"{text}.")


#: A verdict in running text.
WORDS = {
    BETTER: "better",
    WORSE: "worse",
    NO_CLEAR_DIFFERENCE: "about equally good",
    TOO_FEW: "not to be judged",
}


def _speakers(skill: Skill) -> str:
    return f"{skill.clusters} speaker{'s' * (skill.clusters != 1)}"


def _opponents(scores: Sequence[Scores]) -> Iterator[PlainSentence]:
    some = [one for one in scores if one.overall[0].skill.figures]
    if not some:
        return
    simple, strong = ([skill_against(one, "", method) for one in some] for method in ("hold_last", REGRESSION))
    alone = [one.overall[0].alone_against_regression for one in some]
    yield PlainSentence(
        _rank(simple), f"The forecast of all figures was {_counted(simple, 'the rule that the last number stays')}."
    )
    yield PlainSentence(
        _rank(alone),
        f"Half of that forecast is a statistical regression on earlier figures. The model alone was "
        f"{_counted(alone, 'that regression')}; both together were {_counted(strong, 'it')}.",
    )


def _counted(skills: Sequence[Skill], what: str) -> str:
    """On how many dates better or worse than something."""
    words = [verdict(one) for one in skills]
    if set(words) == {TOO_FEW}:
        return f"compared with {what} on too few figures to judge"
    judged = [(word, words.count(word)) for word in (BETTER, WORSE) if word in words]
    if not judged:
        return f"neither clearly better nor clearly worse than {what} on any of {len(words)} dates".replace(
            "on any of 1 dates", "on the one date"
        )
    (word, number), *others = judged
    rest = [f"{word} on {number}" for word, number in others]
    neither = len(words) - sum(number for _, number in judged)
    rest += [f"not clearly either on {neither}"] if neither else []
    return ", ".join([f"{word} than {what} on {_of(number, len(words))}", *rest])


def _of(number: int, of: int) -> str:
    if number == of:
        return "the one date" if of == 1 else f"all {of} dates"
    return f"{number} of {of} dates"


def _rank(skills: Sequence[Skill]) -> int:
    """A failure if any is worse or none is better although some could be judged; a success if all are better."""
    words = [verdict(one) for one in skills]
    if WORSE in words or (BETTER not in words and NO_CLEAR_DIFFERENCE in words):
        return FAILURE
    return SUCCESS if set(words) == {BETTER} else OPEN
