"""Comparisons from end to end on the small case."""

from dataclasses import replace

import numpy as np
import pytest

from afterfall.attack import attacks
from afterfall.case import Case
from afterfall.model.levers import AS_NOW, Evidence, Policy, Setting, open_levers
from afterfall.policy import Comparison, compare
from afterfall.policy.attempts_expected import expected_attempts, summed
from afterfall.policy.comparison import RHO, changes_exit_weights
from afterfall.policy.costs import prices
from afterfall.policy.people_counts import People

SETTINGS = {"horizon": 12, "trajectories": 8, "seed": 5}


def test_a_policy_against_itself_differs_in_nothing(case: Case) -> None:
    policy = open_levers().policy(case, None, ["programmes=0.8"])
    found = compare(case, policy, against=policy, **SETTINGS)
    assert all(d.prob_same == 1.0 for d in found.differences.values())


def test_other_outcomes_than_zero_are_found(found: Comparison) -> None:
    assert found.differences["in_programme"].mean > 0.0
    assert found.differences["in_programme"].correlation is not None


def test_harm_is_among_the_outcomes_of_every_comparison(found: Comparison) -> None:
    always = {"died_in_custody", "stateless", "lost_citizenship", "wrongly_flagged_so_far", "killed_so_far"}
    assert always <= set(found.differences)
    assert found.differences["killed_so_far"].direction == "less"


def test_every_side_effect_is_among_the_outcomes(found: Comparison) -> None:
    for lever in open_levers().levers.values():
        for effect in lever.side_effects:
            assert effect.quantity in found.differences, (lever.name, effect.name)


def only_killing(ratio: float) -> Policy:
    """Pressure whose one effect is to kill so many times as many."""
    lever = open_levers().lever("pressure")
    sure = (Evidence(low=ratio, high=ratio, status="observed"),)
    killing = tuple(replace(e, evidence=sure) for e in lever.effects if e.name == "killing")
    return Policy("p", "p", (Setting(replace(lever, effects=killing, capacities=(), ramp=1), 1.0),))


@pytest.mark.parametrize("country", [None, "brom"])
def test_a_lever_that_only_kills_is_better_nowhere(case: Case, country: str | None) -> None:
    """Exits compete, so a few simulations in a hundred differ for the better by chance; half do if deaths count."""
    found = compare(case, only_killing(4.0), country=country, horizon=24, trajectories=240, seed=5)
    assert found.differences["killed_so_far"].mean > 10.0
    assert found.differences["third_country"].mean < -0.5, "stocks fall as people die"
    for one in (*found.differences.values(), *found.others.values()):
        assert one.prob_better is None or one.prob_better <= 1 / 40


def test_a_lever_that_only_spares_lives_is_worse_nowhere(case: Case) -> None:
    """The other side of the same, on average over as many simulations: who lives on is no harm."""
    found = compare(case, AS_NOW, against=only_killing(4.0), horizon=24, trajectories=240, seed=5)
    assert found.differences["third_country"].mean > 0.5
    for o in found.endpoints:
        if o.direction == "less":
            one = found.differences[o.quantity]
            assert one.judged <= 0.01 * max(1.0, abs(one.mean)), o.quantity


def test_children_not_born_are_no_benefit(case: Case) -> None:
    lever = open_levers().lever("pressure")
    killing = next(e for e in lever.effects if e.name == "killing")
    fewer = replace(killing, rates=("births",), evidence=(Evidence(low=0.05, high=0.05, status="observed"),))
    policy = Policy("p", "p", (Setting(replace(lever, effects=(fewer,), capacities=(), ramp=1), 1.0),))
    found = compare(case, policy, horizon=24, trajectories=60, seed=5)
    a, b = (People(one.run, None, found.month) for one in (found.a, found.b))
    assert (b.at("born") - a.at("born")).mean() < -3.0
    assert found.differences["remain"].mean < 0.0, "fewer people are there"
    for one in found.differences.values():
        assert one.prob_better is None or one.prob_better <= 1 / 10, "a third, if births were not netted"


def test_what_a_side_effect_names_is_an_outcome(case: Case) -> None:
    lever = open_levers().lever("pressure")
    feared = replace(lever.side_effects[0], quantity="lying_low", direction="more")
    policy = Policy("p", "p", (Setting(replace(lever, side_effects=(feared,)), 0.9),))
    found = compare(case, policy, **SETTINGS)
    assert found.differences["lying_low"].direction == "less"
    assert {o.quantity: o.group for o in found.endpoints}["lying_low"] == "harm"


def test_others_are_everyone_but_the_country(found: Comparison) -> None:
    assert set(found.differences) - set(found.others) == {n for n in found.differences if n.startswith("sources.")}
    for name, one in found.differences.items():
        if name not in found.others or name.startswith("attempts."):
            continue
        everyone = People(found.b.run, None, 24).at(name) - People(found.a.run, None, 24).at(name)
        assert one.mean + found.others[name].mean == pytest.approx(everyone.mean()), name


def test_attempts_here_and_elsewhere_are_those_everywhere(found: Comparison) -> None:
    everywhere = [summed(expected_attempts(attacks(side.run, side.model), 24), None) for side in (found.a, found.b)]
    for name in ("attempts.returnees", "attempts.sent", "attempts.inspired"):
        total = (everywhere[1][name] - everywhere[0][name]).mean()
        assert found.differences[name].mean + found.others[name].mean == pytest.approx(total, abs=1e-6)


def test_what_the_past_says_of_attempts_is_that_of_the_other_side(found: Comparison) -> None:
    first, alone = (attacks(side.run, side.model) for side in (found.a, found.b))
    shared = attacks(found.b.run, found.b.model, same_start=first.without_months())
    for name in ("attempts", "completed", "deaths", "expected", "attempt_parameters", "effective_candidates", "waves"):
        np.testing.assert_array_equal(getattr(shared, name), getattr(alone, name))


def test_border_is_shown_at_three_rhos(found: Comparison) -> None:
    assert list(found.at_rho) == [0.0, 0.5, 1.0]
    assert changes_exit_weights(found.b.model)
    assert not changes_exit_weights(found.a.model)


def test_rho_is_held_where_it_should_be(case: Case) -> None:
    from afterfall.model import build, sample

    for rho in (0.0, 0.5, 1.0):
        model = build(case, horizon=3, fixed={RHO: rho})
        column = model.parameter_names.index(RHO)
        assert (sample(model, trajectories=4, seed=1).values[:, column] == rho).all()


def test_holding_one_parameter_moves_no_other(case: Case) -> None:
    from afterfall.model import build, sample

    free, held = (sample(build(case, horizon=3, fixed=f), trajectories=4, seed=1) for f in ({}, {RHO: 0.5}))
    other = [i for i, name in enumerate(free.names) if name != RHO]
    assert np.array_equal(free.values[:, other], held.values[:, other])


def test_without_a_way_there_is_no_rho(case: Case) -> None:
    policy = open_levers().policy(case, None, ["detention-security=0.9"])
    found = compare(case, policy, **SETTINGS)
    assert not found.at_rho
    assert not found.others


def test_runs_are_kept_and_reused(case: Case, policy: Policy, found: Comparison) -> None:
    assert found.b.run.path is not None
    again = compare(case, policy, country="brom", horizon=24, trajectories=30, seed=5, run_dir=found.b.run.path.parent)
    assert again.a.run.reused
    assert again.b.run.reused
    assert again.differences == found.differences


def test_the_policy_is_part_of_what_names_a_run(found: Comparison) -> None:
    assert found.a.run.request.policy == ()
    assert found.b.run.request.policy == found.b.policy.labels()
    assert found.a.run.request.hash != found.b.run.request.hash


def test_costs_come_with_their_lever(found: Comparison) -> None:
    screening = found.costs["border.screening"]
    assert screening.lever == "border"
    assert screening.difference.low90 > 0.0
    assert found.costs["in_programme"].difference.mean > 0.0


def test_prices_are_those_of_the_percentiles() -> None:

    drawn = prices("cost.x.y", 2.0, 50.0, 1, range(2000))
    assert np.quantile(drawn, 0.05) == pytest.approx(2.0, rel=0.2)
    assert np.quantile(drawn, 0.95) == pytest.approx(50.0, rel=0.2)
    assert np.array_equal(drawn[:5], prices("cost.x.y", 2.0, 50.0, 1, range(5)))


def test_person_months_of_a_stock(found: Comparison) -> None:
    own = People(found.a.run, "brom", 24)
    series = found.a.run.quantity("imprisoned", "brom")
    months = series["origin_month"].values
    expected = sum(
        (b - a) * (x + y) / 2
        for a, b, x, y in zip(months, months[1:], series.values[0], series.values[0, 1:], strict=False)
    )
    assert own.used("imprisoned")[0] == pytest.approx(expected)


def test_against_none_means_as_now(found: Comparison) -> None:
    assert found.a.policy is AS_NOW


def test_a_published_average_is_the_mean_and_not_the_median() -> None:
    drawn = prices("cost.x.y", 50.0, 200.0, 1, range(4000), average=75.0)
    assert drawn.mean() == pytest.approx(75.0, rel=0.02)
    assert np.median(drawn) < 74.0
    free = prices("cost.x.y", 50.0, 200.0, 1, range(4000))
    assert np.ptp(drawn / free) == pytest.approx(0.0, abs=1e-9)
