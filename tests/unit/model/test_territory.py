"""Territory: the tempo of losses is learned from the case's own, and only from those known by the as-of date."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from afterfall.case import Case, HoldingEvent, PartialDate, open_case
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.tempo_of_losses import (
    DAMPING,
    PRIOR_GROWTH_SD,
    PRIOR_LEVEL_SD,
    PRIOR_MONTHS,
    Tempo,
    tempo_of,
)
from afterfall.model.mechanisms.territory import lost_in_turn
from afterfall.posterior import fit_key

LOSSES = ("2013-06", "2013-12", "2014-06", "2014-12", "2015-02", "2015-04", "2015-05", "2015-06")


def case_with(losses: tuple[str, ...], *, held: int = 6) -> Case:
    """`tiny` with a listed holding taken in January 2013 and lost in each of these months, and some that are held."""
    tiny = open_case("tiny")
    town = next(h for h in tiny.holdings if h.organisation == tiny.core and h.kind != "remainder")
    event = next(e for e in tiny.holding_events)
    towns = tuple(replace(town, holding=f"town-{i}") for i in range(len(losses) + held))
    taken = tuple(_event(event, one.holding, "captured", "2013-01") for one in towns)
    lost = tuple(_event(event, f"town-{i}", "lost", month) for i, month in enumerate(losses))
    return replace(
        tiny,
        mobilisation=PartialDate("2012-12-31").last_day,
        holdings=towns,
        holding_events=(*taken, *lost),
        neighbours=(),
    )


def _event(like: HoldingEvent, holding: str, kind: str, month: str) -> HoldingEvent:
    return replace(like, holding=holding, event=kind, date=PartialDate(month), published=PartialDate(month))  # type: ignore[arg-type]


def tempo(losses: tuple[str, ...]) -> Tempo:
    return tempo_of(CaseView(case_with(losses)))


def test_it_is_the_mode_of_the_posterior_on_a_grid() -> None:
    """Against the posterior evaluated on a grid of level and growth, with no approximation."""
    found = tempo(LOSSES)
    view = CaseView(case_with(LOSSES))
    lost = [view.month_of(s.lost) for s in view.spells if s.lost is not None]
    months = np.arange(view.month_of(PartialDate("2013-01").last_day) + 1, 1)
    count = np.array([lost.count(int(m)) for m in months])
    level, growth = np.linspace(-5, 3, 401), np.linspace(-0.4, 0.4, 321)
    log_rate = level[:, None, None] + growth[None, :, None] * (months - found.centre)
    log = stats.poisson.logpmf(count, np.exp(log_rate)).sum(axis=2)
    at_mean = level[:, None] + growth[None, :] * (months.mean() - found.centre)
    log += stats.norm.logpdf(at_mean, math.log(6 / PRIOR_MONTHS), PRIOR_LEVEL_SD)
    log += stats.norm.logpdf(growth, 0.0, PRIOR_GROWTH_SD)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    i, j = np.unravel_index(weight.argmax(), weight.shape)
    assert (level[i], growth[j]) == pytest.approx((found.log_level, found.growth), abs=0.02)
    mean, slope = (weight.sum(axis=1) @ level, weight.sum(axis=0) @ growth)
    assert math.sqrt(weight.sum(axis=1) @ (level - mean) ** 2) == pytest.approx(found.level_sd, rel=0.1)
    assert math.sqrt(weight.sum(axis=0) @ (growth - slope) ** 2) == pytest.approx(found.growth_sd, rel=0.1)
    together = (weight * (level[:, None] - mean) * (growth[None, :] - slope)).sum()
    assert abs(together) < 0.15 * found.level_sd * found.growth_sd, "the centre makes them independent"


def test_losses_that_come_faster_grow() -> None:
    steady = tuple(f"201{3 + i // 4}-{1 + 3 * (i % 4):02d}" for i in range(1, 10))
    assert tempo(LOSSES).growth > tempo(steady).growth + 0.02
    assert abs(tempo(steady).growth) < tempo(steady).growth_sd


def test_quiet_months_never_raise_the_forecast() -> None:
    """Nothing was ever lost: the longer that lasts, the rarer losses are expected, and nothing grows."""
    found = [tempo_of(CaseView(case_since(start))) for start in ("2015-01", "2014-01", "2013-01")]
    assert [one.growth for one in found] == pytest.approx([0.0] * 3, abs=1e-6)
    hazards = [one.log_hazard + one.growth * one.trend(24) for one in found]
    assert hazards == sorted(hazards, reverse=True)
    assert math.exp(found[-1].log_hazard) < 1.0 / PRIOR_MONTHS
    assert found[-1].level_sd > 0.4


def case_since(start: str) -> Case:
    """Six holdings, all taken in a month and none lost."""
    case = case_with(())
    taken = tuple(replace(e, date=PartialDate(start), published=PartialDate(start)) for e in case.holding_events)
    return replace(case, holding_events=taken)


def test_a_holding_without_a_date_of_capture_does_not_hide_the_record() -> None:
    """Losses count from mobilisation where some captures have no date, and one late capture changes little."""
    case = case_with(LOSSES)
    undated = replace(case, holding_events=tuple(e for e in case.holding_events if e.event == "lost"))
    late = next(e for e in case.holding_events if e.event == "captured" and e.holding == "town-13")
    mixed = replace(
        undated,
        holding_events=(*undated.holding_events, replace(late, date=PartialDate("2015-05"), published=late.published)),
    )
    full, none, some = (tempo_of(CaseView(each)) for each in (case, undated, mixed))
    for other in (none, some):
        assert other.growth == pytest.approx(full.growth, abs=0.01)
        assert other.log_level == pytest.approx(full.log_level, abs=0.1)


def test_growth_fades_after_the_as_of_date() -> None:
    found = tempo(LOSSES)
    assert found.trend(0) - found.trend(-12) == 12
    assert found.trend(10**6) - found.trend(0) == pytest.approx(DAMPING)
    assert found.trend(1) - found.trend(0) < 1


def test_the_pace_is_per_holding_held() -> None:
    few, many = (tempo_of(CaseView(case_with(LOSSES, held=held))) for held in (4, 16))
    assert few.held == 4
    assert few.log_hazard > many.log_hazard


def test_parameters_say_what_they_rest_on() -> None:
    known = {p.name: p for p in build(case_with(LOSSES), horizon=12).parameters}
    assert "lost in each month" in known["territory.tempo"].parameter.derived
    assert known["territory.focus"].uninformed


def test_the_remainder_is_held_in_parts_of_an_average_listed_holding() -> None:
    view = CaseView(open_case("isis-2017", as_of="2016-08-01"))
    parts = [s for s in view.spells if s.kind == "remainder"]
    listed = [h.population for h in view.case.holdings if h.kind != "remainder" and h.organisation == "isis"]
    average = sum(listed) / len(listed)
    assert len(parts) == math.ceil(3_300_000 / average)
    assert parts[0].population <= average
    events = {e.name: e for e in build(view.case, horizon=6).structure.dated_events}
    assert all(events[part.name].counted is False for part in parts)
    assert events["raqqa"].counted


@pytest.mark.parametrize(("population", "parts"), [(50_000, 1), (3_300_000, 23)])
def test_the_remainder_may_be_a_neighbour(population: int, parts: int) -> None:
    """In one part it is a neighbour that is still held; in several it is none, as nobody knows which part is near."""
    case = open_case("isis-2017", as_of="2016-08-01")
    near = replace(case.neighbours[0], holding="ramadi", neighbour="rest-of-territory")
    holdings = tuple(replace(h, population=population) if h.kind == "remainder" else h for h in case.holdings)
    view = CaseView(replace(case, holdings=holdings, neighbours=(*case.neighbours, near)))
    assert len(view.remainder_spells) == parts
    plain, found = lost_in_turn(CaseView(case)), lost_in_turn(view)
    assert [len(fell) for _, _, fell in found] == [len(fell) for _, _, fell in plain], "it is no choice itself"
    changed = any((a[1] != b[1]).any() for a, b in zip(plain, found, strict=True))
    assert changed == (parts == 1)
    assert len(fit_key(build(view.case, horizon=6))) == 16
