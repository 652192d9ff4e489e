"""The table of a hindcast given the falls that happened, next to the forecast itself."""

from __future__ import annotations

from afterfall.evaluate.record.given_falls import GivenFalls
from afterfall.report.kit.given_falls_words import MEANING, TITLE, effective_words
from afterfall.report.kit.number_formats import decimals, share
from afterfall.report.kit.skill_words import QUANTITIES, skill_range
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

GIVEN = "given the falls"


def given_falls_table(found: GivenFalls) -> TextTable:
    """Scores by quantity: the forecast, and in a column of its own what it scores given the falls."""
    title = f"{TITLE}: {effective_words(found)}. {MEANING}"
    if not found.rows:
        return TextTable(word_columns("falls given"), (((found.missing,),),), TITLE)
    columns = (
        *word_columns("quantity"),
        *number_columns("CRPS of the model alone", GIVEN, "gain", "its 90% interval"),
        *number_columns("CRPS of the forecast", GIVEN, "in 90%, model alone", GIVEN),
        *number_columns("mean PIT, model alone", GIVEN, "figures"),
    )
    rows = tuple(
        (
            QUANTITIES[row.quantity] if row.quantity else "all",
            decimals(row.gain.baseline),
            decimals(row.gain.model),
            decimals(row.gain.skill),
            skill_range(row.gain),
            *map(decimals, row.forecast),
            *map(share, row.inside90),
            *map(decimals, row.pit),
            str(row.gain.figures),
        )
        for row in found.rows
    )
    return TextTable(columns, (rows,), title)
