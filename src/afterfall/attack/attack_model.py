"""Simulates attacks by country and month for every trajectory of a run: attempts by source, completed ones, deaths.

The equations are in `afterfall.model.mechanisms.attack`. For each trajectory:

1. `exposure` works out what attempts are proportional to, by country and month, with the `milieu` of each country;
2. `importance_resampling` conditions the six attempt parameters on what was public about attacks, and the waves of past
   years and of the year of the as-of date (`wave_likelihood`);
3. `attack_samplers` draws attempts, completed attacks and deaths, keyed by seed, trajectory, country and month.

Months are calendar months: those of the run, and as many before the as-of date as the published counts and the two
years before it need. Past attacks are not fully public, so they are simulated too; where a count of a whole year is
published it replaces the draws (see `Attacks.before`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from afterfall.attack.armed_hosts import armed_hosts
from afterfall.attack.attack_result import COMPLETED, SOURCES, WINDOW, Attacks
from afterfall.attack.attack_samplers import draw_attacks, waves_by_year
from afterfall.attack.exposure import (
    AttackExposure,
    attack_exposure,
    history_shape,
    thousands_travelled,
)
from afterfall.attack.importance_resampling import ATTEMPT_PARAMETERS, cells_of, evidence_of, published_counts, resample
from afterfall.attack.milieu import fit_milieu, milieus
from afterfall.attack.public_attacks import public_attacks
from afterfall.case.dates import month_number
from afterfall.engine.keyed_uniforms import uniform
from afterfall.engine.keys import EVENT, name_key, subkey
from afterfall.engine.program import Floats
from afterfall.model import Model
from afterfall.run import Run, WrongRun
from afterfall.run.months import calendar_month

#: Trajectories whose exposure is in memory at once.
BLOCK = 100
#: Month slot of the trajectory's keys that attacks use. Slot 0 is violence by place, slot 1 importance resampling.
KEY_SLOT = 2
#: Parameters of an attempt's outcome: completed, deadly if completed, tail and body of the number of deaths.
OUTCOME_PARAMETERS = (COMPLETED, "attack.fatal", "attack.tail", "attack.body")


def attacks(run: Run, model: Model, *, same_start: Attacks | None = None) -> Attacks:
    """Simulate attacks for every trajectory of a run.

    Parameters
    ----------
    run
        A finished run.
    model
        The model it was made with.
    same_start
        Attacks of the same trajectories under another policy. A policy acts after the as-of date, so that what the past
        says of attempts is the same, and is taken from there.

    Raises
    ------
    WrongRun
        If the run was made before the model had attacks.
    """
    missing = sorted({*ATTEMPT_PARAMETERS, *OUTCOME_PARAMETERS} - set(run.parameters))
    if missing:
        raise WrongRun(
            f"run {run.request.name} has no parameter {missing[0]!r}: it was made by an earlier version; run it again"
        )
    counts = published_counts(model.case, model.origins)
    public = public_attacks(model.case.core, run.as_of)
    now = calendar_month(run.as_of)
    began = month_number(f"{model.case.mobilisation:%Y-%m}")
    spans = (*public.months[:1], *(max(share.first, began) for share in public.shares))
    first = min([now - WINDOW + 1, *(month_number(f"{c.year}-01") for c in counts), *spans])
    months = tuple(range(first, now + run.request.horizon + 1))
    number, horizon = run.request.trajectories, len(months)
    hosts = armed_hosts(model.view)
    countries = tuple(o for o in model.origins if o not in {host.place for host in hosts})
    cells = cells_of(counts, public, months, model)
    found = Attacks(
        run=run,
        model=model,
        counts=counts,
        public=public,
        months=months,
        back=now - first,
        countries=countries,
        names=tuple(model.view.name(o) for o in countries),
        hosts=hosts,
        attempts=np.zeros((number, horizon, len(countries), len(SOURCES)), dtype=np.int16),
        completed=np.zeros((number, horizon, len(countries)), dtype=np.int16),
        deaths=np.zeros((number, horizon, len(countries)), dtype=np.int32),
        expected=np.zeros((number, horizon, len(countries), len(SOURCES)), dtype=np.float32),
        attempt_parameters=np.zeros((number, len(ATTEMPT_PARAMETERS))),
        effective_candidates=np.zeros(number),
        cells=cells,
        waves=np.zeros((number, len(cells), 2)),
        year_waves=np.zeros((0, 0, 0)),
        shape=history_shape(run, model, now - first) if same_start is None else same_start.shape,
        learned=fit_milieu(model) if same_start is None else same_start.learned,
    )
    found = replace(found, year_waves=np.ones((number, *found.cell_of.shape)))
    for start in range(0, number, BLOCK):
        _fill(found, range(start, min(start + BLOCK, number)), same_start)
    return found


def _fill(found: Attacks, block: range, same_start: Attacks | None) -> None:
    """Write the trajectories of a block into the arrays of `found`."""
    part = replace(found.run, dataset=found.run.dataset.isel(trajectory=slice(block.start, block.stop)).load())
    seed, rows = found.run.request.seed, slice(block.start, block.stop)
    milieu = milieus(found.learned, found.model, thousands_travelled(part), seed, block)
    exposure = attack_exposure(part, found.model, found.shape, found.back, milieu)
    if same_start is None:
        evidence = evidence_of(exposure, found.counts, found.public, found.months, found.model)
        picked, effective, known = resample(evidence, found.model, seed, block)
    else:
        picked, effective = same_start.attempt_parameters[rows], same_start.effective_candidates[rows]
        known = same_start.waves[rows]
    found.attempt_parameters[rows], found.effective_candidates[rows], found.waves[rows] = picked, effective, known
    exposure = exposure.only([found.model.origins.index(c) for c in found.countries])
    found.expected[rows] = _expected(exposure, picked)
    outcome = np.stack([part.parameter(name) for name in OUTCOME_PARAMETERS], axis=1)
    keys = np.array([name_key(f"attack/{c}") for c in found.countries], dtype=np.uint64)
    exposed = tuple(np.round(p, 9) for p in (exposure.recent, exposure.settled, exposure.sent, exposure.sympathy))
    month, year = np.array(found.months, dtype=np.int32), found.year_of - found.year_of[0]
    _draw_waves(found, block)
    for i, trajectory in enumerate(block):
        draw_attacks(
            subkey(seed, trajectory, EVENT, KEY_SLOT),
            keys,
            month,
            (exposed[0][i], exposed[1][i], exposed[2][i], exposed[3][i]),
            picked[i],
            (found.year_waves[trajectory], year, found.region_of),
            outcome[i],
            found.attempts[trajectory],
            found.completed[trajectory],
            found.deaths[trajectory],
        )


def _draw_waves(found: Attacks, block: range) -> None:
    """Draw the wave of each year and region; how much of it lasts has a uniform prior and is the same everywhere."""
    keys = np.array([name_key(f"attack/wave/{region}") for region in found.regions], dtype=np.uint64)
    lasting, waves = name_key("attack/wave-lasts"), ATTEMPT_PARAMETERS.index("attack.waves")
    first = int(found.year_of[0]) - 1980
    for i in block:
        key, size = subkey(found.run.request.seed, i, EVENT, KEY_SLOT), found.attempt_parameters[i, waves]
        r = uniform(key, lasting, 0, 0)
        waves_by_year(key, keys, first, r, size, found.cell_of, found.waves[i], found.year_waves[i])


def _expected(exposure: AttackExposure, picked: Floats) -> Floats:
    """Expected attempts by source, ``(trajectory, month, country, source)``."""
    committed, settled, operative, cell, inspired, _ = (picked[:, k, None, None] for k in range(picked.shape[1]))
    returnees = committed * (exposure.recent + settled * exposure.settled)
    return np.stack([returnees, operative / cell * exposure.sent, inspired * exposure.sympathy], axis=-1)
