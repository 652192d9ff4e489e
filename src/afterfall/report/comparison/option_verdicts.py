"""Verdicts on options side by side: a sentence or two on each, which is best, and which others dominate.

A verdict begins with those at risk and undetected, and says so where nothing clear changes. Then come what is clearly
better and what is worse, the clearest first, what too few simulations are made to say, what it costs, and what it does
to people of other countries. People whom the authorities know are stated apart and not judged: who is brought home is
in sight (`afterfall.policy.endpoints`). The rule for a verdict is that of `afterfall.policy.paired_differences`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from afterfall.policy.comparison import Comparison
from afterfall.policy.cost_per_outcome import extra_costs
from afterfall.policy.costs import Spending
from afterfall.policy.endpoints import ATTEMPT_LABELS, ATTEMPTS, SIMULATIONS, Endpoint
from afterfall.policy.option_set import ERRORS, WORTH, OptionSet, Standing
from afterfall.policy.paired_differences import CERTAIN, PAIRS, Difference
from afterfall.report.comparison.own_currency import in_own
from afterfall.report.kit.number_formats import NO_DIFFERENCE, interval, large, large_range, signed, two_figures
from afterfall.run.quantile_levels import low_median_high

#: The outcome that a verdict begins with, and the one that stands beside it without being judged.
MAIN, IN_SIGHT = "undetected", "known_at_risk"
#: Outcomes named in a verdict as better, as worse, and as worse elsewhere; costs named in it.
NAMED, COSTS_NAMED = 3, 2
#: Share of simulations, of those that differ, from which a verdict names an outcome as better or worse.
MOSTLY = 2 / 3
#: What is written where nothing is named: none changes by so much, or some might.
NOTHING_ELSE, NOTHING_CLEAR = "nothing by half a person or more", "nothing clear"
TOO_FEW, SO_FEW = "too few simulations to say", "Too few simulations to say"
#: The rule of a verdict, for notes.
RULE = (
    f"Better or worse: only where an option and the status quo differ in {PAIRS} simulations or more and by more than "
    f"{CERTAIN:g} standard errors on average. Where a change that matters can be neither found nor ruled out so, there "
    f"are {TOO_FEW} (unsure)."
)
#: Attempts in the country by those who came home: stated in every verdict, since an adviser asks for them first.
ATTEMPTED = "attempts.returnees"
#: Costs that a verdict leaves out: shortages, which are no cost, and what custodians and donors pay.
NO_COSTS = ("beyond.", "detained", "money.detained", "prosecuted")
#: Levers that decide who is held abroad, and what is always stated of custody there for an option with one of them.
LEVERS_ON_CUSTODY = {"repatriation", "revocation", "detention-security"}
IN_CUSTODY = ("escaped", "died_in_custody", "held_minors", "condemned_so_far")
NO_NAMES: Mapping[str, str] = MappingProxyType({})
#: Outcomes of people of other countries that a verdict looks at.
ELSEWHERE = ("undetected", "third_country", "relocate", "defect", "killed_so_far")


def verdicts(found: OptionSet) -> tuple[str, ...]:
    """A verdict for each option but the first, which is best, and which are dominated."""
    lines = [_verdict(found, i) for i in range(1, len(found.names))]
    lines.append(_best(found))
    for name, by in found.dominated().items():
        verb = "is" if len(by) == 1 else "are"
        lines.append(
            f"{name} is dominated: {', '.join(by)} {verb} on average no worse on any outcome here, and better on some."
        )
    return tuple(lines)


def outcome_named(found: OptionSet, quantity: str) -> Endpoint:
    """The outcome of a quantity."""
    return next(o for o in found.outcomes if o.quantity == quantity)


def label(found: OptionSet, outcome: Endpoint) -> str:
    """What an outcome is, in a sentence; attempts are expected numbers in so many simulations."""
    if outcome.quantity.startswith(ATTEMPTS):
        return f"{ATTEMPT_LABELS[outcome.quantity]} per {SIMULATIONS:,} simulations"
    return found.any.label(outcome.quantity)


def difference_words(one: Difference) -> str:
    """A mean with its 90% interval; where every simulation is close to it, the mean alone."""
    return f"{signed(one.mean)} ({interval(one.low90, one.high90)})"


def in_100(share: float) -> str:
    """A share of simulations; never none or all where a few differ."""
    per_cent = round(100 * share)
    if per_cent < 1:
        return "none of 100" if share == 0 else "<1 of 100"
    return ">99 of 100" if per_cent > 99 and share < 1 else f"{per_cent} of 100"


def moved(found: OptionSet, option: int) -> tuple[list[Endpoint], list[Endpoint]]:
    """Outcomes that an option makes better, and worse, in most simulations in which it changes them.

    Harm done first, then the clearest. Of the kinds of knowledge of human sources, which move alike, only the clearest.
    """
    ranked: list[tuple[float, Endpoint]] = []
    for o in found.judged:
        gap = found.judged_differences(option, 0, o)
        differ = gap != 0
        mostly = max((gap > 0).sum(), (gap < 0).sum()) >= MOSTLY * differ.sum()
        if found.verdict(option, o) in ("better", "worse") and mostly:
            ranked.append((float(gap.mean() / gap.std()) if gap.std() > 0 else np.copysign(np.inf, gap.mean()), o))
    ranked.sort(key=lambda one: (one[1].group != "harm", -abs(one[0])))
    first_source = next((o for _, o in ranked if o.group == "sources"), None)
    kept = [(size, o) for size, o in ranked if o.group != "sources" or o is first_source]
    return [o for size, o in kept if size > 0], [o for size, o in kept if size < 0]


def unsure(found: OptionSet, option: int) -> list[Endpoint]:
    """Outcomes of which a verdict would be named, were it not for too few simulations; the largest changes first."""
    some = [
        (abs(found.between(option, 0, o).judged) / found.least(o), o)
        for o in found.judged
        if o.group != "sources" and found.verdict(option, o) == "unsure"
    ]
    return [o for size, o in sorted(some, key=lambda one: -one[0]) if size >= 1.0]


def leader(found: OptionSet) -> str:
    """Which option has the least regret on the main outcome, net of deaths, and in how many simulations it is best.

    Where no option clearly changes it by half a person, that is said instead: to be best by less is no lead.
    """
    text, means = found.any.label(MAIN), found.values[MAIN].mean(axis=1)
    if not is_led(found):
        now = two_figures(float(means[0]))
        main = outcome_named(found, MAIN)
        if any(found.verdict(i, main) == "unsure" for i in range(1, len(found.names))):
            return f"{SO_FEW} whether an option changes how many are {text} ({now} as {found.names[0]})"
        return f"No option changes how many are {text} by half a person ({now} as {found.names[0]})"
    name, first = _first(found)
    return f"Fewest {text}: {name}, best in {in_100(first.best)} simulations"


def is_led(found: OptionSet) -> bool:
    """Whether any option clearly changes the main outcome by half a person or more on average, net of deaths."""
    main = outcome_named(found, MAIN)
    return any(found.verdict(i, main) in ("better", "worse") for i in range(1, len(found.names)))


def cost_words(found: OptionSet, option: int) -> str:
    """What an option clearly costs more or less than the first, in work and in money; empty where nothing is clear."""
    clear = clear_costs(found, option)
    work = [one for one in clear if not one.currency][:COSTS_NAMED]
    money = [one for one in clear if one.currency][:COSTS_NAMED]
    return "; ".join(_cost(one) for one in (*work, *money))


def clear_costs(found: OptionSet, option: int) -> list[Spending]:
    """Costs in which an option differs from the first beyond simulation error, the clearest first, as differences.

    Money that the country's own figures price comes before other money; all is in its own currency where it has one.
    """
    ranked = []
    for name, extra in extra_costs(found, option).items():
        mean, error = float(extra.amount.mean()), float(extra.amount.std()) / np.sqrt(extra.amount.size)
        if abs(mean) > ERRORS * error and abs(mean) >= 10 * WORTH and not name.startswith(NO_COSTS):
            ranked.append(("as paid in" in extra.unit, -abs(mean) / max(error, 1e-9), extra))
    return [in_own(extra, found.any.country, found.any.a.run.as_of) for *_, extra in sorted(ranked, key=_rank)]


def _rank(one: tuple[bool, float, Spending]) -> tuple[bool, float]:
    return one[:2]


def amount_words(one: Spending, mean: float, low: float, high: float, *, plus: bool = True) -> str:
    """An amount of a cost with its range; money in thousands or millions."""
    if one.currency:
        return f"{'+' if plus and mean > 0 else ''}{large(mean)} ({large_range(low, high)})"
    return f"{signed(mean) if plus else two_figures(mean)} ({interval(low, high)})"


def _cost(one: Spending) -> str:
    low, _, high = low_median_high(one.amount)
    return f"{one.unit} {amount_words(one, float(one.amount.mean()), low, high)}"


def _verdict(found: OptionSet, option: int) -> str:
    one, name = found.comparisons[option - 1], found.names[option]
    first = [outcome_named(found, q) for q in (MAIN, ATTEMPTED) if any(o.quantity == q for o in found.outcomes)]
    seen = outcome_named(found, IN_SIGHT)
    says = {o: found.verdict(option, o) for o in first}
    parts = [f"{label(found, o)} {_with_odds(found, option, o)}" for o in first if says[o] in ("better", "worse")]
    for word, prefix in (("alike", "no clear change in"), ("unsure", f"{TOO_FEW} on")):
        such = [_with_now(found, o) for o in first if says[o] == word]
        parts += [f"{prefix} {' or '.join(such)}"] if such else []
    text = f"{name}: {'; '.join(parts)}."
    open_ = [o for o in unsure(found, option) if o not in first]
    custody = custody_words(found, option, {o for some in moved(found, option) for o in some[:NAMED]})
    for word, some in zip(("Better", "Worse"), moved(found, option), strict=True):
        rest = [f"{label(found, o)} {_with_odds(found, option, o)}" for o in some if o not in first][:NAMED]
        text += f" {word}: {'; '.join(rest) if rest else NOTHING_CLEAR if open_ else NOTHING_ELSE}."
    others = [label(found, o) for o in open_ if not (custody and o.quantity in IN_CUSTODY)]
    if others:
        more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
        text += f" {SO_FEW}: {'; '.join(others[:NAMED])}{more}."
    text += f" {custody}" if custody else ""
    if found.verdict(option, seen) == "changed":
        text += f" In sight at home: {label(found, seen)} {difference_words(found.between(option, 0, seen))}."
    costs = cost_words(found, option)
    return text + (f" Cost: {costs}." if costs else " Cost: no clear change.") + _elsewhere(one)


def custody_words(found: OptionSet, option: int, named: set[Endpoint], names: Mapping[str, str] = NO_NAMES) -> str:
    """What happens in custody abroad under an option with a lever on who is held there, beyond what is `named`.

    Escapes, deaths, children held and sentences of death are always stated, whatever the simulations say of them.
    """
    if not {s.lever.name for s in found.comparisons[option - 1].b.policy.settings} & LEVERS_ON_CUSTODY:
        return ""
    some = [o for q in IN_CUSTODY for o in found.outcomes if o.quantity == q and o not in named]
    parts = [_stated(found, option, o, names.get(o.quantity, label(found, o))) for o in some]
    return f"In custody abroad besides: {'; '.join(parts)}." if parts else ""


def _stated(found: OptionSet, option: int, outcome: Endpoint, name: str) -> str:
    says, gap = found.verdict(option, outcome), found.between(option, 0, outcome)
    if says == "alike":
        return f"{name}: no clear change"
    return f"{name} {signed(gap.mean)}" + (" (unsure)" if says == "unsure" else "")


def _with_now(found: OptionSet, outcome: Endpoint) -> str:
    return f"{label(found, outcome)} ({two_figures(float(found.values[outcome.quantity][0].mean()))})"


def _with_odds(found: OptionSet, option: int, outcome: Endpoint) -> str:
    gap = found.judged_differences(option, 0, outcome)
    better, worse = float((gap > 0).mean()), float((gap < 0).mean())
    odds = f"better in {in_100(better)}" if better >= worse else f"worse in {in_100(worse)}"
    return f"{difference_words(found.between(option, 0, outcome))}, {odds}"


def moves_elsewhere(one: Comparison, quantity: str) -> bool:
    """Whether an option changes a mean of the people of other countries by enough for a row, and to be named."""
    gap = one.others.get(quantity)
    return gap is not None and gap.verdict(WORTH) in ("better", "worse", "changed")


def _elsewhere(one: Comparison) -> str:
    """What an option changes for the people of all other countries, where that is worth a word."""
    if one.country is None:
        return ""
    some = [n for n in ELSEWHERE if moves_elsewhere(one, n)]
    if not some:
        return " Elsewhere: no clear change."
    parts = [f"{one.label(n)} {difference_words(one.others[n])}" for n in some[:NAMED]]
    return f" People of other countries: {'; '.join(parts)}."


def _first(found: OptionSet) -> tuple[str, Standing]:
    """The option with the least regret on the main outcome; of several, the first as they were stated."""
    standings = found.standing(outcome_named(found, MAIN))
    return min(zip(found.names, standings, strict=True), key=lambda one: round(one[1].regret, 9))


def _best(found: OptionSet) -> str:
    if not is_led(found):
        return f"{leader(found)}."
    _, first = _first(found)
    return f"{leader(found)}; {_behind(first)} behind the best on average, {_behind95(first)} or more in one of 20."


def _behind(one: Standing) -> str:
    return two_figures(one.regret) if one.regret >= NO_DIFFERENCE else "0"


def _behind95(one: Standing) -> str:
    return two_figures(one.regret95) if one.regret95 >= NO_DIFFERENCE else "0"
