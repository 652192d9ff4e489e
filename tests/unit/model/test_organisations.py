"""Organisations of the bundled cases: what is declared, what a run of them holds, and what feeds back on people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from afterfall.case import Figure, cut, open_case, read_case
from afterfall.engine.band_inputs import band_inputs
from afterfall.engine.counts import run_trajectory
from afterfall.engine.index import index
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import (
    Band,
    Event,
    OrganisationSet,
    Outside,
    RecruitmentLine,
    Signal,
    join,
)
from afterfall.model.mechanisms.merging import merger_with
from afterfall.model.mechanisms.neighbourhood import (
    borders,
    distance,
    founded_before,
    founded_elsewhere,
    friendly,
    named_beyond,
    pace_elsewhere,
    pace_far_away,
)
from afterfall.model.mechanisms.organisations import descendant_in, descends, published, standing
from afterfall.run import Run, RunError, forecast
from afterfall.run.resolve import model_of

SEED, N = 5, 60


@pytest.fixture(scope="module")
def mali() -> Model:
    return build(open_case("mali-2013"), horizon=24)


@pytest.fixture(scope="module")
def isis() -> Model:
    return build(open_case("isis-2017"), horizon=12)


@pytest.fixture(scope="module", params=["tiny", "mali-2013"])
def run(request: pytest.FixtureRequest) -> Run:
    return forecast(build(open_case(request.param), horizon=36), trajectories=N, seed=SEED)


def test_everyone_is_somewhere_whatever_organisations_do(run: Run) -> None:
    world = run.dataset["world"]
    parts = world.sel(quantity=run.dataset["group"].isin(["pathway", "fate"])).sum("quantity")
    entered = world.sel(quantity="travelled") + world.sel(quantity="born")
    assert np.array_equal(parts.values, entered.values)
    assert np.array_equal(parts.values, world.sel(quantity="everyone").values)


def test_foreigners_of_organisations_are_fighters_of_the_ledger(run: Run) -> None:
    """All fighters in the ranks, underground, with rivals and with offshoots, each counted once."""
    counted = run.dataset["foreigners"].sum("organisation")
    names = ["in_ranks", "remain", "defect", "relocate"]
    everyone = run.dataset["world"].sel(quantity=names).sum("quantity")
    assert (counted <= everyone).all()
    assert float(counted.sum() / everyone.sum()) > 0.5


def test_strength_is_locals_and_foreigners_and_never_falls_below_them(run: Run) -> None:
    strength, foreigners = (run.dataset[name].values for name in ("strength", "foreigners"))
    months = np.arange(strength.shape[1])[None, :, None]
    exists = run.organisation_record.founded[:, None, :] <= months
    ended = run.organisation_record.ended[:, None, :] <= months
    assert ended.any()
    assert not strength[:, 1:][ended[:, 1:]].any()  # what was only a name counts as ended from the start
    exists &= ~ended
    assert (strength >= foreigners)[exists].all()
    assert not strength[~exists].any()
    assert exists[:, 0].any()
    assert not exists[:, 0].all()
    assert exists[:, -1].sum() > exists[:, 0].sum()


def test_contained_is_no_stronger_than_at_first(run: Run) -> None:
    shards = run.organisation_record
    old = shards.founded.max(axis=0) == 0
    core = shards.label("organisation_kind").index("core")
    parents = shards.label("organisation_parent")
    for k in np.flatnonzero(old):
        came = [
            i
            for i, parent in enumerate(parents)
            if parent == shards.names[k] and shards.label("organisation_kind")[i] in ("successor", "splinter")
        ]
        expected = shards.strength[:, :, [k, *came]].sum(axis=2) <= shards.strength[:, [0], k]
        if k == core:
            again = shards.fired[:, [kind == "retaking_month" for kind in shards.label("event_kind")]].min(axis=1)
            expected &= again[:, None] > np.arange(expected.shape[1])
        assert np.array_equal(shards.contained[:, :, k], expected)
    assert 0 < shards.contained[:, -1, core].mean() < 1


def test_nobody_is_contained_by_splitting(run: Run) -> None:
    """All people of an organisation at once in its splinter, and one more: the core is not contained."""
    data = run.dataset.copy(deep=True)
    names = run.organisation_record.names
    core = names[run.organisation_record.label("organisation_kind").index("core")]
    data["strength"].loc[{"organisation": f"{core}-splinter"}] = (
        data["strength"].sel(organisation=core).isel(month=0) + 1
    )
    data["strength"].loc[{"organisation": core, "month": slice(1, None)}] = 0
    data["strength"].loc[{"organisation": f"{core}-splinter", "month": 0}] = 0
    split = replace(run, dataset=data)
    assert run.organisation_record.contained[:, 1:, names.index(core)].any()
    assert not split.organisation_record.contained[:, 1:, names.index(core)].any()


def test_a_run_of_an_earlier_version_is_told(run: Run) -> None:
    old = replace(run, dataset=run.dataset.drop_vars("organisation_parent"))
    with pytest.raises(RunError, match="without organisation_parent: run it again"):
        old.organisations(12)


def test_chances_are_of_what_fired(run: Run) -> None:
    events, chances = run.events(24), run.organisation_record.event_probabilities(24)
    for kind, row in chances.iterrows():
        assert row["expected"] == pytest.approx(events["p_by"][events["kind"] == kind].sum())
        assert events["p_by"][events["kind"] == kind].max() <= row["p_any"] <= row["expected"] + 1e-12


def test_without_collapse_a_merger_is_no_likelier_and_uses_the_same_random_numbers(run: Run) -> None:
    """Draws in which collapse helps have the merger no later than its twin; the others no sooner."""
    names, fired = run.organisation_record.label("event"), run.organisation_record.fired
    columns = run.dataset["parameters"]
    friends = {o.organisation for o in model_of(run).case.organisations if o.ally}
    for name in [n for n in names if n.startswith("merger.") and not n.endswith("without_collapse")]:
        friend = name.removeprefix("merger.") in friends
        rise = columns.sel(parameter="merger.losing" if friend else "merger.collapse").values
        with_, without = (fired[:, names.index(n)] for n in (name, f"{name}.without_collapse"))
        assert (with_ <= without)[rise > 0].all()
        assert (with_ >= without)[rise < 0].all()


def test_a_merger_takes_the_enmity_away(isis: Model) -> None:
    """With a merger at the first month and total enmity, more of the core's people go to that rival and no other."""
    draws = sample(isis, trajectories=1, seed=SEED)
    theta = draws.values[0].copy()
    theta[isis.parameter_names.index("defect.enmity")] = -4.0
    start, counters = nowcast(isis, draws, seed=SEED, trajectories=[0])
    path, lost = draw_shared_series(isis.program, theta, SEED, 0)
    put = rate_factors(isis.program, theta, path)
    event = [e.name for e in isis.events].index(merger_with("hts"))
    defected = []
    for month in (99, 1):
        when = np.full(len(isis.events), 99, dtype=np.int32)
        when[event] = month
        organisation_set = band_inputs(isis.bands._replace(event_month=when), theta, path, lost, SEED, 0)
        args = (isis.program, index(isis.program), put, start[0], counters[0], SEED, 0, organisation_set)
        final = run_trajectory(*args).final.sum(axis=0)
        states = {s.name: i for i, s in enumerate(isis.states)}
        grown = final - start[0].sum(axis=0)
        defected.append({r: int(grown[states[f"rival_{r}"]]) for r in isis.view.rivals})
    apart, merged = defected
    assert merged["hts"] > apart["hts"] + 0.2 * abs(apart["hts"]) + 50
    assert merged["ahrar-al-sham"] <= apart["ahrar-al-sham"] + 5


def test_growth_of_a_place_draws_people_to_it(isis: Model) -> None:
    """With a strong response, locals that grow draw more of those who go abroad; the rest of the world fewer."""
    draws = sample(isis, trajectories=1, seed=SEED)
    start, counters = nowcast(isis, draws, seed=SEED, trajectories=[0])
    names = list(isis.parameter_names)
    states = {s.name: i for i, s in enumerate(isis.states)}
    found = []
    for response in (0.0, 1.2):
        theta = draws.values[0].copy()
        theta[names.index("place.organisation")] = response
        path, lost = draw_shared_series(isis.program, theta, SEED, 0)
        organisation_set = band_inputs(isis.bands, theta, path, lost, SEED, 0)
        growing = [b.name for b in isis.organisations].index("isis-khorasan")
        organisation_set.effect[:] = 0.0
        organisation_set.effect[growing] = 20.0
        args = (
            isis.program,
            index(isis.program),
            rate_factors(isis.program, theta, path),
            start[0],
            counters[0],
            SEED,
            0,
        )
        with_ = run_trajectory(*args, organisation_set).final.sum(axis=0)
        without = run_trajectory(*args).final.sum(axis=0)
        found.append(int(with_[states["offshoot_AFG"]] - without[states["offshoot_AFG"]]))
    assert found[1] > found[0] + 5


def test_organisations_descend_from_the_core_or_not() -> None:
    view = CaseView(open_case("isis-2017"))
    by_name = {o.organisation: o for o in standing(view)}
    assert descends(view, by_name["isis-libya"])
    assert not descends(view, by_name["aqap"])
    assert descendant_in(view, "YEM") == by_name["isis-yemen"]
    assert descendant_in(view, "JOR") is None
    known = published(view, by_name["hts"])
    assert known is not None
    assert known.latest == 10_000, "a rival without figures takes those of what it came from"
    assert published(view, by_name["isis-tunisia"]) is None, "an offshoot without figures does not take the core's"


def test_a_newer_count_replaces_an_older_one_of_the_same_reports() -> None:
    """The 25,750 of September 2014 stands for the 10,000 of June; those of one month are read together."""
    then, later = (CaseView(open_case("isis-2017", as_of=day)) for day in ("2015-12-31", "2017-02-13"))
    known = [published(view, view.case.organisation("isis")) for view in (then, later)]
    assert [round(k.median) for k in known if k] == [25_750, round((22_000 * 22_500) ** 0.5)]


def test_what_ended_or_was_founded_later_is_not_there(mali: Model) -> None:
    names = {b.name for b in mali.organisations}
    assert {"ansar-dine-aqim", "mujao", "mnla", "new-BFA"} <= names
    assert not {"jnim", "isis-sahel", "al-murabitun"} & names
    later = build(open_case("mali-2013", as_of="2018-06-01"), horizon=1)
    assert "jnim" in {b.name for b in later.organisations}
    assert "mujao" not in {b.name for b in later.organisations}


def test_places_know_their_distance_and_borders(mali: Model) -> None:
    view = mali.view
    assert borders(view, "BFA", "theatre")
    assert not borders(view, "TGO", "theatre")
    assert borders(view, "NER", "NGA")
    assert borders(view, "NGA", "NGA")
    assert distance(view, "NER", "theatre") < distance(view, "TUN", "theatre")
    assert distance(view, "NGA", "NGA") == 100.0


def test_friends_alone_make_a_founding_likelier(isis: Model, mali: Model) -> None:
    """Al-Qaida's branches are no friends of the Islamic State; allies that a case names are, and so is what is new."""
    near = {n.name: n.weights for n in isis.organisation_set.near}
    assert "isis-yemen" in near["near.JOR"]
    assert not {"aqap", "aqim", "al-shabaab", "hts"} & set().union(*near.values())
    assert {"new-IRN", "isis-splinter", "insurgent-successor"} <= set(near["near.JOR"])
    assert "new-JOR" not in near["near.JOR"]
    assert "new-elsewhere" not in near["near.JOR"]
    assert "new-IRN" not in near["border.JOR"]
    near = {n.name: n.weights for n in mali.organisation_set.near}
    assert "boko-haram" in near["border.NER"]
    assert {"new-BFA", "new-DZA"} <= set(near["border.NER"])
    enemy = replace(mali.case, organisations=tuple(replace(o, ally=None) for o in mali.case.organisations))
    assert "boko-haram" not in {s.organisation for s in friendly(CaseView(enemy))}


def test_descent_is_one_rule_whatever_the_kind(mali: Model) -> None:
    by_name = {b.name: b for b in mali.organisations}
    assert by_name["mujao"].descended
    assert by_name["mujao-splinter"].descended
    assert not by_name["mnla"].descended
    assert not by_name["mnla-splinter"].descended
    assert not by_name["boko-haram"].descended


def test_the_reach_follows_all_that_descends(isis: Model, mali: Model) -> None:
    for model in (isis, mali):
        (stock,) = (s for s in model.organisation_set.slow if s.name == "reach")
        assert set(stock.bands) == {b.name for b in model.organisations if b.kind == "core" or b.descended}


def test_neighbours_in_which_something_was_founded_set_the_pace_of_foundings() -> None:
    """Lebanon in August 2014, Saudi Arabia in November and Turkey in July 2015; Jordan, Kuwait, Iran, Israel never."""
    view = CaseView(open_case("isis-2017"))
    count, months = founded_before(view)
    assert (count, months) == (3, 16 + 19 + 27 + 4 * 45)
    low, high, derived = pace_far_away(view)
    assert derived
    assert low < 3.5 / months / 20 < high, "far from any organisation it is a good deal rarer than next door"
    assert founded_before(CaseView(open_case("mali-2013"))) == (0, 70)
    assert pace_far_away(CaseView(open_case("tiny"))) == (1e-4, 3e-3, "")


def test_other_places_set_the_pace_elsewhere() -> None:
    """Eleven beyond the neighbours in 46 months; Boko Haram was founded long before the core and does not count."""
    assert founded_elsewhere(CaseView(open_case("isis-2017"))) == (10, 45)
    assert founded_elsewhere(CaseView(open_case("mali-2013"))) == (0, 10)
    assert founded_elsewhere(CaseView(open_case("tiny"))) == (1, 28)


def test_the_pace_elsewhere_reaches_from_nothing_seen_to_all_that_was() -> None:
    """Ten in 45 months in places that are all named by now, none in those that are not."""
    low, high, derived = pace_elsewhere(CaseView(open_case("isis-2017")))
    assert derived
    assert low < 0.5 / 45 / 5
    assert 10.5 / 45 < high < 1
    assert low * high < (10.5 / 45) ** 2 / 25, "the middle is a good deal rarer than the pace of places now named"


def test_places_named_beyond_the_neighbours_are_not_counted_twice() -> None:
    """What they are likely to have founded is taken off the pace elsewhere; where none is free nothing is."""
    isis, mali = (CaseView(open_case(name)) for name in ("isis-2017", "mali-2013"))
    assert named_beyond(isis) == 0
    assert named_beyond(mali) > 0
    few = replace(
        mali.case, places=tuple(p for p in mali.case.places if p.kind != "host" or p.place in ("elsewhere", "BEN"))
    )
    assert 0 < named_beyond(CaseView(few)) < named_beyond(mali)
    assert pace_elsewhere(CaseView(few))[1] > pace_elsewhere(mali)[1]


def test_a_later_strength_changes_no_bit_and_an_earlier_one_does() -> None:
    whole = read_case(files("afterfall.case") / "data" / "mali-2013")

    def bands(changed: Callable[[Figure], bool]) -> bytes:
        figures = tuple(
            replace(f, low=9e3, value=9e3, high=9e3) if f.quantity == "strength" and changed(f) else f
            for f in whole.figures
        )
        model = build(cut(replace(whole, figures=figures), "2013-02-01"), horizon=1)
        return b"".join(np.ascontiguousarray(field).tobytes() for field in model.bands)

    as_of = open_case("mali-2013").as_of
    same = bands(lambda f: False)
    assert bands(lambda f: f.published.last_day > as_of) == same
    assert bands(lambda f: f.published.last_day <= as_of) != same


def band(name: str, **changed: object) -> Band:
    """A band that names lines of its own."""
    made = Band(name, name, "core", "theatre", False, "g", "d", "k", 10.0, (10.0, 0.3), True)
    return replace(made, **changed)  # type: ignore[arg-type]


def test_names_that_do_not_exist_are_reported_together() -> None:
    organisation_set = OrganisationSet(
        bands=(band("a"), band("a", growth="nowhere")),
        lines=(RecruitmentLine("g", echoes=(Signal("near", "fog", None),)), RecruitmentLine("d"), RecruitmentLine("k")),
        events=(Event("e", "e", "split", "missing", band="b", unless="f"),),
        outside=(Outside("rate", Signal("level", "c", None)),),
    )
    with pytest.raises(ValueError, match="do not fit together") as caught:
        join([organisation_set])
    for words in ("'a' is declared twice", "'nowhere'", "'fog'", "'missing'", "'b'", "'f'", "'c'"):
        assert words in str(caught.value)
