"""What events of organisations learn from the reference class and from the case's own record."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from afterfall.case import open_case
from afterfall.model import Model, build, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.joint_draws import JointDraws
from afterfall.model.language.organisation_vocabulary import Event
from afterfall.model.mechanisms.ending import MONTHS, end_of, only_a_name, uncounted_survival
from afterfall.model.mechanisms.learned_enemies import at_war, chance_of_stronger, enemy_rates
from afterfall.model.mechanisms.learned_rates import (
    DISSOLUTION,
    SPLIT,
    OwnRecord,
    learned_rate,
    own_of,
    period_of,
    twins,
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
from afterfall.reference.enemy_pairs import rival_rates, war_between
from afterfall.reference.pooled_rates import RAISING, RATIO_PRIOR, GroupCounts, RatioPrior, expected_counts, joint_rates
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
    equals, absorbed, losing, _ = rival_rates(open_reference_class(isis.case.as_of))
    assert equals.events == losing.events == 0 < absorbed.events
    assert prior(isis, "merger.base") == pytest.approx((equals.low / 12, equals.high / 12), rel=0.05)
    assert prior(isis, "absorption.base") == pytest.approx((absorbed.low / 12, absorbed.high / 12), rel=0.05)
    assert "merger.friends" not in isis.parameter_names
    assert "mostly the prior" in next(k.note for k in isis.parameters if k.name == "absorption.base")


def test_only_a_pair_at_war_can_merge_or_absorb(isis: Model, mali: Model) -> None:
    """The class has the war of the core and al-Nusra; the Turkistan Islamic Party and Ahrar al-Sham it does not."""
    assert {"hts", "ahrar-al-sham", "turkistan-islamic-party"} <= set(isis.view.rivals)
    assert at_war(isis.view) == ("hts",)
    of_two = {e.name for e in isis.events if e.kind in ("merger", "absorption")}
    assert of_two == {"merger.hts", "absorption.hts", "absorption_by.hts"}
    assert at_war(mali.view) == ("mnla",)  # a core that is not in the class
    known = open_reference_class("2012-01-01")
    assert war_between("JTJ / AQI / ISI / ISIS", "al-Nusra / JFS / HTS", known) is None


def test_friends_merge_at_another_rate(mali: Model) -> None:
    """MUJAO ruled with the core, the MNLA was at war with it."""
    assert event(mali, "merger.mujao").line == "merger.friend"
    assert event(mali, "merger.mnla").line == "merger"
    assert prior(mali, "merger.friends")[0] > 10 * prior(mali, "merger.base")[0]
    assert "merger.losing" in mali.parameter_names


def test_the_weaker_of_two_enemies_is_absorbed_by_the_stronger_of_that_month_and_ends(isis: Model) -> None:
    """Either may be; the core's losing of ground acts on its own absorptions alone, and a merger needs both."""
    by_core, by_rival, merger = (event(isis, f"{e}.hts") for e in ("absorption", "absorption_by", "merger"))
    assert (by_core.gives, by_core.takes, by_core.band, by_core.beside) == ("hts", "isis", "hts", "isis")
    assert (by_rival.gives, by_rival.takes, by_rival.band, by_rival.beside) == ("isis", "hts", "isis", "hts")
    assert by_core.times == by_rival.times == 2.0
    assert by_core.ends
    assert by_rival.ends
    assert {merger.band, merger.beside} == {"isis", "hts"}
    lines = {line.name: line for line in isis.organisation_set.lines}
    assert dict(lines["absorption_by.hts"].constants) == {"absorption.base": 1.0, "absorption.own.hts": 1.0}
    assert dict(lines["absorption.hts"].constants)["absorption.losing"] == 1.0
    assert lines["absorption.hts"].paths == (("absorption.losing", "adrift", -1.0),)
    alike = chance_of_stronger((1000.0, 0.3), (1000.0, 0.3))
    assert alike < 0.1 < 0.8 < chance_of_stronger((3000.0, 0.3), (1000.0, 0.3))


def test_the_own_war_of_a_pair_lowers_its_multiple(isis: Model, mali: Model) -> None:
    """Three years without an absorption, by the chance that one was twice as strong; a new pair has no years."""
    pairs = enemy_rates(isis.view)
    assert pairs is not None
    years = pairs.own_years(isis.view, "hts")
    core, rival = ({b.name: b.strength for b in isis.organisations}[name] for name in ("isis", "hts"))
    assert core is not None
    assert rival is not None
    chance = chance_of_stronger(core, rival) + chance_of_stronger(rival, core)
    assert sum(years) == pytest.approx(0.5 * chance * 3.0, rel=0.03)
    assert years[1] > 0.0
    rows = joint(isis, "absorption")
    own = np.exp(rows.rows[:, rows.names.index("absorption.own.hts")])
    new = enemy_rates(mali.view)
    assert new is not None
    assert new.own_years(mali.view, "mnla") == (0.0, 0.0)
    none = np.zeros(1)
    without = joint_rates(pairs.fit, GroupCounts(none, none, none, none)).own[:, 0]  # the same random numbers
    assert (own[without > 0.01] < without[without > 0.01]).all()


def test_a_strength_that_nobody_published_is_not_a_small_one(isis: Model) -> None:
    """Without a figure a pair's own years count by the share of unequal pairs in the class."""
    silent = tuple(f for f in isis.case.figures if f.organisation not in ("hts", "jabhat-fatah-al-sham"))
    view = CaseView(replace(isis.case, figures=silent))
    pairs = enemy_rates(view)
    assert pairs is not None
    assert 0.3 < pairs.unequal_share < 0.7
    assert sum(pairs.own_years(view, "hts")) == pytest.approx(0.5 * pairs.unequal_share * 3.0, rel=0.03)


#: Every organisation of the cases that come with the package, and the one of the class that it is (empty: none).
#: Groups that pledged in one country, and two that ruled together, are no one organisation of the class.
TWINS = {
    "isis-2017": {
        "isis": "JTJ / AQI / ISI / ISIS",
        "jabhat-fatah-al-sham": "al-Nusra / JFS / HTS",
        "hts": "al-Nusra / JFS / HTS",
        "ahrar-al-sham": "Ahrar al-Sham",
        "turkistan-islamic-party": "TIP in Syria",
        "jaish-al-muhajireen": "Jaysh al-Muhajirin wal-Ansar",
        "hurras-al-din": "Hurras al-Din",
        "isis-libya": "ISIS Libya",
        "isis-sinai": "Ansar Bayt al-Maqdis / Sinai",
        "isis-yemen": "Yemen Province",
        "isis-saudi": "",
        "isis-khorasan": "ISIS Khorasan",
        "isis-west-africa": "ISWAP",
        "isis-sahel": "ISGS",
        "isis-somalia": "ISIS Somalia",
        "isis-philippines": "",
        "isis-tunisia": "Jund al-Khilafah Tunisia",
        "isis-lebanon": "",
        "isis-turkey": "",
        "syrian-army-foreigners": "",
        "isis-algeria": "",
        "isis-caucasus": "Caucasus Province",
        "isis-central-africa": "ADF",
        "isis-mozambique": "Ansar al-Sunna Mozambique",
        "aqap": "AQAP",
        "aqim": "GSPC / AQIM",
        "jnim": "JNIM",
        "al-shabaab": "al-Shabaab",
    },
    "mali-2013": {
        "ansar-dine-aqim": "",
        "mujao": "MUJAO",
        "signed-in-blood": "Signed-in-Blood",
        "mnla": "",
        "aqim-algeria": "GSPC / AQIM",
        "boko-haram": "Boko Haram / WAP / JAS",
        "ansar-al-sharia-tunisia": "Ansar al-Sharia Tunisia",
        "ansar-al-sharia-libya": "Ansar al-Sharia Libya",
        "al-murabitun": "al-Murabitun",
        "isis-sahel": "ISGS",
        "jnim": "JNIM",
    },
    "tiny": {"dusk-league": "", "free-column": "", "dusk-league-cern": ""},
}


@pytest.mark.parametrize("case", TWINS)
def test_every_organisation_with_a_twin_in_the_class_is_matched(case: str) -> None:
    rows = open_case(case, as_of="2016-06-30" if case == "tiny" else "2026-01-01").organisations
    found = twins(rows, open_reference_class())
    assert {row.organisation: found.get(row.organisation, "") for row in rows} == TWINS[case]


def test_the_branch_that_split_is_from_then_on_the_part_that_stayed(isis: Model) -> None:
    """In August 2016 Boko Haram's branch became one part of two; the other's later splits are not its own."""
    early = build(open_case("isis-2017", as_of="2016-08-01"), horizon=1)
    found = {}
    for name, model in (("before", early), ("after", isis)):
        rate = learned_rate(model.view, SPLIT)
        assert rate is not None
        found[name] = rate.record(model.case.organisation("isis-west-africa"))
    assert (found["before"].twin, found["after"].twin) == ("Boko Haram / WAP / JAS", "ISWAP")
    assert found["before"].years > 3.0 > 0.6 > found["after"].years > 0.0
    rows = open_case("isis-2017", as_of="2026-01-01").organisations
    later = open_reference_class("2022-02-13")
    assert twins(rows, later, dt.date(2016, 8, 1))["isis-west-africa"] == "Boko Haram / WAP / JAS"
    assert twins(rows, later, dt.date(2017, 2, 13))["isis-west-africa"] == "ISWAP"


def test_leaving_is_of_branches_and_pledging_of_others(isis: Model, mali: Model) -> None:
    """Each has its own rate; al-Qaida's are apart, and one in the core's own family does not pledge to it."""
    lines = {line.name: dict(line.constants) for line in isis.organisation_set.lines}
    sinai, shabaab = lines["allegiance.isis-sinai"], lines["allegiance.al-shabaab"]
    assert set(sinai) == {"allegiance.leaving", "leaving.period", "leaving.own.isis-sinai"}
    assert set(shabaab) >= {"allegiance.pledging", "allegiance.sworn", "pledging.own.al-shabaab"}
    assert event(isis, "allegiance.isis-sinai").label.endswith("leaves the core")
    of_mali = {e.name for e in mali.events if e.kind == "allegiance"}
    assert "allegiance.aqim-algeria" not in of_mali
    assert "allegiance.boko-haram" in of_mali
    assert "allegiance.sworn" not in dict(
        next(line.constants for line in mali.organisation_set.lines if line.name == "allegiance.boko-haram")
    )


def test_years_without_an_event_lower_a_rate_and_events_raise_it(isis: Model) -> None:
    rate = learned_rate(isis.view, SPLIT)
    assert rate is not None
    multiples = [rate.multiple(OwnRecord(d, t, "")) for d, t in ((0, 0), (0, 5), (0, 20), (2, 5), (4, 5))]
    assert multiples[0] == pytest.approx(1.0, abs=1e-3)
    assert multiples[2] < multiples[1] < 1.0 < multiples[3] < multiples[4]
    by_name = {o.organisation: rate.multiple(rate.record(o)) for o in isis.case.organisations if not o.ended}
    assert by_name["isis"] < 1.0 < by_name["hts"]


@pytest.mark.parametrize("kind", [SPLIT, DISSOLUTION])
def test_what_a_case_does_not_record_is_no_zero(isis: Model, kind: str) -> None:
    rate = learned_rate(isis.view, kind)
    assert rate is not None
    assert rate.record(isis.case.organisation("isis-saudi")) == OwnRecord(0.0, 0.0, "")


def joint(model: Model, name: str) -> JointDraws:
    return next(d for d in model.organisation_set.joint if d.name == name)


def test_the_forecast_draws_what_is_scored(isis: Model) -> None:
    """The chance of a split over joint draws, against the predictive distribution of the class.

    Without a bias of coding, which the score keeps because later years are coded alike.
    """
    rate = learned_rate(isis.view, SPLIT)
    assert rate is not None
    names = [o.organisation for o in rate.known.organisations]
    of = {"hts": "al-Nusra / JFS / HTS", "isis-khorasan": "ISIS Khorasan"}
    zero = np.zeros(len(names))
    scored = expected_counts(rate.fit, GroupCounts(zero, zero + 5.0, zero, zero))
    plain = replace(rate, fit=replace(rate.fit, prior=RatioPrior(RATIO_PRIOR, (0.0, 0.0), RAISING.grid)))
    for code in ("hts", "isis-khorasan"):
        rows = plain.joint("split", ("split.hazard", "split.losing"), [isis.case.organisation(code)])
        at = {name: rows.rows[:, i] for i, name in enumerate(rows.names)}
        assert at[period_of("split")] == pytest.approx(np.log(rate.period), abs=1e-9)
        forecast = -np.expm1(-60 * np.exp(at["split.hazard"] + at[own_of("split", code)])).mean()
        other = -np.expm1(-scored[:, names.index(of[code])]).mean()
        assert forecast == pytest.approx(other, abs=0.02)  # some three standard errors


def test_what_was_learned_together_is_drawn_together(isis: Model) -> None:
    """Each trajectory has one row of the posterior, and its row depends on the trajectory alone."""
    rows = joint(isis, "split")
    draws = sample(isis, trajectories=[7, 3, 11], seed=2)
    columns = [draws.names.index(name) for name in rows.names]
    for values in draws.values[:, columns]:
        assert (np.abs(rows.rows - values) < 1e-12).all(axis=1).any()
    again = sample(isis, trajectories=[3], seed=2)
    assert np.array_equal(again.values[0], draws.values[1])


def test_a_held_rate_stays_held() -> None:
    held = build(open_case("isis-2017"), horizon=1, fixed={"split.hazard": 0.01})
    draws = sample(held, trajectories=5, seed=2)
    assert draws.values[:, draws.names.index("split.hazard")] == pytest.approx(math.log(0.01))


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


def test_what_was_only_a_name_is_apart_from_what_ends(isis: Model) -> None:
    """It is taken out in the first month, by a wide prior; rivals, counted ones and those of the class are bodies."""
    name = event(isis, only_a_name("isis-saudi"))
    assert (name.kind, name.gives, name.takes) == ("name_only", "isis-saudi", None)
    assert name.shape == (1.0, 0.0)
    low, high = -np.expm1(-np.array(prior(isis, "ending.name_only")))
    assert (low, high) == pytest.approx(stats.beta(2, 4).ppf((0.05, 0.95)), abs=0.01)
    named = {e.band for e in isis.events if e.kind == "name_only"}
    assert named.isdisjoint(b.name for b in isis.organisations if b.published or b.kind != "offshoot")
    known = twins(isis.case.organisations, open_reference_class(isis.case.as_of))
    assert named.isdisjoint(known)


def test_one_that_the_class_lists_lasts_as_bodies_do(isis: Model) -> None:
    """The Greater Sahara's is an organisation there; Saudi Arabia's may be a cell."""
    assert not next(b for b in isis.organisations if b.name == "isis-sahel").published
    sahel, saudi = (sum(event(isis, end_of(name)).shape[:60]) for name in ("isis-sahel", "isis-saudi"))
    lasts = uncounted_survival(isis.case.as_of, 1.67, body=True)
    assert math.exp(-sahel) == pytest.approx(lasts[59], abs=0.02)
    assert sahel < saudi


def test_what_comes_into_being_in_a_run_can_end(isis: Model) -> None:
    """Splinters and successors as counted organisations do, foundings abroad as new uncounted ones, no labels."""
    lines = {line.name: dict(line.constants) for line in isis.organisation_set.lines}
    new = [b for b in isis.organisations if b.strength is None]
    assert {b.kind for b in new} == {"founded", "successor", "splinter"}
    for band in new:
        end = event(isis, end_of(band.name))
        assert (end.gives, end.takes, end.after) == (band.name, None, None)
        assert end.line == ("ending.founded" if band.kind == "founded" else "ending.new")
    assert lines["ending.new"] == {"ending.organisation": 1.0, "ending.period": 1.0}
    lasts = uncounted_survival(isis.case.as_of, 0.0)
    hazard = math.exp(lines["ending.founded"][None])
    assert math.exp(-60 * hazard) == pytest.approx(lasts[59], rel=0.01)


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
    for name in (
        "retaking.base",
        "split.hazard",
        "allegiance.leaving",
        "allegiance.pledging",
        "merger.base",
        "ending.organisation",
    ):
        assert "reference class" in notes[name], name
    assert "19 retaken in 1033 place-months" in notes["retaking.base"]
