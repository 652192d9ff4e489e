"""Organisations in the brief on a country: how many there are, what may happen to them, and those that concern it.

The chances are of the whole world, and name no place. Of places, those are named that have to do with the country: the
country itself, its neighbours by land, and places where `EXPECTED` or more of its people are with an offshoot on
average. Others, however likely a first presence there, belong to a brief on another country.
"""

from __future__ import annotations

import math

from afterfall.foundings import WorldFoundings, foundings_of
from afterfall.report.brief.content import BulletPoints, Paragraphs, Section
from afterfall.report.forecast.foundings_outlook import FoundingCountry, foundings_outlook
from afterfall.report.forecast.organisation_outlook import OrganisationsOutlook, organisations_outlook
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.kit.likelihood_words import Scale, likelihood, odds
from afterfall.report.kit.number_formats import day, interval, two_figures
from afterfall.report.kit.spread import Range
from afterfall.run.resolve import model_of

#: People of the country who must be expected in a place on average for it to be named, and places named at most.
EXPECTED, PLACES = 0.05, 4
#: How the names of quantities begin that count people with the offshoot of a place.
OFFSHOOT = "offshoot_"
MISSING = "This run has no organisations: no successor organisations, mergers or foundings are forecast here."


def organisations_section(simulations: CountrySimulations, scale: Scale) -> Section:
    """The section, or a sentence that the run has no organisations."""
    title, run = "Organisations that descend from the core", simulations.run
    if "strength" not in run.dataset or not run.dataset.sizes.get("organisation"):
        return Section("organisations", title, (Paragraphs((MISSING,)),))
    month = run.request.horizon
    world = foundings_of(run, model_of(run))
    found = organisations_outlook(run, month, world)
    number = run.request.trajectories
    by = day(run.date(month))
    chances = "; ".join(f"{one.label}: {_chance(one.any, number, scale)}" for one in found.chances)
    expected = _expected(simulations, month)
    points = [
        f"Successor organisations (called shards in some sources) on {by}: {_figures(found.count)}; now "
        f"{_figures(found.count_now)}.",
        *([f"Anywhere in the world by then: {chances}."] if chances else []),
        _where(simulations, expected, by),
        *(_new_places(found, expected, number, scale) if world is None else _near(simulations, world, number, scale)),
    ]
    return Section("organisations", title, (BulletPoints(tuple(points)),))


def _expected(simulations: CountrySimulations, month: int) -> dict[str, float]:
    """People of the country with an offshoot on average, by place, the most first, from `EXPECTED` on."""
    names = [name for name in simulations.run.quantity_names if name.startswith(OFFSHOOT)]
    means = {name.removeprefix(OFFSHOOT): float(simulations.at(name, month).mean()) for name in names}
    return {place: mean for place, mean in sorted(means.items(), key=lambda one: -one[1]) if mean >= EXPECTED}


def _where(simulations: CountrySimulations, expected: dict[str, float], by: str) -> str:
    """Where the country's people are expected with an offshoot."""
    labels = simulations.run.dataset["label"].to_series()
    places = [
        f"{str(labels[OFFSHOOT + place]).partition(': ')[2]} {two_figures(mean)}"
        for place, mean in list(expected.items())[:PLACES]
    ]
    rule = f"places with a mean of {EXPECTED:g} or more"
    who = f"People of {simulations.the_name} with an offshoot on {by}, {rule}"
    return f"{who}: {', '.join(places) if places else 'none'}."


def _near(simulations: CountrySimulations, world: WorldFoundings, number: int, scale: Scale) -> list[str]:
    """First presences in the country and its neighbours by land; nothing where the reference class does not know it."""
    codes = list(world.risk.codes)
    if simulations.country not in codes:
        return []
    own = codes.index(simulations.country)
    near = [own, *(i for i in range(len(codes)) if world.risk.borders[own, i])]
    found = foundings_outlook(world)
    known = {c.code: c for c in found.countries}
    listed = "; ".join(_presence(known[codes[i]], number, scale) for i in near if codes[i] in known)
    total = found.total("presence", found.months[-1])
    return [
        f"A first presence within {found.months[-1]} months, in {simulations.the_name} and its neighbours by land: "
        f"{listed}. In the world: {_figures(total.number)} of {found.at_risk} countries at risk."
    ]


def _presence(one: FoundingCountry, number: int, scale: Scale) -> str:
    return f"{one.name}, {_chance(one.within[-1], number, scale) if one.at_risk else one.words}"


def _figures(spread: Range) -> str:
    if spread.low90 == spread.high90:
        return two_figures(spread.median)
    return f"median {two_figures(spread.median)}, 90% range {interval(spread.low90, spread.high90)}"


def _chance(probability: float, simulations: int, scale: Scale) -> str:
    """A term with its range and the number, or the number alone."""
    word = likelihood(probability, scale)
    return odds(probability, simulations) if word is None else f"{word}, {odds(probability, simulations)}"


def _new_places(found: OrganisationsOutlook, expected: dict[str, float], number: int, scale: Scale) -> list[str]:
    """Places without an organisation of the core that may get one, of those where the country's people are expected."""
    new = [one for one in found.places if one.new and math.isfinite(one.reached) and one.reached > 0]
    first = sorted((one for one in new if one.code in expected), key=lambda one: -one.reached)[:PLACES]
    if not first:
        return []
    listed = "; ".join(f"{one.label}, {_chance(one.reached, number, scale)}" for one in first)
    return [f"Of these, without an organisation of the core yet, the most exposed first: {listed}."]
