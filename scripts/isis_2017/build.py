"""Puts the case together: every file, the sources that are really cited, and the account of what was left out."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from isis_2017 import citations, covariates, figures, icsr, territory
from isis_2017.tables import HERE, Row, reference, rows, selection, write

TABLES = ("origins", "outcomes", "theatre", "offshoots", "attacks", "canada", "territory_series")
AS_OF = "2017-02-13"
PLACES = ["place", "name", "kind", "region", "published", "source"]
SOURCES = ["source", "title", "publisher", "published", "url", "licence", "note"]
POLICIES = ["policy", "name", "place", "kind", "start", "end", "published", "source", "grade", "note"]
PRIORS = ["parameter", "distribution", "low", "high", "unit", "refers_to", "published", "source", "grade", "note"]
ORGANISATIONS = [
    "organisation",
    "name",
    "kind",
    "place",
    "parent",
    "ally",
    "founded",
    "ended",
    "published",
    "source",
    "grade",
    "note",
]


def build(folder: Path, out: Path) -> Counter[str]:
    """Write the whole case into `out`; returns how many reference rows were left out, by reason."""
    kept = figures.Kept()
    figures.select([r for table in TABLES for r in reference(folder / "figures", table)], kept)
    icsr.add(folder / "figures", kept)
    kept.figures.extend(selection("own_figures"))
    figures.without_repeats(kept)
    policies = _policies(folder, kept)
    holdings, neighbours, events, cited = territory.build(reference(folder / "figures", "territory"), AS_OF)
    known = kept.sources | cited
    known |= {row["source"]: row for row in selection("sources")}
    places = _places([*kept.figures, *policies])
    origins = {p["place"]: p["region"] for p in places if p["kind"] == "origin"}
    hosts = [p["place"] for p in places if p["kind"] == "host"]
    described = covariates.build(folder, origins, hosts, covariates.setting())
    files = {
        "regions": (["region", "name"], selection("regions")),
        "places": (PLACES, places),
        "covariates": (covariates.COLUMNS, described),
        "organisations": (ORGANISATIONS, selection("organisations")),
        "holdings": (territory.HOLDINGS, holdings),
        "holding_neighbours": (territory.NEIGHBOURS, neighbours),
        "holding_events": (territory.EVENTS, events),
        "figures": (figures.COLUMNS, kept.figures),
        "policies": (POLICIES, policies),
        "priors": (PRIORS, selection("priors")),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, (columns, records) in files.items():
        write(out / f"{name}.csv", columns, records)
    write(out / "sources.csv", SOURCES, _sources(known, [r for _, records in files.values() for r in records]))
    shutil.copyfile(HERE / "case.toml", out / "case.toml")
    return kept.left_out


def _places(found: list[Row]) -> list[Row]:
    """Our places; one without a date of its own enters with its earliest figure or policy, or not at all."""
    first: dict[str, Row] = {}
    for record in sorted(found, key=lambda r: citations.last_day(r["published"])):
        first.setdefault(record["place"], record)
    made = []
    for place in selection("places"):
        if not place["published"] and place["place"] in first:
            entered = first[place["place"]]
            place = place | {"published": entered["published"], "source": entered["source"]}
        if place["published"]:
            made.append(place)
    unknown = sorted(set(first) - {p["place"] for p in made})
    if unknown:
        raise ValueError(f"figures or policies of places that places.csv does not list: {unknown}")
    return made


def _policies(folder: Path, kept: figures.Kept) -> list[Row]:
    """Our list of policies, with dates and citation from the reference row where one is named."""
    table = rows(folder / "figures" / "policy.csv")
    used = set()
    made = []
    for policy in selection("policies"):
        if policy["row"]:
            used.add(int(policy["row"]))
            policy = _dated(policy, table[int(policy["row"]) - 2], kept)
        made.append({column: policy[column] for column in POLICIES})
    kept.left_out["policy told by another row"] += len(table) - len(used)
    return made


def _dated(policy: Row, row: Row, kept: figures.Kept) -> Row:
    citation = citations.source(row["source"], row["source_url"])
    if not policy["source"]:
        kept.sources.setdefault(citation["source"], citation)
    kind = citations.kind_of(row["source"])
    public = policy["published"] or citations.published(row["as_of"], row["source"], row["source_url"], kind)
    return policy | {
        "place": policy["place"] or row["iso3"],
        "start": policy["start"] or row["start"],
        "end": policy["end"] or row["end"],
        "published": public,
        "source": policy["source"] or citation["source"],
        "grade": policy["grade"] or ("C3" if policy["published"] else citations.grade_of(kind, row["verified"])),
    }


def _sources(known: dict[str, Row], records: list[Row]) -> list[Row]:
    """The sources that some record cites, each dated no later than its earliest record."""
    earliest: dict[str, str] = {}
    for record in records:
        name, public = record.get("source", ""), record.get("published", "")
        if name and (name not in earliest or citations.last_day(public) < citations.last_day(earliest[name])):
            earliest[name] = public
    missing = sorted(set(earliest) - set(known))
    if missing:
        raise ValueError(f"cited, but not described: {missing}")
    made = []
    for name in sorted(earliest):
        own = known[name]["published"]
        late = not own or citations.last_day(earliest[name]) < citations.last_day(own)
        made.append(known[name] | {"published": earliest[name] if late else own})
    return made
