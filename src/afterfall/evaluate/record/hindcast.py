"""A forecast from a past day, scored on what was published later."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from afterfall.case import Case, cut
from afterfall.defaults import DEFAULT_HORIZON
from afterfall.evaluate.core.outcomes import select
from afterfall.evaluate.record.given_falls import given_falls
from afterfall.evaluate.record.scoring import Scores, score
from afterfall.run import SettingError
from afterfall.run.resolve import PlannedRun, RunSettings, resolve


def hindcast(whole: Case, settings: RunSettings) -> Scores:
    """Forecast a case from a past day and score the run, and again given the falls that happened.

    A forecast that is itself conditional is scored as it is.

    Parameters
    ----------
    whole
        The case as it is known later: uncut, or cut at a later day.
    settings
        How to forecast; `as_of` is the past day, by default the case's own.

    Raises
    ------
    SettingError
        If no figure was published after the day.
    """
    planned = planned_hindcast(whole, settings)
    scores = score(planned.run(), whole)
    return scores if planned.request.given else replace(scores, given_falls=given_falls(whole, planned, scores))


def planned_hindcast(whole: Case, settings: RunSettings) -> PlannedRun:
    """The forecast of that day, with people recorded by origin in the months of the later figures."""
    case = whole if settings.as_of is None else cut(whole, settings.as_of)
    last = last_figure(whole)
    if case.as_of >= last:
        raise SettingError(
            f"{{0}} {case.as_of}: no figure of {case.id} was published after {last} to score it against", "as_of"
        )
    horizon = DEFAULT_HORIZON if settings.horizon is None else settings.horizon
    months = select(whole, case.as_of, horizon).months if horizon > 0 else ()
    return resolve(case, replace(settings, as_of=None), at=months)


def last_figure(whole: Case) -> dt.date:
    """The day by which the last figure of a case was public."""
    return max((figure.published.last_day for figure in whole.figures), default=dt.date.min)
