"""The verb: scores published expert statements, read as forecasts by one rule, against ours and against baselines.

Each statement is compared with our forecast from the latest as-of date that is no later than the statement. A statement
that cannot be scored is listed with the reason; none is dropped. In mean scores each speaker counts once, because
statements of one speaker repeat each other and one statement may cover many countries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from afterfall.attack.attack_model import attacks
from afterfall.attack.attack_result import Attacks
from afterfall.case import Case, cut
from afterfall.evaluate.baselines.baseline_calibration import Calibration, calibrate
from afterfall.evaluate.core.bootstrap import Skill, skill, weighted_mean
from afterfall.evaluate.experts.expert_events import EventQuestion, EventScore, score_events
from afterfall.evaluate.experts.expert_shares import ShareScore, score_share
from afterfall.evaluate.experts.statement_distributions import probability
from afterfall.evaluate.experts.statements import SHARES, Statement
from afterfall.evaluate.figures.published_count import CountForecast
from afterfall.model import build
from afterfall.run import Run

EARLY = "before the first of our forecasts"
NOTHING = "the case has no later figure to score it against"
#: Keys of the random numbers of bootstrap intervals, where they differ from the names of forecasters. Old keys are
#: kept on purpose: a new key would change the intervals.
KEYS = {"baseline": "naive"}
#: Comparisons: who, against whom.
PAIRS = (("expert", "baseline"), ("ours", "baseline"), ("ours", "expert"))


@dataclass(frozen=True, slots=True)
class ScoredStatement:
    """A scored statement: its probability, our as-of date, and its figures or events."""

    statement: Statement
    chance: float
    as_of: dt.date
    shares: tuple[ShareScore, ...]
    events: tuple[EventScore, ...]


@dataclass(frozen=True, slots=True)
class ExpertComparison:
    """Skill of one forecaster against another: CRPS and log score of shares, Brier score of events."""

    who: str
    against: str
    crps: Skill
    log_score: tuple[float, float]
    inside90: tuple[float, float]
    brier: Skill


@dataclass(frozen=True, slots=True)
class Experts:
    """Scored statements, unscored ones with the reason, and the comparisons."""

    scored: tuple[ScoredStatement, ...]
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
        The case with later publications.
    chances
        Range of probability of each term of likelihood.
    """
    scored, unscored = [], []
    # Statements come in the order of their dates, so one set of attacks in memory is enough.
    drawn = lru_cache(maxsize=1)(lambda i: _attacks(runs[i], whole))
    forecasts = [CountForecast.of(run, whole) for run in runs]
    for one in statements:
        earlier = [i for i, run in enumerate(runs) if run.as_of <= one.day]
        if not one.kind or not earlier:
            unscored.append((one, one.reason or EARLY))
            continue
        latest = max(earlier, key=lambda i: runs[i].as_of)
        found = _scored(one, forecasts[latest], whole, chances, lambda i=latest: drawn(i))  # type: ignore[misc]
        if found.shares or found.events:
            scored.append(found)
        else:
            unscored.append((one, NOTHING))
    seed = runs[0].request.seed if runs else 0
    return Experts(tuple(scored), tuple(unscored), tuple(_comparison(scored, *pair, seed) for pair in PAIRS))


def _scored(
    one: Statement,
    forecast: CountForecast,
    whole: Case,
    chances: Mapping[str, tuple[float, float]],
    drawn: Callable[[], Attacks],
) -> ScoredStatement:
    chance, run = probability(one, chances), forecast.run
    if one.kind == "share":
        shares = score_share(one, chance, forecast, whole, _calibration(whole, run, one.day))
        return ScoredStatement(one, chance, run.as_of, shares, ())
    return ScoredStatement(one, chance, run.as_of, (), score_events(EventQuestion(one, chance, run, whole, drawn)))


def _attacks(run: Run, whole: Case) -> Attacks:
    request = run.request
    return attacks(run, build(cut(whole, run.as_of), horizon=request.horizon, record_months=request.record_months))


def _calibration(whole: Case, run: Run, day: dt.date) -> Calibration:
    """Baselines as they could be calibrated on the day of a statement."""
    return calibrate(whole, SHARES, as_of=day, horizon=run.request.horizon)


def _comparison(scored: Sequence[ScoredStatement], who: str, against: str, seed: int) -> ExpertComparison:
    shares = [(one.statement.who, share) for one in scored for share in one.shares]
    events = [(one.statement.who, event) for one in scored for event in one.events]
    clusters = [name for name, _ in shares]
    pair = f"{who}/{KEYS.get(against, against)}"

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
            name=f"experts/crps/{pair}",
            seed=seed,
        ),
        means("log_score"),
        means("inside90"),
        skill(
            [e.brier(getattr(e, who)) for _, e in events],
            [e.brier(getattr(e, against)) for _, e in events],
            [name for name, _ in events],
            name=f"experts/brier/{pair}",
            seed=seed,
        ),
    )
