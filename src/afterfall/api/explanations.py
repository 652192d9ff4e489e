"""The verbs that explain a run: a brief on one country, the chain behind one number, a first presence, an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from afterfall.api.outlooks import changes
from afterfall.api.policies import compare_options
from afterfall.case.place_names import country_codes, find_place
from afterfall.foundings.founding_risk import founding_risk
from afterfall.foundings.world_foundings import world_foundings
from afterfall.policy.option_texts import NOW, Option
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom
from afterfall.report.brief.changes_section import changes_section
from afterfall.report.brief.content import Brief, Section
from afterfall.report.brief.making import make_brief
from afterfall.report.brief.options_section import options_in_short, options_section
from afterfall.report.explain.event_why import EventWhy, find_event, why_event
from afterfall.report.explain.figure_account import figure_accounts
from afterfall.report.explain.founding_why import FoundingWhy, why_founding
from afterfall.report.explain.why import Why, why
from afterfall.report.kit.likelihood_words import SCALES
from afterfall.report.kit.number_formats import day
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.track_record.earlier_scores import track_record
from afterfall.report.watch.seen import checked_seen, given_seen
from afterfall.run import UnknownName
from afterfall.run.case_source import CaseSource
from afterfall.run.conditions import Given
from afterfall.run.forecasting import At, Report
from afterfall.run.resolve import PlannedRun, RunSettings, Source, resolve
from afterfall.run.seen_conditions import parted


def brief(
    source: Source,
    *,
    country: str,
    words: str = "icd203",
    track: Path | str | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    given: Given = (),
    since: Source | None = None,
    since_as_of: date | str | None = None,
    options: str | Path | Option | Sequence[str | Path | Option] = (),
    against: str | Path | Option = NOW,
    lever_files: Path | Sequence[Path] = (),
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Brief:
    """Write a two-page brief on one country: judgements, ranges, sources and limits.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    country
        Code or name of an origin.
    words
        Words of likelihood: ``icd203``, ``phia`` or ``ipcc``.
    track
        File with scores of earlier forecasts (as ``afterfall track-record --json`` prints them); by default the record
        that comes with the package.
    given
        Conditions, such as ``"all fall by 2019-03"`` or ``"merger hts"``: dated events that are taken as given, one or
        several (`afterfall.run.conditions`). The run is then marked as conditional in every output.
    since, since_as_of
        An earlier forecast, as the old one of `changes`, and the day that it sees a case from: the brief then has a
        paragraph on what changed.
    options, against, lever_files
        Options to compare, as for `compare_options`: with the simulations, horizon and seed of the brief, at its end.
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Returns
    -------
    Brief
        Sections that `afterfall.report.brief` renders as HTML, Markdown or PDF.

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, or the run is of another case or version (`WrongRun`).
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> found = brief("tiny", country="Arda", horizon=12, trajectories=20)
    >>> found.country, [section.key for section in found.sections][:2]
    ('arda', ['judgements', 'pathways'])
    """
    if words not in SCALES:
        raise UnknownName("scale of words", words, list(SCALES))
    before, seen = parted(given)
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        given=before,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    planned = resolve(source, settings)
    code = planned.origin(country)
    record = track_record(planned.request.case, planned.request.as_of, None if track is None else Path(track))
    conditions = checked_seen(seen, planned.model)
    how: dict[str, Any] = {"draws": draws, "run_dir": run_dir, "threads": threads, "progress": progress}
    parts: list[Section] = []
    if options:
        parts += _options_parts(planned, str(code), (options, against, lever_files), {"given": given, **how})
    run = given_seen(planned.run(), planned.model, conditions)
    if since is not None:
        found = changes(since, run, country=code, old_as_of=since_as_of, case=case, **how)
        parts.append(changes_section(found))
    return make_brief(
        run,
        planned.model,
        country=str(code),
        command=command or f"afterfall.brief({planned.model.case.reference!r}, country={code!r})",
        scale=SCALES[words],
        track=record,
        parts=parts,
    )


def _options_parts(
    planned: PlannedRun, country: str, stated: tuple[Any, Any, Any], how: dict[str, Any]
) -> tuple[Section, ...]:
    """Options with the simulations, horizon and seed of a run, as sections of a brief: in short, and compared.

    `stated` are the options, what they are compared with, and files of levers.
    """
    (options, against, lever_files), asked = stated, planned.request
    found = compare_options(
        planned.model.case,
        options,
        against=against,
        lever_files=lever_files,
        country=country,
        horizon=asked.horizon,
        trajectories=asked.trajectories,
        seed=asked.seed,
        **how,
    )
    return options_in_short(found), options_section(found)


def explain(
    source: Source,
    *,
    quantity: str = "returned",
    country: str | None = None,
    at: At | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> Why:
    """Explain a number: the figures behind it, the parameters that drive it, and the mechanisms.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    quantity
        A quantity of the model.
    country
        Code or name of an origin; None for the world.
    at
        Month or date; by default the horizon.
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Returns
    -------
    Why
        The number in people at the as-of date and then, and the chain behind it; `accounts` lists every published
        figure of the place and what is done with it.

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, or the run is of another case or version (`WrongRun`).
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> chain = explain("tiny", quantity="returned", country="Arda", horizon=12, trajectories=20)
    >>> chain.place, chain.month
    ('Arda', 12)
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    planned = resolve(source, settings, at=() if at is None or country is None else [at])
    planned.check_quantity(quantity)
    code = planned.origin(country)
    month = planned.month(at)
    chain = why(planned.run(), planned.model, quantity=quantity, country=code, at=month)
    return replace(chain, accounts=figure_accounts(planned.model, None if code is None else str(code)))


def explain_founding(
    source: Source,
    *,
    country: str,
    at: At | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> FoundingWhy:
    """Explain the chance of a first presence in a country: the reference class, its own record, the covariates.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    country
        Code or name of a country of the reference class.
    at
        Month or date; by default the horizon.
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, the case has no country of the world, or the run is of another
        case or version (`WrongRun`).
    RunError
        If the run folder cannot be written.

    Examples
    --------
    The made-up countries of `tiny` are not in the reference class; a real case takes half a minute:

    >>> explain_founding("isis-2017", country="Sudan", trajectories=20).chance  # doctest: +SKIP
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    planned = resolve(source, settings)
    risk = founding_risk(planned.model.view)
    code = find_place(country, {c: country_codes().get(c, c) for c in risk.codes})
    run = planned.run()
    month = max(run.month(at), 1)
    found = world_foundings(run, planned.model)
    return why_founding(found, stamp_of(run), code, month, day(run.date(month)))


def explain_event(
    source: Source,
    *,
    quantity: str,
    of: str,
    at: At | None = None,
    as_of: date | str | None = None,
    horizon: int | None = None,
    trajectories: int | None = None,
    seed: int | None = None,
    draws: DrawsFrom = DEFAULT,
    case: CaseSource | None = None,
    run_dir: Path | str | None = None,
    threads: int | None = None,
    progress: Report | None = None,
    command: str | None = None,
) -> EventWhy:
    """Explain the chance of one event of an organisation: the reference class, its own record, the posterior.

    Parameters
    ----------
    source
        A run or its folder; or the name or the folder of a case, a case or a model, which is forecast first.
    quantity
        ``recapture``, ``split``, ``merger``, ``absorption``, ``allegiance`` or ``ending``.
    of
        Code or name of the place that may be recaptured, or of the organisation (of a merger or absorption: the rival).
    at
        Month or date; by default the horizon.
    as_of, horizon, trajectories, seed, draws, case, run_dir, threads, progress, command
        As for every verb (see `afterfall.api`).

    Raises
    ------
    ValueError
        If a name, a date or a setting cannot be used, the case has no such event, or the run is of another case or
        version (`WrongRun`).
    RunError
        If the run folder cannot be written.

    Examples
    --------
    >>> chain = explain_event("tiny", quantity="split", of="tiny-core", trajectories=20)  # doctest: +SKIP
    """
    settings = RunSettings(
        as_of=as_of,
        horizon=horizon,
        trajectories=trajectories,
        seed=seed,
        draws=draws,
        case=case,
        run_dir=run_dir,
        threads=threads,
        progress=progress,
        command=command,
    )
    planned = resolve(source, settings)
    find_event(planned.model, quantity, of)
    run = planned.run()
    return why_event(run, planned.model, quantity=quantity, of=of, month=run.month(at))
