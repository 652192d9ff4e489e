"""Levers: what governments can change, declared as data, and how a policy made of levers acts on the model."""

from __future__ import annotations

from afterfall.model.levers.catalogue import Catalogue, open_levers
from afterfall.model.levers.declaration import Effect, Evidence, Lever, Package
from afterfall.model.levers.policy import AS_NOW, Policy, Setting
from afterfall.model.levers.reading import LeverError

__all__ = [
    "AS_NOW",
    "Catalogue",
    "Effect",
    "Evidence",
    "Lever",
    "LeverError",
    "Package",
    "Policy",
    "Setting",
    "open_levers",
]
