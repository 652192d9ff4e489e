"""``afterfall spread``: the places and strengths of organisations in a run against what was published later."""

from __future__ import annotations

import afterfall
from afterfall.cli import options
from afterfall.cli.failures import failing

EXAMPLES = ("afterfall forecast mali-2013 --horizon 120", "afterfall spread runs/mali-2013-3fa9c1d2e4b5")


def spread(
    run: options.RunFolder,
    case: options.CaseOfRun = None,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Score places reached and strengths of organisations against a run; largest misses first."""
    from afterfall.cli.output import show, show_json
    from afterfall.report.scores.spread_json import spread_json
    from afterfall.report.scores.spread_tables import spread_grids, spread_headline, spread_notes

    with failing():
        scores = afterfall.spread(run, case=case)
    if as_json:
        show_json(spread_json(scores))
    else:
        show(spread_headline(scores), spread_grids(scores), spread_notes(scores), all_notes=all_notes)
