"""The comparison with the field on made-up tables in the format of the VIEWS challenge."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.json_schemas import problems

from afterfall.case import Case
from afterfall.case.dates import month_number
from afterfall.conflict import ConflictRecord, open_record
from afterfall.conflict.views_scores import DRAWS, NAMES, views_scores
from afterfall.evaluate.views.views_challenge import (
    CONFLICTOLOGY,
    FORECASTS,
    LAST,
    OURS,
    ZERO,
    ViewsComparison,
    compare_with_views,
)
from afterfall.importers.views_tables import read_window
from afterfall.report.benchmark.benchmark_json import field_json
from afterfall.report.benchmark.benchmark_tables import field_grids, field_headline, field_notes
from afterfall.report.violence.violence_export import COMPLIANCE_WINDOW, WINDOW, export_benchmark

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
        starred = [FORECASTS[i] for i, cell in enumerate(row[1:5]) if cell.endswith("*")]
        means = {n: float(field.mean(n, field.years[0], everyone=k >= len(NAMES))[k % len(NAMES)]) for n in FORECASTS}
        assert starred == [n for n, m in means.items() if m == min(means.values())]
        assert row[-1].startswith("worse") == (means[OURS] > means[CONFLICTOLOGY])


def test_json_has_every_score(field: ViewsComparison) -> None:
    content = field_json(field, "a command")
    assert problems(content) == []
    assert content["reproduced"] is True
    found = content["years"][0]["everyone"]["scores"][OURS]["ignorance"]
    assert found == field.mean(OURS, field.years[0], everyone=True)[1]


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
