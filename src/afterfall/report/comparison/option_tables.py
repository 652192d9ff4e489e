"""Options side by side: a verdict for each, one table of outcomes by options, who is best how often, and costs.

Only outcomes on which some option differs have a row; the number of the others is stated. An option is judged against
the status quo, net of deaths and births (`afterfall.policy.paired_differences`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.policy.comparison import Comparison
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import WORTH, OptionSet, Standing
from afterfall.policy.paired_differences import Difference
from afterfall.report.comparison.comparison_tables import (
    ARROWS,
    GROUPS,
    country_name,
    marked,
    title_of,
)
from afterfall.report.kit.number_formats import NO_DIFFERENCE, NOTHING, day, interval, signed, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

#: The outcomes that a verdict begins with. Returnees whom nobody knows of come first: repatriation raises the number of
#: those at risk at home, and keeps them in sight.
MAIN, ALSO = "undetected", "returned_at_risk"
#: Outcomes named in a verdict as better, as worse, and as worse elsewhere.
NAMED = 3
#: Share of simulations, of those that differ, from which a verdict names an outcome as better or worse.
MOSTLY = 2 / 3


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
    return (*lines, *verdicts(found))


def verdicts(found: OptionSet) -> tuple[str, ...]:
    """One sentence or two on each option, then on which is best, then on those that others dominate."""
    lines = [_verdict(found, i) for i in range(1, len(found.names))]
    lines.append(_best(found))
    for name, by in found.dominated().items():
        lines.append(f"{name} is dominated: {_listed(by)} on average no worse on any outcome here, and better on some.")
    return tuple(lines)


def option_grids(found: OptionSet) -> tuple[TextTable, ...]:
    """All tables."""
    return (_outcomes(found), _standings(found), *_pairs(found), *_elsewhere(found), _costs(found))


def option_notes(found: OptionSet) -> tuple[str, ...]:
    """How to read the tables."""
    hidden = len([o for o in found.outcomes if not found.matters(o)])
    notes = [
        f"Differences are against {found.names[0]!r}, paired by simulation: mean (interval of 90% of simulations).",
        "Best: simulations in which no other option is better; options that are equal are all best. Behind: how much "
        "better the best option is, on average.",
        "Killing is never a benefit: a fall counts as better only beyond the additional dead of the same people.",
        f"{hidden} outcomes have no row: no option changes them by {WORTH:g} or more on average and beyond simulation "
        "error, in 5 of 100 simulations or more. --json has them all.",
        "Effects of levers rest on the evidence that `afterfall levers` lists; most are assumptions.",
    ]
    if any(one.counterfactual for one in found.comparisons):
        notes.append("A counterfactual uses levers that were not public at the as-of date: no forecast could have.")
    return tuple(notes)


def _set(one: Comparison, *, base: bool = False) -> str:
    policy = one.a.policy if base else one.b.policy
    return f"{title_of(policy)} [{', '.join(policy.labels()) or 'no lever set'}]"


def _listed(names: Sequence[str]) -> str:
    verb = "is" if len(names) == 1 else "are"
    return f"{', '.join(names)} {verb}"


def _verdict(found: OptionSet, option: int) -> str:
    one, name = found.comparisons[option - 1], found.names[option]
    first = [next(o for o in found.outcomes if o.quantity == quantity) for quantity in (MAIN, ALSO)]
    text = f"{name} against {found.names[0]}: " + "; ".join(_with_odds(found, option, o) for o in first) + "."
    for word, some in zip(("Better", "Worse"), moved(found, option), strict=True):
        rest = [_brief(one, o, found.between(option, 0, o)) for o in some if o not in first][:NAMED]
        if rest:
            text += f" {word}: {'; '.join(rest)}."
    return text + _cost_elsewhere(one)


def moved(found: OptionSet, option: int) -> tuple[list[Endpoint], list[Endpoint]]:
    """Outcomes that an option makes better, and worse, in most simulations in which it changes them; clearest first."""
    ranked: list[tuple[float, Endpoint]] = []
    for o in found.judged:
        gap = found.judged_differences(option, 0, o)
        differ = gap != 0
        if abs(gap.mean()) >= WORTH and differ.any() and max((gap > 0).sum(), (gap < 0).sum()) >= MOSTLY * differ.sum():
            ranked.append((float(gap.mean() / gap.std()) if gap.std() > 0 else np.copysign(np.inf, gap.mean()), o))
    ranked.sort(key=lambda one: -abs(one[0]))
    return [o for size, o in ranked if size > 0], [o for size, o in ranked if size < 0]


def _with_odds(found: OptionSet, option: int, outcome: Endpoint) -> str:
    gap = found.judged_differences(option, 0, outcome)
    return (
        f"{found.any.label(outcome.quantity)} {_difference(found.between(option, 0, outcome))}, better in "
        f"{_in_100(float((gap > 0).mean()))}, worse in {_in_100(float((gap < 0).mean()))}"
    )


def _in_100(share: float) -> str:
    per_cent = round(100 * share)
    if per_cent < 1:
        return "none of 100" if share == 0 else "<1 of 100"
    return ">99 of 100" if per_cent > 99 else f"{per_cent} of 100"


def _brief(one: Comparison, outcome: Endpoint, gap: Difference) -> str:
    return f"{one.label(outcome.quantity)} {signed(gap.mean)}"


def _cost_elsewhere(one: Comparison) -> str:
    """What an option changes for the people of all other countries, where that is worth a word."""
    if one.country is None:
        return ""
    names = (ALSO, "third_country", "relocate", "defect", "killed_so_far")
    some = [n for n in names if n in one.others and abs(one.others[n].judged) >= WORTH]
    if not some:
        return " Elsewhere: no outcome differs by as much as one in 20 people."
    parts = [f"{one.label(n)} {signed(one.others[n].mean)}" for n in some[:NAMED]]
    return f" People of other countries: {'; '.join(parts)}."


def leader(found: OptionSet) -> str:
    """Which option has the least regret on the main outcome, and in how many simulations it is best."""
    label, standings = found.any.label(MAIN), _main_standings(found)
    if max(s.regret for s in standings) < NO_DIFFERENCE:
        return f"No option changes how many are {label}"
    name, first = min(zip(found.names, standings, strict=True), key=lambda one: one[1].regret)
    return f"Fewest {label}: {name}, best in {_in_100(first.best)} simulations"


def _main_standings(found: OptionSet) -> tuple[Standing, ...]:
    return found.standing(next(o for o in found.outcomes if o.quantity == MAIN))


def _best(found: OptionSet) -> str:
    first = min(_main_standings(found), key=lambda s: s.regret)
    if max(s.regret for s in _main_standings(found)) < NO_DIFFERENCE:
        return f"{leader(found)}."
    return (
        f"{leader(found)}; {two_figures(first.regret)} behind the best on average, {two_figures(first.regret95)} or "
        "more in one of 20."
    )


def _outcomes(found: OptionSet) -> TextTable:
    one, options = found.any, range(1, len(found.names))
    columns = (
        *word_columns("outcome", "better if"),
        *number_columns(found.names[0], *(found.names[i] for i in options)),
    )
    sections = []
    for group, heading in GROUPS.items():
        rows = []
        for o in found.outcomes:
            if o.group == group and found.matters(o):
                cells = [_difference(found.between(i, 0, o)) for i in options]
                now = two_figures(float(found.values[o.quantity][0].mean()))
                rows.append((marked(one, o.quantity), ARROWS[o.direction], now, *cells))
        if rows:
            sections.append(((heading.upper(), *[""] * (len(columns) - 1)), *rows))
    return TextTable(columns, tuple(sections), f"What each option changes against {found.names[0]!r}")


def _difference(one: Difference) -> str:
    return f"{signed(one.mean)} ({interval(one.low90, one.high90)})"


def _standings(found: OptionSet) -> TextTable:
    rows = tuple(
        (marked(found.any, o.quantity), ARROWS[o.direction], *(_standing(s) for s in found.standing(o)))
        for o in found.judged
        if found.matters(o)
    )
    columns = (*word_columns("outcome", "better if"), *number_columns(*found.names))
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
        (found.names[i], *(NOTHING if i == j else _difference(found.between(i, j, main)) for j in every)) for i in every
    )
    columns = (*word_columns("option"), *number_columns(*(f"minus {name}" for name in found.names)))
    return (TextTable(columns, (rows,), f"Between any two options: {found.any.label(MAIN)}"),)


def _elsewhere(found: OptionSet) -> tuple[TextTable, ...]:
    if found.any.country is None:
        return ()
    rows = tuple(
        (
            marked(found.any, o.quantity),
            ARROWS[o.direction],
            *(_difference(c.others[o.quantity]) for c in found.comparisons),
        )
        for o in found.outcomes
        if all(o.quantity in c.others for c in found.comparisons)
        and max(abs(c.others[o.quantity].mean) for c in found.comparisons) >= WORTH
    )
    columns = (*word_columns("outcome", "better if"), *number_columns(*found.names[1:]))
    if not rows:
        rows = (("no outcome differs by as much", *[""] * (len(columns) - 1)),)
    return (TextTable(columns, (rows,), f"People of all other countries, where means differ by {WORTH:g} or more"),)


def _costs(found: OptionSet) -> TextTable:
    names = list(dict.fromkeys(name for one in found.comparisons for name in one.costs))
    rows = []
    for name in names:
        known = next(one.costs[name] for one in found.comparisons if name in one.costs)
        some = [one.costs.get(name) for one in found.comparisons]
        if any(c is not None and abs(c.difference.mean) >= WORTH for c in some):
            cells = [NOTHING if c is None else _difference(c.difference) for c in some]
            rows.append((known.unit, known.status, *cells))
    columns = (*word_columns("cost or capacity", "evidence"), *number_columns(*found.names[1:]))
    return TextTable(
        columns, (tuple(rows),), f"Capacity and cost up to month {found.any.month}, against {found.names[0]!r}"
    )
