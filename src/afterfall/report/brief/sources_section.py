"""Sources with their grades, and what rests on priors alone."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.case import with_article
from afterfall.case.problems import report_lines
from afterfall.report.brief.content import BriefTable, BulletPoints, Paragraphs, Section
from afterfall.report.explain.why import UsedFigure, Why, rests_note
from afterfall.report.kit.case_warnings import counted
from afterfall.report.kit.text_table import TextTable, word_columns

#: Figures on the printed page at most.
PRINTED = 8
NO_FIGURES = (
    "No published figure of the country conditions this forecast: it rests on its region and on the world's total."
)
GRADES = (
    "Admiralty grades: reliability of the source from A to F, credibility of the statement from 1 to 6; of several "
    "sources of one number the best stands first. Figures of one report family are one piece of evidence. Most counts "
    "are of fighters only, on the day they were made; the forecast counts everyone who left, other adults and minors "
    "too, so that its numbers for the as-of date can be above them. Read as: with those repatriated since, or as a "
    "bound."
)

#: What is assumed where nothing is fitted, and where the past is: the fit joins all states at home and leaves out who
#: is sent to attack.
ASSUMED = (
    "Rates of leaving, destinations, dispositions at home and dispatch are among them: their ranges are assumptions, "
    "not findings."
)
LEARNED_IN_PART = (
    "Their ranges are assumptions, not findings. What becomes of people at home and who is sent to attack is never "
    "among what is fitted."
)


def sources_sections(chain: Why) -> tuple[Section, ...]:
    """The figures that condition the country's start: the newest on the printed page, all of them in an annex."""
    title = f"Sources: the figures of {with_article(chain.place)} that are read"
    if not chain.figures:
        return (Section("sources", title, (Paragraphs((NO_FIGURES + _warned(chain),)),)),)
    every = _as_one(chain.figures)
    newest = sorted(every, key=lambda one: one[0].refers_to, reverse=True)[:PRINTED]
    some = [one for one in every if one in newest]
    if len(some) == len(every):
        return (Section("sources", title, (BriefTable(_figures(some), GRADES + _warned(chain)),)),)
    note = f"The newest {len(some)} of {len(every)}; the annex of this brief has all. {GRADES}{_warned(chain)}"
    return (
        Section("sources", title, (BriefTable(_figures(some), note),)),
        Section("all-sources", f"{title}: all", (BriefTable(_figures(every), GRADES),), page=0),
    )


def _as_one(figures: Sequence[UsedFigure]) -> list[list[UsedFigure]]:
    """Figures as rows: those that state one number for one thing and date are one, the best graded source first."""
    rows: dict[tuple[str, float, str], list[UsedFigure]] = {}
    for one in figures:
        rows.setdefault((one.use, one.value, one.refers_to), []).append(one)
    return [sorted(same, key=lambda f: f.grade) for same in rows.values()]


def _figures(rows: Sequence[Sequence[UsedFigure]]) -> TextTable:
    columns = word_columns("read for", "published", "as of", "source (grade)")
    return TextTable(columns, (tuple((f[0].use, f[0].published, f[0].refers_to, _sources(f)) for f in rows),))


def _sources(same: Sequence[UsedFigure]) -> str:
    """Sources with their grades, each once."""
    named = list(dict.fromkeys(f"{one.title} ({one.grade})" for one in same))
    return "; also ".join(named)


def _warned(chain: Why) -> str:
    """How many rows look implausible, for the printed page; nothing where there are none."""
    if not chain.warnings:
        return ""
    return (
        f" {counted(len(chain.warnings))} about rows behind these numbers that look implausible: "
        "afterfall check and the annex of this brief list them."
    )


def warnings_sections(chain: Why) -> tuple[Section, ...]:
    """An annex of the rows behind the numbers that look implausible; none where there are none."""
    if not chain.warnings:
        return ()
    title = "Rows behind these numbers that look implausible"
    return (Section("warnings", title, (BulletPoints(tuple(report_lines(chain.warnings))),), page=0),)


def priors_section(chain: Why) -> Section:
    """How far data inform the parameters and how much is assumed, the drivers one by one."""
    rests = chain.rests
    drivers = "; ".join(f"{d.label} ({d.basis}; {d.source})" for d in chain.drivers[:4])
    main = (f"Main drivers of “{chain.label}”: {drivers}.",) if drivers else ()
    title = "What data inform, and what rests on priors only" if rests.fitted else "What rests on priors only"
    text = f"{rests_note(rests)} {LEARNED_IN_PART if rests.fitted else ASSUMED}"
    return Section("priors", title, (Paragraphs((text, *main)),))
