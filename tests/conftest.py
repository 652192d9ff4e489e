"""Every test carries the mark of its kind, which its folder says; fixtures that several folders share."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from afterfall.case import Case, open_case
from afterfall.model import Model, build

if TYPE_CHECKING:
    from afterfall.infer.log_posterior import LogPosterior

TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the name of its top folder: ``tests/parity/test_bands.py`` is marked `parity`."""
    for item in items:
        item.add_marker(item.path.relative_to(TESTS).parts[0])


def pytest_collection_finish() -> None:
    """Search what has been imported and collected for garbage once: each further search would cost seconds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


@pytest.fixture(scope="session")
def case() -> Case:
    """The bundled case `tiny` as of its own date."""
    return open_case("tiny")


@pytest.fixture(scope="session")
def tiny(case: Case) -> Model:
    """The model of the bundled case `tiny`, two years ahead."""
    return build(case, horizon=24)


@pytest.fixture(scope="session")
def density(tiny: Model) -> LogPosterior:
    """The log posterior of `tiny`; its tests are skipped where the extra `fit` is not installed."""
    pytest.importorskip("jax")
    pytest.importorskip("numpyro")
    from afterfall.infer.log_posterior import LogPosterior

    return LogPosterior.of(tiny)
