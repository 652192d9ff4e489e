"""Reads the tables of the VIEWS prediction challenge 2023/24: actuals, draws of a benchmark and of entries, and scores.

A folder with

    cm_actuals_2018_2024.csv                      month_id, country_id, outcome (and more columns)
    benchmarks/bm_conflictology_cm_YEAR.parquet   index or columns month_id, country_id, draw; column outcome
    eval_summary_means.csv                        model, window, crps, ign, mis
    ENTRY/cm/window=YYEAR/*.parquet               index or columns month_id, country_id, draw; column outcome

of the country-month part. Every sub-folder that has a folder ``cm`` is an entry, laid out as the challenge asks for
one: one Parquet file for each window. An entry need not have every year. A failed read is an error, never a zero.
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
#: How the folder of a year is named in an entry: as the challenge evaluates it, and as its compliance program does.
ENTRY_WINDOWS = ("window=Y{year}", "test_window_{year}")
MONTHS = 12
DRAW_COLUMNS = ("month_id", "country_id", "draw", "outcome")


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
    entries
        Draws of the entries that have the year, by name of their folder, ``(country, month, draw)``.
    """

    year: int
    countries: tuple[int, ...]
    outcome: Floats
    conflictology: Floats
    official: dict[str, Floats]
    entries: dict[str, Floats]


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
    draws = _table(folder / BENCHMARK.format(year=year), DRAW_COLUMNS, problems)
    entries = {name: _table(path, DRAW_COLUMNS, problems) for name, path in _entries(folder, year, problems).items()}
    if problems:
        raise ValueError("cannot read the VIEWS tables:\n  " + "\n  ".join(problems))
    first = month_number(f"{year}-01")
    months = list(range(first, first + MONTHS))
    outcome = actuals[actuals["month_id"].isin(months)].pivot_table(
        index="country_id", columns="month_id", values="outcome", aggfunc="first"
    )
    if [int(m) for m in outcome.columns] != months or outcome.isna().to_numpy().any():
        raise ValueError(f"{folder / ACTUALS}: found no complete year {year}")
    wanted = pd.MultiIndex.from_product([outcome.index, months])
    published = official[official["window"] == year]
    return Window(
        year=year,
        countries=tuple(int(c) for c in outcome.index),
        outcome=outcome.to_numpy(float),
        conflictology=_cube(draws, wanted, str(folder / BENCHMARK.format(year=year)), year),
        official={
            str(row["model"]): np.array([float(row[rule]) for rule in OFFICIAL_RULES])
            for _, row in published.iterrows()
        },
        entries={name: _cube(table, wanted, f"{folder / name}", year) for name, table in entries.items()},
    )


def _entries(folder: Path, year: int, problems: list[str]) -> dict[str, Path]:
    """The file of each entry that has a year, by name of its folder; appends to `problems` what is wrong."""
    found = {}
    for entry in sorted(path.parent for path in folder.glob("*/cm") if path.is_dir()):
        windows = [entry / "cm" / name.format(year=year) for name in ENTRY_WINDOWS]
        files = sorted(path for window in windows for path in window.glob("*.parquet"))
        if len(files) > 1:
            names = ", ".join(str(path.relative_to(folder)) for path in files)
            problems.append(f"{entry}: expected one file of {year}; found {names}")
        elif files:
            found[entry.name] = files[0]
    return found


def _cube(draws: pd.DataFrame, wanted: pd.MultiIndex, where: str, year: int) -> Floats:
    """Draws ``(country, month, draw)`` of a table, for the countries and months wanted.

    Raises
    ------
    ValueError
        If a country, a month or a draw is missing, or a number of deaths is negative.
    """
    cube = draws.pivot_table(index=["country_id", "month_id"], columns="draw", values="outcome", aggfunc="first")
    missing = wanted[~wanted.isin(cube.index)]
    found = cube.reindex(wanted).to_numpy(float)
    if len(missing) or np.isnan(found).any():
        which = f"; country {missing[0][0]} lacks month {missing[0][1]}" if len(missing) else ""
        raise ValueError(f"{where}: expected draws for every country and month of {year}{which}")
    if (found < 0).any():
        raise ValueError(f"{where}: expected deaths of 0 or more in {year}; found {found.min():g}")
    return found.reshape(len(wanted) // MONTHS, MONTHS, cube.shape[1])


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
