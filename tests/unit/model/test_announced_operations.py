"""Announced operations: what the record of a case says of them, and how much sooner a place under one falls."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Campaign, Case, HoldingEvent, PartialDate, cut, open_case, open_whole_case
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.announced_operations import (
    FADE,
    OTHER,
    PRIOR_RATIO,
    PRIOR_RATIO_SD,
    UNDER,
    OperationRecord,
    attackers,
    operation_paths,
    operation_record,
    under_operation,
)
from afterfall.posterior import draw


def case_with(campaigns: tuple[Campaign, ...], lost: dict[str, str] | None = None, towns: int = 6) -> Case:
    """`tiny` with towns taken in January 2013, some lost in a month, and operations against them."""
    tiny = open_case("tiny")
    town = next(h for h in tiny.holdings if h.organisation == tiny.core and h.kind != "remainder")
    taken = tuple(_event(tiny, f"town-{i}", "captured", "2013-01") for i in range(towns))
    fallen = tuple(_event(tiny, name, "lost", month) for name, month in (lost or {}).items())
    holdings = tuple(replace(town, holding=f"town-{i}", name=f"Town {i}") for i in range(towns))
    return replace(tiny, holdings=holdings, holding_events=(*taken, *fallen), neighbours=(), campaigns=campaigns)


def _event(case: Case, holding: str, kind: str, month: str) -> HoldingEvent:
    date = PartialDate(month)
    return replace(case.holding_events[0], holding=holding, event=kind, date=date, published=date)  # type: ignore[arg-type]


def operation(holding: str, start: str, end: str | None = None, published: str | None = None) -> Campaign:
    return Campaign(
        campaign=f"against-{holding}-{start}",
        holding=holding,
        by="army of Dusk",
        start=PartialDate(start),
        end=PartialDate(end) if end else None,
        published=PartialDate(published or start),
        source="lesson-field",
        grade="C3",
    )


def test_the_record_counts_months_under_an_operation_from_when_it_was_public() -> None:
    """As of June 2015: town-0 from January to its loss in March, town-1 for two months in vain, town-2 late."""
    rows = (
        operation("town-0", "2015-01", "2015-03"),
        operation("town-1", "2014-06", "2014-08"),
        operation("town-2", "2015-01", published="2015-05"),
    )
    record = operation_record(CaseView(case_with(rows, {"town-0": "2015-03", "town-3": "2014-12"})))
    assert record.losses == (1, 1)
    assert record.months[1] == 2 + 2 + 1
    assert record.stalls == 1


def test_an_operation_that_wins_in_the_month_of_its_start_is_no_evidence_of_foresight() -> None:
    rows = (operation("town-0", "2015-03-02", "2015-03-20"),)
    record = operation_record(CaseView(case_with(rows, {"town-0": "2015-03-20"})))
    assert record.losses == (1, 0)
    assert record.months[1] == 0
    assert record.ratio() == pytest.approx((math.log(PRIOR_RATIO), PRIOR_RATIO_SD), abs=1e-3)


def test_the_ratio_is_the_mode_of_its_posterior_on_a_grid() -> None:
    record = OperationRecord(losses=(4, 8), months=(500, 40), stalls=10)
    x = np.linspace(-2.0, 6.0, 4001)
    share = 40 * np.exp(x) / (500 + 40 * np.exp(x))
    log = 8 * np.log(share) + 4 * np.log(1 - share) - 0.5 * ((x - math.log(PRIOR_RATIO)) / PRIOR_RATIO_SD) ** 2
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    mode, sd = record.ratio()
    assert mode == pytest.approx(x[weight.argmax()], abs=0.01)
    assert sd == pytest.approx(math.sqrt(weight @ (x - weight @ x) ** 2), rel=0.1)
    assert mode > OperationRecord(losses=(8, 4), months=(500, 40), stalls=10).ratio()[0]


def test_the_factor_has_mean_one_over_the_record_and_fades() -> None:
    rows = (operation("town-0", "2015-01"), operation("town-1", "2014-06", "2014-08"))
    view = CaseView(case_with(rows))
    record = operation_record(view)
    paths = {p.name: p.values for p in operation_paths(view)}
    centre = record.ratio()[0]
    for month in (0, 1, 5, 24):
        under = math.exp(centre * paths[FADE](month) + paths[UNDER](month))
        other = math.exp(paths[OTHER](month))
        assert record.share * under + (1.0 - record.share) * other == pytest.approx(1.0)
        assert under > 1.0 > other
    assert paths[OTHER](200) == pytest.approx(0.0, abs=1e-3)
    assert record.stall > 0.0


def test_a_place_under_an_operation_falls_sooner_and_one_that_has_ended_changes_little() -> None:
    rows = (operation("town-0", "2015-02"), operation("town-1", "2014-10", "2014-12"))
    model = build(case_with(rows, {"town-5": "2014-12"}), horizon=12)
    draws = draw(model, None, trajectories=range(400), seed=1)
    fired = np.array([draw_shared_series(model.program, draws.values[i], 1, i)[1] for i in range(400)])
    names = [event.name for event in model.structure.dated_events]
    early = {name: float((fired[:, i] <= 6).mean()) for i, name in enumerate(names)}
    assert early["town-0"] > early["town-1"] + 0.1
    assert early["town-1"] == pytest.approx(early["town-2"], abs=0.08)


def test_a_case_without_operations_has_no_parameter_of_them() -> None:
    names = {p.name for p in build(case_with(()), horizon=6).parameters}
    assert "territory.campaign" not in names
    known = {p.name: p for p in build(case_with((operation("town-0", "2015-02"),)), horizon=6).parameters}
    assert "announced operation" in known["territory.campaign"].parameter.derived


@pytest.mark.parametrize("as_of", ["2014-06-30", "2015-12-31", "2016-08-01"])
def test_operations_of_isis_2017_are_those_public_by_then(as_of: str) -> None:
    view = CaseView(cut(open_whole_case("isis-2017"), as_of))
    last = view.case.as_of
    assert all(row.published.last_day <= last for row in view.case.campaigns)
    assert all(row.end is None or row.end.last_day <= last for row in view.case.campaigns)
    expected = {
        "2014-06-30": {"tikrit"},
        "2015-12-31": set(),
        "2016-08-01": {"qayyarah", "sharqat", "manbij", "sirte"},
    }[as_of]
    assert under_operation(view) == expected
    assert set(attackers(view)) == expected - {"sirte"}


def test_operations_that_failed_are_listed_as_well() -> None:
    whole = open_whole_case("isis-2017")
    lost = {(e.holding, e.date.text) for e in whole.holding_events if e.event == "lost"}
    won = [c for c in whole.campaigns if c.end and (c.holding, c.end.text) in lost]
    assert len(whole.campaigns) - len(won) >= 15
