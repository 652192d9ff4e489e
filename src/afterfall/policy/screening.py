"""Screening of one country's returnees: whom assessments flag, miss and flag wrongly, and what a flag predicts.

Two views of one run. *What happens*: verdicts counted by period, at the base rate then holding among those assessed.
*Test accuracy*: sensitivity and specificity, uncertain and different by disposition, turned into predictive values at
the requested base rates, in closed form.

Sensitivity is that of the committed and the sympathisers together, by their shares among those the country assessed in
each month of the run, with the levers in force then (`afterfall.policy.flagging`); likewise specificity of adherents
and the pacified. If a simulation assessed nobody, dispositions and months have equal weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np

from afterfall.model import Model
from afterfall.model.language.parameters import Known
from afterfall.policy.flagging import flag_probabilities, flag_probability_as_of, mean_flag_probability
from afterfall.policy.paired_differences import Floats
from afterfall.policy.people_counts import People
from afterfall.policy.test_accuracy import Verdicts, share, verdicts
from afterfall.run import Run, SettingError
from afterfall.run.resolve import whole_number
from afterfall.shown import Shown

VERDICTS = ("flagged_rightly_so_far", "wrongly_flagged_so_far", "missed_so_far", "cleared_so_far")
AT_RISK, HARMLESS = ("committed", "sympathiser"), ("adherent", "pacified")
RELAPSING = ("pacified", "adherent", "sympathiser")
QUEUES = ("under_assessment", "flagged_waiting", "monitored", "in_programme", "imprisoned", "undetected")
#: Default base rates: one in a hundred, one in ten, one in two.
BASE_RATES = (0.01, 0.1, 0.5)


@dataclass(frozen=True)
class Period:
    """Verdicts in the months after `start` up to `end`, and stocks at its end, each ``(n,)`` over trajectories."""

    start: int
    end: int
    verdicts: Verdicts
    stocks: dict[str, Floats] = field(repr=False)


@dataclass(frozen=True)
class Screening(Shown):
    """One country's screening in a run.

    Every array is ``(n,)`` over trajectories.

    Attributes
    ----------
    run, country
        The run and the code of the country.
    periods
        Verdicts by period.
    sensitivity, specificity
        Averages over the run.
    by_disposition
        Probability of a flag by disposition, weighted by assessments.
    now, last
        Probability of a flag by disposition on the as-of date, without levers, and in the last month, with levers.
    at_base_rate
        Closed form on 1,000 people assessed, by base rate.
    over_capacity
        Share of months in which demand exceeded each capacity.
    relapse
        Monthly hazards of relapse by disposition (see `relapse_hazards`).
    priors
        Priors of the relapse hazards.
    """

    run: Run = field(repr=False)
    country: str
    periods: tuple[Period, ...]
    sensitivity: Floats
    specificity: Floats
    by_disposition: dict[str, Floats]
    now: dict[str, Floats]
    last: dict[str, Floats]
    at_base_rate: dict[float, Verdicts]
    over_capacity: dict[str, Floats]
    relapse: dict[str, Floats]
    priors: dict[str, Known] = field(repr=False)

    @property
    def under_levers(self) -> bool:
        """Whether a lever changes the accuracy of assessments."""
        return any(not np.array_equal(self.now[d], self.last[d]) for d in self.now)

    @property
    def whole(self) -> Verdicts:
        """Verdicts over all periods."""
        parts = [s.verdicts for s in self.periods]
        return Verdicts(*(np.sum([getattr(p, name) for p in parts], axis=0) for name in Verdicts.__slots__))

    @property
    def name(self) -> str:
        """Name of the country."""
        return str(self.run.dataset["origin_name"].sel(origin=self.country).item())


def screening(
    model: Model, run: Run, country: str, *, every: int = 12, base_rates: Sequence[float] = BASE_RATES
) -> Screening:
    """Screening of a country in a run.

    Parameters
    ----------
    model
        The model that was run, its policy included.
    run
        A finished run of it.
    country
        Code or name of an origin.
    every
        Length of a period in months; the run must record the ends of periods by origin.
    base_rates
        Shares at risk among those assessed at which predictive values are computed.

    Raises
    ------
    ValueError
        If the country is unknown, the run is not of the model, a base rate lies outside 0 to 1, or the run does not
        record a month.
    """
    code, horizon = run.origin(country), run.request.horizon
    check_period(every)
    rates = checked_base_rates(base_rates)
    ends = [*range(every, horizon, every), horizon]
    recorded = {int(m) for m in run.dataset["origin_month"].values}
    absent = [m for m in ends if m not in recorded]
    if absent:
        raise ValueError(
            f"run {run.request.name} does not record months {absent} by country, found {sorted(recorded)}: "
            "record them, or choose another length"
        )
    flags = {d: flag_probabilities(model, run, code, d) for d in (*AT_RISK, *HARMLESS)}
    sensitivity = mean_flag_probability(run, code, {d: flags[d] for d in AT_RISK})
    specificity = 1.0 - mean_flag_probability(run, code, {d: flags[d] for d in HARMLESS})
    known = {k.name: k for k in model.parameters}
    return Screening(
        run=run,
        country=code,
        periods=tuple(_period(run, code, a, b) for a, b in zip([0, *ends], ends, strict=False)),
        sensitivity=sensitivity,
        specificity=specificity,
        by_disposition={d: mean_flag_probability(run, code, {d: chance}) for d, chance in flags.items()},
        now={d: flag_probability_as_of(run, d) for d in flags},
        last={d: chance[:, -1] for d, chance in flags.items()},
        at_base_rate={rate: verdicts(sensitivity, specificity, rate) for rate in rates},
        over_capacity=share_of_months_over_capacity(run, code),
        relapse=relapse_hazards(run),
        priors={d: known[f"relapse.{d}"] for d in RELAPSING},
    )


def check_period(every: int) -> None:
    """Refuse a length of periods that is no whole number of months from 1.

    Raises
    ------
    SettingError
        If it is none.
    """
    if whole_number("every", every) is None or every < 1:
        raise SettingError(f"{{0}} must be at least 1 month, found {every}", "every")


def checked_base_rates(rates: float | Sequence[float]) -> tuple[float, ...]:
    """Base rates as they are, where one alone may be given.

    Raises
    ------
    SettingError
        If there is none, or one is no number from 0 to 1.
    """
    found: tuple[Any, ...] = tuple(rates) if isinstance(rates, Sequence | np.ndarray) else (rates,)
    wrong = [rate for rate in found if not (isinstance(rate, Real) and 0.0 <= float(rate) <= 1.0)]
    if wrong or not found:
        raise SettingError(
            f"{{0}}: found {', '.join(map(repr, wrong)) or 'none'}, expected numbers from 0 to 1", "base_rates"
        )
    return found


def share_of_months_over_capacity(run: Run, country: str) -> dict[str, Floats]:
    """Share of the months of a run in which demand exceeded each of a country's capacities ``(n,)``."""
    late = run.dataset["beyond"].sel(origin=country).isel(origin_month=-1)
    return {
        str(name): np.asarray(late.sel(ration=name).values, dtype=float) / run.request.horizon
        for name in late["ration"].values
    }


def relapse_hazards(run: Run) -> dict[str, Floats]:
    """Relapses per person-month at large ``(n,)``, by disposition, of everyone.

    A relapse of the pacified and the adherent is a move back to sympathy, of sympathisers one to the committed. Counted
    in the run, levers included; NaN in simulations without anyone of the disposition.
    """
    everyone = People(run, None, run.request.horizon)
    return {d: share(everyone.at(f"relapsed_{d}_so_far"), everyone.used(f"home_{d}")) for d in RELAPSING}


def _counted(run: Run, country: str, quantity: str, start: int, end: int) -> Floats:
    series = run.quantity(quantity, country)
    gap = series.sel(origin_month=end).values - series.sel(origin_month=start).values
    return np.asarray(gap, dtype=float)


def _period(run: Run, country: str, start: int, end: int) -> Period:
    found = Verdicts(*(_counted(run, country, name, start, end) for name in VERDICTS))
    stocks = {q: np.asarray(run.quantity(q, country).sel(origin_month=end).values, dtype=float) for q in QUEUES}
    return Period(start, end, found, stocks)
