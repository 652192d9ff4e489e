"""Dated events: when each stronghold falls, against a constant hazard.

A forecast gives each holding still held at the as-of date a probability of having fallen by every month 1..H. The Brier
score of month m is ``(P(fallen by m) - fallen by m)^2``; the score of a holding is its mean over the months, because a
single month could reward an accidental hit. The log score is minus the log of the probability given to the observed
month of the fall (or to no fall). If k of n trajectories give that month, its probability is ``(k + 1 / (H + 1)) /
(n + 1)``: one more trajectory is spread over all months, which keeps the score finite.

The baseline is a constant hazard: losses, plus one half, by months of exposure of the listed holdings in the `WINDOW`
months before the as-of date. A holding whose loss the case does not record counts as not fallen. Left out are the
remainder that no list names and losses before the as-of date that were published only later.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from afterfall.case import Case, cut, months_between
from afterfall.evaluate.core.scoring_rules import Floats, brier, event_log_score
from afterfall.model.language.case_view import CaseView, Spell
from afterfall.run import Run

#: Months at which the probability of having fallen is shown, besides the horizon.
SHOWN = (6, 12, 24)
#: Months before the as-of date over which the hazard of the baseline is estimated.
WINDOW = 24
REMAINDER = "remainder"


@dataclass(frozen=True, slots=True)
class FallBy:
    """Probability that a holding has fallen by a month, of the model and of the baseline, and whether it had."""

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
        Mean over all months.
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
class Falls:
    """Scores of all holdings held at the as-of date, the monthly hazard of the baseline, and what was left out."""

    holdings: tuple[FallScore, ...]
    hazard: float
    dropped: dict[str, int]


def score_falls(run: Run, whole: Case) -> Falls:
    """Score when strongholds fall; `whole` is the case with later publications."""
    horizon = run.request.horizon
    hazard = constant_hazard(CaseView(cut(whole, run.as_of)))
    spells = {spell.name: spell for spell in CaseView(whole).spells}
    lost = run.dataset["lost"].values
    dropped = {"a remainder without a date": 0, "lost by the as-of date, published later": 0}
    scores = []
    for column, (name, label) in enumerate(zip(*_names(run), strict=True)):
        if lost[:, column].min() <= 0:
            continue
        spell = spells.get(name)
        month = None if spell is None else _month(spell, run.as_of)
        if spell is None or month is None or (spell.kind == REMAINDER and spell.lost is None):
            dropped["a remainder without a date"] += 1
        elif month <= 0:
            dropped["lost by the as-of date, published later"] += 1
        else:
            date = spell.lost if month <= horizon else None
            scores.append(score_fall(name, label, lost[:, column], min(month, horizon + 1), date, hazard, horizon))
    return Falls(tuple(scores), hazard, {reason: n for reason, n in dropped.items() if n})


def constant_hazard(view: CaseView) -> float:
    """Losses per month of exposure of the listed holdings before the as-of date, plus half an event (Jeffreys)."""
    losses, exposure = 0.5, 0
    for spell in view.spells:
        if spell.kind != REMAINDER:
            start = -WINDOW if spell.captured is None else max(view.month_of(spell.captured), -WINDOW)
            end = 0 if spell.lost is None else view.month_of(spell.lost)
            exposure += max(0, end - start)
            losses += spell.lost is not None and end > -WINDOW
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
        Monthly hazard of the baseline.
    horizon
        Number of months.
    """
    months = np.arange(1, horizon + 1)
    fallen = (month <= months).astype(float)
    model = (lost[:, None] <= months).mean(axis=0)
    baseline = -np.expm1(-hazard * months)
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
