"""Custody events move the share of those held that they say, lose nobody, and change nothing where there are none."""

from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case, CustodyChange, PartialDate, open_case
from afterfall.engine.means import run_means
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, build
from afterfall.model.compile.prior_draws import draw_prior
from afterfall.model.compile.reduced_model import reduced_model
from afterfall.model.mechanisms.custody_events import UNRECORDED, has_events, moved
from afterfall.posterior import fit_key

HELD = "detained_dusk-wardens"


def event(**changes: object) -> CustodyChange:
    plain = CustodyChange(
        event="dusk-break",
        kind="break",
        date=PartialDate("2015-03-15"),
        from_custodian="dusk-wardens",
        to_custodian="unrecorded",
        low=50.0,
        value=60.0,
        high=70.0,
        published=PartialDate("2015-03-20"),
        source="lesson-field",
        grade="B2",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def with_events(case: Case, *events: CustodyChange) -> Model:
    return build(replace(case, custody_events=events), horizon=6)


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case("tiny")


def history(model: Model, theta: Floats) -> Floats:
    program = model.history
    factors = rate_factors(program, theta, draw_shared_series(program, theta, 1, 0)[0])
    counters = np.zeros((len(program.quantity_cohort), program.n_origins))
    return run_means(program, factors, np.zeros(program.cell_key.shape), counters)[0]


def drawn(model: Model) -> Floats:
    known, names = model.parameters, model.parameter_names
    effects = model.structure.region_effects(model.view.regions)
    return draw_prior(known, names, [0], 3, effects).values[0]


def test_an_event_of_nobody_changes_no_bit(case: Case) -> None:
    plain, nobody = build(case, horizon=6), with_events(case, event(low=0.0, value=0.0, high=0.0))
    assert not has_events(nobody.view)
    assert plain.model_hash == nobody.model_hash
    assert fit_key(plain) == fit_key(nobody)
    for name, value in plain.history._asdict().items():
        assert np.array_equal(np.asarray(value), np.asarray(getattr(nobody.history, name))), name


def test_a_case_without_events_has_no_such_state(case: Case) -> None:
    plain = build(case, horizon=6)
    assert UNRECORDED not in {s.name for s in plain.states} | {q.name for q in plain.quantities}
    assert not [p for p in plain.parameter_names if p.startswith(("custody_event.", "unrecorded."))]


def test_the_share_of_an_event_leaves_and_nobody_is_lost(case: Case) -> None:
    plain, broken = build(case, horizon=6), with_events(case, event())
    share, theta = 0.4, drawn(broken)
    theta[broken.parameter_names.index("custody_event.dusk-break")] = np.log(-np.log1p(-share))
    theta[broken.parameter_names.index("repatriation.men")] = 0.0  # a case without events takes men back like families
    names = {n: i for i, n in enumerate(broken.parameter_names)}
    before = history(plain, theta[[names[n] for n in plain.parameter_names]])
    after = history(broken, theta)
    (one,) = moved(broken.view)
    month = broken.history.horizon + one.month
    travelled = [c.role != "born" for c in broken.history_cohorts]
    assert after[:, travelled].sum(axis=(1, 2)) == pytest.approx(before[:, travelled].sum(axis=(1, 2)))
    state, other = [s.name for s in broken.states].index(HELD), [s.name for s in plain.states].index(HELD)
    held, without = after[:, travelled, state].sum(axis=1), before[:, travelled, other].sum(axis=1)
    assert held[:month] == pytest.approx(without[:month])
    assert held[month] / without[month] == pytest.approx(1.0 - share, rel=0.05)
    gone = after[month][travelled][:, [s.name for s in broken.states].index(UNRECORDED)].sum()
    assert gone == pytest.approx(share * without[month], rel=0.1)


def test_the_fit_program_has_the_same_event(case: Case) -> None:
    broken = with_events(case, event())
    small, theta = reduced_model(broken), drawn(broken)
    names = {n: i for i, n in enumerate(broken.parameter_names)}
    program = small.program
    own = theta[[names[n] for n in small.names]]
    factors = rate_factors(program, own, draw_shared_series(program, own, 1, 0)[0])
    counters = np.zeros((len(program.quantity_cohort), program.n_origins))
    less = run_means(program, factors, np.zeros(program.cell_key.shape), counters)[0][-1]
    travelled = [c.role != "born" for c in broken.history_cohorts]
    whole = history(broken, theta)[-1][travelled]
    at, there = [s.name for s in broken.states].index(UNRECORDED), [s.name for s in small.states].index(UNRECORDED)
    assert less[:, there].sum() == pytest.approx(whole[:, at].sum(), rel=0.05)
    assert fit_key(broken) != fit_key(build(case, horizon=6))


def test_a_takeover_whose_people_are_lost_at_once_is_one_event() -> None:
    model = build(open_case("isis", as_of="2026-03-12"), horizon=1)
    found = {one.event.event: one for one in moved(model.view)}
    left = found["al-hol-left-2026-foreign"]
    assert (left.source, left.dest) == ("detained_ne-syria-camp", UNRECORDED)
    assert found["al-hol-handover-2026-foreign"].high < 0.05
    assert found["to-iraq-2026"].dest == "detained_iraq"
    assert "to-iraq-2026-can" not in found, "one nationality: a figure of its origin"
    assert "al-hol-left-2026" not in found, "the row of foreigners describes it"


def test_nothing_of_an_event_is_known_before_it_was_public() -> None:
    assert not moved(build(open_case("isis", as_of="2018-07-31"), horizon=1).view)
    assert not has_events(build(open_case("isis", as_of="2018-07-31"), horizon=1).view)
