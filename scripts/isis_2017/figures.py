"""Builds figures.csv: which reference rows become figures of which quantity, and why the others do not.

`rules.csv` says what the outcome or measure of a row is here, `kinds.csv` whom it counts, and `exceptions.csv` changes
single rows. Rows left out are counted by reason. Of rows that repeat each other (the same number for the same people
from the same report, or on the same day), one is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from afterfall.case import PartialDate
from afterfall.importers.case_tables import Row
from afterfall.importers.citations import published, refers_to, slug
from afterfall.importers.reference_tables import Reference
from isis_2017 import citations
from isis_2017.tables import exceptions, selection, splits

BASIS = {
    "cumulative to date": "cumulative", "stock at date": "stock", "one operation": "operation", "in the year": "year",
    "per month": "month", "percent of travellers": "share",
}  # fmt: skip
THEATRE = {
    "Iraq": "IRQ", "Syria": "SYR", "Iraq and Syria": "theatre", "Syria and Iraq": "theatre", "worldwide": "WLD",
}  # fmt: skip
ROLES = {
    "man": "man", "men": "man", "male": "man", "males": "man", "woman": "woman", "women": "woman", "mothers": "woman",
    "child": "minor", "children": "minor", "minors": "minor", "adult": "adult", "adults": "adult",
}  # fmt: skip
COUNTED = re.compile(r"(\d+) (men|man|males|women|woman|mothers|children|child|minors|adults?)\b")
SHARES = {"returned": "returned_share", "killed": "killed_share"}
COUNTING = {"us-government", "un", "eu", "europol", "ihs", "hrw", "canada-public-report"}


@dataclass
class Kept:
    """Figures so far, the sources they cite, and how many rows were left out, by reason."""

    figures: list[Row] = field(default_factory=list)
    sources: dict[str, Row] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def select(references: list[Reference], kept: Kept) -> None:
    """Add the figures of these reference rows to what is kept."""
    changes, roles = exceptions(references), splits(references)
    for reference in references:
        change = changes.get((reference.table, reference.row), {})
        rule = _rule(reference)
        reason = change.get("drop") or rule["drop"] or ("" if reference.low else "no number")
        if reason:
            kept.left_out[reason] += 1
            continue
        figure = _figure(reference, rule, change, kept)
        kept.figures.append(figure)
        kept.figures.extend(_by_role(reference, figure, roles.get((reference.table, reference.row), {})))


def _rule(reference: Reference) -> Row:
    word = reference["outcome"] or reference["measure"] or reference["kind"]
    if reference.table == "attacks":
        word = f"{reference['place']}: {word}"
    for rule in selection("rules"):
        pattern = re.escape(rule["word"]).replace(r"\*", ".*")
        if rule["table"] == reference.table and re.fullmatch(pattern, word):
            return rule
    raise ValueError(f"no rule for {reference.table} row {reference.row}: {word!r}")


def _figure(reference: Reference, rule: Row, change: Row, kept: Kept) -> Row:
    citation, url = reference["source"], reference["source_url"]
    source = citations.source(citation, url)
    kept.sources.setdefault(source["source"], source)
    kind = citations.kind_of(citation)
    verified = reference["verified"]
    public = change.get("published") or published(reference["as_of"], citation, url, kind)
    whom = _kind(reference)
    organisation = _organisation(reference, rule)
    place = rule["place"] or reference["iso3"] or _theatre(reference)
    figure = {
        "quantity": rule["quantity"], "place": place, "organisation": organisation,
        "role": rule["role"] or whom["role"], "bound": "",
        "refers_to": refers_to(reference["as_of"], public), "published": public,
        "basis": rule["basis"] or BASIS.get(reference["basis"], ""),
        "definition": rule["definition"] or whom["definition"],
        "family": citations.family_of(reference["report"], citation, place),
        "source": source["source"], "grade": citations.grade_of(kind, verified), "verified": verified, "note": "",
    }  # fmt: skip
    if reference["period"]:
        figure["refers_to"] = refers_to(_end(reference["period"]), public)
    figure.update({key: value for key, value in change.items() if key != "published"})
    return _numbers(reference, figure)


def _numbers(reference: Reference, figure: Row) -> Row:
    low, high = sorted((float(reference.low), float(reference.high)))
    percent = reference["unit"].startswith("percent")
    if percent:
        low, high = low / 100, high / 100
        figure["quantity"] = SHARES.get(figure["quantity"], figure["quantity"])
    return figure | {"low": _text(low), "value": _text((low + high) / 2), "high": _text(high)}


def _text(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def _end(period: str) -> str:
    """The last date of a period such as `2014-06 to 2017-06` or `2014-2016`."""
    tail = period.split(" to ")[-1]
    return tail[5:] if re.fullmatch(r"20\d\d-20\d\d", tail) else tail


def _kind(reference: Reference) -> Row:
    for row in selection("kinds"):
        if row["table"] == reference.table and re.search(row["pattern"], reference["kind"]):
            return row
    return {"role": "", "definition": ""}


def _theatre(reference: Reference) -> str:
    place = reference["scope"] or reference["place"]
    return THEATRE.get(place, "ne-syria")


def _organisation(reference: Reference, rule: Row) -> str:
    if reference.table != "offshoots":
        return rule["organisation"]
    for row in selection("groups"):
        if row["group"] == reference["group"]:
            return row["organisation"]
    return ""


def _by_role(reference: Reference, total: Row, given: Row) -> list[Row]:
    """The parts of a total by role: printed in the reference's `kind`, or listed in `splits.csv`."""
    parts: dict[str, int] = {}
    for number, word in COUNTED.findall(reference["kind"]) if reference.table == "outcomes" else []:
        parts[ROLES[word]] = parts.get(ROLES[word], 0) + int(number)
    parts |= {role: int(value) for role, value in given.items()}
    if total["role"] or not parts:
        return []
    return [
        total | {"role": role, "low": str(n), "value": str(n), "high": str(n), "definition": "affiliates", "bound": ""}
        for role, n in sorted(parts.items())
    ]


def without_repeats(kept: Kept) -> None:
    """Keep one of the rows that repeat each other, then name the figures.

    Of repeats on one day the best graded is kept. Of a report printed once and quoted for years, the best graded is
    kept with the date of the earliest. A body that counts regularly (an office, a ministry) may find the same number
    twice, so its counts of different dates are not repeats.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for figure in kept.figures:
        what = tuple(figure[c] for c in ("quantity", "place", "organisation", "role", "low", "high", "family"))
        counts_again = figure["family"].startswith("official-") or figure["family"] in COUNTING
        groups.setdefault((*what, figure["published"] if counts_again else ""), []).append(figure)
    chosen = []
    for repeats in groups.values():
        best = min(repeats, key=lambda f: (f["verified"] == "no", f["grade"], PartialDate(f["published"]).last_day))
        first = min(repeats, key=lambda f: PartialDate(f["published"]).last_day)
        chosen.append(best | {"published": first["published"], "refers_to": first["refers_to"]})
    kept.left_out["the same number from the same report or day, kept once"] += len(kept.figures) - len(chosen)
    kept.figures[:] = _named(chosen)


def _named(figures: list[Row]) -> list[Row]:
    ordered = sorted(
        figures,
        key=lambda f: (
            f["quantity"],
            f["place"],
            PartialDate(f["published"]).last_day,
            f["role"],
            f["family"],
            float(f["high"]),
            f["source"],
        ),
    )
    counts: Counter[str] = Counter()
    named = []
    for figure in ordered:
        stem = slug(" ".join(figure[c] for c in ("quantity", "place", "organisation", "role", "published")))
        counts[stem] += 1
        named.append(figure | {"figure": stem if counts[stem] == 1 else f"{stem}-{counts[stem]}"})
    return named
