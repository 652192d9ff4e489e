"""Models that several tests share: the small case as it stands, built once."""

import pytest

from afterfall.case import open_case
from afterfall.model import Model, build


@pytest.fixture(scope="session")
def tiny() -> Model:
    return build(open_case("tiny"), horizon=24)
