"""Organisations in the brief: how many successor organisations exist, what may happen to them, and new places."""

from __future__ import annotations

import math

from afterfall.foundings import WorldFoundings, foundings_of
from afterfall.report.brief.content import BulletPoints, Paragraphs, Section
from afterfall.report.forecast.foundings_outlook import NAMED, foundings_outlook
from afterfall.report.forecast.organisation_outlook import OrganisationsOutlook, organisations_outlook
from afterfall.report.kit.likelihood_words import Scale, likelihood, odds
from afterfall.report.kit.number_formats import day, interval, two_figures
from afterfall.report.kit.spread import Range
from afterfall.run import Run
from afterfall.run.resolve import model_of

#: New places named.
PLACES = 3
MISSING = "This run has no organisations: no successor organisations, mergers or foundings are forecast here."


def organisations_section(run: Run, scale: Scale) -> Section:
    """The section, or a sentence that the run has no organisations."""
    title = "Organisations that descend from the core"
    if "strength" not in run.dataset or not run.dataset.sizes.get("organisation"):
        return Section("organisations", title, (Paragraphs((MISSING,)),))
    month = run.request.horizon
    world = foundings_of(run, model_of(run))
    found = organisations_outlook(run, month, world)
    by = day(run.date(month))
    simulations = run.request.trajectories
    points = [
        f"Successor organisations (called shards in some sources) on {by}: {_figures(found.count)}; now "
        f"{_figures(found.count_now)}."
    ]
    points += [
        f"{one.label[0].upper()}{one.label[1:]}: {_chance(one.any, simulations, scale)}." for one in found.chances
    ]
    points += _new_places(found, simulations, scale) if world is None else _first_foundings(world, simulations, scale)
    return Section("organisations", title, (BulletPoints(tuple(points)),))


def _first_foundings(world: WorldFoundings, simulations: int, scale: Scale) -> list[str]:
    found = foundings_outlook(world)
    last = found.months[-1]
    listed = "; ".join(f"{c.name}, {_chance(c.within[-1], simulations, scale)}" for c in found.countries[:PLACES])
    named = "; ".join(
        f"{c.name}, {_chance(c.within[-1], simulations, scale) if c.at_risk else c.words}"
        for code in NAMED
        for c in found.countries
        if c.code == code
    )
    return [
        f"Countries of the world with a first presence within {last} months: "
        f"{_figures(found.total('presence', last).number)} of {found.at_risk} at risk; with an active organisation: "
        f"{_figures(found.total('organisation', last).number)}; with an armed conflict: "
        f"{_figures(found.total('conflict', last).number)}.",
        f"The likeliest: {listed}. Named in the question: {named}.",
    ]


def _figures(spread: Range) -> str:
    if spread.low90 == spread.high90:
        return two_figures(spread.median)
    return f"median {two_figures(spread.median)}, 90% range {interval(spread.low90, spread.high90)}"


def _chance(probability: float, simulations: int, scale: Scale) -> str:
    """A term with its range and the number, or the number alone."""
    word = likelihood(probability, scale)
    return odds(probability, simulations) if word is None else f"{word}, {odds(probability, simulations)}"


def _new_places(found: OrganisationsOutlook, simulations: int, scale: Scale) -> list[str]:
    new = [one for one in found.places if one.new and math.isfinite(one.reached) and one.reached > 0]
    first = sorted(new, key=lambda one: -one.reached)[:PLACES]
    if not first:
        return []
    listed = "; ".join(f"{one.label}, {_chance(one.reached, simulations, scale)}" for one in first)
    return [f"Places without an organisation of the core that may get one, the most exposed first: {listed}."]
