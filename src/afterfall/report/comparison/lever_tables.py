"""Tables of levers and packages as a case sees them: intensities in words, where they stand now, evidence, cut."""

from __future__ import annotations

from afterfall.case import Case
from afterfall.model.levers import Catalogue, Lever
from afterfall.model.levers.applying import in_force, level_now, repeal, words_now
from afterfall.model.levers.declaration import latest
from afterfall.report.kit.number_formats import NOTHING, day, interval
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def lever_headline(case: Case, country: str | None) -> tuple[str, ...]:
    """Whose levers these are, and how to set one."""
    names = {p.place: p.name for p in case.places if p.kind == "origin"}
    whose = "seen by a country without policies of its own" if country is None else names.get(country, country)
    return (
        f"Levers of {case.title} ({case.id}), as of {day(case.as_of)}: {whose}",
        "Set one with: afterfall compare CASE --lever NAME=INTENSITY, from 0 (none of it) to 1 (in full).",
        "What was not yet public cannot be set.",
    )


def lever_grids(catalogue: Catalogue, case: Case, country: str | None) -> tuple[TextTable, ...]:
    """Where each lever stands and what it rests on, then its intensities in words, its effects, and the packages."""
    levers = list(catalogue.levers.values())
    return (
        _short(levers, case, country),
        _words(levers, case, country),
        _effects(levers, case),
        _packages(catalogue, case),
    )


def _short(levers: list[Lever], case: Case, country: str | None) -> TextTable:
    columns = (*word_columns("lever"), *number_columns("now"), *word_columns("for", "in force", "effects rest on"))
    rows = tuple(
        (
            x.name,
            f"{level_now(x, case, country):g}",
            "its own people" if x.scope == "origin" else "everyone",
            repeal(x, case, country) or ", ".join(in_force(x, case, country)) or NOTHING,
            ", ".join(dict.fromkeys(_statuses(x, case))),
        )
        for x in levers
    )
    return TextTable(columns, (rows,), "In short")


def _statuses(lever: Lever, case: Case) -> list[str]:
    found = [str(latest(effect.evidence, case.as_of).status) for effect in lever.effects]
    return found + ["decision"] * bool(lever.capacities)


def _words(levers: list[Lever], case: Case, country: str | None) -> TextTable:
    rows = tuple(
        (
            x.name,
            x.words.none,
            words_now(x, case, country),
            x.words.full,
            _public(x.published.last_day <= case.as_of, str(x.published)),
        )
        for x in levers
    )
    return TextTable(word_columns("lever", "0", "now", "1", "public"), (rows,), "What 0, now and 1 mean")


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
