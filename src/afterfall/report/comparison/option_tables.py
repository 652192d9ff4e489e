"""Options side by side: a verdict for each, one table of outcomes by options, who is best how often, and costs.

Only outcomes on which some option differs have a row; the number of the others is stated. An option is judged against
the status quo, net of deaths and births (`afterfall.policy.paired_differences`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.policy.comparison import Comparison
from afterfall.policy.cost_per_outcome import cost_per_outcome
from afterfall.policy.costs import CostDifference
from afterfall.policy.endpoints import ATTEMPT_LABELS, Endpoint
from afterfall.policy.option_set import WORTH, OptionSet, Standing
from afterfall.report.comparison.comparison_tables import ARROWS, GROUPS, country_name, marked, title_of
from afterfall.report.comparison.option_verdicts import (
    MAIN,
    RULE,
    amount_words,
    clear_costs,
    difference_words,
    label,
    moved,
    moves_elsewhere,
    outcome_named,
    verdicts,
)
from afterfall.report.comparison.own_currency import SOURCE, difference_in_own
from afterfall.report.kit.number_formats import NO_DIFFERENCE, NOTHING, day, large, large_range, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

#: Outcomes for which a cost of one unit is given, the main one first; then those that an option makes better.
PRICED = 2
#: Characters after which plain text puts an interval below its mean.
WIDTH = 18


def option_headline(found: OptionSet) -> tuple[str, ...]:
    """What is compared, and a verdict for each option."""
    one = found.any
    run = one.a.run
    place = "everyone" if one.country is None else country_name(one)
    lines = [
        f"Options compared in {run.title} ({run.request.case}), as of {day(run.as_of)}: {place}, "
        f"{day(run.date(one.month))} (month {one.month}), {one.trajectories:,} simulations of each, same random draws, "
        f"seed {run.request.seed}",
        f"{found.names[0]}: {_set(one, base=True)}",
    ]
    lines += [f"{name}: {_set(c)}" for name, c in zip(found.names[1:], found.comparisons, strict=True)]
    return (lines[0], *verdicts(found), *lines[1:])


def option_grids(found: OptionSet) -> tuple[TextTable, ...]:
    """All tables."""
    return (_outcomes(found), _costs(found), *_priced(found), _standings(found), *_pairs(found), *_elsewhere(found))


def option_notes(found: OptionSet) -> tuple[str, ...]:
    """How to read the tables."""
    hidden = len([o for o in found.outcomes if o not in shown(found)])
    notes = [
        f"Differences are against {found.names[0]!r}, paired by simulation: mean (interval of 90% of simulations).",
        HowToRead(
            "Best: simulations in which no other option is better; options that are equal are all best. Behind: how "
            "much better the best option is, on average."
        ),
        RULE,
        "Killing is never a benefit: a fall counts as better only beyond the additional dead of the same people.",
        HowToRead(
            f"{hidden} outcomes have no row: no option changes them by {WORTH:g} or more on average and beyond "
            "simulation error, in 5 of 100 simulations or more, or they move like one that has a row. Harm done always "
            "has its rows. --json has all."
        ),
        HowToRead(
            "Money is in prices of the year of its source, in the country's own currency at the rate stated where it "
            f"has one ({SOURCE}), never added up; work without a published price is in its own unit only. Paid "
            "elsewhere: of another country, for want of the country's own."
        ),
        "Effects of levers rest on the evidence that `afterfall levers` lists; most are assumptions.",
    ]
    if any(one.counterfactual for one in found.comparisons):
        notes.append("A counterfactual uses levers that were not public at the as-of date: no forecast could have.")
    return tuple(notes)


def _set(one: Comparison, *, base: bool = False) -> str:
    policy = one.a.policy if base else one.b.policy
    return f"{title_of(policy)} [{', '.join(policy.labels()) or 'no lever set'}]"


def shown(found: OptionSet) -> tuple[Endpoint, ...]:
    """Outcomes with a row: harm done, and what some option changes; of the kinds of sources the one that moves most."""
    rows = [o for o in found.outcomes if o.group == "harm" or found.matters(o)]
    sources = [o for o in rows if o.group == "sources"]
    most = max(sources, key=lambda o: float(np.ptp(found.values[o.quantity].mean(axis=1))), default=None)
    return tuple(o for o in rows if o.group != "sources" or o is most)


def _wrapping(headings: Sequence[str]) -> tuple[TableColumn, ...]:
    """Columns of a mean with its interval, which may stand below it."""
    return tuple(TableColumn(heading, "right", WIDTH) for heading in headings)


def _outcomes(found: OptionSet) -> TextTable:
    options = range(1, len(found.names))
    columns = (
        *word_columns("outcome", "better if"),
        *_wrapping(found.names),
    )
    sections = []
    rows_of = shown(found)
    for group, heading in GROUPS.items():
        rows = []
        for o in rows_of:
            if o.group == group:
                cells = [difference_words(found.between(i, 0, o)) for i in options]
                now = two_figures(float(found.values[o.quantity][0].mean()))
                rows.append((row_label(found, o), ARROWS[o.direction], now, *cells))
        if rows:
            sections.append(((heading.upper(), *[""] * (len(columns) - 1)), *rows))
    return TextTable(columns, tuple(sections), f"What each option changes against {found.names[0]!r}")


def _standings(found: OptionSet) -> TextTable:
    rows = tuple(
        (row_label(found, o), ARROWS[o.direction], *(_standing(s) for s in found.standing(o)))
        for o in shown(found)
        if o.direction != "neither" and found.matters(o)
    )
    columns = (*word_columns("outcome", "better if"), *_wrapping(found.names))
    return TextTable(columns, (rows,), "Best in how many of 100 simulations, and how far behind the best on average")


def _standing(one: Standing) -> str:
    behind = one.regret if one.regret >= NO_DIFFERENCE else 0.0
    return f"{100 * one.best:.0f}, {two_figures(behind)}"


def _pairs(found: OptionSet) -> tuple[TextTable, ...]:
    """Every option against every other on the main outcome; with one option there is nothing more to show."""
    if len(found.names) < 3:
        return ()
    main, every = next(o for o in found.outcomes if o.quantity == MAIN), range(len(found.names))
    rows = tuple(
        (found.names[i], *(NOTHING if i == j else difference_words(found.between(i, j, main)) for j in every))
        for i in every
    )
    columns = (*word_columns("option"), *_wrapping([f"minus {name}" for name in found.names]))
    return (TextTable(columns, (rows,), f"Between any two options: {found.any.label(MAIN)}"),)


def _elsewhere(found: OptionSet) -> tuple[TextTable, ...]:
    if found.any.country is None:
        return ()
    rows = tuple(
        (
            row_label(found, o),
            ARROWS[o.direction],
            *(difference_words(c.others[o.quantity]) for c in found.comparisons),
        )
        for o in found.outcomes
        if all(o.quantity in c.others for c in found.comparisons)
        and any(moves_elsewhere(c, o.quantity) for c in found.comparisons)
    )
    columns = (*word_columns("outcome", "better if"), *_wrapping(found.names[1:]))
    if not rows:
        rows = (("no outcome differs by as much", *[""] * (len(columns) - 1)),)
    return (TextTable(columns, (rows,), f"People of all other countries, where means differ by {WORTH:g} or more"),)


def _costs(found: OptionSet) -> TextTable:
    names = list(dict.fromkeys(name for one in found.comparisons for name in one.costs))
    work: list[tuple[str, ...]] = []
    money: list[tuple[str, ...]] = []
    for name in names:
        each = [_own(found, one.costs.get(name)) for one in found.comparisons]
        some = [one for one in each if one is not None]
        if any(abs(c.difference.mean) >= WORTH for c in some):
            cells = [_cost_cell(one) for one in each]
            (money if some[0].currency else work).append((some[0].unit, some[0].status, *cells))
    columns = (*word_columns("cost or capacity", "evidence"), *_wrapping(found.names[1:]))
    title = f"Capacity and cost up to month {found.any.month}, against {found.names[0]!r}"
    return TextTable(columns, tuple(tuple(rows) for rows in (work, money) if rows), title)


def _own(found: OptionSet, one: CostDifference | None) -> CostDifference | None:
    return one and difference_in_own(one, found.any.country, found.any.a.run.as_of)


def _priced(found: OptionSet) -> tuple[TextTable, ...]:
    """What one unit of an outcome costs, by option."""
    rows = []
    for option in range(1, len(found.names)):
        main = outcome_named(found, MAIN)
        better = [o for o in moved(found, option)[0] if o != main][:PRICED]
        for o in (main, *better):
            rows += _prices_of(found, option, o)
    columns = (*word_columns("option", "one unit better of", "in"), *number_columns("cost (90%)", "better in 100"))
    if not rows:
        return ()
    title = "Cost per outcome: mean extra cost over mean effect, with the interval that the simulations settle"
    return (TextTable(columns, (tuple(rows),), title),)


def _prices_of(found: OptionSet, option: int, outcome: Endpoint) -> list[tuple[str, ...]]:
    """The clearest cost in work and in money, for one unit of an outcome."""
    name, what = found.names[option], short_label(found, outcome)
    more = [one for one in clear_costs(found, option) if one.amount.mean() > 0.0]
    chosen = [*[one for one in more if not one.currency][:1], *[one for one in more if one.currency][:1]]
    rows: list[tuple[str, ...]] = []
    for one in chosen:
        price = cost_per_outcome(found, option, outcome, one)
        cost = price.why_not and f"cannot be stated: {price.why_not}"
        cost = cost or amount_words(one, price.mean, price.low90, price.high90, plus=False)
        rows.append((name, what, one.unit, cost, f"{100 * price.better:.0f}"))
        if price.why_not:
            break
    return rows


def _cost_cell(one: CostDifference | None) -> str:
    if one is None:
        return NOTHING
    gap = one.difference
    if one.currency:
        return f"{'+' if gap.mean > 0 else ''}{large(gap.mean)} ({large_range(gap.low90, gap.high90)})"
    return difference_words(gap)


def row_label(found: OptionSet, outcome: Endpoint) -> str:
    """The name of a row: a counter is marked as such, and what rests on hindsight; attempts are kept short."""
    if outcome.quantity in ATTEMPT_LABELS:
        return label(found, outcome)
    return marked(found.any, outcome.quantity)


def short_label(found: OptionSet, outcome: Endpoint) -> str:
    """An outcome as one of its units: attempts are counted singly here."""
    return label(found, outcome).partition(" per ")[0]
