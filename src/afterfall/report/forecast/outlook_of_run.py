"""An outlook read from a run: the summary at two months, fans over time, and who is largest how often."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from afterfall.case.problems import Problem
from afterfall.foundings import WorldFoundings, foundings_of
from afterfall.model import Model, known_later
from afterfall.model.mechanisms.announced_operations import attackers
from afterfall.report.forecast.breaks_in_run import custody_in_run
from afterfall.report.forecast.breaks_outlook import breaks_of
from afterfall.report.forecast.custody_outlook import held, there_codes
from afterfall.report.forecast.foundings_outlook import FoundingsOutlook, foundings_outlook, months_shown
from afterfall.report.forecast.next_counts import next_counts
from afterfall.report.forecast.organisation_outlook import OrganisationsOutlook, organisations_outlook
from afterfall.report.forecast.outlook import (
    DOTS,
    SOON,
    Fall,
    Floats,
    Outlook,
    OutlookLine,
    Overflow,
    Priors,
)
from afterfall.report.kit.case_warnings import warnings_behind
from afterfall.report.kit.spread import Spread
from afterfall.report.kit.stamp import stamp_of
from afterfall.run import Run
from afterfall.run.quantile_levels import FAN_LEVELS, INTERVAL_LEVELS
from afterfall.run.resolve import model_of

#: The stock of everyone, which pathways and fates add up to.
EVERYONE = "everyone"


def outlook_of(
    run: Run,
    *,
    priors: Priors,
    command: str,
    at: int | dt.date | str | None = None,
    country: str | None = None,
    warnings: tuple[Problem, ...] = (),
    rest: frozenset[str] = frozenset(),
    operations: Mapping[str, str] = MappingProxyType({}),
    world: WorldFoundings | None = None,
) -> Outlook:
    """The outlook of the world or one country at one month.

    Parameters
    ----------
    run
        A finished run.
    priors
        What the parameters rest on (see `priors_of`).
    command
        The command or call, for provenance.
    at
        Month number, date, or None for the horizon.
    country
        Code or name of an origin, or None for the world.
    warnings
        Warnings of the rows that the numbers rest on (see `warnings_behind`).
    rest
        Names of the parts of the territory that no list names (see `CaseView.remainder_spells`): they are one fall,
        that of the last of them.
    operations
        Who attacks each holding against which an announced operation is under way on the as-of date.
    world
        First presences in the countries of the world; left out for one country.

    Raises
    ------
    ValueError
        If the run has no such month or country; the message says what it has.
    """
    month = run.month(at)
    code = None if country is None else run.origin(country)
    now, then = run.summary(0, code), run.summary(month, code)
    lines = {
        group: tuple(_line(run, name, code, now, then, month) for name in then.index[then["group"] == group])
        for group in ("pathway", "fate", "counter")
    }
    return Outlook(
        stamp=stamp_of(run, command),
        title=run.title,
        country=code,
        country_name="" if code is None else _country_name(run, code),
        at=month,
        at_date=run.date(month),
        months=_months(run, code),
        total=Spread.of_summary(then, EVERYONE),
        total_now=Spread.of_summary(now, EVERYONE),
        pathways=lines["pathway"],
        fates=lines["fate"],
        counters=lines["counter"],
        falls=_falls(run, rest, operations),
        overflow=_overflow(run),
        largest=_largest(run, [line.code for line in lines["pathway"]], code, month),
        priors=priors,
        warnings=warnings,
        custody=held(run, month, code),
        there=tuple(_line(run, name, code, now, then, month) for name in there_codes(run)),
        organisations=_organisations(run, month, world) if code is None else None,
        foundings=_foundings(run, world) if code is None and world is not None else None,
    )


def outlook_of_forecast(
    run: Run, *, command: str, at: int | dt.date | str | None = None, country: str | None = None
) -> Outlook:
    """What a forecast says about the world or one country at one month, its model found where it is not at hand.

    Raises
    ------
    ValueError
        If the run has no such month or country, or its model cannot be made from a bundled case.
    """
    model = model_of(run)
    behind = warnings_behind(model, None if country is None else run.origin(country))
    outlook = outlook_of(
        run,
        priors=priors_of(model),
        command=command,
        at=at,
        country=country,
        warnings=behind,
        rest=model.view.remainder_spells,
        operations=attackers(model.view),
        world=foundings_of(run, model) if country is None else None,
    )
    return replace(
        outlook,
        counts=next_counts(run, model.case, month=outlook.at, country=outlook.country),
        breaks=breaks_of(run, model, outlook.at) if country is None else None,
        custody_events=custody_in_run(run, model, outlook.at) if country is None else None,
    )


def _organisations(run: Run, month: int, world: WorldFoundings | None) -> OrganisationsOutlook | None:
    return organisations_outlook(run, month, world) if run.dataset.sizes["organisation"] else None


def _foundings(run: Run, world: WorldFoundings) -> FoundingsOutlook:
    """First presences, and the chance that the organisations which the case lists abroad have not ended."""
    table = run.organisations(months_shown(world.horizon)[-1])
    listed = table[(table["kind"] == "offshoot") & table["descended"]]
    active = listed.groupby("place")["p_exists"].max()
    return foundings_outlook(world, {str(place): float(p) for place, p in active.items()})


def priors_of(model: Model) -> Priors:
    """What the parameters of a model rest on."""
    return Priors(len(model.parameters), tuple(p.name for p in model.parameters if p.uninformed))


def _country_name(run: Run, code: str) -> str:
    return str(run.dataset["origin_name"].sel(origin=code).item())


def _months(run: Run, country: str | None) -> tuple[int, ...]:
    recorded = run.dataset["month" if country is None else "origin_month"].values
    return tuple(int(m) for m in recorded)


def _values(run: Run, name: str, country: str | None) -> Floats:
    """A quantity of every trajectory, ``(trajectory, months)``."""
    return np.asarray(run.quantity(name, country).values, dtype=np.float64)


def _line(run: Run, name: str, country: str | None, now: pd.DataFrame, then: pd.DataFrame, month: int) -> OutlookLine:
    values = _values(run, name, country)
    chosen = values[:, _months(run, country).index(month)]
    return OutlookLine(
        code=name,
        label=str(then["label"].loc[name]),
        now=Spread.of_summary(now, name),
        then=Spread.of_summary(then, name),
        dots=np.quantile(chosen, (np.arange(DOTS) + 0.5) / DOTS, method="inverted_cdf"),
        fan=np.quantile(values, FAN_LEVELS, axis=0, method="inverted_cdf"),
        anyone=float((chosen >= 1).mean()),
        hindsight=bool(then["hindsight"].loc[name]) and known_later(name, run.request.as_of),
    )


def _largest(run: Run, pathways: list[str], country: str | None, month: int) -> Mapping[str, float]:
    """Share of the simulations in which each pathway is the largest; a tie counts for all that tie, in equal parts."""
    column = _months(run, country).index(month)
    values = np.stack([_values(run, name, country)[:, column] for name in pathways], axis=1)
    best = values == values.max(axis=1, keepdims=True)
    shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return {name: float(share) for name, share in zip(pathways, shares, strict=True)}


def _falls(run: Run, rest: frozenset[str], operations: Mapping[str, str]) -> tuple[Fall, ...]:
    """Falls of the strongholds still held, then that of the last part of the remainder."""
    table = run.holdings()
    parts = [name for name in table.index if name in rest]
    lost = run.dataset["lost"]
    strongholds = [
        _fall(run, str(name), str(label), np.asarray(lost.sel(holding=name).values), operations)
        for name, label in table["label"].drop(index=parts).items()
    ]
    if not parts:
        return tuple(strongholds)
    last = np.asarray(lost.sel(holding=parts).max("holding").values)
    return *strongholds, _fall(run, parts[0].partition("/")[0], _rest_label(table["label"][parts[0]], parts), last, {})


def _fall(run: Run, name: str, label: str, lost: Floats, operations: Mapping[str, str]) -> Fall:
    """When one holding is lost, from the month of its loss in each trajectory (horizon + 1: not within it)."""
    horizon = run.request.horizon
    low, median, high = (
        float(v) if v <= horizon else float("inf") for v in np.quantile(lost, INTERVAL_LEVELS, method="inverted_cdf")
    )
    return Fall(
        name,
        label,
        float((lost <= horizon).mean()),
        median,
        low,
        high,
        by={month: float((lost <= month).mean()) for month in SOON if month <= horizon},
        operation=operations.get(name, ""),
    )


def _rest_label(label: str, parts: list[str]) -> str:
    """Label of the remainder, which is no stronghold and falls with its last part."""
    name = str(label).partition(", part ")[0]
    return name + (f" (last of {len(parts)} parts, not a stronghold)" if len(parts) > 1 else " (not a stronghold)")


def _overflow(run: Run) -> tuple[Overflow, ...]:
    table = run.overflow()
    rows = zip(table.index, table["label"], table["mean"], table["largest"], strict=True)
    return tuple(Overflow(str(name), str(label), float(mean), float(most)) for name, label, mean, most in rows)
