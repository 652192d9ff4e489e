"""The verb: published expert statements, translated by one rule and scored beside our forecasts and naive ones.

Each statement is set beside the forecast from the latest of our as-of dates that is no later than it. One that cannot
be scored is listed with the reason, none is dropped. Sums give each speaker one weight, since statements of one speaker
repeat each other and one statement may be about many countries; whichever wins is printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from afterfall.attack.attack_model import Attacks, attacks
from afterfall.case import Case, cut
from afterfall.evaluate.baselines.baseline_calibration import Calibration, calibrate
from afterfall.evaluate.core.bootstrap import Skill, skill, weighted_mean
from afterfall.evaluate.experts.expert_events import Asking, EventScore, score_events
from afterfall.evaluate.experts.expert_shares import ShareScore, score_share
from afterfall.evaluate.experts.statement_distributions import probability
from afterfall.evaluate.experts.statements import SHARES, Statement
from afterfall.model import build
from afterfall.run import Run

EARLY = "before the first of our forecasts"
NOTHING = "the case has no later figure that tells"
#: Comparisons of sums: who, against whom, in which attribute of a score.
PAIRS = (("expert", "naive"), ("ours", "naive"), ("ours", "expert"))


@dataclass(frozen=True, slots=True)
class ScoredStatement:
    """A statement that was scored: its probability, our as-of date, and its figures or events."""

    statement: Statement
    chance: float
    as_of: dt.date
    shares: tuple[ShareScore, ...]
    events: tuple[EventScore, ...]


@dataclass(frozen=True, slots=True)
class ExpertComparison:
    """Skill of one against another: CRPS and log score of statements about shares, Brier score of events."""

    who: str
    against: str
    crps: Skill
    log_score: tuple[float, float]
    inside90: tuple[float, float]
    brier: Skill


@dataclass(frozen=True, slots=True)
class Experts:
    """Statements scored, those not scored with the reason, and the comparisons."""

    told: tuple[ScoredStatement, ...]
    unscored: tuple[tuple[Statement, str], ...]
    comparisons: tuple[ExpertComparison, ...]


def score_experts(
    statements: Sequence[Statement], runs: Sequence[Run], whole: Case, chances: Mapping[str, tuple[float, float]]
) -> Experts:
    """Score statements.

    Parameters
    ----------
    statements
        Of one case.
    runs
        Our forecasts of this case, recorded at the months of their outcomes.
    whole
        The case as it is known later.
    chances
        Range of probability of each term of likelihood.
    """
    told, unscored = [], []
    # Statements come in the order of their dates, so one set of attacks in memory is enough.
    drawn = lru_cache(maxsize=1)(lambda i: _attacks(runs[i], whole))
    for one in statements:
        earlier = [i for i, run in enumerate(runs) if run.as_of <= one.day]
        if not one.kind or not earlier:
            unscored.append((one, one.reason or EARLY))
            continue
        latest = max(earlier, key=lambda i: runs[i].as_of)
        found = _told(one, runs[latest], whole, chances, lambda i=latest: drawn(i))  # type: ignore[misc]
        if found.shares or found.events:
            told.append(found)
        else:
            unscored.append((one, NOTHING))
    seed = runs[0].request.seed if runs else 0
    return Experts(tuple(told), tuple(unscored), tuple(_comparison(told, *pair, seed) for pair in PAIRS))


def _told(
    one: Statement,
    run: Run,
    whole: Case,
    chances: Mapping[str, tuple[float, float]],
    drawn: Callable[[], Attacks],
) -> ScoredStatement:
    chance = probability(one, chances)
    if one.kind == "share":
        return ScoredStatement(
            one, chance, run.as_of, score_share(one, chance, run, whole, _calibration(whole, run, one.day)), ()
        )
    return ScoredStatement(one, chance, run.as_of, (), score_events(Asking(one, chance, run, whole, drawn)))


def _attacks(run: Run, whole: Case) -> Attacks:
    request = run.request
    return attacks(run, build(cut(whole, run.as_of), horizon=request.horizon, record_months=request.record_months))


def _calibration(whole: Case, run: Run, day: dt.date) -> Calibration:
    """Naive forecasts as they could be calibrated on the day of a statement."""
    return calibrate(whole, SHARES, as_of=day, horizon=run.request.horizon)


def _comparison(told: Sequence[ScoredStatement], who: str, against: str, seed: int) -> ExpertComparison:
    shares = [(one.statement.who, share) for one in told for share in one.shares]
    events = [(one.statement.who, event) for one in told for event in one.events]
    clusters = [name for name, _ in shares]

    def means(mark: str) -> tuple[float, float]:
        values = ([float(getattr(getattr(s, one), mark)) for _, s in shares] for one in (who, against))
        left, right = (weighted_mean(each, clusters) for each in values)
        return left, right

    return ExpertComparison(
        who,
        against,
        skill(
            [getattr(s, who).crps for _, s in shares],
            [getattr(s, against).crps for _, s in shares],
            clusters,
            name=f"experts/crps/{who}/{against}",
            seed=seed,
        ),
        means("log_score"),
        means("inside90"),
        skill(
            [e.brier(getattr(e, who)) for _, e in events],
            [e.brier(getattr(e, against)) for _, e in events],
            [name for name, _ in events],
            name=f"experts/brier/{who}/{against}",
            seed=seed,
        ),
    )
