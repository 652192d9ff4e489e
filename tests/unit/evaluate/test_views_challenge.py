"""The comparison with the field on made-up tables in the format of the VIEWS challenge."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.json_schemas import problems

from afterfall.case import Case
from afterfall.case.dates import month_number
from afterfall.conflict import ConflictRecord, open_record
from afterfall.conflict.own_history import own_history
from afterfall.conflict.views_scores import DRAWS, NAMES, views_scores
from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.views.views_challenge import (
    CONFLICTOLOGY,
    FORECASTS,
    LAST,
    OURS,
    OWN,
    ZERO,
    ViewsComparison,
    compare_with_views,
)
from afterfall.importers.views_tables import read_window
from afterfall.report.benchmark.benchmark_json import field_json
from afterfall.report.benchmark.benchmark_tables import field_grids, field_headline, field_notes
from afterfall.report.violence.violence_export import COMPLIANCE_WINDOW, WINDOW, export_benchmark, views_table

YEAR = 2016


@pytest.fixture(scope="module")
def tables(record: ConflictRecord, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Actuals, draws of the last twelve months to October, and their scores by the rules, written as published."""
    folder = tmp_path_factory.mktemp("views")
    (folder / "benchmarks").mkdir()
    first, months = month_number(f"{YEAR}-01"), range(12)
    at = first - record.first
    outcome, last = record.deaths[:, at : at + 12], record.deaths[:, at - 14 : at - 2]
    rows = [
        {"month_id": first + m, "country_id": number, "outcome": outcome[i, m]}
        for i, number in enumerate(record.views_ids)
        for m in months
    ]
    pd.DataFrame(rows).to_csv(folder / "cm_actuals_2018_2024.csv", index=False)
    draws = [
        {"month_id": first + m, "country_id": number, "draw": d, "outcome": int(last[i, d])}
        for i, number in enumerate(record.views_ids)
        for m in months
        for d in range(12)
    ]
    table = pd.DataFrame(draws).set_index(["month_id", "country_id", "draw"])
    table.to_parquet(folder / f"benchmarks/bm_conflictology_cm_{YEAR}.parquet")
    means = {
        "bm_conflictology": views_scores(np.repeat(last[:, None], 12, axis=1), outcome).mean(axis=(1, 2)),
        "bm_zero": views_scores(np.zeros((*outcome.shape, 1000)), outcome).mean(axis=(1, 2)),
    }
    scores = [{"model": m, "window": YEAR, "crps": v[0], "ign": v[1], "mis": v[2]} for m, v in means.items()]
    pd.DataFrame(scores).to_csv(folder / "eval_summary_means.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def field(tables: Path, record: ConflictRecord, case: Case) -> ViewsComparison:
    return compare_with_views(tables, record, case, years=[YEAR])


def test_published_scores_come_out(field: ViewsComparison) -> None:
    assert field.trusted
    assert "reproduced exactly" in field_headline(field)[1]


def test_a_published_score_that_does_not_come_out_is_told(field: ViewsComparison) -> None:
    (year,) = field.years
    official = {**year.official, CONFLICTOLOGY: year.official[CONFLICTOLOGY] * np.array([1.0001, 1.0, 1.0])}
    off = replace(field, years=(replace(year, official=official),))
    assert not off.trusted
    assert "NOT reproduced" in field_headline(off)[1]


def test_every_forecast_is_scored_on_the_same_months(field: ViewsComparison, record: ConflictRecord) -> None:
    (year,) = field.years
    assert set(year.scores) == set(FORECASTS)
    assert {s.shape for s in year.scores.values()} == {(3, len(record.countries), 12)}
    assert field.modelled & set(year.countries) == {"arda", "brom", "cern", "dusk"}
    few, all_ = field.mean(ZERO, year), field.mean(ZERO, year, everyone=True)
    rows = [i for i, c in enumerate(year.countries) if c in field.modelled]
    assert few == pytest.approx(year.scores[ZERO][:, rows].mean(axis=(1, 2)))
    assert not np.allclose(few, all_)


def test_zero_and_last_value_by_hand(field: ViewsComparison, record: ConflictRecord) -> None:
    (year,) = field.years
    at = month_number(f"{YEAR}-01") - record.first
    outcome = record.deaths[:, at : at + 12]
    assert year.scores[ZERO][0] == pytest.approx(outcome)  # the CRPS of a certain zero is the outcome
    quiet = record.deaths[:, at - 3] == 0
    assert year.scores[LAST][0][quiet] == pytest.approx(outcome[quiet])


def test_months_after_october_play_no_part(
    tables: Path, record: ConflictRecord, case: Case, field: ViewsComparison
) -> None:
    at = month_number(f"{YEAR}-01") - record.first
    altered = record.deaths.copy()
    altered[:, at - 2 :] = 7.0
    again = compare_with_views(tables, replace(record, deaths=altered), case, years=[YEAR])
    assert np.array_equal(again.years[0].ours, field.years[0].ours)
    altered[:, at - 3] = 7.0  # October itself does
    october = compare_with_views(tables, replace(record, deaths=altered), case, years=[YEAR])
    assert not np.array_equal(october.years[0].ours, field.years[0].ours)


def test_skill_is_against_conflictology(field: ViewsComparison) -> None:
    one = field.skill(0, everyone=True)
    ours, theirs = (field.mean(n, everyone=True)[0] for n in (OURS, CONFLICTOLOGY))
    assert one.skill == pytest.approx(1 - ours / theirs)
    assert one.low90 <= one.skill <= one.high90


def test_tables_star_the_best_and_say_losses(field: ViewsComparison) -> None:
    check, *rules = field_grids(field)
    assert len(check.sections[0]) == 1
    assert len(rules) == 2 * len(NAMES)
    for k, grid in enumerate(rules):
        row = grid.sections[0][0]
        starred = [FORECASTS[i] for i, cell in enumerate(row[1 : 1 + len(FORECASTS)]) if cell.endswith("*")]
        means = {n: float(field.mean(n, field.years[0], everyone=k >= len(NAMES))[k % len(NAMES)]) for n in FORECASTS}
        assert starred == [n for n, m in means.items() if m == min(means.values())]
        everyone = k >= len(NAMES)
        of = {
            name: field.skill(k % len(NAMES), field.years[0], against=name, everyone=everyone)
            for name in (CONFLICTOLOGY, OWN)
        }
        assert (row[-4], row[-1]) == (verdict(of[CONFLICTOLOGY]), verdict(of[OWN]))


def test_json_has_every_score(field: ViewsComparison) -> None:
    content = field_json(field, "a command")
    assert problems(content) == []
    assert content["reproduced"] is True
    found = content["years"][0]["everyone"]["scores"][OURS]["ignorance"]
    assert found == field.mean(OURS, field.years[0], everyone=True)[1]
    assert content["entries"] == []
    ours, own = (field.mean(n, everyone=True)[0] for n in (OURS, OWN))
    assert content["all_years"]["everyone"]["skill_own_history"]["crps"]["skill"] == pytest.approx(1 - ours / own)


def test_own_history_weighs_months_by_the_windows_they_are_in(record: ConflictRecord) -> None:
    """By enumeration: ten copies of each of 12 months, five of each of 24, two of each of 60, 120 for each window."""
    past = np.nan_to_num(record.deaths)
    atoms = np.concatenate([np.repeat(past[:, -n:], 120 // n, axis=1) for n in (12, 24, 60)], axis=1)
    assert np.array_equal(own_history(record, 360), np.sort(atoms, axis=1))
    assert np.array_equal(own_history(record, 40), np.sort(atoms, axis=1)[:, 4::9])
    assert np.array_equal(own_history(record, 12, windows=(12,)), np.sort(past[:, -12:], axis=1))


def test_own_history_of_a_year_uses_months_up_to_october(field: ViewsComparison, record: ConflictRecord) -> None:
    (year,) = field.years
    at = month_number(f"{YEAR}-01") - record.first
    outcome = record.deaths[:, at : at + 12]
    draws = own_history(record.until(month_number(f"{YEAR - 1}-10")), DRAWS)
    expected = views_scores(np.repeat(draws[:, None], 12, axis=1), outcome)
    assert year.scores[OWN] == pytest.approx(expected)


@pytest.fixture(scope="module")
def entered(tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables with two made-up entries in the challenge's layout: a certain zero, and the last year's months."""
    folder = tmp_path_factory.mktemp("entered") / "views"
    shutil.copytree(tables, folder)
    benchmark = pd.read_parquet(folder / f"benchmarks/bm_conflictology_cm_{YEAR}.parquet")
    for name, table, window in (
        ("quiet_team", benchmark * 0, f"window=Y{YEAR}"),
        ("year_team", benchmark.reset_index(), f"test_window_{YEAR}"),
    ):
        (folder / name / "cm" / window).mkdir(parents=True)
        table.to_parquet(folder / name / "cm" / window / f"predictions_{YEAR}.parquet")
        (folder / name / "submission_details.yml").write_text(f"team: {name}\n", encoding="utf-8")
    return folder


def test_every_entry_is_a_row(entered: Path, record: ConflictRecord, case: Case, field: ViewsComparison) -> None:
    found = compare_with_views(entered, record, case, years=[YEAR])
    assert found.entries == ("quiet_team", "year_team")
    for entry, same in (("quiet_team", ZERO), ("year_team", CONFLICTOLOGY)):
        theirs, ours = found.entry_means(entry, everyone=True)
        assert ours == pytest.approx(field.mean(OURS, everyone=True))
        assert theirs == pytest.approx(field.mean(same, everyone=True), rel=1e-2)
        assert theirs[0] == pytest.approx(field.mean(same, everyone=True)[0])
        skill = found.entry_skill(0, entry, everyone=True)
        assert skill == field.skill(0, against=same, everyone=True)
    *_, modelled, everyone = field_grids(found)
    assert [row[:2] for row in everyone.sections[0]] == [("quiet_team", str(YEAR)), ("year_team", str(YEAR))]
    assert "all" in str(everyone.title)
    assert modelled.sections != everyone.sections
    content = field_json(found, "a command")
    assert problems(content) == []
    assert [(one["entry"], one["years"]) for one in content["entries"]] == [
        ("quiet_team", [YEAR]),
        ("year_team", [YEAR]),
    ]


def test_our_own_submission_reads_back_as_an_entry(
    tables: Path, field: ViewsComparison, record: ConflictRecord, case: Case, tmp_path: Path
) -> None:
    folder = tmp_path / "views"
    shutil.copytree(tables, folder)
    (year,) = field.years
    number = dict(zip(record.countries, record.views_ids, strict=True))
    months = range(month_number(f"{YEAR}-01"), month_number(f"{YEAR}-01") + 12)
    table = views_table(year.ours.transpose(1, 0, 2), months, [number[c] for c in year.countries])
    path = folder / "afterfall" / "cm" / WINDOW.format(year=YEAR) / f"predictions_{YEAR}.parquet"
    path.parent.mkdir(parents=True)
    table.to_parquet(path)
    theirs, ours = compare_with_views(folder, record, case, years=[YEAR]).entry_means("afterfall")
    assert theirs == pytest.approx(ours)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.iloc[1:], "quiet_team: expected draws for every country and month"),
        (lambda t: t.drop(t.index.get_level_values("country_id")[0], level="country_id"), "lacks month"),
        (lambda t: t - 1, "expected deaths of 0 or more"),
        (lambda t: t.rename(columns={"outcome": "deaths"}), "missing outcome"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused(
    entered: Path, tmp_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame], words: str
) -> None:
    folder = tmp_path / "views"
    shutil.copytree(entered, folder)
    path = folder / f"quiet_team/cm/window=Y{YEAR}/predictions_{YEAR}.parquet"
    change(pd.read_parquet(path)).to_parquet(path)
    with pytest.raises(ValueError, match=words):
        read_window(folder, YEAR)


def test_two_files_of_one_year_are_refused(entered: Path, tmp_path: Path) -> None:
    folder = tmp_path / "views"
    shutil.copytree(entered, folder)
    window = folder / "quiet_team" / "cm" / f"window=Y{YEAR}"
    shutil.copy(window / f"predictions_{YEAR}.parquet", window / "again.parquet")
    with pytest.raises(ValueError, match="expected one file of 2016; found"):
        read_window(folder, YEAR)


def test_an_entry_without_the_year_is_left_out(entered: Path, tmp_path: Path) -> None:
    folder = tmp_path / "views"
    shutil.copytree(entered, folder)
    (folder / "quiet_team/cm" / f"window=Y{YEAR}").rename(folder / "quiet_team/cm/window=Y2031")
    assert list(read_window(folder, YEAR).entries) == ["year_team"]


def test_all_that_cannot_be_read_is_listed(tables: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found no file") as message:
        read_window(tmp_path, YEAR)
    assert str(message.value).count("found no file") == 3
    broken = tmp_path / "views"
    shutil.copytree(tables, broken)
    pd.read_csv(broken / "cm_actuals_2018_2024.csv").drop(columns="outcome").to_csv(
        broken / "cm_actuals_2018_2024.csv", index=False
    )
    with pytest.raises(ValueError, match="missing outcome"):
        read_window(broken, YEAR)


def test_an_incomplete_year_is_refused(tables: Path, tmp_path: Path) -> None:
    broken = tmp_path / "views"
    shutil.copytree(tables, broken)
    table = pd.read_csv(broken / "cm_actuals_2018_2024.csv")
    table.iloc[1:].to_csv(broken / "cm_actuals_2018_2024.csv", index=False)
    with pytest.raises(ValueError, match="no complete year"):
        read_window(broken, YEAR)


@pytest.mark.parametrize("window", [WINDOW, COMPLIANCE_WINDOW])
def test_a_whole_submission_complies(field: ViewsComparison, tmp_path: Path, window: str) -> None:
    """What test_compliance.py and the README of github.com/prio-data/prediction_competition_2023 ask for.

    The README and the evaluation name a window ``window=Y2018``, the compliance program ``test_window_2018``.
    """
    known = open_record()
    codes = known.countries[: len(field.years[0].countries)]
    years = tuple(replace(field.years[0], year=year, countries=codes) for year in range(2018, 2022))
    details, *files = export_benchmark(replace(field, years=years), tmp_path, window)
    (submission,) = tmp_path.iterdir()
    assert sorted(submission.glob("**/*.parquet")) == files
    assert [str(path.relative_to(submission)) for path in files] == [
        f"cm/{window.format(year=year)}/predictions_{year}.parquet" for year in range(2018, 2022)
    ]
    for year, path in zip(years, files, strict=True):
        table = pd.read_parquet(path)
        assert table.index.names == ["month_id", "country_id", "draw"]
        assert all(table.index.get_level_values(name).dtype == np.int64 for name in table.index.names)
        assert list(table.columns) == ["outcome"]
        assert not table["outcome"].isna().any()
        assert (table["outcome"] >= 0).all()
        first = month_number(f"{year.year}-01")
        countries = known.views_ids[: len(codes)]
        assert len(table) == len(codes) * 12 * DRAWS
        assert not table.index.duplicated().any()
        assert set(table.index.get_level_values("month_id")) == set(range(first, first + 12))
        assert set(table.index.get_level_values("country_id")) == set(countries)
    lines = dict(line.split(": ", 1) for line in details.read_text(encoding="utf-8").splitlines() if ": " in line)
    assert details.name == "submission_details.yml"
    assert all(json.loads(lines[key]) for key in ("team", "short_title", "even_shorter_identifier"))
    assert re.fullmatch(r"[^@]+@[^@]+\.[^@]+", json.loads(lines["contact"]))


def test_countries_that_one_side_lacks_are_named(field: ViewsComparison) -> None:
    here = field.years[0].countries
    lacking = replace(field, modelled=frozenset({*here[1:], "ATA", "XKX"}))
    notes = "\n".join(field_notes(lacking))
    assert "but not in VIEWS, and so in no score (2): Antarctica, Kosovo." in notes
    assert "and so only among all countries (1): " in notes
    content = field_json(lacking, "a command")
    assert problems(content) == []
    assert (content["not_in_views"], content["not_in_case"]) == (["ATA", "XKX"], [here[0]])
    same = replace(field, modelled=frozenset(here))
    assert "but not in" not in "\n".join(field_notes(same))
