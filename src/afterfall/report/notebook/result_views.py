"""What a notebook prints of each result: lines, tables and notes of its command, by the name of the result's type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

Answer = tuple[tuple[str, ...], tuple[TextTable, ...], tuple[str, ...]]
REPORT = "afterfall.report"


def answer_of(result: Any) -> Answer:
    """Lines before, tables, and notes after.

    Raises
    ------
    TypeError
        If nothing is known of its type.
    """
    for one in type(result).__mro__:
        if one.__name__ in ANSWERS:
            before, grids, after = ANSWERS[one.__name__](result)
            return _lines(before), tuple(grids), _lines(after)
    raise TypeError(f"no view of a {type(result).__name__}")


def _lines(found: Iterable[str] | str) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found)


def _tables(module: str, stem: str, *settings: Any, notes: bool = True) -> Callable[[Any], Any]:
    """The three functions of a product: ``STEM_headline``, ``STEM_grids`` and ``STEM_notes``."""

    def answer(found: Any) -> Any:
        tables = import_module(f"{REPORT}.{module}")
        after = getattr(tables, f"{stem}_notes")(found) if notes else ()
        return getattr(tables, f"{stem}_headline")(found), getattr(tables, f"{stem}_grids")(found, *settings), after

    return answer


def _exploration(found: Any) -> Any:
    from afterfall.report.explore.explore_tables import explore_grids
    from afterfall.report.explore.explore_words import explore_headline, explore_notes

    findings = found.findings()
    return explore_headline(findings), explore_grids(findings), explore_notes(findings)


def _run(run: Any) -> Any:
    from afterfall.report.forecast.in_short import in_short
    from afterfall.report.forecast.outlook_of_run import outlook_of_forecast
    from afterfall.report.forecast.outlook_tables import headline, notes, outlook_grids

    outlook = outlook_of_forecast(run, at=None, country=None, command=run.provenance.command)
    return (*headline(outlook), *in_short(outlook)), outlook_grids(outlook, None), notes(outlook)


def _case(case: Any) -> Any:
    from afterfall.report.kit.case_warnings import warning_lines
    from afterfall.report.model.case_headlines import case_headline
    from afterfall.report.notebook.result_frames import case_tables

    rows = tuple((name.replace("_", " "), f"{len(getattr(case, name)):,}") for name in case_tables())
    grid = TextTable((*word_columns("table"), *number_columns("rows public")), (rows,), "to_pandas(TABLE) gives each")
    return case_headline(case), (grid,), warning_lines(case)


def _model(model: Any) -> Any:
    from afterfall.report.model.case_headlines import model_headline
    from afterfall.report.model.model_summary import model_summary_grids

    return model_headline(model.case), model_summary_grids(model), ()


def _scores(found: Any) -> Any:
    from afterfall.report.scores.score_tables import score_grids, score_headline, score_notes

    return score_headline(found), score_grids(found), score_notes()


def _track(found: Any) -> Any:
    from afterfall.report.notebook.result_frames import frame_of
    from afterfall.report.track_record.plain_sentences import plain_sentences

    dates = frame_of(found).iloc[:, :6].astype(str)
    grid = TextTable(word_columns(*dates.columns), (tuple(map(tuple, dates.to_numpy())),), "By as-of date")
    return ("Track record", *plain_sentences(found.scores, found.checks.experts)), (grid,), ()


def _attacks(found: Any) -> Any:
    from afterfall.report.attacks.attack_answer import attack_answer

    return attack_answer(found, None, None)


def _watch(found: Any) -> Any:
    from afterfall.report.watch.watch_tables import watch_grids, watch_headline, watch_notes

    return watch_headline(found), watch_grids(found), watch_notes()


def _influence(found: Any) -> Any:
    from afterfall.report.explain.case_deletion_tables import influence_grids, influence_headline

    return influence_headline(found, found.model), influence_grids(found, found.model, most=20), ()


def _fit(found: Any) -> Any:
    from afterfall.report.fit.fit_answer import fit_answer

    return (*fit_answer(found), found.diagnosis.faults)


def _update(found: Any) -> Any:
    from afterfall.report.keeping.before_after import update_answer

    return update_answer(found, found.before.request.horizon)


def _added(found: Any) -> Any:
    from afterfall.report.keeping.added_tables import added_answer

    return added_answer(found)


def _new(found: Any) -> Any:
    from afterfall.report.keeping.new_folder_words import new_folder_words

    return new_folder_words(found), (), ()


def _imported(found: Any) -> Any:
    from afterfall.report.imports.import_tables import import_grids, import_headline, import_notes

    return import_headline(found), import_grids(found), import_notes(found, ())


def _brief(brief: Any) -> Any:
    from afterfall.report.brief.content import BriefTable

    judged = [f"{i}. {one.text} {one.confidence.sentence()}" for i, one in enumerate(brief.judgements(), 1)]
    tables = [block.grid for section in brief.sections for block in section.blocks if isinstance(block, BriefTable)]
    more = f"The brief has {len(tables)} tables; write_brief or `afterfall brief` writes it as HTML, PDF or Markdown."
    return (brief.title, brief.subtitle, *judged), tables[:2], (more, brief.foot)


def _posterior(found: Any) -> Any:
    origin = found.origin
    rows = (
        ("draws", f"{len(found.values):,}"),
        ("of them fitted", f"{int(found.fitted.sum()):,}"),
        ("chains", f"{origin.chains:,}"),
        ("parameters", f"{len(found.names):,}"),
        ("divergences", f"{origin.divergences:,}"),
        ("largest R-hat", f"{max(found.rhat, default=float('nan')):.3f}"),
        ("smallest effective number", f"{min(found.ess, default=float('nan')):,.0f}"),
    )
    grid = TextTable((*word_columns("what"), *number_columns("number")), (rows,), "to_pandas() gives the draws")
    return f"Posterior {found.hash}: {found.words}", (grid,), found.faults


def _draws(found: Any) -> Any:
    rows = (("draws", f"{len(found.values):,}"), ("parameters", f"{len(found.names):,}"))
    grid = TextTable((*word_columns("what"), *number_columns("number")), (rows,), "to_pandas() gives the draws")
    return f"{len(found.values):,} draws of {len(found.names):,} parameters, on the engine's scale", (grid,), ()


def _catalogue(found: Any) -> Any:
    levers = tuple((x.name, x.words.none, x.words.now, x.words.full) for x in found.levers.values())
    packages = tuple((name, one.title) for name, one in found.packages.items())
    tables = (
        TextTable(word_columns("lever", "0: none of it", "now", "1: in full"), (levers,), "Levers"),
        TextTable(word_columns("package", "what it is"), (packages,), "Packages"),
    )
    return f"{len(levers)} levers and {len(packages)} packages", tables, ()


ANSWERS: Mapping[str, Callable[[Any], Any]] = {
    "AddedFigures": _added,
    "Attacks": _attacks,
    "BestMix": _tables("comparison.mix_tables", "mix"),
    "Brief": _brief,
    "Case": _case,
    "CaseDeletion": _influence,
    "Catalogue": _catalogue,
    "Changes": _tables("changes.change_tables", "changes"),
    "Comparison": _tables("comparison.comparison_tables", "comparison"),
    "Draws": _draws,
    "EventWhy": _tables("explain.event_words", "event"),
    "FigureUpdate": _update,
    "Exploration": _exploration,
    "Fit": _fit,
    "FoundingWhy": _tables("explain.founding_why", "founding"),
    "ImportedData": _imported,
    "Model": _model,
    "NewFolder": _new,
    "OptionSet": _tables("comparison.option_tables", "option"),
    "Posterior": _posterior,
    "ReferenceRates": _tables("reference.rates_tables", "rates"),
    "Run": _run,
    "Scores": _scores,
    "Screening": _tables("screening.screening_tables", "screening"),
    "SpreadScores": _tables("scores.spread_tables", "spread"),
    "Track": _track,
    "ViewsComparison": _tables("benchmark.benchmark_tables", "field"),
    "Violence": _tables("violence.violence_tables", "violence", None),
    "WatchList": _watch,
    "Why": _tables("explain.why", "why"),
}
