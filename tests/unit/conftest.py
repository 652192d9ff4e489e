"""A record of violence that tests of several rooms read."""

import pytest
from tests.made_up.conflict_records import made_record

from afterfall.conflict import ConflictRecord


@pytest.fixture(scope="session")
def record() -> ConflictRecord:
    """A made-up record of violence whose countries include those of `tiny`."""
    return made_record()
