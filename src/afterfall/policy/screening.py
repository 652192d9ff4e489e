"""Screening of one country's returnees: whom assessments flag, miss and flag wrongly, and what a flag is worth.

Two views of one run. *What happens*: verdicts counted by stretches of months, with the base rate then holding among
those assessed. *What the instrument can tell*: its sensitivity and specificity, uncertain and different by disposition,
turned into predictive values at the base rates asked about, in closed form.

Sensitivity is that of the committed and the sympathisers together, by their shares among those the country assessed in
each month of the run, levers as they then stood (`afterfall.policy.flagging`); specificity likewise of adherents and
the pacified. Where a run assessed nobody, dispositions and months weigh the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from afterfall.model import Model
from afterfall.model.language.parameters import Known
from afterfall.policy.flagging import as_assessed, chances, untouched
from afterfall.policy.paired_differences import Floats
from afterfall.policy.people_counts import People
from afterfall.policy.test_accuracy import Verdicts, share, verdicts
from afterfall.run import Run

VERDICTS = ("flagged_rightly_so_far", "wrongly_flagged_so_far", "missed_so_far", "cleared_so_far")
AT_RISK, HARMLESS = ("committed", "sympathiser"), ("adherent", "pacified")
RELAPSING = ("pacified", "adherent", "sympathiser")
QUEUES = ("under_assessment", "flagged_waiting", "monitored", "in_programme", "imprisoned", "undetected")
#: Base rates asked about unless others are given: one in a hundred, one in ten, one in two.
BASE_RATES = (0.01, 0.1, 0.5)


@dataclass(frozen=True)
class Stretch:
    """Verdicts of the months after `start` up to `end`, one a trajectory ``(n,)``, and stocks at its end."""

    start: int
    end: int
    verdicts: Verdicts
    stocks: dict[str, Floats] = field(repr=False)


@dataclass(frozen=True)
class Screening:
    """One country's screening in a run.

    `sensitivity` and `specificity` are one a trajectory ``(n,)``; `by_disposition` the chance of a flag by disposition
    as people were assessed, `now` that of the instrument on the as-of date and `last` that of the last month, levers
    included; `at_base_rate` the closed form on 1,000 assessed by base rate; `beyond` the share of months up to the end
    in which each capacity fell short, one a trajectory; `relapse` the hazards of relapse a month (see
    `relapse_hazards`), and `rests_on` the priors behind them.
    """

    run: Run = field(repr=False)
    country: str
    stretches: tuple[Stretch, ...]
    sensitivity: Floats
    specificity: Floats
    by_disposition: dict[str, Floats]
    now: dict[str, Floats]
    last: dict[str, Floats]
    at_base_rate: dict[float, Verdicts]
    beyond: dict[str, Floats]
    relapse: dict[str, Floats]
    rests_on: dict[str, Known] = field(repr=False)

    @property
    def under_levers(self) -> bool:
        """Whether a lever acts on the instrument."""
        return any(not np.array_equal(self.now[d], self.last[d]) for d in self.now)

    @property
    def whole(self) -> Verdicts:
        """Verdicts over all stretches."""
        parts = [s.verdicts for s in self.stretches]
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
        Months a stretch of the table; the run must record their ends by origin.
    base_rates
        Shares at risk among those assessed at which to say what a flag is worth.

    Raises
    ------
    ValueError
        If the country is unknown, the run is not of the model, a base rate lies outside 0 to 1, or the run does not
        record a month.
    """
    code, horizon = run.origin(country), run.request.horizon
    if every < 1:
        raise ValueError(f"a stretch must have at least 1 month, found {every}")
    ends = [*range(every, horizon, every), horizon]
    recorded = {int(m) for m in run.dataset["origin_month"].values}
    absent = [m for m in ends if m not in recorded]
    if absent:
        raise ValueError(f"the run does not record months {absent} by country: record them, or take another length")
    flags = {d: chances(model, run, code, d) for d in (*AT_RISK, *HARMLESS)}
    sensitivity = as_assessed(run, code, {d: flags[d] for d in AT_RISK})
    specificity = 1.0 - as_assessed(run, code, {d: flags[d] for d in HARMLESS})
    known = {k.name: k for k in model.parameters}
    return Screening(
        run=run,
        country=code,
        stretches=tuple(_stretch(run, code, a, b) for a, b in zip([0, *ends], ends, strict=False)),
        sensitivity=sensitivity,
        specificity=specificity,
        by_disposition={d: as_assessed(run, code, {d: chance}) for d, chance in flags.items()},
        now={d: untouched(run, d) for d in flags},
        last={d: chance[:, -1] for d, chance in flags.items()},
        at_base_rate={rate: verdicts(sensitivity, specificity, rate) for rate in base_rates},
        beyond=shares_beyond(run, code),
        relapse=relapse_hazards(run),
        rests_on={d: known[f"relapse.{d}"] for d in RELAPSING},
    )


def shares_beyond(run: Run, country: str) -> dict[str, Floats]:
    """Share of the months of a run in which each of a country's capacities fell short, by ration ``(n,)``."""
    late = run.dataset["beyond"].sel(origin=country).isel(origin_month=-1)
    return {
        str(name): np.asarray(late.sel(ration=name).values, dtype=float) / run.request.horizon
        for name in late["ration"].values
    }


def relapse_hazards(run: Run) -> dict[str, Floats]:
    """Moves back a person-month at large ``(n,)``, by disposition, of everyone: the text's question about adherents.

    Of the pacified and the adherent a move back to sympathy, of sympathisers one to the committed. Counted in the run,
    levers included; NaN in futures without anyone of the disposition.
    """
    everyone = People(run, None, run.request.horizon)
    return {d: share(everyone.at(f"relapsed_{d}_so_far"), everyone.used(f"home_{d}")) for d in RELAPSING}


def _counted(run: Run, country: str, quantity: str, start: int, end: int) -> Floats:
    series = run.quantity(quantity, country)
    gap = series.sel(origin_month=end).values - series.sel(origin_month=start).values
    return np.asarray(gap, dtype=float)


def _stretch(run: Run, country: str, start: int, end: int) -> Stretch:
    found = Verdicts(*(_counted(run, country, name, start, end) for name in VERDICTS))
    stocks = {q: np.asarray(run.quantity(q, country).sel(origin_month=end).values, dtype=float) for q in QUEUES}
    return Stretch(start, end, found, stocks)
