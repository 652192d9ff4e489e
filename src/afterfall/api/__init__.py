"""The public verbs: everything a command can do, from Python.

Each verb composes rooms and holds no rule of its own. They share their arguments:

``as_of, horizon, trajectories, seed``
    How to forecast a case; a model or a run has some of these already and refuses them.
``draws``
    Where parameters come from: a `Posterior`, the path of its file or of the folder of its fit, ``"default"`` for the
    posterior that comes with the package, or ``"prior"``.
``run_dir``
    Folder for runs; None keeps a run in memory.
``case``
    For a run that was opened from its folder: the case it was made from, where that is a case of the user's own.
``threads, progress, command``
    Threads (which change no number), what to call as the work goes on, and what to write as the command that was given.
``scheduler``
    What computes, of `forecast`, `compare`, `explore`, `hindcast` and `track_record`: the address of a Dask scheduler,
    ``"local"`` for processes of this machine, or `afterfall.run.workers.Workers`; changes no number.

Commands and verbs:

=====================================  =================================================
command                                Python
=====================================  =================================================
``check``, ``model``, ``levers``       `open_case`, `build`, `open_levers`
``forecast``, ``forecast --from``      `forecast`, with ``replay=``
``fit``, ``influence``                 `fit`, `influence`
``compare``, ``screening``             `compare`, `compare_options`, `screen`
``explore``                            `explore`
``compare --budget``                   `best_mix`
``attacks``, ``violence``              `attacks`, `violence`
``hindcast``, ``score``, ``spread``    `hindcast`, `score`, `spread`
``track-record``, ``benchmark``        `track_record`, `benchmark_violence`
``brief``, ``why``                     `brief`, `explain`, `explain_founding`, `explain_event`
``watch``, ``changes``                 `watch`, `changes`
``reference``                          `reference_class`
``runs``, ``runs --remove``            `kept_runs`, `remove_runs`
``export``                             `export_case`, `export_run`, `export_violence`
``import``, ``import --list``          `import_data`, `import_sources`
``new``, ``add``, ``update``           `new_case`, `add_figures`, `update`
=====================================  =================================================

The first use of a verb also tells runs how notebooks show them, and posteriors how they are reweighted for added
figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lazy_loader

if TYPE_CHECKING:
    from afterfall.api.base_rates import reference_class
    from afterfall.api.consequences import attacks, violence
    from afterfall.api.evaluations import benchmark_violence, hindcast, score, spread, track_record
    from afterfall.api.explanations import brief, explain, explain_event, explain_founding
    from afterfall.api.explorations import explore
    from afterfall.api.exports import export_case, export_run, export_violence
    from afterfall.api.fits import fit, influence
    from afterfall.api.forecasts import forecast, open_run
    from afterfall.api.imports import import_data, import_sources
    from afterfall.api.keeping import add_figures, new_case, update
    from afterfall.api.mixes import best_mix
    from afterfall.api.outlooks import changes, watch
    from afterfall.api.policies import compare, compare_options, screen
    from afterfall.api.run_folders import kept_runs, remove_runs

_verb, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "base_rates": ["reference_class"],
        "consequences": ["attacks", "violence"],
        "evaluations": ["benchmark_violence", "hindcast", "score", "spread", "track_record"],
        "explanations": ["brief", "explain", "explain_event", "explain_founding"],
        "explorations": ["explore"],
        "exports": ["export_case", "export_run", "export_violence"],
        "fits": ["fit", "influence"],
        "forecasts": ["forecast", "open_run"],
        "imports": ["import_data", "import_sources"],
        "keeping": ["add_figures", "new_case", "update"],
        "mixes": ["best_mix"],
        "outlooks": ["changes", "watch"],
        "policies": ["compare", "compare_options", "screen"],
        "run_folders": ["kept_runs", "remove_runs"],
    },
)


def __getattr__(name: str) -> Any:
    """Import a verb on first use; tell runs how notebooks show them, and posteriors how they are reweighted."""
    verb = _verb(name)
    from afterfall.api.edited_cases import reweight
    from afterfall.posterior.edited_case import EditedCases
    from afterfall.report.forecast.notebook_view import as_html
    from afterfall.run.result import Run

    Run.html_view = as_html
    EditedCases.reweight = reweight
    return verb


__all__ = [
    "add_figures",
    "attacks",
    "benchmark_violence",
    "best_mix",
    "brief",
    "changes",
    "compare",
    "compare_options",
    "explain",
    "explain_event",
    "explain_founding",
    "explore",
    "export_case",
    "export_run",
    "export_violence",
    "fit",
    "forecast",
    "hindcast",
    "import_data",
    "import_sources",
    "influence",
    "kept_runs",
    "new_case",
    "open_run",
    "reference_class",
    "remove_runs",
    "score",
    "screen",
    "spread",
    "track_record",
    "update",
    "violence",
    "watch",
]
