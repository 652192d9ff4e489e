"""Builds policies of states and strengths of organisations, from gathered rows that do not say when they were public.

A row counts as published on the day of its page: that of a figure or an event with the same address, else the date in
the address, else the day of the gathering. So a policy may be known later than it began, and never earlier.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.importers.case_tables import Row
from afterfall.importers.citations import slug
from afterfall.importers.reference_tables import Reference
from isis_2026.cited import Citations, published_of
from isis_2026.gathered import GATHERED, barred, chosen, fixed, gathered

SAME_YEAR = "policies: the case has it, or one like it of the same year"
DATED_TABLES = ("figures", "events", "indicators")
IN_ADDRESS = re.compile(r"/(20[12]\d)[/-](\d\d)(?:[/-](\d\d))?(?:/|-|$)")


class Pages:
    """When the pages of the gathered tables appeared, by address: the earliest day of any row that cites one."""

    def __init__(self, folder: Path) -> None:
        self._days: dict[str, str] = {}
        for reference in (one for name in DATED_TABLES for one in gathered(folder, name)):
            address, published = reference["source_url"], published_of(reference)
            known = self._days.get(address, published)
            self._days[address] = min(known, published, key=lambda day: PartialDate(day).last_day)

    def published(self, reference: Reference, since: str = "") -> str:
        """The day of the page of a row, and none before what it tells of."""
        address = reference["source_url"]
        found = IN_ADDRESS.search(address)
        stated = "-".join(filter(None, found.groups())) if found else GATHERED
        day = self._days.get(address, _day_of(stated))
        early = bool(since) and PartialDate(day).last_day < PartialDate(since).first_day
        return since if early else day


def _day_of(stated: str) -> str:
    try:
        return stated if PartialDate(stated).last_day <= PartialDate(GATHERED).last_day else GATHERED
    except ValueError:  # digits of an address that are no day
        return GATHERED


def policies(
    folder: Path, pages: Pages, known: Sequence[Row], places: frozenset[str], citations: Citations, out: Counter[str]
) -> list[Row]:
    """The gathered policies that the case does not have yet."""
    had = {(row["place"], row["kind"], row["start"][:4]) for row in known}
    ours: set[tuple[str, ...]] = set()
    taken = {row["policy"] for row in known}
    made: list[Row] = []
    for reference in gathered(folder, "policies"):
        row = _policy(reference, pages, citations)
        reason = row.get("drop", "") or _why_not(row, had, places)
        one = (*(row.get(column, "") for column in ("place", "kind", "name")), row.get("start", "")[:4])
        if reason or one in ours:
            out[reason or SAME_YEAR] += 1
            continue
        ours.add(one)
        stem = slug(f"{row['place']} {row['kind']} {row['start'][:4]}")
        number = next(n for n in range(1, 100) if (stem if n == 1 else f"{stem}-{n}") not in taken)
        name = stem if number == 1 else f"{stem}-{number}"
        taken.add(name)
        made.append(row | {"policy": name})
    return made


def _policy(reference: Reference, pages: Pages, citations: Citations) -> Row:
    rule = next(
        one
        for one in chosen("policy_kinds")
        if one["policy"] == reference["policy"] and re.search(one["note"], reference["note"])
    )
    if rule["drop"]:
        return {"drop": f"policies: {rule['drop']}"}
    published = pages.published(reference, reference["start"])
    return {
        "name": rule["name"], "place": reference["iso3"], "kind": rule["kind"], "whom": rule["whom"],
        "start": reference["start"], "end": reference["end"], "published": published,
        "source": citations.cite(reference, published), "grade": "C3", "note": "",
    }  # fmt: skip


def _why_not(row: Row, had: set[tuple[str, str, str]], places: frozenset[str]) -> str:
    if row["place"] not in places:
        return "of a country that is no place of the case"
    if fixed(row["published"]):
        return "published by 31 July 2018: it would change forecasts of the record of isis-2017"
    year = int(row["start"][:4] or 0)
    if any((row["place"], row["kind"], str(one)) in had for one in (year - 1, year, year + 1)):
        return SAME_YEAR
    return ""


def strengths(folder: Path, pages: Pages, citations: Citations, out: Counter[str]) -> list[Row]:
    """Strengths of organisations as figures without names."""
    made = []
    for reference in gathered(folder, "organisations"):
        rule = next(one for one in chosen("groups") if re.search(one["pattern"], reference["name"]))
        published = pages.published(reference, reference["refers_to"])
        other = f"organisations: {rule['drop']}" if rule["drop"] else _why_no_strength(reference, published)
        reason = barred(reference) or other
        if reason:
            out[reason] += 1
            continue
        low, high = reference["low"] or reference["value"], reference["high"] or reference["value"]
        low, high = low or high, high or low
        more = "more than" in reference["note"]
        made.append(
            {
                "quantity": "strength", "place": rule["place"], "organisation": rule["organisation"], "role": "",
                "low": low, "value": f"{(float(low) + float(high)) / 2:g}", "high": high,
                "bound": "at_least" if more else "", "refers_to": reference["refers_to"], "published": published,
                "basis": "stock", "definition": "with_families" if "family" in reference["note"] else "fighters",
                "family": "", "source": citations.cite(reference, published), "grade": reference["grade"],
                "verified": "yes", "note": "",
            }
        )  # fmt: skip
    return made


def _why_no_strength(reference: Reference, published: str) -> str:
    if fixed(published):
        return "published by 31 July 2018: it would change forecasts of the record of isis-2017"
    numbers = (reference["low"], reference["value"], reference["high"])
    return "" if any(numbers) else "organisations: no number"
