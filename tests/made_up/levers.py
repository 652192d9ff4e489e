"""Levers on the small case, and a levers file without mistakes."""

from afterfall.case import Case
from afterfall.model import Model, build
from afterfall.model.levers import Policy, Setting, open_levers
from afterfall.model.levers.declaration import Lever

HORIZON = 18


def lever(name: str) -> Lever:
    return open_levers().lever(name)


def under(case: Case, *settings: Setting) -> Model:
    return build(case, horizon=HORIZON, policy=Policy("p", "p", settings))


GOOD = """
format = 1
[levers.help]
title = "Help"
scope = "origin"
published = "2012"
source = "made up"
words = { none = "none", now = "some", full = "all" }
now = 0.2
[[levers.help.effects]]
name = "found"
says = "found"
rates = ["handling.found"]
evidence = [{ low = 0.5, high = 2.0, status = "assumption" }]
"""
