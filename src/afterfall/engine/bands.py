"""Bands: stocks of people beside the ledger that read its totals, act on its rates, and meet dated events.

A *band* is a count with births and deaths (the locals of an organisation); its *foreigners* are people of the ledger,
so that its strength is both together. A month goes like this, everything on the right as it stood at its start::

    recruits  ~ Poisson(exp(growth) * effect * (locals + exp(veteran) * foreigners) * max(0, 1 - strength /
    exp(capacity))) lost      ~ Binomial(locals, 1 - exp(-exp(loss)))
    event x     fires when its integrated hazard exp(line) has passed one keyed exponential; then a share of one band's
                locals, and newcomers ~ Poisson(exp(cadre)), pass to another band, which exists from then on
    slow stock  <- keep * stock + (1 - keep) * (share * path ratio + (1 - share) * ratio of strengths or people to the
    start)

`effect` is a band's own lognormal factor of mean one, drawn once by its key. Logs of growth, loss, capacity and
hazards are *lines*: sums of ``weight * theta[p]``, of ``weight * theta[p] * path[z, t]``,
and of *echoes* ``weight * theta[p] * signal``. Rates of the ledger take such signals too (`outside`): that is how a
band feeds back on people. Signals are taken at the start of the month::

    LEVEL      log1p(strength / scale)              FOREIGN  log1p(foreigners / scale)
    CHANGE     LEVEL less its value at the start    LOCALS   log1p(locals / scale) less its value at the start
    HAPPENED   1 once the event has fired           SLOW     log of a slow stock (1 at the start)
    NEAR       log1p(sum of near weights times strengths / near scale)

The counts draw, the means expect; both take the month's lines and signals from here. Without capacity, echoes and
`outside`, the mean of the counts is the means' own; events are given to the means, which cannot draw them. Recruits of
a month are exposed to loss only from the next on, which at a tenth a month understates losses by a twentieth.

Sizes: K bands, X events, J lines, D slow stocks, M sums of people (the first K are the bands' foreigners).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from afterfall.engine.jit import jit
from afterfall.engine.program import Flags, Floats, Ints, Keys, Longs

# Kinds of signal (column 1 of `echo` and `outside`).
LEVEL, CHANGE, FOREIGN, LOCALS, HAPPENED, SLOW, NEAR = range(7)


class Bands(NamedTuple):
    """Bands as arrays only (see the module's text); parameter index -1 means a coefficient of one, or none."""

    key: Keys  # [K]
    alive: Flags  # [K] 1 where it exists at the start
    strength_log: Floats  # [K] log of the strength at the start, in people, and the standard deviation of that log
    strength_sd: Floats  # [K]
    least_local: Floats  # [K] share of that strength that is local at least, however many foreigners the ledger has
    scale: Floats  # [K] people, in the signals
    growth: Ints  # [K] lines
    loss: Ints  # [K]
    capacity: Ints  # [K]
    veteran: Ints  # [K] parameter: log of recruits by a foreigner against a local
    spread: Ints  # [K] parameter: standard deviation of the log of a band's own effect on growth
    reading: Ints  # [N, 3] (sum, cohort, state) people who are counted in a sum
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
    event_token: Ints  # [X] token of the program that must have fired before, or -1
    event_band: Ints  # [X] band that must exist, or -1
    event_unless: Ints  # [X] event that bars it once fired, or -1
    event_from: Ints  # [X] band that gives locals, or -1
    event_share: Ints  # [X] parameter: the share it gives
    event_to: Ints  # [X] band that exists from then on, or -1
    event_cadre: Ints  # [X] parameter: log of the newcomers expected, or -1
    slow_keep: Ints  # [D] parameter: what a stock keeps in a month
    slow_share: Ints  # [D] parameter: share of the path in what it moves towards, or -1 for none
    slow_path: Ints  # [D] path row, or -1
    slow_band: Flags  # [D, K] bands whose strength it follows
    slow_sum: Ints  # [D] sum of people it follows besides, or -1


def _none(*shape: int) -> Ints:
    return np.zeros(shape, dtype=np.int32)


#: A program without any band.
NO_BANDS = Bands(
    key=np.zeros(0, dtype=np.uint64),
    alive=np.zeros(0, dtype=np.uint8),
    strength_log=np.zeros(0),
    strength_sd=np.zeros(0),
    least_local=np.zeros(0),
    scale=np.zeros(0),
    growth=_none(0),
    loss=_none(0),
    capacity=_none(0),
    veteran=_none(0),
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
    event_token=_none(0),
    event_band=_none(0),
    event_unless=_none(0),
    event_from=_none(0),
    event_share=_none(0),
    event_to=_none(0),
    event_cadre=_none(0),
    slow_keep=_none(0),
    slow_share=_none(0),
    slow_path=_none(0),
    slow_band=np.zeros((0, 0), dtype=np.uint8),
    slow_sum=_none(0),
)


class BandInputs(NamedTuple):
    """Bands with parameters and paths put in, for one trajectory (see `muster`)."""

    bands: Bands
    line: Floats  # [J, T + 1] logs, without echoes
    echo: Floats  # [N] coefficients
    outside: Floats  # [N]
    veteran: Floats  # [K] recruits by a foreigner against a local
    effect: Floats  # [K] on growth, of mean one
    strength: Floats  # [K] people at the start, drawn
    share: Floats  # [X]
    cadre: Floats  # [X] people
    risk_from: Ints  # [X] first month at risk
    keep: Floats  # [D]
    slow_share: Floats  # [D]
    slow_path: Floats  # [D, T + 1] the path over its value at the start (one where there is none)


class Standing(NamedTuple):
    """How the bands stand at the start of a month. Arrays are brought forward in place."""

    locals: Floats | Longs  # [K] people
    foreigners: Floats  # [K] people
    strength: Floats  # [K] locals and foreigners of bands that exist
    alive: Flags  # [K]
    fired: Ints  # [X] month, T + 1 never
    left: Floats  # [X] what remains of each event's exponential
    slow: Floats  # [D]
    sums: Floats  # [M] people
    first_locals: Floats  # [K] at the start, as the three that follow
    first_strength: Floats  # [K]
    first_sums: Floats  # [M]


class BandRecord(NamedTuple):
    """What is kept of the bands of one trajectory. Month 0 is the start."""

    locals: Longs  # [T + 1, K] people
    foreigners: Longs  # [T + 1, K] people of the ledger; counted in the strength only once the band exists
    strength: Longs  # [T + 1, K] people
    fired: Ints  # [X] month in which each event fired; T + 1 never
    slow: Floats  # [T + 1, D] against the start


@jit
def take_sums(bands: Bands, n: Floats | Longs, sums: Floats) -> None:
    """Write the sums of people ``n[C, S]`` to ``sums[M]``."""
    sums[:] = 0.0
    reading = bands.reading
    for i in range(reading.shape[0]):
        sums[reading[i, 0]] += n[reading[i, 1], reading[i, 2]]


@jit
def take_strength(standing: Standing) -> None:
    """Bring foreigners and strengths up to the sums and the locals."""
    for k in range(standing.strength.size):
        standing.foreigners[k] = standing.sums[k]
        standing.strength[k] = standing.locals[k] + standing.sums[k] if standing.alive[k] else 0.0


@jit
def signal(bands: Bands, standing: Standing, t: int, kind: int, source: int) -> float:
    """The value of a signal at the start of month t."""
    if kind == HAPPENED:
        return 1.0 if standing.fired[source] < t else 0.0
    if kind == SLOW:
        return math.log(standing.slow[source])
    if kind == NEAR:
        total = 0.0
        for k in range(standing.strength.size):
            total += bands.near[source, k] * standing.strength[k]
        return math.log1p(total / bands.near_scale[source])
    scale = bands.scale[source]
    if kind == FOREIGN:
        return math.log1p(standing.foreigners[source] / scale)
    if kind == LOCALS:
        return math.log1p(standing.locals[source] / scale) - math.log1p(standing.first_locals[source] / scale)
    level = math.log1p(standing.strength[source] / scale)
    return level if kind == LEVEL else level - math.log1p(standing.first_strength[source] / scale)


@jit
def lines_now(company: BandInputs, standing: Standing, t: int) -> Floats:
    """Logs of all lines in month t ``[J]``, echoes included."""
    rows = company.bands.echo
    out = company.line[:, t].copy()
    for i in range(rows.shape[0]):
        if company.echo[i] != 0.0:
            out[rows[i, 0]] += company.echo[i] * signal(company.bands, standing, t, rows[i, 1], rows[i, 2])
    return out


@jit
def outside_now(company: BandInputs, standing: Standing, t: int, n_rates: int) -> Floats:
    """What bands add to the log of every rate of the ledger in month t ``[R]``."""
    rows, out = company.bands.outside, np.zeros(n_rates)
    for i in range(rows.shape[0]):
        if company.outside[i] != 0.0:
            out[rows[i, 0]] += company.outside[i] * signal(company.bands, standing, t, rows[i, 1], rows[i, 2])
    return out


@jit
def room_left(strength: float, capacity: float) -> float:
    """Share of a capacity that is not taken."""
    return max(0.0, 1.0 - strength / capacity)


@jit
def at_risk(company: BandInputs, standing: Standing, was_alive: Flags, x: int, t: int) -> bool:
    """Whether an event can fire in month t."""
    bands = company.bands
    band, unless = bands.event_band[x], bands.event_unless[x]
    if standing.fired[x] < company.line.shape[1] or t < company.risk_from[x]:
        return False
    return bool((band < 0 or was_alive[band] == 1) and (unless < 0 or standing.fired[unless] >= t))


@jit
def move_slow(company: BandInputs, standing: Standing, t: int) -> None:
    """Bring the slow stocks through month t."""
    bands = company.bands
    for d in range(standing.slow.size):
        now, first = 1.0, 1.0
        for k in range(standing.strength.size):
            if bands.slow_band[d, k]:
                now += standing.strength[k]
                first += standing.first_strength[k]
        if bands.slow_sum[d] >= 0:
            now += standing.sums[bands.slow_sum[d]]
            first += standing.first_sums[bands.slow_sum[d]]
        share = company.slow_share[d]
        towards = share * company.slow_path[d, t] + (1.0 - share) * now / first
        standing.slow[d] = company.keep[d] * standing.slow[d] + (1.0 - company.keep[d]) * max(towards, 1e-6)


@jit
def call_roll(standing: Standing, t: int, roll: BandRecord) -> None:
    """Write how the bands stand at the end of month t."""
    for k in range(standing.strength.size):
        roll.locals[t, k] = np.int64(standing.locals[k])
        roll.foreigners[t, k] = np.int64(standing.foreigners[k])
        roll.strength[t, k] = np.int64(standing.strength[k])
    for d in range(standing.slow.size):
        roll.slow[t, d] = standing.slow[d]
