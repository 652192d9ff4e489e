"""Bands: stocks of members outside the ledger of cells, which depend on its totals, act on its rates, and have events.

A *band* has *own* members, a stock with gains and losses, and *attached* people, who are people of the ledger. Its
strength is both together. In a month, with everything on the right taken at its start::

    gained      ~ Poisson(exp(growth) * effect * (own + exp(attached weight) * attached)
                          * max(0, 1 - strength / exp(capacity)))
    lost        ~ Binomial(own, 1 - exp(-exp(loss)))
    event x     fires when its integrated hazard exp(line) has passed one keyed exponential; then a share of the source
                band's own members, and newcomers ~ Poisson(exp(newcomers)), join the target band, which exists from
                then on; with a source and no target the source band ends, and its own members with it; where
                `event_ends` it ends too, and those of its own members who did not move are gone
    slow stock  <- keep * stock + (1 - keep) * (share * path ratio + (1 - share) * ratio to the start of the strengths
                or people that it follows)

An event with a second band (`event_beside`) is at risk while both exist and that is `event_times` as strong or more.
A hazard can change with the months since the event came at risk: it is multiplied by a row of `event_shape`, whose last
column holds from then on.

`effect` is a band's own lognormal factor with mean one, drawn once with its key. Logs of growth, loss, capacity and
hazards are *lines*: sums of ``weight * theta[p]``, of ``weight * theta[p] * path[z, t]``, and of *echoes*
``weight * theta[p] * signal``. Rates of the ledger can take such signals too (`outside`): this is how bands feed back
on people. Signals are taken at the start of the month::

    LEVEL      log1p(strength / scale)              ATTACHED  log1p(attached / scale)
    CHANGE     LEVEL less its value at the start    OWN       log1p(own / scale) less its value at the start
    OCCURRED   1 once the event has fired           SLOW      log of a slow stock (1 at the start)
    NEAR       log1p(sum of near weights times strengths / near scale)

Both executors take the month's lines and signals from here. The counts draw; the means expect, and are given the months
of events, which they cannot draw. Without capacities, echoes and `outside` the mean of the counts equals the means.
Members gained in a month are exposed to loss only from the next month on. At a loss of a tenth a month this understates
losses by a twentieth.

Sizes: K bands, X events, J lines, D slow stocks, M sums of people (the first K are the people attached to the bands).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.jit import inlined, lean
from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs

# Kinds of signal (column 1 of `echo` and `outside`).
LEVEL, CHANGE, ATTACHED, OWN, OCCURRED, SLOW, NEAR = range(7)


class Bands(NamedTuple):
    """Bands as arrays only (see the module docstring); parameter index -1 means a coefficient of one, or none."""

    key: Keys  # [K]
    alive: Flags  # [K] 1 where the band exists at the start
    strength_log: Floats  # [K] log of the strength at the start, in people, and the standard deviation of that log
    strength_sd: Floats  # [K]
    least_own: Floats  # [K] smallest share of that strength that is own members, however many people are attached
    scale: Floats  # [K] people, in the signals
    growth: Ints  # [K] lines
    loss: Ints  # [K]
    capacity: Ints  # [K]
    attached_weight: Ints  # [K] parameter: log of gains by one attached person relative to one own member
    spread: Ints  # [K] parameter: standard deviation of the log of the band's own effect on growth
    reading: Ints  # [N, 3] (sum, cohort, state) cells that are counted in a sum
    n_sums: int
    line_term: Ints  # [N, 3] (line, path or -1, parameter or -1)
    line_weight: Floats  # [N]
    n_lines: int
    echo: Ints  # [N, 4] (line, kind, source, parameter)
    echo_weight: Floats  # [N]
    outside: Ints  # [N, 4] (rate row of the ledger, kind, source, parameter)
    outside_weight: Floats  # [N]
    near: Floats  # [F, K]
    near_scale: Floats  # [F]
    event_key: Keys  # [X]
    event_line: Ints  # [X]
    event_month: Ints  # [X] month in which it fires when known beforehand, -1 = by hazard
    event_after: Ints  # [X] dated event of the program that must have fired before, or -1
    event_band: Ints  # [X] band that must exist, or -1
    event_unless: Ints  # [X] event that rules this one out once it has fired or is known beforehand, or -1
    event_from: Ints  # [X] source band, or -1
    event_share: Ints  # [X] parameter: share of its own members who move
    event_to: Ints  # [X] target band, which exists from then on, or -1
    event_newcomers: Ints  # [X] parameter: log of the expected newcomers, or -1
    slow_keep: Ints  # [D] parameter: share of the stock that is kept from month to month
    slow_share: Ints  # [D] parameter: share of the path in what the stock moves towards, or -1 for none
    slow_path: Ints  # [D] path row, or -1
    slow_band: Flags  # [D, K] bands whose strength it follows
    slow_sum: Ints  # [D] sum of people that it follows as well, or -1
    event_shape: Floats = np.ones((0, 0))  # [X, A] multiplier of the hazard by months since it came at risk; A = 0: one
    event_ends: Flags = np.zeros(0, dtype=np.uint8)  # [X] 1 where the source ends though others join the target; or [0]
    event_beside: Ints = np.zeros(0, dtype=np.int32)  # [X] second band that must exist, or -1; or [0]
    event_times: Floats = np.zeros(0)  # [X] how many times as strong as event_band it must be in that month; or [0]


def _none(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int32)


#: A program without any band.
NO_BANDS = Bands(
    key=np.zeros(0, dtype=np.uint64),
    alive=np.zeros(0, dtype=np.uint8),
    strength_log=np.zeros(0),
    strength_sd=np.zeros(0),
    least_own=np.zeros(0),
    scale=np.zeros(0),
    growth=_none(0),
    loss=_none(0),
    capacity=_none(0),
    attached_weight=_none(0),
    spread=_none(0),
    reading=_none(0, 3),
    n_sums=0,
    line_term=_none(0, 3),
    line_weight=np.zeros(0),
    n_lines=0,
    echo=_none(0, 4),
    echo_weight=np.zeros(0),
    outside=_none(0, 4),
    outside_weight=np.zeros(0),
    near=np.zeros((0, 0)),
    near_scale=np.zeros(0),
    event_key=np.zeros(0, dtype=np.uint64),
    event_line=_none(0),
    event_month=_none(0),
    event_after=_none(0),
    event_band=_none(0),
    event_unless=_none(0),
    event_from=_none(0),
    event_share=_none(0),
    event_to=_none(0),
    event_newcomers=_none(0),
    slow_keep=_none(0),
    slow_share=_none(0),
    slow_path=_none(0),
    slow_band=np.zeros((0, 0), dtype=np.uint8),
    slow_sum=_none(0),
)


class BandInputs(NamedTuple):
    """Bands with parameters and paths filled in, for one trajectory (see `band_inputs`)."""

    bands: Bands
    line: Floats  # [J, T + 1] logs, without echoes
    echo: Floats  # [N] coefficients
    outside: Floats  # [N]
    attached_weight: Floats  # [K] gains by one attached person relative to one own member
    effect: Floats  # [K] on growth, with mean one
    strength: Floats  # [K] people at the start, drawn
    share: Floats  # [X]
    newcomers: Floats  # [X] people
    risk_from: Ints  # [X] first month at risk
    keep: Floats  # [D]
    slow_share: Floats  # [D]
    slow_path: Floats  # [D, T + 1] the path divided by its value at the start (one where there is none)


class BandState(NamedTuple):
    """The bands at the start of a month. Arrays are updated in place."""

    own: Floats  # [K] people, whole where they are counted
    attached: Floats  # [K] people
    strength: Floats  # [K] own and attached people of bands that exist
    alive: Flags  # [K]
    fired: Ints  # [X] month, T + 1 for never
    left: Floats  # [X] what remains of each event's exponential
    slow: Floats  # [D]
    sums: Floats  # [M] people
    first_own: Floats  # [K] values at month 0, as are the next two
    first_strength: Floats  # [K]
    first_sums: Floats  # [M]
    was_alive: Flags  # [K] what `alive` was when the month began
    line: Floats  # [J] logs of all lines this month, echoes included
    outside: Floats  # [R] what bands add to the log of every rate of the ledger this month


class BandRecord(NamedTuple):
    """What is recorded of the bands in one trajectory. Month 0 is the start."""

    own: Longs  # [T + 1, K] people
    attached: Longs  # [T + 1, K] people of the ledger; part of the strength only once the band exists
    strength: Longs  # [T + 1, K] people
    fired: Ints  # [X] month in which each event fired; T + 1 for never
    slow: Floats  # [T + 1, D] relative to the start


@inlined
def take_sums(reading: Ints, n: Floats | Longs, sums: Floats) -> None:
    """Write the sums of people ``n[C, S]`` to ``sums[M]``, given the cells counted in each (`Bands.reading`)."""
    sums[:] = 0.0
    for i in range(reading.shape[0]):
        sums[reading[i, 0]] += n[reading[i, 1], reading[i, 2]]


@inlined
def take_strength(band_state: BandState) -> None:
    """Set attached people and strengths from the sums and the own members."""
    for k in range(band_state.strength.size):
        band_state.attached[k] = band_state.sums[k]
        band_state.strength[k] = band_state.own[k] + band_state.sums[k] if band_state.alive[k] else 0.0


@inlined
def signal(bands: Bands, band_state: BandState, t: int, kind: int, source: int) -> float:
    """The value of a signal at the start of month t."""
    if kind == OCCURRED:
        return 1.0 if band_state.fired[source] < t else 0.0
    if kind == SLOW:
        return math.log(band_state.slow[source])
    if kind == NEAR:
        total = 0.0
        for k in range(band_state.strength.size):
            total += bands.near[source, k] * band_state.strength[k]
        return math.log1p(total / bands.near_scale[source])
    scale = bands.scale[source]
    if kind == ATTACHED:
        return math.log1p(band_state.attached[source] / scale)
    if kind == OWN:
        return math.log1p(band_state.own[source] / scale) - math.log1p(band_state.first_own[source] / scale)
    level = math.log1p(band_state.strength[source] / scale)
    return level if kind == LEVEL else level - math.log1p(band_state.first_strength[source] / scale)


@inlined
def set_lines(inputs: BandInputs, band_state: BandState, t: int) -> None:
    """Write the logs of all lines in month t, echoes included, to ``band_state.line[J]``."""
    rows, line = inputs.bands.echo, band_state.line
    for j in range(line.size):
        line[j] = inputs.line[j, t]
    for i in range(rows.shape[0]):
        if inputs.echo[i] != 0.0:
            line[rows[i, 0]] += inputs.echo[i] * signal(inputs.bands, band_state, t, rows[i, 1], rows[i, 2])


@lean
def set_outside(inputs: BandInputs, band_state: BandState, t: int) -> None:
    """Write what bands add to the log of every rate of the ledger in month t to ``band_state.outside[R]``."""
    rows, outside = inputs.bands.outside, band_state.outside
    outside[:] = 0.0
    for i in range(rows.shape[0]):
        if inputs.outside[i] != 0.0:
            outside[rows[i, 0]] += inputs.outside[i] * signal(inputs.bands, band_state, t, rows[i, 1], rows[i, 2])


@inlined
def room_left(strength: float, capacity: float) -> float:
    """Share of a capacity that is free."""
    return max(0.0, 1.0 - strength / capacity)


@inlined
def at_risk(inputs: BandInputs, band_state: BandState, x: int, t: int) -> bool:
    """Whether an event can fire in month t."""
    bands = inputs.bands
    months = inputs.line.shape[1]
    if band_state.fired[x] < months or t < inputs.risk_from[x]:
        return False
    return bool(_exists(bands, band_state, x) and not _ruled_out(bands, band_state, x, t, months))


@inlined
def _exists(bands: Bands, band_state: BandState, x: int) -> bool:
    """Whether the band of an event exists; with a second band, both, and that strong enough at the month's start.

    An event with a second band that is known beforehand happens whatever exists.
    """
    band, was_alive = bands.event_band[x], band_state.was_alive
    other = bands.event_beside[x] if bands.event_beside.size > 0 else -1
    if other < 0:
        return bool(band < 0 or was_alive[band] == 1)
    if bands.event_month[x] >= 0:
        return True
    if was_alive[other] * was_alive[band] * band_state.alive[other] * band_state.alive[band] == 0:
        return False
    return bool(band_state.strength[other] >= bands.event_times[x] * band_state.strength[band])


@inlined
def _ruled_out(bands: Bands, band_state: BandState, x: int, t: int, months: int) -> bool:
    """Whether another event rules this one out: it fired before, or is known to fire in another month.

    In the same month both may fire. An event that is known beforehand is never ruled out.
    """
    unless = bands.event_unless[x]
    if unless < 0 or bands.event_month[x] >= 0:
        return False
    known = bands.event_month[unless]
    return bool(band_state.fired[unless] < t or (0 <= known < months and known != t))


@inlined
def event_hazard(inputs: BandInputs, band_state: BandState, x: int, t: int) -> float:
    """Hazard of an event in month t."""
    shape, hazard = inputs.bands.event_shape, math.exp(band_state.line[inputs.bands.event_line[x]])
    if shape.shape[1] == 0:
        return hazard
    return float(hazard * shape[x, min(t - inputs.risk_from[x], shape.shape[1] - 1)])


@inlined
def move_slow(inputs: BandInputs, band_state: BandState, t: int) -> None:
    """Advance the slow stocks through month t."""
    bands = inputs.bands
    for d in range(band_state.slow.size):
        now, first = 1.0, 1.0
        for k in range(band_state.strength.size):
            if bands.slow_band[d, k]:
                now += band_state.strength[k]
                first += band_state.first_strength[k]
        if bands.slow_sum[d] >= 0:
            now += band_state.sums[bands.slow_sum[d]]
            first += band_state.first_sums[bands.slow_sum[d]]
        share = inputs.slow_share[d]
        towards = share * inputs.slow_path[d, t] + (1.0 - share) * now / first
        band_state.slow[d] = inputs.keep[d] * band_state.slow[d] + (1.0 - inputs.keep[d]) * max(towards, 1e-6)


@inlined
def record_bands(band_state: BandState, t: int, record: BandRecord) -> None:
    """Record the bands at the end of month t."""
    for k in range(band_state.strength.size):
        record.own[t, k] = np.int64(band_state.own[k])
        record.attached[t, k] = np.int64(band_state.attached[k])
        record.strength[t, k] = np.int64(band_state.strength[k])
    for d in range(band_state.slow.size):
        record.slow[t, d] = band_state.slow[d]
