"""Rows of the reference class from gathered tables and open data."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from afterfall.importers import class_tables as importer

DYAD = {"kind": "state-based", "year": "2015", "is_side": "1", "aq_side": "0"}
ARDA = DYAD | {"side_a": "Government of Arda", "locations": "Arda, Bree"}


def test_wars_are_those_at_home_with_25_deaths_and_dyads_of_a_family_are_summed() -> None:
    dyads = [
        ARDA | {"best": "30"},
        ARDA | {"best": "40"},
        ARDA | {"best": "24"},  # no active dyad
        ARDA | {"best": "90", "locations": "Bree"},  # fought abroad
        ARDA | {"best": "90", "kind": "one-sided"},
        ARDA | {"best": "50", "is_side": "0", "aq_side": "1", "year": "2016"},
    ]
    found = list(importer._wars(dyads, {"ARD": "Arda"}))
    assert [(r["family"], r["year"], r["deaths"]) for r in found] == [("AQ", "2016", "50"), ("ISIS", "2015", "70")]


def test_a_government_of_no_country_stops_the_build() -> None:
    with pytest.raises(ValueError, match="found the government of 'Arda'"):
        list(importer._wars([ARDA | {"best": "30"}], {"BRE": "Bree"}))


def test_places_of_the_list_are_cities_with_their_first_capture(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    rows = [
        ("Palmyra (second)", "city", "primary", "2016-12-11"),
        ("Palmyra (first)", "city", "primary", "2015-05-20"),
        ("Falluja", "city", "primary", "2014-01-04"),
        ("Anbar", "province", "primary", "2014-01"),
        ("Raqqa (other date)", "city", "alternate of Raqqa", "2014-01-14"),
    ]
    with (tmp_path / "figures/territory.csv").open("w", newline="") as handle:
        csv.writer(handle).writerows([("place", "kind", "role", "captured"), *rows])
    assert importer.fixed_places(tmp_path) == {"Palmyra": "2015-05-20", "Fallujah": "2014-01-04"}


def test_parties_at_risk_are_found_by_name_and_by_alias() -> None:
    row = dict.fromkeys((*importer.TABLES["alignments"], "losing_territory"), "x")
    row |= {"organisations": "Suqur; Ahrar al-Sham; a village guard"}
    listed = [{"organisation": "Suqur al-Sham"}, {"organisation": "Ahrar al-Sham"}]
    found = importer._alignment(row, listed, {"Suqur": "Suqur al-Sham"})
    assert found["at_risk"] == "Suqur al-Sham; Ahrar al-Sham"
    aliases = {"Suqur": "Suqur al-Sham", "Suqur (x)": "Ahrar al-Sham"}
    assert importer._alignment(row | {"organisations": "Suqur"}, listed, aliases)["at_risk"] == "Ahrar al-Sham"
    assert set(found) == set(importer.TABLES["alignments"])


def test_a_share_retaken_in_words_is_no_number() -> None:
    columns = ("iso3", "escaped_or_released_low", "escaped_or_released_high", "recaptured_share")
    row = dict.fromkeys((*columns, *importer.TABLES["custody"]), "1")
    assert importer._custody(row | {"recaptured_share": "most"})["retaken_share"] == ""
    assert importer._custody(row | {"recaptured_share": "0.2"})["retaken_share"] == "0.2"


def test_a_row_that_cites_another_table_gets_the_page_itself() -> None:
    pages = {"Kobane": {"source": "A newspaper", "source_url": "https://example.org/kobane"}}
    row = {"holding": "Kobane (first loss)", "source": "this project, a table", "source_url": "../a/table.csv"}
    assert importer._cited(row, "holding", pages)["source_url"] == "https://example.org/kobane"
    read = row | {"source": "this project, a table (An agency)", "source_url": "https://example.org/agency"}
    assert importer._cited(read, "holding", pages)["source"] == "An agency"
    assert importer._cited(row | {"source": "recalled, not read"}, "holding", pages)["source"] == "recalled"
    with pytest.raises(ValueError, match=r"expected a page for it in citations\.csv"):
        importer._cited(row | {"holding": "Arda"}, "holding", pages)


def test_a_pair_of_enemies_without_strengths_is_refused() -> None:
    pair = dict.fromkeys(importer.TABLES["rivals"], "x")
    strengths = [{"side_a": "x", "side_b": "x", "war": "yes", "stronger": "a"}]
    assert [r["stronger"] for r in importer._rivals([pair], strengths)] == ["a"]
    with pytest.raises(ValueError, match=r"rival_strengths\.csv"):
        list(importer._rivals([pair | {"side_a": "y"}], strengths))
