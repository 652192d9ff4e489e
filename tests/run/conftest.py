"""The small case as it stands, built once."""

from __future__ import annotations

import pytest

from afterfall.case import open_case
from afterfall.model import Model, build


@pytest.fixture(scope="session")
def tiny() -> Model:
    """The bundled case `tiny`, a year ahead."""
    return build(open_case("tiny"), horizon=12)
