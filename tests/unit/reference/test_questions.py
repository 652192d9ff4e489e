"""Foundings, retaken places, survival and custody, on the tables that come with the package."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from afterfall.case.dates import PartialDate
from afterfall.reference.affiliate_survival import (
    age_counts,
    first_presences,
    survival_rates,
    year_of,
)
from afterfall.reference.class_records import WarYear
from afterfall.reference.country_years import COVARIATES, CountryFacts, risk_set
from afterfall.reference.custody_breaks import SDF, break_groups, country_years_at_risk, custodian_groups, custody_rates
from afterfall.reference.enemy_pairs import rival_rates, unequal, wars
from afterfall.reference.event_rate import EventRate
from afterfall.reference.first_foundings import forecast_firsts
from afterfall.reference.founding_fit import fit_founding
from afterfall.reference.founding_growth import (
    growing_from,
    growth_rates,
    insurgency,
    scale_growth_counts,
    share_counts,
)
from afterfall.reference.organisation_events import (
    organisation_counts,
    organisation_rates,
    parts_taken,
    shared_events,
    yearly_totals,
)
from afterfall.reference.reference_class import ReferenceClass, open_reference_class
from afterfall.reference.retaking import constant_hazards, fit_retaking

SCALES = ("organisation", "cell")


@pytest.fixture(scope="module")
def whole() -> ReferenceClass:
    return open_reference_class()


@pytest.fixture(scope="module")
def early() -> ReferenceClass:
    return open_reference_class("2017-02-13")


def named(rates: tuple[EventRate, ...], event: str, stratum: str) -> EventRate:
    return next(r for r in rates if (r.event, r.stratum) == (event, stratum))


def test_each_country_is_at_risk_once_a_year_until_its_first(early: ReferenceClass) -> None:
    risk = risk_set(early, "ISIS")
    years = pd.Series(risk.exposure).groupby([risk.country, risk.year]).sum()
    assert years.max() < 1.01
    assert int(risk.first.sum()) == 28
    for i in risk.country[risk.first]:
        own = risk.year[risk.country == i]
        assert risk.year[(risk.country == i) & risk.first] == own.max()
    assert risk.covariates.shape == (len(risk.year), len(COVARIATES))
    assert np.isfinite(risk.covariates).all()
    in_2017 = risk.exposure[(risk.year == 2017) & ~risk.first]
    assert in_2017 == pytest.approx(43 / 365.25)  # 1 January to 13 February


def test_a_label_is_no_presence(whole: ReferenceClass) -> None:
    """Azerbaijan has had a pledge on video and nothing else."""
    assert "AZE" in {a.country for a in whole.affiliates if a.family == "ISIS"}
    assert "AZE" not in {a.country for a in first_presences(whole.affiliates, ("ISIS",))}


def test_covariates_do_not_know_the_future(early: ReferenceClass) -> None:
    then = CountryFacts(early).at(dt.date(2012, 1, 1), "AQ")
    now = CountryFacts(open_reference_class("2012-01-01")).at(dt.date(2012, 1, 1), "AQ")
    old = [i for i, country in enumerate(early.countries) if country.country != "SSD"]  # it began in 2011: no value yet
    assert then[old] == pytest.approx(now[old])


def test_first_presences_are_ranked_over_the_world(early: ReferenceClass) -> None:
    forecast = forecast_firsts(early, "any", dt.date(2022, 2, 13))
    assert len(forecast.countries) == 125
    order = [code for code, *_ in forecast.ranked()]
    assert order.index("IND") < 5
    assert order.index("ISL" if "ISL" in order else "URY") > 60
    assert "JOR" not in order  # it had one in 2005
    assert forecast.probability.sum() == pytest.approx(forecast.totals.mean(), rel=0.05)
    longer = forecast_firsts(early, "any", dt.date(2027, 2, 13))
    assert (longer.probability > forecast.probability).all()


def test_a_wave_fades(early: ReferenceClass) -> None:
    """The period effect reverts from the wave of 2014 to 2016, so totals grow no faster than the years."""
    two, ten = (np.median(forecast_firsts(early, "ISIS", dt.date(year, 2, 13)).totals) for year in (2019, 2027))
    assert two < ten <= 5 * two


def test_the_mean_total_does_not_rest_on_a_few_draws(early: ReferenceClass) -> None:
    totals = forecast_firsts(early, "ISIS", dt.date(2022, 12, 31)).totals
    assert totals.mean() < np.quantile(totals, 0.75)


def test_the_period_effect_of_a_year_without_rows_comes_from_the_year_before() -> None:
    """As of a first of January the as-of year has no row; its effect is that of the year before, on its way to zero."""
    fit = fit_founding(risk_set(open_reference_class("2016-01-01"), "ISIS"), ((0.5, 0.5, 1.0),))
    assert fit.risk.last_year == 2016
    assert fit.risk.year.max() == 2015
    before, now = fit.points[0].mode[-2:]
    assert now == pytest.approx(0.5 * before)


def test_a_last_day_before_the_as_of_date_is_refused(early: ReferenceClass) -> None:
    with pytest.raises(ValueError, match="expected a day after 2017-02-13"):
        forecast_firsts(early, "any", dt.date(2016, 1, 1))


def test_retaking_by_time_and_holding(whole: ReferenceClass) -> None:
    fit = fit_retaking(whole)
    day, month, year = (fit.share(by=12, held=held, of="ISIS").mean() for held in (0, 1, 12))
    assert day > month > year
    assert 0.03 < day < 0.2  # the fixed list: .11 [.05, .24]
    first, later = fit.share(by=12).mean(), fit.share(by=24, since=12).mean()
    assert first > 2 * later
    assert fit.share(by=12, strength=1.0).mean() > fit.share(by=12, strength=0.0).mean()
    assert (int(fit.events.sum()), fit.places) == (103, 305)


def test_the_level_of_later_years_is_learned_from_the_list_alone(whole: ReferenceClass) -> None:
    """After the first year nothing on the list was retaken, and its second level is below the first."""
    fit = fit_retaking(whole)
    first, later = fit.level.mean(axis=0)
    assert later < first
    assert (fit.unselected[:, -1] < fit.hazard[:, -1]).mean() > 0.9
    overall, listed = constant_hazards(whole)
    assert listed is not None
    assert listed < overall
    assert constant_hazards(open_reference_class("2012-01-01"))[1] is None


def test_organisations_outlast_cells(whole: ReferenceClass) -> None:
    rates = survival_rates(whole)
    organisation = named(rates, "still there after 5 years", "organisation")
    cell = named(rates, "still there after 5 years", "cell")
    assert organisation.low > cell.high


def test_growth_counts_only_years_whose_dyads_were_public(early: ReferenceClass, whole: ReferenceClass) -> None:
    before, after = (growing_from(known, "ISIS", "org") for known in (early, whole))
    assert max(year_of(one) for one in before) == 2015
    assert len(after) > len(before)
    organisation, cell = (named(growth_rates(whole), "grows into an armed conflict (ISIS)", s) for s in SCALES)
    assert organisation.low > cell.mean


def test_the_as_of_year_is_no_exposure_of_survival(early: ReferenceClass) -> None:
    """Ends of 2017 are not known in February 2017: mid-2012 to the end of 2016 is four years and a half."""
    there = dataclasses.replace(early.affiliates[0], active_from=2012, active_to=None)
    begun = dataclasses.replace(there, active_from=2017)
    ended = dataclasses.replace(there, active_to=2012)
    ends, lived = age_counts([there, begun, ended], 2017)
    assert lived == pytest.approx([2.0 + 0.5, 2.5, 0.0])
    assert ends.tolist() == [1.0, 0.0, 0.0]


def test_the_year_of_growth_is_half_a_year_at_risk(whole: ReferenceClass) -> None:
    first = growing_from(whole, "ISIS", "org")[0]
    war = WarYear(country=first.country, family="ISIS", year=year_of(first) + 1, deaths=30)
    last = dataclasses.replace(war, country="AND", year=2022)
    one = dataclasses.replace(whole, affiliates=(first,), wars=(war, last))
    (early, years), (later, more) = scale_growth_counts(one, "ISIS", "org")
    assert (len(early), years, len(later), more) == (1, 1.5, 0, 0.0)


def test_an_insurgency_before_follows_what_was_public(whole: ReferenceClass) -> None:
    """Al-Qaida's organisation in Niger was public from 2008 to 2013, Nigeria's from 2009."""
    codes = ("NER", "NGA", "BRA")
    assert insurgency(whole, dt.date(2008, 1, 1), codes).tolist() == [False, False, False]
    assert insurgency(whole, dt.date(2009, 1, 1), codes).tolist() == [True, False, False]
    assert insurgency(whole, dt.date(2015, 1, 1), codes)[1:].tolist() == [True, False]
    ended = [dataclasses.replace(a, active_to=2010) for a in whole.affiliates if a.country == "NGA"]
    without = dataclasses.replace(whole, affiliates=tuple(ended), wars=())
    assert not insurgency(without, dt.date(2015, 1, 1), codes).any()


def test_pledges_of_what_existed_are_no_share_of_organisations(early: ReferenceClass) -> None:
    """As of February 2017: SAU, TUR and BGD of seven without an insurgency before; IDN, NER and TCD were pledges."""
    some, every = share_counts(early, "ISIS", insurgency_before=False)
    pledges = [a for a in early.affiliates if a.kind == "pledge_of_existing"]
    fewer = dataclasses.replace(early, affiliates=tuple(a for a in early.affiliates if a not in pledges))
    assert 0 < some < every
    assert some / every < 0.8
    assert share_counts(fewer, "ISIS", insurgency_before=False)[1] >= every


def test_a_first_on_the_first_of_january_counts_once(early: ReferenceClass) -> None:
    day = PartialDate("2014-01-01")
    first = dataclasses.replace(
        early.affiliates[0], country="URY", family="ISIS", scale="org", began=day, published=day
    )
    risk = risk_set(dataclasses.replace(early, affiliates=(first,)), "ISIS")
    assert (risk.first.sum(), risk.year[risk.first].tolist()) == (1, [2014])


def test_neighbours_founded_in_a_year_count_from_the_next_month(early: ReferenceClass) -> None:
    """Niger, Chad, Cameroon and Nigeria had their first presences of ISIS from February to March 2015."""
    risk = risk_set(early, "ISIS")
    here = risk.countries.index("CMR")
    own = (risk.country == here) & (risk.year == 2015)
    near, facts = np.expm1(risk.covariates[own, COVARIATES.index("neighbours")]), CountryFacts(early)
    assert near[0] == 0
    march = (facts.borders @ facts.present(dt.date(2015, 3, 1), "ISIS"))[here]
    assert near[-1] == pytest.approx(march)  # Cameroon itself on the seventh of March
    assert march > 0
    assert risk.exposure[own].sum() == pytest.approx((dt.date(2015, 3, 7) - dt.date(2015, 1, 1)).days / 365.25)
    assert risk.first[own].tolist() == [False, True]
    alone = risk_set(early, "ISIS", covariates=COVARIATES[:1])
    assert alone.exposure.sum() == pytest.approx(risk.exposure.sum(), abs=0.1)
    assert alone.first.sum() == risk.first.sum()


def test_losing_ground_raises_splits_and_mergers_and_enemies_hardly_merge(whole: ReferenceClass) -> None:
    rates = organisation_rates(whole)
    for event, events in (("split", 23), ("merger or absorption", 32)):
        calm, losing = named(rates, event, "not losing ground"), named(rates, event, "losing ground")
        assert losing.low > calm.mean
        assert losing.events == events
        assert 1.2 < named(rates, event, "ratio, losing to not").mean < 3.5
    equals, absorbed, losing, _ = rival_rates(whole)
    assert (equals.events, absorbed.events, losing.events) == (0, 4, 0)
    assert equals.high < 0.03
    assert equals.mean < absorbed.mean


def test_absorptions_are_counted_over_wars_of_unequals_and_one_long_war_is_one_pair(whole: ReferenceClass) -> None:
    assert all(p.stronger != "neither" for p in wars(whole) if p.merged == "absorbed")
    assert not any({p.side_a, p.side_b} == {"MNLF", "MILF"} for p in wars(whole))
    before = rival_rates(whole)[1]
    quiet = next(p for p in unequal(whole) if p.merged == "none")
    long = dataclasses.replace(quiet, war_start=PartialDate("1950-01"))
    after = rival_rates(dataclasses.replace(whole, rivals=(*whole.rivals, long)))[1]
    count = before.events / before.exposure, after.events / after.exposure
    assert after.mean / before.mean > count[1] / count[0]


def test_a_merger_of_four_is_one_event(whole: ReferenceClass) -> None:
    event = "merger or absorption"
    parts = parts_taken(event, whole)
    rows = {p.row for p in parts}
    assert len(rows) < len(parts)
    counts, raw = organisation_counts(event, whole, recalled_weight=1.0)
    assert counts.events.sum() + counts.events_losing.sum() == pytest.approx(len(rows))
    assert raw[0].events + raw[1].events == len(parts)
    per_year = len(parts) / (raw[0].exposure + raw[1].exposure)
    weighted = len(rows) / (counts.years.sum() + counts.years_losing.sum())
    assert weighted == pytest.approx(per_year)  # fewer events over less exposure: the rate of taking part stays
    assert yearly_totals(event, whole, first=1900)[0].sum() <= len(rows)
    shared = shared_events(event, whole)
    taken = [p for p in parts if p.parties > 1]
    assert shared[:, taken[0].group].sum() > 0.0
    assert not shared[:, range(shared.shape[1]), range(shared.shape[1])].any()


def test_breaks_of_the_democratic_forces_leave_syria_by_their_own_weights() -> None:
    """As of June 2022 one of their three breaks is of the year that has not ended, and was never counted for Syria."""
    known = open_reference_class("2022-06-30")
    together, apart = break_groups(known, 20)["SYR"], custodian_groups(known, 20)
    for all_of, syria, own in zip(together, apart["SYR"], apart[SDF], strict=True):
        assert 0.0 < syria.events.sum() < all_of.events.sum()
        assert own.events.sum() > all_of.events.sum() - syria.events.sum() > 0.0


def test_custody(whole: ReferenceClass, early: ReferenceClass) -> None:
    rates = custody_rates(whole)
    twenty, many = (named(rates, f"prison break of {n} or more", "state") for n in (20, 200))
    assert twenty.events > many.events
    assert 0.07 < twenty.mean < 0.16
    assert max(year for _, year in country_years_at_risk(early)) == 2016
    assert any(r.stratum == "Syrian Democratic Forces" for r in rates)
    assert not any(r.stratum == "Syrian Democratic Forces" for r in custody_rates(early))
    outside, other = (
        named(rates, "share retaken within a year", s) for s in ("attack from outside", "any other cause")
    )
    assert outside.mean < other.mean
