"""The nowcast: figures speak, regions lend, totals agree with the world, and each draw is its own."""

from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import EVERY_ROLE, ROLES
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.figure_rules import latest_count
from afterfall.model.observation.measurement_error import totals

SEED = 23
N = 60


def start_of(model: Model, n: int = N):  # type: ignore[no-untyped-def]
    draws = sample(model, trajectories=n, seed=SEED)
    return nowcast(model, draws, seed=SEED, trajectories=range(n))


def share(model: Model, origin: str, quantity: str) -> float:
    """Mean share of an origin's travellers in a counter at the start."""
    _, counters = start_of(model)
    names = [q.name for q in model.quantities]
    o = model.origins.index(origin)
    part = counters[:, names.index(quantity), o] / np.maximum(counters[:, names.index("travelled"), o], 1)
    return float(part.mean())


def with_returned(case: Case, origin: str, count: float) -> Case:
    """The case with one well-graded count of the returned of an origin, and no other count of them."""
    model_figure = next(f for f in case.figures if f.quantity == "travelled" and f.place == origin)
    figure = replace(
        model_figure,
        figure=f"returned-{origin}-test",
        quantity="returned",
        low=count,
        value=count,
        high=count,
        grade="A1",
        bound="",
        definition="affiliates",
        refers_to=model_figure.refers_to,
    )
    kept = tuple(f for f in case.figures if not (f.quantity == "returned" and f.place == origin))
    return replace(case, figures=(*kept, figure))


def test_start_holds_everyone_who_travelled(tiny: Model) -> None:
    start, counters = start_of(tiny)
    travelled = counters[:, [q.name for q in tiny.quantities].index("travelled"), :]
    by_role = start.sum(axis=2).reshape(N, len(tiny.origins), len(EVERY_ROLE))
    assert np.array_equal(by_role[:, :, : len(ROLES)].sum(axis=2), travelled)


def test_a_draw_is_the_same_alone_and_among_others(tiny: Model) -> None:
    start, counters = start_of(tiny)
    draws = sample(tiny, trajectories=[41], seed=SEED)
    alone, alone_counters = nowcast(tiny, draws, seed=SEED, trajectories=[41])
    assert np.array_equal(alone[0], start[41])
    assert np.array_equal(alone_counters[0], counters[41])


def test_a_published_count_moves_its_origin(tiny: Model) -> None:
    origin = tiny.view.named[0]
    people = tiny.view.central_travelled(origin)
    few = build(with_returned(tiny.case, origin, 0.05 * people), horizon=6)
    many = build(with_returned(tiny.case, origin, 0.6 * people), horizon=6)
    low, high = share(few, origin, "returned"), share(many, origin, "returned")
    assert low < 0.2 < 0.4 < high


def test_an_origin_without_counts_leans_on_its_region(tiny: Model) -> None:
    by_region: dict[str, list[str]] = {}
    for o in tiny.view.origins:
        by_region.setdefault(tiny.view.region_of[o], []).append(o)
    members = next(m for m in by_region.values() if len(m) > 1 and any(o in tiny.view.named for o in m))
    speaker = next(o for o in members if o in tiny.view.named)
    silent = next(o for o in members if o != speaker)
    people = tiny.view.central_travelled(speaker)
    quiet = replace(
        tiny.case, figures=tuple(f for f in tiny.case.figures if not (f.place == silent and f.quantity == "returned"))
    )
    low = share(build(with_returned(quiet, speaker, 0.05 * people), horizon=6), silent, "returned")
    high = share(build(with_returned(quiet, speaker, 0.7 * people), horizon=6), silent, "returned")
    assert high > low + 0.05


def test_totals_agree_with_the_world_figure(tiny: Model) -> None:
    _, counters = start_of(tiny)
    people = counters[:, [q.name for q in tiny.quantities].index("travelled"), :].sum(axis=1)
    world = totals(tiny.view, "WLD", ArrivalCurve.of(tiny.view))
    middle = np.exp(np.mean([r.log for r in world]))
    assert 0.6 * middle < np.median(people) < 1.7 * middle


@pytest.mark.parametrize("definition", ["with_prevented", "killed_or_missing", "returned_or_left"])
def test_counts_of_something_else_are_not_read(tiny: Model, definition: str) -> None:
    origin = tiny.view.named[0]
    other = with_returned(tiny.case, origin, 5.0).figures[-1]
    assert latest_count([replace(other, definition=definition)]) is None
    assert latest_count([other]) is other


def test_arrivals_before_the_first_published_rate_follow_from_the_origins_where_no_total_is_above_zero(
    tiny: Model,
) -> None:
    """With the world's totals at zero, or known at most, a rate of one month alone would leave nobody to place."""
    case = tiny.case
    figures = tuple(
        replace(f, low=0.0, bound="at_most") if f.quantity == "travelled" and f.place == "WLD" else f
        for f in case.figures
    )
    view = CaseView(replace(case, figures=figures))
    curve = ArrivalCurve.of(view)
    everyone = sum(view.central_travelled(o) for o in view.origins)
    assert curve.months[0] == -view.history_months
    assert curve.at(1 - view.history_months) == everyone / view.history_months
    assert curve.months[1:] == ArrivalCurve.of(tiny.view).months[-1:]
