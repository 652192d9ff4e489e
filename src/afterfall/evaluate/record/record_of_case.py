"""The track record of a case: a hindcast from each of several days, put together, with the checks that go with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from afterfall.case import Case, as_day, cut
from afterfall.evaluate.record.cross_checks import check_spread_cases, cross_checks
from afterfall.evaluate.record.forecast_record import Track, track
from afterfall.evaluate.record.hindcast import hindcast, last_figure
from afterfall.posterior import Posterior
from afterfall.posterior.draws_from import DEFAULT, DrawsFrom, loaded
from afterfall.run import SettingError
from afterfall.run.forecasting import labelled
from afterfall.run.resolve import RunSettings


def record_of_case(
    whole: Case,
    days: Sequence[date | str],
    settings: RunSettings,
    *,
    draws: Sequence[DrawsFrom],
    likelihoods: Mapping[str, tuple[float, float]],
) -> Track:
    """Forecast a case from several days, score each, and put the scores together.

    Parameters
    ----------
    whole
        The case as it is known later.
    days
        As-of dates; by default those of the record that lie within the case.
    settings
        How to forecast; `as_of` and `draws` are set for each day.
    draws
        Where parameters come from. A posterior is used on the day whose figures it was fitted to; other days have the
        bundled posteriors.
    likelihoods
        Probability range of each word of likelihood, by which statements of experts are read.

    Raises
    ------
    SettingError
        If no day lies within the case, or a posterior belongs to none of them, or two to the same.
    ValueError
        If a day lies outside the case, or a case that its spread is checked with cannot be opened: before anything is
        run.
    """
    dates = [cut(whole, day).as_of for day in days] or dates_within(whole)
    if not dates:
        raise SettingError(
            f"case {whole.id} has no as-of dates of a record: give {{0}} DATE, or add them to its case.toml as\n"
            '  [evaluation]\n  record = ["YYYY-MM-DD"]',
            "as_of",
        )
    chosen, rest = _draws_by_day(draws, dates)
    check_spread_cases(whole)
    scores = []
    for day in dates:
        report = labelled(settings.progress, f"as of {day}")
        scores.append(hindcast(whole, replace(settings, as_of=day, draws=chosen[day], progress=report)))
    checks = cross_checks(whole, [one.run for one in scores], replace(settings, draws=rest), likelihoods)
    return replace(track(scores, chosen_by=whole.evaluation.chosen_by), checks=checks)


def dates_within(whole: Case) -> list[date]:
    """The dates of the case's record that lie after mobilisation and before the last figure of the case."""
    last = last_figure(whole)
    return [day for day in whole.evaluation.record if whole.mobilisation < day < last]


def _draws_by_day(draws: Sequence[DrawsFrom], days: Sequence[date]) -> tuple[dict[date, DrawsFrom], DrawsFrom]:
    """Where parameters come from on each day, and for everything else."""
    found = [loaded(one) for one in draws]
    posteriors = [one for one in found if isinstance(one, Posterior)]
    own = {as_day(one.origin.as_of): one for one in posteriors}
    if len(own) < len(posteriors):
        fitted = Counter(as_day(one.origin.as_of).isoformat() for one in posteriors)
        twice = ", ".join(sorted(day for day, count in fitted.items() if count > 1))
        raise SettingError(f"{{0}}: several posteriors were fitted as of {twice}; give one for each day", "draws")
    unused = sorted(day.isoformat() for day in own if day not in days)
    if unused:
        raise SettingError(
            f"{{0}}: a posterior was fitted as of {', '.join(unused)}, which is no as-of date of this record", "draws"
        )
    rest: DrawsFrom = next((one for one in found if isinstance(one, str)), DEFAULT)
    return {day: own.get(day, rest) for day in days}, rest
