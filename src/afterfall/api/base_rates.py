"""The verb that says what happened to other organisations: rates of the reference class as of a day."""

from __future__ import annotations

from datetime import date

from afterfall.case.dates import as_day
from afterfall.reference.reference_class import LAST_DAY, open_reference_class
from afterfall.reference.reference_rates import YEARS_AHEAD, ReferenceRates, reference_rates
from afterfall.run import SettingError


def reference_class(*, as_of: date | str | None = None, years_ahead: int = YEARS_AHEAD) -> ReferenceRates:
    """Learn event rates from the reference class of organisational events, as it was public on a day.

    No case is needed. A forecast uses the rates of first presence, growth and survival, and no others yet.

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
    SettingError
        If the day lies after the last one that the tables cover, or `years_ahead` is not from 1 to 20.
    ValueError
        If the day is no date or lies before 2005.

    Examples
    --------
    >>> found = reference_class(as_of="2017-02-13")
    >>> split = found.rate("split", "losing ground")
    >>> split.events, split.unit
    (17, 'per organisation-year')
    """
    if not 1 <= years_ahead <= 20:
        raise SettingError(f"{{0}}: expected 1 to 20, found {years_ahead}", "years_ahead")
    if as_of is not None and as_day(as_of) > LAST_DAY:
        raise SettingError(f"the reference class ends on {LAST_DAY}: {{0}} {as_of} lies after it", "as_of")
    return reference_rates(open_reference_class(as_of), years_ahead)
