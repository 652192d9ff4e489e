"""A lever without effect changes no bit, one origin's lever leaves the others alone, and none acts before its month."""

from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.levers import HORIZON, lever, under

from afterfall.case import Case, open_case
from afterfall.model import Model, build
from afterfall.model.levers import AS_NOW, Policy, Setting, open_levers
from afterfall.model.levers.declaration import Evidence, Lever
from afterfall.policy import compare
from afterfall.run import simulate
from afterfall.run.run_layout import Batch

N = 12


@pytest.fixture(scope="module")
def plain(case: Case) -> Batch:
    return simulate(build(case, horizon=HORIZON), seed=3, trajectories=range(N))


def with_ratio(one: Lever, ratio: float) -> Lever:
    """The lever with every effect known to be the same ratio, and no capacity bought."""
    sure = (Evidence(low=ratio, high=ratio, status="observed"),)
    effects = tuple(replace(e, evidence=sure) for e in one.effects)
    return replace(one, effects=effects, capacities=())


def run(case: Case, *settings: Setting) -> Batch:
    return simulate(under(case, *settings), seed=3, trajectories=range(N))


def same(one: Batch, other: Batch) -> bool:
    names = ("world", "origins", "lost", "overflow")
    return all(np.array_equal(getattr(one, n), getattr(other, n)) for n in names)


@pytest.mark.parametrize("name", ["border", "programmes", "pressure"])
def test_a_lever_without_effect_changes_no_bit(case: Case, plain: Batch, name: str) -> None:
    assert same(plain, run(case, Setting(with_ratio(lever(name), 1.0), 0.9, None)))
    assert not same(plain, run(case, Setting(with_ratio(lever(name), 4.0), 0.9, None)))


def test_one_origins_lever_without_effect_changes_no_bit(case: Case, plain: Batch) -> None:
    setting = Setting(with_ratio(lever("border"), 1.0), 0.9, ("brom",))
    assert len(set(under(case, setting).program.stratum)) == 2
    assert same(plain, run(case, setting))


def test_no_lever_without_effect_changes_a_bit_of_the_real_case() -> None:
    """All at once, Canada's own and those that act everywhere: the strata they cut must not show."""
    real = open_case("isis-2017")
    levers = [with_ratio(one, 1.0) for one in open_levers().levers.values()]
    settings = tuple(Setting(x, 0.9, ("CAN",) if x.scope == "origin" else None) for x in levers)
    plain, touched = (
        simulate(build(real, horizon=4, policy=Policy("p", "p", chosen)), seed=3, trajectories=range(2))
        for chosen in ((), settings)
    )
    assert same(plain, touched)


def test_at_the_intensity_now_nothing_changes(case: Case, plain: Batch) -> None:
    one = replace(lever("border"), now=0.3, now_in_force=0.3)
    assert same(plain, run(case, Setting(one, 0.3, None)))


def test_a_capacity_as_wide_as_now_changes_no_bit(case: Case, plain: Batch) -> None:
    one = replace(lever("repatriation"), effects=())
    same_width = replace(one, capacities=tuple(replace(c, times=1.0) for c in one.capacities))
    assert same(plain, run(case, Setting(same_width, 1.0, None)))


def couplings(model: Model) -> dict[str, float]:
    """What makes people of one origin answer to numbers of all, each held where it does nothing.

    Sources help every country's search; rivals and offshoots draw people by their strength; organisations act on rates.
    """
    names = {f.parameter for f in model.structure.feedbacks}
    names |= {o.signal.parameter for o in model.organisation_set.outside if o.signal.parameter}
    scales = {k.name: k.parameter.scale for k in model.parameters}
    return {name: 1.0 if scales[name] == "log" else 0.0 for name in sorted(names)}


def changed_origins(case: Case, fixed: dict[str, float], n: int = N) -> list[bool]:
    """Which origins a lever of brom changes: arda, brom, cern."""
    policy = Policy("p", "p", (Setting(with_ratio(lever("programmes"), 8.0), 1.0, ("brom",)),))
    plain, touched = (
        simulate(build(case, horizon=HORIZON, policy=p, fixed=fixed), seed=3, trajectories=range(n))
        for p in (AS_NOW, policy)
    )
    return [not np.array_equal(plain.origins[:, :, o], touched.origins[:, :, o]) for o in range(3)]


def test_only_the_origin_that_is_named_is_touched(case: Case) -> None:
    """But for what couples origins by declaration, a lever of one leaves the others alone to the bit."""
    fixed = couplings(build(case, horizon=HORIZON))
    assert {"sources.detection", "defect.strength", "place.foreigners", "network.dispatch"} <= set(fixed)
    assert changed_origins(case, fixed) == [False, True, False]


def test_what_couples_origins_is_felt_by_others(case: Case) -> None:
    """Sources help the others; without them, leavers of brom weaken a rival: so the test above can fail."""
    for fixed in ({}, {"sources.detection": 0.0}):
        arda, _, cern = changed_origins(case, fixed, 10 * N)  # whom it reaches in so few simulations is random
        assert arda or cern


def test_the_start_is_untouched(case: Case, plain: Batch) -> None:
    touched = run(case, Setting(with_ratio(lever("pressure"), 5.0), 1.0, None))
    assert np.array_equal(plain.world[:, 0], touched.world[:, 0])
    assert not np.array_equal(plain.world[:, -1], touched.world[:, -1])


def test_a_lever_acts_from_its_month_on(case: Case, plain: Batch) -> None:
    touched = run(case, Setting(with_ratio(lever("pressure"), 5.0), 1.0, None, 10))
    assert np.array_equal(plain.world[:, :10], touched.world[:, :10])
    assert not np.array_equal(plain.world[:, 12:], touched.world[:, 12:])


@pytest.mark.parametrize(("ratio", "moves"), [(1.0, False), (4.0, True)])
def test_a_lever_on_the_sent_moves_attempts_by_them_and_without_effect_no_bit(
    case: Case, ratio: float, moves: bool
) -> None:
    """Arrests of operatives in place, four times as many or as many: attempts by the sent fall, or nothing differs."""
    watched = with_ratio(lever("monitoring"), ratio)
    policy = Policy("p", "p", (Setting(watched, 1.0),))
    for country in ("arda", None):
        found = compare(case, policy, country=country, horizon=HORIZON, trajectories=60, seed=3, draws="prior")
        attempts = {source: found.differences[f"attempts.{source}"] for source in ("returnees", "sent", "inspired")}
        assert (attempts["sent"].mean < 0.0) is moves
        assert (attempts["sent"].prob_same < 1.0) is moves
        if not moves:
            assert all(one.prob_same == 1.0 for one in attempts.values())
            assert all(one.prob_same == 1.0 for one in found.others.values())
