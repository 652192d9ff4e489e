"""The verbs that bring public data into a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from afterfall.case import Case, PartialDate, UnknownPlace, as_day, find_place, open_whole_case
from afterfall.case.place_names import country_codes
from afterfall.case.problems import Problem, name_problem
from afterfall.importers.import_items import ImportSettings, Period
from afterfall.importers.imported import ImportedData, ImportProblems
from afterfall.importers.importing import ImportRequest, find_source, import_file, wrong_request
from afterfall.importers.public_sources import SOURCES, PublicSource


def import_sources() -> tuple[PublicSource, ...]:
    """The public data sets that can be imported, with publisher, licence and the files that are read.

    Examples
    --------
    >>> [source.name for source in import_sources()][:3]
    ['ucdp-ged', 'ucdp-candidate', 'acled']
    """
    return SOURCES


def import_data(
    file: str | Path,
    *,
    source: str,
    published: date | str | None = None,
    vintage: str | None = None,
    case: Case | str | Path | None = None,
    countries: Iterable[str] = (),
    actor: str | None = None,
    organisation: str | None = None,
    by: Period = "month",
    since: date | str | None = None,
    until: date | str | None = None,
    grade: str | None = None,
    place: str = "XEU",
) -> ImportedData:
    """Read a file of a public data set into rows of case tables. Nothing is downloaded, and nothing is written.

    Parameters
    ----------
    file
        The file, as the publisher gives it.
    source
        Name of the data set; see `import_sources`.
    published
        When this release, or this download, was public: the publication date of every row. It may be left out where the
        file states a date (ACLED, SDMX-CSV of Eurostat), and must not lie before that one.
    vintage
        Name of the release, such as ``"24.1"``: it goes into the name and the title of the source.
    case
        Case whose places are read, by name, folder or as a case; by default every country.
    countries
        Only these countries, by code or name. Tables of two countries keep rows with one of them.
    actor
        Of events, only those with these whole words in the name of a side, in any case.
    organisation
        Organisation of the case that the figures are about; of events, with `actor`.
    by
        Whether events are added up by ``"month"`` or by ``"year"``.
    since, until
        Only what lies between these days.
    grade
        Admiralty grade of figures (``"B2"``); by default that of the data set.
    place
        Code of the place that Frontex's crossings are about: by default the European Union's outer border.

    Returns
    -------
    ImportedData
        Rows by table, with what became of each row of the file. Its methods write them into a folder (`write`), add
        them to a case (`add_to`), or give data frames (`to_pandas`, `report`).

    Raises
    ------
    ImportProblems
        With everything that is wrong with the file and the request.
    CaseError, UnknownCaseError
        If the case cannot be opened.

    Examples
    --------
    >>> found = import_data("ged241.csv", source="ucdp-ged", published="2024-06", vintage="24.1")  # doctest: +SKIP
    >>> found.add_to("my-case")  # doctest: +SKIP
    """
    known = find_source(source)
    whole = open_whole_case(case) if isinstance(case, str | Path) else case
    problems: list[Problem] = []
    settings = ImportSettings(
        countries=_codes(countries, problems),
        actor=actor or "",
        by=_period(by, problems),
        since=_first_day(since, "since", problems),
        until=_last_day(until, problems),
        place=place,
    )
    if organisation and whole is not None:
        names = [one.organisation for one in whole.organisations]
        if organisation not in names:
            expected = "an organisation of the case"
            problems.append(
                name_problem(organisation, names, expected, file="request", row=None, column="organisation")
            )
    request = ImportRequest(
        published=str(published or ""),
        vintage=vintage or "",
        grade=grade or "",
        organisation=organisation or "",
        places=None if whole is None else frozenset(one.place for one in whole.places),
    )
    problems += wrong_request(known, Path(file), settings, request)
    if problems:
        raise ImportProblems(Path(file).name, problems)
    return import_file(known, Path(file), settings, request)


def _codes(countries: Iterable[str], problems: list[Problem]) -> frozenset[str]:
    """Codes of countries given by code or name; appends to `problems` what names none."""
    found = set()
    for name in countries:
        try:
            found.add(find_place(name, country_codes()))
        except UnknownPlace as unknown:
            nearest = unknown.nearest[0] if unknown.nearest else None
            problems.append(Problem("request", None, "country", repr(name), "the code or name of a country", nearest))
    return frozenset(found)


def _period(by: Period, problems: list[Problem]) -> Period:
    if by not in ("month", "year"):
        problems.append(name_problem(by, ("month", "year"), "month or year", file="request", row=None, column="by"))
    return by


def _first_day(day: date | str | None, name: str, problems: list[Problem]) -> date | None:
    """The first day that a date can mean, since a year that limits a range begins on 1 January."""
    if not isinstance(day, str):
        return day
    try:
        return PartialDate(day).first_day
    except ValueError:
        problems.append(Problem("request", None, name, repr(day), "a date as YYYY, YYYY-MM or YYYY-MM-DD"))
        return None


def _last_day(day: date | str | None, problems: list[Problem]) -> date | None:
    if day is None or _first_day(day, "until", problems) is None:
        return None
    return as_day(day)
