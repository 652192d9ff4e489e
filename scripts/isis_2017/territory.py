"""Builds the territory tables: holdings, their neighbours and their captures and losses.

**Publication.** The press reported each capture and loss within days, so an event is published on its own date. A
holding that mattered only later (Hajin, Baghuz) is published with its loss, so that the as-of cut removes it entirely.

**The remainder.** The listed towns contain a minority of the people under ISIS rule. The remainder is the IHS count of
mid-2016 (six million) minus the towns then held. The count of the peak (ten million) leaves more; the difference is
countryside lost before mid-2016, which no listed town represents. Nothing was left when
Baghuz was lost, its last loss; the model lets its parts go in step with the listed towns.
"""

from __future__ import annotations

from datetime import date

from afterfall.case import PartialDate
from afterfall.importers.case_tables import Row
from afterfall.importers.covariates import great_circle
from afterfall.importers.reference_tables import Reference
from isis_2017 import citations
from isis_2017.tables import selection

KIND = {"city": "town", "corridor": "corridor"}
HINDSIGHT = {"hajin", "baghuz"}
COUNT_MID_2016 = 6_000_000
MID_2016 = PartialDate("2016-07-10").last_day
NEAREST = 4
REST, LAST = "rest-of-territory", "baghuz"


def build(references: list[Reference], as_of: str) -> tuple[list[Row], list[Row], list[Row], dict[str, Row]]:
    """Holdings, neighbours, events and the sources they cite."""
    by_row = {reference.row: reference for reference in references}
    holdings: dict[str, Row] = {}
    events: list[Row] = []
    sources: dict[str, Row] = {}
    for chosen in selection("holdings"):
        reference = by_row[int(chosen["row"])]
        cited = citations.source(reference["source"], reference["source_url"])
        sources.setdefault(cited["source"], cited)
        spells = _events(chosen, reference, cited["source"])
        holdings.setdefault(chosen["holding"], _holding(chosen, reference, spells[0]["published"], cited["source"]))
        events.extend(spells)
    rest = _rest(list(holdings.values()), events)
    events.append(
        {
            "holding": REST,
            "event": "captured",
            "date": "2014-06-29",
            "by": "ISIS",
            "published": "2014-06-29",
            "source": "caliphate-declared-2014",
            "grade": "B3",
        }
    )
    last = next(e for e in events if e["holding"] == LAST and e["event"] == "lost")
    events.append(last | {"holding": REST})
    places = [*holdings.values(), rest]
    events.sort(key=lambda e: (e["holding"], PartialDate(e["date"]).last_day))
    return places, _neighbours(places, as_of), events, sources


def _holding(chosen: Row, reference: Reference, public: str, cited: str) -> Row:
    lat, lon = (chosen["latlon"] or f"{reference['lat']}/{reference['lon']}").split("/")
    return {
        "holding": chosen["holding"],
        "name": chosen["name"],
        "organisation": chosen["organisation"],
        "country": reference["country"],
        "kind": KIND[reference["kind"]],
        "population": chosen["population"] or reference["population"],
        "population_year": "2017" if chosen["population"] else reference["pop_year"],
        "lat": lat,
        "lon": lon,
        "published": public,
        "source": chosen["source"] or cited,
        "grade": "C3",
        "note": chosen["note"],
    }


def _events(chosen: Row, reference: Reference, cited: str) -> list[Row]:
    lost = chosen["lost"] or reference["lost"]
    late = chosen["holding"] in HINDSIGHT
    by = "ISIS" if chosen["organisation"] == "isis" else "local ISIS groups"
    common = {
        "holding": chosen["holding"],
        "source": cited,
        "grade": citations.grade_of(citations.kind_of(reference["source"]), reference["verified"]),
    }
    captured = {
        "event": "captured",
        "date": reference["captured"],
        "by": by,
        "published": lost if late else reference["captured"],
    }
    return [common | captured, common | {"event": "lost", "date": lost, "by": reference["lost_to"], "published": lost}]


def held(holding: str, events: list[Row], day: date) -> bool:
    """Whether the holding's last event up to a day was its capture."""
    past = [e for e in events if e["holding"] == holding and PartialDate(e["date"]).last_day <= day]
    return bool(past) and max(past, key=lambda e: PartialDate(e["date"]).last_day)["event"] == "captured"


def _rest(holdings: list[Row], events: list[Row]) -> Row:
    core = [h for h in holdings if h["organisation"] == "isis" and h["holding"] not in HINDSIGHT]
    listed = sum(int(h["population"]) for h in core if held(h["holding"], events, MID_2016))
    people = round(COUNT_MID_2016 - listed, -5)
    return {
        "holding": REST,
        "name": "Rest of the territory",
        "organisation": "isis",
        "country": "",
        "kind": "remainder",
        "population": str(people),
        "population_year": "2016",
        "published": "2014-06-29",
        "source": "ihs-conflict-monitor",
        "grade": "C3",
        "note": f"IHS count of mid-2016 (6,000,000) less {listed:,} in the listed places then held; "
        "the count at the peak (10,000,000) leaves more, lost before mid-2016",
    }


def _neighbours(holdings: list[Row], as_of: str) -> list[Row]:
    """The nearest holdings of the same organisation; one known at the as-of date has only such neighbours."""
    placed = [h for h in holdings if h["kind"] != "remainder"]
    known = {h["holding"] for h in placed if PartialDate(h["published"]).last_day <= PartialDate(as_of).last_day}
    rows = []
    for one in placed:
        others = [
            h
            for h in placed
            if h["organisation"] == one["organisation"]
            and h["holding"] != one["holding"]
            and (h["holding"] in known or one["holding"] not in known)
        ]
        for other in sorted(others, key=lambda h: great_circle(one, h))[:NEAREST]:
            rows.append(
                {"holding": one["holding"], "neighbour": other["holding"], "km": f"{great_circle(one, other):.0f}"}
            )
    return rows
