"""Nothing published after the as-of date changes a bit of a forecast; something published before it does."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np

import afterfall
from afterfall.case import Case, cut, read_case
from afterfall.case.case import CaseTables
from afterfall.model import build

TINY = Path(afterfall.__file__).parent / "case" / "data" / "tiny"


def simulated(case: Case) -> tuple[np.ndarray, np.ndarray]:
    run = afterfall.forecast(build(cut(case, case.as_of), horizon=12), trajectories=8, seed=2)
    return run.dataset["world"].values, run.dataset["origins"].values


def later(record: object, case: Case) -> bool:
    published = getattr(record, "published", None)
    return published is not None and published.last_day > case.as_of


def without_later(case: Case) -> Case:
    kept = {f.name: tuple(r for r in getattr(case, f.name) if not later(r, case)) for f in fields(CaseTables)}
    return replace(case, **kept)


def test_later_rows_change_no_bit() -> None:
    case = read_case(TINY)
    bare = without_later(case)
    assert len(bare.figures) < len(case.figures)
    changed = replace(
        case,
        figures=tuple(replace(f, low=9e5, value=9e5, high=9e5) if later(f, case) else f for f in case.figures),
        priors=tuple(replace(p, low=p.low / 100, high=p.low / 90) if later(p, case) else p for p in case.priors),
    )
    for other in (bare, changed):
        for ours, theirs in zip(simulated(case), simulated(other), strict=True):
            assert np.array_equal(ours, theirs)


def test_an_earlier_row_does() -> None:
    case = read_case(TINY)
    first = next(f for f in case.figures if f.quantity == "travelled" and not later(f, case) and f.place != "WLD")
    more = replace(first, low=3 * first.low, value=3 * first.value, high=3 * first.high)
    changed = replace(case, figures=tuple(more if f is first else f for f in case.figures))
    assert not np.array_equal(simulated(case)[1], simulated(changed)[1])
