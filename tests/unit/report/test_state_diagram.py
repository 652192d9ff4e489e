"""The state diagram: nothing left out, no box on another, no curve through a box, and a file that is XML."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from afterfall.case import open_case
from afterfall.model import Model, State, build
from afterfall.report.model.diagram_labels import LETTER_HEIGHT, LETTER_WIDTH, place_labels
from afterfall.report.model.diagram_layout import HEIGHT, WIDTH, Box, boxes, curves, routes
from afterfall.report.model.state_diagram import DEATH, state_diagram
from afterfall.report.model.state_families import Family, families, links


@pytest.fixture(scope="module", params=["tiny", "isis-2017"])
def model(request: pytest.FixtureRequest) -> Model:
    return build(open_case(request.param), horizon=1)


def _alive(model: Model, among: tuple[Family, ...]) -> list:
    return [link for link in links(model.states, model.transitions, among) if among[link.dest].fate != DEATH]


def _samples(path: str) -> list[tuple[float, float]]:
    """Points along SVG path data of cubic segments."""
    numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", path)]
    ends = list(zip(numbers[::2], numbers[1::2], strict=True))
    points = []
    for i in range(0, len(ends) - 1, 3):
        p = ends[i : i + 4]
        for k in range(41):
            t = k / 40
            w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            points.append(tuple(sum(a * q[axis] for a, q in zip(w, p, strict=True)) for axis in (0, 1)))
    return points


def _inside(point: tuple[float, float], box: Box, margin: float = 1.0) -> bool:
    return abs(point[0] - box.x) < box.half_width - margin and abs(point[1] - box.y) < box.half_height - margin


def test_families_hold_every_state_once_and_links_every_move(model: Model) -> None:
    among = families(model.states)
    assert sorted(m for f in among for m in f.members) == sorted(s.label for s in model.states)
    fate = {s.name: (s.stage, s.fate) for s in model.states}
    between = sum(fate[t.source] != fate[t.dest] for t in model.transitions)
    assert sum(link.moves for link in links(model.states, model.transitions, among)) == between


def test_no_box_covers_another_and_all_are_on_the_sheet(model: Model) -> None:
    placed = boxes(families(model.states))
    for a, b in combinations(placed, 2):
        assert abs(a.x - b.x) >= a.half_width + b.half_width or abs(a.y - b.y) >= a.half_height + b.half_height
    assert all(b.half_width < b.x < WIDTH - b.half_width and 90 < b.y < HEIGHT - 100 for b in placed)


def test_no_curve_runs_through_a_box(model: Model) -> None:
    among = families(model.states)
    placed = boxes(among)
    drawn = routes(among, _alive(model, among))
    for route, path in zip(drawn, curves(among, placed, drawn), strict=True):
        for point in _samples(path):
            crossed = [f for f, box in zip(among, placed, strict=True) if _inside(point, box)]
            assert not crossed, (route.labels, crossed)


def test_every_link_is_drawn_alone_or_through_its_frame(model: Model) -> None:
    among = families(model.states)
    alive = _alive(model, among)
    drawn = routes(among, alive)
    alone = {(r.source, r.dest) for r in drawn if not r.frame}
    shared = {(i, r.dest) for r in drawn if r.frame for i, f in enumerate(among) if f.stage == r.frame}
    assert alone | shared == {(link.source, link.dest) for link in alive}
    assert not alone & shared


def test_labels_cover_no_box_and_no_other_label(model: Model) -> None:
    among = families(model.states)
    placed = boxes(among)
    drawn = routes(among, _alive(model, among))
    texts = [route.labels[0] for route in drawn]
    labels = [x for x in place_labels(texts, curves(among, placed, drawn), placed) if x is not None]
    assert len(labels) > len(drawn) / 2
    areas = [Box(x.x, x.y, len(x.text) * LETTER_WIDTH / 2, LETTER_HEIGHT / 2) for x in labels]
    for a, b in [*combinations(areas, 2), *((a, b) for a in areas for b in placed)]:
        assert abs(a.x - b.x) >= a.half_width + b.half_width or abs(a.y - b.y) >= a.half_height + b.half_height


def test_the_file_is_xml_and_names_the_case(model: Model) -> None:
    root = ET.fromstring(state_diagram(model))
    text = " ".join(root.itertext())
    assert model.case.title in text
    assert f"{len(model.states)} states" in text
    assert root.attrib["role"] == "img"


def test_families_without_a_place_take_gaps_until_a_column_is_full() -> None:
    known = [State("a", "in the ranks", "in_ranks", "theatre"), State("k", "killed", "killed", "dead")]
    new = [State(str(i), f"new {i}", f"fate_{i}", "theatre") for i in range(4)]
    placed = boxes(families([*known, *new, State("c", "new", "other", "no_such_stage")]))
    assert all(a.x != b.x or abs(a.y - b.y) >= a.half_height + b.half_height for a, b in combinations(placed, 2))
    assert all(90 < b.y < HEIGHT - 100 for b in placed)
