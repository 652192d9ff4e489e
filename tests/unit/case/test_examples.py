"""The example cases of the source open, and keep the as-of rule: imported rows of a late release stay out."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterfall.case import open_case, open_whole_case

EXAMPLES = sorted(path.parent for path in (Path(__file__).parents[3] / "examples").glob("*/case.toml"))


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_an_example_opens_without_a_warning(folder: Path) -> None:
    assert open_case(folder).warnings == ()


def test_marawi_sees_statements_of_the_time_and_no_later_release() -> None:
    folder = next(path for path in EXAMPLES if path.name == "marawi-2017")
    seen, whole = open_case(folder), open_whole_case(folder)
    assert len(whole.figures_of("conflict_deaths")) + len(whole.figures_of("conflict_events")) == 78
    assert not seen.figures_of("conflict_deaths")
    assert {figure.place for figure in seen.figures_of("killed")} == {"WLD", "MYS", "IDN", "SAU", "YEM", "RUS"}
    assert seen.holdings_at("2017-07-31")["marawi"] == "held"
    assert whole.holdings_at("2017-10-31")["marawi"] == "lost"
