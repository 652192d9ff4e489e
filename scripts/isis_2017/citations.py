"""Turns a citation of the reference tables into a source: name, title, publisher, kind, grade and report family.

When a figure counts as published is a rule of `afterfall.importers.citations`. What is particular to this case are the
tables of patterns: kinds of sources (`source_kinds.csv`), grades (`grades.csv`) and report families (`families.csv`).
"""

from __future__ import annotations

import re

from afterfall.importers.case_tables import Row
from afterfall.importers.citations import MONTH, printed, slug
from isis_2017.tables import selection

#: Remarks of the reference in brackets that are no part of a citation.
REMARKS = re.compile(r"\s*\((?:[^()]*(?:from memory|names a person|the seed text)[^()]*)\)")


def source_name(citation: str) -> str:
    """Name of the source of a citation."""
    return slug(REMARKS.sub("", citation))


def first_match(table: str, text: str, column: str) -> str:
    """The value of the first row of a table of patterns that is found in the text; empty if none is."""
    for row in selection(table):
        if re.search(row["pattern"], text):
            return row[column]
    return ""


def kind_of(citation: str) -> str:
    """Kind of source: official, report, relayed, press, weak, encyclopedia or memory."""
    return first_match("source_kinds", citation, "kind")


def grade_of(kind: str, verified: str) -> str:
    """Admiralty grade by kind of source and whether the page itself was read."""
    return next(row["grade"] for row in selection("grades") if (row["kind"], row["verified"]) == (kind, verified))


def family_of(report: str, citation: str, place: str) -> str:
    """The report family: rows of one family repeat one underlying count and are not independent."""
    known = re.fullmatch(r"(ICSR|TSG|TSC)(20\d\d)", report)
    if known:
        return f"{known[1].lower()}-{known[2]}"
    if report == "WIKI":
        return slug(f"wikipedia {place}")
    family = first_match("families", citation, "family")
    return f"official-{place.lower()}" if family == "official" else family or source_name(citation)


def source(citation: str, url: str) -> Row:
    """The source record of a citation; `published` is settled once it is known which figures use it."""
    title = REMARKS.sub("", citation).strip()
    publisher = re.split(rf",| quoting | on |\s(?=(?:\d{{1,2}} )?(?:{MONTH})[a-z]* 20)|\s(?=20\d\d)|\s\(", title)[0]
    kind = kind_of(citation)
    note = {"encyclopedia": "compiled later; each figure keeps the date of its statement", "memory": "not read"}
    return {
        "source": source_name(citation),
        "title": title,
        "publisher": publisher,
        "published": printed(citation, url),
        "url": url,
        "licence": "facts only, cited",
        "note": note.get(kind, ""),
    }
