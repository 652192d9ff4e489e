"""All tests of this folder are skipped where the extra `fit` is not installed."""

import pytest

pytest.importorskip("jax")
pytest.importorskip("numpyro")
