"""Case deletion: how a forecast changes when each published figure is left out in turn.

A figure enters a forecast twice, and is removed from both places. Through the parameters: posterior draws are
reweighted by the inverse of the figure's own likelihood, smoothed with a Pareto tail (PSIS: Vehtari, Simpson, Gelman,
Yao and Gabry 2024, JMLR 25(72)). Draws of the priors among them (`stacking`) keep their weight, since no figure moved
them; so does the share of the two. Through the nowcast: trajectories are simulated again, with common random numbers,
from the case without the figure. Figures of other countries act on a country's forecast through the parameters only;
the reconciliation of all totals with the world total is not followed.

Where the Pareto k of the weights exceeds ``min(0.7, 1 - 1 / log10(draws))``, reweighting is unreliable, and a fit
without the figure is needed (`refit`). World totals of travellers and arrivals determine the arrival curve of the fit
program itself; they are listed in `not_deleted`. The sizes of regions in the fit program are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from afterfall.case import WORLD, Figure
from afterfall.engine.program import Floats
from afterfall.infer.jax_factors import Array
from afterfall.infer.likelihood import Shares, combine, log_likelihood_each, shares_of
from afterfall.infer.log_posterior import LogPosterior
from afterfall.infer.pareto_smoothing import NOTHING, largest_k, smoothed
from afterfall.model import Model, build
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation import measurement_error
from afterfall.model.observation.fit_arrays import FitData, fit_arrays, points_of_total, row_of, split_partners, without
from afterfall.posterior import Posterior, fit_key
from afterfall.posterior.sample import rows_of
from afterfall.run import Run, forecast
from afterfall.run.quantile_levels import INTERVAL_LEVELS
from afterfall.shown import Shown

Refit = Callable[[Model], Posterior]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Number:
    """The forecast in question: a quantity, of one origin or of everyone, in a month after the as-of date."""

    quantity: str
    country: str | None
    month: int


@dataclass(frozen=True, slots=True)
class DeletionEffect:
    """The forecast without one figure: its mean, the shift of the mean and the Monte Carlo error of the shift.

    `khat` is the Pareto k of the weights. `way` is ``reweighted`` (parameters only), ``drawn again`` (parameters and
    nowcast) or ``refitted``. `trusted` is false where k is too large and no refit was made.
    """

    figure: Figure
    mean: float
    shift: float
    error: float
    khat: float
    way: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class CaseDeletion(Shown):
    """The forecast with all figures, and without each of them, the most influential first.

    `posterior` is what its parameters are drawn from, None for priors; `model` is the model with all figures.
    """

    number: Number
    posterior: Posterior | None
    trajectories: int
    seed: int
    mean: float
    low90: float
    high90: float
    moved: tuple[DeletionEffect, ...]
    not_deleted: tuple[tuple[Figure, str], ...]
    model: Model = field(repr=False)


def influence(
    model: Model,
    posterior: Posterior | None,
    number: Number,
    *,
    trajectories: int,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, of: None,
    refit: Refit | None = None,
) -> CaseDeletion:
    """Leave each figure out of a forecast in turn.

    Parameters
    ----------
    model
        A built model that records the number's month.
    posterior
        The posterior of the model. None draws parameters from priors, which figures do not move: only the part of a
        figure in the start of the forecast is then left out.
    number
        What is forecast.
    trajectories, seed
        Number of simulated trajectories and their seed, the same with and without a figure.
    progress
        Called with how many figures are done, and how many there are.
    refit
        Fits a model; used where weights are unreliable. With None those figures are only marked.

    Raises
    ------
    StaleDraws
        If the posterior does not belong to the model.
    """
    study = _Study(model, posterior, number, trajectories, seed)
    whole = study.values
    figures, not_deleted = _figures(study)
    moved = []
    for done, figure in enumerate(figures):
        progress(done, len(figures))
        one = study.without(figure, refit)
        if one is not None:
            moved.append(one)
    progress(len(figures), len(figures))
    low, high = np.quantile(whole, (INTERVAL_LEVELS[0], INTERVAL_LEVELS[-1]))
    moved.sort(key=lambda m: (-abs(m.shift), m.figure.figure))
    return CaseDeletion(
        number,
        posterior,
        trajectories,
        seed,
        float(whole.mean()),
        float(low),
        float(high),
        tuple(moved),
        not_deleted,
        model,
    )


def _figures(study: _Study) -> tuple[list[Figure], tuple[tuple[Figure, str], ...]]:
    """Figures to leave out, and those that cannot be left out, with the reason."""
    view, country = study.model.view, study.number.country
    tried, not_deleted = [], []
    read = {one.figure.figure for one in study.density.fit_figures.observed}
    for figure in view.case.figures:
        if figure.place == WORLD and figure.quantity in ("travelled", "arrivals"):
            not_deleted.append((figure, "determines the arrival curve, on which the fit program is built"))
        elif figure.quantity == "travelled" and figure.place == country and len(view.travelled_figures(country)) == 1:
            not_deleted.append(
                (figure, "the only count of those who travelled: without it the country has no forecast")
            )
        elif figure.figure in read or figure.place in view.named:
            tried.append(figure)
    return tried, tuple(not_deleted)


@dataclass(frozen=True)
class _Study:
    """A forecast from a posterior, and how to make it without a figure."""

    model: Model
    posterior: Posterior | None
    number: Number
    trajectories: int
    seed: int

    @cached_property
    def rows(self) -> list[int]:
        """The draw of parameters that each trajectory takes ``[n]``."""
        whole = range(self.trajectories)
        return list(whole) if self.posterior is None else rows_of(len(self.posterior.values), whole, self.seed)

    @cached_property
    def fitted(self) -> Flags:
        """Which draws of parameters figures have moved ``[n]``; those of the priors they have not."""
        return np.ones(self.trajectories, dtype=bool) if self.posterior is None else self.posterior.fitted

    @cached_property
    def values(self) -> Floats:
        """The number in every trajectory ``[n]``, with all figures."""
        return self._values(self._forecast(self.model, self.posterior))

    @cached_property
    def density(self) -> LogPosterior:
        return LogPosterior.of(self.model)

    @cached_property
    def likelihoods(self) -> _Likelihoods:
        assert self.posterior is not None
        return _Likelihoods(self.density, self.posterior)

    def without(self, figure: Figure, refit: Refit | None) -> DeletionEffect | None:
        """The forecast without a figure; None where the figure is not used at all."""
        case = self.model.case
        other = replace(case, figures=tuple(f for f in case.figures if f.figure != figure.figure))
        log = self._log_likelihood(figure, CaseView(other))
        weights, khat = smoothed_where(self.fitted, log)
        trusted = khat <= largest_k(int(self.fitted.sum()))
        again = None
        if figure.place == self.number.country or self.number.country is None or not trusted:
            again = build(other, horizon=self.model.horizon, record_months=[self.number.month])
        if not trusted and refit is not None and again is not None:
            values = self._values(self._forecast(again, refit(again)))
            return self._moved(figure, values, np.full(len(values), 1.0 / len(values)), khat, "refitted", trusted=True)
        drawn = again is not None and not _same_start(self.model, again) and self._reaches(figure)
        if not drawn and (not self.fitted.any() or np.ptp(log[self.fitted]) < NOTHING):
            return None
        values = self.values
        if drawn and again is not None:
            posterior = None if self.posterior is None else _as_of(self.posterior, again)
            values = self._values(self._forecast(again, posterior))
        own = weights[self.rows]
        way = "drawn again" if drawn else "reweighted"
        return self._moved(figure, values, own / own.sum(), khat, way, trusted=trusted)

    def _log_likelihood(self, figure: Figure, view: CaseView) -> Floats:
        """Log likelihood of a figure for each draw of parameters; zero for draws that figures do not move."""
        if self.posterior is None:
            return np.zeros(self.trajectories)
        return self.likelihoods.own(figure, view)

    def _forecast(self, model: Model, posterior: Posterior | None) -> Run:
        draws = "prior" if posterior is None else posterior
        return forecast(model, trajectories=self.trajectories, seed=self.seed, draws=draws)

    def _reaches(self, figure: Figure) -> bool:
        """Whether a figure acts on the number through the nowcast."""
        return self.number.country is None or figure.place == self.number.country

    def _values(self, run: Run) -> Floats:
        one = run.quantity(self.number.quantity, self.number.country)
        axis = "month" if self.number.country is None else "origin_month"
        return np.asarray(one.sel({axis: self.number.month}).values, dtype=float)

    def _moved(
        self, figure: Figure, values: Floats, weights: Floats, khat: float, way: str, *, trusted: bool
    ) -> DeletionEffect:
        mean, before = float(weights @ values), float(self.values.mean())
        part = weights * (values - mean) - (self.values - before) / len(values)
        by_row = np.bincount(self.rows, part)  # trajectories with one parameter draw share its weight
        return DeletionEffect(figure, mean, mean - before, float(np.sqrt((by_row**2).sum())), khat, way, trusted)


@dataclass(frozen=True)
class _Likelihoods:
    """Log likelihoods of a posterior's draws, with and without figures."""

    density: LogPosterior
    posterior: Posterior

    def own(self, figure: Figure, view: CaseView) -> Floats:
        """Log likelihood that a figure adds to that of all others, for each draw ``[n]``; zero if it is not used.

        `view` is the view of the case without the figure.
        """
        known, position = self.density.model.view, self.position.get(figure.figure)
        if position is not None:
            row = self._data.origin[position]
            number = int(np.flatnonzero(self._data.origin == row).searchsorted(position))
            others = self._data._replace(split_with=split_partners(self.density.fit_figures.observed, position))
            return self._log(row_of(self._data, row)) - self._log(without(row_of(others, row), number))
        row = self._rows.get(known.origins.index(figure.place)) if figure.place in known.named else None
        if row is None or figure.quantity != "travelled":
            return np.zeros(len(self.posterior.values))
        data = row_of(self._data, row)
        block = (
            measurement_error.totals(view, figure.place, ArrivalCurve.of(known)) if figure.place in view.named else []
        )
        if not block:
            return self._log(data)  # there is no other count: the origin drops out
        log, weight, kind = points_of_total(block)
        other = data._replace(log_total=log[None], log_total_weight=weight[None], total_kind=kind[None])
        return self._log(data) - self._log(other)

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each figure among those that the likelihood uses."""
        return {o.figure.figure: i for i, o in enumerate(self.density.fit_figures.observed)}

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {origin: i for i, origin in enumerate(sorted(self.density.fit_figures.totals))}

    @cached_property
    def _data(self) -> FitData:
        return fit_arrays(self.density.model.view, self.density.fit_figures)

    @cached_property
    def _expected(self) -> tuple[Floats, Shares, Floats]:
        """Parameters of each draw, the shares that the history then expects, and the discrepancy."""
        n, values = len(self.density.program.names), self.posterior.values.astype(float)
        expect = jax.jit(shares_of(self.density.model.view, self.density.program))
        drawn = [expect(row) for row in values[:, :n]]
        return values[:, :n], Shares(*(jnp.stack(field) for field in zip(*drawn, strict=True))), values[:, n]

    def _log(self, data: FitData) -> Floats:
        """Log likelihood of the figures of `data` for each draw."""

        def one(theta: Array, shares: Shares, discrepancy: Array) -> Array:
            numbers = log_likelihood_each(data, self.density.program, theta, shares, discrepancy, data.points)
            return combine(data, numbers).sum()

        return np.asarray(jax.vmap(one)(*self._expected))


def smoothed_where(fitted: Flags, log: Floats) -> tuple[Floats, float]:
    """The same with draws of the priors among them ``[n]``, which no figure has moved: they keep their weight."""
    weights, khat = np.full(len(log), 1.0 / len(log)), 0.0
    if fitted.any():
        own, khat = smoothed(log[fitted])
        weights[fitted] = own * fitted.mean()
    return weights, khat


def _same_start(model: Model, other: Model) -> bool:
    """Whether two models have the same plan of the initial state."""
    plans = zip(model.nowcaster.plan, other.nowcaster.plan, strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in plans)


def _as_of(posterior: Posterior, model: Model) -> Posterior:
    """The same draws for a model without one figure of their fit; the weights correct for it."""
    return replace(posterior, origin=replace(posterior.origin, key=fit_key(model)))
