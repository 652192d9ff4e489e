"""Dated events: when each stronghold falls, against the best constant hazard.

A forecast gives each holding still held at the as-of date a probability of having fallen by every month 1..H. The Brier
score of month m is ``(P(fallen by m) - fallen by m)^2``; the score of a holding is its mean over the months, because a
single month could reward an accidental hit. The log score is minus the log of the probability given to the observed
month of the fall (or to no fall). If k of n trajectories give that month, its probability is ``(k + 1 / (H + 1)) /
(n + 1)``: one more trajectory is spread over all months, which keeps the score finite.

The baselines are constant hazards: losses, plus one half, by months of exposure of the listed holdings in a window
before the as-of date, one for each of `WINDOWS`. The opponent is the one with the lowest mean Brier score on this very
date. It is chosen with hindsight, in the baseline's favour: the strictest choice, and nothing is tuned. A holding whose
loss the case does not record counts as not fallen. Left out are the remainder that no list names and losses before the
as-of date that were published only later.

All holdings of a case belong to one campaign: what ends one front soon reaches the next. They are one cluster
(`Falls.campaign`), however many dates or holdings are scored, so a skill from one campaign has no interval.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from afterfall.case import Case, cut, months_between
from afterfall.evaluate.core.scoring_rules import Floats, brier, event_log_score
from afterfall.model.language.case_view import CaseView, Spell
from afterfall.run import Run
from afterfall.run.quantile_levels import low_median_high

#: Months at which the probability of having fallen is shown, besides the horizon.
SHOWN = (6, 12, 24)
#: Months before the as-of date over which the hazards of the baselines are estimated.
WINDOWS = (3, 6, 12, 24)
REMAINDER = "remainder"


@dataclass(frozen=True, slots=True)
class FallBy:
    """Probability that a holding has fallen by a month, of the model and of the opponent, and whether it had."""

    month: int
    model: float
    baseline: float
    fallen: bool
    brier: float
    brier_baseline: float
    log_score: float
    log_score_baseline: float


@dataclass(frozen=True, slots=True)
class FallScore:
    """Scores of one holding.

    Attributes
    ----------
    holding, label
        Name and label of the spell of control.
    month, date
        Month of the run in which it fell and the day; None if it did not fall within the horizon.
    brier, brier_baseline
        Mean over all months; the baseline is the opponent.
    log_score, log_score_baseline
        Of the month it fell in, in nats.
    by
        At `SHOWN` and the horizon.
    """

    holding: str
    label: str
    month: int | None
    date: dt.date | None
    brier: float
    brier_baseline: float
    log_score: float
    log_score_baseline: float
    by: tuple[FallBy, ...]


@dataclass(frozen=True, slots=True)
class ConstantHazard:
    """A baseline: its window in months, its hazard a month, and its mean Brier and log scores over the holdings.

    The scores are NaN without holdings.
    """

    window: int
    hazard: float
    brier: float
    log_score: float


@dataclass(frozen=True, slots=True)
class FallCount:
    """Number of the scored holdings that fall by a month: predicted mean and 90 % interval, and observed.

    Attributes
    ----------
    month
        Month of the run of the last observed fall within the horizon; the horizon if there was none.
    mean, low90, high90
        Over trajectories.
    fallen, holdings
        Holdings that had fallen by the month, and all that are scored.
    """

    month: int
    mean: float
    low90: float
    high90: float
    fallen: int
    holdings: int


@dataclass(frozen=True, slots=True)
class Falls:
    """Scores of all holdings held at the as-of date.

    Attributes
    ----------
    campaign
        The cluster of all of them: the case.
    holdings
        Scores by holding.
    baselines
        Constant hazards, one for each of `WINDOWS`.
    opponent
        The baseline that `holdings` are compared with; the last one without holdings.
    count
        How many were expected to fall, and fell; None without holdings.
    dropped
        Numbers of holdings left out, by reason.
    """

    campaign: str
    holdings: tuple[FallScore, ...]
    baselines: tuple[ConstantHazard, ...]
    opponent: ConstantHazard
    count: FallCount | None
    dropped: dict[str, int]

    @property
    def brier(self) -> float:
        """Mean Brier score of the model over the holdings; NaN without holdings."""
        return float(np.mean([h.brier for h in self.holdings])) if self.holdings else float("nan")


@dataclass(frozen=True, slots=True)
class _Held:
    """A holding to score: see `score_fall` for its fields."""

    name: str
    label: str
    lost: Floats
    month: int
    date: dt.date | None


def score_falls(run: Run, whole: Case) -> Falls:
    """Score when strongholds fall; `whole` is the case with later publications."""
    horizon = run.request.horizon
    held, dropped = _held(run, whole)
    months = [one.month for one in held]
    known = CaseView(cut(whole, run.as_of))
    baselines = tuple(_baseline(window, constant_hazard(known, window), months, horizon) for window in WINDOWS)
    opponent = min(baselines, key=lambda b: b.brier) if held else baselines[-1]
    return Falls(
        campaign=run.request.case,
        holdings=tuple(score_fall(h.name, h.label, h.lost, h.month, h.date, opponent.hazard, horizon) for h in held),
        baselines=baselines,
        opponent=opponent,
        count=count_falls(np.stack([h.lost for h in held], axis=1), months, horizon) if held else None,
        dropped={reason: n for reason, n in dropped.items() if n},
    )


def _held(run: Run, whole: Case) -> tuple[list[_Held], dict[str, int]]:
    """Holdings to score, and how many others are left out by reason."""
    horizon = run.request.horizon
    spells = {spell.name: spell for spell in CaseView(whole).spells}
    lost = run.dataset["lost"].values
    dropped = {"a part of the remainder": 0, "lost by the as-of date, published later": 0}
    held = []
    for column, (name, label) in enumerate(zip(*_names(run), strict=True)):
        if lost[:, column].min() <= 0:
            continue
        spell = spells.get(name)
        month = None if spell is None else _month(spell, run.as_of)
        if spell is None or month is None or spell.kind == REMAINDER:
            dropped["a part of the remainder"] += 1
        elif month <= 0:
            dropped["lost by the as-of date, published later"] += 1
        else:
            date = spell.lost if month <= horizon else None
            held.append(_Held(name, label, lost[:, column], min(month, horizon + 1), date))
    return held, dropped


def _baseline(window: int, hazard: float, months: Sequence[int], horizon: int) -> ConstantHazard:
    """A constant hazard with its mean scores on holdings that fell in given months (horizon + 1: did not fall)."""
    if not months:
        return ConstantHazard(window, hazard, float("nan"), float("nan"))
    ahead = np.arange(1, horizon + 1)
    predicted = _by_month(hazard, ahead)
    scores = [float(brier((month <= ahead).astype(float), predicted).mean()) for month in months]
    return ConstantHazard(
        window, hazard, float(np.mean(scores)), float(np.mean([month_log_score(predicted, m) for m in months]))
    )


def _by_month(hazard: float, months: npt.NDArray[np.integer]) -> Floats:
    """Probability of a fall by each month under a constant hazard."""
    return np.asarray(-np.expm1(-hazard * months))


def count_falls(lost: Floats, months: Sequence[int], horizon: int) -> FallCount:
    """Holdings that fall by the month of the last observed fall, predicted and observed.

    Parameters
    ----------
    lost
        Month of the fall by trajectory and holding ``(n, k)``.
    months
        Observed months, k of them; above the horizon for one that did not fall.
    horizon
        Number of months.
    """
    seen = [m for m in months if m <= horizon]
    by = max(seen, default=horizon)
    fallen = (lost <= by).sum(axis=1)
    low, _, high = low_median_high(fallen)
    return FallCount(by, float(fallen.mean()), low, high, len(seen), len(months))


def constant_hazard(view: CaseView, window: int) -> float:
    """Losses per month of exposure of the listed holdings in the last months, plus half an event (Jeffreys).

    Parameters
    ----------
    view
        The case as known on the as-of date.
    window
        Months before the as-of date that count.
    """
    losses, exposure = 0.5, 0
    for spell in view.spells:
        if spell.kind != REMAINDER:
            start = -window if spell.captured is None else max(view.month_of(spell.captured), -window)
            end = 0 if spell.lost is None else view.month_of(spell.lost)
            exposure += max(0, end - start)
            losses += spell.lost is not None and end > -window
    return losses / max(exposure, 1)


def _names(run: Run) -> tuple[list[str], list[str]]:
    return [str(v) for v in run.dataset["holding"].values], [str(v) for v in run.dataset["holding_label"].values]


def _month(spell: Spell, as_of: dt.date) -> int:
    """Month of the run in which a spell ended; beyond any horizon if it did not end."""
    return 10**6 if spell.lost is None else months_between(as_of, spell.lost)


def score_fall(
    name: str, label: str, lost: Floats, month: int, date: dt.date | None, hazard: float, horizon: int
) -> FallScore:
    """Score one holding.

    Parameters
    ----------
    name, label
        Of the holding.
    lost
        Month of its fall in each trajectory ``(n,)``; horizon + 1 if it does not fall within the horizon.
    month, date
        Observed month of its fall (horizon + 1 if it did not fall within the horizon), and the day or None.
    hazard
        Monthly hazard of the opponent.
    horizon
        Number of months.
    """
    months = np.arange(1, horizon + 1)
    fallen = (month <= months).astype(float)
    model = (lost[:, None] <= months).mean(axis=0)
    baseline = _by_month(hazard, months)
    shown = sorted({m for m in (*SHOWN, horizon) if m <= horizon})
    smooth = (model * len(lost) + months / (horizon + 1)) / (len(lost) + 1)
    return FallScore(
        holding=name,
        label=label,
        month=month if date is not None else None,
        date=date,
        brier=float(brier(fallen, model).mean()),
        brier_baseline=float(brier(fallen, baseline).mean()),
        log_score=month_log_score(smooth, month),
        log_score_baseline=month_log_score(baseline, month),
        by=tuple(
            FallBy(
                month=m,
                model=float(model[m - 1]),
                baseline=float(baseline[m - 1]),
                fallen=bool(fallen[m - 1]),
                brier=float(brier(fallen[m - 1], model[m - 1])),
                brier_baseline=float(brier(fallen[m - 1], baseline[m - 1])),
                log_score=float(event_log_score(fallen[m - 1], smooth[m - 1])),
                log_score_baseline=float(event_log_score(fallen[m - 1], baseline[m - 1])),
            )
            for m in shown
        ),
    )


def month_log_score(by_month: Floats, month: int) -> float:
    """Minus the log probability of a fall in one month, from the probabilities ``(H,)`` of a fall by months 1..H."""
    each = np.diff(np.concatenate(([0.0], by_month, [1.0])))
    return float(-np.log(each[month - 1]))
