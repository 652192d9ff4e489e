"""The map and the timeline: every place is on them, classes are those of the numbers, and the files are whole SVG."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from tests.made_up.outlooks import made_up

from afterfall.report.forecast.organisation_outlook import (
    OrganisationOutlook,
    OrganisationsOutlook,
    PlaceOutlook,
)
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.forecast.spread_map import (
    CHANCES,
    CLASSES,
    can_map,
    centre,
    chance_class,
    class_of,
    outlines,
    spread_map,
    too_wide,
)
from afterfall.report.forecast.spread_timeline import shade, spread_timeline
from afterfall.report.kit.spread import Range
from afterfall.report.kit.theme import look

MONTHS = 61


def organisation() -> OrganisationOutlook:
    now, then = Range(20000, 12000, 31000), Range(9000, 1000, 60000)
    return OrganisationOutlook("isis", "ISIS", "core", "theatre", False, True, now, then, 9500.0, 1.0, 0.2, 0.3, 0.1)


def place(code: str, label: str, *, new: bool, chance: float, strength: Range) -> PlaceOutlook:
    by_month = tuple(chance * m / (MONTHS - 1) for m in range(MONTHS)) if new else (1.0,) * MONTHS
    nan = float("nan")
    return PlaceOutlook(code, label, new, chance, 30.0, strength, Range(5, 0, 50), nan, nan, by_month, chance, by_month)


@pytest.fixture
def outlook() -> Outlook:
    places = (
        place("LBY", "Libya", new=False, chance=1.0, strength=Range(2000, 1500, 4000)),
        place("TUN", "Tunisia", new=False, chance=1.0, strength=Range(200, 20, 3000)),
        place("JOR", "Jordan", new=True, chance=0.64, strength=Range(24, 0, 600)),
        place("elsewhere", "Elsewhere", new=True, chance=0.2, strength=Range(0, 0, 90)),
    )
    count = Range(13, 12, 16)
    return replace(made_up(), organisations=OrganisationsOutlook((organisation(),), places, (), (), (), count, count))


def test_outlines_are_whole_rings_of_the_earth() -> None:
    world = outlines()
    assert len(world) > 170
    assert {"MLI", "IRQ", "XKX", "ESH", "SSD"} <= set(world)
    for rings in world.values():
        for ring in rings:
            assert len(ring) % 2 == 0
            assert len(ring) >= 8
            assert all(-180.1 <= x <= 180.1 for x in ring[::2])
            assert all(-90.1 <= y <= 90.1 for y in ring[1::2])
    assert centre("MLI") == pytest.approx((-3.5, 17.3), abs=1.0)


@pytest.mark.parametrize(
    ("people", "words"), [(0, "fewer than 10"), (10, "10 to 99"), (999, "100 to 999"), (5e4, "10,000 or more")]
)
def test_classes(people: float, words: str) -> None:
    assert CLASSES[class_of(people)][1] == words


def test_chances_and_widths() -> None:
    assert [CHANCES[chance_class(p)][1] for p in (0.0, 0.1, 0.3, 0.9)] == [words for _, words in CHANCES]
    assert too_wide(Range(200, 20, 3000))
    assert not too_wide(Range(2000, 1500, 4000))
    assert shade(0.0) != shade(0.06) != shade(0.6)


def test_the_map_draws_each_place_in_its_class(outlook: Outlook) -> None:
    assert can_map(outlook)
    text = spread_map(outlook, ("IRQ", "SYR"))
    root = ET.fromstring(text)
    words = [e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text")]
    for code in ("LBY", "TUN", "JOR 64%", "IRQ core", "SYR core"):
        assert code in words
    assert text.count('fill="url(#hatch)"') == 2, "Tunisia and the legend; the core's reaches over two classes only"
    assert text.count("stroke-dasharray") == 1, "Jordan alone is new"
    assert outlook.stamp.source_line() in " ".join(words)
    (outside,) = (w for w in words if w.startswith("Not in the frame"))
    assert "Elsewhere" in outside
    assert "Jordan" not in outside
    assert any("in 1 of 1 new places" in w for w in words), "what is not on the map is not counted in its title"


def test_a_case_off_the_map_has_none(outlook: Outlook) -> None:
    assert outlook.organisations is not None
    made = replace(outlook.organisations, places=outlook.organisations.places[3:])
    assert not can_map(replace(outlook, organisations=made))
    assert not can_map(made_up())


def test_the_timeline_has_a_row_a_place(outlook: Outlook) -> None:
    text = spread_timeline(outlook)
    root = ET.fromstring(text)
    words = [e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text")]
    rows = [w for w in words if w in ("Libya", "Tunisia", "Jordan", "Elsewhere")]
    assert rows == ["Libya", "Tunisia", "Jordan", "Elsewhere"]
    assert text.count(f'fill="{look().there}"') == 3, "two places that have one, and the legend"
    assert any(w.startswith("Jordan is the likeliest place for a first presence") for w in words)
    assert {"2018", "2019", "2020", "2021", "2022"} <= set(words)


def test_the_likeliest_place_is_one_with_a_name(outlook: Outlook) -> None:
    assert outlook.organisations is not None
    *named, _ = outlook.organisations.places
    rest = place("elsewhere", "Elsewhere", new=True, chance=0.9, strength=Range(0, 0, 90))
    text = spread_timeline(replace(outlook, organisations=replace(outlook.organisations, places=(*named, rest))))
    assert "Jordan is the likeliest place for a first presence: 64 in 100" in text
