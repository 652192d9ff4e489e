"""Statements against figures and events: what is judged, on what scale, with whose knowledge, and who is listed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.figures import figure
from tests.unit.evaluate.test_statements import TERMS, made

from afterfall.case import Case, PartialDate, cut
from afterfall.evaluate.core.outcomes import select
from afterfall.evaluate.core.scoring_rules import crps, on_scale
from afterfall.evaluate.experts.expert_events import EventQuestion, score_events
from afterfall.evaluate.experts.expert_scores import EARLY, NOTHING, Experts, score_experts
from afterfall.evaluate.experts.statement_distributions import shares
from afterfall.evaluate.figures.published_count import CountForecast
from afterfall.report.kit.json_registry import plain
from afterfall.report.track_record.cross_check_json import expert_json
from afterfall.report.track_record.expert_record import expert_sections
from afterfall.run import Run


@pytest.fixture(scope="module")
def experts(run: Run, later: Case) -> Experts:
    statements = (
        made(),
        made(statement="north", about="north", read_as="unlikely", claim="most do not come back", who="Another"),
        made(statement="merger", kind="merger", about="free-column", read_as="likely"),
        made(statement="lives", kind="survives", about="dusk-league dusk-league-cern"),
        made(statement="early", published="2015-05"),
        made(statement="late", published="2016-03"),
        made(statement="vague", kind="", reason="names no probability"),
    )
    return score_experts(statements, [run], later, TERMS)


def test_a_share_becomes_people_on_top_of_the_last_public_figure(experts: Experts) -> None:
    one = experts.scored[0].shares[0]
    # The last public count has 170 travelled and 45 returned; nobody dead as far as public.
    assert (one.place, one.last, one.there, one.observed) == ("arda", 45.0, 125.0, 5000.0)
    samples = 45.0 + 125.0 * shares(0.5, 1.0, 0.97)
    assert one.expert.median == pytest.approx(np.median(samples))
    by_hand = crps(on_scale([5000.0], 45.0), on_scale(samples[None, :], 45.0))[0]
    assert one.expert.crps == pytest.approx(by_hand)
    assert not one.expert.inside90


def test_ours_is_the_forecast_of_the_same_figure_on_the_same_scale(experts: Experts, run: Run, later: Case) -> None:
    one = experts.scored[0].shares[0]
    outcome = next(o for o in select(later, run.as_of, run.request.horizon).outcomes if o.figure == one.figure)
    by_hand = crps(
        on_scale([one.observed], one.last), on_scale(CountForecast.of(run, later).counts(outcome)[None, :], one.last)
    )[0]
    assert one.ours.crps == pytest.approx(by_hand)


def test_a_region_is_each_of_its_members_with_one_weight_a_speaker(experts: Experts) -> None:
    north = experts.scored[1]
    assert {s.place for s in north.shares} == {"arda", "brom"}
    assert north.chance == pytest.approx(0.325)
    against = next(c for c in experts.comparisons if (c.who, c.against) == ("expert", "baseline"))
    assert (against.crps.figures, against.crps.clusters) == (3, 2)


def test_what_was_public_on_the_day_of_the_statement_counts_for_it(run: Run, later: Case) -> None:
    between = figure("between", value=60, family="bulletin", refers_to="2015-08", published="2015-08")
    whole = replace(later, figures=(*later.figures, between))
    assert cut(whole, run.as_of).figures == cut(later, run.as_of).figures
    found = score_experts([made(published="2015-09")], [run], whole, TERMS).scored[0].shares[0]
    assert (found.last, found.there) == (60.0, 110.0)


def test_ours_is_what_it_was_and_is_scored_from_where_the_statement_starts(run: Run, later: Case) -> None:
    between = figure("between", value=60, family="bulletin", refers_to="2015-08", published="2015-08")
    whole = replace(later, figures=(*later.figures, between))
    found = score_experts([made(published="2015-09")], [run], whole, TERMS).scored[0].shares[0]
    outcome = next(o for o in select(whole, run.as_of, run.request.horizon).outcomes if o.figure == found.figure)
    assert outcome.offset == 45.0
    samples = CountForecast.of(run, later).counts(outcome)
    by_hand = crps(on_scale([found.observed], 60.0), on_scale(samples[None, :], 60.0))[0]
    assert found.ours.crps == pytest.approx(by_hand)


def test_a_number_in_the_statement_is_those_still_there(run: Run, later: Case) -> None:
    found = score_experts([made(stock="1000")], [run], later, TERMS).scored[0].shares[0]
    assert found.there == 1000.0


def test_events_are_told_by_the_case_and_by_the_run(experts: Experts, run: Run) -> None:
    merger, lives = experts.scored[2].events, experts.scored[3].events
    assert [e.about for e in lives] == ["Dusk League", "Dusk League in Cern"]
    assert not merger[0].observed
    assert merger[0].by == run.date()
    column = run.organisation_record.label("event").index("merger.free-column")
    assert merger[0].ours == pytest.approx(float((run.organisation_record.fired[:, column] <= 12).mean()))
    assert merger[0].expert == pytest.approx(0.675)
    assert merger[0].brier(merger[0].expert) == pytest.approx(0.675**2)
    assert all(e.observed for e in lives)
    assert all(0 < e.baseline < 1 for e in (*merger, *lives))


def test_an_organisation_that_ended_did_not_survive(run: Run, later: Case) -> None:
    ended = tuple(
        replace(o, ended=PartialDate("2015-12")) if o.organisation == later.core else o for o in later.organisations
    )
    whole = replace(later, organisations=ended)

    def nothing() -> None:
        raise AssertionError("attacks are not asked for")

    asked = made(kind="survives", about="dusk-league", months="6")
    found = score_events(EventQuestion(asked, 0.97, run, whole, nothing))[0]  # type: ignore[arg-type]
    assert (found.observed, found.by) == (False, dt.date(2016, 1, 15))
    earlier = replace(asked, months=3)
    assert score_events(EventQuestion(earlier, 0.97, run, whole, nothing))[0].observed  # type: ignore[arg-type]


def test_what_cannot_be_scored_is_listed_with_its_reason(experts: Experts) -> None:
    assert {s.statement: reason for s, reason in experts.unscored} == {
        "early": EARLY,
        "late": NOTHING,
        "vague": "names no probability",
    }


def test_the_page_names_every_statement_and_says_who_was_nearest(experts: Experts) -> None:
    page = "\n\n".join(expert_sections(experts))
    for scored in experts.scored:
        assert scored.statement.claim in page
    assert "names no probability" in page
    assert "missed" in page
    content = plain(expert_json(experts))
    assert len(content["scored"]) == 4
    assert content["scored"][0]["figures"][0]["expert"]["inside90"] is False
    assert content["comparisons"][2]["who"] == "model"
