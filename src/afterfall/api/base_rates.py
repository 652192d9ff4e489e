"""The verb that says what happened to other organisations: rates of the reference class as of a day."""

from __future__ import annotations

from datetime import date

from afterfall.reference.reference_class import open_reference_class
from afterfall.reference.reference_rates import YEARS_AHEAD, ReferenceRates, reference_rates


def reference_class(*, as_of: date | str | None = None, years_ahead: int = YEARS_AHEAD) -> ReferenceRates:
    """Learn event rates from the reference class of organisational events, as it was public on a day.

    No case is needed, and the model of a case does not use the rates yet.

    Parameters
    ----------
    as_of
        The day; the last one that the tables cover by default.
    years_ahead
        Years of the forecast of first presences by country, 1 to 20.

    Returns
    -------
    ReferenceRates
        A rate for each event with its prior, counts and 90 % interval, and first presences by country of the world.

    Raises
    ------
    ValueError
        If the day is no date or lies before 2005, or `years_ahead` is not from 1 to 20.

    Examples
    --------
    >>> found = reference_class(as_of="2017-02-13")
    >>> split = found.rate("split", "losing ground")
    >>> split.events, split.unit
    (17, 'per organisation-year')
    """
    if not 1 <= years_ahead <= 20:
        raise ValueError(f"expected years_ahead from 1 to 20, found {years_ahead}")
    return reference_rates(open_reference_class(as_of), years_ahead)
