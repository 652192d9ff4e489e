"""Key judgements: who, where, by when, how likely, and how sure.

A threshold is never chosen to impress: "at least N" takes the largest round number (1, 2, 5, 10, 20, ...) that is still
more likely than not by the scale's word "likely" (55 %), and 1 where none is. There are two dates: two years
ahead, where confidence may still be high, and the horizon.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from afterfall.report.brief.content import Judgement
from afterfall.report.brief.country_simulations import CountrySimulations
from afterfall.report.brief.trust import Trust
from afterfall.report.explain.rank_correlations import Floats, spread_of
from afterfall.report.kit.likelihood_words import Scale, judgement
from afterfall.report.kit.number_formats import interval, two_figures
from afterfall.report.kit.spread import Range
from afterfall.report.track_record.earlier_scores import PLACES
from afterfall.run import Run

#: What confidence in a quantity at a month is computed from.
Trusting = Callable[[str, int], Trust]
#: A statement of the form "at least N" has at least this chance.
LIKELY = 0.55
SOON = 24
#: How a fate reads after "have" or "are" in a sentence about people of one country.
PHRASES = {
    "disengage": "are home and left the battle",
    "remain": "stay in the theatre underground",
    "defect": "are with a rival of the region",
    "relocate": "are with an offshoot elsewhere",
    "dispatch": "are under orders to attack",
    "in_ranks": "are in the ranks",
    "unaffiliated": "are in the theatre without an organisation",
    "in_transit": "are on the way",
    "lying_low": "lie low in a third country",
    "detained": "are held in or near the theatre",
    "unrecorded": "left custody and are not counted anywhere",
    "returned_at_risk": "are home and at risk",
    "imprisoned": "are in prison at home",
    "killed": "are dead",
}


def round_numbers(largest: float) -> list[int]:
    """1, 2, 5, 10, 20, ... up to a number.

    >>> round_numbers(60)
    [1, 2, 5, 10, 20, 50]
    """
    found = [m * 10**k for k in range(8) for m in (1, 2, 5)]
    return [n for n in found if n <= max(largest, 1)]


def at_least(values: Floats) -> tuple[int, float]:
    """The largest round number that `LIKELY` of the simulations or more reach, and the share that do; 1 if none."""
    reached = [(n, float((values >= n).mean())) for n in round_numbers(float(values.max(initial=0.0)))]
    fit = [pair for pair in reached if pair[1] >= LIKELY]
    return fit[-1] if fit else (1, float((values >= 1).mean()))


def key_judgements(
    simulations: CountrySimulations, world: CountrySimulations, still: Floats, trust: Trusting, scale: Scale
) -> tuple[Judgement, ...]:
    """The judgements of a brief on one country, the most important first.

    `still` are the months in which strongholds fall (see `still_held`); `trust` gives what each number rests on.
    """
    horizon = simulations.run.request.horizon
    soon = simulations.nearest(min(SOON, horizon))
    found = [
        _returns(simulations, soon, trust, scale),
        _unknown(simulations, soon, trust, scale),
        _largest(simulations, simulations.nearest(horizon), trust, scale),
        _sent(simulations, simulations.nearest(horizon), trust, scale),
        fallen_judgement(world, still, soon, trust, scale),
    ]
    return tuple(one for one in found if one is not None)


def _of(people: str) -> str:
    """People of a country in words."""
    return f"of those who left {people}"


def _returns(simulations: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement:
    added = simulations.added("returned", month)
    number, chance = at_least(added)
    people = "at least one more person comes" if number == 1 else f"at least {number:,} more people come"
    event = f"{people} home to {simulations.the_name} by {simulations.date(month)}"
    total = range_words(simulations.at("returned", month))
    spread = f"More returns: {range_words(added)}. In total since the start: {total}."
    return made(event, chance, (spread, added), "returned", month, simulations, trust, scale)


def _unknown(simulations: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement | None:
    if not simulations.has("home_unknown"):
        return None
    values = simulations.at("home_unknown", month)
    number, chance = at_least(values)
    people = "one adult returnee was" if number == 1 else f"{number:,} adult returnees were"
    event = f"on {simulations.date(month)} at least {people} at large in {simulations.the_name} and never assessed"
    risk = simulations.at("returned_at_risk", month)
    spread = f"Never assessed: {range_words(values)}. At large and still sympathetic or committed: {range_words(risk)}."
    return made(event, chance, (spread, values), "home_unknown", month, simulations, trust, scale)


def _largest(simulations: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement:
    """More are in the largest fate than in the second."""
    names = [n for n in PHRASES if simulations.has(n)]
    values = np.stack([simulations.at(n, month) for n in names])
    first, second = (int(i) for i in np.argsort(-values.mean(axis=1), kind="stable")[:2])
    chance = float((values[first] > values[second]).mean())
    most, next_ = PHRASES[names[first]], PHRASES[names[second]]
    event = f"more {_of(simulations.the_name)} {most} than {next_} on {simulations.date(month)}"
    spread = f"{range_words(values[first])} people, against {range_words(values[second])}."
    spread = spread[0].upper() + spread[1:]
    return made(event, chance, (spread, values[first]), names[first], month, simulations, trust, scale)


def _sent(simulations: CountrySimulations, month: int, trust: Trusting, scale: Scale) -> Judgement | None:
    if not simulations.has("dispatched_so_far"):
        return None
    added = simulations.added("dispatched_so_far", month)
    chance = float((added >= 1).mean())
    name, date = simulations.the_name, simulations.date(month)
    event = f"at least one more person who left {name} is sent to attack, anywhere, by {date}"
    spread = f"More people sent: {range_words(added)}. Being sent is not yet an attack."
    return made(event, chance, (spread, added), "dispatched_so_far", month, simulations, trust, scale)


def fallen_judgement(
    world: CountrySimulations, still: Floats, month: int, trust: Trusting, scale: Scale
) -> Judgement | None:
    """That every stronghold still held has fallen by a month; nothing where none is held."""
    if not still.size:
        return None
    chance = float((still.max(axis=1) <= month).mean())
    event = f"every stronghold still held on {world.date(0)} has fallen by {world.date(month)}"
    spread = f"Fallen by then, of {still.shape[1]}: {range_words(fallen(still, month))}."
    return made(event, chance, (spread, fallen(still, month)), PLACES, month, world, trust, scale)


def still_held(run: Run, rest: frozenset[str]) -> Floats:
    """Month in which each stronghold held at the as-of date falls, ``(trajectory, stronghold)``.

    `rest` names the parts of the territory that no list names, which are no strongholds.
    """
    listed = [name not in rest for name in run.dataset["holding"].values]
    lost = np.asarray(run.dataset["lost"].values, dtype=np.float64)[:, listed]
    return lost[:, lost.max(axis=0, initial=0) > 0]


def fallen(lost: Floats, month: int) -> Floats:
    """How many strongholds have fallen by a month, ``(trajectory,)``."""
    return np.asarray((lost <= month).sum(axis=1), dtype=np.float64)


def made(
    event: str,
    chance: float,
    spread: tuple[str, Floats],
    quantity: str,
    month: int,
    simulations: CountrySimulations,
    trust: Trusting,
    scale: Scale,
) -> Judgement:
    """A judgement; `spread` are the words on the range of the quantity, and its value in each simulation."""
    return Judgement(
        text=judgement(event, chance, simulations.number, scale),
        event=event,
        spread=spread[0],
        range90=Range.of_values(spread[1]),
        confidence=trust(quantity, month).confidence(quantity, month),
        probability=chance,
        month=month,
        quantity=quantity,
    )


def range_words(values: Floats | Sequence[float]) -> str:
    """A median with its 90 % range."""
    median, low, high = spread_of(np.asarray(values, dtype=np.float64))
    return f"median {two_figures(median)}, 90% range {interval(low, high)}"
