"""The part of the track record given the falls that happened: hindsight, in a section and columns of its own."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.evaluate.record.given_falls import GivenFalls
from afterfall.evaluate.record.scoring import Scores
from afterfall.report.kit.given_falls_words import MEANING, TITLE, effective_words
from afterfall.report.kit.markdown import markdown_table
from afterfall.report.kit.number_formats import day, decimals, share
from afterfall.report.kit.skill_words import QUANTITIES
from afterfall.report.track_record.record_words import skill_text

_HEAD = (
    "quantity",
    "as of",
    "CRPS of the model alone",
    "given the falls",
    "gain (90% interval)",
    "in 90%",
    "given the falls",
    "mean PIT",
    "given the falls",
)


def given_falls_sections(scores: Sequence[Scores]) -> list[str]:
    """The section; empty where no date was forecast again given the falls."""
    found = [(one, one.given_falls) for one in scores if one.given_falls is not None]
    if not found:
        return []
    rows = [row for one, given in found for row in _rows(one, given)]
    return [
        f"## {TITLE}",
        f"{MEANING} CRPS, coverage and mean PIT are those of the model alone; a mean PIT below 0.5 means that it "
        "expects too many.",
        "\n".join(f"- As of {day(one.run.as_of)}: {effective_words(given)}." for one, given in found),
        *([markdown_table(_HEAD, [cells for _, cells in sorted(rows, key=lambda row: row[0])])] if rows else []),
    ]


def _rows(scores: Scores, given: GivenFalls) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """Rows of one date, each with what it is sorted by."""
    return [
        (
            (row.quantity, scores.run.as_of.isoformat()),
            (
                QUANTITIES[row.quantity] if row.quantity else "all",
                day(scores.run.as_of),
                decimals(row.gain.baseline),
                decimals(row.gain.model),
                skill_text(row.gain),
                *map(share, row.inside90),
                *map(decimals, row.pit),
            ),
        )
        for row in given.rows
    ]
