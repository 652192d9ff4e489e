"""Pictures drawn by hand: as many dots as chances, bands in their order, ribbons as high as their people."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.outlooks import made_up

from afterfall.report.forecast.alluvial import COLUMNS, HEIGHT, alluvial, gathered
from afterfall.report.forecast.outlook import DOTS, Outlook
from afterfall.report.forecast.svg_charts import DOT, FAN_WIDTH, fan, pathway_dots, ticks
from afterfall.report.kit.number_formats import interval, two_figures

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def outlook() -> Outlook:
    return made_up("CAN", scale=0.01)


def parts(svg: str, tag: str) -> list[ET.Element]:
    return ET.fromstring(svg).findall(f".//{SVG}{tag}")


def said(svg: str) -> str:
    return " ".join(e.text or "" for e in parts(svg, "text"))


def test_every_pathway_has_its_dots_its_letter_and_its_figures(outlook: Outlook) -> None:
    svg = pathway_dots(outlook)
    assert len(parts(svg, "circle")) == DOTS * len(outlook.pathways)
    words = said(svg)
    for one in outlook.pathways:
        assert two_figures(one.then.median) in words
        assert interval(one.then.low90, one.then.high90) in words
    assert {e.text for e in parts(svg, "text")} >= set("DIROA")
    assert f"median {two_figures(outlook.pathways[0].then.median)}" in ET.fromstring(svg).attrib["aria-label"]


def test_no_two_dots_of_a_row_hide_each_other(outlook: Outlook) -> None:
    for colour in {e.attrib["fill"] for e in parts(pathway_dots(outlook), "circle")}:
        row = [e for e in parts(pathway_dots(outlook), "circle") if e.attrib["fill"] == colour]
        places = [(float(e.attrib["cx"]), float(e.attrib["cy"])) for e in row]
        assert len(set(places)) == len(places)
        columns = sorted({x for x, _ in places})
        assert all(b - a > 0.9 * DOT for a, b in itertools.pairwise(columns))


@pytest.mark.parametrize("scale", [0.0, 1e-5])
def test_hardly_anyone_can_be_drawn(scale: float) -> None:
    nobody = made_up("CAN", scale=scale)
    assert len(parts(pathway_dots(nobody), "circle")) == DOTS * len(nobody.pathways)
    alluvial(nobody)


def test_a_fan_has_two_bands_and_ends_in_its_figures() -> None:
    months = tuple(range(0, 61, 3))
    quantiles = np.outer([1.0, 2.0, 3.0, 5.0, 9.0], np.linspace(10, 40, len(months)))
    svg = fan(months, quantiles, 2017.12, "#3a6db0", "Returns.")
    outer, inner = (
        np.array(re.findall(r"([\d.]+),([\d.]+)", e.attrib["points"]), float) for e in parts(svg, "polygon")
    )
    assert np.ptp(outer[:, 1]) > np.ptp(inner[:, 1])
    assert outer[:, 0].max() < FAN_WIDTH
    words = said(svg)
    assert "120" in words
    assert "40–360" in words
    assert [y for y in ("2018", "2019", "2020", "2021", "2022") if y in words]


@pytest.mark.parametrize(("top", "expected"), [(110, [0, 50, 100]), (4.2, [0, 1, 2, 3, 4]), (0.4, [0]), (17000, 4)])
def test_ticks_are_round(top: float, expected: list[int] | int) -> None:
    found = ticks(top)
    assert found == expected if isinstance(expected, list) else len(found) == expected
    assert found[-1] <= top


def test_columns_of_the_alluvial_hold_the_same_people(outlook: Outlook) -> None:
    svg = alluvial(outlook)
    heights = {x: [float(e.attrib["height"]) for e in parts(svg, "rect") if float(e.attrib["x"]) == x] for x in COLUMNS}
    assert [len(h) for h in heights.values()] == [1, len(gathered(outlook)), len(outlook.pathways) + len(outlook.fates)]
    everyone = heights[COLUMNS[0]][0]
    assert everyone < HEIGHT
    for column in heights.values():
        assert sum(column) == pytest.approx(everyone, abs=0.7 * len(column))


def test_a_fate_of_no_place_is_elsewhere(outlook: Outlook) -> None:
    strange = replace(outlook.fates[0], code="somewhere_new")
    places = dict(gathered(replace(outlook, fates=(strange, *outlook.fates[1:]))))
    assert strange in places["elsewhere"]
