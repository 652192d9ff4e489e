"""What events of organisations learn from the reference class and from the case's own record."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import Event
from afterfall.model.mechanisms.ending import MONTHS, end_of, uncounted_survival
from afterfall.model.mechanisms.learned_rates import (
    SPLIT,
    OwnRecord,
    learned_rate,
    log_multiple,
    own_record,
)
from afterfall.model.mechanisms.learned_retaking import (
    OwnLosses,
    core_in_class,
    learned_retaking,
    own_losses,
    own_weights,
    share_of_peak,
    weighted_quantiles,
)
from afterfall.reference import open_reference_class
from afterfall.reference.organisation_events import rival_rates
from afterfall.reference.retaking import EDGES, fit_retaking


@pytest.fixture(scope="module")
def isis() -> Model:
    return build(open_case("isis-2017"), horizon=12)


@pytest.fixture(scope="module")
def mali() -> Model:
    return build(open_case("mali-2013"), horizon=12)


def prior(model: Model, name: str) -> tuple[float, float]:
    return next((k.low, k.high) for k in model.parameters if k.name == name)


def event(model: Model, name: str) -> Event:
    return next(e for e in model.events if e.name == name)


def test_a_town_is_retaken_within_a_year_as_in_the_reference_class(isis: Model) -> None:
    """The core's own organisation of the class: the same share as `retaking_rates` gives, at middling strength."""
    learned = learned_retaking(isis.view)
    assert learned is not None
    assert learned.in_class == "ISIS"
    fit = fit_retaking(open_reference_class(isis.case.as_of))
    low, median, high = np.quantile(fit.share(by=12, of="ISIS"), (0.05, 0.5, 0.95))
    assert learned.within_year[1] == pytest.approx((low, median, high), rel=0.02)
    assert learned.within_year[1] != pytest.approx(learned.within_year[0], rel=0.1)
    assert learned.base == prior(isis, "retaking.base")


def test_the_hazard_follows_the_months_since_the_loss(isis: Model) -> None:
    """Held towns start at the first month of the shape, towns lost before at their age; a year has mean one."""
    learned = learned_retaking(isis.view)
    assert learned is not None
    assert sum(learned.shape[:12]) == pytest.approx(12.0, rel=1e-3)
    assert learned.shape[0] > 2 * learned.shape[6]
    lost = {s.holding: s.lost for s in isis.view.spells}
    assert lost["raqqa"] is None
    assert event(isis, "retaking.raqqa").shape == learned.shape
    gone = -isis.view.month_of(lost["tikrit"])
    assert gone > 12
    assert event(isis, "retaking.tikrit").shape == learned.shape[gone:]


def test_held_longer_is_rarer_and_shares_the_random_number(isis: Model) -> None:
    kinds = ("retaking", "retaking_month", "retaking_year")
    keys = {event(isis, f"{kind}.raqqa").key_name for kind in kinds}
    assert keys == {"retaking.raqqa"}
    for name in ("retaking.month", "retaking.year"):
        low, high = prior(isis, name)
        assert 0 < low < high < 1
    lines = {line.name: dict(line.constants) for line in isis.organisation_set.lines}
    assert set(lines["retaking_year.raqqa"]) - set(lines["retaking_month.raqqa"]) == {"retaking.year"}
    assert set(lines["retaking_month.raqqa"]) - set(lines["retaking.raqqa"]) == {"retaking.month"}


def test_the_cores_of_the_cases_are_found_in_the_class(isis: Model, mali: Model) -> None:
    for model, name in ((isis, "ISIS"), (mali, "Mali")):
        core = model.case.organisation(model.case.core)
        known = open_reference_class(model.case.as_of)
        assert core.founded is not None
        assert core_in_class(known, model.case.theatre.countries, core.founded.first_day) == name
    assert core_in_class(open_reference_class("2015-01-01"), ["no such country"], dt.date(2010, 1, 1)) == ""


def test_places_that_stay_lost_lower_the_rate_and_retaken_ones_raise_it() -> None:
    """The update of a core that the class does not have, against a direct sum over draws."""
    fit = fit_retaking(open_reference_class("2014-01-01"))
    none = len(EDGES) - 1
    still = OwnLosses((0,) * none, (10.0, 20.0, 30.0, 60.0, 100.0, 0.0, 0.0))
    again = replace(still, retaken=(3, 0, 0, 0, 0, 0, 0))
    share = -np.expm1(-(fit.unselected[:, :4] @ np.array([1.0, 2.0, 3.0, 6.0])) * fit.another)
    even = np.full(len(share), 1.0 / len(share))
    medians = [weighted_quantiles(share, w)[1] for w in (own_weights(fit, still), even, own_weights(fit, again))]
    assert medians[0] < medians[1] < medians[2]
    i, j = 3, 11
    multiple = fit.another
    logs = [-multiple[k] * (fit.unselected[k] @ np.array(still.months)) for k in (i, j)]
    weights = own_weights(fit, still)
    assert math.log(weights[i] / weights[j]) == pytest.approx(logs[0] - logs[1])


def test_own_losses_are_those_up_to_the_as_of_date() -> None:
    """Palmyra was lost in March 2016 and retaken in December."""
    assert sum(own_losses(CaseView(open_case("isis-2017"))).retaken) == 1
    assert sum(own_losses(CaseView(open_case("isis-2017"))).months) > 100
    assert sum(own_losses(CaseView(open_case("isis-2017", as_of="2016-12-01"))).retaken) == 0
    assert share_of_peak(CaseView(open_case("isis-2017", as_of="2015-12-31"))) == 1.0
    assert share_of_peak(CaseView(open_case("isis-2017"))) < 1.0


def test_enemies_have_the_rates_of_pairs_at_war(isis: Model) -> None:
    """A merger of equals is rarer than an absorption; no pair of the class had one."""
    equals, absorbed = rival_rates(open_reference_class(isis.case.as_of))
    assert equals.events == 0 < absorbed.events
    assert prior(isis, "merger.base") == pytest.approx((equals.low / 12, equals.high / 12), rel=0.05)
    assert prior(isis, "absorption.base") == pytest.approx((absorbed.low / 12, absorbed.high / 12), rel=0.05)
    assert "merger.friends" not in isis.parameter_names
    assert event(isis, "merger.hts").line == "merger"
    assert event(isis, "absorption.hts").unless == "merger.hts"
    assert event(isis, "merger.hts").unless == "absorption.hts"
    assert event(isis, "merger.hts.without_collapse").unless == "absorption.hts"


def test_friends_merge_at_another_rate(mali: Model) -> None:
    """MUJAO ruled with the core, the MNLA was at war with it."""
    assert event(mali, "merger.mujao").line == "merger.friend"
    assert event(mali, "merger.mnla").line == "merger"
    assert prior(mali, "merger.friends")[0] > 10 * prior(mali, "merger.base")[0]
    assert "merger.losing" in mali.parameter_names


def test_years_without_an_event_lower_a_rate_and_events_raise_it(isis: Model) -> None:
    rate = learned_rate(isis.view, SPLIT)
    assert rate is not None
    multiples = [rate.multiple(OwnRecord(d, t, False)) for d, t in ((0, 0), (0, 5), (0, 20), (2, 5), (4, 5))]
    assert multiples[0] == pytest.approx(1.0, abs=1e-3)
    assert multiples[2] < multiples[1] < 1.0 < multiples[3] < multiples[4]
    by_name = {o.organisation: log_multiple(isis.view, rate, o) for o in isis.case.organisations if not o.ended}
    assert by_name["isis"] < 0 < by_name["hts"]


def test_what_a_case_does_not_record_is_no_zero(isis: Model) -> None:
    row = isis.case.organisation("isis-saudi")
    assert own_record(isis.view, SPLIT, row).years > 2
    assert own_record(isis.view, "merger or absorption", row) == OwnRecord(0.0, 0.0, False)


def test_uncounted_organisations_may_be_cells_or_names_and_counted_ones_are_bodies(isis: Model) -> None:
    saudi, shabaab = event(isis, end_of("isis-saudi")), event(isis, end_of("al-shabaab"))
    assert saudi.gives == "isis-saudi"
    assert saudi.takes is None
    assert len(saudi.shape) == MONTHS
    assert not shabaab.shape
    lasts = uncounted_survival(isis.case.as_of, 2.0)
    assert all(a > b for a, b in pairwise(lasts))
    assert math.exp(-sum(saudi.shape[:60])) == pytest.approx(uncounted_survival(isis.case.as_of, 2.25)[59], abs=0.02)
    assert 0.3 < lasts[59] < 0.7
    assert 1 - lasts[0] > 2 * (lasts[0] - lasts[1])


def test_what_comes_into_being_in_a_run_can_end(isis: Model) -> None:
    """Splinters and successors as counted organisations do, foundings abroad as new uncounted ones, no labels."""
    lines = {line.name: dict(line.constants) for line in isis.organisation_set.lines}
    new = [b for b in isis.organisations if b.strength is None]
    assert {b.kind for b in new} == {"founded", "successor", "splinter"}
    for band in new:
        end = event(isis, end_of(band.name))
        assert (end.gives, end.takes, end.after) == (band.name, None, None)
        assert end.line == ("ending.founded" if band.kind == "founded" else "ending.new")
    assert lines["ending.new"] == {"ending.organisation": 1.0}
    lasts = uncounted_survival(isis.case.as_of, 0.0)
    hazard = math.exp(lines["ending.founded"][None])
    assert math.exp(-59 * hazard) == pytest.approx(lasts[59] / lasts[0], rel=0.01)


def test_an_earlier_date_learns_from_less() -> None:
    early, late = (
        learned_rate(CaseView(open_case("isis-2017", as_of=day)), SPLIT) for day in ("2014-12-31", "2017-02-13")
    )
    assert early is not None
    assert late is not None
    assert early.events < late.events
    assert early.hazard != late.hazard


def test_each_prior_says_what_it_was_learned_from(isis: Model) -> None:
    notes = {k.name: k.note for k in isis.parameters}
    for name in ("retaking.base", "split.hazard", "allegiance", "merger.base", "ending.organisation"):
        assert "reference class" in notes[name], name
    assert "19 retaken in 1033 place-months" in notes["retaking.base"]
