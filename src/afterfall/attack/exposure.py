"""What attempts are proportional to: the exposure by country and month, from a run and from the history before it.

For each country (an origin, or the remainder of a region) and month, per trajectory:

    recent    committed returnees who came home recently
    settled   the other committed returnees at large
    sent      operatives in the country: those sent home, and its share of those sent to other countries
    sympathy  its milieu in thousands (`milieu`), times the draw of coalition members, times the reach of the ideology

After the as-of date people are those of the trajectory. Before it a trajectory has no monthly people. Returnees are the
stock at the as-of date, scaled back by the region's history at the medians of what parameters were drawn from, so the
shape of that history is the same in all trajectories and its level differs. The sent are so few that in most
trajectories none is in place on the as-of date, and scaling would say that there never were any. Their past is the
expected one: those sent each month for each person who travelled, in the region's history at the medians, times the
travellers of the trajectory and its hazard of being sent against the median; they are arrested, die and stand down at
the trajectory's own hazards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterfall.attack.ideology_reach import population_shares, reach
from afterfall.engine.means import run_means
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model
from afterfall.model.language.vocabulary import EVERY_ROLE
from afterfall.posterior import draw
from afterfall.posterior.bundled import bundled_posterior
from afterfall.run import Run
from afterfall.run.presence import by_origin
from afterfall.run.request import PRIOR

COMMITTED, RECENT = "home_committed", "committed_recent"
HOME, ABROAD = "operative_home", "operative_abroad"
EFFORT, SALIENCE = "dispatch.effort", "dispatch.salience"
LEAVING = ("dispatch.arrested", "dispatch.dies", "dispatch.stands_down")
#: Draws of a bundled posterior whose medians are taken, and their seed.
MEDIAN_DRAWS, MEDIAN_SEED = 400, 1
#: Largest factor by which a past stock may exceed the stock at the as-of date.
MOST_DECLINE = 5.0


@dataclass(frozen=True, eq=False)
class AttackExposure:
    """What attempts are proportional to, each ``(trajectory, month, country)``, months from ``-back`` to the horizon.

    `recent`, `settled` and `sent` are in people, `sympathy` in thousands of the milieu at full reach.
    """

    recent: Floats
    settled: Floats
    sent: Floats
    sympathy: Floats

    def only(self, countries: Sequence[int]) -> AttackExposure:
        """The exposure of some countries, by position."""
        where = list(countries)
        return AttackExposure(*(x[:, :, where] for x in (self.recent, self.settled, self.sent, self.sympathy)))


@dataclass(frozen=True, eq=False)
class PastShape:
    """Past stocks at the medians of a run's parameters: relative to the as-of date, or for each person who travelled.

    Attributes
    ----------
    names, medians
        The parameters, on the engine's scale, ``(parameter,)``. A policy, which acts later, changes none of them.
    by_quantity
        By quantity, ``(month, origin)`` from the mobilisation to the as-of date. Every origin has the shape of its
        region. Returnees are relative to the as-of date; operatives are for each person who had travelled by then.
    held
        Population held by month up to the as-of date (`population_shares`).
    """

    names: tuple[str, ...]
    medians: Floats
    by_quantity: Mapping[str, Floats]
    held: Floats


def attack_exposure(
    run: Run, model: Model, shape: PastShape, back: int, milieu: Floats | None = None
) -> AttackExposure:
    """Exposure of every trajectory of a run, from `back` months before the as-of date on.

    `milieu` is that of each country in thousands, ``(trajectory, country)``; by default its travellers.
    """
    origins = model.origins
    committed, recent = (
        _with_history(by_origin(run, [name], origins), shape.by_quantity[name], back) for name in (COMMITTED, RECENT)
    )
    home, abroad = (
        np.concatenate([people_before(run, model, shape, name, back)[:, :-1], by_origin(run, [name], origins)], axis=1)
        for name in (HOME, ABROAD)
    )
    weight = targets(run, model)
    drawn = (thousands_travelled(run) if milieu is None else milieu) * coalition_draw(run, model)
    spread = reach(run, shape.held, np.exp(run.parameter("attack.fade")), back)
    return AttackExposure(
        recent=recent,
        settled=np.maximum(committed - recent, 0.0),
        sent=home + weight[:, None, :] * abroad.sum(axis=2, keepdims=True),
        sympathy=drawn[:, None, :] * spread[:, :, None],
    )


def history_shape(run: Run, model: Model, back: int = 0) -> PastShape:
    """Past stocks at the medians of what a run's parameters were drawn from, with `back` months or more of territory.

    At the medians of the priors a fitted run would have twice as many operatives in the past as it has at its start.
    """
    theta = medians(run, model)
    program = model.history
    lowered = rate_factors(program, theta, draw_shared_series(program, theta, 0, 0)[0])
    start = np.zeros(program.cell_key.shape)
    stocks, counted = run_means(program, lowered, start, np.zeros((len(model.quantities), program.n_origins)))
    by_region = stocks.reshape(len(stocks), program.n_origins, len(EVERY_ROLE), -1).sum(axis=2)
    region = [model.view.regions.index(model.view.region_of[o]) for o in model.origins]
    column = {s.name: i for i, s in enumerate(model.states)}
    names = [quantity.name for quantity in model.quantities]
    travelled = np.maximum(counted[-1, names.index("travelled")], 1e-9)
    found = {}
    for quantity in model.quantities:
        if quantity.name in (COMMITTED, RECENT, HOME, ABROAD):
            some = by_region[:, :, [column[s] for s in sorted(quantity.states)]].sum(axis=2)
            each = some / np.maximum(some[-1:], 1e-12)
            sent = quantity.name in (HOME, ABROAD)
            found[quantity.name] = (some / travelled if sent else np.clip(each, 0.0, MOST_DECLINE))[:, region]
    return PastShape(tuple(model.parameter_names), theta, found, population_shares(model, back))


def medians(run: Run, model: Model) -> Floats:
    """Medians of what a run's parameters were drawn from, on the engine's scale, ``(parameter,)``.

    They depend on no trajectory: those of the priors, or of the bundled posterior. Only for a fit of the user's own are
    they those of the run's trajectories.
    """
    if run.request.draws == PRIOR:
        theta = np.zeros(len(model.parameter_names))  # effects of origins, after these, are zero
        for i, known in enumerate(model.parameters):
            plain = known.parameter.scale in ("positive", "share")
            theta[i] = known.median if plain else known.moments()[0]
        return theta
    bundled = bundled_posterior(model)
    if bundled is not None and run.request.draws == f"posterior {bundled.hash}":
        return np.median(draw(model, bundled, trajectories=range(MEDIAN_DRAWS), seed=MEDIAN_SEED).values, axis=0)
    drawn = run.dataset["parameters"].sel(parameter=list(model.parameter_names))
    return np.asarray(np.median(drawn.transpose("trajectory", "parameter").values, axis=0))


def _with_history(ahead: Floats, shape: Floats, back: int) -> Floats:
    """A stock from the as-of date on, ``(trajectory, month, country)``, extended by `back` months before it."""
    return np.concatenate([ahead[:, :1] * _rows(shape, back), ahead], axis=1)


def _rows(shape: Floats, back: int) -> Floats:
    """The last `back` months of a history before the as-of date, zero before it begins, ``(month, origin)``."""
    rows = np.zeros((back, shape.shape[1]))
    known = shape[:-1][-back:] if back else shape[:0]
    rows[back - len(known) :] = known
    return rows


def people_before(run: Run, model: Model, shape: PastShape, quantity: str, back: int) -> Floats:
    """Expected operatives in the last `back` months and in that of the as-of date, ``(trajectory, month, country)``.

    Those who arrive each month are the history's at the medians, times how much a trajectory's hazard of being sent
    exceeds the median; they leave at the trajectory's own hazards.
    """
    known = dict(zip(shape.names, shape.medians, strict=True))
    each = shape.by_quantity[quantity]
    member = np.array([model.view.covariate(o, "coalition", 0.0) for o in model.origins])
    more = {name: run.parameter(name) - known[name] for name in (EFFORT, SALIENCE)}
    sent = 1000.0 * thousands_travelled(run) * np.exp(more[EFFORT][:, None] + more[SALIENCE][:, None] * member)
    stays = np.exp(-np.sum([np.exp(run.parameter(name)) for name in LEAVING], axis=0))[:, None]
    median = np.exp(-sum(np.exp(known[name]) for name in LEAVING))
    before = np.concatenate([np.zeros((1, each.shape[1])), each[:-1]])
    people, found = np.zeros(sent.shape), np.zeros((len(sent), back + 1, each.shape[1]))
    for t, arrived in enumerate(np.maximum(each - median * before, 0.0)):
        people = stays * people + arrived
        if (month := t + back + 1 - len(each)) >= 0:
            found[:, month] = sent * people
    return found


def targets(run: Run, model: Model) -> Floats:
    """Share of each country as a target of those sent abroad, ``(trajectory, country)``.

    In proportion to those who travelled from it by the as-of date, times the draw of coalition members.
    """
    draw = thousands_travelled(run) * coalition_draw(run, model)
    return np.asarray(draw / np.maximum(draw.sum(axis=1, keepdims=True), 1e-12))


def thousands_travelled(run: Run) -> Floats:
    """Thousands who travelled from each country by the as-of date, ``(trajectory, country)``."""
    travelled = run.dataset["origins"].sel(quantity="travelled").isel(origin_month=0)
    return np.asarray(travelled.values, float) / 1000.0


def coalition_draw(run: Run, model: Model) -> Floats:
    """What membership of the coalition draws to a country: ``exp(salience)`` or one, ``(trajectory, country)``."""
    member = np.array([model.view.covariate(o, "coalition", 0.0) for o in model.origins])
    return np.asarray(np.exp(run.parameter("dispatch.salience")[:, None] * member))
