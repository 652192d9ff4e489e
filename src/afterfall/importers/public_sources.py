"""The register of public data sets that can be imported: each with its publisher, its licence and its reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from afterfall.importers.acled_events import NEEDED as ACLED
from afterfall.importers.acled_events import acled_items
from afterfall.importers.eurostat_tables import NEEDED as EUROSTAT
from afterfall.importers.eurostat_tables import eurostat_items, is_stacked
from afterfall.importers.file_tables import FileTable
from afterfall.importers.frontex_tables import FRONTEX_NAMES, frontex_items, month_of
from afterfall.importers.hxl_tables import hxl_items
from afterfall.importers.import_items import Reader
from afterfall.importers.ucdp_events import GED_COLUMNS, ucdp_items
from afterfall.importers.ucdp_events import NEEDED as UCDP
from afterfall.importers.unhcr_tables import POPULATION, SHARED, SOLUTIONS, unhcr_reader
from afterfall.importers.views_actuals import VIEWS_NAMES, views_items

Names = Mapping[str, tuple[str, ...]]
CC_BY = "CC BY 4.0"


@dataclass(frozen=True, slots=True)
class PublicSource:
    """A public data set that can be imported.

    Attributes
    ----------
    name
        What a command calls it.
    title, publisher, url, licence
        As they go into sources.csv.
    forms
        Files that are read, in words.
    family
        Report family of its figures: data sets that repeat one count share it.
    grade
        Admiralty grade of its figures, where the user gives none.
    needed
        Columns that a file must have, each with its other names.
    any_of
        Columns of which a file must have one, each with its other names.
    read
        Its reader.
    without_header
        Columns of files that have no header row.
    of_events
        Whether its rows are events, which can be taken by actor and added up by month or year.
    dated_by
        What in a file says from when it is; empty where nothing does, so that the user must.
    """

    name: str
    title: str
    publisher: str
    url: str
    licence: str
    forms: str
    needed: Names
    read: Reader
    any_of: Names = field(default_factory=dict)
    family: str = ""
    grade: str = "B2"
    without_header: Sequence[str] = ()
    of_events: bool = False
    dated_by: str = ""

    def lacking(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Columns that a header row lacks, by their first names."""
        missing = [name for name, others in self.needed.items() if not {name, *others} & set(columns)]
        options = {one for name, others in self.any_of.items() for one in (name, *others)}
        if options and not options & set(columns):
            missing.append(" or ".join(self.any_of))
        return tuple(missing)

    def fits(self, table: FileTable | Sequence[str]) -> bool:
        """Whether a header row (or the table below it) is one of this data set."""
        columns = table.columns if isinstance(table, FileTable) else table
        if self.name == "hxl":
            return isinstance(table, FileTable) and bool(table.tags)
        if self.name == "eurostat-asylum" and columns and is_stacked(columns[0]):
            return True
        months = self.name != "frontex-crossings" or any(map(month_of, columns))
        return not self.lacking(columns) and months


def _plain(columns: Sequence[str]) -> Names:
    return dict.fromkeys(columns, ())


UCDP_PUBLISHER = "Uppsala Conflict Data Program"
UNHCR_URL = "https://www.unhcr.org/refugee-statistics/download"
SOURCES: tuple[PublicSource, ...] = (
    PublicSource(
        name="ucdp-ged",
        title="UCDP Georeferenced Event Dataset (GED)",
        publisher=UCDP_PUBLISHER,
        url="https://ucdp.uu.se/downloads/",
        licence=CC_BY,
        forms="CSV of a yearly release; JSON of the API (all pages in one list); CSV with HXL tags from HDX",
        needed=_plain(UCDP),
        read=ucdp_items,
        family="ucdp",
        without_header=GED_COLUMNS,
        of_events=True,
    ),
    PublicSource(
        name="ucdp-candidate",
        title="UCDP Candidate Events Dataset",
        publisher=UCDP_PUBLISHER,
        url="https://ucdp.uu.se/downloads/",
        licence=CC_BY,
        forms="CSV of a monthly or quarterly release, with or without a header row; JSON of the API",
        needed=_plain(UCDP),
        read=ucdp_items,
        family="ucdp",
        grade="B3",
        without_header=GED_COLUMNS,
        of_events=True,
    ),
    PublicSource(
        name="acled",
        title="Armed Conflict Location and Event Data (ACLED)",
        publisher="ACLED",
        url="https://acleddata.com",
        licence="ACLED terms of use: attribution, and no passing on of the data",
        forms="CSV of the data export tool; JSON of the API",
        needed=_plain(ACLED),
        read=acled_items,
        of_events=True,
        dated_by="the column timestamp",
    ),
    PublicSource(
        name="unhcr-population",
        title="UNHCR Refugee Data Finder: population figures",
        publisher="UNHCR",
        url=UNHCR_URL,
        licence=CC_BY,
        forms="population.csv of a download; JSON of the API (all pages in one list)",
        needed=SHARED,
        any_of={name: movement.names for name, movement in POPULATION.items()},
        read=unhcr_reader(POPULATION),
    ),
    PublicSource(
        name="unhcr-solutions",
        title="UNHCR Refugee Data Finder: solutions",
        publisher="UNHCR",
        url=UNHCR_URL,
        licence=CC_BY,
        forms="solutions.csv of a download; JSON of the API (all pages in one list)",
        needed=SHARED,
        any_of={name: SOLUTIONS[name].names for name in ("resettlement", "naturalisation")},
        read=unhcr_reader(SOLUTIONS),
    ),
    PublicSource(
        name="eurostat-asylum",
        title="Eurostat: first-time asylum applicants by citizenship",
        publisher="Eurostat",
        url="https://ec.europa.eu/eurostat/databrowser/view/migr_asyappctza",
        licence=CC_BY,
        forms="SDMX-CSV or TSV of migr_asyappctza (years) or migr_asyappctzm (months)",
        needed=_plain(EUROSTAT),
        read=eurostat_items,
        dated_by="the column LAST UPDATE of SDMX-CSV",
    ),
    PublicSource(
        name="frontex-crossings",
        title="Frontex: monthly detections of illegal border-crossing",
        publisher="Frontex",
        url="https://www.frontex.europa.eu/what-we-do/monitoring-and-risk-analysis/migratory-map/",
        licence="Frontex legal notice: reuse with acknowledgement",
        forms="the sheet Detections_of_IBC, saved as CSV",
        needed=FRONTEX_NAMES,
        read=frontex_items,
    ),
    PublicSource(
        name="views-actuals",
        title="VIEWS: deaths in state-based conflict by country and month",
        publisher="VIEWS",
        url="https://viewsforecasting.org",
        licence=CC_BY,
        forms="Parquet or CSV with month_id, country_id and outcome",
        needed=VIEWS_NAMES,
        read=views_items,
        family="ucdp",
    ),
    PublicSource(
        name="hxl",
        title="Table of the Humanitarian Data Exchange",
        publisher="Humanitarian Data Exchange (HDX)",
        url="https://data.humdata.org",
        licence="",
        forms="CSV with a row of HXL tags below the header",
        needed={},
        read=hxl_items,
    ),
)
BY_NAME: Mapping[str, PublicSource] = {source.name: source for source in SOURCES}
