"""The verbs that compare forecasts with what was published later, and with the benchmarks of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import overload

from afterfall.attack.attack_result import Attacks
from afterfall.case import Case, UnknownPlace, cut
from afterfall.conflict import open_record
from afterfall.evaluate.events.attack_counts import LaterCount, later_counts
from afterfall.evaluate.events.spread_scores import SpreadScores, score_spread
from afterfall.evaluate.record.forecast_record import Track
from afterfall.evaluate.record.hindcast import hindcast as hindcast_of
from afterfall.evaluate.record.record_of_case import dates_within, record_of_case
from afterfall.evaluate.record.scoring import Scores
from afterfall.evaluate.record.scoring import score as score_run
from afterfall.evaluate.views.views_challenge import YEARS, ViewsComparison, compare_with_views
from afterfall.foundings import foundings_of
from afterfall.model.language.case_view import CaseView
from afterfall.posterior import Posterior
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.report.kit.likelihood_words import ICD203
from afterfall.run import Run
from afterfall.run.case_source import CaseSource, known_later, whole_case
from afterfall.run.conditions import Given
from afterfall.run.forecasting import Report
from afterfall.run.resolve import RunSettings, model_of, opened
from afterfall.run.workers import Scheduler, connected


@overload
def score(source: Run | str | Path, *, case: CaseSource | None = None) -> Scores: ...
@overload
def score(source: Attacks, *, case: CaseSource | None = None) -> tuple[LaterCount, ...]: ...
def score(source: Run | Attacks | str | Path, *, case: CaseSource | None = None) -> Scores | tuple[LaterCount, ...]:
    """Score a forecast against what was published after its as-of date, with the baselines.

    Parameters
    ----------
    source
        A run or its folder; or attacks drawn from one, which are scored on published yearly counts.
    case
        The case as it is known later, its name or its folder; by default the one that the run was made from.

    Returns
    -------
    Scores or tuple of LaterCount
        Of a run: CRPS, coverage and skill by figure, quantity and lead time. Of attacks: one entry a year and place.

    Raises
    ------
    WrongRun
        If there is no such run, or it was made from another case or another version of it.

    Examples
    --------
    >>> import afterfall
    >>> run = afterfall.forecast("tiny", horizon=12, trajectories=20)
    >>> len(score(run).scored.outcomes)
    2
    """
    if isinstance(source, Attacks):
        return later_counts(source, whole_case(source.run, case))
    run = opened(source)
    return score_run(run, whole_case(run, case))


def hindcast(
    of: CaseSource,
    *,
    as_of: date | str,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
    country: str | None = None,
    scheduler: Scheduler = None,
) -> Scores:
    """Forecast a case from what was public on a past day, and score the run on what was published later.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case that holds what was published later (`open_case` with a late
        ``as_of``).
    as_of
        The past day.
    horizon, trajectories, seed, draws, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).
    given
        Conditions, such as ``"all fall by 2019-03"`` or ``"merger hts"``: dated events that are taken as given, one or
        several (`afterfall.run.conditions`). The run is then marked as conditional in every output.
    country
        Code or name of an origin whose scores will be shown: refused before anything is run if there is none.
    scheduler
        What computes, as for `forecast`.

    Returns
    -------
    Scores
        With the run.

    Raises
    ------
    ValueError
        If no figure was published after the day, or a name, a date or a setting cannot be used.
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> scores = hindcast("tiny", as_of="2015-06-30", horizon=12, trajectories=20)
    >>> scores.run.as_of, len(scores.scored.outcomes)
    (datetime.date(2015, 6, 30), 2)
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        given=given,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    whole = known_later(of)
    _check_country(whole, [as_of], country)
    with connected(scheduler, settings.threads) as workers:
        return hindcast_of(whole, replace(settings, scheduler=workers))


def track_record(
    of: CaseSource,
    *,
    as_of: date | str | Sequence[date | str] = (),
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom | Sequence[DrawsFrom] = DEFAULT,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
    country: str | None = None,
    scheduler: Scheduler = None,
) -> Track:
    """Forecast a case from several past days, score each forecast, and say whether later ones were better.

    Parameters
    ----------
    of
        The name or the folder of a case, or a case that holds what was published later.
    as_of
        The days; by default those that the case names for its record (`[evaluation]` of its case.toml).
    draws
        Where parameters come from, as for `forecast`. A posterior is used on the day whose figures it was fitted to,
        so several may be given; other days have the posteriors that come with the package.
    horizon, trajectories, seed, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).
    country
        Code or name of an origin that will be shown: refused before anything is run if no day has it.
    scheduler
        What computes, as for `forecast`.

    Returns
    -------
    Track
        Scores by day, skill from day to day, misses, and checks against experts and other collapses.

    Raises
    ------
    ValueError
        If no day lies within the case, or a name, a date or a setting cannot be used: before anything is run.
    RunError
        If a run folder cannot be written.

    Examples
    --------
    >>> record = track_record("tiny", as_of=["2015-06-30"], horizon=12, trajectories=20)
    >>> [scores.run.as_of.isoformat() for scores in record.scores]
    ['2015-06-30']
    """
    settings = RunSettings(
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    whole = known_later(of)
    days = [as_of] if isinstance(as_of, date | str) else as_of
    _check_country(whole, days, country)
    with connected(scheduler, settings.threads) as workers:
        return record_of_case(
            whole,
            days,
            replace(settings, scheduler=workers),
            draws=[draws] if isinstance(draws, Posterior | str | Path) else list(draws),
            likelihoods={term.text: (term.low, term.high) for term in ICD203.terms},
        )


def _check_country(whole: Case, days: Sequence[date | str], country: str | None) -> None:
    """Refuse a country that is an origin of the case on none of the days, by default those of its record.

    Raises
    ------
    UnknownPlace
        What is wrong with it on the last of the days.
    """
    if country is None:
        return
    unknown: UnknownPlace | None = None
    for day in days or dates_within(whole):
        try:
            CaseView(cut(whole, day)).origin(country)
        except UnknownPlace as problem:
            unknown = problem
        else:
            return
    if unknown is not None:
        raise unknown


def spread(source: Run | str | Path, *, case: CaseSource | None = None) -> SpreadScores:
    """Compare the places and strengths of organisations in a run with what was published later.

    Parameters
    ----------
    source
        A run or its folder.
    case
        The case as it is known later, its name or its folder; by default the one that the run was made from.

    Returns
    -------
    SpreadScores
        The order in which places were expected to be reached, and strengths in fighters, each with what happened.

    Raises
    ------
    WrongRun
        If there is no such run, it has no organisations, or it was made from another case or version of it.

    Examples
    --------
    >>> import afterfall
    >>> run = afterfall.forecast("mali-2013", horizon=120, trajectories=50)  # doctest: +SKIP
    >>> spread(run).rankings[0].model.auc  # doctest: +SKIP
    """
    run = opened(source)
    whole = whole_case(run, case)
    return score_spread(run, whole, foundings_of(run, model_of(run, case)))


def benchmark_violence(
    views: Path | str,
    *,
    case: CaseSource = "isis-2017",
    years: int | Iterable[int] = YEARS,
    progress: Callable[[int], None] | None = None,
) -> ViewsComparison:
    """Score violence by country and month against the published benchmarks of the VIEWS prediction challenge.

    Parameters
    ----------
    views
        Folder with the tables of the challenge, and a sub-folder for each entry (see docs/violence.md).
    case
        The case whose countries are compared.
    years
        Years within 2018 to 2023.
    progress
        Called with each year when it is scored.

    Returns
    -------
    ViewsComparison
        Scores by rule and year of our forecast, conflictology, own history, last value, zero, and every entry.

    Raises
    ------
    ValueError
        If a year lies outside the challenge, or a table is missing or cannot be read.

    Examples
    --------
    >>> found = benchmark_violence("views", years=[2023])  # doctest: +SKIP
    >>> found.trusted  # doctest: +SKIP
    """
    wanted = [years] if isinstance(years, int) else list(years)
    outside = [year for year in wanted if year not in YEARS]
    if outside or not wanted:
        raise ValueError(f"years: found {outside or 'none'}, expected years from {YEARS[0]} to {YEARS[-1]}")
    whole = known_later(case)
    return compare_with_views(Path(views), open_record(), whole, years=wanted, done=progress or (lambda year: None))
