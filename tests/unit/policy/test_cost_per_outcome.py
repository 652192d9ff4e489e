"""A cost per outcome is a ratio of means where the effect is distinguished from zero; otherwise none is given."""

import numpy as np
import pytest

import afterfall
from afterfall import OptionSet
from afterfall.case import Case
from afterfall.policy.cost_per_outcome import HARMS, NO_EFFECT, cost_per_outcome, extra_costs, ratio_of_means

SETTINGS = {"horizon": 12, "trajectories": 30, "seed": 5, "country": "brom"}


@pytest.fixture(scope="module")
def options(case: Case) -> OptionSet:
    return afterfall.compare_options(case, ["programmes: programmes=0.9", "none: programmes=0"], **SETTINGS)


def test_fieller_covers_a_known_ratio() -> None:
    """Of 400 made-up sets with a ratio of 4, about 90% have it in their interval."""
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(400):
        effects = rng.normal(2.0, 1.5, 60)
        costs = 8.0 + 2.0 * (effects - 2.0) + rng.normal(0.0, 3.0, 60)
        ratio, low, high = ratio_of_means(costs, effects)
        assert low < ratio < high
        inside += low < 4.0 < high
    assert 0.86 < inside / 400 < 0.94


def test_a_ratio_is_refused_where_the_effect_may_be_zero() -> None:
    rng = np.random.default_rng(2)
    assert np.isnan(ratio_of_means(np.full(40, 5.0), rng.normal(0.0, 1.0, 40))).all()
    assert np.isnan(ratio_of_means(np.array([5.0]), np.array([1.0]))).all()
    assert ratio_of_means(np.full(40, 5.0), np.full(40, 2.0)) == pytest.approx((2.5, 2.5, 2.5))


def test_costs_that_do_not_differ_are_left_out(options: OptionSet) -> None:
    for option in (1, 2):
        for name, extra in extra_costs(options, option).items():
            assert extra.amount.any()
            gap = options.spent[option][name].amount - options.spent[0][name].amount
            assert np.array_equal(extra.amount, gap)
            assert options.comparisons[option - 1].costs[name].difference.mean == pytest.approx(gap.mean())


def test_what_is_worse_or_unclear_has_no_price(options: OptionSet) -> None:
    for option in (1, 2):
        for extra in extra_costs(options, option).values():
            for outcome in options.judged:
                price = cost_per_outcome(options, option, outcome, extra)
                effect = options.judged_differences(option, 0, outcome)
                if price.why_not == "":
                    assert effect.mean() > 0
                    assert extra.amount.mean() > 0
                    assert price.low90 <= price.mean <= price.high90
                else:
                    assert np.isnan(price.mean)
                    assert price.why_not != HARMS or effect.mean() < 0
                    if not effect.any():
                        assert price.why_not == NO_EFFECT
