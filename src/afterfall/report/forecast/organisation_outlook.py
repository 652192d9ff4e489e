"""Organisations and places at one month, taken from a run once: what tables, the JSON object and the map show."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from afterfall.foundings.world_foundings import WorldFoundings
from afterfall.model.mechanisms.future_breaks import BREAK, COLLAPSE
from afterfall.model.mechanisms.relocating import ELSEWHERE
from afterfall.report.kit.spread import Range
from afterfall.run import Run

#: Kinds of dated events that are no events of organisations (`breaks_in_run` shows them).
CUSTODY = (BREAK, COLLAPSE)
#: Kinds of event that are summed up, with the words for "at least one".
AT_LEAST_ONE = {
    "merger": "the core and a rival merge as equals",
    "merger_without_collapse": "the same, if the core had lost no ground",
    "absorption": "the core and an enemy: one absorbs the other",
    "founding": "a new organisation is founded",
    "founding_abroad": "a first presence in a new country",
    "split": "an organisation splits",
    "allegiance": "an organisation abroad leaves the core or pledges to it",
    "ending": "an organisation ends",
    "name_only": "an organisation was only a name",
    "retaking": "a town is recaptured and held for a day",
    "retaking_month": "a town is recaptured and held for a month",
    "retaking_year": "a town is recaptured and held for a year",
}


@dataclass(frozen=True, slots=True)
class OrganisationOutlook:
    """One organisation at the as-of date (`now`) and at the asked month (`then`).

    `exists` is the chance that it does by then; `foreign_share` (of its people), `grown` and `contained` are given
    that it does, NaN where it never does. `published`: there is a published figure behind its strength now.
    """

    code: str
    label: str
    kind: str
    place: str
    descended: bool
    published: bool
    now: Range
    then: Range
    mean: float
    exists: float
    foreign_share: float
    grown: float
    contained: float


@dataclass(frozen=True, slots=True)
class PlaceOutlook:
    """One place abroad: whether an organisation of the core is there, when it is founded, and how it grows.

    `reached` is the chance that there has been one by the asked month, `by_month` the same by every month; `there` and
    `there_by_month` are the chances that there is one then, founded and not ended. `founded_month` is the median month
    of a founding, infinite beyond the horizon, 0 where there is one already. `doubled` and `halved` are chances of its
    strength against the as-of date, NaN for a new one.
    """

    code: str
    label: str
    new: bool
    reached: float
    founded_month: float
    strength: Range
    foreigners: Range
    doubled: float
    halved: float
    by_month: tuple[float, ...]
    there: float
    there_by_month: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One dated event of an organisation: its chance by the asked month and within the horizon, its median month."""

    code: str
    label: str
    kind: str
    by: float
    within: float
    median_month: float


@dataclass(frozen=True, slots=True)
class Chance:
    """At least one event of a kind by the asked month, and the expected number of them."""

    kind: str
    label: str
    any: float
    expected: float


@dataclass(frozen=True, slots=True)
class SlowStock:
    """A slow stock at the asked month, as-of date = 1."""

    code: str
    label: str
    then: Range


@dataclass(frozen=True, slots=True)
class OrganisationsOutlook:
    """Organisations at one month; `count` is the number of successor organisations that exist, now and then."""

    organisations: tuple[OrganisationOutlook, ...]
    places: tuple[PlaceOutlook, ...]
    happenings: tuple[Happening, ...]
    chances: tuple[Chance, ...]
    slow: tuple[SlowStock, ...]
    count_now: Range
    count: Range


def organisations_outlook(run: Run, month: int, world: WorldFoundings | None = None) -> OrganisationsOutlook:
    """Organisations, places and events of a run at a month.

    With first presences in the countries of the world, these stand for those that the run itself founds abroad, which
    are left out. The core is then contained only if none of them has grown into an armed conflict.
    """
    record, table = run.organisation_record, run.organisations(month)
    abroad = frozenset[str]() if world is None else record.foundings_abroad
    counts = record.count(founded=world is None)
    later = counts[:, month] + (0 if world is None else world.standing(month))
    return OrganisationsOutlook(
        organisations=_organisations(table if world is None else _with_world(table, run, month, world)),
        places=tuple(p for p in _places(run, month) if world is None or not p.new),
        happenings=tuple(h for h in _happenings(run.events(month)) if h.code not in abroad),
        chances=(*_chances(record.event_probabilities(month, abroad)), *_first_foundings(world, month)),
        slow=tuple(
            SlowStock(str(code), str(row["label"]), Range.of_row(row)) for code, row in record.slow(month).iterrows()
        ),
        count_now=Range.of_values(counts[:, 0]),
        count=Range.of_values(later),
    )


def _with_world(table: pd.DataFrame, run: Run, month: int, world: WorldFoundings) -> pd.DataFrame:
    """The table without organisations that the run founds abroad, the core contained if no founding has grown."""
    found = table[table["kind"] != "founded"].copy()
    core = table["kind"].tolist().index("core")
    alone = run.organisation_record.contained[:, month, core]
    found.loc[found["kind"] == "core", "p_contained"] = float((alone & (world.total(month, "conflict") == 0)).mean())
    return found


def _first_foundings(world: WorldFoundings | None, month: int) -> tuple[Chance, ...]:
    if world is None:
        return ()
    total = world.total(month)
    kind = "founding_abroad"
    return (Chance(kind, AT_LEAST_ONE[kind], float((total > 0).mean()), float(total.mean())),)


def _organisations(table: pd.DataFrame) -> tuple[OrganisationOutlook, ...]:
    return tuple(
        OrganisationOutlook(
            code=str(code),
            label=str(row["label"]),
            kind=str(row["kind"]),
            place=str(row["place"]),
            descended=bool(row["descended"]),
            published=bool(row["published"]),
            now=Range.of_row(row, "now_"),
            then=Range.of_row(row),
            mean=float(row["mean"]),
            exists=float(row["p_exists"]),
            foreign_share=float(row["foreign_share"]),
            grown=float(row["p_grown"]),
            contained=float(row["p_contained"]),
        )
        for code, row in table.iterrows()
    )


def _places(run: Run, month: int) -> tuple[PlaceOutlook, ...]:
    """Places abroad; where a case names no country of an organisation, it stands for its place."""
    record, table = run.organisation_record, run.places(month)
    reached = record.reached()
    there = {code: _there(run, str(name)) for code, name in table["organisation"].items()}
    labels = dict(zip(record.names, record.label("organisation_label"), strict=True))
    return tuple(
        PlaceOutlook(
            code=str(code),
            label=str(row["name"]) if code != ELSEWHERE else labels[str(row["organisation"])],
            new=bool(row["new"]),
            reached=float(row["p_reached"]),
            founded_month=math.inf if math.isnan(row["median_month"]) else float(row["median_month"]),
            strength=Range.of_row(row),
            foreigners=Range.of_row(row, "foreign_"),
            doubled=float(row["p_doubled"]),
            halved=float(row["p_halved"]),
            by_month=tuple(float(p) for p in reached[code]),
            there=there[code][month],
            there_by_month=there[code],
        )
        for code, row in table.iterrows()
    )


def _there(run: Run, organisation: str) -> tuple[float, ...]:
    """Chance by every month that an organisation exists: founded, and not ended."""
    record = run.organisation_record
    k = record.names.index(organisation)
    months = np.arange(run.request.horizon + 1)[None, :]
    there = (record.founded[:, k, None] <= months) & (record.ended[:, k, None] > months)
    return tuple(float(p) for p in there.mean(axis=0))


def _happenings(table: pd.DataFrame) -> tuple[Happening, ...]:
    return tuple(
        Happening(
            str(code),
            str(row["label"]),
            str(row["kind"]),
            float(row["p_by"]),
            float(row["p_within"]),
            math.inf if math.isnan(row["median_month"]) else float(row["median_month"]),
        )
        for code, row in table.iterrows()
        if row["kind"] not in CUSTODY
    )


def _chances(table: pd.DataFrame) -> tuple[Chance, ...]:
    return tuple(
        Chance(str(kind), AT_LEAST_ONE[str(kind)], float(row["p_any"]), float(row["expected"]))
        for kind, row in table.iterrows()
        if kind not in CUSTODY
    )
