"""Sources with their grades, and what rests on priors alone."""

from __future__ import annotations

from afterfall.report.brief.content import Paragraphs, Section, Sheet
from afterfall.report.grids import Column, Grid
from afterfall.report.why import Why

NO_FIGURES = (
    "No published figure of the country conditions this forecast: it leans on its region and on the world's total."
)
GRADES = (
    "Admiralty grades: reliability of the source from A to F, credibility of the statement from 1 to 6. Figures of "
    "one report family repeat one count and are one piece of evidence."
)


def sources_section(chain: Why) -> Section:
    """The figures that condition the country's start."""
    title = f"Sources: the figures of {chain.place} that are read"
    if not chain.figures:
        return Section("sources", title, (Paragraphs((NO_FIGURES,)),))
    columns = tuple(Column(h) for h in ("read for", "said", "as of", "grade", "source"))
    rows = tuple((f.use, f.said, f.refers_to, f.grade, f.title) for f in chain.figures)
    return Section("sources", title, (Sheet(Grid(columns, (rows,)), GRADES),))


def priors_section(chain: Why) -> Section:
    """How much is learned and how much assumed, the drivers one by one."""
    sourced = chain.parameters - chain.uninformed
    text = (
        f"{chain.basis} Of {chain.parameters} parameters {chain.uninformed} have a wide prior with no source and "
        f"{sourced} one from a published source or from the case's own figures. Rates of leaving, destinations, "
        "dispositions at home and dispatch are of this kind: their ranges are assumptions, not findings."
    )
    drivers = "; ".join(f"{d.label} ({d.basis}; {d.source})" for d in chain.drivers[:4])
    texts = (text, f"What “{chain.label}” follows most: {drivers}.") if drivers else (text,)
    return Section("priors", "What rests on priors alone", (Paragraphs(texts),))
