"""The lines that open a forecast repeat its tables; events from 5 % on are listed, and the rest counted."""

from __future__ import annotations

import re

import pytest

from afterfall.model import Model
from afterfall.report.forecast.in_short import in_short
from afterfall.report.forecast.organisation_tables import KINDS, LEAST, LIKELIEST, event_grids
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.forecast.outlook_of_run import outlook_of, priors_of
from afterfall.report.forecast.outlook_tables import outlook_grids
from afterfall.report.kit.number_formats import median_range
from afterfall.run import Run


@pytest.fixture
def outlook(prior_run: Run, tiny_model: Model) -> Outlook:
    return outlook_of(prior_run, priors=priors_of(tiny_model), command="afterfall forecast tiny")


def test_a_forecast_opens_with_at_most_five_lines_that_its_tables_have_too(outlook: Outlook) -> None:
    head, *lines = in_short(outlook)
    assert head.startswith("In short, for ")
    assert 3 <= len(lines) <= 5
    assert median_range(outlook.total.median, outlook.total.low90, outlook.total.high90) in lines[0]
    cells = {cell for grid in outlook_grids(outlook) for section in grid.sections for row in section for cell in row}
    chances = re.findall(r"(?:\d+ in 100|all of \d+|none of \d+)", next(x for x in lines if x.startswith("- At least")))
    assert chances
    assert all(any(one in cell for cell in cells) for one in chances)


def test_every_event_from_five_percent_on_is_listed(outlook: Outlook) -> None:
    assert outlook.organisations is not None
    abroad = {f"new-{p.code}" for p in outlook.organisations.places}
    likely = {
        h.label for h in outlook.organisations.happenings if h.by >= LEAST and h.kind in KINDS and h.code not in abroad
    }
    assert len(likely) > LIKELIEST
    listed = [row[0] for grid in event_grids(outlook) for section in grid.sections for row in section]
    assert likely <= set(listed)
    kinds = {h.kind for h in outlook.organisations.happenings if h.by >= LEAST}
    assert kinds <= {*KINDS, "merger_without_collapse"}


def test_a_branch_that_is_there_has_the_chance_that_it_still_exists(outlook: Outlook) -> None:
    assert outlook.organisations is not None
    for place in outlook.organisations.places:
        if not place.new:
            assert place.there_by_month[0] == 1.0
            assert list(place.there_by_month) == sorted(place.there_by_month, reverse=True)
            assert place.there == place.there_by_month[outlook.at]
        assert place.there <= place.reached


def test_people_have_a_column_without_the_condition(outlook: Outlook) -> None:
    plain, conditional = outlook_grids(outlook)[0], outlook_grids(outlook, outlook)[0]
    assert len(conditional.columns) == len(plain.columns) + 1
    for before, after in zip(plain.sections[0], conditional.sections[0], strict=True):
        assert after[:-1] == before
        assert after[-1].startswith(before[-2])
