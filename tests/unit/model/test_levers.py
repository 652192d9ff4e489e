"""Levers: read from data, cut at the as-of date, put on a model, with their ramps, capacities and evidence."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from tests.made_up.levers import GOOD, HORIZON, lever, under

from afterfall.case import Case, open_case
from afterfall.case.dates import PartialDate
from afterfall.model import Model, build, under_policy
from afterfall.model.levers import AS_NOW, LeverError, Policy, Setting, open_levers
from afterfall.model.levers.applying import level_now, matching, months_in_full, repeal, words_now
from afterfall.model.levers.declaration import Evidence, latest
from afterfall.model.levers.reading import read_levers
from afterfall.run import forecast


def test_ramp_rises_from_now_to_the_intensity(case: Case) -> None:
    one = replace(lever("border"), now=0.2, now_in_force=0.2, ramp=4)
    program = under(case, Setting(one, 0.6, None, 3)).program
    expected = np.array([0, 0, 0, 1, 2, 3, 4, 4, 4]) / 4 * (0.6 - 0.2) / (1 - 0.2)
    assert np.allclose(program.x_time[0, 0, :9], expected)


def test_below_now_the_effect_turns_around(case: Case) -> None:
    one = replace(lever("border"), now=0.5, now_in_force=0.5, ramp=1)
    assert under(case, Setting(one, 0.0, None)).program.x_time[0, 0, -1] == -1.0


def test_capacity_is_widened_for_the_named_origin(case: Case) -> None:
    one = replace(lever("repatriation"), now=0.0, now_in_force=0.0, ramp=1)
    before, after = build(case, horizon=HORIZON), under(case, Setting(one, 1.0, ("brom",)))
    a = [r.name for r in after.structure.capacities].index("repatriation")
    ratio = after.program.capacity[a, :, -1] / before.program.capacity[a, :, -1]
    assert np.allclose(ratio, [1.0, one.capacities[0].times, 1.0])
    assert np.array_equal(after.program.capacity[a, :, 0], before.program.capacity[a, :, 0])


def test_both_sides_draw_one_effect(case: Case) -> None:
    from afterfall.model import sample

    drawn = []
    for intensity in (0.4, 0.9):
        model = under(case, Setting(lever("border"), intensity, None))
        column = model.parameter_names.index("lever.border.way")
        drawn.append(sample(model, trajectories=5, seed=2).values[:, column])
    assert np.array_equal(*drawn)
    assert len(set(drawn[0])) == 5


def test_history_is_the_same_program_but_for_the_parameters(case: Case) -> None:
    before, after = build(case, horizon=HORIZON), under(case, Setting(lever("border"), 0.9, ("brom",)))
    for name in ("x_time", "stratum", "capacity", "path_series", "open", "rate"):
        assert np.array_equal(getattr(before.history, name), getattr(after.history, name)), name
    assert before.history.term.shape == after.history.term.shape


def test_a_policy_in_force_raises_the_intensity_now(case: Case) -> None:
    border = lever("border")
    assert level_now(border, case, "arda") == border.now_in_force
    assert level_now(border, case, "brom") == border.now


def test_months_in_full(case: Case) -> None:
    one = replace(lever("border"), now=0.0, now_in_force=0.0, ramp=2)
    model = build(case, horizon=HORIZON)
    policy = Policy("p", "p", (Setting(one, 1.0, ("arda", "brom")),))
    assert months_in_full(policy, "border", model.view, 3) == 2 * (0.5 + 1 + 1)
    assert months_in_full(AS_NOW, "border", model.view, 3) == 0


GENERAL, BROM = None, ("brom",)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ([(0.9, GENERAL, 1), (0.6, GENERAL, 1)], {"arda": 0.6, "brom": 0.6}),
        ([(0.9, GENERAL, 1), (0.6, GENERAL, 5)], {"arda": 0.6, "brom": 0.6}),
        ([(0.9, GENERAL, 1), (0.6, BROM, 1)], {"arda": 0.9, "brom": 0.6}),
        ([(0.6, BROM, 1), (0.9, GENERAL, 1)], {"arda": 0.9, "brom": 0.6}),
        ([(0.6, BROM, 1), (0.7, ("arda", "brom"), 1), (0.9, GENERAL, 1)], {"arda": 0.7, "brom": 0.6}),
        ([(0.6, BROM, 1), (0.7, BROM, 9)], {"arda": None, "brom": 0.7}),
    ],
)
def test_a_lever_acts_once_on_an_origin(
    case: Case, stated: list[tuple[float, tuple[str, ...] | None, int]], expected: dict[str, float | None]
) -> None:
    """The more specific rules over the general, the later stated over the earlier; on rates, capacity and cost."""
    one = replace(lever("repatriation"), now=0.0, now_in_force=0.0, ramp=1)
    policy = Policy("p", "p", tuple(Setting(one, i, origins, start) for i, origins, start in stated))
    model, before = build(case, horizon=HORIZON, policy=policy), build(case, horizon=HORIZON)
    a = [r.name for r in before.structure.capacities].index("repatriation")
    ratio = model.program.capacity[a, :, -1] / before.program.capacity[a, :, -1]
    x = model.program.x_time[:, :, -1].sum(axis=0)[model.program.stratum]
    for o, origin in enumerate(before.view.origins[:2]):
        intensity = expected[origin] or 0.0
        assert ratio[o] == pytest.approx(one.capacities[0].times ** intensity), origin
        assert {round(v, 9) for v, c in zip(x, model.cohorts, strict=True) if c.origin == origin} == {intensity}


def test_months_in_full_count_a_lever_once(case: Case) -> None:
    one = replace(lever("border"), now=0.0, now_in_force=0.0, ramp=1)
    policy = Policy("p", "p", (Setting(one, 1.0), Setting(one, 0.5, BROM), Setting(one, 0.5, BROM, 3)))
    view = build(case, horizon=HORIZON).view
    others = len(view.origins) - 1
    assert months_in_full(policy, "border", view, 4) == others * 4 * 1.0 + 2 * 0.5


def test_a_lever_that_acts_everywhere_is_nobodys_own(case: Case) -> None:
    with pytest.raises(ValueError, match="'pressure' acts everywhere and cannot be set for brom alone"):
        under(case, Setting(lever("pressure"), 0.9, BROM))


def test_evidence_enters_from_its_date_on() -> None:
    ours = Evidence(low=0.5, high=2.0, status="assumption")
    later = Evidence(low=0.6, high=0.9, status="observed", source="s", published=PartialDate("2018"))
    assert latest((ours, later), dt.date(2018, 12, 30)) is ours
    assert latest((ours, later), dt.date(2018, 12, 31)) is later


def test_what_was_not_public_cannot_be_set(case: Case) -> None:
    catalogue = open_levers()
    with pytest.raises(ValueError, match="'repatriation' was first public in 2016-08-29, after the as-of date"):
        catalogue.policy(case, None, ["repatriation=0.5"])
    with pytest.raises(ValueError, match="package 'leave-in-camps' was published 2016-08-29"):
        catalogue.policy(case, "leave-in-camps", [])


def test_a_counterfactual_may_use_it_and_says_so(case: Case) -> None:
    policy = open_levers().policy(case, "like-kazakhstan", [])
    assert policy.counterfactual
    assert {s.start for s in policy.settings} == {43}  # January 2019 seen from 30 June 2015


def test_every_wrong_setting_is_told_with_the_nearest_name(case: Case) -> None:
    with pytest.raises(ValueError, match="did you mean 'border'") as message:
        open_levers().policy(case, None, ["bordr=0.5", "programmes=1.5", "monitoring=lots"])
    assert "expected 0 to 1" in str(message.value)
    assert "expected NAME=INTENSITY" in str(message.value)


def test_a_setting_may_name_another_origin(case: Case) -> None:
    policy = open_levers().policy(case, None, ["border=0.6@brom", "programmes=0.7"], "arda")
    assert {s.lever.name: s.origins for s in policy.settings} == {"border": ("brom",), "programmes": ("arda",)}
    with pytest.raises(ValueError, match="leave out @brom"):
        open_levers().policy(case, None, ["pressure=0.6@brom"])
    with pytest.raises(ValueError, match="unknown origin 'nowhere'"):
        build(case, horizon=3, policy=open_levers().policy(case, None, ["border=0.6@nowhere"]))


def test_own_settings_replace_those_of_the_package(case: Case) -> None:
    """A lever of the package starts years later: it must not act beside the setting that replaces it."""
    policy = open_levers().policy(case, "like-kazakhstan", ["pressure=0.9", "programmes=0.4", "programmes=0.2"])
    assert sorted((s.lever.name, s.intensity, s.start) for s in policy.settings) == [
        ("pressure", 0.9, 1),
        ("programmes", 0.2, 1),
        ("repatriation", 1.0, 43),
    ]
    assert policy.counterfactual
    assert policy.name == "like-kazakhstan+pressure=0.9+programmes=0.2"
    assert "0.4" not in policy.title


def test_a_file_is_read() -> None:
    (one,), packages = read_levers("mine.toml", GOOD)
    assert (one.name, one.now_in_force, one.ramp, packages) == ("help", 0.2, 1, ())


@pytest.mark.parametrize(
    ("from_", "to", "message"),
    [
        ("low = 0.5", "low = 1.5", "an interval that contains 1, since the status is assumption"),
        ('"assumption"', '"assumpton"', "did you mean 'assumption'"),
        ("now = 0.2", "now = 1.0", "a number below 1"),
        ('title = "Help"', 'titel = "Help"', "levers.help.titel: no such key (did you mean 'title'?)"),
        ("status =", 'published = "2013", status =', "one without `published`"),
        ('"assumption"', '"observed"', "a source, since the status is observed"),
        ('published = "2012"', 'published = "soon"', "a date as YYYY"),
        ("format = 1", "format = 2", "expected 1"),
    ],
)
def test_a_wrong_file_is_refused(from_: str, to: str, message: str) -> None:
    with pytest.raises(LeverError) as problem:
        read_levers("mine.toml", GOOD.replace(from_, to, 1))
    assert message in str(problem.value)


def test_a_package_may_not_name_a_lever_twice() -> None:
    text = (
        GOOD
        + """
[packages.twice]
title = "Twice"
published = "2012"
source = "made up"
levers = [{ lever = "help", intensity = 0.5 }, { lever = "help", intensity = 0.9, start = "2016" }]
"""
    )
    with pytest.raises(
        LeverError, match=r"packages\.twice\.levers\[2\]\.lever: found 'help', expected each lever once"
    ):
        read_levers("mine.toml", text)


def test_all_problems_of_a_file_are_told_at_once() -> None:
    text = GOOD.replace("low = 0.5", "low = 1.5").replace("now = 0.2", "now = 1.0")
    with pytest.raises(LeverError) as problem:
        read_levers("mine.toml", text)
    assert len(problem.value.problems) == 3  # now, now_in_force, evidence


def test_a_rate_nobody_has_is_refused(case: Case) -> None:
    (one,), _ = read_levers("mine.toml", GOOD.replace("handling.found", "handling.fond"))
    with pytest.raises(ValueError, match=r"unknown rate 'handling\.fond'"):
        under(case, Setting(one, 1.0))


@pytest.mark.parametrize("name", ["tiny", "isis-2017"])
def test_every_bundled_lever_fits_every_case(name: str) -> None:
    case = open_case(name)
    catalogue = open_levers()
    settings = tuple(Setting(x, 0.9, None) for x in catalogue.levers.values())
    model = build(case, horizon=3, policy=Policy("all", "all", settings))
    acting = {f"lever.{x.name}.{e.name}" for x in catalogue.levers.values() for e in x.effects}
    assert acting <= set(model.parameter_names)


def test_bundled_evidence_of_judgement_leaves_room_for_no_effect() -> None:
    for one in open_levers().levers.values():
        for effect in one.effects:
            for evidence in effect.evidence:
                if evidence.status in ("assumption", "expert"):
                    assert evidence.low <= 1.0 <= evidence.high, (one.name, effect.name)


#: What each lever ends at intensity 0: a counter that then stays as it is, or a stock that nobody enters any more.
ENDS = {
    "repatriation": "repatriated",
    "programmes": "in_programme",
    "revocation": "lost_citizenship",
    "monitoring": "monitored",
}


@pytest.mark.parametrize("name", ENDS)
def test_at_intensity_zero_a_lever_s_words_are_exact(name: str) -> None:
    """Nobody moves from the first month on, where somebody does at the present intensity."""
    case = open_case("tiny", as_of="2016-12-31")
    horizon = 48
    plain = build(case, horizon=horizon, record_months=range(1, horizon))
    policy = open_levers().policy(case, None, [f"{name}=0"])
    more = {}
    for model in (plain, under_policy(plain, policy)):
        months, values = forecast(model, trajectories=30, seed=3, draws="prior").series(ENDS[name])
        assert months[0] == 0
        more[model is plain] = np.maximum(np.diff(values, axis=1), 0.0).sum()
    assert more[False] == 0.0
    assert more[True] > 0.0


@pytest.fixture(scope="module")
def later() -> Model:
    """A model as of a day by which every lever was public."""
    return build(open_case("tiny", as_of="2016-12-31"), horizon=48)


@pytest.mark.parametrize("name", [n for n, x in open_levers().levers.items() if any(e.zero for e in x.effects)])
def test_what_ends_at_intensity_zero_has_no_rate_from_the_first_month_on(name: str, later: Model) -> None:
    """Every rate that the lever itself makes is multiplied by nothing, for the origins that it is set for."""
    lever = open_levers().lever(name)
    policy = open_levers().policy(later.case, None, [f"{name}=0"], "arda")
    structure = under_policy(later, policy).structure
    (gone,) = [r for r in structure.ramps if r.name.endswith("-")]
    assert gone.origins == frozenset({"arda"})
    assert all(np.exp(gone.values(month)) < 1e-19 for month in range(1, 25))
    for effect in lever.effects:
        for rate in structure.rates:
            if rate.name in matching(effect, structure):
                ends = [t for t in rate.terms if getattr(t, "ramp", "") == gone.name]
                assert bool(ends) is effect.zero, rate.name


@pytest.mark.parametrize("name", list(open_levers().levers))
def test_at_the_present_intensity_nothing_changes(name: str, later: Model) -> None:
    lever = open_levers().lever(name)
    now = level_now(lever, later.case, "arda" if lever.scope == "origin" else None)
    policy = open_levers().policy(later.case, None, [f"{name}={now}"], "arda")
    ramps = under_policy(later, policy).structure.ramps
    assert ramps
    assert all(ramp.values(month) == 0.0 for ramp in ramps for month in range(25))


TIMES = {3.0: "three times", 4.0: "four times", 5.0: "five times", 6.0: "six times", 20.0: "twenty times"}


@pytest.mark.parametrize("name", [n for n, x in open_levers().levers.items() if x.capacities])
def test_words_of_full_intensity_name_what_capacity_it_buys(name: str, later: Model) -> None:
    lever = open_levers().lever(name)
    policy = open_levers().policy(later.case, None, [f"{name}=1"], "arda")
    structure = under_policy(later, policy).structure
    for capacity in lever.capacities:
        assert TIMES[capacity.times] in lever.words.full
        (bought,) = [w for w in structure.widenings if w.capacity == capacity.capacity]
        (ramp,) = [r for r in structure.ramps if r.name == bought.ramp]
        assert bought.times ** ramp.values(lever.ramp) == pytest.approx(capacity.times)


NAMED = {
    "repatriate-and-prosecute": {"repatriation", "prosecution"},
    "leave-in-camps": {"repatriation"},
    "revoke-citizenship": {"revocation"},
    "programmes-first": {"programmes"},
    "like-kazakhstan": {"repatriation", "programmes"},
}


def test_a_package_has_the_levers_that_its_title_names_and_no_other() -> None:
    packages = open_levers().packages
    assert {name: {line.lever for line in p.lines} for name, p in packages.items()} == NAMED


def test_half_of_the_present_intensity_is_half_of_what_the_lever_does(case: Case) -> None:
    lever = open_levers().lever("programmes")
    now = level_now(lever, case, "arda")
    policy = open_levers().policy(case, None, [f"programmes={now / 2}"], "arda")
    (ramp,) = [r for r in build(case, horizon=24, policy=policy).structure.ramps if r.name.endswith("-")]
    assert np.exp(ramp.values(lever.ramp)) == pytest.approx(0.5)
    assert np.exp(ramp.values(1)) == pytest.approx(0.5), "what is stopped takes no time to build"
    assert ramp.values(0) == 0.0


def test_above_the_present_intensity_nothing_ends(case: Case) -> None:
    policy = open_levers().policy(case, None, ["programmes=0.9"], "arda")
    model = build(case, horizon=24, policy=policy)
    assert not [r for r in model.structure.ramps if r.name.endswith("-")]
    assert "lever.programmes.none" not in model.parameter_names


@pytest.mark.parametrize(
    ("as_of", "now", "law"),
    [("2016-08-01", 0.2, ""), ("2017-06-18", 0.2, ""), ("2017-06-30", 0.0, "can-revocation-repealed")],
)
def test_the_level_now_follows_the_law_of_the_country_by_as_of_date(as_of: str, now: float, law: str) -> None:
    """Canada could revoke the citizenship of dual nationals from 2015 until Bill C-6 became law on 19 June 2017."""
    case, lever = open_case("isis-2017", as_of=as_of), open_levers().lever("revocation")
    assert level_now(lever, case, "CAN") == now
    assert repeal(lever, case, "CAN") == law
    assert words_now(lever, case, "CAN") == ("no power since 2017-06-19" if law else lever.words.now)
    assert level_now(lever, case, "FRA") == lever.now


@pytest.fixture(scope="module")
def in_2026() -> Model:
    """The case of 2026, in which Canada has no power to revoke and others have."""
    return build(open_case("isis", as_of="2026-03-13"), horizon=24)


def _lost(model: Model, country: str) -> float:
    values = forecast(model, trajectories=6, seed=3, draws="prior").series("lost_citizenship", country)[1]
    return float((values[:, -1] - values[:, 0]).sum())


def test_nobody_loses_a_citizenship_that_the_law_does_not_let_be_revoked(in_2026: Model) -> None:
    """As now and at 0 nobody does, exactly; above 0 the lever opens the way and acts as for any other country."""
    lost = {level: _lost(under_policy(in_2026, _revoked(in_2026, level)), "CAN") for level in (0.0, 0.8)}
    assert _lost(in_2026, "CAN") == 0.0
    assert lost[0.0] == 0.0
    assert lost[0.8] > 0.0


def _revoked(model: Model, level: float) -> Policy:
    return open_levers().policy(model.case, None, [f"revocation={level}"], "CAN")


def test_what_a_repeal_closed_is_opened_for_that_country_alone(in_2026: Model) -> None:
    structure = under_policy(in_2026, _revoked(in_2026, 0.8)).structure
    (opened,) = [r for r in structure.ramps if r.name.endswith("+")]
    assert opened.origins == frozenset({"CAN"})
    closed = in_2026.structure.features["forecast:no_power_to_revoke"]
    log_rate = {c.origin: closed(c) + opened.values(1) * (c.origin in opened.origins) for c in in_2026.cohorts}
    assert set(log_rate.values()) == {0.0}
    rates = {r.name for r in structure.rates if any(getattr(t, "ramp", "") == opened.name for t in r.terms)}
    assert rates == {"revocation"}
