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
    AVERAGE,
    OTHER,
    RECORD_MONTHS,
    UNDER,
    attackers,
    operation_paths,
    share_of_late,
    share_under,
    under_operation,
)
from afterfall.model.mechanisms.operation_record import operation_record
from afterfall.model.mechanisms.tempo_of_losses import (
    PRIOR_GROWTH_SD,
    PRIOR_LEVEL_SD,
    PRIOR_MONTHS,
    PRIOR_RATIO,
    PRIOR_RATIO_SD,
    Tempo,
    tempo_of,
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


def test_an_operation_that_ended_in_the_last_month_stalled_if_the_holding_is_still_held() -> None:
    """As of June 2015: town-0 fell that month under an operation, and one against town-1 ended that month in vain."""
    rows = (operation("town-0", "2015-03", "2015-06"), operation("town-1", "2015-03", "2015-06"))
    view = CaseView(case_with(rows, {"town-0": "2015-06"}))
    assert view.month_of(PartialDate("2015-06").last_day) == 0
    assert operation_record(view).stalls == 1


def test_the_long_run_share_is_that_of_the_months_that_give_the_tempo() -> None:
    """Operations began half a year ago: the share of late months is well above that of the whole record."""
    rows = tuple(operation(f"town-{i}", "2014-12") for i in (8, 9, 10))
    view = CaseView(case_with(rows, {f"town-{i}": f"2015-0{1 + i}" for i in range(5)}, towns=12))
    record, tempo = operation_record(view), tempo_of(view)
    late = share_of_late(record, tempo)
    assert record.share < 0.08
    assert 2.0 * record.share < late < share_under(view)
    vague = replace(tempo, level_sd=10.0, growth_sd=0.0)
    month = max(record.held)
    out, under = record.held[month]
    of_one = (under + RECORD_MONTHS * record.share) / (out + under + RECORD_MONTHS)
    assert share_of_late(record, vague) == pytest.approx(of_one), "a tempo worth no loss rests on one month"
    certain = replace(tempo, level_sd=1e-6, growth_sd=0.0)
    assert share_of_late(record, certain) == pytest.approx(record.share), "one known exactly rests on all"


def test_a_place_captured_and_lost_within_a_month_is_neither_held_nor_lost_in_the_regression() -> None:
    view = of_campaign()
    case = view.case
    brief = (_event(case, "town-11", "captured", "2014-11"), _event(case, "town-11", "lost", "2014-11"))
    events = tuple(e for e in case.holding_events if e.holding != "town-11")
    absent = replace(case, holdings=tuple(h for h in case.holdings if h.holding != "town-11"), holding_events=events)
    with_it = replace(case, holding_events=(*events, *brief))
    assert tempo_of(CaseView(with_it)) == tempo_of(CaseView(absent))


def test_an_operation_that_wins_in_the_month_of_its_start_is_no_evidence_of_foresight() -> None:
    rows = (operation("town-0", "2015-03-02", "2015-03-20"),)
    view = CaseView(case_with(rows, {"town-0": "2015-03-20"}))
    record, tempo = operation_record(view), tempo_of(view)
    assert record.losses == (1, 0)
    assert record.months[1] == 0
    assert (tempo.log_ratio, tempo.ratio_sd) == pytest.approx((math.log(PRIOR_RATIO), PRIOR_RATIO_SD), abs=1e-3)
    assert (tempo.level_slope, tempo.growth_slope) == (0.0, 0.0), "the losses say nothing of the ratio"


#: Towns that fell under an operation, one after another, and two against which operations stalled.
CAMPAIGN = (
    operation("town-0", "2014-03", "2014-06"),
    operation("town-1", "2014-05", "2014-09"),
    operation("town-2", "2014-12", "2015-02"),
    operation("town-3", "2015-02", "2015-04"),
    operation("town-6", "2014-01", "2014-04"),
    operation("town-7", "2015-01", "2015-03"),
    operation("town-8", "2015-03"),
)
LOST = {"town-0": "2014-06", "town-1": "2014-09", "town-2": "2015-02", "town-3": "2015-04", "town-4": "2015-05"}


def of_campaign() -> CaseView:
    return CaseView(case_with(CAMPAIGN, LOST, towns=12))


def posterior_on_a_grid(view: CaseView, found: Tempo) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Level at the central month, growth and log ratio, and weights ``[level, growth, ratio]``: no approximation."""
    record = operation_record(view)
    months = np.array(sorted(record.held))
    lost = np.array([record.lost.get(int(m), (0, 0)) for m in months])
    share = np.array([record.share_in(int(m)) for m in months])
    level, growth, ratio = np.linspace(-6.0, 2.0, 61), np.linspace(-0.25, 0.35, 61), np.linspace(-2.0, 5.0, 71)
    tempo = level[:, None, None] + growth[None, :, None] * (months - found.centre)
    log = (lost.sum(axis=1) * tempo).sum(axis=2)[:, :, None] + lost[:, 1].sum() * ratio
    log = log - np.einsum("agm,mr->agr", np.exp(tempo), 1.0 + share[:, None] * np.expm1(ratio))
    at_mean = level[:, None] + growth * (months.mean() - found.centre)
    log -= 0.5 * ((at_mean - math.log(found.held / PRIOR_MONTHS)) / PRIOR_LEVEL_SD)[:, :, None] ** 2
    log -= 0.5 * (growth / PRIOR_GROWTH_SD)[None, :, None] ** 2
    log -= 0.5 * ((ratio - math.log(PRIOR_RATIO)) / PRIOR_RATIO_SD) ** 2
    weight = np.exp(log - log.max())
    return level, growth, ratio, weight / weight.sum()


def test_tempo_and_ratio_are_the_mode_of_their_posterior_on_a_grid() -> None:
    view = of_campaign()
    found = tempo_of(view)
    level, growth, ratio, weight = posterior_on_a_grid(view, found)
    i, j, k = np.unravel_index(weight.argmax(), weight.shape)
    assert level[i] == pytest.approx(found.log_level, abs=0.15)
    assert growth[j] == pytest.approx(found.growth, abs=0.01)
    assert ratio[k] == pytest.approx(found.log_ratio, abs=0.1)
    of_ratio = weight.sum(axis=(0, 1))
    spread = math.sqrt(of_ratio @ (ratio - of_ratio @ ratio) ** 2)
    assert spread == pytest.approx(found.ratio_sd, rel=0.15)
    assert found.ratio_sd < 0.8 * PRIOR_RATIO_SD


def test_the_tempo_given_a_ratio_is_that_of_the_posterior_on_a_grid() -> None:
    """The faster holdings under operations fall, the fewer losses are left for the tempo, in recent months most."""
    view = of_campaign()
    found = tempo_of(view)
    level, growth, ratio, weight = posterior_on_a_grid(view, found)
    now = level[:, None] + growth * found.trend(0)
    means = (weight * now[:, :, None]).sum(axis=(0, 1)) / weight.sum(axis=(0, 1))
    near = abs(ratio - found.log_ratio) < found.ratio_sd
    assert np.polyfit(ratio[near], means[near], 1)[0] == pytest.approx(found.slope(0), abs=0.06)
    assert found.slope(0) < -0.15


def test_operations_of_the_past_are_not_counted_in_the_tempo_again() -> None:
    """The losses expected on the as-of date hardly change when the operations that explain them are known."""
    case = case_with(CAMPAIGN, LOST, towns=12)
    with_them, without = tempo_of(CaseView(case)), tempo_of(CaseView(replace(case, campaigns=())))
    assert math.exp(with_them.log_level) < 0.85 * math.exp(without.log_level)
    now = with_them.log_level + with_them.growth * with_them.trend(0)
    factor = 1.0 + share_under(of_campaign()) * math.expm1(with_them.log_ratio)
    before = without.log_level + without.growth * without.trend(0)
    assert math.exp(now) * factor == pytest.approx(math.exp(before), rel=0.25)


def test_the_factor_is_the_ratio_at_first_and_that_of_an_average_month_in_the_end() -> None:
    view = of_campaign()
    record, tempo = operation_record(view), tempo_of(view)
    paths = {p.name: p.values for p in operation_paths(view, tempo)}

    def factor(names: tuple[str, str], month: int, log_ratio: float) -> float:
        """What remains when the shift of the tempo is taken out."""
        shift = tempo.slope(month) * (log_ratio - tempo.log_ratio)
        return math.exp(log_ratio * paths[names[0]](month) + paths[names[1]](month) - shift)

    for log_ratio in (tempo.log_ratio, tempo.log_ratio + 0.5):
        assert factor(UNDER, 1, log_ratio) == pytest.approx(math.exp(log_ratio)), "under way in month 1 for certain"
        assert factor(OTHER, 1, log_ratio) == pytest.approx(1.0), "what nobody knows of is not under way in month 1"
    late = share_of_late(record, tempo)
    average = 1.0 + late * math.expm1(tempo.log_ratio)
    for names in (UNDER, OTHER, AVERAGE):
        assert factor(names, 200, tempo.log_ratio) == pytest.approx(average)
    now = share_under(view)
    for month in (1, 3, 12):
        under, other, mean = (factor(names, month, tempo.log_ratio) for names in (UNDER, OTHER, AVERAGE))
        assert now * under + (1.0 - now) * other == pytest.approx(mean)
        assert under > average > other
    for log_ratio in (tempo.log_ratio - tempo.ratio_sd, tempo.log_ratio + tempo.ratio_sd):
        for month in (6, 24):
            exact = 1.0 + math.expm1(log_ratio) * late * -math.expm1(-record.stall * (month - 1))
            assert factor(OTHER, month, log_ratio) == pytest.approx(exact, rel=0.1)


def test_a_place_under_an_operation_falls_sooner_and_one_that_has_ended_changes_little() -> None:
    rows = (operation("town-0", "2015-02"), operation("town-1", "2014-10", "2014-12"))
    model = build(case_with(rows, {"town-5": "2014-12"}), horizon=12)
    draws = draw(model, None, trajectories=range(2000), seed=1)
    fired = np.array([draw_shared_series(model.program, draws.values[i], 1, i)[1] for i in range(2000)])
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


def test_a_part_of_the_remainder_has_the_factor_of_an_average_listed_holding() -> None:
    view = CaseView(cut(open_whole_case("isis-2017"), "2016-08-01"))
    events = build(view.case, horizon=6).structure.dated_events
    paths = {e.name: {path for _, path in e.paths} for e in events if e.fired is None}
    for spell in view.spells:
        if spell.lost is None:
            attacked = spell.holding in under_operation(view)
            expected = AVERAGE if spell.kind == "remainder" else UNDER if attacked else OTHER
            assert paths[spell.name] & {*AVERAGE, *UNDER, *OTHER} == set(expected)
