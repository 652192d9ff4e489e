"""Each public data set in its true form: what is read into which cells, and what is skipped and why."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from tests.made_up import public_files as made
from tests.made_up.public_files import put

from afterfall import import_data
from afterfall.importers.imported import ImportedData


def figures(found: ImportedData) -> dict[tuple[str, str, str, str], tuple[str, str, str]]:
    rows = found.tables.get("figures", ())
    return {
        (r["place"], r["quantity"], r["definition"], r["refers_to"]): (r["low"], r["value"], r["high"]) for r in rows
    }


def covariates(found: ImportedData) -> dict[tuple[str, str, str], str]:
    return {(r["place"], r["covariate"], r["refers_to"]): r["value"] for r in found.tables.get("covariates", ())}


def reasons(found: ImportedData) -> list[str]:
    return [f"{one.row} {one.reason}" for one in found.outcomes if one.outcome == "skipped"]


FORMS = {
    "csv": lambda: made.ged(),
    "without a header": lambda: made.ged(header=False),
    "with HXL tags": lambda: made.ged(tags=True),
    "the API's answer": lambda: made.ged_page(),
    "a list of pages": lambda: f"[{made.ged_page(made.EVENTS[:4])},{made.ged_page(made.EVENTS[4:])}]",
}


@pytest.mark.parametrize("form", FORMS)
def test_ucdp_events_add_up_by_country_month_and_type(tmp_path: Path, form: str) -> None:
    found = import_data(put(tmp_path, "ged.csv", FORMS[form]()), source="ucdp-ged", published="2016-07")
    assert figures(found) == {
        ("YEM", "conflict_deaths", "state_based", "2015-04"): ("20", "24", "30"),
        ("YEM", "conflict_events", "state_based", "2015-04"): ("4", "4", "4"),
        ("YEM", "conflict_deaths", "one_sided", "2015-04"): ("4", "5", "7"),
        ("YEM", "conflict_events", "one_sided", "2015-04"): ("1", "1", "1"),
        ("SOM", "conflict_deaths", "state_based", "2015-04"): ("4", "5", "7"),
        ("SOM", "conflict_events", "state_based", "2015-04"): ("1", "1", "1"),
    }
    assert [one.partition(" ")[2] for one in reasons(found)] == [
        "its dates span more than one month",
        "Check deaths: not yet reviewed",
    ]
    assert found.n_read == 6


def test_rows_have_the_number_of_a_spreadsheet(tmp_path: Path) -> None:
    plain = import_data(put(tmp_path, "a.csv", made.ged()), source="ucdp-ged", published="2016")
    tagged = import_data(put(tmp_path, "b.csv", made.ged(tags=True)), source="ucdp-ged", published="2016")
    assert reasons(plain)[0].startswith("6 ")
    assert reasons(tagged)[0].startswith("7 ")


def test_events_by_year_and_of_one_side(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", made.ged())
    found = import_data(path, source="ucdp-ged", published="2016-07", by="year", actor="aqap", countries=["Yemen"])
    assert figures(found)["YEM", "conflict_events", "state_based", "2015"] == ("4", "4", "4")
    assert Counter(one.partition(" ")[2] for one in reasons(found)) == {
        "neither side is 'aqap'": 1,
        "not a country asked for": 1,
        "Check deaths: not yet reviewed": 1,
    }
    row = found.tables["figures"][0]
    assert row["note"] == "1 event with a side 'aqap'"
    assert (row["family"], row["grade"], row["verified"], row["basis"]) == ("ucdp", "B2", "yes", "year")


def test_the_source_has_vintage_licence_and_day(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", made.ged())
    found = import_data(path, source="ucdp-ged", published="2016-07-12", vintage="5.0")
    (source,) = found.tables["sources"]
    assert source["source"] == "ucdp-ged-5-0"
    assert source["title"].endswith("(GED), 5.0")
    assert (source["licence"], source["published"]) == ("CC BY 4.0", "2016-07-12")
    assert {row["source"] for row in found.tables["figures"]} == {"ucdp-ged-5-0"}
    assert {row["published"] for row in found.tables["figures"]} == {"2016-07-12"}


def test_acled_counts_armed_violence_and_states_its_own_day(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "acled.csv", made.ACLED), source="acled")
    assert str(found.published) == "2021-04-15"  # of the newest row, a protest that is not read
    assert figures(found) == {
        ("YEM", "conflict_deaths", "political_violence", "2015-04"): ("3", "3", "3"),
        ("YEM", "conflict_events", "political_violence", "2015-04"): ("2", "2", "2"),
    }
    assert reasons(found) == ["4 Protests: no armed violence"]


def test_unhcr_population(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "p.csv", made.POPULATION), source="unhcr-population", published="2025-06")
    assert covariates(found) == {
        ("TUR", "refugees:SYR", "2016"): "2500",
        ("TUR", "asylum_seekers:SYR", "2016"): "40",
        ("SYR", "displaced", "2016"): "6300",
    }
    assert reasons(found) == [
        "4 'UNK', no country's code: not one country",
        "5 a total: not one country",
        "6 2025 was not over on 2025-06",
    ]


def test_unhcr_by_the_names_of_the_api(tmp_path: Path) -> None:
    record = '{"year": 2016, "coo_iso": "SYR", "coa_iso": "TUR", "refugees": 2500, "asylum_seekers": "0", "idps": "-"}'
    answer = f'{{"page": 1, "maxPages": 1, "items": [{record}]}}'
    found = import_data(put(tmp_path, "answer.json", answer), source="unhcr-population", published="2018")
    assert covariates(found) == {("TUR", "refugees:SYR", "2016"): "2500"}


def test_unhcr_solutions_below_a_title(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "solutions.csv", made.SOLUTIONS), source="unhcr-solutions", published="2018-06")
    assert covariates(found) == {
        ("CAN", "resettled_refugees:SYR", "2017"): "900",
        ("CAN", "naturalised_refugees:SYR", "2017"): "30",
        ("SYR", "refugee_returns:TUR", "2017"): "77",
        ("IRQ", "displaced_returns", "2017"): "1500",
    }
    assert [one.row for one in found.outcomes] == [4, 5, 6]


def test_eurostat_first_applications_of_persons(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "migr.csv", made.EUROSTAT), source="eurostat-asylum")
    assert str(found.published) == "2024-05-15"
    assert covariates(found) == {
        ("DEU", "asylum_applications:SYR", "2016"): "266250",
        ("GRC", "asylum_applications:SYR", "2016"): "26630",
    }
    assert reasons(found) == [
        "3 applicant ASY_APP: not first applications",
        "4 sex M: a part of those counted",
        "6 geo EU27_2020: not one country",
        "7 citizen TOTAL: not one country",
        "8 not available",
    ]


def test_eurostat_months_of_the_bulk_download(tmp_path: Path) -> None:
    path = put(tmp_path, "migr.tsv", made.EUROSTAT_TSV)
    found = import_data(path, source="eurostat-asylum", published="2016-05-10")
    assert covariates(found) == {
        ("DEU", "asylum_applications:SYR", "2016-01"): "25590",
        ("FRA", "asylum_applications:SYR", "2016-01"): "250",
        ("FRA", "asylum_applications:SYR", "2016-02"): "300",
    }
    assert [(o.row, o.column) for o in found.outcomes if o.reason == "not available"] == [(2, "2016-02")]


def test_frontex_whole_years_in_all_and_by_nationality(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "ibc.csv", made.FRONTEX), source="frontex-crossings", published="2016-04")
    assert covariates(found) == {
        ("XEU", "irregular_crossings", "2015"): "1205",
        ("XEU", "crossings_by:SYR", "2015"): "1200",
    }
    assert [(o.row, o.column, o.reason) for o in found.outcomes if o.outcome == "skipped"] == [
        (1, "FEB2016", "2016 has 2 of 12 months"),
        (1, "JAN2016", "2016 has 2 of 12 months"),
        (4, "Route", "Exit towards UK: no way in across the outer border"),
    ]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_views_actuals_keep_months_without_deaths(tmp_path: Path, form: str) -> None:
    path = put(tmp_path, "actuals.csv", made.VIEWS)
    if form == "parquet":
        table = pd.read_csv(path).set_index(["month_id", "country_id"])
        path = tmp_path / "cm_actuals_2018.parquet"
        table.to_parquet(path)
    found = import_data(path, source="views-actuals", published="2019-06")
    place = found.tables["figures"][0]["place"]
    assert figures(found) == {
        (place, "conflict_deaths", "state_based", "2018-01"): ("3", "3", "3"),
        (place, "conflict_deaths", "state_based", "2018-02"): ("0", "0", "0"),
    }
    assert [o.column for o in found.outcomes if o.outcome == "skipped"] == ["country_id"]


def test_hxl_tags_name_the_columns(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "wb.csv", made.HXL), source="hxl", published="2014-12")
    assert covariates(found) == {
        ("JOR", "log_gdp_per_capita", "2013"): f"{math.log(4000):.2f}",
        ("JOR", "instability", "2013"): "0.61",
    }
    assert reasons(found) == [
        "2 #country+name: no column of a case for it",
        "2 #indicator+name: no column of a case for it",
        "5 no number of a case",
    ]


def test_hxl_people_with_two_countries(tmp_path: Path) -> None:
    text = (
        "Asylum,Origin,Date,Refugees,IDPs\n"
        "#country+code+asylum,#country+code+origin,#date,#affected+refugees,#affected+idps\n"
        "TUR,SYR,2016-05-31,2700000,\n"
    )
    found = import_data(put(tmp_path, "r.csv", text), source="hxl", published="2016-06-10")
    assert covariates(found) == {("TUR", "refugees:SYR", "2016-05-31"): "2700000"}


def test_every_row_of_a_file_is_accounted_for(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "ged.csv", made.ged()), source="ucdp-ged", published="2016-07")
    assert found.report()["row"].tolist() == list(range(2, 2 + len(made.EVENTS)))
    assert set(found.report()["outcome"]) == {"read", "skipped"}
    assert (found.report()["reason"] == "").sum() == found.n_read
