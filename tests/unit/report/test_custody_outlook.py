"""Who is held, by custodian and role: the table has the numbers of the run and leaves out what it does not count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from tests.json_schemas import problems
from tests.made_up.outlooks import LABELS, line, made_up

from afterfall.report.forecast.custody_outlook import custodians_of, held, held_table, there_codes
from afterfall.report.forecast.custody_picture import can_draw_custody, custody_over_time, custody_words
from afterfall.report.forecast.outlook_json import outlook_json
from afterfall.report.forecast.outlook_of_run import outlook_of, priors_of
from afterfall.report.forecast.outlook_tables import outlook_grids
from afterfall.report.kit.saving import save_chart

EVERYONE = {"detained_camp": 900.0, "detained_prison": 300.0, "sentenced": 50.0, "detained": 1250.0}
BY_ROLE = {
    "detained_camp_fighters": 10.0,
    "detained_camp_adults": 290.0,
    "detained_camp_minors": 600.0,
    "detained_prison_fighters": 300.0,
    "detained_prison_adults": 0.0,
    "detained_prison_minors": 0.0,
    "held_fighters": 350.0,
    "held_adults": 300.0,
    "held_minors": 600.0,
}


def counted(values: dict[str, float], months: tuple[int, ...] = (0, 12, 24, 36)) -> Any:
    """What `held` asks of a run that counts these quantities: `values` people at month 36, in proportion before."""

    def summary(month: int, _: str | None = None) -> pd.DataFrame:
        median = np.array(list(values.values())) * (1.0 + month) / 37.0
        names = list(values)
        labels = [f"held: {name}" for name in names]
        return pd.DataFrame({"label": labels, "median": median, "low90": median / 2, "high90": 2 * median}, index=names)

    coordinates = {"quantity": list(values), "month": list(months), "origin_month": list(months)}
    return SimpleNamespace(
        dataset=xr.Dataset(coords=coordinates), summary=summary, date=lambda m: dt.date(2017 + m // 12, 2, 13)
    )


def test_rows_are_custodians_and_columns_roles() -> None:
    found = held(counted(EVERYONE | BY_ROLE), 36)
    assert [one.month for one in found] == [0, 24, 36]
    table = held_table(found)
    assert [c.heading for c in table.columns][1:] == ["fighters", "other adults", "minors", "everyone"]
    last = {row[0]: row[1:] for row in table.sections[-1][1:]}
    assert last["detained_camp"] == ("10 (5–20)", "290 (140–580)", "600 (300–1,200)", "900 (450–1,800)")
    assert last["detained_prison"][1:3] == ("0", "0")
    assert last["sentenced"][:3] == ("–", "–", "–")
    assert last["all who are held"][2] == "600 (300–1,200)"
    assert list(last)[-1] == "all who are held"
    assert {len(row) for section in table.sections for row in section} == {len(table.columns)}


def test_without_roles_there_is_one_column_and_without_custodians_no_table() -> None:
    table = held_table(held(counted(EVERYONE), 36))
    assert len(table.columns) == 2
    assert {row[0] for row in table.sections[0][1:]} == {
        "detained_camp",
        "detained_prison",
        "sentenced",
        "all who are held",
    }
    assert held(counted({"detained": 10.0, "remain": 3.0}), 36) == ()
    assert held(counted(dict.fromkeys(EVERYONE, 0.0)), 36) == ()


def test_a_month_between_is_shown_where_it_is_recorded_and_before_the_asked_one() -> None:
    assert [one.month for one in held(counted(EVERYONE), 12)] == [0, 12]
    assert [one.month for one in held(counted(EVERYONE), 24)] == [0, 24]
    assert [one.month for one in held(counted(EVERYONE, (0, 36)), 36)] == [0, 36]


def test_custodians_are_recognised_by_name_and_roles_are_none() -> None:
    run = counted(EVERYONE | BY_ROLE | {"in_theatre": 5.0, "born": 2.0})
    assert custodians_of(run) == ("detained_camp", "detained_prison")
    assert there_codes(run) == ("in_theatre", "detained_camp", "detained_prison", "born")


def test_an_outlook_of_a_run_has_the_numbers_of_its_summary(prior_run: Any, tiny_model: Any) -> None:
    outlook = outlook_of(prior_run, priors=priors_of(tiny_model), command="afterfall forecast tiny", at=24)
    table = prior_run.summary(24)
    lines = {one.code: one for one in outlook.custody[-1].lines}
    assert "detained_dusk-wardens" in lines
    for code, one in lines.items():
        assert one.everyone.median == table["median"].loc[code]
        assert one.everyone.high90 == table["high90"].loc[code]
        for role, spread in one.roles.items():
            stem = "held" if code == "detained" else code
            assert spread.median == table["median"].loc[f"{stem}_{role}"]
    assert any(grid.title.startswith("held in or near") for grid in outlook_grids(outlook))
    content = outlook_json(outlook)
    assert problems(content) == []
    assert list(content["custody"][-1]["by"]) == list(lines)
    assert content["there"]["in_theatre"]["median"] == table["median"].loc["in_theatre"]


def test_the_picture_has_a_panel_for_each_line_and_custodians_share_an_axis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = {"in_theatre": 12_000, "detained_camp": 2000, "detained_prison": 500, "born": 1500}
    monkeypatch.setattr("tests.made_up.outlooks.LABELS", {**LABELS, **{code: f"held: {code}" for code in codes}})
    plain = made_up()
    assert not can_draw_custody(plain)
    outlook = replace(plain, there=tuple(line(code, n, plain.months) for code, n in codes.items()))
    assert can_draw_custody(outlook)
    panels = custody_over_time(outlook).to_dict()["vconcat"][0]["concat"]
    assert len(panels) == len(codes)
    tops = [panel["layer"][0]["encoding"]["y"]["scale"]["domain"][1] for panel in panels]
    assert tops[1] == tops[2] != tops[0]
    assert tops[3] != tops[1]
    svg, png = save_chart(custody_over_time(outlook), tmp_path / "custody", custody_words(outlook))
    assert "Born in the theatre" in svg.read_text(encoding="utf-8")
    assert png.stat().st_size > 10_000
