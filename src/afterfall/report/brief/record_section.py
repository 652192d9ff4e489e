"""How earlier forecasts scored, the worst first, or a sentence that no scores are available."""

from __future__ import annotations

import math

from afterfall.evaluate.core.verdict import TOO_FEW
from afterfall.report.brief.content import BriefTable, Paragraphs, Section
from afterfall.report.headlines.headline import PLACES
from afterfall.report.kit.number_formats import NOTHING, share
from afterfall.report.kit.skill_words import QUANTITIES
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.report.track_record.earlier_scores import TrackRecord, TrackRow

UNKNOWN = (
    "No scores of earlier forecasts of this case are available. afterfall hindcast CASE --as-of DATE --json makes "
    "them, and --track FILE adds them here."
)
NAMES = {**QUANTITIES, "all": "all figures together", PLACES: "falls of strongholds"}


def record_section(track: TrackRecord | None) -> Section:
    """The section on the track record."""
    title = "Track record"
    if track is None or not track.rows:
        return Section("record", title, (Paragraphs((UNKNOWN,)),))
    rows = tuple(_row(r) for r in track.latest)
    columns = (
        *word_columns("forecasts of, all countries"),
        *number_columns("figures", "inside 90%", "against baseline", "skill (90%)"),
    )
    note = (
        f"The forecast from {track.latest[0].as_of}, scored against figures published later; the worst first. Skill is "
        "1 minus the ratio of the score to that of the baseline: below 0 is worse. * Rests on hindsight."
    )
    return Section("record", title, (BriefTable(TextTable(columns, (rows,)), note),))


def _row(row: TrackRow) -> tuple[str, ...]:
    name = NAMES.get(row.quantity, row.quantity) + (" *" if row.hindsight else "")
    skill = NOTHING if math.isnan(row.skill) else f"{row.skill:.2f}"
    if row.verdict != TOO_FEW and not math.isnan(row.skill):
        skill += f" ({row.low:.2f} to {row.high:.2f})"
    held = NOTHING if math.isnan(row.coverage90) else share(row.coverage90)
    return name, str(row.figures), held, row.verdict, skill
