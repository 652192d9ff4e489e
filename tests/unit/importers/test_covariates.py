"""Covariates of places from a small folder of open data."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from afterfall.importers.case_tables import Row
from afterfall.importers.covariates import (
    CENTROIDS,
    DISTANCES,
    INDICATORS,
    Coalition,
    CovariateSettings,
    covariate_row,
    covariate_rows,
)

SETTINGS = CovariateSettings(
    ("SYR",), (("2013", "2014-12"),), Coalition(frozenset({"AAA"}), "2015", "2015-12", "global-coalition")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("geo", "covariates"):
        (tmp_path / name).mkdir()
    pairs = "iso_o,iso_d,contig,comlang_off,dist\nAAA,SYR,1,0,100\nBBB,SYR,0,0,.\nAAA,HHH,0,1,400\n"
    with gzip.open(tmp_path / DISTANCES, "wt", encoding="utf-8") as handle:
        handle.write(pairs)
    (tmp_path / CENTROIDS).write_text("iso3,name,lat,lon\nBBB,Bee,0,0\nSYR,Syria,0,90\n", encoding="utf-8")
    (tmp_path / INDICATORS).write_text("iso3,year,gdp,pop,polstb\nAAA,2013,2000,2,0.5\n", encoding="utf-8")
    return tmp_path


def values(rows: list[Row]) -> dict[tuple[str, str], str]:
    return {(row["place"], row["covariate"]): row["value"] for row in rows}


def test_distances_come_from_geodist_or_else_from_centroids(folder: Path) -> None:
    rows = covariate_rows(folder, {"AAA": "north", "BBB": "north"}, ["HHH"], SETTINGS)
    found = values(rows)
    assert found["AAA", "distance_theatre_km"] == "100"
    assert found["BBB", "distance_theatre_km"] == "10008"
    assert found["AAA", "language:HHH"] == "1"
    assert {r["source"] for r in rows if r["place"] == "BBB" and "theatre" in r["covariate"]} == {"natural-earth"}


def test_indicators_carry_the_month_they_were_public(folder: Path) -> None:
    rows = covariate_rows(folder, {"AAA": "north"}, [], SETTINGS)
    income = next(r for r in rows if r["covariate"] == "log_gdp_per_capita" and r["place"] == "AAA")
    assert (income["value"], income["refers_to"], income["published"]) == ("6.91", "2013", "2014-12")
    assert values(rows)["AAA", "instability"] == "-0.50"


def test_a_region_has_the_mean_of_its_named_origins(folder: Path) -> None:
    found = values(covariate_rows(folder, {"AAA": "north", "BBB": "north"}, [], SETTINGS))
    assert found["rest-north", "coalition"] == "0.50"
    assert ("BBB", "log_gdp_per_capita") not in found


def test_rows_of_the_case_are_kept_in_order(folder: Path) -> None:
    other = covariate_row("XEU", "irregular_crossings", 1234.0, "crossings a year", "2015", "2016-04", "frontex-2016")
    rows = covariate_rows(folder, {"AAA": "north"}, [], SETTINGS, [other])
    assert other in rows
    assert rows == sorted(rows, key=lambda r: (r["place"], r["covariate"], r["published"]))
