"""Expert statements: the bundled file, what a bad file is told, and how words become a distribution."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from afterfall.evaluate.experts.statement_distributions import probability, shares
from afterfall.evaluate.experts.statements import (
    COLUMNS,
    KINDS,
    Statement,
    StatementError,
    bundled_statements,
    parse_statements,
    read_statements,
)
from afterfall.report.kit.likelihood_words import ICD203

TERMS = {t.text: (t.low, t.high) for t in ICD203.terms}
SELECTION = Path(__file__).parents[3] / "scripts/isis_2017/statements.csv"
ROW = {
    "statement": "one",
    "who": "A desk (a bureau)",
    "published": "2015-07-15",
    "claim": "most come back",
    "kind": "share",
    "quantity": "returned",
    "about": "arda",
    "wording": "most",
    "read_as": "almost certain",
    "low": "0.5",
    "high": "1",
    "source": "a paper",
    "url": "https://example.org",
}


def text(*rows: dict[str, str]) -> str:
    lines = [",".join(COLUMNS), *(",".join(row.get(c, "") for c in COLUMNS) for row in rows)]
    return "\n".join(lines) + "\n"


def made(**changed: str) -> Statement:
    return parse_statements(text(ROW | changed), "made.csv", TERMS)[0]


def test_bundled_statements_are_all_read_and_none_is_silent() -> None:
    found = bundled_statements("isis-2017", TERMS)
    assert len(found) > 45
    assert all(bool(one.kind) != bool(one.reason) for one in found)
    assert {one.kind for one in found if one.kind} == set(KINDS)
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert all(dt.date(2014, 1, 1) <= one.day <= dt.date(2018, 12, 31) for one in found if one.kind)
    assert all(one.source for one in found)


def test_the_file_says_what_the_selection_says() -> None:
    with SELECTION.open(encoding="utf-8", newline="") as handle:
        selected = {row["statement"]: row for row in csv.DictReader(handle)}
    found = bundled_statements("isis-2017", TERMS)
    assert {one.statement for one in found} == set(selected)
    for one in found:
        row = selected[one.statement]
        assert (one.claim, one.kind, one.wording, one.read_as) == (
            row["claim"],
            row["kind"],
            row["wording"],
            row["read_as"],
        )
        assert (one.reason, " ".join(one.about)) == (row["reason"], row["about"])


def test_a_case_without_statements_has_none() -> None:
    assert bundled_statements("tiny", TERMS) == ()


def test_all_problems_are_told_at_once_with_their_rows() -> None:
    bad = text(
        ROW | {"kind": "shares", "read_as": "perhaps"},
        ROW | {"statement": "two", "low": "0.7", "high": "0.2", "quantity": "happy", "stock": "many"},
        ROW | {"statement": "three", "published": "soon", "about": ""},
        ROW | {"statement": "four", "kind": ""},
    )
    with pytest.raises(StatementError) as told:
        parse_statements(bad, "mine.csv", TERMS)
    for words in (
        "mine.csv row 2, kind: found 'shares'",
        "did you mean 'share'?",
        "row 2, read_as: found 'perhaps'",
        "row 3, low: found 0.7 to 0.2",
        "row 3, quantity: found 'happy'",
        "row 3, stock: found 'many'",
        "row 4, published",
        "row 4, about",
        "row 5, reason",
    ):
        assert words in str(told.value)


def test_a_name_stands_once_and_columns_are_needed(tmp_path: Path) -> None:
    with pytest.raises(StatementError, match="row 2, statement: found 'one'"):
        parse_statements(text(ROW, ROW), "mine.csv", TERMS)
    with pytest.raises(StatementError, match="found no column who"):
        parse_statements("statement\none\n", "mine.csv", TERMS)
    with pytest.raises(StatementError, match="nowhere"):
        read_statements(tmp_path / "nowhere.csv", TERMS)


def test_a_term_is_the_middle_of_its_range() -> None:
    assert probability(made(read_as="likely"), TERMS) == pytest.approx(0.675)
    assert probability(made(read_as="almost certain"), TERMS) == pytest.approx(0.97)


@pytest.mark.parametrize(
    ("low", "high", "chance"), [(0.5, 1.0, 0.97), (0.0, 0.4, 0.97), (0.4, 1.0, 0.3), (0.2, 0.6, 0.9)]
)
def test_shares_hold_their_probability_and_are_even_on_both_sides(low: float, high: float, chance: float) -> None:
    drawn = shares(low, high, chance, 10_000)
    inside = (drawn > low) & (drawn < high)
    assert inside.mean() == pytest.approx(chance, abs=2e-4)
    assert drawn[inside].mean() == pytest.approx((low + high) / 2, abs=1e-3)
    assert (np.diff(drawn) > 0).all()
    assert drawn.min() >= 0
    assert drawn.max() <= 1


def test_a_statement_of_all_shares_says_nothing() -> None:
    assert shares(0.0, 1.0, 0.97, 4) == pytest.approx([0.125, 0.375, 0.625, 0.875])
