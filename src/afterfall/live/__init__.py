"""A live session: policies compared while somebody moves levers, first on few simulations and then on more of the same.

    session = open_session("isis-2017", country="CAN")
    for found in session.compare(levers=["border=0.6"]):
        show(found.comparison, found.simulations, found.final)

The first picture comes after 8 simulations of each side, then after 16, 48, 200 and 1,000 of the same keyed run.
Numbers refine and never jump to those of other simulations: every step is what `afterfall.compare` gives with so many
simulations and the same seed, and so is the last. A few paired simulations are enough to see most levers, since both
sides have the same random draws.

Without this, each comparison would build its models, draw parameters and starting states, and run the side that does
not change. A session holds these from the first comparison on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.live.growing_run import GrowingRun
    from afterfall.live.refinement import Refined, Refinement, Sharing
    from afterfall.live.session import STEPS, Session, open_session, session_on

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "growing_run": ["GrowingRun"],
        "refinement": ["Refined", "Refinement", "Sharing"],
        "session": ["STEPS", "Session", "open_session", "session_on"],
    },
)

__all__ = ["STEPS", "GrowingRun", "Refined", "Refinement", "Session", "Sharing", "open_session", "session_on"]
