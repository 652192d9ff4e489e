"""Assembles the case `mali-2013` from selection tables and the reference rows they name.

The reference table of Mali has one row for each published number or date. A selection row that names one (`row`, with
`check`, the place and number or date it was written for) takes numbers, dates and citation from it where its own cells
are empty. A reference row that has changed stops the build.
"""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.case.schema import Attribute
from afterfall.importers.case_tables import Row, read_rows, write_tables
from afterfall.importers.citations import slug
from afterfall.importers.covariates import Coalition, CovariateSettings, covariate_rows, great_circle
from isis_2017 import citations

HERE = Path(__file__).parent
NEAREST = 3
VINTAGES = (("2011", "2012-12"), ("2013", "2014-12"))
#: Columns of a selection that name and check the reference row it is taken from.
CHOOSING = ("row", "check")


def build(folder: Path, out: Path) -> None:
    """Write the whole case into `out`."""
    table, cited = read_rows(folder / "cases" / "mali.csv"), {r["source"]: r for r in _own("sources")}
    figures = _named([_figure(row, table, cited) for row in _own("figures")])
    events = [_event(row, table, cited) for row in _own("events")]
    places, holdings = _own("places"), _own("holdings")
    tables: dict[Attribute, list[Row]] = {
        "regions": _own("regions"),
        "places": places,
        "covariates": _covariates(folder, places),
        "organisations": _own("organisations"),
        "holdings": holdings,
        "neighbours": _neighbours(holdings),
        "holding_events": events,
        "campaigns": _own("campaigns"),
        "figures": figures,
        "policies": _own("policies"),
        "priors": _own("priors"),
    }
    used = {r["source"] for rows in tables.values() for r in rows if r.get("source")}
    missing = sorted(used - set(cited))
    if missing:
        raise ValueError(f"cited, but not described: {missing}")
    tables["sources"] = [cited[name] for name in sorted(used)]
    write_tables(out, {name: [_without_choice(row) for row in rows] for name, rows in tables.items()})
    shutil.copyfile(HERE / "case.toml", out / "case.toml")


def _without_choice(row: Row) -> Row:
    return {column: value for column, value in row.items() if column not in CHOOSING}


def _own(name: str) -> list[Row]:
    return read_rows(HERE / f"{name}.csv")


def _reference(chosen: Row, table: list[Row]) -> Row:
    """The reference row that a selection row names (spreadsheet rows: the header is row 1), or an empty one."""
    if not chosen["row"]:
        return {}
    found = table[int(chosen["row"]) - 2]
    low = found["value"] or found["value_low"] or found["value_high"]
    marks = {f"{found['country']} {low}".strip(), found["country"], found["as_of"]}
    if chosen["check"] not in marks:
        raise ValueError(f"row {chosen['row']} was written for {chosen['check']!r}, found {sorted(marks)}")
    return found


def _cite(found: Row, cited: dict[str, Row]) -> str:
    """Name of the source of a reference row; describes the source if it is new."""
    source = citations.source(found["source"], found["source_url"]) | {"published": found["as_of"].split("/")[0]}
    known = next((r["source"] for r in cited.values() if r["url"] and r["url"] == source["url"]), source["source"])
    cited.setdefault(known, source)
    public = found["as_of"].split("/")[0]
    if PartialDate(public).last_day < PartialDate(cited[known]["published"]).last_day:
        cited[known] = cited[known] | {"published": public}
    return known


def _figure(chosen: Row, table: list[Row], cited: dict[str, Row]) -> Row:
    found = _reference(chosen, table)
    if not found:
        return chosen
    public = chosen["published"] or found["as_of"]
    numbers = [chosen[c] for c in ("low", "value", "high")]
    if not all(numbers):
        low = found["value_low"] or found["value"] or found["value_high"]
        high = found["value_high"] or low
        numbers = [low, f"{(float(low) + float(high)) / 2:g}", high]
    kind = citations.kind_of(found["source"])
    source = chosen["source"] or (_cite(found, cited) if found["source_url"] else "press-later")
    return chosen | {
        **dict(zip(("low", "value", "high"), numbers, strict=True)),
        "refers_to": chosen["refers_to"] or found["as_of"],
        "published": public,
        "source": source,
        "grade": chosen["grade"] or citations.grade_of(kind, found["verified"]),
        "verified": chosen["verified"] or found["verified"],
    }


def _named(figures: list[Row]) -> list[Row]:
    """Figures with names from quantity, place, organisation and date, numbered if several have the same."""
    seen: dict[str, int] = {}
    out = []
    for figure in figures:
        parts = (figure["quantity"], figure["place"], figure["organisation"], figure["refers_to"])
        name = "-".join(p.lower() for p in parts if p)
        seen[name] = seen.get(name, 0) + 1
        number = f"-{seen[name]}" if seen[name] > 1 else ""
        out.append(figure | {"figure": slug(name) + number})
    return out


def _event(chosen: Row, table: list[Row], cited: dict[str, Row]) -> Row:
    found = _reference(chosen, table)
    if not found:
        return chosen
    grade = citations.grade_of(citations.kind_of(found["source"]), found["verified"])
    return chosen | {"published": chosen["date"], "source": _cite(found, cited), "grade": grade}


def _covariates(folder: Path, places: list[Row]) -> list[Row]:
    origins = {p["place"]: p["region"] for p in places if p["kind"] == "origin"}
    hosts = [p["place"] for p in places if p["kind"] == "host"]
    members = frozenset(r["place"] for r in _own("coalition"))
    settings = CovariateSettings(("MLI",), VINTAGES, Coalition(members, "2013", "2013-01", "afisma-2012"))
    return covariate_rows(folder, origins, hosts, settings)


def _neighbours(holdings: list[Row]) -> list[Row]:
    placed = [h for h in holdings if h["lat"]]
    return [
        {"holding": one["holding"], "neighbour": other["holding"], "km": f"{great_circle(one, other):.0f}"}
        for one in placed
        for other in sorted((h for h in placed if h is not one), key=partial(great_circle, one))[:NEAREST]
    ]
