"""Organisations in a run: their strength, their events, the places reached, and the number of successor organisations.

An organisation *stands* in a month when it has ten people or more. A *successor organisation* descends from the core
(the source text calls these shards). An organisation is *contained* in a month when it and everything founded from it
since the as-of date (splinters; for the core also successors) are together no stronger than it was at the as-of date (a
new one: in the month of its founding), and, for the core, when no town has been recaptured that is then held for a
month. Organisations that the run itself founds abroad do not count: first presences in the world are drawn after the
run (`afterfall.foundings`), and a forecast adds that none of them has grown into an armed conflict. Quantiles are over
all trajectories, including those in which an organisation is never founded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from afterfall.run.errors import RunError
from afterfall.run.quantile_levels import INTERVAL_LEVELS

FEWEST = 10
#: Kind of the event by which an organisation turns out to have been only a name.
NAME_ONLY = "name_only"
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RunOrganisations:
    """Organisations, events and places of a run, as arrays ``(trajectory, month, organisation)`` read once."""

    dataset: xr.Dataset = field(repr=False)
    run_name: str

    @property
    def horizon(self) -> int:
        """Last month of the run."""
        return int(self.dataset["month"].values[-1])

    @cached_property
    def strength(self) -> npt.NDArray[np.int32]:
        """People, locals and foreign fighters."""
        return np.asarray(self.dataset["strength"].values)

    @cached_property
    def foreigners(self) -> npt.NDArray[np.int32]:
        """Foreign fighters of the ledger with an organisation, or waiting where it may be founded."""
        return np.asarray(self.dataset["foreigners"].values)

    @cached_property
    def fired(self) -> npt.NDArray[np.int32]:
        """Month of each event ``(trajectory, event)``; horizon + 1 for never."""
        return np.asarray(self.dataset["events"].values)

    def label(self, name: str) -> list[str]:
        """A coordinate of organisations or events, as text.

        Raises
        ------
        RunError
            If the run was made by an earlier version that did not record it.
        """
        if name not in self.dataset:
            raise RunError(f"run {self.run_name} is of an earlier version, without {name}: run it again")
        return [str(v) for v in self.dataset[name].values]

    @cached_property
    def names(self) -> list[str]:
        """Names of the organisations."""
        return self.label("organisation")

    @cached_property
    def is_descendant(self) -> Flags:
        """Organisations that descend from the core, without the core itself."""
        return np.asarray(self.dataset["descended"].values, dtype=bool)

    @cached_property
    def founded(self) -> npt.NDArray[np.int32]:
        """Month from which each organisation exists ``(trajectory, organisation)``: 0 for those of the as-of date."""
        of = self.label("event_of")
        kind = self.label("event_kind")
        out = np.zeros((len(self.fired), len(self.names)), dtype=np.int32)
        for k, name in enumerate(self.names):
            for x, target in enumerate(of):
                if target == name and kind[x] in ("founding", "split") and self._is_new(k):
                    out[:, k] = self.fired[:, x]
        return out

    @cached_property
    def ended(self) -> npt.NDArray[np.int32]:
        """Month in which each organisation ended or was absorbed ``(trajectory, organisation)``; horizon + 1 for never.

        One that was only a name ended in month 0: it never was an organisation.
        """
        kind = self.label("event_kind")
        out = np.full((len(self.fired), len(self.names)), self.horizon + 1, dtype=np.int32)
        for x, name in enumerate(self.label("event_ends")):
            if name:
                k, month = self.names.index(name), self.fired[:, x]
                if kind[x] == NAME_ONLY:
                    month = np.where(month <= self.horizon, 0, month)
                out[:, k] = np.minimum(out[:, k], month)
        return out

    def _is_new(self, k: int) -> bool:
        return self.label("organisation_kind")[k] in ("founded", "successor", "splinter")

    @cached_property
    def with_descendants(self) -> npt.NDArray[np.int32]:
        """People of each organisation, its splinters and, for the core, its successors since the as-of date."""
        parents, out = self.label("organisation_parent"), self.strength.copy()
        kinds = self.label("organisation_kind")
        for k, parent in enumerate(parents):
            if kinds[k] in ("successor", "splinter") and parent in self.names:
                out[:, :, self.names.index(parent)] += self.strength[:, :, k]
        return out

    @cached_property
    def contained(self) -> Flags:
        """Whether each organisation that exists is contained, ``(trajectory, month, organisation)``."""
        months = np.arange(self.strength.shape[1])
        at = np.minimum(self.founded, months[-1])
        first = np.take_along_axis(self.strength, at[:, None, :], axis=1)
        out = (self.with_descendants <= first) & (self.founded[:, None, :] <= months[None, :, None])
        core = self.label("organisation_kind").index("core")
        kinds = self.label("event_kind")
        kind = "retaking_month" if "retaking_month" in kinds else "retaking"
        again = self.fired[:, [k == kind for k in kinds]]
        earliest = again.min(axis=1, initial=self.horizon + 1)
        out[:, :, core] &= earliest[:, None] > months[None, :]
        return out

    def count(self, *, founded: bool = True) -> npt.NDArray[np.int64]:
        """Number of successor organisations that stand, ``(trajectory, month)``.

        Without `founded`, those that the run itself founds abroad are left out.
        """
        counted = self.is_descendant & (founded | ~np.array([k == "founded" for k in self.label("organisation_kind")]))
        return np.asarray((self.strength[:, :, counted] >= FEWEST).sum(axis=2))

    @cached_property
    def foundings_abroad(self) -> frozenset[str]:
        """Events by which the run itself founds an organisation abroad, and by which that ends."""
        kinds = dict(zip(self.names, self.label("organisation_kind"), strict=True))
        events = zip(self.label("event"), self.label("event_kind"), self.label("event_of"), strict=True)
        return frozenset(
            name for name, kind, of in events if kind in ("founding", "ending") and kinds.get(of) == "founded"
        )

    def organisations(self, month: int) -> pd.DataFrame:
        """Every organisation at a month, one per row (see `Run.organisations`)."""
        then, now = self.strength[:, month, :], self.strength[:, 0, :]
        exists = self.founded <= month
        table = pd.DataFrame(
            {"label": self.label("organisation_label")}, index=pd.Index(self.names, name="organisation")
        )
        for column in ("kind", "place", "place_name"):
            table[column] = self.label(f"organisation_{column}")
        table["descended"], table["published"] = self.is_descendant, self.dataset["published"].values
        table["now_low90"], table["now_median"], table["now_high90"] = _quantiles(now)
        table["mean"] = then.mean(axis=0)
        table["low90"], table["median"], table["high90"] = _quantiles(then)
        table["p_exists"] = (exists & (self.ended > month)).mean(axis=0)
        table["p_stands"] = (then >= FEWEST).mean(axis=0)
        table["foreign_share"] = _share(self.foreigners[:, month, :], then, exists)
        table["p_grown"] = _given(then > now, exists)
        table["p_contained"] = _given(self.contained[:, month, :], exists)
        return table

    def events(self, month: int) -> pd.DataFrame:
        """Every event by a month, one per row (see `Run.events`)."""
        horizon = self.horizon
        table = pd.DataFrame({"label": self.label("event_label")}, index=pd.Index(self.label("event"), name="event"))
        table["kind"], table["organisation"] = self.label("event_kind"), self.label("event_of")
        table["p_by"] = (self.fired <= month).mean(axis=0)
        table["p_within"] = (self.fired <= horizon).mean(axis=0)
        low, median, high = _quantiles(self.fired)
        for name, row in (("low90", low), ("median", median), ("high90", high)):
            table[f"{name}_month"] = [float(m) if m <= horizon else np.nan for m in row]
        return table

    def event_probabilities(self, month: int, without: frozenset[str] = frozenset()) -> pd.DataFrame:
        """Probability that any event of a kind happens by a month (any merger, any recapture, ...), and how many.

        Events named in `without` do not count.
        """
        kinds, names = self.label("event_kind"), self.label("event")
        rows = {}
        for kind in dict.fromkeys(kinds):
            columns = [k == kind and name not in without for k, name in zip(kinds, names, strict=True)]
            if not any(columns):
                continue
            chosen = self.fired[:, columns]
            rows[kind] = (float((chosen.min(axis=1) <= month).mean()), float((chosen <= month).sum(axis=1).mean()))
        return pd.DataFrame.from_dict(rows, orient="index", columns=["p_any", "expected"]).rename_axis("kind")

    def places(self, month: int) -> pd.DataFrame:
        """Every place abroad at a month, one per row (see `Run.places`)."""
        kinds, places, names = (self.label(f"organisation_{c}") for c in ("kind", "place", "place_name"))
        rows = {}
        for k, place in enumerate(places):
            chosen = kinds[k] == "founded" or (kinds[k] == "offshoot" and self.is_descendant[k])
            if chosen and (place not in rows or self.foreigners[:, :, k].any()):
                rows[place] = self._place(k, names[k], month)
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("place")

    def _place(self, k: int, name: str, month: int) -> dict[str, object]:
        then, now, founded = self.strength[:, month, k], self.strength[:, 0, k], self.founded[:, k]
        low, median, high = _quantiles(then)
        abroad = _quantiles(self.foreigners[:, month, k])
        new = self._is_new(k)
        month_of = float(np.quantile(founded, 0.5, method="inverted_cdf"))
        return {
            "name": name,
            "organisation": self.names[k],
            "new": new,
            "p_reached": float((founded <= month).mean()),
            "median_month": month_of if new and month_of <= self.horizon else np.nan if new else 0.0,
            "low90": low,
            "median": median,
            "high90": high,
            "foreign_low90": abroad[0],
            "foreign_median": abroad[1],
            "foreign_high90": abroad[2],
            "p_grown": np.nan if new else float((then > now).mean()),
            "p_doubled": np.nan if new else float((then >= 2 * now).mean()),
            "p_halved": np.nan if new else float((2 * then <= now).mean()),
        }

    def reached(self) -> pd.DataFrame:
        """Probability that a place abroad has an organisation of the core by each month, ``(month, place)``."""
        months = np.arange(self.strength.shape[1])
        table = self.places(int(months[-1]))
        columns = {p: self.names.index(str(o)) for p, o in zip(table.index, table["organisation"], strict=True)}
        found = {p: (self.founded[:, [k]] <= months[None, :]).mean(axis=0) for p, k in columns.items()}
        return pd.DataFrame(found, index=pd.Index(months, name="month"))

    def slow(self, month: int) -> pd.DataFrame:
        """Slow stocks at a month, relative to the as-of date."""
        values = np.asarray(self.dataset["slow"].values)[:, month, :]
        table = pd.DataFrame(
            {"label": self.label("slow_label")}, index=pd.Index(self.label("slow_stock"), name="stock")
        )
        low, median, high = np.quantile(values, INTERVAL_LEVELS, axis=0)
        return table.assign(mean=values.mean(axis=0), low90=low, median=median, high90=high)


def _quantiles(values: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    return np.asarray(np.quantile(values, INTERVAL_LEVELS, axis=0, method="inverted_cdf"))


def _given(happens: Flags, exists: Flags) -> Floats:
    """Share of the trajectories in which an organisation exists; NaN where it exists in none."""
    with np.errstate(invalid="ignore"):
        return np.asarray((happens & exists).sum(axis=0) / np.where(exists.any(axis=0), exists.sum(axis=0), np.nan))


def _share(foreigners: npt.NDArray[np.int32], strength: npt.NDArray[np.int32], exists: Flags) -> Floats:
    """Share of foreigners in an organisation, over all trajectories in which it exists; NaN where it exists in none."""
    whole = np.where(exists, strength, 0).sum(axis=0, dtype=float)
    return np.asarray(np.where(exists, foreigners, 0).sum(axis=0) / np.where(whole > 0, whole, np.nan))
