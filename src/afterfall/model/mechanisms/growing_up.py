"""Growing up: minors who travelled pass 18, and become adults of the same origin in the same place.

At the end of month t each minor outside their home country does so with probability ``1 - exp(-h[t])``. Boys join the
men (role `fighter`) and girls the women (role `adult`), with even chances::

    h[t] = exp(growing_up.pace) / (216 - m[t])

``m[t]`` is the mean time since arrival in months of those who have arrived by then (`recruitment`: the arrival curve).
With pace one, this is the hazard where ages on arrival are spread evenly over the 216 months of childhood: of those
still minors, the months to come until 18 are then spread evenly over ``216 - a`` for arrival a months ago.

Assumptions: one hazard for all origins and places. As many boys as girls; boys who pass 18 have the rates of men who
travelled to fight, wherever they are. Arrivals after the as-of date are too few to make minors younger.
The true ages are not known: counts by age are few, of few countries, and mix those born there with those taken along.
The young weigh down the pace, those who travelled on their own at 15 to 17 raise it; its prior is wide and without a
source. Children at home stay children there: nothing in the model follows them as adults. Children born in the theatre
do not pass 18 before 2031, beyond any horizon of a forecast as of 2021 or earlier; later ones overstate minors.
"""

from __future__ import annotations

from collections.abc import Callable

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.path_vocabulary import SeriesPath
from afterfall.model.language.vocabulary import Parameter, Part, Passing, Rate, Term, Times
from afterfall.model.mechanisms.recruitment import ArrivalCurve

#: Months from birth to the 18th birthday.
CHILDHOOD = 216
#: Stages of the states in which people are outside their home country, alive.
AWAY = frozenset({"arriving", "theatre", "detained", "moving", "abroad"})


def growing_up(view: CaseView) -> Part:
    """Passing from minor to adult."""
    rate = Rate("growing_up", (Term("growing_up.pace"), Times("coming_of_age")))
    label = "share of minors a month who pass 18, with ages on arrival spread evenly"
    return Part(
        passings=(Passing("minor", ("adult", "fighter"), rate, AWAY, "growing_up", "passes 18"),),
        parameters=(
            Parameter("growing_up.pace", "minors who pass 18, against even ages on arrival", "ratio", "log", 0.3, 2.0),
        ),
        paths=(SeriesPath("coming_of_age", label, coming_of_age(ArrivalCurve.of(view))),),
    )


def coming_of_age(curve: ArrivalCurve) -> Callable[[int], float]:
    """Share of minors who pass 18 in a month, by month, with ages on arrival spread evenly over childhood."""
    months = range(curve.months[0] + 1, 1)
    arrivals = {month: curve.at(month) for month in months}

    def share(month: int) -> float:
        came = {m: people for m, people in arrivals.items() if m <= month}
        everyone = sum(came.values())
        since = sum((month - m) * people for m, people in came.items()) / everyone if everyone > 0.0 else 0.0
        return 1.0 / max(CHILDHOOD - since, 1.0)

    return share
