"""A run's parameters are described by what the data inform, under any posterior; under priors nothing is claimed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.posterior.conftest import made_up_origin

from afterfall.model import Model
from afterfall.model.compile.past_noise import averaged
from afterfall.posterior import Posterior
from afterfall.posterior.sample import DISCREPANCY
from afterfall.report.brief import Brief
from afterfall.report.brief.trust import Trust
from afterfall.report.explain import parameter_basis as basing
from afterfall.report.explain.parameter_basis import basis, contraction_words, draws_option, effects_of
from afterfall.report.explain.rank_correlations import RankCorrelation
from afterfall.report.explain.why import Driver, why, why_grids, why_notes
from afterfall.report.track_record.earlier_scores import TrackRecord, TrackRow
from afterfall.run import Run, forecast

N = 200
#: Share of the prior's spread that made-up draws keep, how far their mean moves, and what that teaches.
MADE_UP = {
    "killing.fighter": (0.4, 0.0, "learned"),
    "leaving.stayer": (0.8, 0.0, "weakly informed"),
    "leaving.mover": (1.0, 0.0, "prior only"),
    "home.distance": (1.0, 0.8, "weakly informed"),
    "killing.region_sd[north]": (0.5, 0.0, "learned"),
    "noise.killing_sd[-6 months]": (0.9, 0.8, "weakly informed"),
}
#: What made-up draws hold.
HELD = {"killing.region_sd": 1.0, "noise.killing_sd": 0.5, "noise.killing_memory": 0.6}


def engine_scale(model: Model, name: str, z: np.ndarray) -> np.ndarray:
    """Draws of a parameter from standard normals: its own scale is a log here, or an effect of unit spread."""
    if name.startswith("noise."):
        s = HELD["noise.killing_sd"] * np.sqrt(averaged(HELD["noise.killing_memory"])[0])
        return np.asarray(s * z - s**2 / 2)
    if "[" in name:
        return z
    known = next(k for k in model.parameters if k.name == name)
    assert known.parameter.scale in ("log", "natural", "logit")
    mean, sd = known.moments()
    return np.asarray(mean + sd * z)


@pytest.fixture(scope="module")
def made_up(tiny_model: Model) -> Posterior:
    """Draws with each contraction planted exactly; the spreads of effects are held."""
    rng = np.random.default_rng(5)
    columns = {}
    for name, (kept, moved, _) in MADE_UP.items():
        z = rng.normal(size=N)
        columns[name] = engine_scale(tiny_model, name, moved + kept * (z - z.mean()) / z.std())
    columns |= {name: np.full(N, value) for name, value in HELD.items()}
    columns[DISCREPANCY] = np.zeros(N)
    values = np.stack(list(columns.values()), axis=1).astype(np.float32)
    learned = np.array([1 - MADE_UP[n][0] ** 2 if n in MADE_UP else 0.0 for n in columns], dtype=np.float32)
    ones = np.ones(len(columns), dtype=np.float32)
    return Posterior(made_up_origin(tiny_model, N), tuple(columns), values, ones, N * ones, learned)


@pytest.fixture(scope="module")
def run(tiny_model: Model, made_up: Posterior) -> Run:
    return forecast(tiny_model, trajectories=N, seed=11, draws=made_up)


def test_words_are_those_of_the_posterior_that_comes_with_the_case(
    run: Run, tiny_model: Model, made_up: Posterior, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basing, "bundled_posterior", lambda model: made_up)
    words = contraction_words(run, tiny_model)
    assert {name: words[name] for name in MADE_UP} == {name: word for name, (_, _, word) in MADE_UP.items()}
    assert draws_option(run, tiny_model) == ""


def test_words_of_a_fit_of_ones_own_are_those_of_its_draws(run: Run, tiny_model: Model) -> None:
    """The bundled posterior is another: what was taught is seen from the run alone."""
    words = contraction_words(run, tiny_model)
    planted = {name: word for name, (_, _, word) in MADE_UP.items() if not name.startswith("killing.region")}
    assert {name: words[name] for name in planted} == planted
    assert words["killing.region_sd[north]"] == "learned"
    assert "dispatch.effort" not in words, "what only acts later cannot have been taught"
    assert "--draws FILE" in draws_option(run, tiny_model)
    made = replace(run.provenance, command="afterfall forecast tiny --draws 'my fits/one' --trajectories 20")
    assert draws_option(replace(run, provenance=made), tiny_model) == " --draws 'my fits/one'"


def test_priors_teach_nothing(prior_run: Run, tiny_model: Model) -> None:
    found = basis(prior_run, tiny_model)
    assert not found.fitted
    assert (found.learned, found.weakly_informed, found.unlearned) == (0, 0, found.uninformed)
    assert found.word("killing.fighter") == "prior only"
    assert draws_option(prior_run, tiny_model) == " --prior-only"


def test_counts_are_of_named_parameters(run: Run, tiny_model: Model) -> None:
    found = basis(run, tiny_model)
    words = [found.word(k.name) for k in tiny_model.parameters]
    assert found.learned == words.count("learned") >= 1
    assert found.weakly_informed == words.count("weakly informed") >= 2
    bare = [k.name for k in tiny_model.parameters if k.uninformed]
    assert found.unlearned == sum(found.word(name) == "prior only" for name in bare) < found.uninformed


def test_why_shows_what_was_learned_beside_what_was_not(
    run: Run, tiny_model: Model, made_up: Posterior, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basing, "bundled_posterior", lambda model: made_up)
    shown = {d.influence.parameter: d for q in ("killed", "returned") for d in _drivers(run, tiny_model, q)}
    assert {d.basis for d in shown.values()} >= {"learned", "prior only"}
    for name, driver in shown.items():
        assert driver.basis == MADE_UP.get(name, (0, 0, "prior only"))[2]
    chain = why(run, tiny_model, quantity="killed")
    table = next(g for g in why_grids(chain) if "drive" in g.title)
    column = [c.heading for c in table.columns].index("informed by the data")
    assert [row[column] for row in table.sections[0]] == [d.basis for d in chain.drivers]


def _drivers(run: Run, model: Model, quantity: str) -> tuple[Driver, ...]:
    return why(run, model, quantity=quantity).drivers


def test_an_effect_of_the_countrys_region_can_drive_its_number(tiny_model: Model) -> None:
    region = tiny_model.view.region_of["arda"]
    effects = effects_of(tiny_model, "arda")
    assert f"killing.region_sd[{region}]" in effects
    assert effects["noise.killing_sd[-6 months]"].startswith("killing 6 to 0 months before")
    assert "leaving.origin_sd[arda]" in effects
    assert not any(name.endswith("[brom]") for name in effects)
    assert {f"killing.region_sd[{r}]" for r in tiny_model.view.regions} <= set(effects_of(tiny_model, None))
    assert not any(name.endswith("[arda]") for name in effects_of(tiny_model, None))


def test_why_names_the_command_that_ranks_figures_where_there_is_a_posterior(
    run: Run, prior_run: Run, tiny_model: Model
) -> None:
    chain = why(run, tiny_model, quantity="returned", country="arda", at=12)
    asked = "afterfall influence tiny --as-of 2015-06-30 --country arda --quantity returned --at 12"
    assert any(asked in line for line in why_notes(chain))
    assert any(f"{asked} --draws FILE" in line for line in why_notes(chain)), "the fit is one's own"
    bare = why_notes(why(prior_run, tiny_model, quantity="returned", country="arda", at=12))
    assert not any("influence" in line for line in bare)
    assert any("not fitted" in line for line in bare)


@pytest.mark.parametrize(
    ("fitted", "known", "grade", "reason"),
    [
        (False, ["prior only"], 0, "no parameter is fitted to data"),
        (True, [], 0, "no single parameter stands out as its driver"),
        (True, ["prior only"] * 2, 0, "the data inform none of its main drivers"),
        (True, ["weakly informed", "prior only"], 0, "the data inform 1 of its 2 main drivers, weakly"),
        (True, ["learned", "weakly informed"], 1, "the data inform 2 of its 2 main drivers: 1 well, 1 weakly"),
        (True, ["learned", "learned"], 2, "the data inform 2 of its 2 main drivers, well"),
    ],
)
def test_confidence_counts_what_was_learned(fitted: bool, known: list[str], grade: int, reason: str) -> None:
    drivers = tuple(Driver(RankCorrelation("p", 0.5, (1, 0, 2), (3, 2, 4)), "p", basis, "") for basis in known)
    found = Trust((), drivers, fitted, None).confidence("returned", 12).ingredients
    one = next(i for i in found if i.name == "parameters")
    assert (one.grade, one.why) == (grade, reason)


def test_a_brief_from_a_posterior_names_it(arda: Brief, tiny_run: Run) -> None:
    assert tiny_run.request.draws.startswith("posterior ")
    assert tiny_run.request.draws in arda.subtitle


@pytest.mark.parametrize(
    ("low", "independent", "grade"),
    [(0.1, 5, 2), (0.1, 4, 0), (-0.1, 5, 1)],
)
def test_a_track_record_of_too_few_figures_earns_no_confidence(low: float, independent: int, grade: int) -> None:
    row = TrackRow("2016-08-01", "returned", 30, independent, 0.2, low, 0.3, 0.95, hindsight=False)
    found = Trust((), (), True, TrackRecord("tiny", (row,))).confidence("returned", 12).ingredients
    assert next(one for one in found if one.name == "track record").grade == grade
