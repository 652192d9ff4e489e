"""Options compared, for the two pages: which is clearly better in what, at what cost, and a table of those that matter.

The words and differences are those of `afterfall compare --option` (`report.comparison`), shortened to what an adviser
weighs: who comes home unseen, attempts, harm done to those abroad and at home, and cost. Rights have their rows whether
an option changes them or not.
"""

from __future__ import annotations

from afterfall.policy.costs import Spending
from afterfall.policy.endpoints import ATTEMPTS, DEAD, SIMULATIONS, Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.report.brief.content import BriefTable, BulletPoints, Paragraphs, Section
from afterfall.report.comparison.comparison_tables import ARROWS, title_of
from afterfall.report.comparison.lever_words import lever_lines
from afterfall.report.comparison.option_verdicts import (
    ATTEMPTED,
    IN_CUSTODY,
    IN_SIGHT,
    MAIN,
    RULE,
    SO_FEW,
    amount_words,
    clear_costs,
    custody_words,
    difference_words,
    in_100,
    label,
    leader,
    moved,
    unsure,
)
from afterfall.report.comparison.own_currency import in_own, rates_words
from afterfall.report.kit.number_formats import NOTHING, day, signed, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns
from afterfall.run.quantile_levels import low_median_high

#: Rows of the table, where the model has them: what options are for, then rights, which are always shown.
ROWS = (MAIN, IN_SIGHT, "self_returned", f"{ATTEMPTS}returnees", "repatriated", "escaped")
RIGHTS = (
    "held_minors",
    "died_in_custody",
    "condemned_so_far",
    "lost_citizenship",
    "stateless",
    "wrongly_flagged_so_far",
)
#: Short names of rows, as the column is narrow.
SHORT = {
    MAIN: "home, at risk, undetected",
    IN_SIGHT: "home, at risk, known",
    "self_returned": "came home by themselves",
    f"{ATTEMPTS}returnees": "attempts by returnees, of 1,000 simulations",
    "repatriated": "brought home",
    "escaped": "escaped from custody abroad",
    "held_minors": "children held abroad",
    "died_in_custody": "died in custody abroad",
    "condemned_so_far": "sentenced to death",
    "lost_citizenship": "lost citizenship",
    "stateless": "stateless",
    "executed": "executed",
    "wrongly_flagged_so_far": "wrongly flagged",
    "disengage": "home and out of the fight",
    "missed_so_far": "missed by an assessment",
}
#: Costs with a row: work, then money, if some option changes them beyond simulation error.
WORK = {
    "border.screening": "border officers, person-months",
    "revocation.cases": "cases in court",
    "assessment.assessors": "assessors, person-months",
    "monitoring.teams": "officers who watch, person-months",
    "detention-security.guards": "guards abroad, person-months",
    "imprisoned": "prison place-months",
    "monitored": "person-months monitored",
    "in_programme": "programme place-months",
    "money.imprisoned": "prison places",
    "money.prosecuted": "inquiries and trials",
    "money.repatriated": "bringing people home",
    "money.in_programme": "programme places",
}
#: Outcomes named as better and as worse in the line of an option, and costs.
NAMED, COSTS = 3, 2
#: What stands over the lines on levers.
LEVERS = "What the levers mean, from 0 (none of it) to 1 (in full):"
#: Options beyond which the table takes two.
MOST = 6
#: A cost that does not clearly change.
NOT_CLEAR = "n.c."


def options_section(found: OptionSet) -> Section:
    """The section that takes the place of `options_missing`, across the second page."""
    one = found.any
    run, base = one.a.run, found.names[0]
    lead = (
        f"Each option against {base} ({title_of(one.a.policy)}), on {day(run.date(one.month))}: {one.trajectories:,} "
        "simulations of each with the same random draws. What levers achieve is mostly assumed: this is what follows "
        "from those assumptions. Unsure: too few simulations to say."
    )
    lines = BulletPoints(tuple(_line(found, i) for i in range(1, len(found.names))))
    blocks: list[Paragraphs | BulletPoints | BriefTable] = [Paragraphs((lead,)), lines]
    blocks += [Paragraphs((LEVERS,)), BulletPoints(lever_lines(found))]
    options = list(range(1, len(found.names)))
    for first in range(0, len(options), MOST):
        part = options[first : first + MOST]
        blocks.append(BriefTable(_grid(found, part), _note(found) if part[-1] == options[-1] else ""))
    return Section("options", "Options compared", tuple(blocks), page=2, wide=True)


def _attempts(found: OptionSet) -> str:
    """What options do to attempts by those who came home."""
    outcome = next((o for o in found.outcomes if o.quantity == ATTEMPTED), None)
    if outcome is None:
        return ""
    now = float(found.values[ATTEMPTED][0].mean())
    expected = f"{two_figures(now)} expected by then in {SIMULATIONS:,} simulations as {found.names[0]}"
    says = {i: found.verdict(i, outcome) for i in range(1, len(found.names))}
    clear = [i for i in says if says[i] in ("better", "worse")]
    open_ = [found.names[i] for i in says if says[i] == "unsure"]
    too_few = f" {SO_FEW} of {', '.join(open_)}." if open_ else ""
    if not clear:
        return f"None clearly changes attempts by returnees in the country ({expected}).{too_few}"
    words = "; ".join(f"{found.names[i]} {difference_words(found.between(i, 0, outcome))}" for i in clear)
    return (
        f"Attempts by returnees in the country ({expected}): {words}.{too_few} "
        "Differences that are small next to their ranges are no reason to prefer an option."
    )


def _line(found: OptionSet, option: int) -> str:
    """An option in a sentence or two: what is better, what worse (all the dead only in the table), what is unsure."""
    name, title = found.names[option], title_of(found.comparisons[option - 1].b.policy)
    text = name if title in ("", name) else f"{name} ({title})"
    parts = []
    open_ = [o for o in unsure(found, option) if o.quantity != DEAD]
    named: set[Endpoint] = set()
    for word, some in zip(("Better", "Worse"), moved(found, option), strict=True):
        rest = [o for o in some if o.quantity != DEAD][:NAMED]
        named |= set(rest)
        parts += [f"{word}: {'; '.join(_brief(found, option, o) for o in rest)}."] if rest else []
    if not named:
        parts.append("Nothing clearly better or worse.")
    custody = custody_words(found, option, named, SHORT)
    parts += [custody] if custody else []
    others = [SHORT.get(o.quantity, label(found, o)) for o in open_ if not (custody and o.quantity in IN_CUSTODY)]
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        parts.append(f"Unsure: {'; '.join(others[:NAMED])}{more}.")
    by = found.dominated().get(name)
    if by:
        parts.append(f"On average no better than {' or '.join(by)} on any outcome.")
    return f"{text}. {' '.join(parts)}"


def _brief(found: OptionSet, option: int, outcome: Endpoint) -> str:
    gap = found.judged_differences(option, 0, outcome)
    share = max(float((gap > 0).mean()), float((gap < 0).mean()))
    name = SHORT.get(outcome.quantity, label(found, outcome))
    return f"{name} {signed(found.between(option, 0, outcome).mean)} ({in_100(share)})"


def _grid(found: OptionSet, options: list[int]) -> TextTable:
    known = {o.quantity: o for o in found.outcomes}
    rows = [known[q] for q in ROWS if q in known and found.matters(known[q])]
    rights = [known[q] for q in RIGHTS if q in known]
    sections = [[_row(found, o, options) for o in some] for some in (rows, rights)]
    sections.append([row for name, short in WORK.items() if (row := _cost_row(found, name, short, options))])
    columns = (
        *word_columns("against " + found.names[0], "better if"),
        *number_columns(f"number, {found.names[0]}", *(found.names[i] for i in options)),
    )
    return TextTable(columns, tuple(tuple(rows) for rows in sections if rows))


def _row(found: OptionSet, outcome: Endpoint, options: list[int]) -> tuple[str, ...]:
    star = " *" if found.any.is_hindsight(outcome.quantity) else ""
    now = two_figures(float(found.values[outcome.quantity][0].mean()))
    cells = [_cell(found, i, outcome) for i in options]
    return (SHORT[outcome.quantity] + star, ARROWS[outcome.direction], now, *cells)


def _cell(found: OptionSet, option: int, outcome: Endpoint) -> str:
    """A difference with its interval; a zero that is one in every simulation stands alone."""
    gap = found.between(option, 0, outcome)
    return "0" if gap.prob_same == 1.0 else difference_words(gap)


def _cost_row(found: OptionSet, name: str, short: str, options: list[int]) -> tuple[str, ...] | None:
    if name not in found.spent[0]:
        return None
    now = in_own(found.spent[0][name], found.any.country, found.any.a.run.as_of)
    clear = {i: [x for x in clear_costs(found, i) if (x.unit, x.lever) == (now.unit, now.lever)] for i in options}
    if not any(clear.values()):
        return None
    currency = now.unit.partition(":")[0] if now.currency else ""
    cells = [_amount(clear[i][0]) if clear[i] else NOT_CLEAR for i in options]
    paid = now.unit.partition("as paid in ")[2]
    what = f"{short}, {currency}" + (f", as in {paid}" if paid else "") if currency else short
    return (what, NOTHING, "", *cells)


def _amount(one: Spending) -> str:
    low, _, high = low_median_high(one.amount)
    return amount_words(one, float(one.amount.mean()), low, high)


def _note(found: OptionSet) -> str:
    star = any(found.any.is_hindsight(q) for q in (*ROWS, *RIGHTS) if any(o.quantity == q for o in found.outcomes))
    return (
        f"Number: people at that date, or moves since the as-of date, under “{found.names[0]}”; the other columns are "
        "mean differences from it (90% of simulations). In brackets above: in how many simulations better or worse. "
        f"{RULE} A fall counts as better only beyond additional deaths. People brought home are met and assessed, so "
        "more of them known at home count as neither better nor worse, which favours bringing people home. "
        f"{NOT_CLEAR}: no clear change. {_money(found)}Prices are those of another country where the country's own are "
        "not published." + (" * Rests on hindsight." if star else "")
    )


def _money(found: OptionSet) -> str:
    """The rates at which the money of the table is converted, or that it is not."""
    shown = [found.spent[0][name] for name in WORK if name in found.spent[0]]
    return f"{rates_words(found, shown) or 'Money in the currency and the prices of its source.'} "


def options_in_short(found: OptionSet) -> Section:
    """What the options do, in a few lines for the first page; the section on the second page has the rest."""
    one = found.any
    lines = [f"{found.names[i]}: {_in_short(found, i)}" for i in range(1, len(found.names))]
    lead = (
        f"Against {found.names[0]}, on {day(one.a.run.date(one.month))} ({one.trajectories:,} simulations; effects are "
        f"mostly assumed; page 2 has ranges, costs and what is unsure). {leader(found)}. {_attempts(found)}"
    )
    return Section(
        "options-in-short", "The options in short", (Paragraphs((lead,)), BulletPoints(tuple(lines))), 1, True
    )


def _in_short(found: OptionSet, option: int) -> str:
    """The clearest gains and losses of an option, with its clearest cost."""
    parts = []
    for word, some in zip(("better", "worse"), moved(found, option), strict=True):
        named = [o for o in some if o.quantity != DEAD][:COSTS]
        if named:
            parts.append(f"{word}: {', '.join(_brief(found, option, o) for o in named)}")
    cost = [f"cost: {one.unit} {_amount(one)}" for one in clear_costs(found, option)[:1]]
    return "; ".join([*(parts or ["nothing clearly better or worse"]), *cost]) + "."
