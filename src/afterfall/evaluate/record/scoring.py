"""The verb `score`: scores a run against what was published after its as-of date, together with every baseline.

Nothing here looks at an outcome to choose anything. Outcomes are chosen by what a figure measures (`outcomes`), the
baselines on earlier dates (`baseline_calibration`). Quantities that rest on hindsight are summarised separately.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from afterfall.case import Case, Figure
from afterfall.evaluate.baselines.baseline_calibration import Calibration, calibrate
from afterfall.evaluate.baselines.baselines import METHODS, spread_out
from afterfall.evaluate.core.bootstrap import Skill, skill, weighted_mean
from afterfall.evaluate.core.last_published import published_figures
from afterfall.evaluate.core.outcomes import Outcome, select
from afterfall.evaluate.core.scoring_rules import Floats, Marks, mark, on_scale
from afterfall.evaluate.events.stronghold_falls import Falls, score_falls
from afterfall.evaluate.figures.published_count import CountForecast, pooled
from afterfall.evaluate.figures.splits import SplitScore, score_splits
from afterfall.run import Run
from afterfall.run.case_source import check_same_case
from afterfall.run.quantile_levels import FAN_LEVELS
from afterfall.shown import Shown

if TYPE_CHECKING:
    from afterfall.evaluate.record.given_falls import GivenFalls

#: Forecasts that are scored next to the baseline methods: the forecast of a published count as printed, its two parts,
#: and the people of the model, without reporting, definitions or errors.
MODEL, ALONE, REGRESSION, PEOPLE = "model", "model_alone", "regression", "people"
#: Bands of lead times in months, first and last month; the last band is open.
LEADS = ((1, 12), (13, 24), (25, None))


@dataclass(frozen=True)
class Scored:
    """Outcomes with what was forecast of them.

    Attributes
    ----------
    outcomes
        N outcomes.
    hindsight
        Whether the quantity of each outcome rests on structure that only hindsight suggests ``(N,)``.
    names
        Display name of the place of each outcome.
    marks
        Scores of every forecast (`MODEL`, `ALONE`, `REGRESSION`, `PEOPLE`) and of every baseline method.
    quantiles
        Quantiles `FAN_LEVELS` of the figure by forecast, in people ``(N, 5)``.
    measured_against
        Baseline method that the quantity of each outcome is compared with.
    """

    outcomes: tuple[Outcome, ...]
    hindsight: tuple[bool, ...]
    names: tuple[str, ...]
    marks: Mapping[str, Marks]
    quantiles: Mapping[str, Floats]
    measured_against: tuple[str, ...]

    @property
    def baseline(self) -> Marks:
        """Scores of the baseline that the quantity of each outcome is compared with."""
        rows = range(len(self.outcomes))
        of = {f.name: [getattr(self.marks[self.measured_against[i]], f.name)[i] for i in rows] for f in fields(Marks)}
        return Marks(**{name: np.array(values, float) for name, values in of.items()})

    @property
    def baseline_quantiles(self) -> Floats:
        """Quantiles of that baseline, in people ``(N, 5)``."""
        rows = [self.quantiles[method][i] for i, method in enumerate(self.measured_against)]
        return np.array(rows).reshape(len(rows), len(FAN_LEVELS))

    def inside_range(self, who: str) -> Floats:
        """Whether each figure lies in the 90 % range of a forecast as printed, in people ``(N,)``: the literal rule.

        The rule of `Marks.inside90` asks the same of what a figure adds to the last one, where figures below the last
        one add nothing.
        """
        value = np.array([o.value for o in self.outcomes], float)
        low, high = self.quantiles[who][:, 0], self.quantiles[who][:, -1]
        return ((low <= value) & (value <= high)).astype(float)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of figures inside 90 % intervals: of published counts and of people, by two rules.

    *Literal*: the figure lies in the range of the forecast as printed. *Increment*: what it adds to the last published
    figure lies in the interval of what the forecast adds to it.
    """

    counts_literal: float
    counts_increment: float
    people_literal: float
    people_increment: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean scores of a group of outcomes, in which each cluster counts once; pairs are (model, baseline).

    Attributes
    ----------
    quantity, months, hindsight
        The group: quantity of the model ("" for all), band of lead times (None for all), structure known in hindsight.
    baseline
        Baseline method of the group, or ``mixed``.
    skill
        CRPS of the forecast of published counts against the baseline.
    against_regression
        The same against the hurdle regression, the second baseline.
    alone, alone_against_regression
        CRPS of the model's counts, without the regression in the pool, against the baseline and against the regression.
    log_score, interval90, coverage50, coverage90
        Means, on the scale of scores.
    coverage
        Shares inside 90 % intervals, of published counts and of people.
    pit
        Histogram of the PIT, ten bins.
    """

    quantity: str
    months: tuple[int, int | None] | None
    hindsight: bool
    baseline: str
    skill: Skill
    against_regression: Skill
    alone: Skill
    alone_against_regression: Skill
    log_score: tuple[float, float]
    interval90: tuple[float, float]
    coverage50: tuple[float, float]
    coverage90: tuple[float, float]
    coverage: Coverage
    pit: tuple[float, ...]


@dataclass(frozen=True)
class Scores(Shown):
    """All scores of a run.

    Attributes
    ----------
    run, forecast
        The run, and the forecasts of published counts from it.
    scored
        Outcomes one by one.
    dropped
        Numbers of later figures left out, by reason.
    overall
        Summaries over all quantities: those on structure known at the as-of date, then those that rest on hindsight.
    summaries
        By quantity, and by quantity and lead time; the worst skill first.
    calibration
        Calibration of the baselines.
    falls, falls_skill
        Strongholds, and the skill of their Brier scores over all months.
    splits, splits_skill
        Complete national splits, and the skill of their energy scores.
    splits_regression
        The same skill against the hurdle regression.
    published
        Figures of each place and quantity scored that were published by the as-of date, earliest first.
    case_warnings
        How many rows of the case, as it was public on the as-of date, look implausible.
    given_falls
        The same forecast given the falls that happened: hindsight. None where it was not made.
    """

    run: Run
    forecast: CountForecast
    scored: Scored
    dropped: Mapping[str, int]
    overall: tuple[Summary, Summary]
    summaries: tuple[Summary, ...]
    calibration: Calibration
    falls: Falls
    falls_skill: Skill
    splits: tuple[SplitScore, ...]
    splits_skill: Skill
    splits_regression: Skill
    published: Mapping[tuple[str, str], tuple[Figure, ...]]
    case_warnings: int = 0
    given_falls: GivenFalls | None = None

    def mean_crps(self, quantity: str) -> dict[str, float]:
        """Mean CRPS of a quantity, by forecast: the model (`MODEL`) and every baseline. Each cluster counts once."""
        outcomes = self.scored.outcomes
        rows = [i for i, o in enumerate(outcomes) if o.quantity == quantity]
        clusters = [outcomes[i].cluster for i in rows]
        return {who: weighted_mean(marks.crps[rows], clusters) for who, marks in self.scored.marks.items()}


def score(run: Run, whole: Case) -> Scores:
    """Score a run.

    Parameters
    ----------
    run
        A finished run.
    whole
        Its case with later publications: uncut, or cut at a later day.

    Raises
    ------
    WrongRun
        If the run was made from another case, or another version of it.
    """
    check_same_case(run, whole)
    request = run.request
    selection = select(whole, run.as_of, request.horizon)
    quantities = tuple(sorted({o.quantity for o in selection.outcomes}))
    calibration = calibrate(whole, quantities, as_of=run.as_of, horizon=request.horizon)
    forecast = CountForecast.of(run, whole)
    samples = _samples(forecast, selection.outcomes, calibration)
    scored = _scored(run, selection.outcomes, samples, calibration)
    falls = score_falls(run, whole)
    splits = _splits(run, scored, samples, scored.measured_against)
    regression = _splits(run, scored, samples, (REGRESSION,) * len(scored.outcomes))
    return Scores(
        run=run,
        forecast=forecast,
        scored=scored,
        dropped=selection.dropped,
        overall=(summarise(scored, "", None, False, request.seed), summarise(scored, "", None, True, request.seed)),
        summaries=_summaries(scored, request.seed),
        calibration=calibration,
        falls=falls,
        falls_skill=skill(
            [f.brier for f in falls.holdings],
            [f.brier_baseline for f in falls.holdings],
            [falls.campaign] * len(falls.holdings),
            name="falls",
            seed=request.seed,
        ),
        splits=splits,
        splits_skill=_splits_skill(splits, "splits", request.seed),
        splits_regression=_splits_skill(regression, "splits/regression", request.seed),
        published=_published(forecast.known, selection.outcomes),
        case_warnings=len(forecast.known.warnings),
    )


def _published(known: Case, outcomes: Sequence[Outcome]) -> dict[tuple[str, str], tuple[Figure, ...]]:
    pairs = sorted({o.cluster for o in outcomes})
    return {(place, quantity): tuple(published_figures(known, quantity, place)) for place, quantity in pairs}


def _samples(forecast: CountForecast, outcomes: Sequence[Outcome], calibration: Calibration) -> dict[str, Floats]:
    """Samples of every figure by every forecast, in people as published."""
    n, points = forecast.run.request.trajectories, forecast.regression.points

    def each(of: Callable[[Outcome], Floats]) -> Floats:
        return np.array([of(o) for o in outcomes]).reshape(len(outcomes), n)

    def baseline(method: str) -> Callable[[Outcome], Floats]:
        errors = {quantity: by_method[method].error for quantity, by_method in calibration.errors.items()}
        return lambda o: spread_out(points.of(method, o.quantity, o.place), errors[o.quantity], o.month, n)

    alone, regression = each(forecast.model_counts), each(forecast.regression_counts)
    return {
        MODEL: pooled(alone, regression),
        ALONE: alone,
        REGRESSION: regression,
        PEOPLE: each(forecast.people),
        **{method: each(baseline(method)) for method in METHODS},
    }


def _scored(run: Run, outcomes: tuple[Outcome, ...], samples: Mapping[str, Floats], calibration: Calibration) -> Scored:
    names = [o.figure for o in outcomes]
    last = _offsets(outcomes)
    observed = on_scale([o.value for o in outcomes], last)
    late, places = _by(run, "quantity", "hindsight"), _by(run, "origin", "origin_name")
    return Scored(
        outcomes=outcomes,
        hindsight=tuple(bool(late[o.quantity]) for o in outcomes),
        names=tuple(str(places.get(o.place, "World")) for o in outcomes),
        marks={
            who: mark(observed, on_scale(x, last[:, None]), names, seed=run.request.seed) for who, x in samples.items()
        },
        quantiles={who: np.quantile(x, FAN_LEVELS, axis=-1).T for who, x in samples.items()},
        measured_against=tuple(calibration.measured_against[o.quantity] for o in outcomes),
    )


def _by(run: Run, axis: str, label: str) -> dict[str, Any]:
    """Values of one label of the run's dataset by another."""
    return dict(zip(map(str, run.dataset[axis].values), run.dataset[label].values, strict=True))


def _offsets(outcomes: Sequence[Outcome]) -> Floats:
    return np.array([o.offset or 0.0 for o in outcomes], float)


def _splits(run: Run, scored: Scored, samples: Mapping[str, Floats], against: Sequence[str]) -> tuple[SplitScore, ...]:
    last = _offsets(scored.outcomes)
    observed = on_scale([o.value for o in scored.outcomes], last)
    rows = {o.figure: i for i, o in enumerate(scored.outcomes)}
    baseline = {o.figure: samples[against[i]][i] for i, o in enumerate(scored.outcomes)}
    return score_splits(
        scored.outcomes,
        {figure: float(observed[i]) for figure, i in rows.items()},
        {figure: on_scale(samples[MODEL][i], last[i]) for figure, i in rows.items()},
        {figure: on_scale(baseline[figure], last[i]) for figure, i in rows.items()},
        seed=run.request.seed,
    )


def _splits_skill(splits: Sequence[SplitScore], name: str, seed: int) -> Skill:
    energy, baseline = [s.energy for s in splits], [s.energy_baseline for s in splits]
    return skill(energy, baseline, [s.place for s in splits], name=name, seed=seed)


def _summaries(scored: Scored, seed: int) -> tuple[Summary, ...]:
    """By quantity over all lead times, then by quantity and lead time; non-empty groups, the worst skill first."""
    kinds = sorted(set(zip((o.quantity for o in scored.outcomes), scored.hindsight, strict=True)))
    found = [summarise(scored, q, lead, late, seed) for q, late in kinds for lead in (None, *LEADS)]
    filled = [s for s in found if s.skill.figures]
    return tuple(sorted(filled, key=lambda s: (s.months is not None, s.skill.skill, s.quantity)))


def summarise(
    scored: Scored, quantity: str, months: tuple[int, int | None] | None, hindsight: bool, seed: int
) -> Summary:
    """Summarise a quantity ("" for all) at a lead time (None for all), on known structure or on hindsight."""
    rows = [
        i
        for i, o in enumerate(scored.outcomes)
        if scored.hindsight[i] == hindsight and quantity in ("", o.quantity) and _within(o.month, months)
    ]
    clusters: list[Hashable] = [scored.outcomes[i].cluster for i in rows]
    families = [scored.outcomes[i].family for i in rows]
    pair = scored.marks[MODEL], scored.baseline
    methods = {scored.measured_against[i] for i in rows}

    def means(name: str) -> tuple[float, float]:
        model, baseline = (weighted_mean(getattr(marks, name)[rows], clusters) for marks in pair)
        return model, baseline

    def against(ours: str, theirs: Marks, name: str) -> Skill:
        crps = scored.marks[ours].crps[rows], theirs.crps[rows]
        return skill(*crps, clusters, families=families, name=f"{name}{quantity}/{months}/{hindsight}", seed=seed)

    def inside(who: str) -> tuple[float, float]:
        literal, increment = scored.inside_range(who), scored.marks[who].inside90
        return weighted_mean(literal[rows], clusters), weighted_mean(increment[rows], clusters)

    return Summary(
        quantity=quantity,
        months=months,
        hindsight=hindsight,
        baseline=methods.pop() if len(methods) == 1 else "mixed",
        skill=against(MODEL, scored.baseline, ""),
        against_regression=against(MODEL, scored.marks[REGRESSION], "regression/"),
        alone=against(ALONE, scored.baseline, "alone/"),
        alone_against_regression=against(ALONE, scored.marks[REGRESSION], "alone/regression/"),
        log_score=means("log_score"),
        interval90=means("interval90"),
        coverage50=means("inside50"),
        coverage90=means("inside90"),
        coverage=Coverage(*inside(MODEL), *inside(PEOPLE)),
        pit=tuple(float(n) for n in np.histogram(pair[0].pit[rows], bins=10, range=(0.0, 1.0))[0]),
    )


def _within(month: int, months: tuple[int, int | None] | None) -> bool:
    return months is None or (months[0] <= month and (months[1] is None or month <= months[1]))
