"""Charts: every dot is there and near its value, the figures beside it are the numbers, the frame says what it must."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from tests.made_up.outlooks import made_up

from afterfall.report.forecast.forecast_charts import change, dot_places, dots, fans, finding, in_words
from afterfall.report.forecast.outlook import DOTS, Outlook
from afterfall.report.kit.number_formats import interval, two_figures
from afterfall.report.kit.saving import save_chart
from afterfall.report.kit.theme import look


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    return made_up()


def _values(chart: Any) -> list[list[dict[str, Any]]]:
    """Every data set of a chart."""
    found: list[list[dict[str, Any]]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("data"), dict) and "values" in node["data"]:
                found.append(node["data"]["values"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(chart.to_dict())
    return found


@pytest.mark.parametrize("spread", [0.01, 0.5, 3.0])
def test_every_dot_is_placed_near_its_value_and_none_overlap(spread: float) -> None:
    values = np.sort(np.exp(np.random.default_rng(5).normal(0.0, spread, DOTS)))
    per_pixel = float(values[-1]) / 560
    places = dot_places([float(v) for v in values], per_pixel, diameter=10.0)
    assert len(places) == DOTS
    assert len({(x, h) for x, h in places}) == DOTS
    columns = np.unique([x for x, _ in places])
    assert np.all(np.diff(columns) >= 10.0 * per_pixel * (1 - 1e-9))
    heights = [h for _, h in places]
    assert all(h == 0 or heights[i - 1] == h - 1 for i, h in enumerate(heights))


def test_a_column_stands_where_its_dots_are() -> None:
    assert dot_places([0.0, 4.0, 9.0, 100.0], 1.0, diameter=10.0) == [(4.5, 0), (4.5, 1), (4.5, 2), (100.0, 0)]


def test_a_column_too_close_to_the_last_moves_aside() -> None:
    assert dot_places([0.0, 9.0, 11.0], 1.0, diameter=10.0) == [(4.5, 0), (4.5, 1), (14.5, 0)]


def test_dot_plot_has_twenty_dots_a_pathway_and_the_rarest_twice(outlook: Outlook) -> None:
    fills = [row["fill"] for rows in _values(dots(outlook)) for row in rows if set(row) == {"x", "y", "fill"}]
    counts = {code: fills.count(mark.fill) for code, mark in look().pathways.items()}
    assert counts == {code: DOTS * (2 if code == "dispatch" else 1) for code in look().pathways}


def test_figures_beside_the_dots_are_the_numbers(outlook: Outlook) -> None:
    rows = {row["letter"]: row for rows in _values(dots(outlook)) for row in rows if "letter" in row}
    for line in outlook.pathways:
        row = rows[look().pathways[line.code].letter]
        assert row["median"] == two_figures(line.then.median)
        assert row["90% range"] == interval(line.then.low90, line.then.high90)


def test_fans_end_in_their_figures(outlook: Outlook) -> None:
    texts = {row["text"] for rows in _values(fans(outlook)) for row in rows if "text" in row}
    for line in outlook.pathways:
        assert two_figures(float(line.fan[2, -1])) in texts
        assert interval(float(line.fan[0, -1]), float(line.fan[4, -1])) in texts


def test_fans_share_one_axis_but_for_the_enlarged_panel(outlook: Outlook) -> None:
    domains = [
        json.dumps(panel["layer"][0]["encoding"]["y"]["scale"]["domain"])
        for panel in fans(outlook).to_dict()["vconcat"][0]["concat"]
    ]
    assert len(domains) == 6
    assert len(set(domains[:5])) == 1
    assert domains[5] != domains[0]


def test_titles_state_what_is_found(outlook: Outlook) -> None:
    assert "“stay in the theatre after the fall”" in finding(outlook)
    assert "52 of 100 futures" in finding(outlook)
    assert finding(made_up("CAN")).startswith("Canada, Feb 2022")
    sure = replace(outlook, largest=dict.fromkeys(outlook.largest, 0.0) | {"remain": 1.0})
    assert "in all of 1,000 futures" in finding(sure)
    assert "rises from 1,100 to 7,000" in change(outlook)


@pytest.mark.parametrize("draw", [dots, fans])
def test_the_frame_says_where_the_numbers_come_from(draw: Any, outlook: Outlook) -> None:
    text = json.dumps(draw(outlook).to_dict(), ensure_ascii=False)
    for part in (
        "isis-2017 (ab12cd34)",
        "2017-02-13",
        "seed 20170213",
        "1,000 futures",
        "run 3fa9c1d2e4b5",
        "not fitted",
    ):
        assert part in text


@pytest.mark.parametrize("draw", [dots, fans])
@pytest.mark.parametrize("scale", [0.0, 1e-4])
def test_a_country_with_hardly_anyone_can_be_drawn(draw: Any, scale: float) -> None:
    text = json.dumps(draw(made_up("CAN", scale=scale)).to_dict(), allow_nan=False)
    assert "Canada" in text


def test_pictures_are_written_whole(tmp_path: Path, outlook: Outlook) -> None:
    svg, png = save_chart(dots(outlook), tmp_path / "world.v1-month-60", in_words(outlook))
    assert png.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    text = svg.read_text(encoding="utf-8")
    assert "Dispatched to attack" in text
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    assert "Disengage / return: median 5,200, 90% 2,300–12,000" in root.attrib["aria-label"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["world.v1-month-60.png", "world.v1-month-60.svg"]
