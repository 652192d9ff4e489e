"""The small case, forecast and scored once."""

from __future__ import annotations

import pytest
from tests.made_up.figures import figure, known_later

from afterfall.case import Case, cut
from afterfall.evaluate import Outcome, Scores, score, select
from afterfall.model import build
from afterfall.run import Run, forecast

AS_OF, HORIZON = "2015-06-30", 12


@pytest.fixture(scope="session")
def later() -> Case:
    """`tiny` with six figures of our own making: a small count, a miss, a stock, and a complete split."""
    return known_later(
        "tiny",
        [
            figure("few", quantity="killed", place="cern", value=3),
            figure("miss", value=5000, family="other"),
            figure("held", quantity="detained", basis="stock", value=20),
            figure("split-returned", place="brom", value=30),
            figure("split-killed", quantity="killed", place="brom", value=25),
            figure("split-there", quantity="in_theatre", basis="stock", place="brom", value=60),
        ],
    )


@pytest.fixture(scope="session")
def run(later: Case) -> Run:
    months = select(later, AS_OF, HORIZON).months
    return forecast(build(cut(later, AS_OF), horizon=HORIZON, record_months=months), trajectories=40, seed=7)


@pytest.fixture(scope="session")
def scores(run: Run, later: Case) -> Scores:
    return score(run, later)


@pytest.fixture
def outcome(scores: Scores) -> Outcome:
    return next(o for o in scores.scored.outcomes if o.figure == "split-returned")
