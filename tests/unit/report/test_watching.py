"""What to watch on the small case: counts by hand, refusals, indicators of a case, and a run given what is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.json_schemas import problems

from afterfall.case import PartialDate
from afterfall.case.records import Indicator
from afterfall.case.schema import SIGNAL_QUANTITIES
from afterfall.model import Model
from afterfall.report.headlines.counted import COUNTED
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.watch import watch_tables as tables
from afterfall.report.watch.observable import MOVES
from afterfall.report.watch.seen import checked_seen, given_seen
from afterfall.report.watch.watch_json import watch_json
from afterfall.report.watch.watch_picture import indicator_board
from afterfall.report.watch.watching import FEWEST, WatchList, watch_list
from afterfall.run import Run, SettingError, forecast
from afterfall.run.conditions import ConditionError
from afterfall.run.seen_conditions import read_seen


@pytest.fixture(scope="module")
def run(tiny_model: Model) -> Run:
    return forecast(tiny_model, trajectories=240, seed=11)


@pytest.fixture(scope="module")
def found(run: Run, tiny_model: Model) -> WatchList:
    return watch_list(run, tiny_model, country="arda", month=12)


def test_sides_of_a_fall_are_those_of_the_simulations(found: WatchList, run: Run) -> None:
    one = next(w for w in found.watched if w.signal.key.startswith("harbour falls"))
    lost = np.asarray(run.dataset["lost"].sel(holding="harbour").values) <= 12
    assert (one.seen, one.unseen) == (lost.sum(), (~lost).sum())
    assert one.signal.chance == lost.mean()
    shift = next(s for s in one.shifts if s.headline == "returned")
    headline = found.headline("returned")
    values = headline.values(CountrySimulations(run, "arda"))
    assert shift.seen.number.median == np.quantile(values[lost], 0.5, method="inverted_cdf")
    assert shift.unseen.chance == (values[~lost] >= headline.least).mean()


def test_the_remainder_is_one_indicator_and_all_ground_its_last(found: WatchList, run: Run) -> None:
    falls = {w.signal.key: w.signal.chance for w in found.watched if w.signal.kind == "fall"}
    lost = np.asarray(run.dataset["lost"].values)
    assert set(falls) == {f"{name} by 2016-06-30" for name in ("harbour falls", "rest-of-territory falls", "all fall")}
    assert falls["all fall by 2016-06-30"] == (lost.max(axis=1) <= 12).mean()


def test_the_order_is_that_of_information_and_the_refused_come_last(found: WatchList) -> None:
    spoken = [w.bits for w in found.watched if not w.refused]
    assert spoken == sorted(spoken, reverse=True)
    refused = [w.refused for w in found.watched]
    assert refused == sorted(refused)
    assert any(refused)
    assert all(min(w.seen, w.unseen) < FEWEST for w in found.watched if w.refused)
    assert all(not w.shifts for w in found.watched if w.refused)


def test_a_count_has_both_halves_of_its_forecast(found: WatchList) -> None:
    count = next(w.signal for w in found.watched if w.signal.kind == "count")
    assert len(count.level) == 480
    assert np.bincount(count.trajectory).tolist() == [2] * 240
    assert set(count.level) == {0, 1, 2}


def test_every_signal_can_be_given(found: WatchList, tiny_model: Model) -> None:
    keys = [w.signal.key for w in found.watched if w.signal.kind != "fall"]
    read = [one for key in keys if (one := read_seen(key)) is not None]
    assert len(read) == len(keys)
    assert [one.text for one in checked_seen(read, tiny_model)] == keys


def test_a_run_given_an_indicator_has_the_simulations_that_show_it(
    found: WatchList, run: Run, tiny_model: Model
) -> None:
    one = next(w for w in found.watched if w.signal.key.startswith("escaped WLD"))
    condition = read_seen(one.signal.key)
    assert condition is not None
    given = given_seen(run, tiny_model, [condition])
    assert given.request.trajectories == one.seen
    assert given.conditioned is not None
    assert given.conditioned.note().endswith(f"Effective number {one.seen:.0f} (of 240 simulations).")
    again = watch_list(given, tiny_model, country="arda", month=12)
    shift = next(s for s in one.shifts if s.headline == "returned")
    assert again.headline("returned").values(CountrySimulations(given, "arda")).mean() == pytest.approx(
        found.headline("returned").values(CountrySimulations(run, "arda"))[one.signal.level == 1].mean()
    )
    assert again.now["returned"].number == shift.seen.number


def test_what_few_simulations_show_is_refused(run: Run, tiny_model: Model) -> None:
    condition = read_seen("event split.dusk-league by 2016-06-30")
    assert condition is not None
    with pytest.raises(SettingError, match="expected at least 100"):
        given_seen(run, tiny_model, [condition])


def test_conditions_that_cannot_be_read_are_refused_together(tiny_model: Model) -> None:
    texts = ("event split.dusk-leage by 2016-06-30", "escaped arga at least 1 more by 2016-06-30")
    with pytest.raises(ConditionError) as caught:
        checked_seen([one for text in texts if (one := read_seen(text)) is not None], tiny_model)
    assert len(caught.value.problems) == 2
    assert "split.dusk-league" in str(caught.value)


def test_indicators_of_a_case_are_mapped_or_shown_as_not_mapped(run: Run, tiny_model: Model) -> None:
    rows = {
        "i1": Indicator(indicator="i1", name="Returns by state", watch="a flight", pathway="home", direction="up",
                        signal="repatriated:brom; harbour", published=PartialDate("2015-05"), source="s", grade="B2"),
        "i2": Indicator(indicator="i2", name="A speech", watch="a text", pathway="attacks", direction="up",
                        published=PartialDate("2015-05"), source="s", grade="B2"),
    }  # fmt: skip
    model = replace(tiny_model, case=replace(tiny_model.case, indicators=tuple(rows.values())))
    found = watch_list(run, model, country="arda", month=12)
    keys = {one.indicator.indicator: one.keys for one in found.mapped}
    assert keys["i2"] == ()
    assert {key.split()[0] for key in keys["i1"]} == {"repatriated", "harbour"}
    assert any(w.signal.place == "brom" and w.indicators == ("i1",) for w in found.watched)
    text = str(tables.watch_grids(found)[-1])
    assert tables.NOT_MAPPED in text


def test_quantities_that_a_case_may_name_are_those_that_are_watched() -> None:
    assert set(SIGNAL_QUANTITIES) == {*MOVES, *COUNTED}


def test_what_is_shown_agrees_with_the_schema_and_draws(found: WatchList) -> None:
    content = watch_json(found, "afterfall watch tiny --country arda")
    assert problems(content) == []
    assert indicator_board(found, "afterfall watch").startswith("<svg")
    assert tables.watch_headline(found)[0].startswith("What to watch: Arda, as of 30 Jun 2015.")
