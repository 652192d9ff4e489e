"""The country that a page of the record shows, found before anything is drawn."""

from __future__ import annotations

from afterfall.evaluate.record.country_forecast import CountryShown, country_to_show
from afterfall.evaluate.record.forecast_record import Track


def country_of_record(record: Track, country: str | None) -> CountryShown | None:
    """The country given, or the one with later figures of the most quantities; None if it has no later figure.

    Raises
    ------
    UnknownPlace
        If no run of the record has such a country.
    """
    return country_to_show(record.scores, country)
