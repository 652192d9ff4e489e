"""The instrument in closed form, and screening read from a run."""

import json

import numpy as np
import pytest

from afterfall.case import Case
from afterfall.model import build
from afterfall.model.mechanisms.cooperating import KNOWLEDGE
from afterfall.policy.instrument import verdicts
from afterfall.policy.screening import Screening, screening
from afterfall.policy.sources import aged, source_yield
from afterfall.report.screening_picture import screening_picture, screening_words
from afterfall.report.screening_tables import (
    screening_grids,
    screening_headline,
    screening_json,
    screening_notes,
    within,
)
from afterfall.run import Run, forecast


@pytest.fixture(scope="module")
def run(case: Case) -> Run:
    return forecast(build(case, horizon=24), trajectories=60, seed=5)


@pytest.fixture(scope="module")
def found(run: Run) -> Screening:
    return screening(run, "arda", every=12, base_rates=(0.01, 0.5))


def test_predictive_values_by_bayes() -> None:
    """TRAP-18 among German convicts: 0.80 and 0.93 give 0.80 at a quarter at risk, and 0.104 at one in a hundred."""
    at_quarter = verdicts(np.array([0.8]), np.array([0.93]), 0.25)
    assert at_quarter.positive_value[0] == pytest.approx(0.8 * 0.25 / (0.8 * 0.25 + 0.07 * 0.75))
    assert at_quarter.negative_value[0] == pytest.approx(0.93 * 0.75 / (0.93 * 0.75 + 0.2 * 0.25))
    rare = verdicts(np.array([0.8]), np.array([0.93]), 0.01)
    assert rare.positive_value[0] == pytest.approx(0.1035, abs=1e-4)
    assert [float(x[0]) for x in (rare.flagged_rightly, rare.wrongly_flagged, rare.missed, rare.cleared)] == (
        pytest.approx([8.0, 69.3, 2.0, 920.7])
    )
    assert rare.base_rate[0] == pytest.approx(0.01)


def test_a_flag_of_nobody_is_worth_no_number() -> None:
    nobody = verdicts(np.array([0.0]), np.array([1.0]), 0.3)
    assert np.isnan(nobody.positive_value[0])
    assert nobody.negative_value[0] == pytest.approx(0.7)


def test_shares_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="base rate must lie in"):
        verdicts(np.array([0.5]), np.array([0.5]), 1.2)


def test_verdicts_are_those_of_the_run(run: Run, found: Screening) -> None:
    for name in ("flagged_rightly", "wrongly_flagged", "missed", "cleared"):
        series = run.quantity(f"{name}_so_far", "arda")
        counted = series.sel(origin_month=24).values - series.sel(origin_month=0).values
        assert np.array_equal(getattr(found.whole, name), counted), name
    assert found.whole.flagged_rightly.sum() > 0


def test_every_assessment_ends_in_one_verdict(run: Run, found: Screening) -> None:
    total = 0
    for d in ("committed", "sympathiser", "adherent", "pacified"):
        series = run.quantity(f"assessed_{d}_so_far", "arda")
        total = total + series.sel(origin_month=24).values - series.sel(origin_month=0).values
    whole = found.whole
    assert np.array_equal(total, whole.flagged_rightly + whole.wrongly_flagged + whole.missed + whole.cleared)


def test_flags_come_at_the_chance_of_the_instrument(found: Screening) -> None:
    """Of all assessed, the number flagged rightly is binomial around the sensitivity, within five standard errors."""
    whole = found.whole
    at_risk = whole.flagged_rightly + whole.missed
    z = (whole.flagged_rightly - at_risk * found.sensitivity).sum()
    sd = np.sqrt((at_risk * found.sensitivity * (1 - found.sensitivity)).sum())
    assert abs(z) < 5 * sd
    planted = (whole.flagged_rightly - at_risk * found.sensitivity * 0.8).sum()
    assert abs(planted) > 5 * sd


def test_stretches_cover_the_run(found: Screening) -> None:
    assert [(s.start, s.end) for s in found.stretches] == [(0, 12), (12, 24)]


def test_a_month_that_is_not_recorded_is_told(run: Run) -> None:
    with pytest.raises(ValueError, match=r"does not record months \[7, 14\]"):
        screening(run, "arda", every=7)


def test_months_beyond_capacity_are_shares(found: Screening) -> None:
    assert {"assessment", "monitoring", "programmes", "courts", "repatriation"} == set(found.beyond)
    for late in found.beyond.values():
        assert ((late >= 0) & (late <= 1)).all()
    assert found.beyond["assessment"].max() > 0


def test_relapse_by_disposition_is_counted(found: Screening) -> None:
    known = found.relapse["sympathiser"][np.isfinite(found.relapse["sympathiser"])]
    assert known.size > 0
    assert (known >= 0).all()
    assert within(np.array([0.01]), 5)[0] == pytest.approx(1 - np.exp(-0.6))


def test_told_in_tables_json_and_picture(found: Screening) -> None:
    text = str(screening_grids(found)) + str(screening_headline(found)) + str(screening_notes())
    for word in ("wrongly flagged", "missed", "Arda", "months beyond it", "adherents against the pacified"):
        assert word in text, word
    told = json.loads(json.dumps(screening_json(found, "afterfall screening"), allow_nan=False))
    assert set(told["per_1000_at_base_rate"]) == {"0.01", "0.5"}
    drawn = json.dumps(screening_picture(found, "afterfall screening").to_dict())
    assert "a flag is right" in drawn
    assert "at risk" in screening_words(found)


def test_knowledge_ages() -> None:
    months = np.array([0.0, 2.0, 4.0])
    new = np.array([[0.0, 3.0, 0.0]])
    worth = aged(new, months, np.array([0.5]))
    assert worth[0] == pytest.approx([0.0, 3 * np.exp(-0.5), 3 * np.exp(-1.5)])


def test_sources_are_a_part_of_those_assessed(run: Run) -> None:
    found = source_yield(run, "arda")
    assert set(found.worth) == set(KNOWLEDGE)
    assert (np.diff(found.sources, axis=1) >= 0).all()
    for worth in found.worth.values():
        assert (worth <= found.sources + 1e-9).all()
        assert worth[:, -1].mean() > 0
