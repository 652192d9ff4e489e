"""The as-of cut: what was published later changes nothing, and nothing that was public is lost.

The property is tried on the small case with any rows published later put in, altered or taken out, at any as-of date; a
cut that trusts the first day of a partial date, or keeps an end not yet known, must fail it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from importlib import import_module, resources
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from afterfall.case import Campaign, Case, Neighbour, PartialDate, Region, Source, case_hash, cut, read_case
from afterfall.case.schema import TABLES, Table

SIEGE = Campaign(
    campaign="siege",
    holding="harbour",
    by="army of Dusk",
    start=PartialDate("2014-10-05"),
    end=PartialDate("2015-11-20"),
    published=PartialDate("2014-10-05"),
    source="lesson-field",
    grade="C3",
)
WHOLE = replace(read_case(resources.files("afterfall.case").joinpath("data", "tiny")), campaigns=(SIEGE,))
CUT = import_module("afterfall.case.cut")  # the package gives its name to the function
DATED = [t for t in TABLES if t.dated and getattr(WHOLE, t.attribute)]
AS_OF = dt.date(2015, 6, 30)
AS_OFS = st.dates(min_value=dt.date(2013, 3, 1), max_value=dt.date(2016, 12, 31))
NEW = st.sampled_from(["new-1", "new-2", "arda", "harbour", "dusk-league", "cern", "world-2014-01"])
FEW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def later_dates(as_of: dt.date) -> st.SearchStrategy[PartialDate]:
    """Dates that count as later than `as_of`, those of a year or month that began before it included."""
    days = st.dates(min_value=as_of + dt.timedelta(days=1), max_value=dt.date(2020, 12, 31))
    exact = days.map(lambda d: PartialDate(d.isoformat()))
    coarse = st.tuples(st.just(as_of) | days, st.sampled_from([4, 7])).map(
        lambda x: PartialDate(x[0].isoformat()[: x[1]])
    )
    return exact | coarse.filter(lambda d: d.last_day > as_of)


@st.composite
def later_records(draw: st.DrawFn, table: Table, as_of: dt.date) -> Any:
    """A record of a table, published later, with any other cells changed."""
    record = draw(st.sampled_from(getattr(WHOLE, table.attribute)))
    changes: dict[str, Any] = {"published": draw(later_dates(as_of))}
    for column in table.columns:
        if column.name != "published" and draw(st.booleans()):
            changes[column.name] = draw(_cells(column.kind, column.words))
    return replace(record, **changes)


def _cells(kind: str, words: tuple[str, ...]) -> st.SearchStrategy[Any]:
    by_kind: dict[str, st.SearchStrategy[Any]] = {
        "word": st.sampled_from(words or ("",)),
        "date": st.dates(dt.date(2010, 1, 1), dt.date(2020, 1, 1)).map(lambda d: PartialDate(d.isoformat())),
        "number": st.integers(0, 1000).map(float),
        "integer": st.integers(1900, 2100),
        "yes_no": st.booleans(),
    }
    return by_kind.get(kind, NEW)


@st.composite
def cases_that_differ_later(draw: st.DrawFn, as_of: dt.date) -> Case:
    """The small case with any rows published after `as_of` added or taken out, in any order of rows."""
    tables: dict[str, Any] = {}
    for table in DATED:
        rows = [r for r in getattr(WHOLE, table.attribute) if r.published.last_day <= as_of or draw(st.booleans())]
        rows += draw(st.lists(later_records(table, as_of), max_size=2))
        tables[table.attribute] = tuple(draw(st.permutations(rows)) if len(rows) < 6 else rows[::-1])
    known = {h.holding for h in WHOLE.holdings if h.published.last_day <= as_of}
    new = sorted({h.holding for h in tables["holdings"]} - known)
    pairs = tuple(Neighbour(holding=h, neighbour="harbour", km=1.0) for h in new)
    source = Source(source="new-source", title="New", publisher="New", published=PartialDate("2013"))
    return replace(
        WHOLE,
        **tables,
        neighbours=WHOLE.neighbours + pairs,
        sources=(*WHOLE.sources, source),
        regions=(Region(region="new-region", name="New"), *WHOLE.regions),
    )


def differences(one: Case, other: Case) -> dict[str, tuple[Any, Any]]:
    """Fields in which two cases differ."""
    names = [f.name for f in fields(one)]
    return {n: (getattr(one, n), getattr(other, n)) for n in names if getattr(one, n) != getattr(other, n)}


@FEW
@given(st.data())
def test_nothing_published_later_changes_a_cut_case_or_its_hash(data: st.DataObject) -> None:
    as_of = data.draw(AS_OFS)
    other = data.draw(cases_that_differ_later(as_of))
    assert differences(cut(other, as_of), cut(WHOLE, as_of)) == {}
    assert case_hash(cut(other, as_of)) == case_hash(cut(WHOLE, as_of))


@FEW
@given(AS_OFS, AS_OFS)
def test_cutting_twice_is_cutting_at_the_earlier_day(one: dt.date, other: dt.date) -> None:
    early, late = sorted((one, other))
    assert cut(cut(WHOLE, late), early) == cut(WHOLE, early)


@FEW
@given(AS_OFS)
def test_a_cut_case_holds_no_later_date_and_every_name_it_uses(as_of: dt.date) -> None:
    case = cut(WHOLE, as_of)
    names = {t.attribute: {getattr(r, t.name_column) for r in getattr(case, t.attribute)} for t in TABLES}
    for table in DATED:
        for record in getattr(case, table.attribute):
            assert record.published.last_day <= as_of
            for column in (c for c in table.columns if c.refers not in (None, "places")):
                assert getattr(record, column.name) in names[column.refers] | {""}  # type: ignore[index]
    assert all(e.date.last_day <= as_of for e in case.holding_events)
    ends = [r.end for r in case.policies] + [o.ended for o in case.organisations]
    assert all(end is None or end.last_day <= as_of for end in ends)


@FEW
@given(st.data())
def test_every_cell_of_a_public_row_is_in_the_hash(data: st.DataObject) -> None:
    case = cut(WHOLE, AS_OF)
    table = data.draw(
        st.sampled_from(
            [
                t
                for t in TABLES
                if t.attribute not in ("sources", "regions", "neighbours") and getattr(case, t.attribute)
            ]
        )
    )
    records = getattr(case, table.attribute)
    row = data.draw(st.integers(0, len(records) - 1))
    column = data.draw(st.sampled_from([c for c in table.columns if c.kind == "number" or c.name in ("name", "note")]))
    value = "changed" if column.kind == "text" else 17.125
    changed = (*records[:row], replace(records[row], **{column.name: value}), *records[row + 1 :])
    assert case_hash(replace(case, **{table.attribute: changed})) != case_hash(case)


def test_the_hash_does_not_depend_on_where_a_row_stood() -> None:
    moved = {t.attribute: tuple(replace(r, where=None) for r in reversed(getattr(WHOLE, t.attribute))) for t in TABLES}
    assert case_hash(replace(WHOLE, **moved)) == case_hash(WHOLE) == case_hash(cut(WHOLE, AS_OF))
    assert len(case_hash(WHOLE)) == 16


@pytest.mark.parametrize("field", ["id", "title", "as_of", "mobilisation", "core", "description", "licence"])
def test_what_a_case_says_of_itself_is_in_the_hash(field: str) -> None:
    assert field in {f.name for f in fields(WHOLE)}
    change: dict[str, Any] = {field: "free-column" if field == "core" else "changed"}
    if field in ("as_of", "mobilisation"):
        change = {field: getattr(WHOLE, field) - dt.timedelta(days=1)}
    assert case_hash(replace(WHOLE, **change)) != case_hash(WHOLE)


def fails(test: Any, strategy: st.SearchStrategy[Any]) -> bool:
    """Whether a property fails; the example that breaks it is not made smaller."""
    tried = settings(FEW, phases=[Phase.generate])(given(strategy)(test.hypothesis.inner_test))
    try:
        tried()
    except AssertionError:
        return True
    return False


class TestPlantedMistakes:
    """Cuts that are wrong in one line fail the property."""

    def test_first_day_for_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CUT, "_public", lambda records, day: [r for r in records if r.published.first_day <= day])
        assert fails(test_nothing_published_later_changes_a_cut_case_or_its_hash, st.data())

    def test_sources_that_only_later_rows_use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CUT, "_only_used", lambda tables: tables)
        assert fails(test_nothing_published_later_changes_a_cut_case_or_its_hash, st.data())

    def test_rows_in_the_order_of_the_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CUT, "_sorted", lambda records, _: tuple(records))
        assert fails(test_nothing_published_later_changes_a_cut_case_or_its_hash, st.data())

    def test_an_end_not_yet_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(CUT, "_if_past", lambda date, _: date)
        assert fails(test_a_cut_case_holds_no_later_date_and_every_name_it_uses, AS_OFS)
