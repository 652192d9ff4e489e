"""The forecast of the world or one country for the page: judgements, dots, fans, and published figures of the past."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from afterfall.case import WORLD, Case, with_article
from afterfall.model import Model
from afterfall.report.brief.content import Judgement
from afterfall.report.brief.making import country_judgements
from afterfall.report.brief.world_judging import world_judgements
from afterfall.report.explain.why import country_notes
from afterfall.report.forecast.in_short import in_short
from afterfall.report.forecast.outlook import Outlook, OutlookLine
from afterfall.report.forecast.outlook_of_run import outlook_of_forecast
from afterfall.report.forecast.svg_charts import pathway_words
from afterfall.report.kit.case_warnings import READ
from afterfall.report.kit.likelihood_words import SCALES, Scale
from afterfall.report.kit.number_formats import NOTHING, day
from afterfall.report.kit.theme import look
from afterfall.report.track_record.earlier_scores import track_record
from afterfall.run import Run
from afterfall.web.entries import (
    driver_entry,
    fan_entry,
    published_entry,
    range_entry,
    sent,
    sent_list,
    stamp_entry,
)
from afterfall.web.schemas import (
    ForecastAnswer,
    IngredientEntry,
    JudgementEntry,
    LineEntry,
    PublishedEntry,
)
from afterfall.web.view_state import ViewQuery, code_of

#: Months between the points of a fan.
FAN_STEP = 3
READING = "Each dot is a 1-in-20 chance. Line: 90% of simulations; tick: median. Mean shares add up; medians do not."


def forecast_answer(run: Run, model: Model, view: ViewQuery) -> ForecastAnswer:
    """The forecast of a view.

    Raises
    ------
    ValueError
        If the run has no such month or country.
    """
    country = None if view.world else view.focus
    code = code_of("forecast", view, model.case.reference, run.request.trajectories)
    outlook = outlook_of_forecast(run, command=code.command, at=view.at, country=country)
    scale = SCALES[view.words]
    record = track_record(run.request.case, run.as_of)
    if outlook.country is None:
        judged = world_judgements(run, model, scale, record)
    else:
        judged = country_judgements(run, model, outlook.country, scale, record)
    lines = (*outlook.pathways, *outlook.fates, *outlook.there, *outlook.counters)
    return ForecastAnswer(
        stamp=stamp_entry(run, view),
        code=code,
        focus=outlook.country or WORLD,
        name=outlook.who,
        the_name=with_article(outlook.who),
        at=outlook.at,
        at_date=outlook.at_date.isoformat(),
        title=judged[0].text,
        subtitle=f"{outlook.title}: people on {day(outlook.at_date)}. {READING}",
        in_short=list(in_short(outlook)),
        judgements=[judgement_entry(one, run, outlook, scale) for one in judged],
        everyone=range_entry(outlook.total),
        largest={name: sent(share) for name, share in outlook.largest.items()},
        lines=[line_entry(one, run, outlook) for one in lines],
        sentences=_sentences(outlook),
        history=history(model.case, outlook.country or WORLD),
        notes=list(country_notes(run, country)),
    )


def judgement_entry(one: Judgement, run: Run, outlook: Outlook, scale: Scale) -> JudgementEntry:
    """A judgement with its chain in short."""
    term = scale.term(one.probability) if 0.01 <= one.probability <= 0.99 else None
    chain = one.why
    drivers = [] if chain is None else [driver_entry(d) for d in chain.drivers[:3]]
    moves = ""
    if drivers:
        first = drivers[0]
        moves = (
            f"It would change most if more were known about {first.label}: {first.low} where that is lowest, "
            f"{first.high} where it is highest."
        )
    return JudgementEntry(
        text=one.text,
        event=one.event,
        place=outlook.who if chain is None else chain.place,
        by=run.date(one.month).isoformat(),
        month=one.month,
        quantity=one.quantity,
        probability=one.probability,
        term=None if term is None else term.text,
        term_range=None if term is None else term.range,
        scale=scale.code,
        range_text=one.spread,
        low90=sent(one.range90.low90),
        median=sent(one.range90.median),
        high90=sent(one.range90.high90),
        confidence=one.confidence.level,
        confidence_text=f"{one.confidence.sentence()} {one.confidence.change()}",
        ingredients=[IngredientEntry(name=i.name, grade=i.grade, why=i.why) for i in one.confidence.ingredients],
        moves_if=moves,
        drivers=drivers,
        evidence=[] if chain is None else list(dict.fromkeys(f"{f.title} ({f.grade})" for f in chain.figures))[:8],
    )


def line_entry(one: OutlookLine, run: Run, outlook: Outlook) -> LineEntry:
    """A quantity as dots and by month; the fan is thinned to every third month."""
    marks = look().pathways
    mark = marks.get(one.code)
    chosen = [i for i, m in enumerate(outlook.months) if m % FAN_STEP == 0 or m == outlook.months[-1]]
    fan = fan_entry(run, [outlook.months[i] for i in chosen], np.asarray(one.fan)[:, chosen])
    return LineEntry(
        code=one.code,
        label=one.label,
        short=one.label if mark is None else mark.short,
        letter="" if mark is None else mark.letter,
        group=_group(one, outlook),
        hindsight=one.hindsight,
        now=range_entry(one.now),
        then=range_entry(one.then),
        probability_anyone=sent(one.anyone),
        dots=sent_list(one.dots),
        fan=fan,
    )


def _group(one: OutlookLine, outlook: Outlook) -> Literal["pathway", "fate", "there", "counter"]:
    groups: dict[Literal["pathway", "fate", "there", "counter"], tuple[OutlookLine, ...]] = {
        "pathway": outlook.pathways,
        "fate": outlook.fates,
        "there": outlook.there,
        "counter": outlook.counters,
    }
    return next(name for name, lines in groups.items() if any(one is line for line in lines))


def _sentences(outlook: Outlook) -> dict[str, str]:
    """What the figures show, in words with their numbers."""
    found = {"pathways": pathway_words(outlook)}
    for one in (*outlook.pathways, *outlook.fates, *outlook.there, *outlook.counters):
        now, then = range_entry(one.now).text, range_entry(one.then).text
        found[one.code] = (
            f"{one.label}, {outlook.who}: median and 90% range {now} on {day(outlook.stamp.as_of)}, "
            f"{then} on {day(outlook.at_date)}."
        )
    return found


def history(case: Case, place: str, quantities: Sequence[str] = ()) -> list[PublishedEntry]:
    """Figures published of a place, of quantities that are read, the oldest first."""
    wanted = set(quantities) or READ
    rows = [f for f in case.figures if f.place == place and f.quantity in wanted and not f.role and not f.organisation]
    rows.sort(key=lambda f: (f.quantity, f.refers_to.last_day))
    return [published_entry(case, f) for f in rows if published_entry(case, f).text != NOTHING]
