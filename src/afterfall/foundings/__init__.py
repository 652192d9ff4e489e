"""First presences in every country of the world, drawn from a finished run; nothing feeds back into the run.

`founding_risk` says who is at risk and how much, `founding_rates` draws what the reference class has learned,
`founding_sampler` draws months, `world_foundings` holds the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from afterfall.foundings.world_foundings import WorldFoundings, foundings_of, world_foundings

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__, submod_attrs={"world_foundings": ["WorldFoundings", "foundings_of", "world_foundings"]}
)

__all__ = ["WorldFoundings", "foundings_of", "world_foundings"]
