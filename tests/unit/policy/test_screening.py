"""The instrument in closed form, and screening read from a run."""

import json
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case
from afterfall.model import Model, build
from afterfall.model.levers import Evidence, Policy, Setting, open_levers
from afterfall.model.mechanisms.human_sources import KNOWLEDGE
from afterfall.policy.paired_differences import Floats
from afterfall.policy.screening import AT_RISK, HARMLESS, Screening, screening
from afterfall.policy.source_yield import aged, source_yield
from afterfall.policy.test_accuracy import Verdicts, pooled, verdicts
from afterfall.report.screening.screening_picture import screening_picture, screening_words
from afterfall.report.screening.screening_tables import (
    screening_grids,
    screening_headline,
    screening_json,
    screening_notes,
    within,
)
from afterfall.run import Run, forecast


@pytest.fixture(scope="module")
def model(case: Case) -> Model:
    return build(case, horizon=24)


@pytest.fixture(scope="module")
def run(model: Model) -> Run:
    return forecast(model, trajectories=60, seed=5)


@pytest.fixture(scope="module")
def found(model: Model, run: Run) -> Screening:
    return screening(model, run, "arda", every=12, base_rates=(0.01, 0.5))


def better_instrument(now: float, intensity: float) -> Setting:
    """Assessment whose flags of those at risk and of the harmless are known to get six times as likely, in odds."""
    lever = open_levers().lever("assessment")
    sure = (Evidence(low=6.0, high=6.0, status="observed"),)
    flags = tuple(replace(e, evidence=sure) for e in lever.effects if e.name in ("sensitivity", "false-alarms"))
    return Setting(replace(lever, effects=flags, now=now, now_in_force=now, ramp=12), intensity)


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


def test_pooled_shares_are_of_all_futures_together() -> None:
    """Three futures with one flag each: the median says that every flag is right, together two in three are."""
    one = Verdicts(np.array([1.0, 1.0, 0.0]), np.array([0.0, 0.0, 1.0]), np.array([1.0, 0, 0]), np.array([0, 0, 3.0]))
    assert np.nanmedian(one.positive_value) == 1.0
    over_all = pooled(one)
    assert over_all.positive_value == pytest.approx(2 / 3)
    assert over_all.negative_value == pytest.approx(3 / 4)
    assert over_all.base_rate == pytest.approx(3 / 7)
    nobody = np.zeros(3)
    assert np.isnan(pooled(Verdicts(nobody, nobody, nobody, nobody)).positive_value)


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


def off(flagged: Floats, assessed: Floats, chance: Floats) -> float:
    """How many standard errors the flagged are from binomial draws at a chance, over all futures."""
    sd = np.sqrt((assessed * chance * (1 - chance)).sum())
    return float((flagged - assessed * chance).sum() / sd)


def flagged_and_assessed(found: Screening) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    whole = found.whole
    at_risk = whole.flagged_rightly, whole.flagged_rightly + whole.missed
    return at_risk, (whole.wrongly_flagged, whole.wrongly_flagged + whole.cleared)


def test_flags_come_at_the_chance_of_the_instrument(found: Screening) -> None:
    """Of all assessed, the number flagged rightly is binomial around the sensitivity, within five standard errors."""
    at_risk, harmless = flagged_and_assessed(found)
    assert abs(off(*at_risk, found.sensitivity)) < 5
    assert abs(off(*harmless, 1 - found.specificity)) < 5
    assert abs(off(*at_risk, found.sensitivity * 0.8)) > 5
    assert not found.under_levers


@pytest.mark.parametrize(("now", "intensity"), [(0.0, 1.0), (0.5, 0.0)])
def test_the_closed_form_knows_the_levers(case: Case, now: float, intensity: float) -> None:
    """Raised or taken back, the instrument of the closed form is the one that flags in the run, not that of today."""
    model = build(case, horizon=48, policy=Policy("p", "p", (better_instrument(now, intensity),)))
    found = screening(model, forecast(model, trajectories=150, seed=5), "arda")
    at_risk, harmless = flagged_and_assessed(found)
    assert abs(off(*at_risk, found.sensitivity)) < 5
    assert abs(off(*harmless, 1 - found.specificity)) < 5
    assert abs(off(*at_risk, np.mean([found.now[d] for d in AT_RISK], axis=0))) > 5
    assert abs(off(*harmless, np.mean([found.now[d] for d in HARMLESS], axis=0))) > 5
    assert found.under_levers


def test_a_lever_of_another_country_leaves_the_instrument_alone(case: Case) -> None:
    setting = replace(better_instrument(0.0, 1.0), origins=("brom",))
    model = build(case, horizon=6, policy=Policy("p", "p", (setting,)))
    run = forecast(model, trajectories=5, seed=5)
    arda, brom = (screening(model, run, origin, every=6) for origin in ("arda", "brom"))
    assert np.array_equal(arda.last["pacified"], arda.now["pacified"])
    odds = brom.last["pacified"] / (1 - brom.last["pacified"])
    assert odds == pytest.approx(brom.now["pacified"] / (1 - brom.now["pacified"]) * 6 ** (6 / 12))


def test_the_model_must_be_that_of_the_run(case: Case, run: Run) -> None:
    other = build(case, horizon=24, policy=Policy("p", "p", (better_instrument(0.0, 1.0),)))
    with pytest.raises(ValueError, match="is not the model of run"):
        screening(other, run, "arda")


def test_periods_cover_the_run(found: Screening) -> None:
    assert [(s.start, s.end) for s in found.periods] == [(0, 12), (12, 24)]


def test_a_month_that_is_not_recorded_is_told(model: Model, run: Run) -> None:
    with pytest.raises(ValueError, match=r"does not record months \[7, 14\]"):
        screening(model, run, "arda", every=7)


def test_months_beyond_capacity_are_shares(found: Screening) -> None:
    assert {"assessment", "monitoring", "programmes", "courts", "repatriation"} == set(found.over_capacity)
    for late in found.over_capacity.values():
        assert ((late >= 0) & (late <= 1)).all()
    assert found.over_capacity["assessment"].max() > 0


def test_relapse_by_disposition_is_counted(found: Screening) -> None:
    known = found.relapse["sympathiser"][np.isfinite(found.relapse["sympathiser"])]
    assert known.size > 0
    assert (known >= 0).all()
    assert within(np.array([0.01]), 5)[0] == pytest.approx(1 - np.exp(-0.6))


def test_told_in_tables_json_and_picture(found: Screening) -> None:
    text = str(screening_grids(found)) + str(screening_headline(found)) + str(screening_notes(found))
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
