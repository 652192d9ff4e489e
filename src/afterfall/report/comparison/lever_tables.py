"""Tables of levers and packages as a case sees them: intensities in words, where they stand now, evidence, cut."""

from __future__ import annotations

from afterfall.case import Case
from afterfall.model.levers import Catalogue, Lever
from afterfall.model.levers.applying import in_force, level_now
from afterfall.model.levers.declaration import latest
from afterfall.report.kit.number_formats import NOTHING, day, interval
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def lever_headline(case: Case, country: str | None) -> tuple[str, ...]:
    """Whose levers these are."""
    whose = "a country without policies of its own" if country is None else country
    return (
        f"Levers of {case.title} ({case.id}), as of {day(case.as_of)}, seen by {whose}",
        "Set one with: afterfall compare CASE --lever NAME=INTENSITY. What was not yet public cannot be set.",
    )


def lever_grids(catalogue: Catalogue, case: Case, country: str | None) -> tuple[TextTable, ...]:
    """Levers, their effects, and the packages."""
    levers = list(catalogue.levers.values())
    return (_levers(levers, case, country), _effects(levers, case), _packages(catalogue, case))


def _levers(levers: list[Lever], case: Case, country: str | None) -> TextTable:
    columns = (*word_columns("lever", "0", "now", "1", "for", "in force", "public"), *number_columns("now"))
    rows = tuple(
        (
            x.name,
            x.words.none,
            x.words.now,
            x.words.full,
            "its own people" if x.scope == "origin" else "everyone",
            ", ".join(in_force(x, case, country)) or NOTHING,
            _public(x.published.last_day <= case.as_of, str(x.published)),
            f"{level_now(x, case, country):g}",
        )
        for x in levers
    )
    return TextTable(columns, (rows,), "Levers")


def _public(known: bool, published: str) -> str:
    return published if known else f"{published} (too late: in counterfactuals only)"


def _effects(levers: list[Lever], case: Case) -> TextTable:
    columns = (*word_columns("lever", "in full, against now", "status", "source or reason"), *number_columns("ratio"))
    rows: list[tuple[str, ...]] = []
    for x in levers:
        for effect in x.effects:
            one = latest(effect.evidence, case.as_of)
            rows.append((x.name, effect.description, one.status, one.source or one.note, interval(one.low, one.high)))
        rows += [(x.name, c.description, "decision", "capacity bought", f"{c.times:g}") for c in x.capacities]
    return TextTable(columns, (tuple(rows),), "Effects: 90% interval of the ratio")


def _packages(catalogue: Catalogue, case: Case) -> TextTable:
    columns = word_columns("package", "title", "levers", "public")
    rows = tuple(
        (
            p.name,
            p.title + (" (counterfactual)" if p.counterfactual else ""),
            ", ".join(f"{line.lever}={line.intensity:g}" for line in p.lines),
            str(p.published) if p.counterfactual else _public(p.published.last_day <= case.as_of, str(p.published)),
        )
        for p in catalogue.packages.values()
    )
    return TextTable(columns, (rows,), "Packages")
