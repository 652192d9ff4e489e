"""Numbers that commands print today are those stored in the repository, unless a change says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.regression.stored_numbers import COMMANDS, HOW_TO_RENEW, STORED, changes, flat, in_words, numbers_now, read


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.mark.parametrize("name", COMMANDS)
def test_numbers_are_those_stored(name: str, runs: Path) -> None:
    found = changes(read(name), numbers_now(name, runs))
    assert not found, in_words(name, found) + HOW_TO_RENEW


def test_every_stored_file_belongs_to_a_command_and_holds_numbers() -> None:
    assert {path.stem for path in STORED.glob("*.json")} == set(COMMANDS)
    assert all(len(dict(flat(read(name)))) >= 20 for name in COMMANDS)


def test_every_change_is_told_with_its_size() -> None:
    stored = {"a": {"mean": 2.0, "median": None}, "b": 5, "row": "1, 2"}
    assert changes(stored, stored) == []
    assert changes(stored, {**stored, "b": 5 * (1 + 1e-12)}) == []
    now = {"a": {"mean": 2.1, "median": 3.0}, "c": 1, "row": "1, 3"}
    assert changes(stored, now) == [
        "a.mean: stored 2.0, now 2.1 (+5.00%)",
        "a.median: stored None, now 3.0",
        "b: no longer there (stored 5)",
        "c: new (1)",
        "row: stored 1, 2, now 1, 3",
    ]
    assert changes({"zero": 0.0}, {"zero": 1e-300}) == ["zero: stored 0.0, now 1e-300"]
