"""Views of a case: the same tables under another name, with a title, an as-of date and settings of their own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from afterfall.case import Case, CaseError, case_hash, open_case

#: Policies, and their sources, that the case has gained since.
ADDED = {"can-revocation", "can-revocation-repealed", "canada-citizenship-act-2014", "canada-citizenship-act-2017"}
#: Hashes of `isis-2017` without them as of the dates of its record, from before it was a view of `isis`.
HASHES = {
    "2014-06-30": "cc1fc05b795b3a00",
    "2015-01-31": "864590ae025f5c06",
    "2015-12-31": "873652497e8267ef",
    "2016-08-01": "c1686b13b275d04d",
    "2017-02-13": "59e220b405beb27d",
    "2017-10-31": "b1d2f876f83237e9",
    "2018-07-31": "ffb76ad8f3c0250d",
}
VIEW = '[[view]]\nid = "early"\ntitle = "Seen early"\nas_of = "2014-10"\n'


def with_view(folder: Path, text: str = VIEW) -> Path:
    """The folder with a view in its case.toml."""
    head = folder / "case.toml"
    head.write_text(head.read_text() + "\n" + text)
    return folder


@pytest.mark.parametrize(("day", "before"), HASHES.items())
def test_a_view_has_the_hash_that_its_case_had(day: str, before: str) -> None:
    assert case_hash(without(open_case("isis-2017", as_of=day))) == before


def without(case: Case) -> Case:
    """A case without the policies that it has gained."""
    policies = tuple(one for one in case.policies if one.policy not in ADDED)
    return replace(case, policies=policies, sources=tuple(one for one in case.sources if one.source not in ADDED))


def test_its_rows_are_those_of_the_case_at_the_same_day() -> None:
    view = open_case("isis-2017")
    case = open_case("isis", as_of=view.as_of)
    assert view.as_of == dt.date(2017, 2, 13)
    assert case.figures == view.figures
    assert case.names == ("isis", "isis-2017")
    assert view.names == ("isis-2017", "isis")
    assert replace(case, id=view.id, title=view.title, description=view.description, evaluation=view.evaluation) == view


def test_a_view_of_a_folder_opens_by_the_folder_and_its_name(folder: Path) -> None:
    opened = open_case(with_view(folder) / "early")
    assert (opened.id, opened.title, opened.as_of) == ("early", "Seen early", dt.date(2014, 10, 31))
    assert opened.reference == str(folder / "early")
    assert opened.evaluation == open_case(folder).evaluation
    assert opened.figures == open_case(folder, as_of="2014-10").figures


def test_a_view_may_have_settings_of_its_own(folder: Path) -> None:
    opened = open_case(with_view(folder, VIEW + '[view.evaluation]\nrecord = ["2014-12"]\n') / "early")
    assert opened.evaluation.record == (dt.date(2014, 12, 31),)
    assert open_case(folder).evaluation.record == open_case("tiny").evaluation.record


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (VIEW + VIEW, r"view\[2\].id: found 'early'; expected a name that no other view or case has"),
        (VIEW.replace("early", "tiny"), r"view\[1\].id: found 'tiny'; expected a name that no other"),
        (VIEW.replace("as_of", "as_off"), r"view\[1\]: found 'as_off'.*did you mean 'as_of'"),
        (VIEW.replace("2014-10", "1914-10"), r"view\[1\].as_of: found 1914-10-31; expected a day after the start"),
        (VIEW + "[view.evaluation]\nrecrod = []\n", r"evaluation of view\[1\]: found 'recrod'.*did you mean 'record'"),
        (VIEW + '[view.evaluation]\nrecord = ["1900"]\n', r"view\[1\].evaluation.record: found 1900-12-31"),
        ("view = 3\n", r"view: found 3; expected sections \[\[view\]\]"),
    ],
)
def test_what_is_wrong_with_a_view_is_reported(folder: Path, text: str, told: str) -> None:
    head = folder / "case.toml"
    before = head.read_text()
    head.write_text(text + before if text.startswith("view") else before + "\n" + text)
    with pytest.raises(CaseError, match=told):
        open_case(folder)
