"""Tables of violence against the published benchmarks: scores by year, better and worse alike."""

from __future__ import annotations

from collections.abc import Sequence

from afterfall.case.place_names import country_codes
from afterfall.conflict.views_scores import NAMES
from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.views.views_challenge import CONFLICTOLOGY, EXACT, FORECASTS, OWN, ViewsComparison, Year
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.skill_words import many_verdicts, skill_range
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

RULE_WORDS = {"crps": "CRPS", "ignorance": "ignorance", "interval": "interval score, 90%"}
#: Decimals a rule's scores are printed with.
DECIMALS = {"crps": 2, "ignorance": 3, "interval": 1}
SOURCE = "Deaths: UCDP (CC BY 4.0). Actuals, benchmark draws and published scores: VIEWS prediction challenge 2023/24."


def field_headline(field: ViewsComparison) -> tuple[str, ...]:
    """What is compared, and whether the scorer reproduces the published scores."""
    return (
        f"Deaths in state-based conflict by country and month, {field.years[0].year} to {field.years[-1].year}, "
        "each year from data to October of the year before",
        "Published scores of the benchmark and of zero, over all countries: "
        + ("reproduced exactly." if field.trusted else "NOT reproduced: the comparison below is not valid."),
    )


def field_grids(field: ViewsComparison) -> tuple[TextTable, ...]:
    """The check of the scorer, a table for each rule and group of countries, and one for the entries of each group."""
    inside = sum(1 for c in field.years[0].countries if c in field.modelled)
    words = {
        False: f"the {inside} countries in {field.case} and in VIEWS",
        True: f"all {len(field.years[0].countries)} countries of VIEWS",
    }
    rules = [_rule(field, k, who, everyone=everyone) for everyone, who in words.items() for k in range(len(NAMES))]
    entries = [_entries(field, who, everyone=everyone) for everyone, who in words.items() if field.entries]
    return (_check(field), *rules, *entries)


def field_notes(field: ViewsComparison) -> tuple[str, ...]:
    """How to read the tables."""
    weights = ", ".join(f"{y.year}: {y.weight:.1f}" for y in field.years)
    return (
        many_verdicts(field.skill(k, year) for k in range(len(NAMES)) for year in field.years)
        + " (By rule and year, over the countries in the model.)",
        HowToRead(
            "*: best of the row. The skill's 90% interval resamples countries; no clear difference: it contains zero. "
            "Each year has the same weight."
        ),
        HowToRead(
            "Own history: an equal mixture of the country's last 12, 24 and 60 months, computed here. What is gained "
            "over conflictology and not over own history comes from longer memory and smoothing."
        ),
        f"Weight of the last twelve months in the mixture, estimated from data before each year: {weights}.",
        *_lacking(f"In {field.case}, but not in VIEWS, and so in no score", field.not_in_views),
        *_lacking(f"In VIEWS, but not in {field.case}, and so only among all countries", field.not_in_case),
        SOURCE,
    )


def _lacking(what: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Names the countries that one side lacks; nothing where it lacks none."""
    names = country_codes()
    return (f"{what} ({len(codes)}): {', '.join(names.get(code, code) for code in codes)}.",) if codes else ()


def _columns(*numbers: str) -> tuple[TableColumn, ...]:
    return (*word_columns("year"), *number_columns(*numbers))


def _cell(rule: str, value: float) -> str:
    return f"{value:,.{DECIMALS[rule]}f}"


def _check(field: ViewsComparison) -> TextTable:
    headings = [f"{name}: {RULE_WORDS[rule]}" for name in EXACT for rule in NAMES]
    rows = []
    for y in field.years:
        cells = [
            f"{_cell(rule, y.reproduced[name][i])} ({_cell(rule, y.official[name][i])})"
            for name in EXACT
            for i, rule in enumerate(NAMES)
        ]
        rows.append((str(y.year), *cells))
    return TextTable(_columns(*headings), (tuple(rows),), "The scorer on all countries: ours (published)")


def _rule(field: ViewsComparison, k: int, who: str, *, everyone: bool) -> TextTable:
    """Scores of every forecast by one rule, and our skill against two of them; the best of a row is starred."""
    rule = NAMES[k]
    some: list[Year | None] = [*field.years, None]
    rows = [(_name(y), *_rule_cells(field, k, y, everyone)) for y in some]
    columns = _columns(*FORECASTS)
    for against in (CONFLICTOLOGY, OWN):
        columns = (*columns, *number_columns("skill", "90%"), *word_columns(f"against {against}"))
    return TextTable(columns, (tuple(rows[:-1]), (rows[-1],)), f"{RULE_WORDS[rule]} (lower is better), {who}")


def _rule_cells(field: ViewsComparison, k: int, year: Year | None, everyone: bool) -> list[str]:
    means = {name: float(field.mean(name, year, everyone=everyone)[k]) for name in FORECASTS}
    best = min(means.values())
    cells = [_cell(NAMES[k], m) + ("*" if m == best else " ") for m in means.values()]
    for against in (CONFLICTOLOGY, OWN):
        one = field.skill(k, year, against=against, everyone=everyone)
        cells += [f"{one.skill:+.2f}", skill_range(one), verdict(one)]
    return cells


def _entries(field: ViewsComparison, who: str, *, everyone: bool) -> TextTable:
    """A row for every entry: its scores, ours over the same years, and our skill."""
    columns = word_columns("entry", "years")
    for rule in NAMES:
        columns = (*columns, *number_columns(f"{RULE_WORDS[rule]}: entry", "afterfall", "skill (90%)"))
    rows = tuple(_entry_cells(field, entry, everyone) for entry in field.entries)
    return TextTable(columns, (rows,), f"Entries of the challenge (lower is better), {who}")


def _entry_cells(field: ViewsComparison, entry: str, everyone: bool) -> tuple[str, ...]:
    theirs, ours = field.entry_means(entry, everyone=everyone)
    cells = [entry, ", ".join(str(year.year) for year in field.entered(entry))]
    for k, rule in enumerate(NAMES):
        one = field.entry_skill(k, entry, everyone=everyone)
        best = min(theirs[k], ours[k])
        pair = [_cell(rule, float(v)) + ("*" if v == best else " ") for v in (theirs[k], ours[k])]
        cells += [*pair, f"{one.skill:+.2f} ({skill_range(one)})"]
    return tuple(cells)


def _name(year: Year | None) -> str:
    return "all" if year is None else str(year.year)
