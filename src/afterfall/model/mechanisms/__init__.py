"""The mechanisms, one a file: `ALL` of the people model in the order in which people meet them, then `ORGANISED`."""

from afterfall.model.mechanisms.attack import attack
from afterfall.model.mechanisms.cooperating import cooperating
from afterfall.model.mechanisms.defecting import defecting
from afterfall.model.mechanisms.detention import detention
from afterfall.model.mechanisms.dispatch import dispatch
from afterfall.model.mechanisms.founding import founding
from afterfall.model.mechanisms.handling import handling
from afterfall.model.mechanisms.home import home
from afterfall.model.mechanisms.leaving import leaving
from afterfall.model.mechanisms.merging import merging
from afterfall.model.mechanisms.organisations import organisations
from afterfall.model.mechanisms.persisting import persisting
from afterfall.model.mechanisms.ranks import ranks
from afterfall.model.mechanisms.recruitment import recruitment
from afterfall.model.mechanisms.relocating import relocating
from afterfall.model.mechanisms.remaining import remaining
from afterfall.model.mechanisms.retaking import retaking
from afterfall.model.mechanisms.revocation import revocation
from afterfall.model.mechanisms.territory import territory
from afterfall.model.mechanisms.transit import transit
from afterfall.model.mechanisms.violence import violence

ALL = (
    territory,
    recruitment,
    ranks,
    leaving,
    defecting,
    remaining,
    relocating,
    dispatch,
    transit,
    detention,
    revocation,
    home,
    handling,
    cooperating,
    attack,
    violence,
)

#: The mechanisms of organisations, which stand beside the people and act after the as-of date only.
ORGANISED = (organisations, merging, founding, retaking, persisting)

__all__ = ["ALL", "ORGANISED"]
