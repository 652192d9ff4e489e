"""The small case and a record of violence, which tests of several rooms read."""

import pytest
from tests.made_up.conflict_records import made_record

from afterfall.case import Case, open_case
from afterfall.conflict import ConflictRecord


@pytest.fixture(scope="session")
def case() -> Case:
    """The bundled case `tiny` as of its own date."""
    return open_case("tiny")


@pytest.fixture(scope="session")
def record() -> ConflictRecord:
    """A made-up record of violence whose countries include those of `tiny`."""
    return made_record()
