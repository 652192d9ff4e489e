"""What is refused at the door, or named there: each kind of fault that used to pass, with its remedy."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from afterfall.case import Case, CaseError, cut, read_case
from afterfall.case.checks.plausible_dates import nearest_year
from afterfall.case.known_values import COVARIATES
from afterfall.case.number_hints import date_hint, number_hint
from afterfall.case.open import open_whole_case
from afterfall.case.plausibility import RULES, warnings_of
from afterfall.case.text_rules import fault_in

FIGURE = "brom-2015-ministry,travelled,brom,,,130,130,130,,2015-05,2015-06,cumulative,affiliates"


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Put `new` for the one place where a file says `old`."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "sign",
    [
        *("\x00", "\x07", "\x0b", "\x1b[31m", "\x7f", "\x9b", "\n"),
        *("\ufffe", "\ufdd0", "\ue000", "\u2028", "\xad", "\u200b", "\ufeff"),
        *("\u202e", "\u2066", "\u200e"),
    ],
)
def test_characters_that_nobody_sees_are_refused_with_their_cell(folder: Path, sign: str) -> None:
    text = (folder / "places.csv").read_text(encoding="utf-8")
    (folder / "places.csv").write_text(text.replace("arda,Arda,origin", f'arda,"Ar{sign}da",origin'), encoding="utf-8")
    found = problems(folder)
    assert len(found) == 1
    assert found[0].startswith("places.csv row 2, name: found ")
    assert f"U+{ord(sign[0]):04X}" in found[0]
    assert found[0].isprintable()


@pytest.mark.parametrize("name", ["Paraguауs", "Αrda", "Arｄa"])
def test_look_alikes_within_a_word_are_refused(folder: Path, name: str) -> None:
    change(folder, "places.csv", "arda,Arda,origin", f"arda,{name},origin")
    assert "mixes Latin letters with" in problems(folder)[0]


@pytest.mark.parametrize(
    "name", ["Россия", "المغرب", "中国", "Türkiye", "Côte d'Ivoire", "Ελλάδα", "می\u200cخواهم", "São Tomé", "O’Neill"]
)
def test_names_of_every_script_pass(folder: Path, name: str) -> None:
    change(folder, "places.csv", "arda,Arda,origin", f"arda,{name},origin")
    assert read_case(folder).id == "tiny"


def test_notes_may_have_lines_but_no_controls() -> None:
    assert fault_in("two\nlines", lines=True) is None
    assert fault_in("two\nlines") is not None
    assert fault_in("bell\x07", lines=True) is not None
    assert fault_in("x" * 5_001) is not None


@pytest.mark.parametrize(
    ("low", "value", "high", "column", "hint"),
    [
        ("1.450", "1.450", "1.450", "low", "1450 if the point separates thousands"),
        ("130.5", "131", "132", "low", "a whole number"),
        ("130", "131.5", "140", "value", "a whole number"),
    ],
)
def test_counts_are_whole_numbers(folder: Path, low: str, value: str, high: str, column: str, hint: str) -> None:
    change(folder, "figures.csv", FIGURE, FIGURE.replace("130,130,130", f"{low},{value},{high}"))
    found = problems(folder)
    assert any(f"row 9, {column}: found" in line and hint in line for line in found)


def test_the_midpoint_of_a_range_is_a_count(folder: Path) -> None:
    change(folder, "figures.csv", FIGURE, FIGURE.replace("130,130,130", "125,132.5,140"))
    assert read_case(folder).id == "tiny"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,500", "write 1500"),
        ("1 500", "write 1500"),
        ("1.234.567", "write 1234567"),
        ("0,3", "write 0.3"),
        ("100-150", "100 in the column low and 150 in the column high"),
        ("100 to 150", "100 in the column low and 150 in the column high"),
        ("30 %", "write 0.3"),
        ("~200", "write 200"),
        ("*", "leave the row out"),
        ("N/A", "leave the row out"),
        ("fifty", ""),
    ],
)
def test_a_number_in_another_form_is_met_with_how_to_write_it(text: str, hint: str) -> None:
    assert hint in number_hint(text)
    assert bool(number_hint(text)) == bool(hint)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("13/02/2015", "write 2015-02-13"),
        ("03/04/2015", "write 2015-04-03 or 2015-03-04, whichever is meant"),
        ("13.2.2015", "write 2015-02-13"),
        ("Feb 2015", "write 2015-02"),
        ("13 February 2015", "write 2015-02-13"),
        ("2015/02/13", "write 2015-02-13"),
        ("yesterday", ""),
    ],
)
def test_a_date_in_another_form_is_met_with_how_to_write_it(text: str, hint: str) -> None:
    assert date_hint(text) == hint


@pytest.mark.parametrize("year", ["2051", "1015", "0015", "2105"])
def test_a_slip_of_the_year_is_refused_with_the_nearest(folder: Path, year: str) -> None:
    change(folder, "figures.csv", FIGURE, FIGURE.replace("2015-06,cumulative", f"{year}-06,cumulative"))
    found = next(line for line in problems(folder) if "published" in line and "a date from" in line)
    assert "did you mean 2015-06?" in found


def test_the_nearest_year_lies_in_the_span() -> None:
    for year in range(0, 10_000, 7):
        near = nearest_year(year, 1963, 2026)
        assert near is None or 1963 <= near <= 2026


def test_nothing_was_published_after_today(folder: Path) -> None:
    ahead = dt.datetime.now(dt.UTC).date().year + 1
    change(folder, "figures.csv", FIGURE, FIGURE.replace("2015-06,cumulative", f"{ahead}-06,cumulative"))
    assert any("published" in line and "a date from" in line for line in problems(folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "hint"),
    [
        ("figures.csv", FIGURE, FIGURE.replace("affiliates", "afiliates"), "did you mean 'affiliates'?"),
        ("covariates.csv", "arda,distance_theatre_km,400", "arda,distance_theater_km,400", "'distance_theatre_km'"),
        ("covariates.csv", "arda,distance_theatre_km,400", "arda,distance_theatre_km,-4", "0 to 20,040 (km)"),
        ("covariates.csv", "arda,distance_theatre_km,400", "arda,distance_theatre_km,1e300", "0 to 20,040 (km)"),
        ("covariates.csv", "arda,borders_theatre,1", "arda,borders_theatre:cern,1", "borders_theatre, without a place"),
        ("holdings.csv", "town,60000,2012", "town,,2012", "the number of people who live there"),
        ("holdings.csv", "remainder,90000,2012", "remainder,1e9,2012", "at most 200 times the largest listed holding"),
        ("holdings.csv", "town,60000,2012", "town,1e11,2012", "a number of at most 2e+09"),
    ],
)
def test_what_would_change_the_forecast_in_silence_is_refused(
    folder: Path, file: str, old: str, new: str, hint: str
) -> None:
    change(folder, file, old, new)
    assert any(hint in line for line in problems(folder))


def _tabs(text: str) -> str:
    return text.replace(",", "\t")


def _title(text: str) -> str:
    return "Places of the case" + "," * text.splitlines()[0].count(",") + "\n" + text


def _tags(text: str) -> str:
    head, rest = text.split("\n", 1)
    return f"{head}\n{','.join('#meta' for _ in head.split(','))}\n{rest}"


def _trailing(text: str) -> str:
    return "".join(f"{line},,\n" for line in text.splitlines())


def _trailing_rows(text: str) -> str:
    head, *rows = text.splitlines()
    return head + "\n" + "".join(f"{row},,\n" for row in rows)


@pytest.mark.parametrize(
    ("shape", "cause"),
    [
        (_tabs, "a header row with tabs between cells"),
        (_title, "the header row in row 2"),
        (_tags, "a row of HXL tags"),
        (_trailing, "2 empty columns after 'source'"),
        (_trailing_rows, "2 empty columns after 'source'"),
        (lambda text: text.replace(",", ";"), "a header row with semicolons between cells"),
    ],
)
def test_the_cause_is_named_once(folder: Path, shape: Callable[[str], str], cause: str) -> None:
    path = folder / "places.csv"
    path.write_text(shape(path.read_text(encoding="utf-8")), encoding="utf-8")
    found = [line for line in problems(folder) if line.startswith("places.csv")]
    assert len(found) == 1
    assert cause in found[0]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"PK\x03\x04rest", "workbook"), (b"\xd0\xcf\x11\xe0rest", "old Excel"), ("a,b".encode("utf-16"), "UTF-16")],
)
def test_a_workbook_named_csv_is_named(folder: Path, content: bytes, kind: str) -> None:
    (folder / "places.csv").write_bytes(content)
    assert any(kind in line for line in problems(folder))


def test_what_is_no_regular_file_joins_the_one_report(folder: Path) -> None:
    for name in ("places.csv", "priors.csv", "regions.csv"):
        (folder / name).unlink()
    (folder / "places.csv").mkdir()
    (folder / "priors.csv").symlink_to(folder / "nowhere.csv")
    os.mkfifo(folder / "regions.csv")
    change(folder, "figures.csv", FIGURE, FIGURE.replace("130,130,130", "130,x,130"))
    found = problems(folder)
    assert "places.csv: found a folder; expected a regular file that can be read" in found
    assert "priors.csv: found a link that leads nowhere; expected a regular file that can be read" in found
    assert "regions.csv: found no regular file; expected a regular file that can be read" in found
    assert any(line.startswith("figures.csv row 9, value") for line in found)


def test_what_other_programs_leave_is_ignored_and_named(folder: Path) -> None:
    for name in ("desktop.ini", "Thumbs.db", "~$figures.xlsx", "figures.csv~", "places.csv.bak", ".DS_Store"):
        (folder / name).write_bytes(b"x")
    case = read_case(folder)
    assert case.strays == ("Thumbs.db", "desktop.ini", "figures.csv~", "places.csv.bak", "~$figures.xlsx")


@pytest.mark.parametrize(
    "content",
    [
        b"a = " + b"[" * 20_000,
        b"[case]\nid = " + b"9" * 5_000,
        b"case = 1\n",
        b"[case]\nas_of = 12:00:00\n",
        b"[[case]]\n",
        b"hindsight = 3\n",
        b"\xff\xfe",
    ],
)
def test_any_header_ends_in_a_report(folder: Path, content: bytes) -> None:
    (folder / "case.toml").write_bytes(content)
    assert any(line.startswith("case.toml") for line in problems(folder))


def test_a_report_is_short_and_quick(folder: Path) -> None:
    head, *rows = (folder / "figures.csv").read_text(encoding="utf-8").splitlines()
    filler = [rows[0].replace("world-2014-01", f"extra-{i}") for i in range(100_000)]
    wrong = [rows[0].replace("world-2014-01", f"wrong-{i}").replace("WLD", f"place{i}") for i in range(2_000)]
    (folder / "figures.csv").write_text("\n".join([head, *rows, *filler, *wrong]) + "\n", encoding="utf-8")
    begin = time.process_time()
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    assert time.process_time() - begin < 20.0
    assert len(caught.value.problems) == 2_000
    lines = str(caught.value).splitlines()
    assert len(lines) == 52
    assert "1,950 more like these" in lines[-1]


# ---------------------------------------------------------------- warnings


def with_figure(case: Case, like: str, **fields: object) -> Case:
    """The case with one more figure, made from another."""
    old = next(f for f in case.figures if f.figure == like)
    assert old.where is not None
    new = replace(old, figure="planted", where=replace(old.where, row=99), **fields)  # type: ignore[arg-type]
    return replace(case, figures=(*case.figures, new))


def count(value: float) -> dict[str, float]:
    return {"low": value, "value": value, "high": value}


def test_the_bundled_teaching_case_has_no_warnings(whole: Case) -> None:
    assert warnings_of(cut(whole, whole.as_of)) == ()


PLANTED: dict[str, Callable[[Case], Case]] = {
    "parts_above_whole": lambda c: with_figure(c, "brom-2015-ministry", **count(9000)),
    "whole_above_parts": lambda c: with_figure(c, "world-2015-05", **count(1000)),
    "odd_ranges": lambda c: with_figure(c, "world-2015-05", high=1000.0),
    "returned_above_travelled": lambda c: with_figure(c, "brom-returned-2015", **count(900)),
    "falling_totals": lambda c: with_figure(
        c, "world-2015-05", **count(200), refers_to=c.figures[0].refers_to.__class__("2015-06")
    ),
    "contradictions": lambda c: with_figure(c, "brom-2015-ministry", **count(5)),
    "far_from_all": lambda c: with_figure(c, "world-2015-05", definition="fighters", **count(9000)),
    "older_than_source": lambda c: replace(
        c, sources=tuple(replace(s, published=s.published.__class__("2016-05")) for s in c.sources)
    ),
    "shared_names": lambda c: replace(
        c, places=tuple(replace(p, name="Arda") if p.place == "brom" else p for p in c.places)
    ),
    "unused_places": lambda c: replace(c, figures=tuple(f for f in c.figures if f.place != "brom")),
    "unknown_countries": lambda c: replace(
        c, places=tuple(replace(p, place="KOS", name="Kosovo") if p.place == "brom" else p for p in c.places)
    ),
}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.__name__ != "swapped_coordinates"])
def test_each_rule_warns_of_what_is_planted_and_of_nothing_else(whole: Case, rule: Callable[[Case], object]) -> None:
    assert list(rule(whole)) == []  # type: ignore[call-overload]
    found = list(rule(PLANTED[rule.__name__](whole)))  # type: ignore[call-overload]
    assert found
    assert all(problem.row is not None for problem in found)


@pytest.mark.parametrize(
    ("low", "value", "high", "column"),
    [
        (400.0, 450.0, 1000.0, "high"),
        (450.0, 450.0, 5000.0, "high"),
        (40.0, 450.0, 480.0, "low"),
        (3.0, 200.0, 400.0, "high"),
        (0.0, 60.0, 101.0, "high"),
        (400.0, 450.0, 900.0, None),
        (450.0, 450.0, 900.0, None),
        (9.0, 54.5, 100.0, None),
        (0.0, 5.0, 20.0, None),
    ],
)
def test_an_end_of_a_range_that_is_far_off_is_warned_of(
    whole: Case, low: float, value: float, high: float, column: str | None
) -> None:
    rule = next(r for r in RULES if r.__name__ == "odd_ranges")
    found = list(rule(with_figure(whole, "world-2015-05", low=low, value=value, high=high)))
    assert [problem.column for problem in found] == ([] if column is None else [column])


def test_a_world_far_above_its_origins_is_plausible_with_a_remainder(whole: Case) -> None:
    rule = next(r for r in RULES if r.__name__ == "whole_above_parts")
    above = with_figure(whole, "world-2015-05", **count(1000))
    assert len(list(rule(above))) == 1
    rest = replace(whole.places[0], place="others", name="All others", kind="remainder")
    assert list(rule(replace(above, places=(*above.places, rest)))) == []
    below = with_figure(whole, "world-2015-05", **count(900))
    assert list(rule(below)) == []


@pytest.mark.parametrize(("returned", "warned"), [(300.0, True), (230.0, False)])
def test_a_count_of_at_least_does_not_hide_a_closed_one(whole: Case, returned: float, warned: bool) -> None:
    """Arda has a range of 200 to 240 travellers and a count of at least 170."""
    rule = next(r for r in RULES if r.__name__ == "returned_above_travelled")
    assert bool(list(rule(with_figure(whole, "arda-returned-2015", **count(returned))))) is warned


@pytest.mark.parametrize(("returned", "warned"), [(1000.0, False), (1701.0, True)])
def test_where_all_is_at_least_a_factor_of_ten_is_implausible(whole: Case, returned: float, warned: bool) -> None:
    rule = next(r for r in RULES if r.__name__ == "returned_above_travelled")
    open_ended = replace(whole, figures=tuple(f for f in whole.figures if f.figure != "arda-2015-survey"))
    assert bool(list(rule(with_figure(open_ended, "arda-returned-2015", **count(returned))))) is warned


def test_the_finding_of_the_fuzzer_is_warned_of(folder: Path) -> None:
    change(
        folder, "figures.csv", "world-2015-05,travelled,WLD,,,400,450,500", "world-2015-05,travelled,WLD,,,400,450,1000"
    )
    assert [str(warning).split(":")[0] for warning in cut(read_case(folder), "2015-06-30").warnings]


@pytest.mark.parametrize(
    ("code", "name", "nearest"),
    [
        ("KOS", "Kosovo", "XKX"),
        ("XKO", "Kosovo", "XKX"),
        ("GER", "Germany", "DEU"),
        ("KSO", "Kosowo", "XKX"),
        ("FRE", "Gaul", "FRA"),
        ("XKX", "Kosovo", None),
        ("PSE", "Palestine", None),
        ("kosovo", "Kosovo", None),
    ],
)
def test_a_code_that_is_no_country_is_named_with_the_nearest(
    whole: Case, code: str, name: str, nearest: str | None
) -> None:
    places = (replace(p, place=code, name=name) if p.place == "cern" else p for p in whole.places)
    found = [problem for problem in warnings_of(replace(whole, places=tuple(places))) if "no country" in problem.found]
    assert [problem.nearest for problem in found] == ([] if nearest is None else [nearest])
    assert all(repr(code) in problem.found for problem in found)


@pytest.fixture(scope="module")
def isis() -> Case:
    return open_whole_case("isis-2017")


@pytest.mark.parametrize(("figure", "slip"), [("779", 13_000.0), ("779", 1_300.0), ("778", 10_000.0)])
def test_a_slip_of_the_digits_is_warned_of_whatever_the_definitions_and_dates(
    isis: Case, figure: str, slip: float
) -> None:
    """Canada has 55, 100 and 130 by three definitions and dates; one of them is given far too many digits."""
    figures = [replace(f, **count(slip)) if f.where and f.where.row == int(figure) else f for f in isis.figures]
    planted = cut(replace(isis, figures=tuple(figures)), "2017-02-13")
    before = set(cut(isis, "2017-02-13").warnings)
    (found,) = [one for one in planted.warnings if one not in before and "more than ten times" in one.found]
    assert found.row == int(figure)
    assert found.found.startswith(f"{slip:,.0f} for Canada (CAN), travelled, more than ten times every other published")
    assert "(55 to " in found.found


@pytest.mark.parametrize(
    ("value", "refers_to", "basis", "warned"),
    [
        (5.0, "2013-06", "cumulative", False),
        (5.0, "2015-03", "cumulative", True),
        (5.0, "2013-06", "stock", True),
        (50.0, "2015-03", "cumulative", False),
        (5000.0, "2015-03", "cumulative", False),
        (9000.0, "2016-01", "cumulative", True),
    ],
)
def test_a_running_total_may_have_grown_since_its_first_count(
    whole: Case, value: float, refers_to: str, basis: str, warned: bool
) -> None:
    """The world's counts run from 140 in January 2014 to 530 at the end of 2015."""
    rule = next(r for r in RULES if r.__name__ == "far_from_all")
    when = whole.figures[0].refers_to.__class__(refers_to)
    fields = {**count(value), "refers_to": when, "basis": basis, "definition": "fighters"}
    assert bool(list(rule(with_figure(whole, "world-2015-05", **fields)))) is warned


def test_two_other_counts_are_needed_and_a_bound_that_agrees_is_enough(whole: Case) -> None:
    rule = next(r for r in RULES if r.__name__ == "far_from_all")
    assert list(rule(with_figure(whole, "brom-2015-ministry", definition="fighters", **count(9000)))) == []
    planted = with_figure(whole, "world-2015-05", definition="fighters", **count(9000))
    assert planted.figures[-1].where is not None
    agreeing = replace(planted.figures[-1], figure="agrees", bound="at_least", where=None, **count(8000))
    assert list(rule(replace(planted, figures=(*planted.figures, agreeing)))) == []


def test_one_row_is_warned_of_once_by_the_two_rules_of_a_factor_of_ten(whole: Case) -> None:
    planted = with_figure(whole, "world-2015-05", **count(9000))
    rules = [r for r in RULES if r.__name__ in ("contradictions", "far_from_all")]
    assert {row.row for rule in rules for row in rule(planted)} == {99}
    assert list(rules[1](planted)) == []


@pytest.mark.parametrize("day", ["2014-06-30", "2016-08-01", "2017-02-13", "2018-07-31"])
def test_the_bundled_record_has_no_count_far_from_all_others(isis: Case, day: str) -> None:
    assert not [one for one in cut(isis, day).warnings if "every other published count" in one.found]


def test_every_warning_of_a_figure_names_its_place_and_quantity(whole: Case) -> None:
    names = {"the world", "Arda (arda)", "Brom (brom)", "Cern (cern)", "The whole theatre (theatre)"}
    for rule in RULES[:8]:
        found = list(rule(PLANTED[rule.__name__](whole)))
        assert found
        for one in found:
            assert any(f"{name}, {figure.quantity}" in one.found for name in names for figure in whole.figures), one


def test_swapped_coordinates_are_told_from_far_ones(whole: Case) -> None:
    rule = next(r for r in RULES if r.__name__ == "swapped_coordinates")
    spots = ((35.0, 50.0), (36.0, 51.0), (36.3, 50.1), (5.0, 5.0), (50.5, 35.2))
    holdings = tuple(
        replace(whole.holdings[0], holding=f"h{i}", lat=lat, lon=lon) for i, (lat, lon) in enumerate(spots)
    )
    found = list(rule(replace(whole, holdings=holdings)))
    assert [problem.found for problem in found] == [f"latitude 50.5, longitude 35.2 for {holdings[4].name}"]


def test_a_warning_reveals_nothing_from_after_the_as_of_date(whole: Case) -> None:
    later = with_figure(
        whole, "brom-returned-2015", **count(900), published=whole.figures[0].published.__class__("2016-03")
    )
    assert {warning.row for warning in warnings_of(later)} == {99}
    assert warnings_of(cut(later, whole.as_of)) == ()


def test_a_case_may_declare_definitions_of_its_own(folder: Path) -> None:
    change(folder, "figures.csv", FIGURE, FIGURE.replace("affiliates", "pilgrims"))
    assert any("declared in case.toml under [definitions]" in line for line in problems(folder))
    with (folder / "case.toml").open("a", encoding="utf-8") as out:
        out.write('\n[definitions]\npilgrims = "people who travelled for a shrine"\n')
    assert read_case(folder).definitions == ("pilgrims",)


@pytest.mark.parametrize(
    "section", ["definitions = 3\n", '[definitions]\n"two words" = "x"\n', "[definitions]\na = []\n"]
)
def test_a_definition_has_a_name_and_a_text(folder: Path, section: str) -> None:
    text = (folder / "case.toml").read_text(encoding="utf-8")
    (folder / "case.toml").write_text(section + text if section.startswith("def") else text + section, encoding="utf-8")
    assert any(line.startswith("case.toml, definitions") for line in problems(folder))


def test_the_page_lists_every_covariate_with_its_range() -> None:
    page = (Path(__file__).parents[3] / "docs" / "case-format.md").read_text(encoding="utf-8")
    for name, span in COVARIATES.items():
        pair = "yes" if span.of_pair else ""
        row = f"| `{name}` | {span.unit} | {span.at_least:,g} to {span.at_most:,.0f} | {pair}"
        assert row.rstrip() in page, row
