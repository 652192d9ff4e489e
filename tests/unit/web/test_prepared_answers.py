"""Prepared answers answer to plain views alone, by any spelling of a place, and are not used once they are stale."""

from __future__ import annotations

import json
import lzma
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from afterfall.web.meta_answer import meta_answer
from afterfall.web.prepared_answers import DOUBT, PreparedAnswers, PreparedVintage, fingerprint
from afterfall.web.view_state import ViewQuery

ONE = PreparedVintage("tiny", "2015-06-30", True, 100, "abc", True, True, "tiny@2015-06-30.json.xz")


@pytest.fixture
def prepared(tmp_path: Path) -> PreparedAnswers:
    origins = [{"code": "arda", "name": "Arda", "spellings": ["ardaland"]}]
    content: dict[str, object] = {
        "vintage|WLD": {"origins": origins},
        "forecast|WLD": {"a": 1},
        "forecast|arda": {"a": 2},
        "track|": {"b": 3},
    }
    content |= {"track-revealed|": {"b": 4}, "brief.html|arda": "<p>brief</p>"}
    content["flows|WLD"] = {"stamp": {"notes": []}}
    (tmp_path / ONE.file).write_bytes(lzma.compress(json.dumps(content).encode()))
    index = {"fingerprint": "x", "vintages": [asdict(ONE)]}
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return PreparedAnswers.of(tmp_path)


@pytest.mark.parametrize(
    ("kind", "state", "expected"),
    [
        ("forecast", {}, b'{"a":1}'),
        ("forecast", {"as_of": "2015-06-30"}, b'{"a":1}'),
        ("forecast", {"focus": "ARDA"}, b'{"a":2}'),
        ("forecast", {"focus": "ardaland"}, b'{"a":2}'),
        ("forecast", {"simulations": 100}, b'{"a":1}'),
        ("track", {"focus": "arda"}, b'{"b":3}'),
        ("track-revealed", {"focus": "arda", "reveal": True}, b'{"b":4}'),
        ("brief.html", {"focus": "arda"}, b"<p>brief</p>"),
        ("forecast", {"as_of": "2015-01-31"}, None),
        ("forecast", {"simulations": 200}, None),
        ("forecast", {"horizon": 24}, None),
        ("forecast", {"seed": 1}, None),
        ("forecast", {"words": "phia"}, None),
        ("forecast", {"given": ["merger x"]}, None),
        ("forecast", {"assume": ["x=1"]}, None),
        ("why", {}, None),
        ("forecast", {"focus": "brom"}, None),
    ],
)
def test_plain_views_are_answered(
    prepared: PreparedAnswers, kind: str, state: dict[str, object], expected: bytes | None
) -> None:
    assert prepared.answer(kind, ViewQuery.model_validate({"case": "tiny", **state})) == expected


def test_a_stale_vintage_is_used_no_more(prepared: PreparedAnswers) -> None:
    prepared.compare(ONE, "case", "abc")
    assert prepared.answer("forecast", ViewQuery(case="tiny")) is not None
    prepared.compare(ONE, "case", "another")
    assert prepared.answer("forecast", ViewQuery(case="tiny")) is None
    tiny = next(one for one in meta_answer(prepared, {}, "").cases if one.name == "tiny")
    assert not any(one.prepared for one in tiny.vintages)


def test_a_vintage_in_doubt_says_so_until_it_is_checked(prepared: PreparedAnswers) -> None:
    view = ViewQuery(case="tiny")
    assert json.loads(prepared.answer("flows", view) or b"")["stamp"]["notes"] == [DOUBT]
    prepared.compare(ONE, "case", "abc")
    assert json.loads(prepared.answer("flows", view) or b"")["stamp"]["notes"] == []


def test_the_list_names_what_is_prepared(prepared: PreparedAnswers) -> None:
    found = meta_answer(prepared, {}, "0.1")
    assert [one.name for one in found.cases][:2] == ["isis", "isis-2017"]
    (vintage,) = next(one for one in found.cases if one.name == "tiny").vintages
    assert (vintage.as_of, vintage.label, vintage.prepared, vintage.simulations) == (
        "2015-06-30",
        "30 Jun 2015",
        True,
        100,
    )


def test_a_folder_without_an_index_prepares_nothing(tmp_path: Path) -> None:
    assert PreparedAnswers.of(tmp_path).answer("forecast", ViewQuery(case="tiny")) is None


def test_the_fingerprint_is_of_what_numbers_are_made_from() -> None:
    assert len(fingerprint()) == 16
    assert not PreparedAnswers.none().fresh(ONE)
    assert PreparedAnswers.none().fresh(replace(ONE, made_from=fingerprint()))
