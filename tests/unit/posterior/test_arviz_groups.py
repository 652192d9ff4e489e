"""The file of a posterior: in the groups of ArviZ, every draw back whole, and files of the format before still read."""

from __future__ import annotations

import io
from dataclasses import fields, replace
from pathlib import Path

import h5netcdf
import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.posterior.conftest import FITTED

from afterfall.posterior import Posterior, bundled, read_posterior, write_posterior
from afterfall.posterior.posterior_file import ENGINE, Origin, thinned

DATA = Path(bundled.__file__).parent / "data"
SHIPPED = sorted(DATA.glob("*.nc"))
#: Hashes of their draws. Runs name them: rewriting a file must leave them.
HASHES = {
    "isis-2017-2014-06-30": "2009979deaa6",
    "isis-2017-2015-01-31": "3c08edbfa56b",
    "isis-2017-2015-12-31": "5689581e5aa9",
    "isis-2017-2016-08-01": "bfa5ed4de631",
    "isis-2017-2017-02-13": "e073a0f6c28d",
    "isis-2017-2017-10-31": "36d178d6ad3a",
    "isis-2017-2018-07-31": "7a766edc22bc",
    "isis-2019-03-31": "d4674f55119c",
    "isis-2022-01-31": "379d5ea9223a",
    "isis-2024-12-08": "d159bd80523e",
    "isis-2026-03-13": "e413107a3484",
    "tiny-2015-06-30": "bc09777f5a6a",
}


@pytest.fixture
def scaled(posterior: Posterior) -> Posterior:
    """The made-up posterior with scales, and with what a sampler keeps."""
    n = len(posterior.values)
    stats = {
        "diverging": np.arange(n) % 7 == 0,
        "n_steps": np.arange(n, dtype=np.int32),
        "acceptance_rate": np.linspace(0.5, 1.0, n, dtype=np.float32),
    }
    return replace(posterior, scales=("log", "logit", "natural", "positive"), stats=stats)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda f: f.stem)
def test_a_shipped_posterior_is_the_one_it_was(file: Path) -> None:
    """Fails after a new fit: then its hash is to be put here."""
    found = read_posterior(file)
    assert found.hash == HASHES[file.stem]
    again = read_posterior(write_posterior(found))
    assert again.values.tobytes() == found.values.tobytes()
    assert (again.origin, again.names, again.scales) == (found.origin, found.names, found.scales)
    for name in ("rhat", "ess", "learned"):
        assert getattr(again, name).tobytes() == getattr(found, name).tobytes()


def test_arviz_opens_and_summarises_a_shipped_posterior() -> None:
    arviz = pytest.importorskip("arviz")
    found = read_posterior(DATA / "tiny-2015-06-30.nc")
    data = arviz.from_netcdf(str(DATA / "tiny-2015-06-30.nc"))
    assert dict(data.posterior.sizes) == {"chain": 4, "draw": 125}
    assert set(data.posterior.data_vars) == set(found.names)
    assert not data.sample_stats["diverging"].values.any()
    summary = arviz.summary(data, var_names=["killing.fighter", "leaving.region_sd[north]"])
    natural = np.exp(found.values[:, found.names.index("killing.fighter")].astype(float))
    assert summary.loc["killing.fighter", "mean"] == pytest.approx(natural.mean(), abs=5e-4)
    assert {"r_hat", "ess_bulk"} <= set(summary.columns)


def test_what_is_kept_of_each_draw_comes_back(scaled: Posterior) -> None:
    found = read_posterior(write_posterior(scaled))
    assert found.values.tobytes() == scaled.values.tobytes()
    assert found.scales == scaled.scales
    assert found.hash == scaled.hash
    for name, values in scaled.stats.items():
        np.testing.assert_array_equal(found.stats[name], values)
    few = thinned(found, 10)
    assert few.values.tolist() == [found.values[i].tolist() for i in few.stats["n_steps"]]


def test_chains_and_natural_scales_in_the_file(scaled: Posterior) -> None:
    with h5netcdf.File(io.BytesIO(write_posterior(scaled)), "r") as file:
        assert list(file.groups) == ["posterior", "sample_stats"]
        group = file.groups["posterior"]
        by_chain = scaled.values.reshape(25, 2, 4).transpose(1, 0, 2).astype(float)
        np.testing.assert_allclose(group.variables[FITTED[0]][...], np.exp(by_chain[..., 0]), rtol=1e-7)
        np.testing.assert_allclose(group.variables[FITTED[1]][...], 1 / (1 + np.exp(-by_chain[..., 1])), rtol=1e-7)
        np.testing.assert_array_equal(group.variables[FITTED[2]][...], by_chain[..., 2])
        assert group.variables[FITTED[0]].attrs["scale"] == "log"
        assert file.attrs["key"] == scaled.origin.key


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.floats(-80.0, 80.0, width=32), min_size=8, max_size=8), st.sampled_from(["log", "logit", "natural", ""])
)
def test_any_draws_come_back_whole(made: Posterior, draws: list[float], scale: str) -> None:
    values = np.array(draws, dtype=np.float32).reshape(2, 4)
    scales = (scale,) * 4 if scale else ()
    one = replace(made, values=values, scales=scales)
    found = read_posterior(write_posterior(one))
    # Zero has no sign on the natural scale.
    assert (found.values + 0.0).tobytes() == (values + np.float32(0.0)).tobytes()


@pytest.fixture(scope="module")
def made(posterior: Posterior) -> Posterior:
    return posterior


def test_log_odds_that_no_share_tells_apart_stay_as_they_are(posterior: Posterior) -> None:
    one = replace(posterior, values=posterior.values + np.float32(60.0), scales=("logit",) * 4)
    found = read_posterior(write_posterior(one))
    assert found.values.tobytes() == one.values.tobytes()
    assert found.scales == (ENGINE,) * 4


def test_chains_of_different_lengths_are_refused(posterior: Posterior) -> None:
    with pytest.raises(ValueError, match="found 49 draws, expected as many of each of 2 chains"):
        write_posterior(replace(posterior, values=posterior.values[:49]))


def test_the_format_before_is_read(posterior: Posterior, tmp_path: Path) -> None:
    origin = {f.name: str(getattr(posterior.origin, f.name)) for f in fields(Origin)}
    with h5netcdf.File(tmp_path / "posterior.nc", "w") as file:
        file.dimensions = {"draw": len(posterior.values), "parameter": len(posterior.names)}
        file.create_variable("parameter", ("parameter",), h5py.string_dtype())[...] = np.array(posterior.names, object)
        file.create_variable("draws", ("draw", "parameter"), "<f4")[...] = posterior.values
        for name in ("rhat", "ess", "learned"):
            file.create_variable(name, ("parameter",), "<f4")[...] = getattr(posterior, name)
        file.attrs.update({"format": "1", **origin})
    found = read_posterior(tmp_path)
    assert found.origin == posterior.origin
    assert found.hash == posterior.hash
    assert found.values.tobytes() == posterior.values.tobytes()
    assert read_posterior(write_posterior(found)).hash == posterior.hash
