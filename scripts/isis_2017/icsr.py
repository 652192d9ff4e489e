"""The two ICSR country tables, from a replication table: December 2013 (ranges) and January 2015.

From the second table only countries are taken that no other page already gives. Left out: a row of the theatre itself,
counts under five (their countries stay in a region's remainder), and Israel in 2015, whose number there combines Israel
and the Palestinian territories.
"""

from __future__ import annotations

from pathlib import Path

from afterfall.importers.case_tables import Row
from afterfall.importers.citations import refers_to
from afterfall.importers.reference_tables import Reference, read_reference
from isis_2017.figures import Kept

CODES = {"KSV": "XKX", "WBG": "PSE"}
REPORTS = {
    "20131217": ("2013-12-17", "2013-12", "icsr-2013", "icsr-dec-2013"),
    "20150126": ("2015-01-26", "2015-01", "icsr-2015", "icsr-jan-2015"),
}
FEWEST = 5


def add(folder: Path, kept: Kept) -> None:
    """Add the rows of both tables to what is kept, and drop the recalled rows that the second one replaces."""
    table = read_reference(folder, "icsr_2013_2015_by_country")
    codes = {_place(r) for r in table if r["icsr.date"] == "20150126" and r["icsr.mean"]}
    before = len(kept.figures)
    kept.figures[:] = [f for f in kept.figures if not _replaced(f, codes)]
    kept.left_out["recalled row of a report replaced by its table"] += before - len(kept.figures)
    read = {f["place"] for f in kept.figures if f["family"] == "icsr-2015" and f["quantity"] == "travelled"}
    for row in table:
        reason = _reason(row, read)
        if reason:
            kept.left_out[reason] += 1
        else:
            kept.figures.append(_figure(row))


def _place(row: Reference) -> str:
    return CODES.get(row["countrycode"], row["countrycode"])


def _replaced(figure: Row, codes: set[str]) -> bool:
    return figure["family"] == "icsr-2015" and figure["verified"] == "no" and figure["place"] in codes


def _reason(row: Reference, read: set[str]) -> str:
    place, second = _place(row), row["icsr.date"] == "20150126"
    if not row["icsr.mean"]:
        return "no number"
    if place == "IRQ":
        return "a country of the theatre, not an origin"
    if place == "ISR" and second:
        return "two places together, kept as one row"
    if not second and float(row["icsr.high"]) < FEWEST:
        return "under five people, left to the region's remainder"
    if second and place in read:
        return "the same number from the same report or day, kept once"
    return ""


def _figure(row: Reference) -> Row:
    public, day, family, source = REPORTS[row["icsr.date"]]
    ends = [float(row[c] or row["icsr.mean"]) for c in ("icsr.low", "icsr.high")]
    low, high = min(ends), max(ends)
    return {
        "quantity": "travelled",
        "place": _place(row),
        "low": f"{low:.0f}",
        "value": f"{(low + high) / 2:g}",
        "high": f"{high:.0f}",
        "organisation": "",
        "role": "",
        "bound": "",
        "refers_to": refers_to(day, public),
        "published": public,
        "basis": "cumulative",
        "definition": "affiliates" if family == "icsr-2015" else "fighters",
        "family": family,
        "source": source,
        "grade": "B3",
        "verified": "yes",
        "note": "",
    }
