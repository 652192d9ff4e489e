"""Recruitment: arrivals by month, and the organisations that they join.

One arrival curve is shared by all origins, ``a[t]`` fighters a month for the whole world. Between growing running
totals, arrivals are uniform. The totals are those of the report family that spans the longest time, since a jump from
one family to another is a change of definition, not arrivals. Other families (with two totals or more, the longest
first) are used only before its first total and after its last. A published monthly rate that is dated to the month
applies from then on. Without world totals, arrivals are uniform over the history. After the as-of date the last rate
falls with the territory held, with time, and with the corridor if that is lost after the date; without any ground that
is held, nobody arrives (in the history too, once all of it is lost)::

    inflow[o, fighter, t] = share[o] * a[t] * exp(u[o] + noise[t] - fade * max(0, t)) * (C[t] / C[as-of]) ** e[o]
                            * arrivals.corridor if the corridor is lost since,   0 once only the floor is held
    e[o]                  = pull + distance * (log distance of o's band - that of the nearest band)
    inflow[o, r, t]       = the same * exp(role[r])        r in {other adult, minor}: people per fighter

The past rate is not a reliable guide to future months: it changed severalfold within a year or two. Therefore people
come to a state that holds ground (C, the share of its territory still held), all arrivals after the as-of date share a
slow lognormal AR(1) factor, and each origin has an effect u; both have mean one. Their priors are wide, since no figure
informs them. The longer the way, the more of it must stay open: arrivals from afar fall first as ground is lost.
Origins form three bands of about equal numbers by distance from the theatre, each with its mean log distance.

Those on the way in (`arriving`) are split at once between the core (as movers, who do not mean to stay, or as stayers),
each rival, and no organisation: most of those counted joined the core, but not all. Rivals share one weight, in each
month of the history those that existed then (see `rival_ages`): a rival founded lately has few people.

Families are with rivals or with no organisation less than fighters, by a factor with a wide prior: those who went as
families went to live in the state that the core had declared (of women from the West, some 550 by early 2015, studies
found nearly all with the core: Hoyle, Bradford and Frenett, Becoming Mulan, 2015; recalled). No count is known.

Assumptions: an origin's share of new arrivals is close to its share of past ones. Tenure in the ranks is a mixture of
movers and stayers because returns are front-loaded in every country with dated returns. The mixture has a prior here
and is estimated by `fit`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from afterfall.case import WORLD
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import AdriftPath, LeftPath, NoisePath, Path, SeriesPath
from afterfall.model.language.vocabulary import (
    Choice,
    Cohort,
    Inflow,
    OnPath,
    OriginEffect,
    Parameter,
    Part,
    Rate,
    RateTerm,
    State,
    Term,
    Times,
    Transition,
)
from afterfall.model.mechanisms.rival_ages import age_path, age_paths

ARRIVING = "arriving"
UNAFFILIATED = "unaffiliated"
MOVER, STAYER = "ranks_mover", "ranks_stayer"
RANKS = (MOVER, STAYER)
#: Bands of origins by distance from the theatre.
BANDS = ("near", "middle", "far")


def rival_state(rival: str) -> str:
    """Name of the state of members of a rival of the theatre."""
    return f"rival_{rival}"


def recruitment(view: CaseView) -> Part:
    """States of arrival and of the ranks, the inflow, and the split by organisation."""
    states = (
        State(ARRIVING, "on the way into the theatre", "in_transit", "arriving"),
        State(UNAFFILIATED, "in the theatre with no organisation", "unaffiliated"),
        State(MOVER, "in the ranks, not meaning to stay", "in_ranks"),
        State(STAYER, "in the ranks, meaning to stay", "in_ranks"),
    )
    joining = Choice("joining", Rate("joining", (Term("joining.speed"),)))
    ways: dict[str, tuple[Term | Times, ...]] = {STAYER: (), MOVER: (Term("joining.mover"),)}
    apart = Term("joining.family", "family")
    ways[UNAFFILIATED] = (Term("joining.none"), apart)
    ways |= {
        rival_state(r): (Term("joining.rival"), apart, Term(None, "rivals_share_one_weight"), Times(age_path(r)))
        for r in view.rivals
    }
    transitions = tuple(
        Transition(ARRIVING, dest, Rate(f"joining.{dest}", terms), "recruitment", "joins", joining)
        for dest, terms in ways.items()
    )
    terms = (
        Term(None, "log_share_of_arrivals"),
        Term("role.adult", "role:adult"),
        Term("role.minor", "role:minor"),
        Times("arrivals"),
        Times("grounded"),
        OnPath("recruitment.fade", "months_after"),
        OnPath("recruitment.pull", "log_left"),
        OnPath("arrivals.corridor", "corridor_closed_since"),
        OnPath(None, "noise_arrivals"),
        OriginEffect("arrivals.origin_sd"),
    )
    bands = _bands(view)
    inflows = tuple(_inflow(band, terms, first=band is bands[0]) for band in bands)
    paths: tuple[Path, ...] = (
        AdriftPath("grounded", "some ground is held", "held", grounded=True),
        *(
            LeftPath(f"log_left.{b.name}", f"log of what is left, {b.name} origins", "held", b.farther)
            for b in bands[1:]
        ),
        SeriesPath("arrivals", "fighters a month arriving from all origins", ArrivalCurve.of(view).at),
        SeriesPath("months_after", "minus the months since the as-of date", lambda month: -float(max(0, month))),
        *age_paths(view),
        NoisePath("noise_arrivals", "shared noise on arrivals", "noise.arrivals_sd", "noise.arrivals_memory"),
    )
    return Part(states, transitions, inflows, _parameters(), _features(view), paths, uses=("recruitment.distance",))


@dataclass(frozen=True, slots=True)
class DistanceBand:
    """Origins about as far from the theatre: `farther` is their mean log distance, less that of the nearest band."""

    name: str
    origins: frozenset[str]
    farther: float


def _bands(view: CaseView) -> tuple[DistanceBand, ...]:
    """Bands of origins by distance, the nearest first; one band where all are equally far as far as is known."""
    far = {o: view.log_distance(Cohort(o, "fighter", view.region_of[o]), "distance_theatre_km") for o in view.origins}
    order = sorted(view.origins, key=lambda o: (far[o], o))
    size = math.ceil(len(order) / len(BANDS))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if far[order[0]] == far[order[-1]]:
        groups = [order]
    means = [sum(far[o] for o in group) / len(group) for group in groups]
    return tuple(
        DistanceBand(name, frozenset(group), mean - means[0])
        for name, group, mean in zip(BANDS, groups, means, strict=False)
    )


def _inflow(band: DistanceBand, terms: tuple[RateTerm, ...], *, first: bool) -> Inflow:
    """Arrivals of a band; those of the first stand for all origins in the history."""
    name = "arrivals" if first else f"arrivals.{band.name}"
    extra = () if first else (OnPath("recruitment.distance", f"log_left.{band.name}"),)
    rate = Rate(name, (*terms, *extra))
    label = "arrives from the origin"
    return Inflow(ARRIVING, rate, "recruitment", label, ("travelled",), origins=band.origins, past=first)


@dataclass(frozen=True, slots=True)
class ArrivalCurve:
    """Arrivals of fighters by month, as steps: `months` are the first months of the steps, `rates` people a month."""

    months: tuple[int, ...]
    rates: tuple[float, ...]

    @classmethod
    def of(cls, view: CaseView) -> ArrivalCurve:
        """The curve that follows from the case's world figures; without a total above zero, even before any rate."""
        everyone = sum(view.central_travelled(o) for o in view.origins)
        steps = _steps_from_totals(view) or [(-view.history_months, everyone / view.history_months)]
        rates = [f for f in view.case.figures_of("arrivals", place=WORLD) if not f.bound]
        published = sorted(
            (view.month_of(f.refers_to.last_day), f.value) for f in rates if f.refers_to.precision != "year"
        )
        if published:
            steps = [s for s in steps if s[0] < published[0][0]] + published
        end = _end_of_ground(view)
        if end is not None:
            steps = [s for s in steps if s[0] < end] + [(end, 0.0)]
        return cls(tuple(m for m, _ in steps), tuple(r for _, r in steps))

    def at(self, month: int) -> float:
        """People a month in a month; a step covers the months after its first."""
        step = bisect_left(self.months, month) - 1
        return self.rates[step] if step >= 0 else 0.0

    def growth(self, month: int) -> float:
        """All arrivals up to the as-of date, divided by those up to the end of a month (at least one)."""
        first = self.months[0]
        until = sum(self.at(m) for m in range(first + 1, min(month, 0) + 1))
        everyone = until + sum(self.at(m) for m in range(min(month, 0) + 1, 1))
        return everyone / until if until > 0.0 else 1.0


def _end_of_ground(view: CaseView) -> int | None:
    """Month of the loss of the last ground; None while some is held."""
    lost = [s.lost for s in view.spells if s.lost is not None]
    return view.month_of(max(lost)) if lost and len(lost) == len(view.spells) else None


def _steps_from_totals(view: CaseView) -> list[tuple[int, float]]:
    """Uniform arrivals between the growing totals of the longest family, and of others outside its time span."""
    by_family: dict[str, list[tuple[int, float]]] = {}
    for figure in view.travelled_figures(WORLD):
        if figure.bound != "at_most":
            knot = (view.month_of(figure.refers_to.last_day), figure.value)
            by_family.setdefault(figure.report_family, []).append(knot)
    if not by_family:
        return []
    knots: list[tuple[int, float]] = []
    for family in sorted(by_family.values(), key=lambda f: (max(f)[0] - min(f)[0], len(f), f), reverse=True):
        first, last = (min(knots)[0], max(knots)[0]) if knots else (0, -1)
        if len(family) > 1 or not knots:
            knots += [k for k in family if not first <= k[0] <= last]
    steps: list[tuple[int, float]] = []
    month, total = -view.history_months, 0.0
    for next_month, value in sorted(knots):
        if value > total and next_month > month:
            steps.append((month, (value - total) / (next_month - month)))
            month, total = next_month, value
    return steps


def _features(view: CaseView) -> dict[str, Callable[[Cohort], float]]:
    weights = {o: view.central_travelled(o) for o in view.origins}
    by_region: dict[str, float] = {}
    for origin, weight in weights.items():
        by_region[view.region_of[origin]] = by_region.get(view.region_of[origin], 0.0) + weight
    shares = {**by_region, **weights}
    total = sum(weights.values())
    return {
        "log_share_of_arrivals": lambda cohort: math.log(shares[cohort.origin] / total),
        "rivals_share_one_weight": lambda cohort: -math.log(len(view.rivals)) if view.rivals else 0.0,
    }


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("joining.speed", "hazard of being placed on arrival", "a month", "log", 1.0, 4.0),
        Parameter("joining.mover", "movers for each stayer among those who join the core", "ratio", "log", 0.25, 4.0),
        Parameter(
            "joining.none", "arrivals with no organisation for each stayer of the core", "ratio", "log", 0.05, 1.0
        ),
        Parameter("joining.rival", "arrivals to all rivals for each stayer of the core", "ratio", "log", 0.1, 1.5),
        Parameter("joining.family", "families with rivals or with nobody, against fighters", "ratio", "log", 0.1, 1.5),
        Parameter("role.adult", "other adults for each fighter", "ratio", "log", 0.03, 0.4),
        Parameter("role.minor", "minors for each fighter", "ratio", "log", 0.03, 0.5),
        Parameter("arrivals.corridor", "arrivals after the corridor is lost, against before", "ratio", "log", 0.1, 1.0),
        Parameter("recruitment.fade", "decline of arrivals after the as-of date", "a month", "positive", 0.003, 0.3),
        Parameter(
            "recruitment.pull", "elasticity of arrivals to the territory left", "log a log", "positive", 0.3, 4.0
        ),
        Parameter(
            "recruitment.distance", "more of it for each factor of e in distance", "log a log", "positive", 0.1, 2.0
        ),
        Parameter("noise.arrivals_sd", "spread of the shared noise on arrivals", "log", "positive", 0.2, 1.2),
        Parameter("noise.arrivals_memory", "its autocorrelation", "a month", "share", 0.8, 0.98),
        Parameter("arrivals.origin_sd", "spread of new arrivals between origins", "log", "positive", 0.2, 1.2),
    )
