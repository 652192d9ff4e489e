"""Published counts of people held move how many of an origin start in custody, by custodian."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from afterfall.case import Case, Figure, PartialDate, open_case
from afterfall.engine.keys import START, subkey
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import ROLES
from afterfall.model.observation.candidates import LEAST_EFFECTIVE
from afterfall.model.observation.count_density import log_held
from afterfall.model.observation.held_figures import custodians_of, held_groups, held_reading, why_not_held
from afterfall.model.observation.held_shares import HELD_WORTH, choose_held, expected_held
from afterfall.model.observation.initial_state_plan import REST
from afterfall.model.observation.measurement_error import reading
from afterfall.model.observation.nowcast import _beliefs as beliefs_of
from afterfall.model.observation.nowcast import history

N, SEED = 100, 5


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case("isis-2017")


def held(case: Case, people: float, **changes: Any) -> Figure:
    one = next(f for f in case.figures if f.place == "SAU" and f.quantity == "detained")
    given = {"figure": f"held-{people}", "place": "FRA", "low": people, "value": people, "high": people}
    return replace(one, **given | {"definition": "affiliates", "refers_to": PartialDate("2017-01")} | changes)


def start_of(case: Case, *figures: Figure) -> tuple[Model, np.ndarray]:
    """People of France by trajectory, role and state."""
    model = build(replace(case, figures=(*case.figures, *figures)), horizon=1)
    start, _ = nowcast(model, sample(model, trajectories=N, seed=SEED), seed=SEED, trajectories=range(N))
    by_origin = start.reshape(N, len(model.origins), -1, start.shape[-1])
    return model, by_origin[:, model.origins.index("FRA")]


def in_states(model: Model, start: np.ndarray, *names: str) -> float:
    which = np.array([s.stage == "detained" and (not names or s.name in names) for s in model.nowcaster.states])
    return float(np.median(start[..., which].sum(axis=(1, 2))))


def number_held(model: Model, start: np.ndarray) -> np.ndarray:
    which = np.array([s.stage == "detained" for s in model.nowcaster.states])
    return start[..., which].sum(axis=(1, 2))  # type: ignore[no-any-return]


def range_of(model: Model, start: np.ndarray) -> tuple[float, float]:
    low, high = np.quantile(number_held(model, start), (0.05, 0.95))
    return float(low), float(high)


def test_a_count_of_the_held_moves_them_and_not_the_rest_of_the_origin(case: Case) -> None:
    model, usual = start_of(case)
    for people in (30.0, 200.0):
        _, moved = start_of(case, held(case, people))
        assert in_states(model, moved) == pytest.approx(people, rel=0.1)
        low, high = range_of(model, moved)
        assert 0.7 * people < low < people < high < 1.4 * people
        travelled = slice(0, len(ROLES))  # the born follow their mothers
        now, before = (np.median(x[:, travelled].sum(axis=(1, 2))) for x in (moved, usual))
        assert now == pytest.approx(before, rel=0.05)


def test_origins_without_counts_of_the_held_keep_their_start(case: Case) -> None:
    plain, one = (build(c, horizon=1) for c in (case, replace(case, figures=(*case.figures, held(case, 90.0)))))
    starts = [
        nowcast(m, sample(m, trajectories=20, seed=SEED), seed=SEED, trajectories=range(20))[0] for m in (plain, one)
    ]
    by_origin = [s.reshape(20, len(plain.origins), -1) for s in starts]
    changed = (by_origin[0] != by_origin[1]).any(axis=(0, 2))
    assert [plain.origins[o] for o in np.flatnonzero(changed)] == ["FRA"]


def test_more_held_than_are_left_enlarge_the_total_within_its_readings(case: Case) -> None:
    """As many held as four draws in five have left: these are then unlikely."""
    model, usual = start_of(case)
    left = model.nowcaster.node == REST
    people = float(np.quantile(usual[:, : len(ROLES)][..., left].sum(axis=(1, 2)), 0.8))
    _, moved = start_of(case, held(case, people))
    now = moved[:, : len(ROLES)][..., left].sum(axis=(1, 2))
    assert np.median(now) > people
    assert in_states(model, moved) == pytest.approx(people, rel=0.2)


def test_overlapping_counts_are_of_the_same_people(case: Case) -> None:
    """Women, minors (the born with them), everyone in one place, and at least so many in all."""
    places = ("north_east_syria", "affiliates")
    model, start = start_of(
        case,
        held(case, 40.0, figure="women", role="woman"),
        held(case, 60.0, figure="minors", role="minor"),
        held(case, 150.0, figure="there", definition=places[0]),
        held(case, 190.0, figure="all", definition=places[1], bound="at_least"),
    )
    there = tuple(f"detained_{k}" for k in THERE)
    assert in_states(model, start[:, [1]]) == pytest.approx(40.0, rel=0.25)
    assert in_states(model, start[:, 2:]) == pytest.approx(60.0, rel=0.25)
    assert in_states(model, start, *there) == pytest.approx(150.0, rel=0.2)
    assert in_states(model, start) > 180.0


def test_values_that_contradict_each_other_are_a_mixture_and_a_bound_decides_between_them(case: Case) -> None:
    few, many = held(case, 30.0, figure="few", family="one"), held(case, 200.0, figure="many", family="other")
    model, start = start_of(case, few, many)
    number = number_held(model, start)
    assert 0.15 < (number < 80).mean() < 0.85
    assert ((number > 60) & (number < 120)).mean() < 0.1
    model, start = start_of(case, few, many, held(case, 150.0, figure="least", family="third", bound="at_least"))
    assert (number_held(model, start) > 100).mean() > 0.97


class Custody:
    """People of France, neither home nor dead, of whom counts say how many are held; the fit's error of counts .3."""

    def __init__(self, people: tuple[int, int, int], mixing: float, *figures: Figure) -> None:
        base = open_case("isis-2017")
        self.model = build(replace(base, figures=(*base.figures, *figures)), horizon=1)
        draws = sample(self.model, trajectories=1, seed=SEED)
        past = history(self.model.nowcaster, self.model.history, draws.values, SEED)
        found = beliefs_of(past, 0, draws, {name: i for i, name in enumerate(draws.names)})
        self.beliefs = found._replace(held_discrepancy=0.3, mixing=mixing, fathers=0.0)
        self.plan, self.o, self.people = self.model.nowcaster.plan, self.model.origins.index("FRA"), np.array(people)
        self.pool = (self.plan.node == REST).astype(np.uint8)
        self.shares = expected_held(self.plan, self.beliefs, self.o, self.pool)

    def more_held(self, r: int, states: np.ndarray, factor: float) -> None:
        """Multiply what the history expects of a role in some states."""
        self.beliefs = self.beliefs._replace(shares=self.beliefs.shares.copy())
        row = self.plan.regional[self.plan.cohorts_of[self.o, 0]] + r
        self.beliefs.shares[row, states & (self.pool > 0)] *= factor
        self.shares = expected_held(self.plan, self.beliefs, self.o, self.pool)

    def draws(self, n: int = 1500) -> np.ndarray:
        """People by draw, role and class."""
        found, effective = np.zeros((n, 3, self.plan.held_cells.shape[2]), dtype=np.int64), np.empty(n)
        for i, out in enumerate(found):
            key = subkey(SEED, i, START, 0)
            effective[i] = choose_held(
                self.plan, self.beliefs, self.o, self.people, self.pool, self.model.program.cell_key, key, out
            )
        assert np.median(effective) > LEAST_EFFECTIVE
        assert (effective > 0.0).all()
        assert (found.sum(axis=2) == self.people).all()
        return found

    def density(self, group: int, numbers: np.ndarray) -> np.ndarray:
        """Density of the counts of a group for each number held: a mixture of values, or the tail of a bound."""
        j, plan, total = self.plan.first_held[self.o] + group, self.plan, np.zeros(numbers.shape)
        for i in range(plan.first_held_figure[j], plan.first_held_figure[j + 1]):
            error = plan.held_sd[i] ** 2 + 0.3**2
            logs = [log_held(plan.held_log[i], float(k), error, plan.held_bound[i]) for k in numbers.ravel()]
            total += plan.held_weight[i] * np.exp(logs).reshape(numbers.shape)
        return total


def as_drawn(found: np.ndarray, numbers: np.ndarray, weights: np.ndarray, sds: float = 0.12) -> None:
    """Checks mean, spread and ninetieth of a number against its enumerated distribution."""
    exact = weights / weights.sum()
    mean = float(exact @ numbers)
    sd = float(np.sqrt(exact @ (numbers - mean) ** 2))
    assert found.mean() == pytest.approx(mean, abs=sds * sd)
    assert found.std() == pytest.approx(sd, rel=0.1)
    highest = numbers[np.searchsorted(np.cumsum(exact), 0.9)]
    assert (found <= highest).mean() == pytest.approx(exact[: int(highest) + 1].sum(), abs=0.04)


def either_way(share: float | np.ndarray, worth: float) -> tuple[float | np.ndarray, float | np.ndarray]:
    return worth * share, worth * (1.0 - share)


def shifted(own: float, mean: float, share: np.ndarray) -> np.ndarray:
    """A role's share held where the share of everyone is not its mean but `share`."""
    odds = share / (1.0 - share) * own / (1.0 - own) * (1.0 - mean) / mean
    return odds / (1.0 + odds)  # type: ignore[no-any-return]


def test_the_number_held_has_its_exact_posterior() -> None:
    """Two values of everyone by weight, one role, one custodian: beta-binomial prior times the mixture, enumerated."""
    few, many = held(case := open_case("isis-2017"), 12.0, family="one"), held(case, 45.0, grade="C3", family="other")
    one = Custody((80, 0, 0), 50.0, replace(few, grade="B3"), many)
    weights = one.plan.held_weight[one.plan.first_held_figure[one.plan.first_held[one.o]] :][:2]
    assert sorted(weights) == pytest.approx([0.2, 0.8], abs=0.03)
    numbers = np.arange(81)
    prior = stats.betabinom(80, *either_way(one.shares[0, 1], HELD_WORTH)).pmf(numbers)
    as_drawn(one.draws()[:, 0, 1:].sum(axis=1), numbers, prior * one.density(0, numbers))


def test_a_bound_moves_the_number_held_no_further_than_origins_differ() -> None:
    """At least 40 of 80, where the history expects fewer: worth `mixing`, not one."""
    one = Custody((80, 0, 0), 12.0, held(open_case("isis-2017"), 40.0, bound="at_least"))
    numbers = np.arange(81)
    prior = stats.betabinom(80, *either_way(one.shares[0, 1], 12.0)).pmf(numbers)
    as_drawn(one.draws()[:, 0, 1:].sum(axis=1), numbers, prior * one.density(0, numbers))


def test_a_bound_on_one_custodian_does_not_loosen_the_split_of_the_others() -> None:
    """Everyone held counted, and at least so many in Turkey: how many of the held are there has worth `mixing`."""
    base = open_case("isis-2017")
    turkey = held(base, 3.0, definition="turkey", bound="at_least")
    one = Custody((120, 0, 0), 40.0, held(base, 25.0), turkey)
    classes = one.plan.held_class[one.o]
    k = classes[[s.name for s in one.model.nowcaster.states].index("detained_turkey")]
    one.more_held(0, classes == k, 20.0)
    every, there = np.meshgrid(np.arange(121), np.arange(121), indexing="ij")
    share, groups = one.shares[0], held_groups(one.model.view, "FRA")
    assert [len(g.custodians) for g in groups] == [len(one.model.view.custodians), 1]
    prior = stats.betabinom(120, *either_way(1.0 - share[0], HELD_WORTH)).pmf(every)
    with np.errstate(invalid="ignore"):
        within = stats.betabinom(every, 40.0 * share[k], 40.0 * (1.0 - share[0] - share[k])).pmf(there)
    weights = np.where(there <= every, prior * np.nan_to_num(within), 0.0)
    weights = weights * one.density(0, every) * one.density(1, there)
    found = one.draws()
    as_drawn(found[:, 0, 1:].sum(axis=1), np.arange(121), weights.sum(axis=1))
    as_drawn(found[:, 0, k], np.arange(121), weights.sum(axis=0))


def test_a_count_of_women_leaves_uncounted_men_to_the_history() -> None:
    """Many women counted as held; of the men no more than origins differ. Enumerated over the share of everyone."""
    one = Custody((60, 40, 0), 15.0, held(open_case("isis-2017"), 25.0, role="woman"))
    men, women = (float(one.shares[r, 1]) for r in (0, 1))
    mean = 0.6 * men + 0.4 * women
    grid = (np.arange(400) + 0.5) / 400
    prior = stats.beta(*either_way(mean, 15.0)).pdf(grid)
    numbers = np.arange(61)
    given = stats.betabinom(40, *either_way(shifted(women, mean, grid), HELD_WORTH)).pmf(numbers[:41, None])
    joint = prior * given * one.density(0, numbers[:41])[:, None]
    found = one.draws()
    as_drawn(found[:, 1, 1:].sum(axis=1), numbers[:41], joint.sum(axis=1))
    of_men = stats.binom(60, shifted(men, mean, grid)).pmf(numbers[:, None]) @ joint.sum(axis=0)
    as_drawn(found[:, 0, 1:].sum(axis=1), numbers, of_men)


def test_a_bound_that_is_met_is_not_drawn_around() -> None:
    """Men by value, and at least two women, who are there anyhow: these keep what the history says of them."""
    base = open_case("isis-2017")
    bound = held(base, 2.0, role="woman", bound="at_least")
    one = Custody((60, 40, 0), 6.0, held(base, 20.0, role="man"), bound)
    one.more_held(1, one.plan.held_class[one.o] > 0, 8.0)
    men, women = (float(one.shares[r, 1]) for r in (0, 1))
    assert 40 * women > 3.0
    mean = 0.6 * men + 0.4 * women
    grid = (np.arange(400) + 0.5) / 400
    numbers = np.arange(61)
    of_men = stats.betabinom(60, *either_way(shifted(men, mean, grid), HELD_WORTH)).pmf(numbers[:, None])
    seen = one.density(0, numbers) @ of_men * stats.beta(*either_way(mean, 6.0)).pdf(grid)
    of_women = stats.betabinom(40, *either_way(shifted(women, mean, grid), 6.0)).pmf(numbers[:41, None])
    as_drawn(one.draws()[:, 1, 1:].sum(axis=1), numbers[:41], of_women @ seen * one.density(1, numbers[:41]))


def test_contained_counts_are_not_added_up_to_the_least_held(case: Case) -> None:
    figures = (
        held(case, 40.0, figure="women", role="woman"),
        held(case, 60.0, figure="minors", role="minor"),
        held(case, 130.0, figure="all"),
        held(case, 9.0, figure="most", definition="iraq", bound="at_most"),
    )
    model = build(replace(case, figures=(*case.figures, *figures)), horizon=1)
    plan, o = model.nowcaster.plan, model.origins.index("FRA")
    assert np.exp(plan.held_floor_log[o]) == pytest.approx(130.0)
    assert np.isneginf(np.delete(plan.held_floor_log, o)).all()
    groups = held_groups(model.view, "FRA")
    assert [sum(g.weights) for g in groups] == pytest.approx([1.0] * len(groups))


def test_a_count_of_one_custodian_moves_that_custodian(case: Case) -> None:
    camp = "ne-syria-camp"
    model, usual = start_of(case)
    _, moved = start_of(case, held(case, 60.0, definition=camp.replace("-", "_")))
    assert in_states(model, moved, f"detained_{camp}") == pytest.approx(60.0, rel=0.1)
    assert in_states(model, moved, "detained_turkey") <= in_states(model, usual, "detained_turkey")


def test_which_counts_are_read(case: Case) -> None:
    view = CaseView(case)
    assert custodians_of(view, held(case, 9.0)) == view.custodians
    assert set(custodians_of(view, held(case, 9.0, definition="north_east_syria"))) == set(THERE)
    assert "does not name" in why_not_held(view, held(case, 9.0, definition="abroad"))
    assert "months old" in why_not_held(view, held(case, 9.0, refers_to=PartialDate("2014-12")))
    for role in ("minor", "man", "adult"):
        assert not why_not_held(view, held(case, 9.0, role=role))
    assert not held_groups(view, "FRA")


THERE = ("ne-syria-camp", "ne-syria-prison")


def test_men_and_adults_are_read_as_the_roles_that_they_are(case: Case) -> None:
    model, start = start_of(case, held(case, 30.0, role="man"))
    assert in_states(model, start[:, [0]]) == pytest.approx(30.0, rel=0.25)
    model, start = start_of(case, held(case, 60.0, role="adult"))
    assert in_states(model, start[:, [0, 1]]) == pytest.approx(60.0, rel=0.25)


def test_parts_are_held_where_their_total_is_and_a_total_that_adds_them_up_is_not_read(case: Case) -> None:
    women, minors = held(case, 15.0, figure="women", role="woman"), held(case, 35.0, figure="minors", role="minor")
    for total, read in ((50.0, False), (80.0, True)):
        whole = held(case, total, figure="all", definition="north_east_syria")
        view = CaseView(replace(case, figures=(*case.figures, women, minors, whole)))
        groups = held_groups(view, "FRA")
        assert {g.custodians for g in groups} == {THERE}
        assert {f.figure for g in groups for f in g.figures} == {"women", "minors"} | ({"all"} if read else set())
        assert ("sum of counts by role" in why_not_held(view, whole)) is not read
    apart = replace(whole, source="another", family="another")
    view = CaseView(replace(case, figures=(*case.figures, women, minors, apart)))
    assert sum(g.custodians == view.custodians for g in held_groups(view, "FRA")) == 2


def test_an_older_count_says_less_without_a_cliff(case: Case) -> None:
    widths = []
    for month in ("2017-01", "2016-07", "2015-12", "2015-04"):
        model, start = start_of(case, held(case, 40.0, refers_to=PartialDate(month)))
        low, high = range_of(model, start)
        assert low < 40.0 < high
        widths.append(np.log(high / low))
    assert (np.diff(widths) > 0.0).all()
    figure = held(case, 40.0, refers_to=PartialDate("2016-01"))
    old, own = held_reading(CaseView(case), figure), reading(figure)
    assert old.sd > own.sd
    assert old.log + np.log1p(old.sd**2) / 2.0 == pytest.approx(own.log + np.log1p(own.sd**2) / 2.0)
