"""What changed between two forecasts: every judgement and headline number, old and new, and which cause did it.

The judgements are those of the new forecast, with their thresholds and dates, and the old one is asked the same. Where
both can be forecast again here, causes are exchanged one at a time (`attribution`); otherwise the difference is shown
whole, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from afterfall.case import Case
from afterfall.engine.program import Floats
from afterfall.model import build
from afterfall.report.changes.attribution import ChangeStep, State, orders_of, states_of, steps_of_mean, steps_of_median
from afterfall.report.changes.case_differences import GroupKey, RowChange, exchanged, row_changes
from afterfall.report.changes.figure_use import figure_uses
from afterfall.report.changes.forecast_side import ForecastSide, drawn_for
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import Headline, HeadlineReading, headlines_of
from afterfall.run import Run, SettingError
from afterfall.run.forecasting import Report, forecast, labelled
from afterfall.shown import Shown

#: Folder within the folder for runs in which the forecasts of the steps are kept.
STEPS = "steps"
#: Causes in words, in the order in which they are shown.
CAUSES = {
    "version": "version of the program",
    "given": "conditions of the old forecast dropped",
    "seed": "random numbers",
    "time": "time passed without news",
    "events": "events",
    "own_figures": "figures of the country",
    "figures": "other figures",
    "rest": "policies, priors and covariates",
    "fit": "the fit",
    "given_now": "conditions of the new forecast",
}


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """One headline, old and new.

    Attributes
    ----------
    headline
        The headline, as the new forecast has it.
    old, new
        The number and the chance in either forecast.
    chance_steps, number_steps
        Steps of the chance, and of the median; empty where the change is not attributed.
    chance_rest, number_rest
        What the steps leave: the difference between all simulations and those that the steps rest on.
    """

    headline: Headline
    old: HeadlineReading
    new: HeadlineReading
    chance_steps: tuple[ChangeStep, ...] = ()
    number_steps: tuple[ChangeStep, ...] = ()
    chance_rest: float = 0.0
    number_rest: float = 0.0

    @property
    def moved(self) -> float:
        """By how much the chance moved."""
        return self.new.chance - self.old.chance


@dataclass(frozen=True, slots=True)
class Changes(Shown):
    """What changed between two forecasts.

    Attributes
    ----------
    old, new
        The runs.
    country, place
        Place code of an origin (None for the world), and the place in words.
    judged
        Every headline that both can answer.
    unanswered
        Labels of headlines that the old forecast cannot answer.
    causes
        Causes that differ, in the order in which they are exchanged.
    rows
        Rows in which the cases differ, by group.
    uses
        What the model does with each new or changed figure, in words, by its name.
    simulations
        Simulations that the steps rest on; 0 where nothing is attributed.
    problem
        Why nothing is attributed; empty where it is.
    """

    old: Run = field(repr=False)
    new: Run = field(repr=False)
    country: str | None
    place: str
    judged: tuple[HeadlineChange, ...]
    unanswered: tuple[str, ...]
    causes: tuple[str, ...]
    rows: Mapping[GroupKey, tuple[RowChange, ...]]
    uses: Mapping[str, str]
    simulations: int = 0
    problem: str = ""


def changes_between(
    old: ForecastSide,
    new: ForecastSide,
    rest: frozenset[str],
    *,
    country: str | None,
    simulations: int,
    run_dir: Path | None = None,
    threads: int | None = None,
    progress: Report | None = None,
) -> Changes:
    """Compare two forecasts, headline by headline, and divide each change among its causes.

    Parameters
    ----------
    old, new
        The two forecasts.
    rest
        Parts of the territory that are no strongholds in the new one.
    country
        Place code of an origin, or None for the world.
    simulations
        Simulations of each step, at most; no more than either run has.
    run_dir
        Folder for runs: the steps are kept in a folder within it. None keeps them in memory.
    threads, progress
        As for `forecast`.

    Raises
    ------
    SettingError
        If the old forecast is of a later day.
    RunError
        If a run folder cannot be written.
    """
    check_order(old.run, new.run)
    views = CountrySimulations(old.run, country), CountrySimulations(new.run, country)
    headlines = headlines_of(views[1], rest, until=min(one.date() for one in (old.run, new.run)))
    headlines = tuple(one.of_both(views[0]) for one in headlines)
    answered = tuple(one for one in headlines if one.in_run(views[0]))
    whole = [_read(answered, view) for view in views]
    rows = {} if old.case is None or new.case is None else row_changes(old.case, new.case, country)
    orders = _orders(old, new, rows)
    problem = old.problem or new.problem or _not_here(new)
    values: dict[State, dict[str, tuple[Floats, Floats]]] = {}
    n = min(simulations, old.request.trajectories, new.request.trajectories)
    if not problem:
        way = _Way(old, new, country, rows, n, run_dir, threads)
        try:
            values = _states(way, orders, answered, whole, progress)
        except ValueError as found:
            problem = f"a step between the two cannot be forecast: {found}"
    return Changes(
        old=old.run,
        new=new.run,
        country=country,
        place=views[1].name,
        judged=tuple(_change(one, whole, values, orders, new.request.seed) for one in answered),
        unanswered=tuple(one.label for one in headlines if one not in answered),
        causes=orders[0],
        rows=rows,
        uses=figure_uses(new.case, [one for changed in rows.values() for one in changed]),
        simulations=n if values else 0,
        problem=problem,
    )


def check_order(old: Run, new: Run) -> None:
    """Refuse an old forecast that is of a later day than the new one.

    Raises
    ------
    SettingError
        If it is.
    """
    if old.as_of > new.as_of:
        raise SettingError(
            f"the old forecast is as of {old.as_of}, after the new one ({new.as_of}): name them the other way round"
        )


@dataclass(frozen=True, eq=False)
class _Way:
    """What every step needs."""

    old: ForecastSide
    new: ForecastSide
    country: str | None
    rows: Mapping[GroupKey, tuple[RowChange, ...]]
    simulations: int
    run_dir: Path | None
    threads: int | None

    def run(self, state: State, causes: Sequence[str], progress: Report | None) -> Run:
        """The forecast with these causes exchanged."""

        def side(cause: str) -> ForecastSide:
            return self.new if cause in state or cause not in causes else self.old

        timed = side("time")
        case = self._case(state, timed)
        model = build(case, horizon=timed.request.horizon, record_months=timed.request.record_months)
        given = self.old.request.given if "given" in causes and "given" not in state else ()
        return forecast(
            model,
            trajectories=self.simulations,
            seed=side("seed").request.seed,
            draws=drawn_for(side("fit").posterior, model),
            given=given,
            run_dir=None if self.run_dir is None else self.run_dir / STEPS,
            threads=self.threads,
            progress=progress,
        )

    def _case(self, state: State, timed: ForecastSide) -> Case:
        """The old rows with the groups of the state from the new ones, seen from the day of `timed`."""
        assert self.old.case is not None
        assert self.new.case is not None
        return exchanged(self.old.case, self.new.case, self.rows, state, timed.request.as_of)


def _orders(old: ForecastSide, new: ForecastSide, rows: Mapping[GroupKey, object]) -> tuple[tuple[str, ...], ...]:
    """Orders of the causes in which the two forecasts differ."""
    was, now = old.request, new.request
    first = {
        "version": not old.same_version,
        "given": bool(was.given),
        "seed": was.seed != now.seed,
        "time": was.as_of != now.as_of,
    }
    between = [*rows, *(["fit"] if was.draws != now.draws else [])]
    last = ["given_now"] if now.given else []
    if was.given == now.given and was.given and not between and not first["time"]:
        first["given"], last = False, []
    return orders_of([name for name, differs in first.items() if differs], between, last)


def _not_here(new: ForecastSide) -> str:
    """Why steps do not lead to the new forecast."""
    if new.same_version:
        return ""
    return f"run {new.request.name} was made by another version of the program: forecast it again"


def _states(
    way: _Way,
    orders: Sequence[Sequence[str]],
    answered: Sequence[Headline],
    whole: Sequence[Mapping[str, tuple[Floats, Floats]]],
    progress: Report | None,
) -> dict[State, dict[str, tuple[Floats, Floats]]]:
    """Number and event of every headline in the simulations of every state on the way."""
    states = list(dict.fromkeys(state for order in orders for state in states_of(order)))
    ends = {frozenset(): whole[0], frozenset(orders[0]): whole[1]}
    between = [state for state in states if state not in ends]
    n = way.simulations
    found = {state: {key: (a[:n], b[:n]) for key, (a, b) in one.items()} for state, one in ends.items()}
    for i, state in enumerate(between, start=1):
        run = way.run(state, orders[0], labelled(progress, f"step {i} of {len(between)}"))
        found[state] = _read(answered, CountrySimulations(run, way.country))
    return found


def _read(headlines: Sequence[Headline], view: CountrySimulations) -> dict[str, tuple[Floats, Floats]]:
    return {one.key: (one.values(view), one.happens(view).astype(np.float64)) for one in headlines}


def _change(
    one: Headline,
    whole: Sequence[Mapping[str, tuple[Floats, Floats]]],
    values: Mapping[State, Mapping[str, tuple[Floats, Floats]]],
    orders: Sequence[Sequence[str]],
    seed: int,
) -> HeadlineChange:
    old, new = (HeadlineReading.of(*side[one.key]) for side in whole)
    if not values:
        return HeadlineChange(one, old, new)
    chances = steps_of_mean({state: read[one.key][1] for state, read in values.items()}, orders)
    numbers = {state: read[one.key][0] for state, read in values.items()}
    medians = steps_of_median(numbers, orders, name=one.key, seed=seed)
    return HeadlineChange(
        headline=one,
        old=old,
        new=new,
        chance_steps=chances,
        number_steps=medians,
        chance_rest=new.chance - old.chance - sum(step.value for step in chances),
        number_rest=new.number.median - old.number.median - sum(step.value for step in medians),
    )
