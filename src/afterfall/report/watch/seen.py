"""A run given what some of its simulations show: those are taken, and the others left out.

An event or a move of people is in a simulation or not. A count is a forecast of two halves (`observable`), so a
simulation has weight 0, 1/2 or 1 for it; where weights differ, simulations are resampled systematically, as many as
their effective number (Kong 1992). Under `LEAST` the forecast is refused: more simulations hold more of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from afterfall.case import WORLD
from afterfall.case.place_names import UnknownPlace
from afterfall.case.problems import did_you_mean
from afterfall.engine.program import Floats, Longs
from afterfall.engine.series_filter import systematic
from afterfall.evaluate.figures.published_count import CountForecast, later_count
from afterfall.model import Model
from afterfall.report.headlines.counted import COUNTED, SOURCE
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.watch.observable import MOVES, SEEN
from afterfall.run import Run, SettingError
from afterfall.run.conditional_series import LEAST
from afterfall.run.conditioned import BETWEEN
from afterfall.run.conditions import ConditionError
from afterfall.run.months import month_at
from afterfall.run.seen_conditions import SeenCondition

#: Key of the random draw with which weighted simulations are resampled.
RESAMPLED = 1


def checked_seen(conditions: Sequence[SeenCondition], model: Model) -> tuple[SeenCondition, ...]:
    """Conditions with their places as codes, checked against a model before anything is run.

    Raises
    ------
    ConditionError
        With every problem.
    """
    problems, found = [], []
    for one in conditions:
        try:
            month = month_at(model.case.as_of, one.date, model.horizon)
            if month < 1:
                raise ValueError(f"{one.date} is not after the as-of date, expected a month after {model.case.as_of}")
            found.append(_checked(one, model))
        except ValueError as problem:
            problems.append((one.text, str(problem)))
    if problems:
        raise ConditionError(problems)
    return tuple(found)


def _checked(one: SeenCondition, model: Model) -> SeenCondition:
    if one.kind == "event":
        known = [event.name for event in model.events if event.kind in SEEN]
        if one.name not in known:
            raise ValueError(f"{one.name!r} is no event that can be seen{did_you_mean(one.name, known)}")
        return one
    known = [q for q in (MOVES if one.kind == "moves" else COUNTED) if q in {q.name for q in model.quantities}]
    if one.name not in known:
        raise ValueError(f"{one.name!r} is none of {', '.join(known)}{did_you_mean(one.name, known)}")
    if one.place.upper() == WORLD:
        return replace(one, place=WORLD)
    try:
        return replace(one, place=str(model.view.origin(one.place)))
    except UnknownPlace as unknown:
        raise ValueError(str(unknown)) from unknown


def given_seen(run: Run, model: Model, conditions: Sequence[SeenCondition]) -> Run:
    """A run of the simulations that show the conditions; the run itself where there are none.

    It is kept in memory, whatever run it is taken from.

    Raises
    ------
    SettingError
        If too few simulations show them.
    """
    if not conditions:
        return run
    weight = np.prod([_shown(run, model, one) for one in conditions], axis=0)
    total = float(weight.sum())
    effective = total**2 / float((weight**2).sum()) if total else 0.0
    share = 1.0 if run.conditioned is None else min(run.conditioned.effective / len(weight), 1.0)
    texts = tuple(sorted({one.text for one in conditions}))
    if share * effective < LEAST:
        raise SettingError(
            f"{{0}} {BETWEEN.join(texts)}: {share * effective:.0f} of {len(weight):,} simulations show it (effective "
            f"number), expected at least {LEAST}. Take a looser condition, or more simulations ({{1}})",
            "given",
            "trajectories",
        )
    rows = _rows(weight, int(effective), run.request.seed)
    given = (*run.request.given, *texts)
    before = 1.0 if run.conditioned is None else run.conditioned.probability
    attrs = {
        "given": BETWEEN.join(given),
        "given_effective_number": share * effective,
        "given_series_drawn": len(weight),
        "given_selected": 1,
        **({} if before is None else {"given_probability": before * total / len(weight)}),
    }
    return replace(
        run,
        dataset=run.dataset.isel(trajectory=rows).assign_attrs(attrs),
        request=replace(run.request, trajectories=len(rows), given=given),
        path=None,
        model=model,
    )


def _rows(weight: Floats, number: int, seed: int) -> Longs:
    """The simulations taken: all that have a weight where weights are equal, else resampled by weight."""
    some = np.flatnonzero(weight > 0)
    if np.ptp(weight[some]) == 0:
        return some
    with np.errstate(divide="ignore"):
        return np.sort(systematic(np.log(weight), number, seed, RESAMPLED))


def _shown(run: Run, model: Model, one: SeenCondition) -> Floats:
    """Weight of each simulation for one condition, ``(trajectory,)``: 0 or 1; for a count also one half."""
    month = run.month(one.date)
    if one.kind == "event":
        names = run.organisation_record.label("event")
        return np.asarray(run.organisation_record.fired[:, names.index(one.name)] <= month, dtype=np.float64)
    country = None if one.place == WORLD else one.place
    simulations = CountrySimulations(run, country)
    at = simulations.nearest(month)
    if one.kind == "moves":
        return np.asarray(simulations.added(one.name, at) >= one.least, dtype=np.float64)
    forecast = CountForecast.of(run, model.case)
    counts = np.rint(forecast.counts(later_count(forecast, one.name, one.place, at, SOURCE)))
    return np.asarray((counts >= one.least).reshape(2, -1).mean(axis=0))
