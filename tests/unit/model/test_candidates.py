"""Published figures choose an origin's start among candidates; other origins keep theirs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from afterfall.case import Case, Figure, PartialDate, open_case
from afterfall.engine.keys import START, subkey
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, ROLES
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.candidates import (
    CANDIDATES,
    EVERY,
    LEAST_LOG_WEIGHT,
    MORE_CANDIDATES,
    balanced,
    choose_candidate,
    chosen,
    effective_number,
    log_density,
)
from afterfall.model.observation.expected_figures import (
    GROWTH_HOME,
    IN_THEATRE_COUNT,
    SCALE,
    VARIANCE,
    empty_terms,
    family_log_weights,
    figure_terms,
)
from afterfall.model.observation.initial_state import draw_initial_state
from afterfall.model.observation.initial_state_plan import NOT_DRAWN, REST, InitialStateBeliefs, InitialStatePlan
from afterfall.model.observation.measurement_error import totals as readings_of_total
from afterfall.model.observation.node_shares import node_shares
from afterfall.model.observation.nowcast import _beliefs as beliefs_of
from afterfall.model.observation.nowcast import history
from afterfall.model.observation.origin_figures import competing_counts, figures_of
from afterfall.model.observation.reconcile_totals import reading_of, reconcile_totals, unit_of

SEED = 11
N = 200


def stock(case: Case, origin: str, people: float, name: str = "a", **changes: Any) -> Figure:
    """A stock in the theatre of an origin, dated as the latest figure of the case."""
    total = max(case.figures, key=lambda f: f.refers_to.last_day)
    given = {
        "figure": f"in-theatre-{origin}-{name}",
        "quantity": "in_theatre",
        "place": origin,
        "organisation": "",
        "role": "",
        "bound": "",
        "low": people,
        "value": people,
        "high": people,
        "grade": "B2",
        "basis": "stock",
        "definition": "affiliates",
        "family": f"count-{name}",
    }
    return replace(total, **given | changes)


def read_stocks(view: CaseView, origin: str) -> set[str]:
    """Names of the stocks in the theatre that are read."""
    groups = (g for g in competing_counts(view, origin) if g.quantity == "in_theatre")
    return {f.figure for group in groups for f in figures_of(group)}


def plain(case: Case) -> Case:
    """The case without stocks in the theatre."""
    return replace(case, figures=tuple(f for f in case.figures if f.quantity != "in_theatre"))


def with_stocks(case: Case, *stocks: Figure) -> Model:
    return build(replace(plain(case), figures=(*plain(case).figures, *stocks)), horizon=3)


def start_of(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """People by origin, role and state, and counters."""
    draws = sample(model, trajectories=N, seed=SEED)
    start, counters = nowcast(model, draws, seed=SEED, trajectories=range(N))
    return start.reshape(N, len(model.origins), len(EVERY_ROLE), -1), counters


def seen(model: Model, start: np.ndarray, origin: str) -> np.ndarray:
    """People of an origin in the theatre, by trajectory."""
    there = np.array([s.stage in ("theatre", "detained") for s in model.states])
    return start[:, model.origins.index(origin)][..., there].sum(axis=(1, 2))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def tiny() -> Case:
    return open_case("tiny")


@pytest.fixture(scope="module")
def origin(tiny: Case) -> str:
    return CaseView(tiny).named[0]


def test_a_stock_moves_its_origin_towards_it_and_no_other(tiny: Case, origin: str) -> None:
    before = with_stocks(tiny)
    start, counters = start_of(before)
    usual = float(np.median(seen(before, start, origin)))
    for people in (0.5 * usual, 1.6 * usual):
        model = with_stocks(tiny, stock(tiny, origin, people))
        moved, counted = start_of(model)
        now = float(np.median(seen(model, moved, origin)))
        assert abs(math.log(now / people)) < 0.7 * abs(math.log(usual / people))
        others = [o for o in range(len(model.origins)) if model.origins[o] != origin]
        assert np.array_equal(moved[:, others], start[:, others])
        assert np.array_equal(counted[:, :, others], counters[:, :, others])


def test_everyone_is_somewhere(tiny: Case, origin: str) -> None:
    model = with_stocks(tiny, stock(tiny, origin, 40.0))
    start, counters = start_of(model)
    travelled = counters[:, [q.name for q in model.quantities].index("travelled")]
    assert np.array_equal(start[:, :, : len(ROLES)].sum(axis=(2, 3)), travelled)
    assert (start >= 0).all()


def test_the_same_seed_gives_the_same_start(tiny: Case, origin: str) -> None:
    model = with_stocks(tiny, stock(tiny, origin, 40.0))
    start, _ = start_of(model)
    alone = sample(model, trajectories=[17], seed=SEED)
    again, _ = nowcast(model, alone, seed=SEED, trajectories=[17])
    assert np.array_equal(again[0].reshape(start.shape[1:]), start[17])


def test_figures_of_one_family_share_one_weight(tiny: Case, origin: str) -> None:
    twice = with_stocks(
        tiny, stock(tiny, origin, 40.0, family="one"), stock(tiny, origin, 40.0, name="again", family="one")
    )
    assert np.array_equal(start_of(twice)[0], start_of(with_stocks(tiny, stock(tiny, origin, 40.0)))[0])


def test_candidates_are_chosen_by_weight() -> None:
    log_weights = np.log(np.array([0.1, 0.0001, 0.6, 0.2999]))
    found = np.bincount([chosen(log_weights - 300.0, u, 1) for u in (np.arange(20_000) + 0.5) / 20_000], minlength=4)
    assert np.allclose(found / 20_000, np.exp(log_weights), atol=1e-4)
    assert chosen(np.full(4, LEAST_LOG_WEIGHT - 1.0), 0.9, 1) == -1
    assert chosen(np.full(4, -np.inf), 0.9, 1) == -1
    assert effective_number(np.zeros(7)) == pytest.approx(7.0)
    assert effective_number(np.array([0.0, -np.inf])) == 1.0


@pytest.mark.parametrize("changes", [{"role": "woman"}, {"definition": "involved"}])
def test_stocks_of_a_role_or_of_something_else_are_not_read(tiny: Case, origin: str, changes: dict[str, str]) -> None:
    one = stock(tiny, origin, 40.0)
    assert read_stocks(CaseView(replace(plain(tiny), figures=(*plain(tiny).figures, one))), origin)
    other = CaseView(replace(plain(tiny), figures=(*plain(tiny).figures, replace(one, **changes))))  # type: ignore[arg-type]
    assert not read_stocks(other, origin)


def test_what_is_left_of_a_total_that_is_read_is_not_read_again() -> None:
    turkey = open_case("isis-2017", as_of="2016-08-01")
    assert turkey.figures_of("in_theatre", place="TUR")
    assert not read_stocks(CaseView(turkey), "TUR")


@pytest.mark.parametrize(("origin", "people"), [("FRA", 650.0), ("BEL", 266.0)])
def test_what_is_left_of_a_total_that_is_not_read_is_read(origin: str, people: float) -> None:
    view = CaseView(open_case("isis-2017", as_of="2016-08-01"))
    assert {f.value for f in view.case.figures if f.figure in read_stocks(view, origin)} == {people}


def test_of_a_family_the_latest_day_counts_and_outdated_families_do_not(tiny: Case, origin: str) -> None:
    old, new = stock(tiny, origin, 400.0), stock(tiny, origin, 40.0)
    later = replace(new, figure="later", refers_to=PartialDate("2015-03"))
    twin = replace(later, figure="twin", definition="fighters", value=30.0)
    aged = replace(old, figure="aged", refers_to=PartialDate("2013-01"), family="another")
    case = plain(tiny)
    view = CaseView(
        replace(case, figures=(*case.figures, replace(old, refers_to=PartialDate("2014-06")), later, twin, aged))
    )
    assert read_stocks(view, origin) == {"later", "twin"}


class Alone:
    """One origin of a model, with the parameters of one trajectory."""

    def __init__(self, model: Model, origin: str, discrepancy: float = 0.0) -> None:
        self.o, draws = model.origins.index(origin), sample(model, trajectories=1, seed=SEED)
        past = history(model.nowcaster, model.history, draws.values, SEED)
        self.plan: InitialStatePlan = model.nowcaster.plan
        found = beliefs_of(past, 0, draws, {name: i for i, name in enumerate(draws.names)})
        self.beliefs: InitialStateBeliefs = found._replace(discrepancy=discrepancy, held_discrepancy=discrepancy)

    def draws(self, pooled: tuple[tuple[float, float], tuple[float, float]], n: int) -> tuple[np.ndarray, np.ndarray]:
        """Starts ``[n, 4]`` (total, shares returned, dead, in the theatre), and effective numbers ``[n]``."""
        size = self.plan.region.size
        all_pooled = np.zeros((2, 2, size))
        all_pooled[:, :, self.o] = pooled
        found, effective = np.empty((n, 4)), np.empty(n)
        for i in range(n):
            key, totals, shares = subkey(SEED, i, START, 0), np.ones(size), np.full((3, size), NOT_DRAWN)
            totals[self.o] = math.exp(reading_of(self.plan, self.beliefs, self.o, key, self.plan.origin_key[self.o]))
            effective[i] = choose_candidate(self.plan, self.beliefs, self.o, all_pooled, key, totals, shares)
            found[i] = totals[self.o], *shares[:, self.o]
        return found, effective

    @property
    def theatre(self) -> float:
        """Share in the theatre that the history expects of those neither returned nor dead."""
        return float(self.beliefs.theatre[-1, self.plan.region[self.o]])

    def log_density(self, starts: np.ndarray, only: int = EVERY) -> np.ndarray:
        plan, o = self.plan, self.o
        terms = empty_terms(plan, o)
        figure_terms(plan, self.beliefs, o, terms)
        weights = np.empty(plan.first_family[plan.first_group[o + 1]] - plan.first_family[plan.first_group[o]])
        family_log_weights(plan, self.beliefs, o, weights)
        return np.array([log_density(plan, self.beliefs, o, (-1, -1), terms, weights, one, only) for one in starts])

    def total_density(self, log_people: np.ndarray) -> np.ndarray:
        """Density of the log total by its readings alone."""
        first, end = self.plan.first_reading[self.o : self.o + 2]
        weights = np.diff(self.plan.weight_reading[first:end], prepend=0.0)
        density = np.zeros(len(log_people))
        for i, w in zip(range(first, end), weights, strict=True):
            assert self.plan.bound_reading[i] == 0
            middle = self.plan.log_reading[i] + math.log(unit_of(self.plan.kind_reading[i], self.beliefs))
            density += w * stats.norm.pdf(log_people, middle, self.plan.sd_reading[i])
        return density


def beta(share: np.ndarray, mean: float, like: float) -> np.ndarray:
    return stats.beta(mean * like, (1.0 - mean) * like).logpdf(share)  # type: ignore[no-any-return]


def normalised(log_weights: np.ndarray) -> np.ndarray:
    weights = np.exp(log_weights - log_weights.max())
    return weights / weights.sum()  # type: ignore[no-any-return]


def moments(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = weights @ values
    return mean, np.sqrt(weights @ (values - mean) ** 2)


def first_stage(alone: Alone, people: float, pooled: tuple[float, float], share: np.ndarray) -> np.ndarray:
    """Log density of the share returned that the first stage draws given a total: a beta with the count as people."""
    plan, terms = alone.plan, empty_terms(alone.plan, alone.o)
    figure_terms(plan, alone.beliefs, alone.o, terms)
    i = plan.first_figure[plan.first_family[plan.first_group[alone.o]]]
    y, row = plan.figure_points[i, 2], terms[0]
    seen = min(y / (people * row[SCALE]) * row[GROWTH_HOME], 0.95)
    worth = min((1.0 - seen) / (seen * (row[VARIANCE] + 1.0 / y)), people)
    like = pooled[1] + worth
    return beta(share, (pooled[0] * pooled[1] + seen * worth) / like, like)


def two_stages(
    alone: Alone, pooled: tuple[tuple[float, float], tuple[float, float]], logs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log total and three shares on a grid; their weights by the two stages of `candidates`; those without the cut.

    The total follows its readings and the stocks, averaged over the shares that the first stage draws. The shares
    follow all figures, given the total.
    """
    grids = np.meshgrid((np.arange(16) + 0.5) / 26, (np.arange(14) + 0.5) / 18, (np.arange(12) + 0.5) / 12)
    shares = np.stack([x.ravel() for x in grids], axis=1)
    others = beta(shares[:, 1], *pooled[1]) + beta(shares[:, 2], alone.theatre, alone.beliefs.mixing)
    prior = beta(shares[:, 0], *pooled[0]) + others
    values, of_total, given, joint = [], [], [], []
    for log, of_readings in zip(logs, alone.total_density(logs), strict=True):
        starts = np.column_stack([np.full(len(shares), math.exp(log)), shares])
        first = normalised(first_stage(alone, math.exp(log), pooled[0], shares[:, 0]) + others)
        of_total.append(of_readings * (first @ np.exp(alone.log_density(starts, IN_THEATRE_COUNT))))
        joint.append(math.log(of_readings) + prior + alone.log_density(starts))
        given.append(normalised(prior + alone.log_density(starts)))
        values.append(np.column_stack([np.full(len(shares), log), shares]))
    totals = np.array(of_total) / sum(of_total)
    weights = np.concatenate([t * w for t, w in zip(totals, given, strict=True)])
    return np.concatenate(values), weights, normalised(np.concatenate(joint))


def test_starts_are_draws_from_the_two_stages_on_a_grid(tiny: Case, origin: str) -> None:
    """Total and shares against a grid: the total from readings and stocks alone, the shares from all figures.

    The counts of the returned say four times what the prior says. They would enlarge the total, were it not cut.
    """
    view = CaseView(tiny)
    people = view.central_travelled(origin)
    total = next(f for f in tiny.figures if f.quantity == "travelled" and f.place == origin)
    known = replace(total, figure="total", low=people, value=people, high=people, grade="C3", bound="", family="total")
    there = stock(tiny, origin, 0.35 * people, grade="B2")
    back = returned(tiny, origin, 0.3 * people, "back", grade="B2")
    kept = tuple(f for f in tiny.figures if f.place != origin)
    alone = Alone(build(replace(tiny, figures=(*kept, known, there, back)), horizon=1), origin, 0.1)
    alone.beliefs = alone.beliefs._replace(mixing=12.0, theatre=np.full_like(alone.beliefs.theatre, 0.7))
    pooled = ((0.08, 12.0), (0.2, 9.0))
    found, effective = alone.draws(pooled, 1500)
    grid, weight, uncut = two_stages(alone, pooled, math.log(people) + np.linspace(-1.5, 1.5, 21))
    drawn = np.column_stack([np.log(found[:, 0]), found[:, 1:]])
    mean, sd = moments(grid, weight)
    assert np.median(effective) > 12.0
    assert (drawn.mean(axis=0) - mean) / sd == pytest.approx(np.zeros(4), abs=0.12)
    assert drawn.std(axis=0) == pytest.approx(sd, rel=0.12)
    assert moments(grid, uncut)[0][0] > mean[0] + 0.3 * sd[0]


def with_returned(case: Case, *counts: Figure) -> Case:
    """The case with other counts of the returned of an origin, and none of its dead or in the theatre."""
    place = counts[0].place
    kept = [f for f in case.figures if f.place != place or f.quantity == "travelled"]
    return replace(case, figures=(*kept, *counts))


def returned(case: Case, origin: str, people: float, name: str = "a", **changes: Any) -> Figure:
    return stock(case, origin, people, name, quantity="returned", basis="cumulative", **changes)


def test_a_conjugate_case(tiny: Case, origin: str) -> None:
    """A count without error of a rare fate is Poisson; with a prior that is nearly gamma, so is the posterior."""
    model = build(with_returned(tiny, returned(tiny, origin, 12.0)), horizon=1)
    alone, last = Alone(model, origin), model.view.history_months
    people = 1000.0
    first, end = alone.plan.first_reading[alone.o : alone.o + 2]
    sd, log, kind = (getattr(alone.plan, f"{name}_reading").copy() for name in ("sd", "log", "kind"))
    sd[first:end], log[first:end], kind[first:end] = 1e-9, math.log(people), 0
    now = np.full_like(alone.plan.figure_newest, last)
    alone.plan = alone.plan._replace(
        sd_reading=sd,
        log_reading=log,
        kind_reading=kind,
        figure_sd=np.full_like(alone.plan.figure_sd, 1e-3),
        figure_newest=now,
        figure_column=now,
    )
    a, b = 5.0, 495.0
    found, _ = alone.draws(((a / (a + b), a + b), (0.2, 9.0)), 3000)
    rate = b + people * alone.beliefs.reporting[0]
    expected = stats.gamma(a + 12.0, scale=1.0 / rate)
    assert found[:, 0] == pytest.approx(np.full(3000, people), rel=1e-6)
    assert found[:, 1].mean() == pytest.approx(expected.mean(), rel=0.02)
    assert found[:, 1].std() == pytest.approx(expected.std(), rel=0.05)


def test_counts_that_contradict_each_other_are_a_mixture_by_grade(tiny: Case, origin: str) -> None:
    few, many = returned(tiny, origin, 6.0, "few", grade="B2"), returned(tiny, origin, 70.0, "many", grade="C3")
    model = build(with_returned(tiny, few, many), horizon=1)
    alone = Alone(model, origin, 0.1)
    group = next(g for g in competing_counts(model.view, origin) if g.quantity == "returned")
    assert group.weights == pytest.approx((0.8, 0.2))
    people = model.view.central_travelled(origin)
    found, effective = alone.draws(((0.3, 3.0), (0.2, 9.0)), 800)
    share = found[:, 1] * found[:, 0] / people
    grid = (np.arange(240) + 0.5) / 240
    below = []
    for total in found[:60, 0]:  # the total follows its readings alone, so that its draws stand for it
        starts = np.column_stack([np.full(240, total), grid, np.full(240, 0.2), np.full(240, 0.5)])
        weights = normalised(beta(grid, 0.3, 3.0) + alone.log_density(starts))
        below.append([weights @ (grid * total / people < cut) for cut in (0.08, 0.2, 0.35)])
    exact = np.mean(below, axis=0)
    assert 0.3 < exact[1] < 0.9  # the prior of the share agrees with the many, the grades with the few
    assert [(share < cut).mean() for cut in (0.08, 0.2, 0.35)] == pytest.approx(exact, abs=0.05)
    assert np.median(effective) > 12.0


def test_thirty_figures_of_an_origin_leave_many_candidates(tiny: Case, origin: str) -> None:
    people = max(readings_of_total(CaseView(tiny), origin, ArrivalCurve.of(CaseView(tiny))), key=lambda r: r.log)
    number, noise = math.exp(people.log), np.random.default_rng(4).normal(size=30)
    figures = []
    for i in range(30):
        quantity, share = (("returned", 0.25), ("killed", 0.15), ("in_theatre", 0.6))[i % 3]
        basis = "stock" if quantity == "in_theatre" else "cumulative"
        value = float(round(number * share * math.exp(0.15 * noise[i])))
        figures.append(stock(tiny, origin, value, f"{i}", quantity=quantity, basis=basis, grade="BC"[i % 2] + "2"))
    model = build(with_returned(tiny, *figures), horizon=1)
    plan, o = model.nowcaster.plan, model.origins.index(origin)
    assert plan.first_figure[plan.first_family[plan.first_group[o + 1]]] >= 30
    _, effective = Alone(model, origin, 0.1).draws(((0.25, 12.0), (0.2, 9.0)), 200)
    assert np.median(effective) > 10.0
    assert np.quantile(effective, 0.05) > 4.0


def test_an_impossible_stock_leaves_what_was_drawn_without_figures(tiny: Case, origin: str) -> None:
    alone = Alone(with_stocks(tiny, stock(tiny, origin, 40.0)), origin)
    hopeless = alone.plan.figure_points + 1e30
    plan, n = alone.plan._replace(figure_points=hopeless), alone.plan.region.size
    totals, shares = np.full(n, 1000.0), np.full((3, n), 0.2)
    choose_candidate(plan, alone.beliefs, alone.o, np.full((2, 2, n), 0.5), subkey(SEED, 0, START, 0), totals, shares)
    assert totals[alone.o] == 1000.0
    assert (shares[:, alone.o] == 0.2).all()
    assert CANDIDATES > 1


def test_candidates_of_both_proposals_weigh_by_their_mixture() -> None:
    """The mean weight is the integral of the target, whichever proposal covers it; each proposal's own is not."""
    noise = np.random.default_rng(2)
    target, narrow, wide = stats.norm(1.5, 0.6), stats.norm(0.0, 0.5), stats.norm(0.5, 2.0)
    own, mixed = [], []
    for _ in range(400):
        x = np.concatenate([narrow.rvs(CANDIDATES, noise), wide.rvs(MORE_CANDIDATES, noise)])
        one, other = target.logpdf(x) - narrow.logpdf(x), target.logpdf(x) - wide.logpdf(x)
        mixed.append(np.mean([math.exp(balanced(a, b, MORE_CANDIDATES)) for a, b in zip(one, other, strict=True)]))
        own.append(np.mean(np.exp(np.concatenate([one[:CANDIDATES], other[CANDIDATES:]]))))
    assert np.mean(mixed) == pytest.approx(1.0, abs=4.0 * np.std(mixed) / 20.0)
    assert np.std(mixed) < 0.5 * np.std(own)
    assert balanced(-3.0, 4.0, 0) == -3.0
    assert balanced(2000.0, -2000.0, MORE_CANDIDATES) < -1990.0


def test_the_number_in_the_theatre_follows_the_chosen_share(tiny: Case, origin: str) -> None:
    """It differs from the chosen share by the noise of whole people, also where states within a node differ much."""
    model = with_stocks(tiny, stock(tiny, origin, 60.0))
    alone, n = Alone(model, origin), len(model.origins)
    plan, beliefs = alone.plan, alone.beliefs._replace(mixing=4.0, theatre=np.full_like(alone.beliefs.theatre, 0.5))
    rest, there = model.nowcaster.node == REST, model.nowcaster.in_theatre
    expected = beliefs.shares.copy()  # half of the rest in the theatre, in every role
    for row in expected:
        row[rest & ~there] *= row[there].sum() / row[rest & ~there].sum()
    beliefs, z = beliefs._replace(shares=expected), []
    for i in range(150):
        key, shares, pooled = subkey(SEED, i, START, 0), np.full((3, n), NOT_DRAWN), np.zeros((2, 2, n))
        totals = reconcile_totals(plan, beliefs, key)
        for which in range(2):
            node_shares(plan, beliefs, totals, which, key, shares, pooled)
        choose_candidate(plan, beliefs, alone.o, pooled, key, totals, shares)
        counts, _ = draw_initial_state(plan, beliefs, model.program.cell_key, key)
        own = counts[plan.cohorts_of[alone.o]].sum(axis=0)
        people, share = own[rest].sum(), shares[2, alone.o]
        z.append((own[there].sum() - people * share) / math.sqrt(people * share * (1.0 - share)))
    assert abs(np.mean(z)) < 0.3
    assert 0.8 < np.std(z) < 1.2
