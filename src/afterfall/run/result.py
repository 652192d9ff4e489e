"""The result: a joint distribution of simulations with names on every axis, and the tables computed from it.

Quantiles are those of the trajectories: the q-quantile is the smallest value that at least a share q of the
trajectories does not exceed (``inverted_cdf``). The quantile of a count is therefore a count, and the median of a month
a month. Shares are means over trajectories of the share of everyone who travelled or was born in the theatre. They sum
to one over pathways and fates; medians need not.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from afterfall.case.place_names import find_place
from afterfall.engine.program import Floats
from afterfall.run.conditioned import Conditioned, conditioned_of
from afterfall.run.errors import UnknownName
from afterfall.run.months import add_months, month_at
from afterfall.run.provenance import Provenance
from afterfall.run.quantile_levels import INTERVAL_LEVELS
from afterfall.run.request import Request
from afterfall.run.run_organisations import RunOrganisations
from afterfall.shown import Shown

if TYPE_CHECKING:
    from afterfall.model import Model

PARTITION = ("pathway", "fate")
#: How the code of a region's remainder begins in the bundled cases.
REMAINDER = "rest-"
At = int | date | str


@dataclass(frozen=True, eq=False)
class Run(Shown):
    """A finished run.

    Attributes
    ----------
    dataset
        ``world (trajectory, month, quantity)``, ``origins (trajectory, origin_month, origin, quantity)``, ``lost
        (trajectory, holding)``, ``overflow (trajectory, month, ration)``, ``parameters (trajectory, parameter)``,
        ``strength`` and ``foreigners (trajectory, month, organisation)``, ``events (trajectory, event)``, ``slow
        (trajectory, month, slow_stock)``, with names as coordinates and units as attributes.
    request
        The request: all that determines the numbers.
    provenance
        When, where and by which command it was made.
    path
        The run folder, or None for a run in memory.
    reused
        True when the run had been finished before it was requested.
    model
        The model it was made from, policy included; None for a run that was opened from its folder (`model_of` finds
        it).
    """

    #: The view in notebooks. The public API sets it: a run does not depend on the reports.
    html_view: ClassVar[Callable[[Run], str] | None] = None

    dataset: xr.Dataset = field(repr=False)
    request: Request
    provenance: Provenance = field(repr=False)
    path: Path | None = None
    reused: bool = False
    model: Model | None = field(default=None, repr=False)
    _said: dict[str, npt.NDArray[Any]] = field(default_factory=dict, init=False, repr=False)

    @property
    def title(self) -> str:
        """Title of the case, with the conditions of a conditional run."""
        title = str(self.dataset.attrs["title"])
        return title if self.conditioned is None else f"{title}, {self.conditioned.words}"

    @cached_property
    def conditioned(self) -> Conditioned | None:
        """The conditions of a conditional run; None of any other."""
        return conditioned_of(self.request.given, self.dataset.attrs)

    @property
    def as_of(self) -> date:
        """The as-of date."""
        return self.request.as_of

    @property
    def stamp(self) -> dict[str, str | int]:
        """The stamp on every output: case and its hash, as-of date, model version, seed, run, command and so on."""
        request = self.request
        return {
            "case": request.case,
            "case_hash": request.case_hash,
            "as_of": request.as_of.isoformat(),
            "model_version": request.model_version,
            "model_hash": request.model_hash,
            "draws": request.draws,
            "seed": request.seed,
            "trajectories": request.trajectories,
            "horizon_months": request.horizon,
            "run": request.hash,
            "command": self.provenance.command,
            **({} if self.conditioned is None else {"given": "; ".join(request.given)}),
        }

    def month(self, at: At | None = None) -> int:
        """Month number of a month, a date or its text; the horizon for None (see `months.month_at`)."""
        return self.request.horizon if at is None else month_at(self.as_of, at, self.request.horizon)

    def date(self, at: At | None = None) -> date:
        """Date at which a month of the run ends; the horizon for None."""
        return add_months(self.as_of, self.month(at))

    def origin(self, country: str) -> str:
        """Code of an origin given by code or by any usual name (see `case.place_names`).

        Raises
        ------
        UnknownPlace
            If there is no such origin, or if there may be several; the error names the nearest ones.
        """
        codes, names = self._origins
        rest = [code for code in codes if code.startswith(REMAINDER)]
        return find_place(country, dict(zip(codes, names, strict=True)), remainders=rest)

    @cached_property
    def _origins(self) -> tuple[list[str], list[str]]:
        """Codes and names of the origins, read once."""
        codes, names = ([str(v) for v in self.dataset[c].values] for c in ("origin", "origin_name"))
        return codes, names

    def quantity(self, name: str, country: str | None = None) -> xr.DataArray:
        """One quantity: ``(trajectory, month)`` for everyone, ``(trajectory, origin_month)`` for a country.

        The array carries its unit, label and definition as attributes.

        Raises
        ------
        UnknownName
            If there is no such quantity.
        UnknownPlace
            If there is no such country.
        """
        known = [str(q) for q in self.dataset["quantity"].values]
        if name not in known:
            raise UnknownName("quantity", name, known)
        one = self.everything(country).sel(quantity=name)
        texts = {key: str(one.coords[of].item()) for key, of in (("units", "unit"), ("long_name", "label"))}
        definition = str(one.coords["definition"].item())
        return one.reset_coords(drop=True).assign_attrs(texts, definition=definition).rename(name)

    def series(self, name: str, country: str | None = None) -> tuple[Floats, Floats]:
        """The months of one quantity, and its people ``(n, months)``: `quantity` as plain arrays, much faster.

        Raises
        ------
        UnknownName
            If there is no such quantity.
        UnknownPlace
            If there is no such country.
        """
        if name not in self.quantity_names:
            raise UnknownName("quantity", name, list(self.quantity_names))
        code = None if country is None else self.origin(country)
        if code not in self._series:
            array = self.everything(code)
            months = array["month" if code is None else "origin_month"].values
            self._series[code] = np.asarray(months, dtype=float), np.asarray(array.values)
        months, values = self._series[code]
        return months, values[:, :, self.quantity_names.index(name)].astype(float)

    @cached_property
    def _series(self) -> dict[str | None, tuple[Floats, npt.NDArray[np.integer[Any]]]]:
        return {}

    @cached_property
    def quantity_names(self) -> tuple[str, ...]:
        """Names of the quantities, in the order of the model."""
        return tuple(str(name) for name in self.dataset["quantity"].values)

    def said(self, column: str, quantity: str) -> object:
        """What is said of a quantity: its label, unit, kind, group, definition, or whether it rests on hindsight."""
        if column not in self._said:
            self._said[column] = self.dataset[column].values
        return self._said[column][self.quantity_names.index(quantity)]

    def parameter(self, name: str) -> Floats:
        """Draws of a parameter on the engine's scale, ``(trajectory,)``.

        Raises
        ------
        UnknownName
            If the run has no such parameter.
        """
        if name not in self.parameters:
            raise UnknownName("parameter", name, self.parameters)
        return np.array(self._parameter_draws[:, self.parameters.index(name)], dtype=float)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, in the order of the model; a run made by an earlier version may lack some."""
        return tuple(str(name) for name in self.dataset["parameter"].values)

    @cached_property
    def _parameter_draws(self) -> Floats:
        """All draws, read once: each read unpacks every chunk of the file."""
        return np.asarray(self.dataset["parameters"].values, dtype=float)

    def everything(self, country: str | None = None) -> xr.DataArray:
        """All quantities: ``(trajectory, month, quantity)`` for everyone, ``origin_month`` for a country.

        Raises
        ------
        UnknownPlace
            If there is no such country.
        """
        return self.dataset["world"] if country is None else self._of_origin(self.origin(country))

    def _of_origin(self, origin: str) -> xr.DataArray:
        """All quantities of one origin, read once and kept: on disk they are stored by chunk, not by origin."""
        if origin not in self._read:
            self._read[origin] = self.dataset["origins"].sel(origin=origin).load()
        return self._read[origin]

    @cached_property
    def _read(self) -> dict[str, xr.DataArray]:
        return {}

    def summary(self, at: At | None = None, country: str | None = None) -> pd.DataFrame:
        """Every quantity at one month, for everyone or one country.

        Parameters
        ----------
        at
            Month number or date; the horizon for None.
        country
            Code or name of an origin.

        Returns
        -------
        pandas.DataFrame
            One row per quantity, in the model's order. ``label, unit, kind, group, hindsight, definition`` describe
            it. ``mean, median, low90, high90`` are in its unit; ``low90`` and ``high90`` are the 5 % and 95 %
            quantiles. ``mean_share`` is the mean over trajectories of its share of everyone who travelled or was born
            in the theatre, NaN outside pathways and fates. Trajectories without anyone are left out of that mean.

        Raises
        ------
        UnknownPlace
            If there is no such country.
        ValueError
            If the month is not recorded.
        """
        values = self._at(at, country)
        columns = {
            name: self.dataset[name].values for name in ("label", "unit", "kind", "group", "hindsight", "definition")
        }
        table = pd.DataFrame(columns, index=pd.Index(self.dataset["quantity"].values, name="quantity"))
        low, median, high = np.quantile(values, INTERVAL_LEVELS, axis=0, method="inverted_cdf")
        table = table.assign(mean=values.mean(axis=0), median=median, low90=low, high90=high)
        counted = table["group"].isin(PARTITION).to_numpy()
        table["mean_share"] = np.where(counted, _mean_share(values, values[:, counted].sum(axis=1)), np.nan)
        return table

    def pathways(self, at: At | None = None, country: str | None = None) -> pd.DataFrame:
        """The five pathways, as in `summary`."""
        return self._group("pathway", at, country)

    def fates(self, at: At | None = None, country: str | None = None) -> pd.DataFrame:
        """The other fates, as in `summary`; with the pathways they count everyone once."""
        return self._group("fate", at, country)

    def counters(self, at: At | None = None, country: str | None = None) -> pd.DataFrame:
        """Counters of moves so far, as in `summary`."""
        return self._group("counter", at, country)

    def falls(self) -> xr.DataArray:
        """Probability that a holding has been lost by each month, ``(month, holding)``."""
        lost, months = self.dataset["lost"], self.dataset["month"]
        share = (lost <= months).mean("trajectory").transpose("month", "holding")
        return share.assign_attrs(units="probability", long_name="lost by the end of the month").rename("fallen")

    def holdings(self) -> pd.DataFrame:
        """When each holding that is held at the as-of date is lost.

        Returns
        -------
        pandas.DataFrame
            One row per holding: ``label``; ``p_within`` and ``p_not``, the probabilities that it is lost within the
            horizon or not; ``median_month, low90_month, high90_month``, the quantiles of the month of its loss, missing
            where they lie beyond the horizon, and the same as dates (``median_date``, ...).
        """
        lost = np.asarray(self.dataset["lost"].values)
        held = lost.min(axis=0, initial=self.request.horizon + 1) > 0
        index = pd.Index(self.dataset["holding"].values[held], name="holding")
        table = pd.DataFrame({"label": self.dataset["holding_label"].values[held]}, index=index)
        within = (lost[:, held] <= self.request.horizon).mean(axis=0)
        table = table.assign(p_within=within, p_not=1.0 - within)
        months = np.quantile(lost[:, held], INTERVAL_LEVELS, axis=0, method="inverted_cdf")
        for name, row in zip(("low90", "median", "high90"), months, strict=True):
            table[f"{name}_month"] = pd.array([self._within(m) for m in row], dtype="Int64")
            table[f"{name}_date"] = [None if self._within(m) is None else self.date(int(m)) for m in row]
        return table

    @cached_property
    def organisation_record(self) -> RunOrganisations:
        """Organisations, their events and the places that they reach, as arrays; the tables below follow from it."""
        return RunOrganisations(self.dataset, self.request.name)

    def organisations(self, at: At | None = None) -> pd.DataFrame:
        """Every organisation at one month.

        Returns
        -------
        pandas.DataFrame
            One row per organisation: ``label, kind, place, place_name``; ``descended`` (from the core); ``published``
            (a figure stands behind its strength); ``now_low90, now_median, now_high90, low90, median, high90, mean``,
            its strength in people at the as-of date and at the month; ``p_exists`` and ``p_stands`` (ten people or
            more); ``foreign_share``, ``p_grown`` and ``p_contained``, given that it exists.
        """
        return self.organisation_record.organisations(self.month(at))

    def events(self, at: At | None = None) -> pd.DataFrame:
        """Mergers, foundings, splits, changes of allegiance, recaptured towns, breaks and collapses of custody.

        Returns
        -------
        pandas.DataFrame
            One row per event: ``label, kind, organisation``; ``p_by`` (the month) and ``p_within`` (the horizon); the
            quantiles of its month, missing beyond the horizon.
        """
        return self.organisation_record.events(self.month(at))

    def places(self, at: At | None = None) -> pd.DataFrame:
        """Places abroad that fighters can reach, with foundings (``new``) and growth kept apart.

        Returns
        -------
        pandas.DataFrame
            One row per place: ``name, organisation, new``; ``p_reached``; ``median_month`` of a founding; strength and
            foreigners in people; ``p_grown, p_doubled, p_halved`` since the as-of date, if it existed then.
        """
        return self.organisation_record.places(self.month(at))

    def overflow(self) -> pd.DataFrame:
        """Unmet demand of each capacity in people a month: the mean over the run, and the mean of its largest month."""
        mean = self.dataset["overflow"].isel(month=slice(1, None)).mean("trajectory").values
        index = pd.Index(self.dataset["ration"].values, name="ration")
        table = pd.DataFrame({"label": self.dataset["ration_label"].values}, index=index)
        return table.assign(mean=mean.mean(axis=0), largest=mean.max(axis=0, initial=0.0))

    def __repr__(self) -> str:
        """Describe the run in one line."""
        request = self.request
        return (
            f"<Run {request.name}: {request.case} as of {request.as_of}, {request.horizon} months, "
            f"{request.trajectories:,} trajectories, seed {request.seed}>"
        )

    def _repr_html_(self) -> str:
        """The run with its pathways and fates at the horizon, or one line where no view is set."""
        view = type(self).html_view
        return html.escape(repr(self)) if view is None else view(self)

    def _group(self, group: str, at: At | None, country: str | None) -> pd.DataFrame:
        table = self.summary(at, country)
        return table[table["group"] == group]

    def _at(self, at: At | None, country: str | None) -> np.ndarray:
        """Values ``(trajectory, quantity)`` at one month."""
        month = self.month(at)
        if country is None:
            return np.asarray(self.dataset["world"].sel(month=month).values)
        recorded = [int(m) for m in self.dataset["origin_month"].values]
        if month not in recorded:
            raise ValueError(
                f"month {month} is not recorded by country: found months {recorded}; pass it to `forecast` as `at`"
            )
        return np.asarray(self._of_origin(self.origin(country)).sel(origin_month=month).values)

    def _within(self, month: float) -> int | None:
        return int(month) if month <= self.request.horizon else None


def _mean_share(values: np.ndarray, everyone: np.ndarray) -> np.ndarray:
    """Mean over trajectories of the share of everyone, ``(quantity,)``; NaN where there is nobody."""
    some = everyone > 0
    if not some.any():
        return np.full(values.shape[1], np.nan)
    return np.asarray((values[some] / everyone[some, None]).mean(axis=0))
