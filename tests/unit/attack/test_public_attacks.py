"""Listed attacks, shares and milieus: cut at the as-of date, learned from countries alike, unknown never zero."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from scipy import stats

from afterfall.attack.armed_hosts import ArmedHostError, armed_hosts
from afterfall.attack.attack_result import Attacks, place_of
from afterfall.attack.importance_resampling import AttemptCount
from afterfall.attack.milieu import SHAPES, milieu_posterior
from afterfall.attack.public_attacks import INSPIRED, NOTHING, SENT, PublicAttack, PublicAttacks, public_attacks
from afterfall.case import open_case
from afterfall.case.dates import month_number
from afterfall.evaluate.events.attack_counts import list_ratio
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.organisations import standing


def test_only_what_was_public_is_read() -> None:
    early, late = public_attacks("isis", dt.date(2015, 12, 31)), public_attacks("isis", dt.date(2017, 2, 13))
    assert 0 < len(early.attacks) < len(late.attacks)
    assert all(a.day < dt.date(2016, 1, 1) for a in early.attacks)
    assert set(early.attacks) < set(late.attacks)
    assert public_attacks("isis", dt.date(2014, 1, 31)) == NOTHING
    assert public_attacks("dusk-league", dt.date(2017, 2, 13)) == NOTHING


def test_the_list_s_end_is_no_count_of_zero() -> None:
    """Later as-of dates have no more months at risk than the list covers."""
    assert public_attacks("isis", dt.date(2018, 7, 31)).months == public_attacks("isis", dt.date(2017, 2, 13)).months


def test_no_attack_is_behind_two_shares_of_one_sort() -> None:
    """The list's own shares begin after the months of the published one; a later one is reduced by what it overlaps."""
    then, later = public_attacks("isis", dt.date(2017, 2, 13)), public_attacks("isis", dt.date(2017, 6, 15))
    assert {s.by for s in then.shares} == {("sent", "returned"), ("sent",), ("returned",)}
    own = [s for s in then.shares if len(s.by) == 1]
    assert {(s.first, s.whole) for s in own} == {(month_number("2015-07"), 34.0)}
    assert sum(a.day >= dt.date(2015, 7, 1) for a in then.attacks) == 34
    reduced = [s for s in later.shares if s.by == ("sent",)]
    assert [s.whole for s in reduced] == [51.0]
    assert reduced[0].weight == pytest.approx(24 / 37)
    before = public_attacks("isis", dt.date(2015, 7, 31))
    assert {s.first for s in before.shares} == {month_number("2014-01")}


def test_those_who_were_sent_by_another_core_are_sent() -> None:
    known = public_attacks("isis", dt.date(2017, 2, 13)).attacks
    assert [a.by for a in known if (a.country, a.day) == ("FRA", dt.date(2015, 1, 7))] == [SENT]
    assert [a.day for a in known if a.by == "returned"] == [dt.date(2014, 5, 24)]


def made_up(counts: dict[str, int]) -> PublicAttacks:
    day = dt.date(2015, 1, 1)
    attacks = tuple(PublicAttack(c, day, INSPIRED, 1.0) for c, n in counts.items() for _ in range(n))
    return PublicAttacks(attacks, (), tuple(counts), tuple(range(24)))


def test_a_country_without_attacks_learns_from_those_like_it() -> None:
    """Six alike but for their counts: none is at zero, and the spread is drawn towards the mean."""
    counts = {"a": 4, "b": 5, "c": 3, "d": 6, "e": 4, "f": 0}
    fit = milieu_posterior(tuple(counts), np.full(6, 0.2), np.full(6, 500.0), made_up(counts))
    assert fit is not None
    means = {code: fit.mean(code) for code in counts}
    assert means["f"] < means["c"] < means["a"] < means["d"]
    assert means["f"] > 0.03
    assert means["d"] / means["c"] < 2.0, "less apart than the counts"


def test_the_inspired_who_never_travelled_raise_a_country() -> None:
    """Attacks in proportion to Muslims of the population and not to travellers: travellers lose their weight."""
    travelled, muslims = np.array([1.0, 0.1, 1.0, 0.1]), np.array([500.0, 500.0, 4000.0, 4000.0])
    by_people = dict(zip("abcd", (3, 3, 24, 24), strict=True))
    by_travel = dict(zip("abcd", (24, 3, 24, 3), strict=True))
    shares = []
    for counts in (by_people, by_travel):
        fit = milieu_posterior(tuple(counts), travelled, muslims, made_up(counts))
        assert fit is not None
        shares.append(fit.share)
    assert shares[0] < 0.3 < 0.7 < shares[1]


def test_those_who_were_sent_are_no_measure_of_the_milieu() -> None:
    known = made_up({"a": 4, "b": 4})
    sent = replace(known, attacks=(*known.attacks, PublicAttack("b", dt.date(2015, 1, 1), SENT, 1.0)))
    assert sent.inspired("b") == 4


def test_a_baseline_that_sees_the_list_grows_with_it() -> None:
    """Two attacks in the counted year, five in the last twelve months: (5 + 1/2) / (2 + 1/2). None without cover."""
    days = [dt.date(2014, 3, 1), dt.date(2014, 9, 1), *(dt.date(2015, m, 1) for m in (2, 4, 6, 8, 10))]
    months = tuple(range(month_number("2014-01"), month_number("2016-01")))
    known = PublicAttacks(tuple(PublicAttack("a", day, INSPIRED, 1.0) for day in days), (), ("a", "b"), months)

    assert ratio_of(known, 2014) == pytest.approx(5.5 / 2.5)
    assert ratio_of(known, 2015) == pytest.approx(1.0)
    assert ratio_of(known, 2013) is None
    assert ratio_of(known, 2014, "elsewhere") is None
    assert ratio_of(replace(known, months=months[:11]), 2014) is None


@pytest.mark.parametrize("day", ["2015-12-31", "2016-08-01", "2017-02-13", "2018-07-31"])
def test_baselines_that_see_the_list_exist(day: str) -> None:
    """On the days that are scored, for a year that the list covers, from the last twelve whole months."""
    known = public_attacks("isis", dt.date.fromisoformat(day))
    found = ratio_of(known, 2014, "FRA")
    last = [a for a in known.attacks if a.country == "FRA" and month_number(f"{a.day:%Y-%m}") in known.months[-12:]]
    counted = [a for a in known.attacks if a.country == "FRA" and a.day.year == 2014]
    assert found == pytest.approx((len(last) + 0.5) / (len(counted) + 0.5))


def ratio_of(known: PublicAttacks, year: int, place: str = "a") -> float | None:
    case = SimpleNamespace(covered=lambda word: frozenset({word}))
    drawn = SimpleNamespace(public=known, model=SimpleNamespace(case=case))
    return list_ratio(cast("Attacks", drawn), [AttemptCount(place, year, 4)])


def test_the_posterior_of_one_level_is_its_gamma() -> None:
    """Countries that hardly differ, on the grid's largest shape: the total follows the conjugate posterior's mean."""
    counts = {"a": 40, "b": 41, "c": 39, "d": 40}
    fit = milieu_posterior(tuple(counts), np.full(4, 0.5), np.full(4, 500.0), made_up(counts))
    assert fit is not None
    level = (fit.weights.sum(axis=2) * fit.level).sum()
    assert level * 2.0 * 2.0 == pytest.approx(160, rel=0.05)
    assert (fit.weights.sum(axis=(0, 1)) * SHAPES).sum() > stats.loguniform(0.3, 30).mean()


@pytest.mark.parametrize("word", ["AFG", "Afghanistan", "EGY", "NGA", "Iraq", "SYR", "Somalia"])
def test_armed_hosts_are_refused_with_a_reason(word: str) -> None:
    view = CaseView(open_case("isis-2017", as_of="2017-02-13"))
    with pytest.raises(ArmedHostError, match="afterfall violence CASE --country"):
        place_of(word, view)


def test_a_country_is_a_host_from_the_year_that_was_public() -> None:
    """The wars of 2016 were published in July 2017: Jordan is no host before."""
    views = [CaseView(open_case("isis-2017", as_of=day)) for day in ("2017-02-13", "2017-10-31")]
    hosts = [{h.place for h in armed_hosts(view)} for view in views]
    assert "JOR" not in hosts[0]
    assert "JOR" in hosts[1]
    assert place_of("JOR", views[0]) == "JOR"


def test_an_active_branch_makes_a_host_before_its_war_was_published() -> None:
    """Khorasan was public in January 2015; the war of 2015 in Afghanistan only in July 2016."""
    hosts = {h.place: h.why for h in armed_hosts(CaseView(open_case("isis-2017", as_of="2015-12-31")))}
    assert hosts["AFG"] == "ISIS in Khorasan is active there"
    assert "JOR" not in hosts


def test_a_claimed_province_refuses_nothing() -> None:
    """The province in Saudi Arabia has no published strength, and no body in the class after 2016."""
    view = CaseView(open_case("isis-2017", as_of="2017-02-13"))
    assert "SAU" not in {h.place for h in armed_hosts(view)}
    assert any(o.place == "SAU" and o.kind == "offshoot" for o in standing(view))
    assert place_of("SAU", view) == "SAU"


def test_countries_at_peace_and_groups_are_not_refused() -> None:
    view = CaseView(open_case("isis-2017", as_of="2017-02-13"))
    assert [place_of(word, view) for word in ("CAN", "Europe", "France")] == ["CAN", "XEU", "FRA"]
