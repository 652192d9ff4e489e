"""A fit of the user's own: some draws of the posterior that comes with `tiny`, in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterfall.case import open_case
from afterfall.model import build
from afterfall.posterior import Posterior, bundled_posterior, thinned, write_posterior


@pytest.fixture(scope="session")
def own_fit() -> Posterior:
    """Forty of the draws: another hash than that of the bundled posterior, the same model."""
    bundled = bundled_posterior(build(open_case("tiny")))
    assert bundled is not None
    return thinned(bundled, 40)


@pytest.fixture(scope="session")
def fit_file(own_fit: Posterior, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a fit leaves."""
    folder = tmp_path_factory.mktemp("fits") / "tiny-2015-06-30-mine"
    folder.mkdir()
    (folder / "posterior.nc").write_bytes(write_posterior(own_fit))
    return folder
