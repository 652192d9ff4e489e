"""Violence by place: what organisations and veterans add to what a country's past and its neighbours say.

After the run, for a country with strength S and veterans V in month t (`aftermath.exposure`)::

    shift = violence.strength (log(1 + S_t / 100) - log(1 + S_0 / 100))
          + violence.veterans (log(1 + V_t / 100) - log(1 + V_0 / 100))

is added to the log odds of any death in the month and to the log of deaths, given any. Month 0 is the as-of date: what
was there by then is in the record already. Nothing here acts on people.

Assumptions: the two elasticities are the same everywhere. No series of strengths by country and month is published
to learn them from, so both are prior only, wide and uninformed: between hardly any effect and proportionality. That
veterans of a lost cause raise violence at home at all is contested: Braithwaite and Chu (2018,
doi:10.1177/0022002717707304) find more terrorism at home after rebels abroad won and less after they lost.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Parameter, Part

STRENGTH, VETERANS = "violence.strength", "violence.veterans"
#: People at which the effect of strength turns from linear to proportional.
SCALE = 100.0


def violence(view: CaseView) -> Part:
    """Parameters only: violence is computed after the run."""
    parameters = (
        Parameter(STRENGTH, "deaths by the strength of organisations there", "elasticity", "positive", 0.02, 1.0),
        Parameter(VETERANS, "deaths by the number of veterans at large", "elasticity", "positive", 0.005, 0.3),
    )
    return Part(parameters=parameters, uses=tuple(p.name for p in parameters))
