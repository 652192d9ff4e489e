"""Opening a case by name or path, and what a stranger sees who gets the name wrong."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from afterfall.case import Case, CaseWarning, UnknownCaseError, bundled_cases, case_hash, cut, open_case


def test_the_small_case_is_bundled() -> None:
    assert "tiny" in bundled_cases()


def test_a_case_opens_cut_at_the_date_it_names(whole: Case) -> None:
    assert open_case("tiny") == cut(whole, dt.date(2015, 6, 30))


@pytest.mark.parametrize("as_of", ["2014-10", "2014-10-31", dt.date(2014, 10, 31)])
def test_or_at_the_date_asked_for(whole: Case, as_of: str | dt.date) -> None:
    case = open_case("tiny", as_of=as_of)
    assert case == cut(whole, dt.date(2014, 10, 31))
    assert case.as_of == case.cut_at == dt.date(2014, 10, 31)


def test_a_later_as_of_date_sees_what_the_default_does_not() -> None:
    known = {f.figure for f in open_case("tiny").figures}
    later = {f.figure for f in open_case("tiny", as_of="2016").figures}
    assert later - known == {"world-2015-12", "brom-killed-2016"}


def test_a_folder_opens_like_the_bundled_case(folder: Path) -> None:
    assert open_case(folder) == open_case(str(folder)) == open_case("tiny")
    assert case_hash(open_case(folder)) == case_hash(open_case("tiny"))


def test_a_case_written_before_a_column_opens_without_it(folder: Path) -> None:
    file = folder / "organisations.csv"
    rows = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    ally = rows[0].index("ally")
    assert not any(row[ally] for row in rows[1:])
    file.write_text("".join(",".join(row[:ally] + row[ally + 1 :]) + "\n" for row in rows), encoding="utf-8")
    assert open_case(folder) == open_case("tiny")
    assert case_hash(open_case(folder)) == case_hash(open_case("tiny"))


def test_a_bundled_name_wins_over_a_folder_of_the_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    (folder / "case.toml").write_text((folder / "case.toml").read_text().replace("The Dusk League", "Mine"))
    with pytest.warns(CaseWarning, match=r"for the folder write \./tiny"):
        assert open_case("tiny").title.startswith("The Dusk League")
    assert open_case("./tiny").title.startswith("Mine")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        UnknownCaseError, match=r"no bundled case 'tinny'; bundled are .*tiny \(did you mean 'tiny'\?\)"
    ):
        open_case("tinny")


def test_an_empty_name_is_not_the_current_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(UnknownCaseError, match="is empty"):
        open_case("")


def test_an_as_of_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a date as YYYY, YYYY-MM or YYYY-MM-DD, found 'soon'"):
        open_case("tiny", as_of="soon")


def test_the_room_loads_no_heavy_library() -> None:
    heavy = "{'numpy', 'pandas', 'pydantic', 'numba', 'xarray', 'scipy'}"
    code = f"import sys, afterfall.case; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_day_long_after_everything_that_a_case_holds_is_refused() -> None:
    assert open_case("tiny", as_of="2017-06-30").as_of == dt.date(2017, 6, 30)
    with pytest.raises(ValueError, match=r"case tiny is kept up to 2016-06-30, and 2018-01-01 was asked for"):
        open_case("tiny", as_of="2018-01-01")
