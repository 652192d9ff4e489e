"""When a figure counts as published, from its stated date and its citation; names for sources and figures.

The date next to a figure in a reference table is that of the statement. For a figure that was quoted later it is only
the date referred to. A figure counts as published when the page that prints it appeared: the later of the two.
Encyclopedias are the exception. They compile statements that were made in public at their own dates, so the date of the
statement stands, with a low grade.
"""

from __future__ import annotations

import calendar
import re
import unicodedata

from afterfall.case import PartialDate

ENCYCLOPEDIA = "encyclopedia"
#: Longest slug, in characters.
LONGEST = 72
MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
MONTH = "|".join(MONTHS)
_DATE = re.compile(rf"(?:\b(?P<day>\d{{1,2}}) )?\b(?P<month>{MONTH})[a-z]* (?P<year>20\d\d)|\b(?P<only>20\d\d)\b")
_URL_DATE = re.compile(r"/(20\d\d)/(\d\d?)(?:/(\d\d?))?(?:/|$|-)")


def printed(citation: str, url: str) -> str:
    """The date on which a cited page appeared, as precise as the citation and its address say; empty if unknown.

    >>> printed("Krone Jul 2017 on a report", "")
    '2017-07'
    >>> printed("A paper Feb 2017", "https://example.org/2017/02/07/a-story")
    '2017-02-07'
    """
    found = _DATE.search(citation)
    if not found:
        return ""
    parts = found.groupdict()
    text = parts["only"] or f"{parts['year']}-{MONTHS[parts['month'][:3]]:02d}"
    if parts["day"]:
        text += f"-{int(parts['day']):02d}"
    address = _URL_DATE.search(url)
    if address is None:
        return text
    finer = "-".join(part.zfill(2) for part in address.groups() if part)
    try:
        return finer if len(finer) > len(text) and within(finer, text) else text
    except ValueError:  # a number in the address that is no day of the calendar
        return text


def published(stated: str, citation: str, url: str, kind: str) -> str:
    """When a figure became public.

    Parameters
    ----------
    stated
        Date of the statement.
    citation, url
        The page that prints it.
    kind
        Kind of source; `ENCYCLOPEDIA` keeps the date of the statement.
    """
    page = printed(citation, url)
    if kind == ENCYCLOPEDIA or not page:
        return stated
    if within(page, stated) or PartialDate(stated).last_day < PartialDate(page).first_day:
        return page
    return stated


def refers_to(stated: str, public: str) -> str:
    """The date a figure refers to: the stated one, unless that would lie after its publication."""
    return stated if PartialDate(stated).last_day <= PartialDate(public).last_day else public


def within(fine: str, coarse: str) -> bool:
    """Whether one partial date lies inside another.

    >>> within("2015-01-26", "2015-01"), within("2015", "2015-01")
    (True, False)
    """
    inner, outer = PartialDate(fine), PartialDate(coarse)
    return outer.first_day <= inner.first_day and inner.last_day <= outer.last_day


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most `LONGEST` characters.

    >>> slug("Côte d'Ivoire, 2016")
    'cote-d-ivoire-2016'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")
