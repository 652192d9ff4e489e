"""Who holds those taken where ground is lost, and what becomes of the ranks and of families there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.expected_runs import run, stock, theta_of

from afterfall import forecast
from afterfall.case import open_case
from afterfall.case.captor_words import custodians_of
from afterfall.engine.program import LOG_SHARE, TAKEN, Floats
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, build, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.capture import attacker_takes, captor_shares, captors
from afterfall.model.mechanisms.territory import FINAL_FLOOR

IRAQ, SDF, OTHER = 0, 1, 2


@pytest.fixture(scope="module")
def early() -> Model:
    """ISIS as of August 2016."""
    return build(open_case("isis-2017", as_of="2016-08-01"), horizon=24)


def shares(view: CaseView, holding: str) -> tuple[float, ...]:
    return captor_shares(view, next(s for s in view.spells if s.name == holding))


@pytest.mark.parametrize(
    ("by", "custodians"),
    [
        ("SDF with Coalition", {"ne-syria-prison", "ne-syria-camp"}),
        ("YPG/FSA with Coalition", {"ne-syria-prison", "ne-syria-camp"}),
        ("Peshmerga, YPG/PKK with Coalition", {"iraq"}),
        ("Turkey and FSA (Euphrates Shield)", {"syria-other"}),
        ("somebody else", set()),
    ],
)
def test_the_captor_named_first_decides(by: str, custodians: set[str]) -> None:
    assert set(custodians_of(by, open_case("isis-2017").places)) == custodians


def test_ground_that_was_lost_goes_to_who_took_it(early: Model) -> None:
    view = early.view
    assert [set(c.custodians) for c in captors(view)] == [
        {"iraq"},
        {"ne-syria-camp", "ne-syria-prison"},
        {"syria-other"},
    ]
    assert shares(view, "ramadi") == (1.0, 0.0, 0.0)
    assert shares(view, "kobane") == (0.0, 1.0, 0.0)
    assert shares(view, "palmyra") == (0.0, 0.0, 1.0)


def test_ground_still_held_is_shared_as_that_of_its_country_was(early: Model) -> None:
    view = early.view
    assert shares(view, "mosul") == (1.0, 0.0, 0.0)
    # Tell Abyad and Kobane next to Raqqa, and Shadadi, to the SDF; Palmyra to the army; one loss shared by both.
    near, far = 4.0, 1.0
    expected = (0.5 + near + near + far) / (1.0 + near + near + 2.0 * far)
    assert shares(view, "raqqa")[SDF] == pytest.approx(expected)
    assert shares(view, "raqqa")[IRAQ] == 0.0
    rest = next(s.name for s in view.spells if s.kind == "remainder")
    assert shares(view, rest)[IRAQ] == pytest.approx(0.5)
    assert all(sum(captor_shares(view, spell)) == pytest.approx(1.0) for spell in view.spells)


def test_fronts_sum_to_one_in_every_simulation_and_in_the_past(early: Model) -> None:
    theta = sample(early, trajectories=range(20), seed=1).values
    for program in (early.program, early.history):
        rows = program.path_kind == TAKEN
        assert rows.sum() == len(captors(early.view))
        paths = np.stack([draw_shared_series(program, theta[i], 1, i)[0][rows] for i in range(20)])
        np.testing.assert_allclose(paths.sum(axis=1), 1.0)
        assert paths.std(axis=2).max() > 0.05


def test_capture_moves_with_the_front(early: Model) -> None:
    """Of those captured as ground is lost, each captor has the share of its front (with equal weights)."""
    theta = theta_of(early, territory__tempo=math.log(0.05), fall__captured__fighter=20.0, fall__withdrawal=0.0)
    for custodian in ("ne-syria-camp",):  # no fighters in camps
        theta[early.parameter_names.index(f"custody.{custodian}.others")] = -80.0
    for name in ("noise.killing_sd", "noise.capture_sd", "killing.campaign"):
        theta[early.parameter_names.index(name)] = 0.0
    stocks, _, path = run(early, theta, {(0, "ranks_stayer"): 1e6})
    names = [p.name for p in early.structure.paths]
    month = 1 + int(np.argmax(path[names.index("loss")][1:]))
    held = {"iraq": "iraq", "ne-syria-camp": "ne-syria-prison", "syria-other": "syria-other"}
    taken = np.array([np.diff(stock(early, stocks, f"detained_{k}"))[month - 1] for k in held.values()])
    fronts = [path[names.index(f"front_{k}")][month] for k in held]
    np.testing.assert_allclose(taken / taken.sum(), fronts, rtol=1e-6)


def collapse(tiny: Model, role: str, **changes: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Of 1000 people of a role as all ground is lost: underground, held, dead and out at the end."""
    cohort = [c.role for c in tiny.cohorts].index(role)
    quiet = {"noise__killing_sd": 0.0, "noise__capture_sd": 0.0, "killing__campaign": 0.0}
    fall = {"territory__tempo": math.log(2.0), "territory__remainder": 0.0}
    theta = theta_of(tiny, **(fall | quiet | changes))
    stocks, _, _ = run(tiny, theta, {(cohort, "ranks_stayer"): 1000.0})
    custodian = next(s.name for s in tiny.states if s.name.startswith("detained_"))
    assert stocks.sum(axis=(1, 2)) == pytest.approx(1000.0)
    assert stock(tiny, stocks, "ranks_stayer")[-1] < 1e-3
    return tuple(stock(tiny, stocks, s)[-1] for s in ("remnant", custodian, "killed", "lying_low"))  # type: ignore[return-value]


def test_a_collapse_splits_fighters_and_families_by_their_odds(tiny: Model) -> None:
    odds = {
        "fall__captured__fighter": math.log(0.2),
        "fall__captured__family": math.log(6.0),
        "fall__killed__fighter": math.log(0.5),
        "fall__out__family": math.log(2.0),
        "leaving__adult": math.log(0.5),
        "leaving__minor": math.log(0.1),
        "fall__withdrawal": 0.0,
        "fall__withdrawal_family": 0.0,
        "fall__cornered": 0.0,
        "leaving__encirclement": 0.0,
        "way__corridor": 0.0,
        "way__border": 0.0,
    }
    expected = {"fighter": (1.0, 0.2, 0.5, 0.0), "adult": (1.0, 6.0, 0.0, 1.0), "minor": (1.0, 6.0, 0.0, 0.2)}
    for role, weights in expected.items():
        found = collapse(tiny, role, **odds)
        np.testing.assert_allclose(found, 1000.0 * np.array(weights) / sum(weights), rtol=1e-5, atol=1e-3)


def test_capture_rises_and_flight_falls_as_the_ground_shrinks(tiny: Model) -> None:
    """All ground is lost at once: what is left is the floor, to the power of the elasticities."""
    odds = {
        "fall__captured__family": 0.0,
        "fall__out__family": 0.0,
        "leaving__adult": 0.0,
        "fall__withdrawal": 0.0,
        "fall__withdrawal_family": 0.0,
        "way__corridor": 0.0,
        "way__border": 0.0,
        "territory__tempo": 9.0,
    }
    for cornered, encirclement in ((0.0, 0.0), (-0.5, 0.5), (-1.0, 0.2)):
        change = {"fall__cornered": cornered, "leaving__encirclement": encirclement}
        under, held, _, out = collapse(tiny, "adult", **(odds | change))
        assert held / under == pytest.approx(FINAL_FLOOR**cornered, rel=1e-3)
        assert out / under == pytest.approx(FINAL_FLOOR**encirclement, rel=1e-3)


def test_families_withdraw_further_than_fighters(early: Model) -> None:
    """While ground is left, fewer families than fighters have left the ranks; with nothing added, as many."""
    roles = [c.role for c in early.cohorts]
    people = {(roles.index(role), "ranks_stayer"): 1000.0 for role in ("fighter", "adult", "minor", "born")}
    for more in (0.0, 2.0):
        theta = theta_of(early, territory__tempo=math.log(0.05), fall__withdrawal=1.0, fall__withdrawal_family=more)
        stocks, _, path = run(early, theta, people)
        names = [p.name for p in early.structure.paths]
        month = int(np.argmin(np.abs(path[names.index("held")] - 0.3)))
        assert 0.05 < path[names.index("held")][month] < 0.6
        there = stocks[month, [roles.index(r) for r in ("fighter", "adult", "minor", "born")]]
        left = there[:, [s.name for s in early.states].index("ranks_stayer")]
        loss, lost = path[names.index("loss")], path[names.index("log_lost")]
        for people_left, p in zip(left, (1.0, *[1.0 + more] * 3), strict=True):
            expected = 1000.0 * math.exp(-(loss[1 : month + 1] * np.exp(p * lost[1 : month + 1])).sum())
            assert people_left == pytest.approx(expected, rel=1e-6)


def test_the_campaign_multiplies_deaths_and_not_captures(tiny: Model) -> None:
    odds = {
        "fall__captured__fighter": math.log(0.2),
        "fall__killed__fighter": math.log(0.5),
        "fall__cornered": 0.0,
    }
    _, held, dead, _ = collapse(tiny, "fighter", **odds)
    _, held_under, dead_under, _ = collapse(tiny, "fighter", **odds, killing__campaign=math.log(3.0))
    assert dead / held == pytest.approx(2.5, rel=1e-6)
    assert dead_under / held_under == pytest.approx(7.5, rel=1e-6)


def test_few_families_go_underground_by_the_priors(tiny: Model) -> None:
    draws = sample(tiny, trajectories=range(400), seed=3)
    column = {name: i for i, name in enumerate(draws.names)}

    def weight(name: str) -> Floats:
        return np.exp(draws.values[:, column[name]])

    def underground(who: str) -> float:
        others = sum(weight(f"fall.{what}.{who}") for what in ("captured", "killed", "out"))
        return float(np.median(1.0 / (1.0 + others)))

    assert underground("family") < 0.25 < 0.5 < underground("fighter")


def test_leaving_falls_with_the_ground_held_in_history_too(early: Model) -> None:
    theta = sample(early, trajectories=[0], seed=1).values[0]
    past, ahead = (
        draw_shared_series(program, theta, 1, 0)[0][program.path_kind == LOG_SHARE][0]
        for program in (early.history, early.program)
    )
    assert past[1] == pytest.approx(0.0)
    assert past[-1] < -0.2
    assert ahead[0] == pytest.approx(past[-1])


def test_returns_by_kind_sum_to_all_returns_and_people_held_to_their_roles() -> None:
    made = forecast("tiny", horizon=24, trajectories=40, seed=2, draws="prior")
    for name in ("world", "origins"):
        of = {str(q): made.dataset[name].sel(quantity=q).values for q in made.dataset[name].quantity.values}
        assert (of["self_returned"] + of["deported"] + of["repatriated"] == of["returned"]).all()
        assert (of["held_fighters"] + of["held_adults"] + of["held_minors"] == of["detained"]).all()
        wardens = sum(of[f"detained_dusk-wardens_{who}"] for who in ("fighters", "adults", "minors"))
        assert (wardens == of["detained_dusk-wardens"]).all()
        assert of["self_returned"].sum() > 0
        assert of["deported"].sum() > 0


def test_a_state_nearby_holds_those_it_stops_and_deports_them_soon(early: Model) -> None:
    """Turkey takes no ground: nobody is captured for it, and the law lets it hold people for months only."""
    captured = {t.dest for t in early.structure.transitions if "captured" in t.counts}
    assert "detained_turkey" not in captured
    assert "detained_syria-other" in captured
    turkey = next(k for k in early.parameters if k.name == "detention.deported.turkey")
    theatre = next(k for k in early.parameters if k.name == "detention.deported.iraq")
    assert 1.0 < 1.0 / turkey.median < 6.0
    assert theatre.median < 0.1 * turkey.median


def test_custodians_without_captors_share_prisoners_as_before(tiny: Model) -> None:
    assert captors(tiny.view) == ()
    places = tuple(
        replace(p, holds="everyone", captors="army of Dusk", ground="dusk") if p.kind == "custodian" else p
        for p in tiny.view.case.places
    )
    named = CaseView(replace(tiny.view.case, places=places))
    assert [captor.ground for captor in captors(named)] == [("dusk",)]
    assert captor_shares(named, named.spells[0]) == (1.0,)


def test_ground_under_an_operation_goes_mostly_to_its_attacker(early: Model) -> None:
    view = early.view
    open_rows = {row.holding: row for row in view.case.campaigns if row.end is None}
    assert open_rows["manbij"].by.startswith("SDF")
    without = build(replace(view.case, campaigns=()), horizon=24).view
    assert shares(view, "manbij")[SDF] > shares(without, "manbij")[SDF]
    turned = [replace(r, by="Syrian army") if r is open_rows["manbij"] else r for r in view.case.campaigns]
    other = build(replace(view.case, campaigns=tuple(turned)), horizon=24).view
    assert shares(other, "manbij")[OTHER] == pytest.approx(
        attacker_takes(other) + (1.0 - attacker_takes(other)) * shares(without, "manbij")[OTHER]
    )
    assert shares(view, "mayadin") == shares(without, "mayadin")  # no operation against it


def test_the_share_of_attackers_follows_the_record_of_the_case(early: Model) -> None:
    view = early.view
    nobody = tuple(replace(r, by="somebody else") for r in view.case.campaigns)
    assert attacker_takes(build(replace(view.case, campaigns=nobody), horizon=24).view) == 0.5
    assert 0.5 < attacker_takes(view) < 1.0
