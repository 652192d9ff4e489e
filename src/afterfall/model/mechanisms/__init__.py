"""The mechanisms, one per file: `ALL` of the people model in the order in which people meet them, then `ORGANISED`."""

from afterfall.model.mechanisms.attack import attack
from afterfall.model.mechanisms.births import births
from afterfall.model.mechanisms.case_management import case_management
from afterfall.model.mechanisms.custody_events import custody_events
from afterfall.model.mechanisms.death_sentences import death_sentences
from afterfall.model.mechanisms.defecting import defecting
from afterfall.model.mechanisms.detention import detention
from afterfall.model.mechanisms.dispatch import dispatch
from afterfall.model.mechanisms.ending import ending
from afterfall.model.mechanisms.exit_choice import exit_choice
from afterfall.model.mechanisms.founding import founding
from afterfall.model.mechanisms.future_breaks import future_breaks
from afterfall.model.mechanisms.growing_up import growing_up
from afterfall.model.mechanisms.home import home
from afterfall.model.mechanisms.human_sources import human_sources
from afterfall.model.mechanisms.merging import merging
from afterfall.model.mechanisms.organisations import organisations
from afterfall.model.mechanisms.ranks import ranks
from afterfall.model.mechanisms.recapture import recapture
from afterfall.model.mechanisms.recruitment import recruitment
from afterfall.model.mechanisms.relocating import relocating
from afterfall.model.mechanisms.remaining import remaining
from afterfall.model.mechanisms.repatriation_policy import repatriation_policy
from afterfall.model.mechanisms.revocation import revocation
from afterfall.model.mechanisms.slow_stocks import slow_stocks
from afterfall.model.mechanisms.territory import territory
from afterfall.model.mechanisms.transit import transit
from afterfall.model.mechanisms.unrecorded import unrecorded
from afterfall.model.mechanisms.violence import violence

ALL = (
    territory,
    recruitment,
    ranks,
    exit_choice,
    defecting,
    remaining,
    relocating,
    dispatch,
    transit,
    detention,
    repatriation_policy,
    revocation,
    custody_events,
    future_breaks,
    unrecorded,
    death_sentences,
    births,
    growing_up,
    home,
    case_management,
    human_sources,
    attack,
    violence,
)

#: The mechanisms of organisations, which are separate from the ledger of people and act only after the as-of date.
ORGANISED = (organisations, merging, founding, ending, recapture, slow_stocks)

__all__ = ["ALL", "ORGANISED"]
