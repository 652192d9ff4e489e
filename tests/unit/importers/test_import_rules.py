"""The as-of rule, files of the wrong form, and adding rows to a case: all problems at once, nothing half-written."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from tests.made_up import public_files as made
from tests.made_up.public_files import put

import afterfall
from afterfall import import_data
from afterfall.case import open_whole_case, read_case
from afterfall.importers.imported import ImportProblems
from afterfall.importers.public_sources import SOURCES


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of one's own with Yemen and AQAP in it."""
    folder = tmp_path / "my-case"
    shutil.copytree(str(resources.files("afterfall.case").joinpath("data", "tiny")), folder)
    header = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    source = (folder / "sources.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    columns = header[0].split(",")
    row = dict.fromkeys(columns, "") | {"place": "YEM", "name": "Yemen", "kind": "host", "published": "2013-01"}
    row["source"] = source
    with (folder / "places.csv").open("a", encoding="utf-8") as handle:
        handle.write(",".join(row[column] for column in columns) + "\n")
    read_case(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(source: str, path: Path, **options: object) -> str:
    with pytest.raises(ImportProblems) as caught:
        import_data(path, source=source, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_without_a_day_nothing_is_imported(tmp_path: Path) -> None:
    found = refused("ucdp-ged", put(tmp_path, "GEDEvent_v24_1.csv", made.ged()))
    assert "published: found no date" in found


def test_a_day_before_what_the_file_describes_is_refused(tmp_path: Path) -> None:
    found = refused("ucdp-ged", put(tmp_path, "ged.csv", made.ged()), published="2014-12-31")
    assert "rows about 2015-04" in found


def test_a_day_before_the_one_that_the_file_states_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "acled.csv", made.ACLED)
    assert "a day from 2021-04-15" in refused("acled", path, published="2021-04-14")
    assert str(import_data(path, source="acled", published="2021-05").published) == "2021-05"


def test_a_month_that_was_not_over_is_left_out(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", made.ged(made.EVENTS[:1]))
    found = import_data(path, source="ucdp-ged", published="2015-04-29")
    assert not found.tables
    assert found.reasons() == (("2015-04 was not over on 2015-04-29", 1),)
    assert import_data(path, source="ucdp-ged", published="2015-04-30").n_read == 1


def test_an_unknown_source_names_the_nearest(tmp_path: Path) -> None:
    assert "did you mean 'ucdp-ged'" in refused("ucdp-gde", tmp_path / "x.csv")


def test_all_faults_of_a_request_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    found = refused(
        "views-actuals", path, published="May", grade="Z9", countries=["Atlantis"], by="week", actor="x", since="2020",
        until="2019",
    )  # fmt: skip
    for part in ("no such file", "'May'", "'Z9'", "'Atlantis'", "'week'", "has no events", "not after until"):
        assert part in found


FILES: dict[str, Callable[[], str]] = {
    "ucdp-ged": made.ged,
    "acled": lambda: made.ACLED,
    "unhcr-population": lambda: made.POPULATION,
    "unhcr-solutions": lambda: made.SOLUTIONS,
    "eurostat-asylum": lambda: made.EUROSTAT,
    "frontex-crossings": lambda: made.FRONTEX,
    "views-actuals": lambda: made.VIEWS,
    "hxl": lambda: made.HXL,
}


@pytest.mark.parametrize("source", [one.name for one in SOURCES])
def test_a_file_of_another_data_set_says_whose_it_is(tmp_path: Path, source: str) -> None:
    for other, text in FILES.items():
        if other.split("-")[0] == source.split("-")[0]:
            continue
        path = put(tmp_path, f"{other}.csv", text())
        assert f"the columns are those of {other}" in refused(source, path, published="2025"), other


def test_a_misspelt_column_has_its_nearest(tmp_path: Path) -> None:
    path = put(tmp_path, "ged.csv", made.ged().replace("side_b,", "sideb,", 1))
    assert "did you mean 'sideb'" in refused("ucdp-ged", path, published="2016")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"PK\x03\x04\x00", "workbook"),
        (b"", "no rows"),
        (b"\n\n", "no rows"),
        (b"id,country\n1,\xe9\n", "not UTF-8"),
        (b"{broken", "JSON that cannot be read"),
        (b"[1, 2]", "JSON of another form"),
        (b"{}", "JSON without records"),
        (made.ged_page(pages=3).encode(), "1 of 3 pages"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert expected in refused("ucdp-ged", path, published="2016")


def test_every_damaged_cell_is_reported_with_its_row(tmp_path: Path) -> None:
    broken = [
        made.EVENT | {"best": "five"},
        made.EVENT | {"date_start": "02/04/2015"},
        made.EVENT | {"low": "-1"},
        made.EVENT | {"type_of_violence": "4"},
        made.EVENT | {"date_end": "2015-04-01"},
    ]
    found = refused("ucdp-ged", put(tmp_path, "ged.csv", made.ged(broken)), published="2016")
    assert "5 problems" in found
    for part in ("row 2, best", "row 3, date_start", "row 4, low", "row 5, type_of_violence", "row 6, date_start"):
        assert part in found
    assert "write 2015-04-02 or 2015-02-04" in found


def test_damage_in_rows_that_are_not_asked_for_is_no_matter(tmp_path: Path) -> None:
    broken = [made.EVENT, made.EVENT | {"country": "Somalia", "best": "five"}]
    path = put(tmp_path, "ged.csv", made.ged(broken))
    assert import_data(path, source="ucdp-ged", published="2016", countries=["YEM"]).n_read == 1


def test_an_actor_of_no_event_is_refused_with_the_nearest(tmp_path: Path) -> None:
    found = refused("ucdp-ged", put(tmp_path, "ged.csv", made.ged()), published="2016", actor="AQPA")
    assert "did you mean 'AQAP'" in found


def test_rows_are_added_to_a_case_once(tmp_path: Path, case: Path) -> None:
    path = put(tmp_path, "ged.csv", made.ged())
    before = contents(case)
    found = import_data(path, source="ucdp-ged", published="2016-07", case=case)
    assert "SOM: not in places.csv of the case" in dict(found.reasons())
    assert [(one.file, one.added) for one in found.add_to(case)] == [("sources.csv", 1), ("figures.csv", 4)]
    after = contents(case)
    for name, content in after.items():
        assert content.startswith(before[name]), name
    whole = open_whole_case(case)
    assert len(whole.figures_of("conflict_deaths", place="YEM")) == 2
    assert not afterfall.open_case(case).figures_of("conflict_deaths")  # published after its as-of date
    again = import_data(path, source="ucdp-ged", published="2016-07", case=case).add_to(case)
    assert [(one.added, one.already) for one in again] == [(0, 1), (0, 4)]
    assert contents(case) == after


def test_a_second_vintage_stands_next_to_the_first(tmp_path: Path, case: Path) -> None:
    first = put(tmp_path, "a.csv", made.ged())
    second = put(tmp_path, "b.csv", made.ged([made.EVENT | {"best": "6"}]))
    import_data(first, source="ucdp-ged", published="2016-07", case=case).add_to(case)
    import_data(second, source="ucdp-ged", published="2017-07", case=case).add_to(case)
    values = {
        str(f.published): f.value for f in open_whole_case(case).figures_of("conflict_deaths") if f.note[0] != "0"
    }
    assert set(values) == {"2016-07", "2017-07"}


def test_other_numbers_of_one_vintage_are_refused_and_nothing_is_written(tmp_path: Path, case: Path) -> None:
    import_data(put(tmp_path, "a.csv", made.ged()), source="ucdp-ged", published="2016-07", case=case).add_to(case)
    before = contents(case)
    changed = put(tmp_path, "b.csv", made.ged([made.EVENT | {"best": "6"}]))
    found = import_data(changed, source="ucdp-ged", published="2016-07", case=case)
    with pytest.raises(ImportProblems, match="another vintage"):
        found.add_to(case)
    assert contents(case) == before


def test_a_case_that_would_be_wrong_is_not_written(tmp_path: Path, case: Path) -> None:
    before = contents(case)
    path = put(tmp_path, "ged.csv", made.ged([made.EVENT | {"date_start": "1950-04-02", "date_end": "1950-04-03"}]))
    found = import_data(path, source="ucdp-ged", published="2016-07", case=case)
    with pytest.raises(ImportProblems, match=r"figures\.csv row"):
        found.add_to(case)
    assert contents(case) == before


def test_an_organisation_is_one_of_the_case(tmp_path: Path, case: Path) -> None:
    core = open_whole_case(case).core
    path = put(tmp_path, "ged.csv", made.ged())
    found = import_data(path, source="ucdp-ged", published="2016-07", case=case, actor="AQAP", organisation=core)
    assert {row["organisation"] for row in found.tables["figures"]} == {core}
    assert "an organisation of the case" in refused("ucdp-ged", path, published="2016", case=case, organisation="none")


def test_rows_can_be_written_into_a_new_folder_only(tmp_path: Path) -> None:
    found = import_data(put(tmp_path, "ged.csv", made.ged()), source="ucdp-ged", published="2016-07")
    assert [path.name for path in found.write(tmp_path / "new")] == ["sources.csv", "figures.csv"]
    with pytest.raises(ImportProblems, match="new or empty folder"):
        found.write(tmp_path / "new")
    assert found.to_pandas()["value"].tolist() == [row["value"] for row in found.tables["figures"]]


SPOILERS = ('"', ",", "\n", "", "0", "-1", "9" * 400, "nan", "1e400", "é", "\x00", "\t", ";", "2016-13-45", "#", "[")


@pytest.mark.parametrize("source", FILES)
def test_whatever_is_in_a_file_it_is_read_or_refused(tmp_path: Path, source: str) -> None:
    """Files with some characters changed, dropped or doubled end in rows or in a report, never in another error."""
    dice = random.Random(20170213)
    ends = set()
    for _ in range(40):
        text = list(FILES[source]())
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(text))
            match dice.randrange(3):
                case 0:
                    text[at] = dice.choice(SPOILERS)
                case 1:
                    del text[at : at + dice.randint(1, 40)]
                case _:
                    text[at:at] = text[max(0, at - 30) : at]
        try:
            found = afterfall.import_data(put(tmp_path, "file.csv", "".join(text)), source=source, published="2025-12")
            ends.add("read" if found.tables else "skipped")
        except ImportProblems as refusal:
            ends.add("refused" if refusal.problems else "refused without a reason")
    assert {"refused"} < ends <= {"refused", "read", "skipped"}
