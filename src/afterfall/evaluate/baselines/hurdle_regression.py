"""A statistical forecast of published figures without simulation: a hurdle regression on the case's own past.

It is the strongest simple opponent found on as-of dates up to August 2016, and the second baseline of every score. It
also has half the weight of the forecast of a published count (`evaluate.figures.published_count`).

**What it learns from.** Every three months back from the as-of date, the figures published by then are the evidence,
and the later figures published by the as-of date are the outcomes. They are chosen by the rule that chooses outcomes
for scores (`outcomes`). A pair loses half of its weight with each `HALF_LIFE` years of age. The outcomes of one place
and quantity together weigh as much as their most recent pair.

**What it predicts** is z, the increment on the scale of scores, ``log1p(max(0, x - b))`` with b the last published
figure of a running total (0 otherwise). Outcomes are of three kinds, each with a regression of its own: the *first*
figure of a place and quantity, a later *stock*, and a later running *total*. With L the last figure, T the travellers
counted, R the share in the place's region times T (a quarter of T if no country of the region has a figure), H the
highest figure of the quantity in any report, and t years ahead::

    first    z ~ lR                       + b . [1, log t, lT - lR - 1, lH - lR]
    stock    z ~ lL                       + b . [1, lL - 4, log t, lT - lL - 1, lH - lL]
    total    z ~ lL + log t - 1           + b . [1, lL - 4, log t, lT - lL - 1, log1p(max(0, H - L))]

with t at most one year for totals: few pairs are further apart, and what they add shows no growth beyond that. Each
quantity has an intercept. Whether z is above zero is a logistic regression on the same columns (the hurdle: Mullahy
1986, doi:10.1016/0304-4076(86)90002-3); its size is normal, cut off at zero. Coefficients have normal priors around
zero, that is, around the columns before ``b``: a total grows by a factor in a year, a stock stays, a first figure has
its region's share. So a case with few figures is forecast by these conventions. The standard deviation of a quantity is
shrunk towards that of its kind (with the weight of twenty clusters), and that towards `PRIOR_SD` (ten). Penalised fits
are those of statsmodels. A part of those who travelled is at most the forecast of travellers of the same rank. Columns,
priors and `HALF_LIFE` are conventions, chosen on as-of dates up to August 2016 by CRPS and log score.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit  # type: ignore[import-untyped]
from scipy.stats import truncnorm  # type: ignore[import-untyped]

from afterfall.case import Case, cut, months_between
from afterfall.evaluate.baselines.baselines import BaselineQuantiles
from afterfall.evaluate.core.last_published import is_counter
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.scoring_rules import Floats, on_scale
from afterfall.model.observation.figure_rules import MODEL_QUANTITY
from afterfall.run.months import add_months

Flags = npt.NDArray[np.bool_]
Kind = Literal["first", "stock", "total"]
#: Months between the past dates that it learns from, and the age in years at which a pair has half of its weight.
STEP, HALF_LIFE = 3, 0.5
#: Standard deviation of the size, by kind, before anything is learned; and the weight of that convention in clusters.
PRIOR_SD: Mapping[Kind, float] = {"first": 1.2, "stock": 0.8, "total": 1.3}
PRIOR_WEIGHT = 10.0
#: Log odds that a figure adds something to the last one, by kind, before anything is learned.
PRIOR_LOG_ODDS: Mapping[Kind, float] = {"first": 3.0, "stock": 3.0, "total": 1.0}
#: Precision of the priors of the intercept, the slopes and the intercepts of quantities.
INTERCEPT, SLOPE, BY_QUANTITY = 1.0, 6.0, 4.0
#: Quantity of which all others are parts.
EVERYONE = "travelled"
#: Share of the travellers that stands for the region's share where no country of the region has a figure.
NO_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class PlaceEvidence:
    """What was published of a place and quantity, in people: see the module docstring for L, R, T and H.

    `last` and `highest` are None where there was no figure.
    """

    kind: Kind
    last: float | None
    region: float
    travelled: float
    highest: float | None


@dataclass(frozen=True, slots=True)
class PastOutcome:
    """An outcome of a past date, the evidence of that date, and the weight of the pair."""

    outcome: Outcome
    evidence: PlaceEvidence
    weight: float


@dataclass(frozen=True)
class _Fitted:
    """The regression of one kind: quantities with an intercept, coefficients of both parts, standard deviations."""

    quantities: tuple[str, ...]
    hurdle: Floats
    size: Floats
    sd: Mapping[str, float]
    sd_of_kind: float


@dataclass(frozen=True)
class HurdleRegression:
    """A fitted regression, which forecasts figures from what was published by its as-of date.

    Attributes
    ----------
    points
        What was published by the as-of date.
    fitted
        The regression of each kind.
    pairs, clusters
        How many past outcomes it learned from, and how many places and quantities these are of.
    """

    points: BaselineQuantiles
    fitted: Mapping[Kind, _Fitted]
    pairs: int
    clusters: int

    def samples(self, outcome: Outcome, n: int) -> Floats:
        """Forecast of a figure as n ordered samples in people (quantiles at the midpoints of n equal probabilities).

        Nothing but place, quantity and month of the outcome is used. A part of those who travelled is at most the
        forecast of travellers of the same rank.
        """
        own = self._samples(outcome.quantity, outcome, n)
        if outcome.quantity == EVERYONE:
            return own
        everyone = self._samples(EVERYONE, outcome, n)
        return np.asarray(np.minimum(own, np.maximum(everyone, own[0])))

    def _samples(self, quantity: str, outcome: Outcome, n: int) -> Floats:
        evidence = evidence_of(self.points, quantity, outcome.place)
        one = self.fitted[evidence.kind]
        centre, columns = _columns(evidence, outcome.month)
        row = np.concatenate([columns, [float(q == quantity) for q in one.quantities]])
        above = float(expit(PRIOR_LOG_ODDS[evidence.kind] + row @ one.hurdle))
        mean, sd = centre + row @ one.size, one.sd.get(quantity, one.sd_of_kind)
        # As many samples as the chance of no increase repeat the last figure; the others are above zero.
        held = round((1.0 - above) * n)
        z = np.zeros(n)
        z[held:] = truncnorm.ppf((np.arange(n - held) + 0.5) / max(n - held, 1), -mean / sd, np.inf, mean, sd)
        return np.asarray(np.expm1(z) + (evidence.last or 0.0 if evidence.kind == "total" else 0.0))


def fit_hurdle_regression(known: Case) -> HurdleRegression:
    """Fit the regression to the past of a case that is cut at its as-of date."""
    pairs = tuple(_pairs(known))
    return HurdleRegression(
        points=BaselineQuantiles(known),
        fitted={kind: _fit([p for p in pairs if p.evidence.kind == kind], kind) for kind in PRIOR_SD},
        pairs=len(pairs),
        clusters=len({p.outcome.cluster for p in pairs}),
    )


def evidence_of(points: BaselineQuantiles, quantity: str, place: str) -> PlaceEvidence:
    """What was published of a place and quantity."""
    last = points.last(quantity, place)
    travelled = points.travelled(place)
    region = points.of("regional_shares", quantity, place)
    high = [
        figure.high
        for name, modelled in MODEL_QUANTITY.items()
        if modelled == quantity
        for figure in points.case.figures_of(name, place=place)
        if not figure.role and figure.organisation in ("", points.case.core)
    ]
    kind: Kind = "first" if last is None else "total" if is_counter(quantity) else "stock"
    return PlaceEvidence(kind, last, region or NO_SHARE * travelled, travelled, max(high, default=None))


def _columns(evidence: PlaceEvidence, month: int) -> tuple[float, Floats]:
    """What the size is centred on before anything is learned, and the columns of both parts."""
    held, lead = evidence.last or 0.0, math.log(max(month, 1) / 12.0)
    if evidence.kind == "total":  # what is added in more than a year cannot be separated from what is added in one
        lead = min(lead, 0.0)
    main = math.log1p(evidence.region if evidence.kind == "first" else held)
    size = [] if evidence.kind == "first" else [main - 4.0]
    high = 0.0
    if evidence.highest is not None:
        total = evidence.kind == "total"
        high = math.log1p(max(0.0, evidence.highest - held)) if total else math.log1p(evidence.highest) - main
    centre = main + lead - 1.0 if evidence.kind == "total" else main
    return centre, np.array([1.0, *size, lead, math.log1p(evidence.travelled) - main - 1.0, high])


def _pairs(known: Case) -> Iterator[PastOutcome]:
    """Past outcomes with the evidence of their date, and the weight of each."""
    found = [(day, pair) for day in _past_days(known) for pair in _pairs_of(known, day)]
    age = [0.5 ** ((known.as_of - day).days / 365.25 / HALF_LIFE) for day, _ in found]
    clusters: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (_, (outcome, _)), weight in zip(found, age, strict=True):
        clusters[outcome.cluster].append(weight)
    for (_, (outcome, evidence)), weight in zip(found, age, strict=True):
        own = clusters[outcome.cluster]
        yield PastOutcome(outcome, evidence, weight * max(own) / sum(own))


def _past_days(known: Case) -> list[dt.date]:
    months = months_between(known.mobilisation, known.as_of)
    return [add_months(known.as_of, -back) for back in range(STEP, months, STEP)]


def _pairs_of(known: Case, day: dt.date) -> list[tuple[Outcome, PlaceEvidence]]:
    try:
        points = BaselineQuantiles(cut(known, day))
    except ValueError:  # nothing was published by that day
        return []
    if not points.view.named:
        return []
    outcomes = select(known, day, months_between(day, known.as_of)).outcomes
    return [(o, evidence_of(points, o.quantity, o.place)) for o in outcomes]


def _fit(pairs: Sequence[PastOutcome], kind: Kind) -> _Fitted:
    quantities = tuple(sorted({p.outcome.quantity for p in pairs}))
    sd = PRIOR_SD[kind]
    described = [_columns(p.evidence, p.outcome.month) for p in pairs]
    width = 4 + (kind != "first")
    columns = np.array([one for _, one in described]).reshape(len(pairs), width)
    own = np.array([[p.outcome.quantity == q for q in quantities] for p in pairs])
    rows = np.hstack([columns, own.reshape(len(pairs), len(quantities)).astype(float)])
    precision = np.array([INTERCEPT, *(SLOPE,) * (width - 1), *(BY_QUANTITY,) * len(quantities)])
    z = np.array([on_scale(p.outcome.value, p.outcome.offset or 0.0) for p in pairs]).reshape(-1)
    weight = np.array([p.weight for p in pairs])
    above = z > 0.0
    left = z - np.array([centre for centre, _ in described])
    hurdle = _ridge_logit(rows, above, weight, precision, PRIOR_LOG_ODDS[kind])
    x, w = rows[above], weight[above] / sd**2
    size = np.linalg.solve(x.T @ (x * w[:, None]) + np.diag(precision), x.T @ (w * left[above]))
    squared = weight[above] * (left[above] - x @ size) ** 2
    named = np.array([p.outcome.quantity for p in pairs])[above]
    of_kind = _shrunk(squared, weight[above], sd, PRIOR_WEIGHT)
    by_quantity = {
        q: _shrunk(squared[named == q], weight[above][named == q], of_kind, 2.0 * PRIOR_WEIGHT) for q in quantities
    }
    return _Fitted(quantities, hurdle, size, by_quantity, of_kind)


def _shrunk(squared: Floats, weight: Floats, towards: float, by: float) -> float:
    """A standard deviation from weighted squares, shrunk towards another one of a given weight."""
    return math.sqrt((float(squared.sum()) + by * towards**2) / (float(weight.sum()) + by))


def _ridge_logit(rows: Floats, above: Flags, weight: Floats, precision: Floats, log_odds: float) -> Floats:
    """Coefficients of a logistic regression with normal priors around zero and a known part of the log odds."""
    if not len(rows):
        return np.zeros(len(precision))
    from statsmodels.genmod.families import Binomial  # the import takes a second
    from statsmodels.genmod.generalized_linear_model import GLM

    known = np.full(len(rows), log_odds)
    model = GLM(above.astype(float), rows, family=Binomial(), freq_weights=weight, offset=known)
    return np.asarray(model.fit_regularized(alpha=precision / model.nobs, L1_wt=0.0, opt_method="BFGS").params)
