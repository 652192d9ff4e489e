"""Key judgements: who, where, by when, how likely, and how sure.

The events and their dates are those of `report.headlines`; here they get words of likelihood, ranges and confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from afterfall.report.brief.content import Judgement
from afterfall.report.brief.trust import Trust
from afterfall.report.explain.rank_correlations import Floats, spread_of
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import BRIEFED, Headline, headlines_of
from afterfall.report.kit.likelihood_words import Scale, judgement
from afterfall.report.kit.number_formats import interval, two_figures
from afterfall.report.kit.spread import Range

#: Headlines on the world, the most important first.
WORLD = ("detained", "returned", "largest", "sent", "strongholds")
#: What confidence in a quantity at a month is computed from.
Trusting = Callable[[str, int], Trust]


def key_judgements(
    simulations: CountrySimulations, rest: frozenset[str], trust: Trusting, scale: Scale
) -> tuple[Judgement, ...]:
    """The judgements of a brief on one country, or those on the world, the most important first.

    `rest` are parts of the territory that are no strongholds; `trust` gives what each number rests on.
    """
    stated = {one.key: one for one in headlines_of(simulations, rest)}
    keys = WORLD if simulations.country is None else BRIEFED
    return tuple(_made(stated[key], simulations, trust, scale) for key in keys if key in stated)


def _made(one: Headline, simulations: CountrySimulations, trust: Trusting, scale: Scale) -> Judgement:
    """A headline with its likelihood, its range in words and confidence."""
    values, chance = one.values(simulations), float(one.happens(simulations).mean())
    return Judgement(
        text=judgement(one.event, chance, simulations.number, scale),
        event=one.event,
        spread=_spread(one, values, simulations),
        range90=Range.of_values(values),
        confidence=trust(one.quantity, one.month).confidence(one.quantity, one.month),
        probability=chance,
        month=one.month,
        quantity=one.quantity,
    )


def _spread(one: Headline, values: Floats, simulations: CountrySimulations) -> str:
    """The range of a judgement's number, with a second number where it helps."""
    found = _range(values)
    if one.key == "returned":
        total = simulations.at("returned", one.month)
        return f"More returns: {found}. In total since the start: {_range(total)}."
    if one.key == "never_assessed":
        risk = simulations.at("returned_at_risk", one.month)
        return f"Never assessed: {found}. At large and still sympathetic or committed: {_range(risk)}."
    if one.key == "largest":
        spread = f"{found} people, against {_range(simulations.at(one.against, one.month))}."
        return spread[0].upper() + spread[1:]
    if one.key == "detained":
        return f"Held: {found}; on {simulations.date(0)} {_range(simulations.at('detained', 0))}."
    if one.key == "sent":
        return f"More people sent: {found}. Being sent is not yet an attack."
    return f"Fallen by then, of {len(one.holdings)}: {found}."


def _range(values: Floats | Sequence[float]) -> str:
    """A median with its 90 % range."""
    median, low, high = spread_of(np.asarray(values, dtype=np.float64))
    return f"median {two_figures(median)}, 90% range {interval(low, high)}"
