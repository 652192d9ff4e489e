"""First presences in the countries of the world: who is at risk, what raises a chance, and that draws add up."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.outlooks import made_up

from afterfall.case import open_case
from afterfall.evaluate.events.founding_scores import score_firsts, score_world
from afterfall.evaluate.events.growth_scores import score_growth
from afterfall.foundings.founding_rates import year_of_months
from afterfall.foundings.founding_risk import AT_RISK, FoundingRisk, NoReference, founding_risk
from afterfall.foundings.founding_sampler import CELLS, LASTING, _waits
from afterfall.foundings.world_foundings import WorldFoundings, draw_world
from afterfall.model.language.case_view import CaseView
from afterfall.reference.families import family_of
from afterfall.report.explain.founding_why import (
    founding_grids,
    founding_headline,
    founding_why_json,
    why_founding,
)
from afterfall.report.forecast.founding_map import founding_map
from afterfall.report.forecast.foundings_outlook import LISTED, NAMED, foundings_outlook
from afterfall.report.forecast.foundings_tables import foundings_grids, foundings_json

DAY, HORIZON, NUMBER = dt.date(2017, 2, 13), 60, 300


@pytest.fixture(scope="module")
def risk() -> FoundingRisk:
    return founding_risk(CaseView(open_case("isis-2017", as_of=DAY)))


@pytest.fixture(scope="module")
def world(risk: FoundingRisk) -> WorldFoundings:
    return draw_world(risk, DAY, 1, NUMBER, HORIZON)


def test_every_country_without_a_presence_is_at_risk(risk: FoundingRisk) -> None:
    state = dict(zip(risk.codes, risk.state, strict=True))
    assert len(state) == 168
    assert {"IRQ", "SYR", "LBY", "TUN", "SAU", "JOR"}.isdisjoint(c for c, s in state.items() if s == AT_RISK)
    assert {state[c] for c in ("SDN", "MOZ", "LKA", "COD", "FIN")} == {AT_RISK}


def test_the_family_follows_the_core_and_made_up_countries_are_refused() -> None:
    assert [family_of(core) for core in ("isis", "ansar-dine-aqim", "dusk-league")] == ["ISIS", "AQ", "any"]
    with pytest.raises(NoReference, match="countries of the world"):
        founding_risk(CaseView(open_case("tiny")))


def test_drawn_shares_are_the_chances(world: WorldFoundings) -> None:
    chances = world.chances(HORIZON)
    drawn = world.founded <= HORIZON
    spread = np.sqrt((chances * (1 - chances)).sum() + 1.0)
    assert abs(float(drawn.sum() - chances.sum())) < 5 * spread
    assert not drawn[:, ~world.risk.at_risk].any()
    assert (np.diff(world.summed, axis=1) >= 0).all()


def test_growth_and_end_follow_a_founding(world: WorldFoundings) -> None:
    grown, ended = world.grown <= HORIZON, world.ended <= HORIZON
    assert grown.any()
    assert (world.grown[grown] > world.founded[grown]).all()
    assert (world.grown[grown] < world.ended[grown]).all()
    assert (world.ended[ended] > world.founded[ended]).all()


def test_sizes_and_growth_are_drawn_at_the_learned_rates(world: WorldFoundings) -> None:
    """Organisations are not counted twice: their share is the learned one, whether or not they grow."""
    founded = world.founded <= HORIZON
    share = world.rates.organisation[:, world.risk.insurgency.astype(int)]
    assert world.active[founded].mean() == pytest.approx(share[founded].mean(), abs=0.05)
    growth = world.rates.growth
    assert growth[:, 1, 0].mean() > 2 * growth[:, 0, 0].mean()
    early = (world.founded <= HORIZON - 24) & world.active
    within = (world.grown - world.founded)[early] <= 24
    chance = -np.expm1(-24 * growth[:, 1, 0])[:, None] * np.ones(len(world.names))
    assert within.mean() == pytest.approx(chance[early].mean(), abs=0.07)
    assert (world.total(HORIZON, "organisation") == world.standing(HORIZON)).all()
    assert world.total(HORIZON, "organisation").sum() < (world.active & founded).sum()


def test_probabilities_of_what_follows_add_up_to_the_totals(world: WorldFoundings) -> None:
    for what in ("organisation", "conflict"):
        assert world.mean_chances(HORIZON, what).sum() == pytest.approx(world.total(HORIZON, what).mean(), rel=0.1)
        assert (world.mean_chances(HORIZON, what) <= world.mean_chances(HORIZON, "presence")).all()


def test_organisations_and_conflicts_are_scored(world: WorldFoundings) -> None:
    scored = score_growth(world, DAY, HORIZON, "organisation")
    assert set(scored.observed) == {"COD", "MOZ"}
    conflict = score_growth(world, DAY, HORIZON, "conflict")
    assert conflict.month == 59
    assert set(conflict.observed) >= {"COD", "MOZ"}
    assert 0 < conflict.brier_never < 1


def test_a_trajectory_does_not_depend_on_how_many_are_drawn(risk: FoundingRisk, world: WorldFoundings) -> None:
    few = draw_world(risk, DAY, 1, 7, HORIZON)
    assert np.array_equal(few.founded, world.founded[:7])
    assert np.array_equal(few.summed, world.summed[:7])


def test_arrivals_raise_the_chance_where_they_arrive(risk: FoundingRisk, world: WorldFoundings) -> None:
    more = draw_world(risk, DAY, 1, NUMBER, HORIZON, {"SDN": np.full((NUMBER, HORIZON), 2.0)})
    assert more.country("SDN", 12).probability > world.country("SDN", 12).probability
    assert more.country("BRA", 1).probability == world.country("BRA", 1).probability


def test_a_founding_raises_the_chance_of_its_neighbours(risk: FoundingRisk, world: WorldFoundings) -> None:
    alone = draw_world(replace(risk, borders=risk.borders & ~risk.at_risk[:, None]), DAY, 1, NUMBER, HORIZON)
    assert (world.summed[:, 0] == alone.summed[:, 0]).all()
    assert world.total(HORIZON).mean() > alone.total(HORIZON).mean()
    at = risk.codes.index("SDN")
    near = world.risk.borders[:, at] & risk.at_risk
    founded = (world.founded[:, near] <= HORIZON // 2).any(axis=1)
    gained = world.summed[:, -1, at] / alone.summed[:, -1, at]
    assert gained[founded].mean() > gained[~founded].mean() >= 1


def test_what_is_there_on_the_as_of_date_ends_too(risk: FoundingRisk, world: WorldFoundings) -> None:
    """Countries around a presence that may end have a lower hazard than if it lasted; an island has the same.

    Where the draw's effect of neighbours is positive, as in nearly all. A few are not: from a country's own first
    presence on its neighbours stay as they were.
    """
    lasting = replace(risk, present=np.where(risk.present >= CELLS, LASTING, risk.present).astype(np.int16))
    kept = draw_world(lasting, DAY, 1, NUMBER, HORIZON)
    up = world.rates.spread > 0
    ends, lasts = (found.summed[up, -1].mean(axis=0) for found in (world, kept))
    around = risk.at_risk & (risk.borders @ (risk.present >= CELLS))
    assert up.mean() > 0.9
    assert around.sum() > 20
    assert ends[around].sum() < 0.95 * lasts[around].sum()
    assert (ends[around] < lasts[around]).mean() > 0.9
    assert ends[risk.codes.index("LKA")] == lasts[risk.codes.index("LKA")]
    assert (world.summed[:, 0] == kept.summed[:, 0]).all()


def test_the_median_wave_fades(world: WorldFoundings) -> None:
    pace = np.median(world.rates.pace, axis=0)
    assert pace[-1] < pace[0]


def test_an_older_presence_waits_by_its_age() -> None:
    hazard, until = np.array([0.05, 0.01]), np.array([24.0, np.inf])
    u = (np.arange(20_000) + 0.5) / 20_000
    waits = np.array([_waits(x, hazard, until, 12.0) for x in u])
    assert (waits <= 12).mean() == pytest.approx(1 - np.exp(-0.6), abs=1e-3)
    assert (waits <= 112).mean() == pytest.approx(1 - np.exp(-1.6), abs=1e-3)
    old = np.array([_waits(x, hazard, until, 400.0) for x in u])
    assert (old <= 100).mean() == pytest.approx(1 - np.exp(-1.0), abs=1e-3)


def test_waiting_times_are_those_of_a_piecewise_constant_hazard() -> None:
    hazard, until = np.array([0.05, 0.01]), np.array([24.0, np.inf])
    u = (np.arange(20_000) + 0.5) / 20_000
    waits = np.array([_waits(x, hazard, until, 0.0) for x in u])
    assert (waits <= 24).mean() == pytest.approx(1 - np.exp(-1.2), abs=1e-3)
    assert (waits <= 124).mean() == pytest.approx(1 - np.exp(-2.2), abs=1e-3)


def test_months_lie_in_calendar_years() -> None:
    assert list(year_of_months(dt.date(2017, 11, 1), 4)) == [2017, 2017, 2018, 2018]


def test_it_is_scored_as_the_reference_class_is(world: WorldFoundings) -> None:
    scored = score_world(world, DAY)
    alone = score_firsts("ISIS", DAY, scored.until)
    assert scored.observed == alone.observed
    assert scored.brier_population == pytest.approx(alone.brier_population)
    assert scored.auc == pytest.approx(alone.auc, abs=0.05)


def test_tables_list_the_likeliest_and_the_three_named(world: WorldFoundings) -> None:
    found = foundings_outlook(world)
    assert [c.code for c in found.listed[LISTED:]] == list(NAMED)
    assert [c.within[-1] for c in found.listed[:LISTED]] == sorted(
        (c.within[-1] for c in found.listed[:LISTED]), reverse=True
    )
    table = foundings_grids(found)[0]
    assert len(table.sections[0]) == LISTED
    assert any(row[0].startswith("not at risk: Jordan") for row in table.sections[1])
    assert {"Saudi Arabia", "Tunisia"} <= {row[0] for row in foundings_grids(found)[2].sections[0]}
    assert foundings_grids(None) == ()


def test_json_has_every_country(world: WorldFoundings) -> None:
    found = foundings_json(foundings_outlook(world))
    assert found is not None
    assert len(found["countries"]) == 168
    assert set(found["totals"]) == {"presence", "organisation", "conflict"}


def test_the_map_is_whole_and_labels_the_likeliest(world: WorldFoundings) -> None:
    found = foundings_outlook(world)
    drawn = founding_map(found, replace(made_up().stamp))
    ET.fromstring(drawn)
    assert f">{found.listed[0].code} " in drawn


def test_why_gives_rate_record_posterior_and_covariates(world: WorldFoundings) -> None:
    chain = why_founding(world, made_up().stamp, "SDN", 60, "13 Feb 2022")
    assert chain.years == pytest.approx(17.1, abs=0.2)
    assert chain.rates[0].events == 28 or chain.rates[0].events > 20
    assert len(chain.covariates) == 3
    assert len(founding_grids(chain)) == 2
    assert founding_why_json(chain)["state"] == AT_RISK
    assert "not at risk" in founding_headline(why_founding(world, made_up().stamp, "TUN", 60, "13 Feb 2022"))[0]
