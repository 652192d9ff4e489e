"""Each kind of fault, planted in a copy of the small case, is reported exactly: file, row, column, found, expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from afterfall.case import CaseError, read_case


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Put `new` for the one place where the file says `old`."""

    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def append(file: str, row: str) -> Callable[[Path], None]:
    """Add a row at the end of a file."""

    def spoil(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as out:
            out.write(row + "\n")

    return spoil


def remove_rows(file: str, start: str) -> Callable[[Path], None]:
    """Take out all rows that start so."""

    def spoil(folder: Path) -> None:
        rows = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / file).write_text("".join(row for row in rows if not row.startswith(start)), encoding="utf-8")

    return spoil


def write(file: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes(content) and None


def campaign(row: str) -> Callable[[Path], None]:
    """Give the case one announced operation."""
    return write("campaigns.csv", f"campaign,holding,by,start,end,published,source,grade,note\n{row}\n".encode())


def remove(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def zero_totals(folder: Path) -> None:
    """Let nobody in the world have travelled."""
    text = (folder / "figures.csv").read_text(encoding="utf-8")
    (folder / "figures.csv").write_text(re.sub(r"(travelled,WLD,,),\d+,\d+,\d+,", r"\1,0,0,0,", text), encoding="utf-8")


def name_captors(captors: str, ground: str = "", code: str = "dusk-wardens") -> Callable[[Path], None]:
    """Add the columns of custodians to places.csv, with a row for one place filled."""

    def spoil(folder: Path) -> None:
        file = folder / "places.csv"
        head, *rows = file.read_text(encoding="utf-8").splitlines()
        added = [row + (f",everyone,{captors},{ground}" if row.startswith(f"{code},") else ",,,") for row in rows]
        file.write_text("\n".join([head + ",holds,captors,ground", *added]) + "\n", encoding="utf-8")

    return spoil


BROM = "brom-2015-ministry,travelled,brom,,,130,130,130"
CELLS = {
    "word": (
        replace("figures.csv", "cern-2014-survey,travelled,", "cern-2014-survey,traveled,"),
        "figures.csv row 10, quantity: found 'traveled'; expected one of travelled, returned, killed, prosecuted, "
        "repatriated, in_theatre, detained, third_country, prevented, returned_share, killed_share, arrivals, "
        "strength, foreign_strength, territory_area, territory_share_lost, controlled_population, departures, revoked, "
        "camp_population, detained_foreign, attacks, attack_deaths, arrests, transferred, escaped, "
        "released, unrecorded, conflict_deaths, conflict_events (did you mean 'travelled'?)",
    ),
    "number": (
        replace("figures.csv", BROM, "brom-2015-ministry,travelled,brom,,,130,nan,130"),
        "figures.csv row 9, value: found 'nan'; expected a number; leave the row out where no number was published, or "
        "give the range it may lie in",
    ),
    "negative": (
        replace("figures.csv", BROM, "brom-2015-ministry,travelled,brom,,,-1,130,130"),
        "figures.csv row 9, low: found '-1'; expected a number of at least 0",
    ),
    "infinite": (
        replace("holdings.csv", "town,60000", "town,1e999"),
        "holdings.csv row 2, population: found '1e999'; expected a finite number",
    ),
    "too large": (
        replace("holdings.csv", "60000,2012,,", "60000,2012,91,"),
        "holdings.csv row 2, lat: found '91'; expected a number of at most 90",
    ),
    "whole number": (
        replace("holdings.csv", "60000,2012", "60000,2012.5"),
        "holdings.csv row 2, population_year: found '2012.5'; expected a whole number",
    ),
    "empty": (
        replace("places.csv", "brom,Brom,", "brom,,"),
        "places.csv row 3, name: found an empty cell; expected text, not an empty cell",
    ),
    "date": (
        replace("policies.csv", "2015-01,2016-03", "2015-13,2016-03"),
        "policies.csv row 3, start: found '2015-13'; expected a date as YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    "grade": (
        replace("holdings.csv", "B2,the only port", "G2,the only port"),
        "holdings.csv row 2, grade: found 'G2'; expected an Admiralty grade, A to F then 1 to 6, such as B2",
    ),
    "yes or no": (
        replace("figures.csv", "D3,no", "D3,maybe"),
        "figures.csv row 17, verified: found 'maybe'; expected yes or no",
    ),
    "slug": (
        replace("regions.csv", "south,", "the south,"),
        "regions.csv row 3, region: found 'the south'; expected a name of letters and digits joined by - or _\n"
        "  places.csv row 4, region: found 'south'; expected a name in regions.csv (did you mean 'the south'?)\n"
        "  places.csv row 5, region: found 'south'; expected a name in regions.csv (did you mean 'the south'?)",
    ),
    "one fault of a row is one problem": (
        replace("organisations.csv", "Dusk League,core", "Dusk League,cor"),
        "organisations.csv row 2, kind: found 'cor'; expected one of core, rival, offshoot (did you mean 'core'?)",
    ),
    "number of cells": (
        append("regions.csv", "east,The East,spare"),
        "regions.csv row 4: found 3 cells; expected 2, as in the header row (put text with a comma in double quotes)",
    ),
}
FILES = {
    "missing file": (
        remove("priors.csv"),
        "priors.csv: found no such file; expected a file (with only its header row if there are no records)",
    ),
    "misnamed file": (
        lambda folder: (folder / "priors.csv").rename(folder / "prior.csv") and None,
        "prior.csv: found 'prior.csv'; expected only the files of the format (did you mean 'priors.csv'?)\n"
        "  priors.csv: found no such file; expected a file (with only its header row if there are no records)",
    ),
    "missing column of names": (
        replace("regions.csv", "region,name", "regio,name"),
        "regions.csv row 1, regio: found 'regio'; expected only the columns of the format (did you mean 'region'?)\n"
        "  regions.csv row 1, region: found no such column; expected the columns region, name",
    ),
    "missing column of names that many rows refer to": (
        replace("places.csv", "place,name,kind", "plase,name,kind"),
        "places.csv row 1, place: found no such column; expected the columns place, name, kind, region, holds, "
        "captors, ground, published, source\n"
        "  places.csv row 1, plase: found 'plase'; expected only the columns of the format (did you mean 'place'?)",
    ),
    "missing column of every row": (
        replace("figures.csv", "figure,quantity,", "figure,quality,"),
        "figures.csv row 1, quality: found 'quality'; expected only the columns of the format "
        "(did you mean 'quantity'?)\n"
        "  figures.csv row 1, quantity: found no such column; expected the columns figure, quantity, place, "
        "organisation, role, low, value, high, bound, refers_to, published, basis, definition, family, source, "
        "grade, verified, note",
    ),
    "missing column": (
        replace("regions.csv", "region,name", "region,nam"),
        "regions.csv row 1, nam: found 'nam'; expected only the columns of the format (did you mean 'name'?)\n"
        "  regions.csv row 1, name: found no such column; expected the columns region, name",
    ),
    "misspelt column that a file may do without": (
        replace("organisations.csv", "parent,ally", "parent,alley"),
        "organisations.csv row 1, alley: found 'alley'; expected only the columns of the format (did you mean 'ally'?)",
    ),
    "column twice": (
        write("regions.csv", b"region,name,name\nnorth,The North,x\nsouth,The South,x\n"),
        "regions.csv row 1, name: found the column 2 times; expected each column once",
    ),
    "encoding": (
        write("regions.csv", "region,name\nnorth,Nörd\nsouth,The South\n".encode("latin-1")),
        "regions.csv row 2: found a byte 0xf6 that is not UTF-8; "
        "expected a CSV file in UTF-8 (a spreadsheet may offer it as 'CSV UTF-8')",
    ),
    "semicolons": (
        write("regions.csv", b"region;name\nnorth;The North\nsouth;The South\n"),
        "regions.csv row 1: found a header row with semicolons between cells; expected commas between cells",
    ),
    "quotes": (
        append("regions.csv", 'east,"The East'),
        "regions.csv: found unexpected end of data; expected a CSV file with a header row",
    ),
}
HEADER = {
    "key": (
        replace("case.toml", 'title = "The', 'titel = "The'),
        "case.toml, case: found 'titel'; expected one of id, title, format, as_of, mobilisation, core, description, "
        "licence, kept_up_to (did you mean 'title'?)\n"
        "  case.toml, case.title: found nothing; expected text, not an empty cell",
    ),
    "section": (
        replace("case.toml", "[theatre]", "[theater]"),
        "case.toml: found 'theater'; expected the sections case, theatre, hindsight, evaluation, view, group, "
        "definitions (did you mean 'theatre'?)\n"
        "  case.toml, theatre: found no such section; expected a section [theatre]",
    ),
    "format": (
        replace("case.toml", "format = 1", "format = 2"),
        "case.toml, case.format: found 2; expected a number of at most 1",
    ),
    "type": (
        replace("case.toml", 'core = "dusk-league"', "core = 3.5"),
        "case.toml, case.core: found 3.5; expected text, a date or a whole number",
    ),
    "countries": (
        replace("case.toml", 'countries = ["dusk"]', 'countries = "dusk"'),
        "case.toml, theatre.countries: found 'dusk'; expected a list of names",
    ),
    "ledger": (
        replace("case.toml", 'known_from = "2015-12"', 'known_from = "later"'),
        "case.toml, hindsight[1].known_from: found 'later'; expected a date as YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    "ledger that is no list": (
        replace("case.toml", "[[hindsight]]", "[hindsight]"),
        "case.toml, hindsight: found {'id': 'detention', 'structure': 'detention of foreigners in the theatre', "
        "'why': 'the first prison opened after the town fell', 'known_from': '2015-12'}; "
        "expected sections [[hindsight]]",
    ),
    "syntax": (
        write("case.toml", b"[case\n"),
        "case.toml: found Expected ']' at the end of a table declaration (at line 1, column 6); "
        "expected a TOML file in UTF-8",
    ),
    "order of dates": (
        replace("case.toml", 'as_of = "2015-06-30"', "as_of = 2013-01-31"),
        "case.toml, case.mobilisation: found 2013-01-31, not before as_of 2013-01-31; expected a date before as_of",
    ),
}
CHECKS = {
    "unknown source": (
        replace(
            "places.csv", "brom,Brom,origin,north,2012-12,lesson-atlas", "brom,Brom,origin,north,2012-12,lesson-atals"
        ),
        "places.csv row 3, source: found 'lesson-atals'; expected a name in sources.csv (did you mean 'lesson-atlas'?)",
    ),
    "unknown place": (
        replace("figures.csv", BROM, BROM.replace(",brom,", ",bromm,")),
        "figures.csv row 9, place: found 'bromm'; expected a name in places.csv (did you mean 'brom'?)",
    ),
    "unknown place of a pair": (
        replace("covariates.csv", "brom,language:cern", "brom,language:xyz"),
        "covariates.csv row 23, covariate: found 'xyz'; expected a name in places.csv",
    ),
    "unknown organisation": (
        replace("organisations.csv", "cern,dusk-league,,2014", "cern,dusk-leage,,2014"),
        "organisations.csv row 4, parent: found 'dusk-leage'; expected a name in organisations.csv "
        "(did you mean 'dusk-league'?)",
    ),
    "unknown holding": (
        replace("holding_neighbours.csv", "\nharbour,rest", "\nharbor,rest"),
        "holding_neighbours.csv row 2, holding: found 'harbor'; expected a name in holdings.csv "
        "(did you mean 'harbour'?)",
    ),
    "same key": (
        append("regions.csv", "north,Northern lands"),
        "regions.csv row 4, region: found 'north' again, as in row 2; expected a key of one row",
    ),
    "same place and kind": (
        append("places.csv", "cern,Cern again,host,south,2015,lesson-field"),
        "places.csv row 12, place + kind: found 'cern', 'host' again, as in row 5; expected a key of one row",
    ),
    "same id in the ledger": (
        append("case.toml", '[[hindsight]]\nid = "detention"\nstructure = "x"\nwhy = "y"\nknown_from = 2016-01-01'),
        "case.toml, hindsight.id: found 'detention' again; expected an id of one entry",
    ),
    "range": (
        replace("figures.csv", BROM, "brom-2015-ministry,travelled,brom,,,140,130,150"),
        "figures.csv row 9, value: found 140, 130, 150; expected low <= value <= high",
    ),
    "share": (
        replace("figures.csv", "12,15,20,,2015-05,2015-06,cumulative", "12,15,120,,2015-05,2015-06,share"),
        "figures.csv row 13, high: found 120; expected a share, at most 1 (0.3 for 30 %)",
    ),
    "told before it was": (
        replace("figures.csv", "60,80,110,,2014-09,", "60,80,110,,2014-11,"),
        "figures.csv row 10, refers_to: found 2014-11, after published 2014-10; expected a date not after published",
    ),
    "event told before it was": (
        replace(
            "holding_events.csv", "captured,2013-09,Dusk League,2013-09", "captured,2013-09-30,Dusk League,2013-09-29"
        ),
        "holding_events.csv row 2, date: found 2013-09-30, after published 2013-09-29; "
        "expected a date not after published\n"
        "  holding_events.csv row 2, published: found 2013-09-29, before holding 'harbour' is public on 2013-09-30; "
        "expected a date from 2013-09-30",
    ),
    "ended before it began": (
        replace("policies.csv", "2015-01,2016-03", "2015-01,2014-12"),
        "policies.csv row 3, start: found 2015-01, after end 2014-12; expected a date not after end",
    ),
    "dissolved before it was founded": (
        replace("organisations.csv", "2013-04,,2013-04", "2013-04,2012,2013-04"),
        "organisations.csv row 3, founded: found 2013-04, after ended 2012; expected a date not after ended",
    ),
    "public before its place": (
        replace("places.csv", "brom,Brom,origin,north,2012-12", "brom,Brom,origin,north,2015-07"),
        "figures.csv row 9, published: found 2015-06, before place 'brom' is public on 2015-07-31; "
        "expected a date from 2015-07-31\n"
        "  figures.csv row 12, published: found 2015-06, before place 'brom' is public on 2015-07-31; "
        "expected a date from 2015-07-31\n"
        "  figures.csv row 13, published: found 2015-06, before place 'brom' is public on 2015-07-31; "
        "expected a date from 2015-07-31",
    ),
    "public before its capture": (
        replace("holdings.csv", "town,60000,2012,,,2013-09", "town,60000,2012,,,2013-08"),
        "holdings.csv row 2, published: found 2013-08, before its capture is public on 2013-09-30; "
        "expected a date from 2013-09-30",
    ),
    "operation against an unknown holding": (
        campaign("siege,harbor,army of Dusk,2015-05,,2015-05,lesson-field,C3,"),
        "campaigns.csv row 2, holding: found 'harbor'; expected a name in holdings.csv (did you mean 'harbour'?)",
    ),
    "operation that ends before it starts": (
        campaign("siege,harbour,army of Dusk,2015-05,2015-04,2015-05,lesson-field,C3,"),
        "campaigns.csv row 2, start: found 2015-05, after end 2015-04; expected a date not after end",
    ),
    "operation public before its holding": (
        campaign("siege,harbour,army of Dusk,2013-08,,2013-08,lesson-field,C3,"),
        "campaigns.csv row 2, published: found 2013-08, before holding 'harbour' is public on 2013-09-30; "
        "expected a date from 2013-09-30",
    ),
    "operation without an attacker": (
        campaign("siege,harbour,,2015-05,,2015-05,lesson-field,C3,"),
        "campaigns.csv row 2, by: found an empty cell; expected text, not an empty cell",
    ),
    "captured twice": (
        append("holding_events.csv", "harbour,captured,2014-01,Dusk League,2014-01,lesson-field,B2,"),
        "holding_events.csv row 4, event: found captured 2014-01, already captured 2013-09; "
        "expected captured and lost in turn",
    ),
    "lost twice": (
        append(
            "holding_events.csv",
            "rest-of-territory,lost,2015-12,army of Dusk,2015-12,lesson-later,B2,\n"
            "rest-of-territory,lost,2016-01,army of Dusk,2016-01,lesson-later,B2,",
        ),
        "holding_events.csv row 5, event: found lost 2016-01, already lost 2015-12; expected captured and lost in turn",
    ),
    "lost before captured": (
        replace("holding_events.csv", "harbour,lost,2015-11-20", "harbour,lost,2013-02-20"),
        "holding_events.csv row 3, date: found lost 2013-02-20, before it was captured 2013-09; "
        "expected a capture before the first loss",
    ),
    "overlapping": (
        append("holdings.csv", "port,Duskhaven,dusk-league,dusk,town,1,2012,,,2013-09,lesson-field,B2,"),
        "holdings.csv row 4, holding: found 'port' with the name or the location of 'harbour'; "
        "expected holdings that do not overlap",
    ),
    "second remainder": (
        append("holdings.csv", "rest-2,Rest,dusk-league,dusk,remainder,1,2012,,,2013-09,lesson-field,B2,"),
        "holdings.csv row 4, kind: found a second remainder 'rest-2'; expected one remainder",
    ),
    "no remainder": (
        replace("holdings.csv", "dusk,remainder", "dusk,province"),
        "holdings.csv, kind: found no remainder; expected one remainder for the territory that no row lists",
    ),
    "core": (
        replace("case.toml", 'core = "dusk-league"', 'core = "dusk-leage"'),
        "case.toml, case.core: found 'dusk-leage'; expected an organisation of kind core (did you mean 'dusk-league'?)",
    ),
    "no core": (
        replace("organisations.csv", "Dusk League,core", "Dusk League,rival"),
        "organisations.csv, kind: found no core organisation; expected at least one organisation of kind core",
    ),
    "offshoot in the theatre": (
        replace("organisations.csv", "offshoot,cern", "offshoot,theatre"),
        "organisations.csv row 4, place: found 'theatre'; expected a place abroad for an offshoot",
    ),
    "rival abroad": (
        replace("organisations.csv", "rival,theatre", "rival,cern"),
        "organisations.csv row 3, place: found 'cern'; expected 'theatre' for a rival",
    ),
    "country of the theatre": (
        replace("case.toml", 'countries = ["dusk"]', 'countries = ["dusk", "dawn"]'),
        "case.toml, theatre.countries: found 'dawn'; expected a place of kind theatre in places.csv",
    ),
    "place outside the theatre": (
        append("places.csv", "dawn,Dawn,theatre,,2012-12,lesson-atlas"),
        "places.csv row 12, kind: found theatre for 'dawn'; expected a country that case.toml has in its theatre",
    ),
    "origin without region": (
        replace("places.csv", "brom,Brom,origin,north", "brom,Brom,origin,"),
        "places.csv row 3, region: found an empty cell; expected a region for every origin",
    ),
    "second remainder of a region": (
        append(
            "places.csv", "rest-a,A,remainder,north,2012-12,lesson-atlas\nrest-b,B,remainder,north,2012-12,lesson-atlas"
        ),
        "places.csv row 13, region: found 'rest-b' as well as 'rest-a'; expected one remainder a region",
    ),
    "prior out of order": (
        replace("priors.csv", "0.003,0.02", "0.03,0.02"),
        "priors.csv row 2, low: found 0.03 to 0.02; expected low below high",
    ),
    "lognormal prior": (
        replace("priors.csv", "0.003,0.02", "0,0.02"),
        "priors.csv row 2, low: found 0 to 0.02; expected numbers above 0 for a lognormal prior",
    ),
    "logitnormal prior": (
        replace("priors.csv", "lognormal,0.003,0.02", "logitnormal,0.5,1"),
        "priors.csv row 2, low: found 0.5 to 1; expected shares between 0 and 1 for a logitnormal prior",
    ),
    "fixed prior": (
        replace("priors.csv", "lognormal,0.003,0.02", "fixed,0.003,0.02"),
        "priors.csv row 2, low: found 0.003 to 0.02; expected low = high for a fixed prior",
    ),
    "no total": (
        remove_rows("figures.csv", "world-"),
        "figures.csv, quantity: found no total of all who travelled; "
        "expected a cumulative figure of quantity travelled, place WLD, no role; or a stock of in_theatre",
    ),
    "totals of zero": (
        zero_totals,
        "figures.csv row 2, value: found 0, as in all totals of the world; "
        "expected a total above 0: there is nobody to forecast",
    ),
    "captor of no custodian": (
        name_captors("army of Brom"),
        "holding_events.csv row 3, by: found 'army of Dusk'; expected a text with a captor that a custodian of "
        "places.csv lists (did you mean 'army of Brom'?)",
    ),
    "ground that is no theatre": (
        name_captors("army of Dusk", ground="dask"),
        "places.csv row 10, ground: found 'dask'; expected a country of the theatre in case.toml "
        "(did you mean 'dusk'?)",
    ),
    "captors of an origin": (
        name_captors("army of Dusk", code="arda"),
        "places.csv row 2, captors: found 'army of Dusk'; expected an empty cell, or the kind custodian\n"
        "  places.csv row 2, holds: found 'everyone'; expected an empty cell, or the kind custodian",
    ),
    "own neighbour": (
        append("holding_neighbours.csv", "harbour,harbour,0"),
        "holding_neighbours.csv row 4, neighbour: found 'harbour'; expected another holding",
    ),
}
FAULTS = {
    f"{family}: {name}": fault
    for family, faults in {"cell": CELLS, "file": FILES, "header": HEADER, "check": CHECKS}.items()
    for name, fault in faults.items()
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_reported(folder: Path, name: str) -> None:
    spoil, expected = FAULTS[name]
    spoil(folder)
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    head, *lines = str(caught.value).split("\n  ")
    assert "\n  ".join(lines) == expected
    assert head == f"case {folder} has {'1 problem' if len(lines) == 1 else f'{len(lines)} problems'}:"


def test_all_faults_are_reported_together_in_the_order_of_files_and_rows(folder: Path) -> None:
    for name in ("cell: number", "cell: empty", "header: key", "check: overlapping", "check: own neighbour"):
        FAULTS[name][0](folder)
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    places = [(p.file, p.row) for p in caught.value.problems]
    assert places == [
        ("case.toml", None),
        ("case.toml", None),
        ("places.csv", 3),
        ("holdings.csv", 4),
        ("holding_neighbours.csv", 4),
        ("figures.csv", 9),
    ]


def test_a_missing_folder_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="found no folder; expected the folder of a case"):
        read_case(tmp_path / "nowhere")


def test_row_numbers_are_those_of_a_spreadsheet_despite_blank_lines_and_line_breaks_in_cells(folder: Path) -> None:
    header = "policy,name,place,kind,start,end,published,source,grade,note\r\n"
    rows = (
        'one,One,dusk,military,,,2014-10,lesson-field,B2,"a note\r\nof two lines"\r\n\r\ntwo,,dusk,military,,,2014-10,'
    )
    write("policies.csv", f"\ufeff{header}{rows}lesson-field,B2,\r\n".encode())(folder)
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    assert [(p.row, p.column) for p in caught.value.problems] == [(4, "name")]


def test_companion_files_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("About this case.", encoding="utf-8")
    (folder / ".DS_Store").write_bytes(b"x")
    assert read_case(folder).id == "tiny"


def test_stocks_in_the_theatre_do_for_a_total_of_everyone(folder: Path) -> None:
    remove_rows("figures.csv", "world-")(folder)
    stock = "arda-stock,in_theatre,arda,,,200,200,200,{},2015-04,2015-06,stock,affiliates,,lesson-survey,B2,yes,"
    append("figures.csv", stock.format("at_least"))(folder)
    assert [f.bound for f in read_case(folder).figures_of("in_theatre")] == ["at_least"]
