"""Violence by place: the effect of organisations and veterans, beyond a country's past and its neighbours.

Computed after the run. For a country with strength S and veterans V in month t (`run.presence`)::

    shift = violence.strength (log(1 + S_t / 100) - log(1 + S_0 / 100))
          + violence.veterans (log(1 + V_t / 100) - log(1 + V_0 / 100))

is added to the log odds of any death in the month, and to the log of deaths given any. Month 0 is the as-of date: the
conflict record already reflects what was there by then. Nothing here acts on people.

Assumptions: the two elasticities are the same everywhere. There is no published series of strengths by country and
month from which to estimate them, so both have wide, uninformed priors between almost no effect and proportionality.
Whether veterans of a lost cause raise violence at home is contested: Braithwaite and Chu (2018,
doi:10.1177/0022002717707304) find more terrorism at home after rebels abroad won and less after they lost.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Parameter, Part

STRENGTH, VETERANS = "violence.strength", "violence.veterans"
#: Number of people at which the effect of strength changes from linear to proportional.
SCALE = 100.0


def violence(view: CaseView) -> Part:
    """Parameters only: violence is computed after the run."""
    parameters = (
        Parameter(STRENGTH, "deaths by the strength of organisations there", "elasticity", "positive", 0.02, 1.0),
        Parameter(VETERANS, "deaths by the number of veterans at large", "elasticity", "positive", 0.005, 0.3),
    )
    return Part(parameters=parameters, uses=tuple(p.name for p in parameters))
