"""Violence drawn along a run: keyed by names, shifted by organisations and veterans, and written for others."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats
from tests.json_schemas import problems

from afterfall.case import Case
from afterfall.case.dates import month_name
from afterfall.conflict import ConflictRecord, Violence, violence
from afterfall.conflict.conflict_samplers import draw_months, randomised_pit
from afterfall.conflict.event_counts import fit_event_counts
from afterfall.conflict.violence_model import shifts
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.model import build
from afterfall.report.violence.violence_export import LEFT_OUT, LEVELS, export_notes, export_violence
from afterfall.report.violence.violence_json import violence_json
from afterfall.report.violence.violence_tables import violence_grids, violence_notes
from afterfall.run import Run, RunError, forecast
from afterfall.run.presence import strength, veterans


def test_months_start_after_the_as_of_date(found: Violence) -> None:
    assert month_name(found.months[0]) == "2015-07"
    assert month_name(found.months[-1]) == "2016-06"
    assert found.deaths.shape == found.events.shape == (40, 12, 4)
    assert found.countries == ("arda", "brom", "cern", "dusk")


def test_the_same_again_bit_by_bit(found: Violence, run: Run, case: Case) -> None:
    again = violence(run, case, fitted=found.estimate)
    assert np.array_equal(found.deaths, again.deaths)
    assert np.array_equal(found.events, again.events)


def test_another_country_or_trajectory_reshuffles_nothing(found: Violence, run: Run, case: Case) -> None:
    fewer = replace(case, places=tuple(p for p in case.places if p.place != "brom"))
    rest = [0, 2, 3]
    assert np.array_equal(found.deaths[:, :, rest], violence(run, fewer, fitted=found.estimate).deaths)
    short = forecast(build(case, horizon=12), trajectories=15, seed=7)
    assert np.array_equal(found.deaths[:15], violence(short, case, fitted=found.estimate).deaths)


def test_another_seed_draws_anew(found: Violence, case: Case) -> None:
    other = forecast(build(case, horizon=12), trajectories=40, seed=8)
    assert not np.array_equal(found.deaths, violence(other, case, fitted=found.estimate).deaths)


def test_events_need_deaths(found: Violence) -> None:
    assert ((found.events > 0) == (found.deaths > 0)).all()
    assert (found.events <= found.deaths).all()


def test_relation_of_events_is_learned(record: ConflictRecord) -> None:
    counting = fit_event_counts(record)
    assert counting is not None
    assert counting.slope == pytest.approx(0.5, abs=0.1)  # events are the root of deaths in the made-up record
    assert fit_event_counts(replace(record, events=record.events[:5])) is None


def stronger(run: Run, place: str, whom: str) -> Run:
    """The run with fifty times the locals, or the foreigners, of the organisations of a place from month 1 on."""
    data = run.dataset.copy(deep=True)
    foreigners = data["foreigners"]
    some = foreigners if whom == "foreigners" else data["strength"] - foreigners
    there = (data["organisation_place"] == place) & (data["month"] > 0)
    data["strength"] = (data["strength"] + 49 * some.where(there, 0)).astype(np.int32).transpose(*foreigners.dims)
    return replace(run, dataset=data)


@pytest.mark.parametrize("whom", ["locals", "foreigners"])
@pytest.mark.parametrize(("place", "country"), [("theatre", "dusk"), ("cern", "cern")])
def test_stronger_organisations_never_lower_violence(
    found: Violence, run: Run, case: Case, place: str, country: str, whom: str
) -> None:
    more = violence(stronger(run, place, whom), case, fitted=found.estimate)
    at = found.countries.index(country)
    assert (more.deaths[:, :, at] >= found.deaths[:, :, at]).all()
    assert more.deaths[:, :, at].sum() > found.deaths[:, :, at].sum()
    others = [i for i in range(4) if i != at]
    assert np.array_equal(more.deaths[:, :, others], found.deaths[:, :, others])


def test_shift_is_zero_where_nothing_changes(run: Run, case: Case) -> None:
    data = run.dataset.copy(deep=True)
    data["strength"][:] = data["strength"].isel(month=0)
    data["origins"][:] = data["origins"].isel(origin_month=0)
    assert shifts(run, case, ("arda", "cern", "dusk")).any(axis=(0, 1)).all()
    assert not shifts(replace(run, dataset=data), case, ("arda", "cern", "dusk")).any()


def test_exposures_read_the_run(run: Run, case: Case) -> None:
    people = strength(run, case, ("dusk", "cern", "arda"))
    places = run.dataset["organisation_place"].values
    held = run.dataset["strength"].values
    assert np.array_equal(people[:, :, 0], held[:, :, places == "theatre"].sum(axis=2))
    assert np.array_equal(people[:, :, 1], held[:, :, places == "cern"].sum(axis=2))
    ledger = run.quantity("in_ranks") + run.quantity("remain")
    assert (people[:, :, 0] > ledger.values).all()  # locals as well
    assert not people[:, :, 2].any()
    home = veterans(run, ("arda", "dusk"))
    at_three = run.quantity("home_committed", "arda") + run.quantity("home_sympathiser", "arda")
    assert np.array_equal(home[:, 3, 0], at_three.sel(origin_month=3).values)
    assert home[:, 4, 0] == pytest.approx((2 * home[:, 3, 0] + home[:, 6, 0]) / 3)
    assert not home[:, :, 1].any()


def test_a_run_of_an_earlier_version_is_refused(found: Violence, run: Run, case: Case) -> None:
    kept = [p for p in run.dataset["parameter"].values if p != "violence.strength"]
    old = replace(run, dataset=run.dataset.sel(parameter=kept))
    with pytest.raises(RunError, match=r"violence\.strength"):
        violence(old, case, fitted=found.estimate)


def test_an_estimate_of_other_months_is_refused(found: Violence, case: Case) -> None:
    longer = forecast(build(case, horizon=14), trajectories=2, seed=7)
    with pytest.raises(ValueError, match="expected 1 to 14, the months of run"):
        violence(longer, case, fitted=found.estimate)


def test_a_case_outside_the_record_is_told(run: Run, case: Case) -> None:
    with pytest.raises(ValueError, match="no country of case 'tiny'"):
        violence(run, case)


@pytest.mark.parametrize(("shift", "fine"), [(0.0, True), (0.25, False)])
def test_draws_follow_the_distribution(found: Violence, shift: float, fine: bool) -> None:
    """One month's draws over many trajectories have the said distribution; a shifted twin must be caught."""
    estimated, c, n = found.estimate, found.record.position["dusk"], 4000
    predicted, ensemble = estimated.predicted, estimated.ensemble
    months = np.array(found.months[:3], dtype=np.int32)
    drawn = np.zeros((n, 3), dtype=np.int32)
    spare = np.zeros(3, dtype=np.int32)
    for trajectory in range(n):
        draw_months(
            name_key("violence/dusk"),
            subkey(1, trajectory, EVENT, 0),
            months,
            np.zeros(3),
            estimated.recent[c],
            (
                predicted.chance[c, :3].copy(),
                predicted.level[c, :3].copy(),
                predicted.spread[c, :3].copy(),
                predicted.group[c, :3].copy(),
            ),
            estimated.hurdle.shape,
            estimated.hurdle.ceiling,
            np.full(3, shift),
            (ensemble.share, ensemble.memory),
            np.zeros(3),
            drawn[trajectory],
            spare,
        )
    uniforms = np.random.default_rng(1).random((n, 1))
    rows = [
        np.full((n, 1), part[c, 2]) for part in (predicted.chance, predicted.level, predicted.spread, predicted.group)
    ]
    u = randomised_pit(drawn[:, 2:].astype(float), uniforms, *rows, estimated.hurdle.shape)
    assert bool(stats.kstest(u.ravel(), "uniform").pvalue > 1e-6) is fine


def test_draws_have_the_format_of_views(found: Violence, tmp_path: Path) -> None:
    views = export_violence(found, tmp_path / "out")[0]
    table = pd.read_parquet(views)
    assert table.index.names == ["month_id", "country_id", "draw"]
    assert [table.index.get_level_values(name).dtype for name in table.index.names] == [np.int64] * 3
    assert list(table.columns) == ["outcome"]
    assert table["outcome"].dtype == np.int32
    assert len(table) == 12 * 4 * 40
    dusk = found.record.views_ids[found.record.position["dusk"]]
    draws = table.loc[(found.months[4], dusk), "outcome"].to_numpy()
    assert np.array_equal(draws, found.deaths[:, 4, 3])


def test_quantiles_are_valid_for_a_hub(found: Violence, tmp_path: Path) -> None:
    """The rules of docs.hubverse.io/en/latest/user-guide/model-output.html and of hubValidations' checks.

    The checks are check_file_name and check_file_location, check_tbl_colnames, check_tbl_col_types,
    check_tbl_match_round_id, check_tbl_rows_unique, check_tbl_value_col and check_tbl_value_col_ascending.
    """
    hub = export_violence(found, tmp_path / "out")[1]
    model_id = hub.parent.name
    assert hub.parent.parent.name == "model-output"
    assert re.fullmatch("[A-Za-z0-9_]+-[A-Za-z0-9_]+", model_id)
    assert re.fullmatch(rf"\d{{4}}-\d{{2}}-\d{{2}}-{model_id}\.parquet", hub.name)
    assert {field.name: str(field.type) for field in pq.read_schema(hub)} == {
        "origin_date": "date32[day]",
        "target": "string",
        "target_end_date": "date32[day]",
        "location": "string",
        "output_type": "string",
        "output_type_id": "double",
        "value": "double",
    }
    table = pd.read_parquet(hub)
    assert not table.isna().to_numpy().any()
    assert {day.isoformat() for day in table["origin_date"]} == {hub.name[:10]} == {"2015-06-30"}
    assert set(table["output_type"]) == {"quantile"}
    assert table["output_type_id"].between(0, 1).all()
    assert (table["value"] >= 0).all()
    assert (table["target_end_date"] > table["origin_date"]).all()
    assert all((day + dt.timedelta(days=1)).day == 1 for day in table["target_end_date"])
    task = ["origin_date", "target", "target_end_date", "location"]
    assert not table.duplicated([*task, "output_type", "output_type_id"]).any()
    tasks = table.sort_values("output_type_id").groupby(task)["value"]
    assert (tasks.size() == len(LEVELS)).all()
    assert len(tasks) == 12 * 4
    assert all(values.is_monotonic_increasing for _, values in tasks)


def test_the_tasks_of_the_hub_ask_for_what_is_handed_in(found: Violence, tmp_path: Path) -> None:
    """Every value of the file is one that the tasks name (hubValidations: check_tbl_values), and none is missing."""
    _, hub, tasks, *_ = export_violence(found, tmp_path)
    assert tasks == tmp_path / "hub-config" / "tasks.json"
    (one,) = json.loads(tasks.read_text(encoding="utf-8"))["rounds"]
    (task,) = one["model_tasks"]
    table = pd.read_parquet(hub)
    for column, valid in task["task_ids"].items():
        assert {str(value) for value in table[column]} == {*(valid["required"] or []), *(valid["optional"] or [])}
    assert set(table["output_type_id"]) == set(task["output_type"]["quantile"]["output_type_id"]["required"])
    assert one["round_id"] in task["task_ids"]
    (target,) = task["target_metadata"]
    assert len(target["target_id"]) <= 30
    assert set(table["target"]) == {target["target_id"]} == {target["target_keys"]["target"]}


def test_the_tasks_of_a_hub_that_is_there_are_left_alone(found: Violence, tmp_path: Path) -> None:
    (tmp_path / "hub-config").mkdir()
    (tmp_path / "hub-config" / "tasks.json").write_text("{}")
    assert export_violence(found, tmp_path)[2].read_text() == "{}"


def test_quantiles_are_those_of_the_draws(found: Violence, tmp_path: Path) -> None:
    table = pd.read_parquet(export_violence(found, tmp_path)[1])
    one = table[(table["location"] == "dusk") & (table["target_end_date"] == dt.date(2015, 11, 30))]
    median = one.set_index("output_type_id").loc[0.5, "value"]
    assert median == np.quantile(found.deaths[:, 4, 3], 0.5, method="inverted_cdf")


def test_no_country_is_left_out_in_silence(found: Violence, run: Run, case: Case, tmp_path: Path) -> None:
    """A country that the record does not have is named, with the nearest code, in notes, JSON and files."""
    places = tuple(replace(p, place="DSK", name="Dusk") if p.place == "dusk" else p for p in case.places)
    less = violence(run, replace(case, places=places), fitted=found.estimate)
    assert found.left_out == ()
    assert [(one.place, one.name, one.nearest) for one in less.left_out] == [("DSK", "Dusk", "dusk")]
    told = "Dusk (DSK; did you mean 'dusk'?)"
    assert any(told in note for note in violence_notes(less))
    assert any(told in note for note in export_notes(less))
    content = violence_json(less, None, "a command")
    assert problems(content) == []
    assert content["left_out"] == [{"place": "DSK", "name": "Dusk", "nearest": "dusk"}]
    for path in export_violence(less, tmp_path)[:2]:
        assert json.loads(pq.read_schema(path).metadata[LEFT_OUT]) == content["left_out"]
    assert not any("Dusk" in note for note in (*violence_notes(found), *export_notes(found)))


def test_tables_say_what_the_draws_say(found: Violence) -> None:
    years, months = violence_grids(found, "dusk")
    assert [c.heading for c in years.columns][2:4] == ["2015 (6 months)", "2016 (6 months)"]
    assert len(months.sections[0]) == 12
    content = violence_json(found, None, "a command")
    assert problems(content) == []
    assert content["countries"]["dusk"]["years"]["2015"]["mean"] == pytest.approx(found.in_year(2015)[:, 3].mean())


def test_small_published_counts_are_hidden(found: Violence) -> None:
    quiet = found.record.deaths.copy()
    quiet[3, -12:] = 0.0
    quiet[3, -1] = 2.0
    less = replace(found, estimate=replace(found.estimate, record=replace(found.record, deaths=quiet)))
    (years, _) = violence_grids(less, "dusk")
    assert years.sections[0][0][1] == "<5"
    assert violence_json(less, "dusk", "")["countries"]["dusk"]["last_twelve_months"] == "<5"
