"""``afterfall score``: a finished run against what was published later."""

from __future__ import annotations

import afterfall
from afterfall.cli import options
from afterfall.cli.failures import failing

EXAMPLES = ("afterfall score runs/isis-2017-3fa9c1d2e4b5 --json | jq .coverage",)


def score(
    run: options.RunFolder,
    case: options.CaseOfRun = None,
    picture: options.Picture = True,
    all_notes: options.AllNotes = False,
    as_json: options.AsJson = False,
) -> None:
    """Score a run against every figure published after its as-of date, and against baselines; largest misses first."""
    from afterfall.cli.scores_output import show_scores

    with failing():
        scores = afterfall.score(run, case=case)
    show_scores(scores, all_notes=all_notes, picture=picture, as_json=as_json)
