"""Slow stocks that survive the fall: the reach of the ideology, and the network that moves people.

    reach[t]   = m reach[t-1] + (1 - m) (share * C[t] / C[as-of] + (1 - share) * S[t] / S[as-of])
    network[t] = m network[t-1] + (1 - m) F[t] / F[as-of]

    S    strength of the core and everything that descends from it, including what was founded or split off since
    F    fighters on the way, lying low, with offshoots, and sent to attack

Both are one at the as-of date. "Even if Mosul and Raqqa fall, ISIS's ideology will survive. So will some of its
networks." The reach acts on inspired attacks (`attack`). The network feeds back on people: the log rates of setting out
again for another theatre and of being sent to attack change by ``network.travel`` and ``network.dispatch`` times its
log.

Assumptions: territory and existing organisations sustain the reach; those who use the network sustain it. Memory and
shares are uninformed.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import OrganisationSet, Outside, Signal, Slow
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms.dispatch import OPERATIVE, OPERATIVE_ABROAD, OPERATIVE_HOME
from afterfall.model.mechanisms.exit_choice import LYING_LOW
from afterfall.model.mechanisms.founding import family
from afterfall.model.mechanisms.relocating import HOME_OFFSHOOT, offshoot_state
from afterfall.model.mechanisms.transit import ON_THE_WAY

REACH, NETWORK = "reach", "network"


def slow_stocks(view: CaseView) -> OrganisationSet:
    """The two stocks and the rates on which they act."""
    moving = (
        *ON_THE_WAY,
        LYING_LOW,
        *(offshoot_state(p) for p in view.hosts),
        HOME_OFFSHOOT,
        OPERATIVE,
        OPERATIVE_HOME,
        OPERATIVE_ABROAD,
    )
    slow = (
        Slow(REACH, "reach of the ideology", "reach.memory", "reach.ground", "held", family(view)),
        Slow(NETWORK, "facilitation network", "network.memory", states=moving),
    )
    sent = Signal("slow", NETWORK, "network.dispatch")
    outside = (
        Outside("dispatch.ranks", sent),
        Outside("dispatch.remnant", sent),
        Outside("third.abroad", Signal("slow", NETWORK, "network.travel")),
    )
    return OrganisationSet(slow=slow, outside=outside, parameters=_parameters())


def _parameters() -> tuple[Parameter, ...]:
    return (
        Parameter("reach.memory", "share of the reach kept from month to month", "share", "share", 0.9, 0.995),
        Parameter("reach.ground", "share of the reach that rests on ground held", "share", "share", 0.2, 0.8),
        Parameter("network.memory", "share of the network kept from month to month", "share", "share", 0.8, 0.99),
        Parameter("network.dispatch", "how being sent follows the network", "log a log", "natural", 0.0, 1.0),
        Parameter("network.travel", "how setting out again follows the network", "log a log", "natural", 0.0, 1.0),
    )
