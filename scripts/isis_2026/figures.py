"""Builds figures of 2018 to March 2026: which gathered rows become figures of which quantity, and why others do not.

`rules.csv` says what a row is here by its quantity, nationality, place, custodian, population and note; the first rule
that fits holds. `exceptions.csv` changes single rows or leaves them out. Contradictory numbers stand side by side with
their report families and grades. A number that the case has already for the same people within a year, or that stands
in another row of its family, is kept once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from afterfall.case import PartialDate
from afterfall.importers.case_tables import Row
from afterfall.importers.citations import refers_to, slug
from afterfall.importers.reference_tables import Reference, changes_by_row
from isis_2026.cited import Citations, published_of
from isis_2026.gathered import barred, chosen, fixed, gathered

COUNTED_UNITS = frozenset({"persons", "fighters", "members", "attacks", "deaths"})
ROLES = {"men": "man", "women": "woman", "minors": "minor", "adults": "adult"}
AT_LEAST = re.compile(r"^(at least|more than|over|lower bound)|\b(at least|more than)$")
AT_MOST = re.compile(r"^(up to|fewer than|as many as)\b")
#: Grades of rows that their own source or its readers reject.
REJECTED = frozenset({"D4", "D5"})
YEAR = 366
#: What our notes say of a report family, or of a definition.
FAMILY_NOTES = {
    "moj_iq_list_2026_02": "from a table that the ministry disowned; its parts match the spokesman's numbers"
}
DEFINITION_NOTES = {
    "turkestan": "165 men under two names, Turkmenistan and Turkestan: the rows of China and Turkmenistan never add up",
}


def figures(
    folder: Path,
    places: frozenset[str],
    known: Sequence[Row],
    citations: Citations,
    left_out: Counter[str],
    more: Sequence[Row] = (),
) -> list[Row]:
    """The figures of the gathered table that the case does not have yet.

    Parameters
    ----------
    folder
        Folder of reference data.
    places
        Codes of the places of the case.
    known
        Figures of the case so far, which repeat some of these.
    citations, left_out
        Where sources are added, and rows left out are counted by reason.
    more
        Figures from other gathered tables, without names.
    """
    references = gathered(folder, "figures")
    changes = changes_by_row(chosen("exceptions"), references, "field")
    made = []
    for reference in references:
        change = changes.get((reference.table, reference.row), {})
        reason = barred(reference) or change.get("drop") or _reason(reference)
        rule = None if reason else _rule(reference)
        reason = reason or (rule or {}).get("drop", "")
        figure = None if reason or rule is None else _figure(reference, rule) | change
        if figure is not None and figure["place"] not in places:
            reason = "of a country that is no place of the case"
        if reason or figure is None:
            left_out[reason] += 1
        else:
            made.append(figure | {"source": citations.cite(reference, figure["published"])})
    ours = _new(_once(made, left_out), known, left_out)
    return _named([*ours, *_new(more, [*known, *ours], left_out)], known)


def _reason(reference: Reference) -> str:
    """Why a row is left out whatever it counts, or nothing."""
    if fixed(published_of(reference)):
        return "published by 31 July 2018: it would change forecasts of the record of isis-2017"
    if reference["grade"] in REJECTED:
        return "rejected by its own readers"
    if reference["unit"] not in COUNTED_UNITS:
        return "families, cases or breaches, not persons"
    if not reference.low and not reference["high"]:
        return "no number"
    return ""


def _rule(reference: Reference) -> Row:
    tests = (("iso", "iso3"), ("place", "place"), ("custodian", "custodian"), ("population", "population"))
    for rule in chosen("rules"):
        if rule["quantity"] not in ("*", reference["quantity"]):
            continue
        whole = all(_fits(rule[ours], reference[theirs], whole=ours != "place") for ours, theirs in tests)
        if whole and _fits(rule["note"], reference["note"]) and rule["basis"] in ("", reference["basis"]):
            return rule
    raise ValueError(f"no rule for figures row {reference.row}: {dict(reference.cells)}")


def _fits(pattern: str, text: str, *, whole: bool = False) -> bool:
    return not pattern or bool(re.fullmatch(pattern, text) if whole else re.search(pattern, text))


def _figure(reference: Reference, rule: Row) -> Row:
    published = published_of(reference)
    quantity = "attack_deaths" if reference["unit"] == "deaths" else rule["to"]
    low, high = _ends(reference)
    role = ROLES.get(reference["population"], "") if rule["role"] == "=" else rule["role"]
    return {
        "quantity": quantity, "place": rule["to_place"] or reference["iso3"], "organisation": rule["organisation"],
        "role": role, "low": _text(low), "value": _text((low + high) / 2), "high": _text(high),
        "bound": _bound(reference), "refers_to": refers_to(reference["refers_to"] or published, published),
        "published": published, "basis": rule["to_basis"] or _basis(reference, quantity),
        "definition": rule["definition"], "family": reference["report_family"].replace("_", "-"), "source": "",
        "grade": reference["grade"], "verified": reference["verified"],
        "note": "; ".join(filter(None, (_named_only(reference), _note(reference, rule)))),
    }  # fmt: skip


def _ends(reference: Reference) -> tuple[float, float]:
    """Both ends of a number; of a row that gives one end only, that end."""
    value, low, high = reference["value"], reference["low"], reference["high"]
    ends = [float(one) for one in (low or value or high, high or value or low)]
    return min(ends), max(ends)


def _text(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _bound(reference: Reference) -> str:
    low, high, note = reference["low"], reference["high"], reference["note"]
    if low and high:
        return ""
    if high or (not low and AT_MOST.search(note)):
        return "at_most"
    return "at_least" if low or AT_LEAST.search(note) else ""


def _basis(reference: Reference, quantity: str) -> str:
    if reference["basis"] != "flow":
        return reference["basis"]
    if quantity in ("attacks", "attack_deaths", "escaped"):
        return {len("2024-03-01"): "operation", len("2024-03"): "month"}.get(len(reference["refers_to"]), "year")
    return "year"


def _named_only(reference: Reference) -> str:
    named = reference["low"] == "1" and not reference["value"] and not reference["high"]
    return "named among those moved; no number was published" if named else ""


def _note(reference: Reference, rule: Row) -> str:
    interim = "an interim count" if reference["note"].startswith("interim") else ""
    notes = (FAMILY_NOTES.get(reference["report_family"]), DEFINITION_NOTES.get(rule["definition"]), interim)
    return "; ".join(filter(None, notes))


def _once(made: Iterable[Row], left_out: Counter[str]) -> list[Row]:
    """Of rows that repeat a number of their family, or of one day, the best graded with the earliest publication."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for figure in made:
        what = tuple(figure[c] for c in (*SAME, "definition", "family"))
        groups.setdefault((*what, figure["refers_to"][:7]), []).append(figure)
    kept = [
        min(repeats, key=lambda f: (f["grade"], PartialDate(f["published"]).last_day)) for repeats in groups.values()
    ]
    left_out["the same number from the same report family, kept once"] += sum(map(len, groups.values())) - len(kept)
    return kept


#: What two rows must agree in to be one number.
SAME = ("quantity", "place", "organisation", "role", "low", "high", "basis")


def _new(made: Iterable[Row], known: Sequence[Row], left_out: Counter[str]) -> list[Row]:
    """The rows whose number the case does not have for the same people within a year."""
    days: dict[tuple[str, ...], list[date]] = {}
    for row in known:
        days.setdefault(tuple(row[c] for c in SAME), []).append(PartialDate(row["refers_to"]).last_day)
    new = []
    for figure in made:
        day = PartialDate(figure["refers_to"]).last_day
        if any(abs((day - other).days) <= YEAR for other in days.get(tuple(figure[c] for c in SAME), ())):
            left_out["the case has this number already"] += 1
        else:
            new.append(figure)
    return new


def _named(made: Iterable[Row], known: Sequence[Row]) -> list[Row]:
    """The rows in order, each with a name that no other row has."""
    taken = {row["figure"] for row in known}
    named = []
    columns = ("quantity", "place", "published", "role", "family", "high", "source", "definition", "refers_to", "low")
    for figure in sorted(made, key=lambda f: tuple(f[c] for c in columns)):
        stem = slug(" ".join(figure[c] for c in ("quantity", "place", "organisation", "role", "published")))
        number = next(n for n in range(1, 1000) if (stem if n == 1 else f"{stem}-{n}") not in taken)
        name = stem if number == 1 else f"{stem}-{number}"
        taken.add(name)
        named.append(figure | {"figure": name})
    return named
