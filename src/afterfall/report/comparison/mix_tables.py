"""The best mix under a budget: which it is, the runner-up, how sure, what it spends; then the options side by side."""

from __future__ import annotations

from afterfall.policy.best_mix import BestMix, Mix
from afterfall.policy.option_set import NOTEWORTHY
from afterfall.report.comparison.comparison_tables import country_name
from afterfall.report.comparison.option_tables import option_grids, option_notes
from afterfall.report.comparison.option_verdicts import in_100, label
from afterfall.report.kit.number_formats import day, signed, two_figures
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns


def mix_headline(found: BestMix) -> tuple[str, ...]:
    """The best mix in words, the runner-up, and what was searched."""
    one = found.options.any
    run = one.a.run
    place = "everyone" if one.country is None else country_name(one)
    head = (
        f"Best mix in {run.title} ({run.request.case}), as of {day(run.as_of)}: {place}, {day(run.date(one.month))} "
        f"(month {one.month}), {one.trajectories:,} simulations of each finalist, same random draws, seed "
        f"{run.request.seed}"
    )
    return (head, *mix_sentences(found))


def mix_sentences(found: BestMix) -> tuple[str, ...]:
    """Which mix is best, the runner-up, and what was searched."""
    best, second, what = found.best, found.runner_up, label(found.options, found.outcome)
    budget = _budget_words(found)
    if best.name == found.options.names[0]:
        lines = [f"No mix searched is better than {best.name} on {what} {budget}."]
    else:
        lines = [
            f"Best {budget}: {best.name}. {what[0].upper()}{what[1:]}: {_gain(found, best)}; no finalist is better in "
            f"{in_100(best.best)}.{_spent(found, best)}"
        ]
        if best.gain <= 0.0:
            lines.append(f"Simulations that did not choose it do not show it better than {found.options.names[0]}.")
    if second is not None:
        often = in_100(second.best)
        lines.append(f"Runner-up: {second.name}, {_gain(found, second)}; no finalist is better in {often}.")
    cheaper = found.cheaper(NOTEWORTHY)
    if cheaper is not None:
        lines.append(
            f"For less, and not half a person behind: {cheaper.name}, {_gain(found, cheaper)}.{_spent(found, cheaper)}"
        )
    dear = [one for one in found.mixes if not one.within]
    if dear:
        lines.append(f"Beyond the budget: {dear[0].name}, {_gain(found, dear[0])}.{_spent(found, dear[0])}")
    lines.append(
        f"{found.candidates} mixes searched, by rounds of more and more simulations; {len(found.mixes)} of them "
        "simulated in full. One half of the simulations chose; the gains are those in the other half."
    )
    return tuple(lines)


def mix_grids(found: BestMix) -> tuple[TextTable, ...]:
    """The finalists, then the tables of options side by side."""
    columns = (
        *word_columns("mix", "within the budget"),
        *number_columns("better than now by", "best in 100"),
        *number_columns(*(f"spent of {one.name}" for one in found.budgets), "over in 100"),
    )
    rows = tuple(
        (
            one.name,
            "yes" if one.within else "no",
            signed(one.gain),
            f"{100 * one.best:.0f}" if one.within else "–",
            *(two_figures(one.spent[b.name]) for b in found.budgets),
            f"{100 * one.over:.0f}",
        )
        for one in found.mixes
    )
    title = f"Mixes by {label(found.options, found.outcome)}"
    return (TextTable(columns, (rows,), title), *option_grids(found.options))


def mix_notes(found: BestMix) -> tuple[str, ...]:
    """How to read the tables."""
    return (
        "Within the budget: what it spends more than now, on average, is no more than the budget; over: simulations in "
        "which it is more.",
        "The first half of the simulations chose the finalists and their order. What a mix gains, and how often it is "
        "best, comes from the second half, which chose nothing. Spending, and tables side by side, are of all "
        "simulations. Of equal mixes the one that spends less comes first.",
        *option_notes(found.options),
    )


def _gain(found: BestMix, one: Mix) -> str:
    way = "fewer" if found.outcome.direction == "less" else "more"
    other = "more" if way == "fewer" else "fewer"
    return f"{two_figures(abs(one.gain))} {way if one.gain >= 0 else other}"


def _budget_words(found: BestMix) -> str:
    if not found.budgets:
        return "without a budget"
    costs = found.options.spent[0]
    parts = [f"{two_figures(one.amount)} {one.unit(costs)}" for one in found.budgets]
    return f"for at most {' and '.join(parts)} more than {found.options.names[0]}"


def _spent(found: BestMix, one: Mix) -> str:
    if not found.budgets:
        return ""
    costs = found.options.spent[0]
    parts = [_amount(one.spent[b.name], b.unit(costs)) for b in found.budgets]
    return f" It spends {' and '.join(parts)}, over the budget in {in_100(one.over)}."


def _amount(spent: float, unit: str) -> str:
    """Spending against the status quo in words: ``44 person-months monitored more``."""
    return f"{two_figures(abs(spent))} {unit} {'less' if spent < 0 else 'more'}"
