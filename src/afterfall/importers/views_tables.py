"""Reads the tables of the VIEWS prediction challenge 2023/24: actuals, the draws of a benchmark, and published scores.

A folder with

    cm_actuals_2018_2024.csv                      month_id, country_id, outcome (and more columns)
    benchmarks/bm_conflictology_cm_YEAR.parquet   index or columns month_id, country_id, draw; column outcome
    eval_summary_means.csv                        model, window, crps, ign, mis

of the country-month part. A failed read is an error, never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from afterfall.case.dates import month_number
from afterfall.engine.program import Floats

ACTUALS, SUMMARY = "cm_actuals_2018_2024.csv", "eval_summary_means.csv"
BENCHMARK = "benchmarks/bm_conflictology_cm_{year}.parquet"
#: Names of the official rules, in the order of `afterfall.conflict.views_scores.NAMES`.
OFFICIAL_RULES = ("crps", "ign", "mis")
MONTHS = 12


@dataclass(frozen=True, eq=False)
class Window:
    """One year of the challenge.

    Attributes
    ----------
    year
        The year.
    countries
        VIEWS numbers of the countries.
    outcome
        Deaths, ``(country, month)``.
    conflictology
        The benchmark's draws, ``(country, month, draw)``.
    official
        Published mean scores by model, each ``(3,)``.
    """

    year: int
    countries: tuple[int, ...]
    outcome: Floats
    conflictology: Floats
    official: dict[str, Floats]


def read_window(folder: Path, year: int) -> Window:
    """Read one year of the challenge.

    Raises
    ------
    ValueError
        If a file is missing, lacks a column or has no row of the year; all such problems are listed.
    """
    problems: list[str] = []
    actuals = _table(folder / ACTUALS, ("month_id", "country_id", "outcome"), problems)
    official = _table(folder / SUMMARY, ("model", "window", *OFFICIAL_RULES), problems)
    draws = _table(folder / BENCHMARK.format(year=year), ("month_id", "country_id", "draw", "outcome"), problems)
    if problems:
        raise ValueError("cannot read the VIEWS tables:\n  " + "\n  ".join(problems))
    first = month_number(f"{year}-01")
    months = list(range(first, first + MONTHS))
    outcome = actuals[actuals["month_id"].isin(months)].pivot_table(
        index="country_id", columns="month_id", values="outcome", aggfunc="first"
    )
    if [int(m) for m in outcome.columns] != months or outcome.isna().to_numpy().any():
        raise ValueError(f"{folder / ACTUALS}: found no complete year {year}")
    cube = draws.pivot_table(index=["country_id", "month_id"], columns="draw", values="outcome", aggfunc="first")
    wanted = pd.MultiIndex.from_product([outcome.index, months])
    if not wanted.isin(cube.index).all() or cube.isna().to_numpy().any():
        raise ValueError(
            f"{folder / BENCHMARK.format(year=year)}: expected draws for every country and month of {year}"
        )
    shape = (len(outcome), MONTHS, cube.shape[1])
    published = official[official["window"] == year]
    return Window(
        year=year,
        countries=tuple(int(c) for c in outcome.index),
        outcome=outcome.to_numpy(float),
        conflictology=cube.reindex(wanted).to_numpy(float).reshape(shape),
        official={
            str(row["model"]): np.array([float(row[rule]) for rule in OFFICIAL_RULES])
            for _, row in published.iterrows()
        },
    )


def _table(path: Path, columns: tuple[str, ...], problems: list[str]) -> pd.DataFrame:
    """A table with the given columns; appends to `problems` what is wrong with it."""
    if not path.is_file():
        problems.append(f"{path}: found no file")
        return pd.DataFrame()
    try:
        table = pd.read_parquet(path).reset_index() if path.suffix == ".parquet" else pd.read_csv(path)
    except (OSError, ValueError) as problem:
        problems.append(f"{path}: {problem}")
        return pd.DataFrame()
    missing = [c for c in columns if c not in table.columns]
    if missing:
        problems.append(f"{path}: expected columns {', '.join(columns)}; missing {', '.join(missing)}")
    return table
