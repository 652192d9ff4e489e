"""What changed between two forecasts of the small case: rows, steps that add up, and what cannot be attributed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.json_schemas import problems

from afterfall.case import Case, case_hash, open_case
from afterfall.case.dates import PartialDate
from afterfall.report.brief.changes_section import changes_section
from afterfall.report.changes import change_tables as tables
from afterfall.report.changes.attribution import orders_of, states_of, steps_of_mean, steps_of_median
from afterfall.report.changes.between_runs import Changes, changes_between
from afterfall.report.changes.case_differences import exchanged, row_changes
from afterfall.report.changes.changes_json import changes_json
from afterfall.report.changes.changes_picture import changes_picture
from afterfall.report.changes.forecast_side import ForecastSide, side_of
from afterfall.run import Run, SettingError, forecast

OLD, NEW = "2015-06-30", "2016-01-31"


def side(case: Case, trajectories: int = 30, **settings: object) -> ForecastSide:
    run = forecast(case, trajectories=trajectories, horizon=36, seed=5, draws="prior", **settings)  # type: ignore[arg-type]
    return side_of(run, None, "prior", "case")


@pytest.fixture(scope="module")
def old() -> ForecastSide:
    return side(open_case("tiny", as_of=OLD))


@pytest.fixture(scope="module")
def new() -> ForecastSide:
    return side(open_case("tiny", as_of=NEW))


@pytest.fixture(scope="module")
def found(old: ForecastSide, new: ForecastSide) -> Changes:
    rest = frozenset({"rest-of-territory/1", "rest-of-territory/2"})
    return changes_between(old, new, rest, country="arda", simulations=30)


def test_rows_published_in_between_are_new() -> None:
    rows = row_changes(open_case("tiny", as_of=OLD), open_case("tiny", as_of=NEW), "arda")
    assert {group: [(one.name, one.what) for one in changed] for group, changed in rows.items()} == {
        "events": [("harbour lost 2015-11-20", "new")],
        "figures/world-2015-12": [("world-2015-12", "new")],
        "rest": [("leaving.mover 2016-01", "new")],
    }


def test_exchanging_nothing_is_the_old_case_and_everything_the_new_one() -> None:
    old, new = open_case("tiny", as_of=OLD), open_case("tiny", as_of=NEW)
    rows = row_changes(old, new, None)
    assert case_hash(exchanged(old, new, rows, frozenset(), old.as_of)) == case_hash(old)
    assert case_hash(exchanged(old, new, rows, frozenset(rows), new.as_of)) == case_hash(new)
    half = exchanged(old, new, rows, frozenset({"events"}), new.as_of)
    assert half.holding_events == new.holding_events
    assert half.figures == old.figures


def test_a_figure_that_changed_is_one_row_with_both_values() -> None:
    old = open_case("tiny", as_of=OLD)
    first = old.figures[0]
    new = replace(old, figures=(replace(first, value=first.value + 1), *old.figures[1:]))
    ((group, (one,)),) = row_changes(old, new, None).items()
    assert (group, one.what) == (f"figures/{first.figure}", "changed")
    assert one.before == first
    assert exchanged(old, new, {group: (one,)}, frozenset(), old.as_of).figures == old.figures


def test_steps_telescope_in_each_order_and_are_averaged() -> None:
    orders = orders_of(["time"], ["a", "b"])
    table = {(): 1.0, ("time",): 2.0, ("a", "time"): 5.0, ("b", "time"): 3.0, ("a", "b", "time"): 10.0}
    values = {frozenset(state): np.full(4, level) for state, level in table.items()}
    assert set(values) == {state for order in orders for state in states_of(order)}
    by = {step.cause: step.value for step in steps_of_mean(values, orders)}
    assert by == {"time": 1.0, "a": (3.0 + 7.0) / 2, "b": (5.0 + 1.0) / 2}
    medians = {step.cause: step.value for step in steps_of_median(values, orders, name="x", seed=1)}
    assert medians == by


def test_the_error_of_a_step_is_that_of_paired_differences() -> None:
    before, after = np.array([0.0, 10.0, 20.0]), np.array([1.0, 12.0, 24.0])
    (step,) = steps_of_mean({frozenset(): before, frozenset({"x"}): after}, (("x",),))
    assert step.value == pytest.approx(7 / 3)
    assert step.error == pytest.approx(np.std([1.0, 2.0, 4.0], ddof=1) / np.sqrt(3))


def test_steps_of_a_real_change_add_up(found: Changes) -> None:
    assert found.problem == ""
    assert found.causes == ("time", "events", "figures/world-2015-12", "rest")
    assert found.simulations == 30
    for one in found.judged:
        assert sum(step.value for step in one.chance_steps) == pytest.approx(one.moved)
        assert one.chance_rest == pytest.approx(0.0)
        whole = one.new.number.median - one.old.number.median
        assert sum(step.value for step in one.number_steps) == pytest.approx(whole)
    assert any(abs(step.value) > 0 for one in found.judged for step in one.chance_steps if step.cause == "events")


def test_both_forecasts_are_asked_about_the_same_dates(found: Changes, old: ForecastSide, new: ForecastSide) -> None:
    one = next(change for change in found.judged if change.headline.key == "returned")
    assert one.headline.since == new.run.as_of
    returned = np.asarray(old.run.quantity("returned", "arda").sel(origin_month=[6, 30]).values)
    assert one.old.chance == ((returned[:, 1] - returned[:, 0]) >= one.headline.least).mean()


def test_more_simulations_than_the_steps_have_are_shown_as_a_rest(old: ForecastSide, new: ForecastSide) -> None:
    found = changes_between(old, new, frozenset(), country=None, simulations=10)
    assert found.simulations == 10
    for one in found.judged:
        assert sum(step.value for step in one.chance_steps) + one.chance_rest == pytest.approx(one.moved)


def test_one_added_figure_is_the_cause_by_name(old: ForecastSide) -> None:
    case = old.case
    assert case is not None
    last = case.figures_of("returned", place="arda")[-1]
    more = replace(
        last, figure="arda-returned-more", value=3 * last.value, high=3 * last.high, refers_to=PartialDate("2015-06")
    )
    found = changes_between(
        old, side(replace(case, figures=(*case.figures, more))), frozenset(), country="arda", simulations=30
    )
    assert found.causes == ("own_figures/arda-returned-more",)
    assert "the figure “returned, arda" in tables.changes_headline(found)[0]
    assert found.uses["arda-returned-more"].startswith("start 1.00")
    assert any(step.value != 0 for one in found.judged for step in one.number_steps)


def test_the_same_forecast_twice_says_that_nothing_differs(old: ForecastSide) -> None:
    found = changes_between(old, old, frozenset(), country=None, simulations=30)
    assert found.causes == ()
    assert "Nothing differs" in tables.changes_headline(found)[0]


def test_runs_that_differ_only_by_code_say_so(old: ForecastSide) -> None:
    stored = replace(old.run, request=replace(old.request, code_hash="0" * 16))
    found = changes_between(side_of(stored, None, "prior", "case"), old, frozenset(), country=None, simulations=30)
    assert found.causes == ("version",)
    assert "differ only by the version of the program" in tables.changes_headline(found)[0]


def test_an_edited_case_is_not_attributed_and_says_what_to_give(old: ForecastSide, new: ForecastSide) -> None:
    stored: Run = replace(old.run, request=replace(old.request, case_hash="0" * 16), model=None)
    found = changes_between(side_of(stored, None, "prior", "old_case"), new, frozenset(), country=None, simulations=30)
    assert "--old-case" in found.problem
    assert found.simulations == 0
    assert found.judged
    assert all(not one.chance_steps for one in found.judged)


def test_an_old_forecast_of_a_later_day_is_refused(old: ForecastSide, new: ForecastSide) -> None:
    with pytest.raises(SettingError, match="the other way round"):
        changes_between(new, old, frozenset(), country=None, simulations=30)


def test_what_is_shown_agrees_with_the_schema_and_draws(found: Changes) -> None:
    assert problems(changes_json(found, "afterfall changes a b")) == []
    assert changes_picture(found, "afterfall changes a b").startswith("<svg")
    section = changes_section(found)
    assert section.title == "What changed since 30 Jun 2015"
    assert "What differs: time passed without news" in str(section.blocks)
