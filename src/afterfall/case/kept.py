"""How far a case is kept up to, and what is asked of it beyond that day.

A case that says in case.toml that it is `kept_up_to` a day claims to hold what was public by then. Seen from a later
day it lacks whatever happened since, and a forecast would take that for quiet. So a later as-of date is refused unless
it is asked for, and then every output says so in its first line. A case that does not say how far it is kept is never
refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from afterfall.case.case import Case
from afterfall.case.problems import CaseWarning

#: Whether as-of dates beyond the data are let through, for all that is opened within `allow_beyond_data`.
_ALLOWED: ContextVar[bool] = ContextVar("allow_beyond_data", default=False)


class BeyondDataError(ValueError):
    """An as-of date later than the day that a case is kept up to."""


class BeyondDataWarning(CaseWarning):
    """A case seen from a later day than it is kept up to, as was asked for."""


@contextmanager
def allow_beyond_data(allowed: bool = True) -> Iterator[None]:
    """Let as-of dates beyond the data through, whatever opens a case within: a run read from its folder does."""
    token = _ALLOWED.set(allowed or _ALLOWED.get())
    try:
        yield
    finally:
        _ALLOWED.reset(token)


def check_kept(case: Case, *, beyond_data: bool = False) -> None:
    """Refuse a case that is seen from a later day than it is kept up to, or warn where that was asked for.

    Raises
    ------
    BeyondDataError
        If it is and was not asked for; the message says what to do.

    Warns
    -----
    BeyondDataWarning
        If it is and was asked for.
    """
    if not case.beyond_data:
        return
    if beyond_data or _ALLOWED.get():
        warnings.warn(case.beyond_data, BeyondDataWarning, stacklevel=3)
        return
    raise BeyondDataError(
        f"case {case.id} is kept up to {case.kept_up_to}, and {case.as_of} was asked for: nothing published in between "
        f"is in it. Take a day up to {case.kept_up_to}; or add what was published since to a copy of its folder, and "
        "set kept_up_to in its case.toml; or give --beyond-data (in Python: open_case with beyond_data=True), and "
        "every output will say that the case knows of nothing since"
    )
