"""Key judgements on the world, by the rules of those on one country (`judging`): no brief has them, the page does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from afterfall.model import Model
from afterfall.report.brief.content import Judgement
from afterfall.report.brief.country_simulations import CountrySimulations
from afterfall.report.brief.judging import (
    PHRASES,
    SOON,
    Trusting,
    at_least,
    fallen,
    fallen_judgement,
    made,
    range_words,
    still_held,
)
from afterfall.report.brief.trust import Trust
from afterfall.report.explain.why import Why, dated_losses, drivers, why
from afterfall.report.kit.likelihood_words import ICD203, Scale
from afterfall.report.track_record.earlier_scores import PLACES, TrackRecord
from afterfall.run import Run


def world_judgements(
    run: Run, model: Model, scale: Scale = ICD203, track: TrackRecord | None = None
) -> tuple[Judgement, ...]:
    """The key judgements on the world, the most important first, each with its confidence and the chain behind it.

    Parameters
    ----------
    run, model
        A finished run, and the model it was made from.
    scale
        Words of likelihood.
    track
        Scores of earlier forecasts of the case, or None where there are none.
    """
    still = still_held(run, model.view.remainder_spells)

    @cache
    def behind(quantity: str, month: int) -> Why:
        return why(run, model, quantity=quantity, at=month)

    def trust(quantity: str, month: int) -> Trust:
        if quantity == PLACES:
            rests = behind("returned", month).rests
            return Trust(
                dated_losses(model), drivers(run, model, fallen(still, month), None, rests), rests.fitted, track
            )
        one = behind(quantity, month)
        return Trust(one.figures, one.drivers, one.rests.fitted, track)

    world = CountrySimulations(run, None)
    horizon = run.request.horizon
    soon = world.nearest(min(SOON, horizon))
    found = (
        _held(world, soon, trust, scale),
        _returns(world, soon, trust, scale),
        _largest(world, world.nearest(horizon), trust, scale),
        _sent(world, world.nearest(horizon), trust, scale),
        fallen_judgement(world, still, soon, trust, scale),
    )
    return tuple(
        one if one.quantity == PLACES else replace(one, why=behind(one.quantity, one.month))
        for one in found
        if one is not None
    )


def _held(world: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement | None:
    """How many are still held in or near the theatre; nothing where the model has nobody in custody."""
    if not world.has("detained"):
        return None
    values = world.at("detained", month)
    number, chance = at_least(values)
    event = f"at least {number:,} people are held in or near the theatre on {world.date(month)}"
    spread = f"Held: {range_words(values)}; on {world.date(0)} {range_words(world.at('detained', 0))}."
    return made(event, chance, (spread, values), "detained", month, world, trust, scale)


def _returns(world: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement:
    added = world.added("returned", month)
    number, chance = at_least(added)
    event = f"at least {number:,} more people come home, to all countries together, by {world.date(month)}"
    spread = (
        f"More returns: {range_words(added)}. In total since the start: {range_words(world.at('returned', month))}."
    )
    return made(event, chance, (spread, added), "returned", month, world, trust, scale)


def _largest(world: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement:
    """More are in the largest fate than in the second."""
    names = [n for n in PHRASES if world.has(n)]
    values = np.stack([world.at(n, month) for n in names])
    first, second = (int(i) for i in np.argsort(-values.mean(axis=1), kind="stable")[:2])
    chance = float((values[first] > values[second]).mean())
    event = f"more of all who travelled {PHRASES[names[first]]} than {PHRASES[names[second]]} on {world.date(month)}"
    spread = f"{range_words(values[first])} people, against {range_words(values[second])}."
    return made(
        event, chance, (spread[0].upper() + spread[1:], values[first]), names[first], month, world, trust, scale
    )


def _sent(world: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement | None:
    if not world.has("dispatched_so_far"):
        return None
    added = world.added("dispatched_so_far", month)
    number, chance = at_least(added)
    people = "at least one more person is" if number == 1 else f"at least {number:,} more people are"
    event = f"{people} sent to attack, anywhere, by {world.date(month)}"
    spread = f"More people sent: {range_words(added)}. Being sent is not yet an attack."
    return made(event, chance, (spread, added), "dispatched_so_far", month, world, trust, scale)
