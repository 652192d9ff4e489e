"""Shared paths: monthly series of the whole conflict, on which rates and dated events depend.

A path is given (`SeriesPath`), drawn (`NoisePath`), or follows from dated events and from other paths: how much of a
whole is held (`HeldPath`), what is derived from that alone (`OfHeldPath`), and whether one event has happened
(`FiredPath`). Where a path depends on others, it names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SeriesPath:
    """A given series: `values` maps a month (0 is the as-of date, negative the past) to a number."""

    name: str
    label: str
    values: Callable[[int], float]


@dataclass(frozen=True, slots=True)
class NoisePath:
    """Shared AR(1) noise with parameters naming the standard deviation and the monthly autocorrelation."""

    name: str
    label: str
    sd: str
    autocorrelation: str


@dataclass(frozen=True, slots=True)
class HeldPath:
    """Share of the whole that is still held: `floor` plus the weights of the dated events that have not fired.

    With a `parameter` each weight is multiplied by ``exp(parameter * tilt)`` in the forecast (the tilt of an event that
    `tilt` leaves out is zero), and by nothing in the history.
    """

    name: str
    label: str
    weights: Mapping[str, float]
    floor: float
    parameter: str | None = None
    tilt: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LossPath:
    """``-log(held[t] / held[t - 1])`` of the held path named `of`."""

    name: str
    label: str
    of: str


@dataclass(frozen=True, slots=True)
class ShareLostPath:
    """``1 - held[t] / held[t - 1]`` of the held path named `of`: the share lost in the month."""

    name: str
    label: str
    of: str


@dataclass(frozen=True, slots=True)
class AdriftPath:
    """One while the held path named `of` is at its floor, else zero.

    With `grounded` the other way round: one while more than the floor is held, and in every month of the history.
    """

    name: str
    label: str
    of: str
    grounded: bool = False


@dataclass(frozen=True, slots=True)
class LeftPath:
    """``times * log(held[t] / held[as-of])`` of the held path named `of`: what is left of it; zero in the history."""

    name: str
    label: str
    of: str
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class LogSharePath:
    """``log(held[t] / whole)`` of the held path named `of`, in the history too; the whole is all that was ever held."""

    name: str
    label: str
    of: str


@dataclass(frozen=True, slots=True)
class LogLostPath:
    """``log(1 - held[t] / whole)`` of the held path named `of` (at least the log of its floor), in the history too."""

    name: str
    label: str
    of: str


@dataclass(frozen=True, slots=True)
class LossToPath:
    """Share of one taker in what was lost in the month from the held path `of`, given its `shares` in each event.

    With a `parameter`, its share in an event that has not fired by the as-of date is multiplied by the exponential of
    that in the forecast, and the shares of all takers are divided by their sum.
    """

    name: str
    label: str
    of: str
    shares: Mapping[str, float]
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class OffsetLogPath:
    """``log(parameter + of[t])``."""

    name: str
    label: str
    of: str
    parameter: str


@dataclass(frozen=True, slots=True)
class FiredPath:
    """One from the month in which the dated event `event` fires, before that zero."""

    name: str
    label: str
    event: str


OfHeldPath = LossPath | ShareLostPath | AdriftPath | LeftPath | LogLostPath | LogSharePath | LossToPath
Path = SeriesPath | NoisePath | HeldPath | OfHeldPath | OffsetLogPath | FiredPath
