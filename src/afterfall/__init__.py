"""afterfall: where the people of a falling proto-state go, as a probability distribution.

Five verbs make five nouns, each from the one before::

    case = open_case("tiny")          # dated, sourced facts, cut at the as-of date
    model = build(case)               # states, hazards, priors
    draws = sample(model, trajectories=10, seed=1)
    run = forecast(model, trajectories=100, seed=1)
    run.pathways(at=24)               # mean, median and 90% interval of each pathway

The other verbs learn (`fit`, `influence`), evaluate (`hindcast`, `score`, `track_record`, `spread`,
`benchmark_violence`), compare policies (`compare`, `compare_options`, `best_mix`, `explore`, `screen`), go on from a
run (`attacks`, `violence`), explain it (`brief`, `explain`, `explain_founding`, `explain_event`), say what changed and
what to watch (`changes`, `watch`), say how often other organisations did the same (`reference_class`), keep a case up
to date (`new_case`, `add_figures`, `update`), bring public data into it (`import_data`, `import_sources`), write
cases and runs in the formats of others (`export_case`, `export_run`, `export_violence`), and keep house among runs
(`kept_runs`, `remove_runs`). What they share is described in `afterfall.api`.

Names are imported when first used: ``import afterfall`` is quick, and the compiler is loaded only by what needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

from afterfall import api

if TYPE_CHECKING:
    from afterfall.api import *  # noqa: F403  (the verbs are listed once, there)
    from afterfall.attack import Attacks
    from afterfall.case import Case, CaseError, open_case
    from afterfall.conflict import Violence
    from afterfall.evaluate import Scores
    from afterfall.evaluate.events.attack_counts import LaterCount
    from afterfall.evaluate.events.spread_scores import SpreadScores
    from afterfall.evaluate.record.forecast_record import Track
    from afterfall.evaluate.views.views_challenge import ViewsComparison
    from afterfall.exploration import Assumption, Exploration
    from afterfall.importers.imported import ImportedData, ImportProblems
    from afterfall.infer import Fit
    from afterfall.infer.case_deletion import CaseDeletion
    from afterfall.model import Draws, Model, build, sample
    from afterfall.model.levers import Catalogue, Policy, open_levers
    from afterfall.policy.best_mix import BestMix
    from afterfall.policy.comparison import Comparison
    from afterfall.policy.option_set import OptionSet
    from afterfall.policy.screening import Screening
    from afterfall.posterior import Posterior
    from afterfall.reference import ReferenceRates
    from afterfall.report.brief.content import Brief
    from afterfall.report.changes.between_runs import Changes
    from afterfall.report.explain.founding_why import FoundingWhy
    from afterfall.report.explain.why import Why
    from afterfall.report.watch.watching import WatchList
    from afterfall.run import Progress, Run, RunError, WrongRun
    from afterfall.run.conditions import Condition
    from afterfall.run.kept_runs import KeptRun

__version__ = "0.1.0"

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "api": api.__all__,
        "attack": ["Attacks"],
        "case": ["Case", "CaseError", "open_case"],
        "conflict": ["Violence"],
        "evaluate": ["Scores"],
        "evaluate.events.attack_counts": ["LaterCount"],
        "evaluate.events.spread_scores": ["SpreadScores"],
        "evaluate.record.forecast_record": ["Track"],
        "evaluate.views.views_challenge": ["ViewsComparison"],
        "exploration": ["Assumption", "Exploration"],
        "importers.imported": ["ImportProblems", "ImportedData"],
        "infer": ["Fit"],
        "infer.case_deletion": ["CaseDeletion"],
        "model": ["Draws", "Model", "build", "sample"],
        "model.levers": ["Catalogue", "Policy", "open_levers"],
        "policy.best_mix": ["BestMix"],
        "policy.comparison": ["Comparison"],
        "policy.option_set": ["OptionSet"],
        "policy.screening": ["Screening"],
        "posterior": ["Posterior"],
        "reference": ["ReferenceRates"],
        "report.brief.content": ["Brief"],
        "report.changes.between_runs": ["Changes"],
        "report.explain.founding_why": ["FoundingWhy"],
        "report.explain.why": ["Why"],
        "report.watch.watching": ["WatchList"],
        "run": ["Progress", "Run", "RunError", "WrongRun"],
        "run.conditions": ["Condition"],
        "run.kept_runs": ["KeptRun"],
    },
)

__all__ = [
    "Assumption",
    "Attacks",
    "BestMix",
    "Brief",
    "Case",
    "CaseDeletion",
    "CaseError",
    "Catalogue",
    "Changes",
    "Comparison",
    "Condition",
    "Draws",
    "Exploration",
    "Fit",
    "FoundingWhy",
    "ImportProblems",
    "ImportedData",
    "KeptRun",
    "LaterCount",
    "Model",
    "OptionSet",
    "Policy",
    "Posterior",
    "Progress",
    "ReferenceRates",
    "Run",
    "RunError",
    "Scores",
    "Screening",
    "SpreadScores",
    "Track",
    "ViewsComparison",
    "Violence",
    "WatchList",
    "Why",
    "WrongRun",
    "__version__",
    "build",
    "open_case",
    "open_levers",
    "sample",
]
__all__ += api.__all__
