"""A brief made from a run: every section in its order, each from one file, and parts that other results add."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from afterfall.case import with_article
from afterfall.model import Model
from afterfall.report.brief.changing import assumptions, change_sheet
from afterfall.report.brief.content import (
    Brief,
    BriefTable,
    BulletPoints,
    Drawing,
    Judgement,
    Judgements,
    Paragraphs,
    Section,
)
from afterfall.report.brief.country import returns_sheet, small_country_notes, states_sheet
from afterfall.report.brief.judging import key_judgements
from afterfall.report.brief.organisations_section import organisations_section
from afterfall.report.brief.record_section import record_section
from afterfall.report.brief.sources_section import priors_section, sources_sections, warnings_sections
from afterfall.report.brief.trust import Trust
from afterfall.report.explain.parameter_basis import draws_option
from afterfall.report.explain.why import Why, dated_losses, drivers, why
from afterfall.report.forecast.alluvial import alluvial
from afterfall.report.forecast.next_counts import NOTE, next_counts, next_counts_table
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.forecast.outlook_of_run import outlook_of, priors_of
from afterfall.report.forecast.svg_charts import fan, pathway_dots, pathway_words
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import PLACES, fallen, lost_months, strongholds
from afterfall.report.kit.likelihood_words import ICD203, Scale, odds
from afterfall.report.kit.number_formats import day, interval, month_year, two_figures
from afterfall.report.kit.stamp import GROUPS_ONLY, basis_of
from afterfall.report.kit.theme import look
from afterfall.report.track_record.earlier_scores import TrackRecord
from afterfall.run import Run
from afterfall.run.quantile_levels import FAN_LEVELS, low_median_high
from afterfall.run.resolve import QUARTER

#: The quantity that the brief follows through: its fan, what would change it, and the chain behind it.
FOLLOWED = "returned"


def make_brief(
    run: Run,
    model: Model,
    *,
    country: str,
    command: str,
    scale: Scale = ICD203,
    track: TrackRecord | None = None,
    parts: Sequence[Section] = (),
) -> Brief:
    """The brief on one country, from a finished run.

    Parameters
    ----------
    run
        A finished run.
    model
        The model it was made from.
    country
        Code or name of an origin.
    command
        The command that makes this brief again from the run.
    scale
        Words of likelihood.
    track
        Scores of earlier forecasts of the case, or None where there are none.
    parts
        Sections that other results add (options compared, attacks, organisations): one whose key the brief has takes
        that section's place, others stand before the last.

    Raises
    ------
    ValueError
        If the run has no such country.
    """
    code = run.origin(country)
    simulations = CountrySimulations(run, code)
    outlook = outlook_of(run, priors=priors_of(model), command=command, country=code)
    chain = why(run, model, quantity=FOLLOWED, country=code)
    judged = _judged(run, model, chain, scale, track)
    brief = Brief(
        title=_beyond(outlook) + _bottom_line(judged[0], simulations) + _given(outlook),
        subtitle=_subtitle(outlook),
        country=code,
        country_name=simulations.name,
        stamp=outlook.stamp,
        sections=_sections(model, outlook, simulations, chain, judged, scale, track),
        foot=f"{outlook.stamp.source_line()}. {GROUPS_ONLY}",
        warnings=chain.warnings,
        run=run,
    )
    return brief.with_parts(tuple(parts))


def country_judgements(
    run: Run, model: Model, country: str, scale: Scale = ICD203, track: TrackRecord | None = None
) -> tuple[Judgement, ...]:
    """The key judgements of the brief on a country, without the rest of it.

    Raises
    ------
    ValueError
        If the run has no such country.
    """
    return _judged(run, model, why(run, model, quantity=FOLLOWED, country=run.origin(country)), scale, track)


def _judged(run: Run, model: Model, chain: Why, scale: Scale, track: TrackRecord | None) -> tuple[Judgement, ...]:
    """The key judgements, each with its confidence and the chain behind it."""
    code = run.origin(chain.place)
    rest = model.view.remainder_spells
    still = lost_months(run, strongholds(run, rest))

    @cache
    def behind(quantity: str, month: int) -> Why:
        return why(run, model, quantity=quantity, country=code, at=month)

    def trust(quantity: str, month: int) -> Trust:
        if quantity == PLACES:
            values = fallen(still, month)
            return Trust(dated_losses(model), drivers(run, model, values, None, chain.rests), chain.rests.fitted, track)
        one = behind(quantity, month)
        return Trust(one.figures, one.drivers, one.rests.fitted, track)

    found = key_judgements(CountrySimulations(run, code), rest, trust, scale)
    return tuple(j if j.quantity == PLACES else replace(j, why=behind(j.quantity, j.month)) for j in found)


def _sections(
    model: Model,
    outlook: Outlook,
    simulations: CountrySimulations,
    chain: Why,
    judged: tuple[Judgement, ...],
    scale: Scale,
    track: TrackRecord | None,
) -> tuple[Section, ...]:
    """All sections in the order of the brief."""
    world = CountrySimulations(simulations.run, None)
    rest = model.view.remainder_spells
    printed, *annex = sources_sections(chain)
    return (
        Section("judgements", "Key judgements", (Judgements(judged),), page=1, wide=True),
        _pathways(outlook),
        _returns(simulations),
        _states(outlook, simulations),
        _counts(outlook, simulations, model),
        Section(
            "lens",
            f"Reading numbers of {simulations.the_name}",
            small_country_notes(outlook, simulations, world, model.case),
        ),
        Section(
            "change",
            "What would change this judgement",
            (change_sheet(chain, simulations, rest),),
        ),
        Section("assumptions", "Key assumptions, and if wrong", (assumptions(model, simulations, chain),)),
        organisations_section(simulations, scale),
        options_missing(),
        record_section(track),
        printed,
        priors_section(chain),
        *annex,
        *warnings_sections(chain),
        _flows(outlook, world),
        _made_of(outlook, scale, _making(simulations, model)),
    )


def _bottom_line(first: Judgement, simulations: CountrySimulations) -> str:
    """The title: the median and range of returns at the first judgement's month."""
    added = simulations.added(FOLLOWED, first.month)
    low, median, high = low_median_high(added)
    until = month_year(simulations.calendar(first.month))
    people = "person" if median == 1 else "people"
    return (
        f"{simulations.name}: {two_figures(median)} more {people} will come home by {until} "
        f"(median; 90% range {interval(low, high)})"
    )


def _beyond(outlook: Outlook) -> str:
    """That the case is not kept up to the as-of date, for the beginning of the title."""
    return f"{outlook.stamp.beyond} " if outlook.stamp.beyond else ""


def _given(outlook: Outlook) -> str:
    """The conditions of a conditional forecast, for the end of the title."""
    found = outlook.stamp.conditioned
    return "" if found is None else f", {found.words}"


def _subtitle(outlook: Outlook) -> str:
    stamp = outlook.stamp
    given = "" if stamp.conditioned is None else f" {stamp.conditioned.note()}"
    return (
        f"{outlook.title}. From {day(stamp.as_of)} to {day(outlook.at_date)} ({stamp.horizon} months). "
        f"{stamp.trajectories:,} simulations.{given} {basis_of(stamp.draws)} {stamp.unused}".rstrip()
    )


def _pathways(outlook: Outlook) -> Section:
    marks = look().pathways
    often = sorted(outlook.largest.items(), key=lambda pair: -pair[1])
    alternatives = "; ".join(
        f"{marks[code].short} {odds(chance, outlook.stamp.trajectories)}" for code, chance in often if chance > 0
    )
    drawing = Drawing(
        "pathways",
        pathway_dots(outlook),
        pathway_words(outlook),
        f"Each dot is a 1-in-20 chance; the line is the 90% interval, its tick the median. People of "
        f"{with_article(outlook.who)} on {day(outlook.at_date)}. Mean shares are of everyone who travelled or was "
        "born there; with the other fates they add up. Alternatives: which of the five is the largest, and in "
        f"how many simulations: {alternatives}.",
    )
    return Section("pathways", f"Five pathways on {day(outlook.at_date)}", (drawing,), page=1, wide=True)


def _returns(simulations: CountrySimulations) -> Section:
    values = simulations.paths(FOLLOWED)
    quantiles = np.quantile(values, FAN_LEVELS, axis=0, method="inverted_cdf")
    start = simulations.calendar(0)
    year = start.year + (start.month - 1 + (start.day - 1) / 31) / 12
    end = quantiles[:, -1]
    words = (
        f"Returns to {simulations.the_name} so far, median {two_figures(float(end[2]))} and 90% range "
        f"{interval(float(end[0]), float(end[4]))} on {simulations.date(simulations.months[-1])}."
    )
    drawing = Drawing(
        "returns",
        fan(simulations.months, quantiles, year, look().pathways["disengage"].fill, words),
        words,
        "Everyone who ever came back. Line: median. Dark band: 50% of simulations at each date. Light band: 90%. At "
        "the right the last median and 90% range. Past returns are uncertain too.",
    )
    return Section("returns", f"Returns to {simulations.the_name}", (drawing, returns_sheet(simulations)), page=1)


def _states(outlook: Outlook, simulations: CountrySimulations) -> Section:
    return Section(
        "states", f"Where those who left {simulations.the_name} are", (states_sheet(outlook, simulations),), page=1
    )


def _counts(outlook: Outlook, simulations: CountrySimulations, model: Model) -> Section:
    counts = next_counts(simulations.run, model.case, month=outlook.at, country=outlook.country)
    table = BriefTable(next_counts_table(counts, day(outlook.at_date)), NOTE)
    return Section("counts", f"What published counts may say on {day(outlook.at_date)}", (table,))


def options_missing() -> Section:
    """The section on options where nothing was compared."""
    text = (
        "No package of measures was compared with this forecast: policy stays as it was on the as-of date. Nothing "
        "here says what a measure would achieve."
    )
    return Section("options", "Options compared", (Paragraphs((text,)),))


def _flows(outlook: Outlook, world: CountrySimulations) -> Section:
    drawing = Drawing(
        "flows",
        alluvial(outlook),
        "; ".join(
            f"{one.label}: {two_figures(one.then.mean)} on average" for one in (*outlook.pathways, *outlook.fates)
        ),
        f"Means of {world.number:,} simulations, which add up (medians do not): everyone who left, where they are, and "
        "in which state. Ranges are in the tables.",
    )
    return Section("flows", f"Where everyone is on {day(outlook.at_date)}, on average", (drawing,), page=0)


def _making(simulations: CountrySimulations, model: Model) -> str:
    """The command that makes the run again, in the folder where it is."""
    run, asked = simulations.run, simulations.run.request
    folder = None if run.path is None else run.path.parent
    between = [month for month in asked.record_months if month % QUARTER and month != asked.horizon]
    return (
        f"afterfall forecast {shlex.quote(model.case.reference)} --as-of {asked.as_of} --horizon {asked.horizon} "
        f"--trajectories {asked.trajectories} --seed {asked.seed}"
        + (f" --country {simulations.country} --at {between[0]}" if len(between) == 1 else "")
        + ("" if folder in (None, Path("runs")) else f" --run-dir {shlex.quote(str(folder))}")
        + "".join(f" --given {shlex.quote(text)}" for text in asked.given)
        + draws_option(run, model)
    )


def _made_of(outlook: Outlook, scale: Scale, again: str) -> Section:
    """Words, limits and the commands that make it again."""
    stamp = outlook.stamp
    points = (
        f"Words: {scale.name} ({scale.source}): {scale.legend()}. Under 1% and over 99% numbers only. Ranges are "
        "90%: they contain 90% of simulations. They express the uncertainty of the model, not whether it is right.",
        "Limits: numbers of groups, no basis for judging a person; minors are never counted as fighters, sent or at "
        "risk; published counts under 5 are shown as <5; attacks, victims and organisations are included only where a "
        "section says so.",
        f"To reproduce it: {again}; then {stamp.command}. Run {stamp.run}, model {stamp.model_version}.",
    )
    return Section("limits", "Words, limits, and how to reproduce it", (BulletPoints(points),))
