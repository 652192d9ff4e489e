"""How a case says it is scored: read with checks, part of no hash, and not needed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from afterfall.case import CaseError, Evaluation, bundled_cases, case_hash, open_case
from afterfall.evaluate.baselines.baseline_calibration import UNCALIBRATED, calibrate

#: Hashes of the bundled cases without what they say of scoring. That of `tiny` is from before cases could say it.
HASHES = {"isis-2017": "6b36390df8180442", "mali-2013": "4a8b633fe736c1f5", "tiny": "3a974596ad20ec7a"}


@pytest.mark.parametrize("case", bundled_cases())
def test_it_is_no_part_of_the_hash(case: str) -> None:
    opened = open_case(case)
    found = case_hash(opened)
    assert found == HASHES.get(case, found)
    assert case_hash(replace(opened, evaluation=Evaluation())) == found


@pytest.mark.parametrize(("case", "scripts"), [("isis", "isis_2017"), ("mali-2013", "mali_2013")])
def test_the_sources_of_a_bundled_case_say_the_same(case: str, scripts: str) -> None:
    root = Path(__file__).parents[3]
    source = root / "scripts" / scripts / "case.toml"
    assert source.read_bytes() == (root / "src/afterfall/case/data" / case / "case.toml").read_bytes()


def test_dates_are_read() -> None:
    settings = open_case("isis-2017").evaluation
    assert settings.record[0] == dt.date(2014, 6, 30)
    assert settings.calibrated_by == dt.date(2016, 8, 1)
    assert settings.learned_by(dt.date(2015, 1, 1)) == dt.date(2015, 1, 1)
    assert settings.learned_by(dt.date(2017, 1, 1)) == dt.date(2016, 8, 1)


def settings_of(folder: Path, text: str) -> Path:
    """The folder with other settings of the evaluation."""
    head = folder / "case.toml"
    before, _, after = head.read_text().partition("[evaluation]")
    head.write_text(before + text + "\n" + after[after.index("[[hindsight]]") :])
    return folder


def test_a_case_without_settings_has_baselines_with_a_conventional_error(folder: Path) -> None:
    whole = open_case(settings_of(folder, ""), as_of="9999")
    assert whole.evaluation == Evaluation()
    found = calibrate(whole, ("returned",), as_of=dt.date(2015, 6, 30), horizon=12)
    assert found.dates == ()
    assert found.published_by == dt.date(2015, 6, 30)
    assert {one.error for one in found.errors["returned"].values()} == {UNCALIBRATED}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('recrod = ["2015"]', r"evaluation: found 'recrod'.*did you mean 'record'"),
        ('record = "2015"', r"evaluation.record: found '2015'; expected a list of dates"),
        ('record = ["2015-02-30"]', r"evaluation.record: found \['2015-02-30'\]; expected a list of dates"),
        (
            'record = ["2012", "2015"]',
            r"evaluation.record: found 2012-12-31; expected days after the start",
        ),
        ('chosen_by = "soon"', r"evaluation.chosen_by: found 'soon'; expected a date"),
        ('calibration = ["2015"]\ncalibrated_by = "2015"', r"expected days before calibrated_by, 2015-12-31"),
        ('spread_beside = "mali-2013"', r"expected spread_beside and spread_months, or neither"),
        ("spread_months = 0", r"evaluation.spread_months: found 0; expected a number of at least 1"),
        ('pictured = ["bromm"]', r"evaluation.pictured: found 'bromm'; expected a place.*did you mean 'brom'"),
    ],
)
def test_wrong_settings_are_told(folder: Path, text: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        open_case(settings_of(folder, f"[evaluation]\n{text}"))


def test_a_group_covers_its_members() -> None:
    case = open_case("isis-2017")
    group = case.group("XEU")
    assert group is not None
    assert len(group.members) == 28
    assert case.covered("XEU") == {*group.members, "rest-western-europe"}
    assert case.covered("FRA") == {"FRA"}
    assert case.group("FRA") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('place = "nowhere"\nname = "N"\nmembers = ["arda"]', r"group\[1\].place: found 'nowhere'; expected a place"),
        ('place = "WLD"\nname = "N"\nmembers = []', r"group\[1\].members: found \[\]; expected a list of names"),
        ('place = "WLD"\nname = "N"\nmember = ["arda"]', r"group\[1\]: found 'member'.*did you mean 'members'"),
        (
            'place = "WLD"\nname = "N"\nmembers = ["arda"]\nremainders = ["rest"]',
            r"group\[1\].remainders: found 'rest'; expected a place in places.csv",
        ),
    ],
)
def test_wrong_groups_are_told(folder: Path, text: str, told: str) -> None:
    with pytest.raises(CaseError, match=told):
        open_case(settings_of(folder, f"[[group]]\n{text}"))
