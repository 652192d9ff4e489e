"""Assembles the case `isis`: every table, the sources that are cited, and the numbers of rows left out."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.case.schema import Attribute
from afterfall.importers.case_tables import Row, case_columns, read_rows, write_tables
from afterfall.importers.citations import published
from afterfall.importers.covariates import covariate_rows
from afterfall.importers.reference_tables import read_reference
from isis_2017 import citations, covariates, figures, icsr, territory
from isis_2017.tables import HERE, selection
from isis_2026.cited import Citations
from isis_2026.figures import figures as later_figures
from isis_2026.gathered import chosen
from isis_2026.stances import Pages, strengths
from isis_2026.stances import policies as later_policies
from isis_2026.watching import custody_events, indicators

TABLES = ("origins", "outcomes", "theatre", "offshoots", "attacks", "canada", "territory_series")
AS_OF = "2017-02-13"


def build(folder: Path, out: Path) -> Counter[str]:
    """Write the whole case into `out`; returns how many reference rows were left out, by reason."""
    kept = figures.Kept()
    figures.select([r for table in TABLES for r in read_reference(folder / "figures", table)], kept)
    icsr.add(folder / "figures", kept)
    kept.figures.extend(selection("own_figures"))
    figures.without_repeats(kept)
    policies = _policies(folder, kept)
    later = Citations()
    codes = frozenset(p["place"] for p in _all_places())
    pages = Pages(folder)
    more = strengths(folder, pages, later, kept.left_out)
    kept.figures.extend(later_figures(folder, codes, kept.figures, later, kept.left_out, more))
    policies += later_policies(folder, pages, policies, codes, later, kept.left_out)
    holdings, neighbours, events, cited = territory.build(read_reference(folder / "figures", "territory"), AS_OF)
    known = kept.sources | cited
    known |= {row["source"]: row for row in selection("sources")}
    places = _places([*kept.figures, *policies])
    origins = {p["place"]: p["region"] for p in places if p["kind"] == "origin"}
    hosts = [p["place"] for p in places if p["kind"] == "host"]
    described = covariate_rows(folder, origins, hosts, covariates.settings(), covariates.crossings())
    tables: dict[Attribute, list[Row]] = {
        "regions": list(selection("regions")),
        "places": places,
        "covariates": described,
        "organisations": [*selection("organisations"), *chosen("organisations")],
        "holdings": holdings,
        "neighbours": neighbours,
        "holding_events": events,
        "campaigns": list(selection("campaigns")),
        "figures": kept.figures,
        "policies": policies,
        "priors": list(selection("priors")),
        "custody_events": custody_events(folder, later),
        "indicators": indicators(folder, later),
    }
    known |= later.rows
    tables["sources"] = _sources(known, [row for rows in tables.values() for row in rows])
    write_tables(out, tables)
    shutil.copyfile(HERE / "case.toml", out / "case.toml")
    return kept.left_out


def _places(found: list[Row]) -> list[Row]:
    """Our places; one without a date of its own takes that of its earliest figure or policy, or is left out."""
    first: dict[str, Row] = {}
    for record in sorted(found, key=lambda r: PartialDate(r["published"]).last_day):
        first.setdefault(record["place"], record)
    made = []
    for place in _all_places():
        if not place["published"] and place["place"] in first:
            entered = first[place["place"]]
            place = place | {"published": entered["published"], "source": entered["source"]}
        if place["published"]:
            made.append(place)
    unknown = sorted(set(first) - {p["place"] for p in made})
    if unknown:
        raise ValueError(f"figures or policies of places that places.csv does not list: {unknown}")
    return made


def _all_places() -> list[Row]:
    """Our places, those of the figures of 2018 to March 2026 among them."""
    return [*selection("places"), *chosen("places")]


def _policies(folder: Path, kept: figures.Kept) -> list[Row]:
    """Our list of policies, with dates and citation from the reference row if one is named."""
    table = read_rows(folder / "figures" / "policy.csv")
    used = set()
    made = []
    for policy in selection("policies"):
        if policy["row"]:
            used.add(int(policy["row"]))
            policy = _dated(policy, table[int(policy["row"]) - 2], kept)
        made.append({column: policy.get(column, "") for column in case_columns("policies")})
    kept.left_out["policy covered by another row"] += len(table) - len(used)
    return made


def _dated(policy: Row, row: Row, kept: figures.Kept) -> Row:
    citation = citations.source(row["source"], row["source_url"])
    if not policy["source"]:
        kept.sources.setdefault(citation["source"], citation)
    kind = citations.kind_of(row["source"])
    public = policy["published"] or published(row["as_of"], row["source"], row["source_url"], kind)
    return policy | {
        "place": policy["place"] or row["iso3"],
        "start": policy["start"] or row["start"],
        "end": policy["end"] or row["end"],
        "published": public,
        "source": policy["source"] or citation["source"],
        "grade": policy["grade"] or ("C3" if policy["published"] else citations.grade_of(kind, row["verified"])),
    }


def _sources(known: dict[str, Row], records: list[Row]) -> list[Row]:
    """The sources that are cited, each dated no later than the earliest record that cites it."""
    earliest: dict[str, str] = {}
    for record in records:
        name, public = record.get("source", ""), record.get("published", "")
        if name and (name not in earliest or PartialDate(public).last_day < PartialDate(earliest[name]).last_day):
            earliest[name] = public
    missing = sorted(set(earliest) - set(known))
    if missing:
        raise ValueError(f"cited, but not described: {missing}")
    made = []
    for name in sorted(earliest):
        own = known[name]["published"]
        late = not own or PartialDate(earliest[name]).last_day < PartialDate(own).last_day
        made.append(known[name] | {"published": earliest[name] if late else own})
    return made
