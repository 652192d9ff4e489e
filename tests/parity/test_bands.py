"""Bands beside the ledger: equal to a readable twin, to their means, to themselves when a band is added."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.made_up.band_programs import ADDED, FOUNDING, KNOWN, MERGER, NEW, OLD, OTHER, SPLINTER, SPLIT, with_bands
from tests.made_up.programs import Sizes, random_problem
from tests.reference import counts as reference

from afterfall.engine.band_inputs import band_inputs
from afterfall.engine.bands import NO_BANDS, BandInputs, Bands
from afterfall.engine.counts import MonthlyRecord, index, run_trajectory
from afterfall.engine.means import run_means, run_means_with_bands
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series

SIZES = Sizes(horizon=12)
N = 1500


def like_the_slow_twin(problem, bands, trajectory):
    """A trajectory by the engine, whose bands must equal those of the readable reference, number by number."""
    tabled, inputs = put_in(problem, bands, 5, trajectory)
    fast = run(problem, bands, 5, trajectory)
    slow = reference.run_trajectory(problem.program, tabled, problem.start, problem.counters, 5, trajectory, inputs)
    for name in ("own", "attached", "strength", "fired", "slow"):
        assert np.array_equal(getattr(fast.bands, name), getattr(slow.bands, name)), name
    return fast


def put_in(problem, bands: Bands, seed: int, trajectory: int):
    """Tables and company of a trajectory."""
    path, fired = draw_shared_series(problem.program, problem.theta, seed, trajectory)
    inputs = band_inputs(bands, problem.theta, path, fired, seed, trajectory)
    return rate_factors(problem.program, problem.theta, path), inputs


def run(problem, bands: Bands, seed: int = 3, trajectory: int = 0, inputs: BandInputs | None = None) -> MonthlyRecord:
    tabled, own = put_in(problem, bands, seed, trajectory)
    given = own if inputs is None else inputs
    program = problem.program
    return run_trajectory(program, index(program), tabled, problem.start, problem.counters, seed, trajectory, given)


@pytest.mark.parametrize("seed", range(6))
def test_equals_slow_twin_bit_for_bit(seed):
    problem, bands = with_bands(random_problem(seed, SIZES))
    for trajectory in range(3):
        tabled, inputs = put_in(problem, bands, 5, trajectory)
        fast = run(problem, bands, 5, trajectory)
        slow = reference.run_trajectory(problem.program, tabled, problem.start, problem.counters, 5, trajectory, inputs)
        for name in ("world", "origins", "final", "overflow"):
            assert np.array_equal(getattr(fast, name), getattr(slow, name)), name
        for name in ("own", "attached", "strength", "fired", "slow"):
            assert np.array_equal(getattr(fast.bands, name), getattr(slow.bands, name)), name
        assert fast.bands.strength[-1].sum() > 0


@pytest.mark.parametrize("month", [4, 13])
def test_an_event_known_beforehand_rules_others_out_and_is_never_ruled_out(month):
    """A founding that a merger rules out, and the other way round: with the merger given, only in the same month.

    Month 13 lies beyond the horizon: the merger never comes, and rules nothing out.
    """
    problem, bands = with_bands(random_problem(1, SIZES))
    months, unless = bands.event_month.copy(), bands.event_unless.copy()
    months[MERGER], unless[MERGER] = month, FOUNDING
    given = bands._replace(event_month=months, event_unless=unless)
    free, same, never = 0, 0, 0
    for trajectory in range(20):
        tabled, inputs = put_in(problem, given, 5, trajectory)
        fast = run(problem, given, 5, trajectory)
        slow = reference.run_trajectory(problem.program, tabled, problem.start, problem.counters, 5, trajectory, inputs)
        assert np.array_equal(fast.bands.fired, slow.bands.fired)
        assert fast.bands.fired[MERGER] == month
        free += run(problem, bands, 5, trajectory).bands.fired[FOUNDING] <= SIZES.horizon
        same += fast.bands.fired[FOUNDING] == month
        never += fast.bands.fired[FOUNDING] > SIZES.horizon
    assert free > 5
    assert same + never == 20 if month == 4 else never < 20


@pytest.mark.parametrize("seed", range(3))
def test_endings_and_hazards_that_change_with_time_equal_the_slow_twin(seed):
    """The split takes nobody in and so ends its organisation; every hazard rises and falls with the months at risk."""
    problem, bands = with_bands(random_problem(seed, SIZES))
    to = bands.event_to.copy()
    to[SPLIT] = -1
    shape = np.random.default_rng(seed).uniform(0.2, 3.0, (len(bands.event_key), 5))
    changed = bands._replace(event_to=to, event_shape=shape)
    ended = 0
    for trajectory in range(20):
        fast = like_the_slow_twin(problem, changed, trajectory)
        month = fast.bands.fired[SPLIT]
        if month <= SIZES.horizon:
            ended += 1
            assert not fast.bands.strength[month:, OLD].any()
            assert not fast.bands.own[month:, OLD].any()
    assert 0 < ended < 20


def test_an_absorbed_band_ends_and_a_share_of_it_joins_the_other():
    """As an ordinary split but for what stays behind, which is gone; both executors agree with the slow twin."""
    problem, bands = with_bands(random_problem(1, SIZES))
    ends = np.array([x == SPLIT for x in range(len(bands.event_key))], dtype=np.uint8)
    to = np.where(ends == 1, OTHER, bands.event_to).astype(np.int32)  # one that exists
    absorbing = bands._replace(event_ends=ends, event_to=to)
    absorbed = 0
    for trajectory in range(20):
        fast = like_the_slow_twin(problem, absorbing, trajectory)
        month, plain = fast.bands.fired[SPLIT], run(problem, bands, 5, trajectory).bands
        if month <= SIZES.horizon and plain.fired[SPLIT] == month:
            absorbed += 1
            assert not fast.bands.strength[month:, OLD].any()
            assert not fast.bands.own[month:, OLD].any()
            assert fast.bands.own[month, OTHER] - plain.own[month, OTHER] == plain.own[month, SPLINTER]
    assert absorbed > 0


@pytest.mark.parametrize("times", [0.0, 0.7, 1.0])
def test_an_event_with_a_band_beside_its_own_needs_both_and_the_ratio_of_that_month(times):
    """The split of one band needs another so many times as strong; both executors agree with the slow twin."""
    problem, bands = with_bands(random_problem(1, SIZES))
    x = np.arange(len(bands.event_key))
    beside = np.where(x == SPLIT, OTHER, -1).astype(np.int32)
    paired = bands._replace(event_beside=beside, event_times=np.where(x == SPLIT, times, 0.0))
    fired, shut = 0, 0
    for trajectory in range(20):
        fast = like_the_slow_twin(problem, paired, trajectory)
        month, free = fast.bands.fired[SPLIT], run(problem, bands, 5, trajectory).bands.fired[SPLIT]
        assert month >= free
        if month <= SIZES.horizon:
            before = fast.bands.strength[month - 1]
            assert before[OTHER] >= times * before[OLD]
        fired, shut = fired + (month <= SIZES.horizon), shut + (month > free)
    assert shut == 0 if times == 0.0 else fired + shut > 0


def test_a_band_beside_that_ended_shuts_the_event():
    problem, bands = with_bands(random_problem(1, SIZES))
    x = np.arange(len(bands.event_key))
    alive = bands.alive.copy()
    alive[OTHER] = 0
    paired = bands._replace(
        alive=alive, event_beside=np.where(x == SPLIT, OTHER, -1).astype(np.int32), event_times=np.zeros(len(x))
    )
    without = [run(problem, bands._replace(alive=alive), 5, i).bands.fired[SPLIT] for i in range(20)]
    assert min(without) <= SIZES.horizon
    for i in range(20):
        assert run(problem, paired, 5, i).bands.fired[SPLIT] > SIZES.horizon


def test_a_shape_of_ones_is_no_shape():
    problem, bands = with_bands(random_problem(1, SIZES))
    ones = bands._replace(event_shape=np.ones((len(bands.event_key), 3)))
    for name in ("own", "fired"):
        assert np.array_equal(getattr(run(problem, bands).bands, name), getattr(run(problem, ones).bands, name))


def test_programs_here_say_everything():
    """Every event fires somewhere, and bands act on people: the twins agree about something."""
    problem, bands = with_bands(random_problem(0, SIZES))
    fired = np.array([run(problem, bands, trajectory=i).bands.fired for i in range(40)])
    assert ((fired <= SIZES.horizon).any(axis=0)).all()
    assert ((fired > SIZES.horizon).any(axis=0))[:KNOWN].all()
    assert (fired[:, KNOWN] == 3).all()
    with_them = [run(problem, bands, trajectory=i).final.sum(axis=0) for i in range(20)]
    without = [run(problem, NO_BANDS, trajectory=i).final.sum(axis=0) for i in range(20)]
    assert not np.array_equal(with_them, without)


def test_without_bands_nothing_changes():
    """No company, and a company of nobody, are the same."""
    problem = random_problem(2)
    path, _ = draw_shared_series(problem.program, problem.theta, 1, 0)
    tabled, lists = rate_factors(problem.program, problem.theta, path), index(problem.program)
    none = run_trajectory(problem.program, lists, tabled, problem.start, problem.counters, 1, 0)
    no_bands = run(problem, NO_BANDS, 1, 0)
    assert np.array_equal(none.final, no_bands.final)
    assert none.bands.strength.shape == (problem.program.horizon + 1, 0)


def alone(bands: Bands) -> Bands:
    """The bands without what makes their mean differ from the mean of the counts: echoes, effects outside, a limit."""
    weight = np.where(bands.line_term[:, 0] == 2, 0.0, bands.line_weight)
    weight[3] = 40.0  # room without end
    return bands._replace(
        echo=bands.echo[:0],
        echo_weight=bands.echo_weight[:0],
        outside=bands.outside[:0],
        outside_weight=bands.outside_weight[:0],
        line_weight=weight,
        event_month=np.array([99, 4, 6, 99, 3], dtype=np.int32),
        strength_sd=np.zeros(4),
        spread=np.full(4, -1, dtype=np.int32),
    )


BARE = Sizes(horizon=12, feedback=False, capacities=False)


def deviations(bands: Bands, expected: Bands) -> np.ndarray:
    """How many standard errors the mean of the counts of `bands` lies from the means of `expected`."""
    problem, _ = with_bands(random_problem(4, BARE))
    tabled, inputs = put_in(problem, bands, 3, 0)
    _, wanted = put_in(problem, expected, 3, 0)
    lists, program = index(problem.program), problem.program
    records = np.array(
        [
            run_trajectory(program, lists, tabled, problem.start, problem.counters, 3, i, inputs).bands.own
            for i in range(N)
        ]
    )
    given = expected.event_month.copy()
    start, counters = problem.start.astype(float), problem.counters.astype(float)
    _, _, means = run_means_with_bands(program, tabled, wanted, given, start, counters)
    spread = records.std(axis=0) / math.sqrt(N)
    sure = spread < 1e-9
    assert np.allclose(records.mean(axis=0)[sure], means[sure])
    return (records.mean(axis=0) - means)[~sure] / spread[~sure]


def test_mean_of_counts_is_the_means_own():
    """48 comparisons, so 6 standard errors is p < 1e-7; a loss 3 % off is seen."""
    _, bands = with_bands(random_problem(4, BARE))
    bands = alone(bands)
    assert np.abs(deviations(bands, bands)).max() < 6
    off = bands._replace(line_weight=np.where(bands.line_term[:, 0] == 1, 0.97, 1.0) * bands.line_weight)
    assert np.abs(deviations(bands, off)).max() > 8


def test_expected_people_are_those_of_the_plain_means_when_bands_do_not_act():
    problem, bands = with_bands(random_problem(4, BARE))
    tabled, inputs = put_in(problem, alone(bands), 3, 0)
    start, counters = problem.start.astype(float), problem.counters.astype(float)
    given = np.full(5, 99, dtype=np.int32)
    with_bands_, counted, _ = run_means_with_bands(problem.program, tabled, inputs, given, start, counters)
    plain, plain_counted = run_means(problem.program, tabled, start, counters)
    assert np.array_equal(with_bands_, plain)
    assert np.array_equal(counted, plain_counted)


def test_a_band_more_changes_no_other():
    """Random numbers follow names: a fifth band with an event of its own leaves the four as they were."""
    problem, bands = with_bands(random_problem(1, SIZES))

    def more(field: np.ndarray, value: object) -> np.ndarray:
        return np.concatenate([field, np.array([value], dtype=field.dtype)])

    reading = bands.reading.copy()
    reading[reading[:, 0] == 4, 0] = 5
    values = {"key": 123, "alive": 1, "strength_log": 3.0, "strength_sd": 0.5, "least_own": 1.0, "scale": 10.0}
    lines = {"growth": 0, "loss": 1, "capacity": 2, "attached_weight": -1, "spread": -1}
    wider = bands._replace(
        **{name: more(getattr(bands, name), value) for name, value in {**values, **lines}.items()},
        reading=reading,
        n_sums=6,
        near=np.pad(bands.near, ((0, 0), (0, 1))),
        slow_band=np.pad(bands.slow_band, ((0, 0), (0, 1))),
        slow_sum=np.array([-1, 5], dtype=np.int32),
    )
    one, other = run(problem, bands), run(problem, wider)
    assert np.array_equal(one.bands.own, other.bands.own[:, :4])
    assert np.array_equal(one.bands.fired, other.bands.fired)
    assert np.array_equal(one.final, other.final)
    assert other.bands.strength[-1, 4] > 0


def test_a_split_moves_locals_and_loses_none():
    """With nobody joining or leaving, what the splinter has is what the other has lost."""
    problem, bands = with_bands(random_problem(1, SIZES))
    growth_or_loss = bands.line_term[:, 0] < 2
    still = bands._replace(
        line_weight=np.where(growth_or_loss & (bands.line_term[:, 1] < 0), 30.0, 0.0),  # exp(-60) a month and less
        echo=bands.echo[:0],
        echo_weight=bands.echo_weight[:0],
        event_month=np.array([99, 99, 5, 99, 99], dtype=np.int32),
        strength_log=np.log([500.0, 25.0, 1.0, 1.0]),
    )
    record = run(problem, still).bands
    assert (record.own.sum(axis=1) == record.own[0].sum()).all()
    assert record.own[4, SPLINTER] == 0 < record.own[5, SPLINTER] < record.own[0, OLD]
    assert record.fired[SPLIT] == 5


def test_a_band_that_does_not_exist_has_no_strength_though_foreigners_wait():
    problem, bands = with_bands(random_problem(0, SIZES))
    for i in range(30):
        record = run(problem, bands, trajectory=i).bands
        founded = record.fired[FOUNDING]
        assert not record.strength[:founded, NEW].any()
        assert (record.strength[founded:, NEW] == record.own[founded:, NEW] + record.attached[founded:, NEW]).all()
        assert not (record.fired[MERGER] < founded <= SIZES.horizon), "the founding is barred by the merger"


def test_an_event_uses_the_same_random_numbers_and_comes_sooner_at_a_higher_hazard():
    problem, bands = with_bands(random_problem(0, SIZES))
    hotter = bands._replace(line_weight=np.where(bands.line_term[:, 0] == 3, 0.5, 1.0) * bands.line_weight)
    months = np.array([[run(problem, b, trajectory=i).bands.fired[MERGER] for b in (bands, hotter)] for i in range(60)])
    assert (months[:, 1] <= months[:, 0]).all()
    assert (months[:, 1] < months[:, 0]).any()


def test_chance_of_an_event_is_that_of_its_hazard():
    """A constant hazard h fires by month t with chance 1 - exp(-h t); 5.5 standard errors, and 20 % off is seen."""
    problem, bands = with_bands(random_problem(0, SIZES))
    still = bands._replace(line_weight=np.where(bands.line_term[:, 1] >= 0, 0.0, bands.line_weight))
    fired = np.array([run(problem, still, trajectory=i).bands.fired[MERGER] for i in range(N)])
    expected = 1.0 - math.exp(-math.exp(ADDED["hazard"]) * 6)
    error = math.sqrt(expected * (1 - expected) / N)
    assert abs((fired <= 6).mean() - expected) < 5.5 * error
    assert abs((fired <= 6).mean() - (1.0 - math.exp(-1.2 * math.exp(ADDED["hazard"]) * 6))) > 3 * error


def test_strength_at_the_start_is_drawn_around_what_is_given():
    """Median as given, locals at least the share that is local."""
    problem, bands = with_bands(random_problem(0, SIZES))
    records = [run(problem, bands, trajectory=i).bands for i in range(200)]
    inputs = [put_in(problem, bands, 3, i)[1] for i in range(200)]
    drawn = np.array([c.strength for c in inputs])
    assert abs(np.median(np.log(drawn[:, OLD])) - math.log(60.0)) < 0.12
    assert (drawn[:, [NEW, SPLINTER]] == 0).all()
    for record, one in zip(records, inputs, strict=True):
        assert record.own[0, OTHER] >= math.floor(0.5 * one.strength[OTHER] + 0.5) - 1
        assert record.own[0, OLD] == max(
            one.strength[OLD] - record.attached[0, OLD], math.floor(0.05 * one.strength[OLD] + 0.5)
        )
