"""The tempo of losses: a Poisson regression of the holdings lost in each month, under an operation and not.

With s[m] the share of the listed holdings held in month m that were under an announced operation (`operation_record`),
the expected number lost in the month is::

    not under an operation   exp(a + b * (m - middle)) * (1 - s[m])
    under one                exp(a + b * (m - middle)) * s[m] * R

The sum is exp(a + b * (m - middle)) * (1 + (R - 1) * s[m]): operations of the past explain part of the losses of the
months in which they were under way, and the tempo explains the rest. So exp(a) is the tempo of holdings under no
operation, and an operation on the as-of date is not counted in the tempo as well. Without operations R drops out.

The priors are a ~ N(log(holdings held now / 21), 1.1), b ~ N(0, 0.1) a month and log R ~ N(log 3, 1). The posterior is
approximated by a normal at its mode. Level and growth depend on R: the faster holdings under operations fall, the fewer
losses are left for the tempo. Given R they are normal with a mean that is linear in log R, and independent of each
other at a central month.

Assumptions: the number lost a month does not depend on the number held (a focus of 1, see `territory`), so exposures
are shares. The 21 months are those of holdings of other cases in an average month, under an operation or not; the
difference is small against the spread of the prior. The unit is a month, counted from the as-of date (0).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.operation_record import OperationRecord, operation_record

#: Months after which a holding is lost on average, before anything is learned (the geometric mean over organisations),
#: and standard deviation of its log; standard deviation of the growth a month; months over which growth fades.
PRIOR_MONTHS, PRIOR_LEVEL_SD, PRIOR_GROWTH_SD, DAMPING = 21.0, 1.1, 0.1, 12.0
#: Prior of the ratio of hazards under an operation and not: median, and standard deviation of its log.
PRIOR_RATIO, PRIOR_RATIO_SD = 3.0, 1.0


@dataclass(frozen=True, slots=True)
class Tempo:
    """Holdings lost a month while none is under an operation, and the ratio of hazards under one.

    Attributes
    ----------
    log_level, level_sd
        Log of the number lost a month at the central month, at the mode of the ratio, and its standard deviation.
    growth, growth_sd
        Growth of that log a month, and its standard deviation.
    centre
        The central month (as-of date 0, the past negative), at which level and growth are independent.
    held
        Number of listed holdings held on the as-of date.
    log_ratio, ratio_sd
        Log of the ratio of hazards under an operation and not, and its standard deviation.
    level_slope, growth_slope
        Change of the means of level and growth for one more of the log of the ratio.

    The standard deviations of level and growth are those given the ratio.
    """

    log_level: float
    level_sd: float
    growth: float
    growth_sd: float
    centre: float
    held: int
    log_ratio: float = math.log(PRIOR_RATIO)
    ratio_sd: float = PRIOR_RATIO_SD
    level_slope: float = 0.0
    growth_slope: float = 0.0

    def trend(self, month: int) -> float:
        """Months since the central month; after the as-of date the growth fades."""
        return (month if month <= 0 else DAMPING * -math.expm1(-month / DAMPING)) - self.centre

    @property
    def log_hazard(self) -> float:
        """Log hazard a month of each holding held on the as-of date, at the tempo of the central month."""
        return self.log_level - math.log(max(self.held, 1))

    def slope(self, month: int) -> float:
        """Change of the log of the expected tempo in a month for one more of the log of the ratio."""
        return self.level_slope + self.growth_slope * self.trend(month)


def tempo_of(view: CaseView) -> Tempo:
    """The tempo of the campaign, learned from the holdings lost in each month up to the as-of date.

    Months in which nothing was held are left out.
    """
    listed = [s for s in view.spells if s.kind != "remainder"]
    taken = [view.month_of(s.captured) if s.captured else -math.inf for s in listed]
    lost = [1 if s.lost is None else view.month_of(s.lost) for s in listed]
    months = [
        t for t in range(_first_month(view, taken), 1) if any(a < t <= b for a, b in zip(taken, lost, strict=True))
    ]
    known = bool(view.case.campaigns)
    count = [lost.count(t) for t in months]
    columns, exposure, counts, middle = _rows(months, count, operation_record(view) if known else None)
    held = sum(month > 0 for month in lost)
    prior = np.array([math.log(max(held, 1) / PRIOR_MONTHS), 0.0, math.log(PRIOR_RATIO)])[: columns.shape[1]]
    spread = np.array([PRIOR_LEVEL_SD, PRIOR_GROWTH_SD, PRIOR_RATIO_SD])[: columns.shape[1]]
    mode, information = _posterior(columns, exposure, counts, prior, spread)
    covariance = np.linalg.inv(information[:2, :2])
    shift = float(-covariance[0, 1] / covariance[1, 1])
    level = Tempo(
        log_level=float(mode[0] + shift * mode[1]),
        level_sd=math.sqrt(covariance[0, 0] + shift * covariance[0, 1]),
        growth=float(mode[1]),
        growth_sd=math.sqrt(covariance[1, 1]),
        centre=middle + shift,
        held=held,
    )
    if not known:
        return level
    slopes = -covariance @ information[:2, 2]
    return replace(
        level,
        log_ratio=float(mode[2]),
        ratio_sd=math.sqrt(np.linalg.inv(information)[2, 2]),
        level_slope=float(slopes[0] + shift * slopes[1]),
        growth_slope=float(slopes[1]),
    )


def _rows(
    months: Sequence[int], count: Sequence[int], record: OperationRecord | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Rows of the regression: columns ``[n, 2 or 3]``, shares exposed ``[n]``, numbers lost ``[n]``; the middle month.

    Each month has a row of what is not under an operation and, where operations are known, one of what is: both are
    those of the record, in which a holding captured and lost within one month is neither held nor lost.
    """
    time = np.array(months, dtype=float)
    middle = float(time.mean()) if months else 0.0
    one = np.ones_like(time)
    columns = np.stack([one, time - middle], axis=1)
    if record is None:
        return columns, one, np.array(count, dtype=float), middle
    share = np.array([record.share_in(t) for t in months])
    lost = np.array([record.lost.get(t, (0, 0)) for t in months], dtype=float).reshape(-1, 2)
    columns = np.vstack([np.column_stack([columns, 0.0 * one]), np.column_stack([columns, one])])
    exposure, counts = np.concatenate([1.0 - share, share]), lost.T.ravel()
    some = exposure > 0.0
    return columns[some], exposure[some], counts[some], middle


def _posterior(
    columns: np.ndarray, exposure: np.ndarray, count: np.ndarray, prior: np.ndarray, spread: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mode ``[p]`` and information at the mode ``[p, p]`` of a Poisson regression with normal priors."""
    precision = spread**-2.0

    def negative(x: np.ndarray) -> tuple[float, np.ndarray]:
        rate = exposure * np.exp(columns @ x)
        value = (rate - count * (columns @ x)).sum() + 0.5 * (precision * (x - prior) ** 2).sum()
        return float(value), columns.T @ (rate - count) + precision * (x - prior)

    mode = minimize(negative, prior, jac=True, method="BFGS").x
    rate = exposure * np.exp(columns @ mode)
    return mode, columns.T @ (columns * rate[:, None]) + np.diag(precision)


def _first_month(view: CaseView, taken: Sequence[float]) -> int:
    """First month of the campaign's record: after the first capture, or after mobilisation where some have no date."""
    if taken and all(map(math.isfinite, taken)):
        return math.floor(min(taken)) + 1
    return view.month_of(view.case.mobilisation) + 1
