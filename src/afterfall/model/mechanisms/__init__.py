"""The mechanisms of the people model, one a file; `ALL` lists them in the order in which people meet them."""

from afterfall.model.mechanisms.attack import attack
from afterfall.model.mechanisms.defecting import defecting
from afterfall.model.mechanisms.detention import detention
from afterfall.model.mechanisms.dispatch import dispatch
from afterfall.model.mechanisms.handling import handling
from afterfall.model.mechanisms.home import home
from afterfall.model.mechanisms.leaving import leaving
from afterfall.model.mechanisms.ranks import ranks
from afterfall.model.mechanisms.recruitment import recruitment
from afterfall.model.mechanisms.relocating import relocating
from afterfall.model.mechanisms.remaining import remaining
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
    home,
    handling,
    attack,
    violence,
)

__all__ = ["ALL"]
