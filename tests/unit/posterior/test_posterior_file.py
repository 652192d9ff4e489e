"""Posteriors on disk and draws from them: whole, spread evenly, joint, and refused where they do not belong."""

import io
import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import h5py  # type: ignore[import-untyped]
import numpy as np
import pytest
from tests.unit.posterior.conftest import FITTED, made_up_origin

from afterfall.case import Case, bundled_cases, open_case
from afterfall.model import Model, build, nowcast, sample
from afterfall.model.compile.reduced_model import reduced_model
from afterfall.posterior import (
    DrawsError,
    Posterior,
    StaleDraws,
    UnconvergedChains,
    draw,
    fit_key,
    posterior_from,
    read_posterior,
    thinned,
    write_posterior,
)
from afterfall.posterior import bundled as shipping
from afterfall.posterior.sample import DISCREPANCY, components, in_component, rows_of
from afterfall.run import forecast, simulate

DATA = Path(shipping.__file__).parent / "data"


def test_a_posterior_comes_back_whole(posterior: Posterior, tmp_path: Path) -> None:
    file = tmp_path / "posterior.nc"
    file.write_bytes(write_posterior(posterior))
    found = read_posterior(file)
    assert found.origin == posterior.origin
    assert found.names == posterior.names
    assert np.array_equal(found.values, posterior.values)
    assert found.hash == posterior.hash
    assert read_posterior(tmp_path).hash == posterior.hash, "the folder of a fit stands for its posterior"
    other = Posterior(found.origin, found.names, found.values + 1e-3, found.rhat, found.ess, found.learned)
    assert other.hash != posterior.hash


def test_what_the_weight_rests_on_comes_back_and_older_files_say_nothing_of_it(posterior: Posterior) -> None:
    kept = {"stacking": 2, "groups": 32, "groups_scored": 31, "largest_k": 0.77, "smallest_effective": 82.4}
    full = replace(posterior, origin=replace(posterior.origin, weight=0.9, **kept))
    assert read_posterior(write_posterior(full)).origin == full.origin
    assert read_posterior(write_posterior(full)).hash == posterior.hash
    buffer = io.BytesIO(write_posterior(full))
    with h5py.File(buffer, "r+") as file:
        for name in kept:
            del file.attrs[name]
    assert read_posterior(buffer.getvalue()).origin == replace(posterior.origin, weight=0.9)


def test_a_file_whose_chains_have_not_converged_is_used_with_a_warning(
    tiny: Model, posterior: Posterior, tmp_path: Path
) -> None:
    good = replace(posterior, ess=8 * posterior.ess)
    for name, one in (("unsettled.nc", posterior), ("posterior.nc", good)):
        (tmp_path / name).write_bytes(write_posterior(one))
    with pytest.warns(UnconvergedChains, match="effective sample size"):
        assert posterior_from(tmp_path / "unsettled.nc", tiny) is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert posterior_from(str(tmp_path), tiny) is not None
        assert posterior_from("prior", tiny) is None
    assert not good.faults


def test_thinning_takes_as_much_of_every_chain(posterior: Posterior) -> None:
    chain = np.tile([0.0, 1.0], len(posterior.values) // 2)
    marked = replace(posterior, values=(posterior.values * 0 + chain[:, None]).astype(np.float32))
    few = thinned(marked, 20)
    assert len(few.values) == 20
    assert few.values[:, 0].tolist() == [0.0, 1.0] * 10
    assert np.array_equal(thinned(posterior, len(posterior.values)).values, posterior.values)
    assert few.hash != marked.hash


def test_what_is_no_posterior_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "posterior.nc"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(DrawsError, match="expected a posterior of format 2"):
        read_posterior(file)


@pytest.mark.parametrize("n", [1, 2, 50, 500, 501])
def test_trajectories_spread_over_the_rows(n: int) -> None:
    rows = rows_of(n, range(n), seed=7)
    assert sorted(rows) == list(range(n))
    assert rows_of(n, range(3, 9), seed=7) == rows_of(n, range(10), seed=7)[3:9]
    if n >= 50:
        few = rows_of(n, range(20), seed=7)
        assert len({10 * row // n for row in few}) == 10, "twenty trajectories reach every tenth of the rows"


def test_draws_are_joint_and_the_rest_is_prior(tiny: Model, posterior: Posterior) -> None:
    which = range(12)
    prior, found = sample(tiny, trajectories=which, seed=3), draw(tiny, posterior, trajectories=which, seed=3)
    rows = rows_of(50, which, 3)
    fitted = [prior.names.index(n) for n in FITTED if n in prior.names]
    assert len(fitted) == 3
    assert np.array_equal(found.values[:, fitted], posterior.values[rows, :3].astype(float))
    rest = np.setdiff1d(np.arange(len(prior.names)), fitted)
    assert np.array_equal(found.values[:, rest], prior.values[:, rest])
    assert found.fitted is not None
    assert found.fitted.all()
    assert prior.fitted is None
    assert np.array_equal(draw(tiny, None, trajectories=which, seed=3).values, prior.values)


def test_draws_of_the_priors_are_marked_in_the_file_and_in_what_is_drawn(tiny: Model, posterior: Posterior) -> None:
    fitted = np.arange(50) % 5 > 0
    one = replace(posterior, stats={"fitted": fitted})
    again = read_posterior(write_posterior(one))
    assert again.fitted.tolist() == fitted.tolist()
    assert again.hash == one.hash != posterior.hash
    assert thinned(again, 10).fitted.sum() < 10
    found = draw(tiny, again, trajectories=range(20), seed=3).fitted
    assert found is not None
    assert found.tolist() == fitted[rows_of(50, range(20), 3)].tolist()


def test_only_draws_of_the_priors_borrow_from_other_origins(tiny: Model, posterior: Posterior) -> None:
    """Row by row, a start is that of a posterior that is all fit or all prior."""
    mixed = np.arange(50) % 2 == 0
    starts = []
    for fitted in (mixed, np.ones(50, dtype=bool), np.zeros(50, dtype=bool)):
        draws = draw(tiny, replace(posterior, stats={"fitted": fitted}), trajectories=range(30), seed=3)
        starts.append(nowcast(tiny, draws, seed=3, trajectories=range(30))[0])
    own = mixed[rows_of(50, range(30), 3)]
    assert np.array_equal(starts[0], np.where(own[:, None, None], starts[1], starts[2]))
    assert not np.array_equal(starts[1], starts[2])


def test_draws_can_be_asked_to_be_of_one_component(tiny: Model, posterior: Posterior) -> None:
    fitted, which = np.arange(50) % 5 > 0, range(20)
    one = replace(posterior, stats={"fitted": fitted})
    before, own = draw(tiny, one, trajectories=which, seed=3), components(one, which, 3)
    assert before.fitted is not None
    assert own.tolist() == before.fitted.tolist()
    assert np.array_equal(in_component(tiny, one, before, own, 3).values, before.values)
    column = before.names.index(FITTED[0])
    for asked in (True, False):
        after = in_component(tiny, one, before, np.full(20, asked), 3)
        assert after.fitted is not None
        assert (after.fitted == asked).all()
        assert set(after.values[:, column]) <= set(one.values[fitted == asked, 0].astype(float))
        assert np.array_equal(after.values[own == asked], before.values[own == asked])
        rest = [i for i, name in enumerate(before.names) if name not in FITTED]
        assert np.array_equal(after.values[:, rest], before.values[:, rest])
    with pytest.raises(ValueError, match="no draw of the posterior is of the priors"):
        in_component(tiny, posterior, before, np.zeros(20, dtype=bool), 3)


def test_what_is_held_holds_its_effects(tiny: Model) -> None:
    """A spread that is held sets the effects it spreads, of regions and of half-years; the fit's stay out."""
    program = reduced_model(tiny)
    names = (*program.names, DISCREPANCY)
    one = np.ones(len(names), dtype=np.float32)
    fitted = Posterior(made_up_origin(tiny, 50), names, np.ones((50, len(names)), dtype=np.float32), one, one, one)
    spreads = ("killing.region_sd", "noise.killing_sd")
    model = build(tiny.case, horizon=6, fixed=dict.fromkeys(spreads, 1e-6))
    found = draw(model, fitted, trajectories=range(20), seed=3)
    effects = [name for name in program.names if name.startswith(tuple(f"{spread}[" for spread in spreads))]
    assert len(effects) > 4
    columns = [found.names.index(name) for name in effects]
    assert np.abs(found.values[:, columns]).max() < 1e-5
    assert (found.values[:, found.names.index("noise.leaving_sd[-6 months]")] == 1.0).all()


def with_value(case: Case, figure: str, value: float) -> Case:
    changed = [replace(f, low=value, value=value, high=value) if f.figure == figure else f for f in case.figures]
    return replace(case, figures=tuple(changed))


def test_the_key_follows_what_is_learned_from_and_nothing_else(tiny: Model) -> None:
    key = fit_key(tiny)
    assert fit_key(build(tiny.case, horizon=24, record_months=[2])) == key
    later = replace(tiny.case, organisations=tiny.case.organisations, title="another title")
    assert fit_key(build(later, horizon=6)) == key
    assert fit_key(build(with_value(tiny.case, "brom-returned-2015", 26.0), horizon=6)) != key
    assert fit_key(build(open_case("tiny", as_of="2015-05-31"), horizon=6)) != key


def test_what_happens_after_coming_home_leaves_the_key(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    # By name: the package's own attributes of these names are the mechanisms themselves.
    management, ranks = (import_module(f"afterfall.model.mechanisms.{name}") for name in ("case_management", "ranks"))

    def wider(parameters):  # type: ignore[no-untyped-def]
        return lambda *of: tuple(replace(p, high=1.1 * p.high) for p in parameters(*of))

    key = fit_key(tiny)
    monkeypatch.setattr(management, "_parameters", wider(management._parameters))
    assert fit_key(build(tiny.case, horizon=6)) == key
    monkeypatch.setattr(ranks, "_parameters", wider(ranks._parameters))
    assert fit_key(build(tiny.case, horizon=6)) != key


def test_a_posterior_of_other_figures_is_refused(tiny: Model, posterior: Posterior) -> None:
    other = build(with_value(tiny.case, "brom-returned-2015", 26.0), horizon=6)
    with pytest.raises(StaleDraws, match="afterfall fit tiny --as-of 2015-06-30"):
        forecast(other, trajectories=2, draws=posterior)


def test_a_stale_posterior_of_a_bundled_case_is_refused(
    tiny: Model, posterior: Posterior, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = replace(posterior, origin=replace(posterior.origin, key="0" * 16))
    monkeypatch.setattr(shipping, "bundled_posterior", lambda model: old)
    with pytest.raises(StaleDraws, match=r"scripts/fit_bundled\.py"):
        shipping.posterior_for(tiny)
    mine = build(with_value(tiny.case, "brom-returned-2015", 26.0), horizon=6)
    assert shipping.posterior_for(mine) is None, "a case of one's own only shares the name"


def test_a_forecast_names_its_posterior_and_uses_it(tiny: Model, posterior: Posterior) -> None:
    run = forecast(tiny, trajectories=4, seed=1, draws=posterior)
    assert run.request.draws == f"posterior {posterior.hash}"
    assert forecast(tiny, trajectories=4, seed=1, draws="prior").request.draws == "prior"
    names = list(tiny.parameter_names)
    used = run.dataset["parameters"].values[:, names.index("killing.fighter")]
    assert set(used) <= set(posterior.values[:, 0].astype(float))
    two = simulate(tiny, seed=1, trajectories=range(4), threads=2, posterior=posterior)
    assert np.array_equal(two.world, run.dataset["world"].values)


@pytest.mark.parametrize("file", sorted(DATA.glob("*.nc")), ids=lambda f: f.stem)
def test_what_comes_with_the_package_belongs_to_its_model(file: Path) -> None:
    found = read_posterior(file)
    assert found.origin.case in bundled_cases()
    assert file.stem == f"{found.origin.case}-{found.origin.as_of}"
    model = build(open_case(found.origin.case, as_of=found.origin.as_of))
    assert found.origin.key == fit_key(model), f"rebuild it: {shipping.REBUILD}"
    assert len(found.values) >= 500
    assert found.rhat.max() <= 1.05
