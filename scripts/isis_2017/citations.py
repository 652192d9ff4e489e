"""Turns a citation of the reference into a source: slug, title, publisher, date, kind, grade and family.

**Dates.** The date beside a reference figure is that of the statement, but for a figure quoted later it is
only the date referred to. A figure counts as published when the page that prints it was: the later of the
two. Encyclopedia copies are the exception: they compile statements made in public at their own dates, so
the date of the statement stands, at a low grade.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from isis_2017.tables import Row, selection

MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
MONTH = "|".join(MONTHS)
DATE = re.compile(rf"(?:\b(?P<day>\d{{1,2}}) )?\b(?P<month>{MONTH})[a-z]* (?P<year>20\d\d)|\b(?P<only>20\d\d)\b")
URL_DATE = re.compile(r"/(20\d\d)/(\d\d?)(?:/(\d\d?))?(?:/|$|-)")
LEFT_OUT = re.compile(r"\s*\((?:[^()]*(?:from memory|names a person|the seed text)[^()]*)\)")


def last_day(text: str) -> date:
    """Last day of a partial date (`2016` is 31 December)."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def first_day(text: str) -> date:
    """First day of a partial date (`2016` is 1 January)."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    return date(year, month or 1, day or 1)


def within(fine: str, coarse: str) -> bool:
    """Whether one partial date lies inside another."""
    return first_day(coarse) <= first_day(fine) and last_day(fine) <= last_day(coarse)


def printed(citation: str, url: str) -> str:
    """The date on which the cited page appeared, as precisely as the citation and its address say; empty if unknown."""
    found = DATE.search(citation)
    if not found:
        return ""
    parts = found.groupdict()
    text = parts["only"] or f"{parts['year']}-{MONTHS[parts['month'][:3]]:02d}"
    if parts["day"]:
        text += f"-{int(parts['day']):02d}"
    address = URL_DATE.search(url)
    if address:
        fine = "-".join(part.zfill(2) for part in address.groups() if part)
        try:
            return fine if len(fine) > len(text) and within(fine, text) else text
        except ValueError:
            return text
    return text


def published(stated: str, citation: str, url: str, kind: str) -> str:
    """When a figure became public: see the opening of this file."""
    page = printed(citation, url)
    if kind == "encyclopedia" or not page:
        return stated
    if within(page, stated) or last_day(stated) < first_day(page):
        return page
    return stated


def refers_to(stated: str, public: str) -> str:
    """The date a figure speaks of: the stated one, unless that would lie after its publication."""
    return stated if last_day(stated) <= last_day(public) else public


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 72 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", LEFT_OUT.sub("", plain).lower()).strip("-")[:72].strip("-")


def first_match(table: str, text: str, column: str) -> str:
    """The value of the first row of a table of patterns that is found in the text; empty if none is."""
    for row in selection(table):
        if re.search(row["pattern"], text):
            return row[column]
    return ""


def kind_of(citation: str) -> str:
    """What sort of source: official, report, relayed, press, weak, encyclopedia or memory."""
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
    return f"official-{place.lower()}" if family == "official" else family or slug(citation)


def source(citation: str, url: str) -> Row:
    """The source record of a citation; `published` is settled once it is known which figures use it."""
    title = LEFT_OUT.sub("", citation).strip()
    publisher = re.split(rf",| quoting | on |\s(?=(?:\d{{1,2}} )?(?:{MONTH})[a-z]* 20)|\s(?=20\d\d)|\s\(", title)[0]
    kind = kind_of(citation)
    note = {"encyclopedia": "compiled later; each figure keeps the date of its statement", "memory": "not read"}
    return {
        "source": slug(citation), "title": title, "publisher": publisher, "published": printed(citation, url),
        "url": url, "licence": "facts only, cited", "note": note.get(kind, ""),
    }  # fmt: skip
