"""Sources with their grades, and what rests on priors alone."""

from __future__ import annotations

from afterfall.case import with_article
from afterfall.report.brief.content import BriefTable, Paragraphs, Section
from afterfall.report.explain.why import Why, rests_note
from afterfall.report.kit.table import TableColumn, TextTable

NO_FIGURES = (
    "No published figure of the country conditions this forecast: it leans on its region and on the world's total."
)
GRADES = (
    "Admiralty grades: reliability of the source from A to F, credibility of the statement from 1 to 6. Figures of "
    "one report family repeat one count and are one piece of evidence. Most counts hold fighters alone, on the day "
    "they were made; the forecast holds everyone who left, other adults and minors too, so that its numbers for the "
    "as-of date can lie above them."
)

#: What is assumed where nothing is fitted, and where the past is: the fit lumps all states at home and leaves out who
#: is sent to attack.
ASSUMED = (
    "Rates of leaving, destinations, dispositions at home and dispatch are among them: their ranges are assumptions, "
    "not findings."
)
LEARNED_IN_PART = (
    "Their ranges are assumptions, not findings. What becomes of people at home and who is sent to attack is never "
    "among what is fitted."
)


def sources_section(chain: Why) -> Section:
    """The figures that condition the country's start."""
    title = f"Sources: the figures of {with_article(chain.place)} that are read"
    if not chain.figures:
        return Section("sources", title, (Paragraphs((NO_FIGURES,)),))
    columns = tuple(TableColumn(h) for h in ("read for", "said", "as of", "grade", "source"))
    rows = tuple((f.use, f.said, f.refers_to, f.grade, f.title) for f in chain.figures)
    return Section("sources", title, (BriefTable(TextTable(columns, (rows,)), GRADES),))


def priors_section(chain: Why) -> Section:
    """How much is learned and how much assumed, the drivers one by one."""
    rests = chain.rests
    drivers = "; ".join(f"{d.label} ({d.basis}; {d.source})" for d in chain.drivers[:4])
    told = (f"What “{chain.label}” follows most: {drivers}.",) if drivers else ()
    title = "What was learned, and what rests on priors alone" if rests.fitted else "What rests on priors alone"
    text = f"{rests_note(rests)} {LEARNED_IN_PART if rests.fitted else ASSUMED}"
    return Section("priors", title, (Paragraphs((text, *told)),))
