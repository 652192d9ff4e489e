"""The forecast of a published count: what a later figure will say of people, as printed and as scored.

A trajectory holds people; a figure counts some of them, with an error. Each trajectory's own parameters say how (the
observation model of the fit and the nowcast, `model.observation.counting`)::

    count = people * reporting share / people per unit of the definition * exp(error z)

with the error of the source's reliability and z Student with 4 degrees of freedom and a standard deviation of one,
keyed by the run's seed and the figure's name. The fit reads a count with a discrepancy on top, common to all counts;
here the regression stands in its place.

Some figures do not measure the modelled quantity: they count a part of it, repeat an old count, or something happened
that the model lacks. So the forecast is an equal linear pool of these counts and of a hurdle regression on the case's
own past (`baselines.hurdle_regression`), which knows how figures of the case have behaved and nothing of people. Equal
weights are a convention: they are rarely beaten by weights that are estimated from so few dates (Clemen 1989,
doi:10.1016/0169-2070(89)90012-5). On each of the four as-of dates up to August 2016 the pool scored better than either
part in CRPS and in log score (docs/scores.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr

from afterfall.case import WORLD, Case, cut
from afterfall.evaluate.baselines.hurdle_regression import HurdleRegression, fit_hurdle_regression
from afterfall.evaluate.core.last_published import is_counter, last_published_figure
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import Floats, generator_of
from afterfall.model import Model, build
from afterfall.model.observation import counting
from afterfall.model.observation.figure_rules import (
    DEFINITION_CODES,
    ERROR_BY_LETTER,
    FIGHTERS_LEAVE_OUT,
    MODEL_QUANTITY,
    PEOPLE,
    REPORTING,
    SHARE_IN_THEATRE,
    error_of,
)
from afterfall.model.observation.nowcast import history
from afterfall.run import Run

#: Parameter of the share of a quantity of the model that counts report.
REPORTED: Mapping[str, str] = {MODEL_QUANTITY[node]: name for node, name in REPORTING.items()}
#: Trajectories read at once.
AT_ONCE = 50
#: Degrees of freedom of the error of a source, and the standard deviation of Student's distribution with them.
FREEDOM = 4
SD = math.sqrt(FREEDOM / (FREEDOM - 2))


def pooled(model: Floats, regression: Floats) -> Floats:
    """An equal linear pool of two samples of equal size along the last axis, those of the model first."""
    return np.concatenate([model, regression], axis=-1)


@dataclass(frozen=True)
class CountForecast:
    """Forecasts of published counts from a run.

    Attributes
    ----------
    run
        The run, with n trajectories.
    known
        Its case, cut at its as-of date.
    """

    run: Run
    known: Case

    @classmethod
    def of(cls, run: Run, whole: Case) -> CountForecast:
        """Of a run and its case, with later publications or without."""
        return cls(run, cut(whole, run.as_of))

    @cached_property
    def regression(self) -> HurdleRegression:
        """The hurdle regression on what was published by the as-of date."""
        return fit_hurdle_regression(self.known)

    def counts(self, outcome: Outcome) -> Floats:
        """The forecast of a figure, ``(2n,)`` in people: an equal pool of the model's counts and the regression.

        The first n samples are the trajectories, in order.
        """
        return pooled(self.model_counts(outcome), self.regression_counts(outcome))

    def regression_counts(self, outcome: Outcome) -> Floats:
        """The regression's part, ``(n,)`` in people, in an order of its own."""
        samples = self.regression.samples(outcome, self.run.request.trajectories)
        return generator_of(f"order/{outcome.figure}", seed=self.run.request.seed).permutation(samples)

    def model_counts(self, outcome: Outcome) -> Floats:
        """The model's part, ``(n,)`` in people: what each trajectory's people would be counted as."""
        z = generator_of(f"error/{outcome.figure}", seed=self.run.request.seed)
        unit = z.standard_t(FREEDOM, self.run.request.trajectories) / SD
        error = np.exp(outcome.error * unit)
        return np.asarray(self.expected_counts(outcome) * error)

    def expected_counts(self, outcome: Outcome) -> Floats:
        """What each trajectory's people are expected to be counted as, ``(n,)``, without the error of the source."""
        people = self.people(outcome)
        if outcome.quantity == "in_theatre":
            gone = [self.people(replace(outcome, quantity=q)) for q in REPORTED]
            shares = [self.run.parameter(name) for name in REPORTED.values()]
            people = counting.seen_in_theatre(people, *gone, *shares)
        reported = self.run.parameter(REPORTED[outcome.quantity]) if outcome.quantity in REPORTED else 1.0
        return np.asarray(people * reported / self.people_per_unit(outcome))

    def people(self, outcome: Outcome) -> Floats:
        """People of the outcome's place and quantity, ``(n,)``, at its month or the recorded month nearest to it."""
        if outcome.place == WORLD:
            return np.asarray(self.run.quantity(outcome.quantity).sel(month=outcome.month).values, float)
        values = self._measured.sel(origin=outcome.place, quantity=outcome.quantity)
        return np.asarray(values.sel(origin_month=outcome.month, method="nearest").values, float)

    @cached_property
    def _measured(self) -> xr.DataArray:
        """The quantities that figures measure, of all origins: read from the run once, some trajectories at a time."""
        origins = self.run.dataset["origins"]
        names = origins["quantity"].values.tolist()
        which = [names.index(q) for q in dict.fromkeys(MODEL_QUANTITY.values()) if q in names]
        starts = range(0, origins.sizes["trajectory"], AT_ONCE)
        parts = (origins.isel(trajectory=slice(i, i + AT_ONCE)).load().isel(quantity=which) for i in starts)
        return xr.concat(list(parts), "trajectory")

    def people_per_unit(self, outcome: Outcome) -> Floats:
        """People who came to the theatre per person counted by the outcome's definition, ``(n,)``."""
        code = DEFINITION_CODES.get(outcome.definition, PEOPLE)
        left_out = self.run.parameter(FIGHTERS_LEAVE_OUT)
        if outcome.quantity == "killed_so_far" and outcome.definition == "fighters" and outcome.place != WORLD:
            view = self.model.view
            of_region = self._dead_per_fighter[:, view.regions.index(view.region_of[outcome.place])]
            return np.asarray(counting.dead_per_counted_fighter(left_out, of_region))
        families = np.exp(self.run.parameter("role.adult")) + np.exp(self.run.parameter("role.minor"))
        return np.asarray(counting.people_per_unit(left_out, self.run.parameter(SHARE_IN_THEATRE), families)[code])

    @cached_property
    def model(self) -> Model:
        """The model of the past, which no policy changes."""
        return build(self.known, horizon=self.run.request.horizon)

    @cached_property
    def _dead_per_fighter(self) -> Floats:
        """Expected dead of all roles for each dead fighter at the as-of date, ``(n, regions)``."""
        theta = np.stack([self.run.parameter(name) for name in self.model.parameter_names], axis=1)
        return history(self.model.nowcaster, self.model.history, theta, self.run.request.seed).dead_per_fighter


def later_count(forecast: CountForecast, quantity: str, place: str, month: int, reliability: str) -> Outcome:
    """A count of everyone that is not published yet, as an outcome without a value.

    It counts what the last published figure of the place and quantity counts (its definition).

    Parameters
    ----------
    forecast
        The forecast that it is asked of.
    quantity, place
        Quantity of the model; place code of an origin, or of the world.
    month
        Month of the run that the count is for.
    reliability
        Letter of the source's reliability, "A" to "F", where no figure was published; otherwise that of the last one.
    """
    last = last_published_figure(forecast.known, quantity, place)
    latest = None if last is None else last.value
    return Outcome(
        figure=f"next/{place}/{quantity}/{month}",
        quantity=quantity,
        place=place,
        value=np.nan,
        refers_to=forecast.run.date(month),
        month=month,
        definition="" if last is None else last.definition,
        family="",
        source="",
        error=ERROR_BY_LETTER[reliability] if last is None else error_of(last),
        offset=latest if is_counter(quantity) else None,
        last_published=latest,
    )
