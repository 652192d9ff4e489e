"""What the user gets wrong: exit code 2, nothing on stdout, one message with the nearest valid name."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.cli.conftest import Shell

from afterfall.cli.days import nearest_day

WRONG = {
    "an unknown command": (["chek", "tiny"], "Did you mean 'check'?"),
    "no case": (["forecast"], "name a case, such as isis-2017, or give a run to be made again as --from"),
    "an unknown case": (["forecast", "tinny"], "did you mean 'tiny'?"),
    "an unknown option": (["forecast", "tiny", "--sed", "1"], "--seed"),
    "an unknown country": (["forecast", "tiny", "--country", "Ardda"], "did you mean Arda (arda)?"),
    "a country without figures": (
        ["forecast", "tiny", "--country", "Zzz"],
        "figures of its own: Arda (arda), Brom (brom), Cern (cern)",
    ),
    "a brief of another kind": (["brief", "tiny", "--country", "arda", "--out", "b.odt"], ".html, .md, .pdf, .docx"),
    "unknown words": (["brief", "tiny", "--country", "arda", "--words", "ich203"], "did you mean 'icd203'?"),
    "settings beside a run": (["why", "RUN", "--case", "tiny"], "--case goes with a RUN"),
    "no day of the calendar": (["check", "tiny", "--as-of", "2015-02-30"], "the nearest day is 2015-02-28"),
    "no date": (["model", "tiny", "--as-of", "soon"], "expected a date"),
    "a date after all its figures": (["forecast", "tiny", "--as-of", "2030"], "Take a day up to 2016-06-30"),
    "a date before the case": (["check", "tiny", "--as-of", "1990"], "expected a later day"),
    "a month beyond the horizon": (["forecast", "tiny", "--horizon", "6", "--at", "7"], "expected 0 to 6"),
    "a date before the as-of date": (["forecast", "tiny", "--at", "2014-01"], "expected 0 to 60, or 2015-06-30"),
    "no such month to show": (["forecast", "tiny", "--at", "2016-13"], "the nearest month is 2016-12"),
    "no such day to show": (["forecast", "tiny", "--at", "2016-02-31"], "the nearest day is 2016-02-29"),
    "no horizon": (["forecast", "tiny", "--horizon", "0"], "expected whole months from 1 to 600"),
    "no trajectories": (["forecast", "tiny", "--trajectories", "0"], "from 1 to 1,000,000"),
    "a seed out of range": (["forecast", "tiny", "--seed", "-1"], "a whole number from 0 to 9,223,372,036,854,775,807"),
    "a horizon without end": (["forecast", "tiny", "--horizon", "99999"], "expected whole months from 1 to 600"),
    "the memory of a horizon": (["forecast", "tiny", "--horizon", "99999"], "would take about 1,201 GiB"),
    "the memory of a billion simulations": (["attacks", "tiny", "--trajectories", "1000000000"], "GiB in a case like"),
    "a horizon as a power": (["compare", "tiny", "--horizon", "1e20"], "expected whole months from 1 to 600"),
    "a billion simulations": (["attacks", "tiny", "--trajectories", "1000000000"], "from 1 to 1,000,000"),
    "a seed of 70 bits for a fit": (["fit", "tiny", "--seed", str(2**70)], "expected a whole number from 0 to"),
    "an empty case": (["check", ""], "argument 2 is empty"),
    "an empty path": (["brief", "tiny", "--country", "arda", "--out", ""], "the value of --out is empty"),
    "an empty path after a sign": (["forecast", "tiny", "--run-dir="], "the value of --run-dir is empty"),
    "a word for a number": (["forecast", "tiny", "--seed", "lucky"], "'--seed'"),
    "no run to replay": (["forecast", "--from", "nowhere"], "nowhere is not a run folder"),
    "settings beside a replay": (["forecast", "--from", "nowhere", "--seed", "3"], "leave out --seed"),
    "a picture of another kind": (["model", "tiny", "--diagram", "states.gif"], ".svg or .png"),
}


@pytest.mark.parametrize("case", WRONG)
def test_bad_input_is_told_with_the_nearest_name(case: str, shell: Shell) -> None:
    arguments, expected = WRONG[case]
    outcome = shell(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert expected in outcome.err
    assert "Traceback" not in outcome.err


def test_check_reports_every_problem_of_a_case_at_once(shell: Shell, tmp_path: Path) -> None:
    import shutil
    from importlib import resources

    with resources.as_file(resources.files("afterfall.case") / "data" / "tiny") as bundled:
        shutil.copytree(bundled, tmp_path / "broken")
    for name, old, new in (
        ("holdings.csv", ",town,", ",tow,"),
        ("figures.csv", ",travelled,", ",traveled,"),
        ("priors.csv", "killing.fighter", "killing.figher"),
    ):
        path = tmp_path / "broken" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    outcome = shell("check", "./broken")
    assert outcome.code == 2
    for part in (
        "holdings.csv row",
        "did you mean 'town'",
        "figures.csv row",
        "did you mean 'travelled'",
        "did you mean 'killing.fighter'",
    ):
        assert part in outcome.err


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("2017-02-30", "2017-02-28"),
        ("2016-02-30", "2016-02-29"),
        ("2017-13-01", "2017-12-01"),
        ("2017-1-0", "2017-01-01"),
        ("2019-13", "2019-12"),
    ],
)
def test_nearest_day(text: str, nearest: str) -> None:
    assert nearest_day(text) == nearest


@pytest.mark.parametrize("text", ["soon", "2017", "0000-01-01", "2017-02-30T00:00"])
def test_what_is_not_written_as_a_day_has_no_nearest(text: str) -> None:
    assert nearest_day(text) is None
