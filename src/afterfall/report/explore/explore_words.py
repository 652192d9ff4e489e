"""An exploration in words: where each option wins and fails, what is robust, and what is a matter of belief."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from afterfall.engine.program import Floats
from afterfall.exploration.assumptions import Assumption
from afterfall.exploration.explored import MAIN_OUTCOME, Exploration
from afterfall.exploration.findings import ROBUST, Findings
from afterfall.exploration.rank_flips import RankFlip
from afterfall.exploration.robustness import Robustness
from afterfall.exploration.scenario_boxes import Limit, ScenarioBox
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import WORTH
from afterfall.report.kit.number_formats import day, share, signed, two_figures
from afterfall.report.kit.reading_notes import HowToRead

#: What is said of an option that moves no outcome one way in nearly every set of assumptions.
NOWHERE = f" no outcome is better, or worse, in {share(ROBUST)} of the sets or more."
#: Limits of a box that a sentence names.
NAMED = 3
#: Share of the variance from which on a sentence names the assumption that an option rests on.
WORTH_NAMING = 0.1
STANDINGS = {
    "better": "better than {0}",
    "worse": "worse than {0}",
    "never-worse": "never worse than {0}",
    "never-better": "never better than {0}",
}
DIRECTIONS = {"less": "fewer is better", "more": "more is better"}


def explore_headline(findings: Findings) -> tuple[str, ...]:
    """What was explored, and first of all where each option wins and fails."""
    found = findings.explored
    case = found.plan.case
    design = {"lhs": "Latin hypercube", "sobol": "Sobol design"}[found.request.design]
    first = (
        f"Options explored in {case.title} ({case.id}), as of {day(case.as_of)}: {found.place}, {day(found.date)} "
        f"(month {found.plan.month}). {found.cases:,} cases: {len(found.options)} options under {found.scenarios:,} "
        f"sets of assumptions ({design}), {found.simulations:,} simulations each with the same random draws, seed "
        f"{found.plan.seed}"
    )
    label, way = found.label(findings.outcome.quantity), DIRECTIONS[findings.outcome.direction]
    second = (
        f"Ranked by people {label} ({way}), net of additional deaths. What options are compared with is "
        f"{found.options[0]!r}{_reference(found)}; best and regret compare every option with every other."
    )
    return (first, second, *verdicts(findings))


def _reference(found: Exploration) -> str:
    """What the reference is, where its name does not say it."""
    title = found.plan.options[0].policy.title
    return f" ({title})" if title and title != found.options[0] else ""


def verdicts(findings: Findings) -> tuple[str, ...]:
    """A sentence or more on each option, then what is robust, what is belief, and where ranks flip."""
    found = findings.explored
    if not found.matters(findings.outcome):
        each = [f"{name}:{_elsewhere(findings, i) or NOWHERE}" for i, name in enumerate(found.options) if i]
        return (unmoved(findings), *each)
    each = [_option(findings, i) for i in range(len(found.options))]
    return (*each, *standing_words(findings), *_flips(findings), *_by_priors(findings))


def unmoved(findings: Findings) -> str:
    """That no option changes the outcome by which they are ranked, and one that they do change."""
    found, label = findings.explored, findings.explored.label(findings.outcome.quantity)
    now = two_figures(float(found.outcome_values(findings.outcome)[:, 0].mean()))
    text = (
        f"No option changes people {label} by {WORTH:g} or more under any set of assumptions ({now} on average as "
        f"{found.options[0]}): by this outcome there is nothing to rank."
    )
    sizes = {o: float(np.abs(_gaps(found, o)).max()) for o in found.judged if found.matters(o)}
    if not sizes:
        return text
    most = max(sizes, key=lambda o: sizes[o])
    return f"{text} What they change most is {found.label(most.quantity)}: rank by it with --outcome {most.quantity}."


def _gaps(found: Exploration, outcome: Endpoint) -> Floats:
    """Mean judged differences from the first option over sets of assumptions ``(option,)``."""
    values = found.outcome_values(outcome)
    return np.asarray((values - values[:, :1]).mean(axis=0))


def _option(findings: Findings, option: int) -> str:
    found, one = findings.explored, findings.robustness[option]
    name = found.options[option]
    text = f"{name}: best in {share(one.best)} of the sets of assumptions"
    if option:
        text += f"; better than {found.options[0]} in {share(one.better)}, worse in {share(one.worse)}"
    text += f"; at worst {two_figures(one.worst_regret)} behind the best."
    won, lost = findings.where(name, "best"), findings.where(name, "worse")
    if won is not None and won.prim is not None:
        text += f" It wins where {box_words(found, won.prim)}."
    if lost is not None and lost.prim is not None:
        text += f" It fails where {box_words(found, lost.prim)}."
    return text + (_elsewhere(findings, option) if option else "")


def _elsewhere(findings: Findings, option: int) -> str:
    """What an option makes better and worse of other outcomes in nearly every set of assumptions."""
    found, moved = findings.explored, {"better": list[tuple[float, str]](), "worse": list[tuple[float, str]]()}
    for outcome in found.judged:
        if outcome == findings.outcome:
            continue
        gap = float(_gaps(found, outcome)[option])
        for word, flags in (("better", found.better(outcome)), ("worse", found.worse(outcome))):
            if flags[:, option].mean() >= ROBUST:
                moved[word].append((abs(gap), f"{found.label(outcome.quantity)} {signed(gap)}"))
    text = ""
    for word, some in moved.items():
        names = [name for _, name in sorted(some, reverse=True)[:NAMED]]
        if names:
            text += f" In {share(ROBUST)} of the sets or more it makes {word}: {'; '.join(names)}."
    return text


def standing_words(findings: Findings) -> tuple[str, ...]:
    """Which statements on options hold under nearly every stated assumption, and which only under some."""
    robust, belief, neither = list[str](), list[str](), list[str]()
    found = findings.explored
    for name, one in zip(found.options[1:], findings.robustness[1:], strict=True):
        kind = standing(one)
        if kind == "none":
            neither.append(name)
        elif kind in STANDINGS:
            robust.append(
                f"{name} is {STANDINGS[kind].format(found.options[0])} (better in {share(one.better)}, worse in "
                f"{share(one.worse)}, beyond simulation error in {share(one.clear)})"
            )
        else:
            belief.append(_belief(findings, name, one))
    lines = []
    if robust:
        lines.append(f"Robust under the stated assumptions: {'; '.join(robust)}.")
    if belief:
        lines.append(f"Belief: {'; '.join(belief)}.")
    if neither:
        lines.append(f"No difference of {WORTH:g} people or more anywhere: {', '.join(neither)}.")
    return tuple(lines)


def standing(one: Robustness) -> str:
    """How an option stands against the first.

    ``better`` or ``worse`` in nearly every set of assumptions, ``never-worse`` or ``never-better`` in any, ``none``
    where they never differ, else a ``belief``.
    """
    if max(one.better, one.worse) == 0.0:
        return "none"
    if max(one.better, one.worse) >= ROBUST:
        return "better" if one.better > one.worse else "worse"
    if min(one.better, one.worse) > 0.0:
        return "belief"
    return "never-worse" if one.worse == 0.0 else "never-better"


def _belief(findings: Findings, name: str, one: Robustness) -> str:
    found = findings.explored
    text = (
        f"whether {name} beats {found.options[0]} (better in {share(one.better)}, worse in {share(one.worse)}, less "
        f"than {WORTH:g} apart in the rest)"
    )
    most = findings.rests_on(name)
    if most is not None and most.share - (most.total_error or most.first_error) > WORTH_NAMING:
        text += f" rests most on {assumption_words(found, most.assumption)} ({share(most.share)} of the variance)"
    return text


def _flips(findings: Findings) -> tuple[str, ...]:
    if not findings.flips:
        return ()
    found = findings.explored
    flipping = [one for one in findings.flips if one.flips]
    if not flipping:
        return ("The best option on average is not clearly another over any part of any one assumption's range.",)
    return tuple(f"The best option changes with {flip_words(found, one)}." for one in flipping)


def _by_priors(findings: Findings) -> tuple[str, ...]:
    """Which option is best on average if the priors of the assumptions are believed."""
    even, weighted = (findings.preferred[name] for name in ("mean", "weighted_mean"))
    if len(even) == len(findings.explored.options):
        return ()
    best = " and ".join(weighted)
    same = "the same option is" if even == weighted else f"another option than {' and '.join(even)} is"
    return (f"If the priors of all assumptions are believed, {same} best on average: {best}.",)


def flip_words(found: Exploration, one: RankFlip) -> str:
    """With which assumption the best option changes, from which to which, and where."""
    text = f"{assumption_words(found, one.assumption)}: {one.best[0]} where it is low, {one.best[-1]} where it is high"
    if one.best[0] == one.best[-1]:
        text = f"{assumption_words(found, one.assumption)}: {one.best[0]} at both ends, {one.best[1]} between"
    if one.crossing is None:
        return text
    between = f"{two_figures(one.crossing_low or 0.0)} to {two_figures(one.crossing_high or 0.0)}"
    return f"{text}, crossing at about {two_figures(one.crossing)} (90%: {between})"


def box_words(found: Exploration, box: ScenarioBox) -> str:
    """A box in words, with its density and coverage."""
    some = [limit_words(found, limit) for limit in box.limits[:NAMED]]
    more = len(box.limits) - len(some)
    if more > 0:
        some.append(f"{more} more limits hold")
    quasi = [limit.quasi_p for limit in box.limits if limit.quasi_p is not None]
    significance = f", quasi-p at most {two_figures(max(max(quasi), 0.001))}" if quasi else ""
    return f"{_and(some)} (density {share(box.density)}, coverage {share(box.coverage)}{significance})"


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def limit_words(found: Exploration, limit: Limit) -> str:
    """A limit in words: high, low or in the middle, with the value."""
    words = assumption_words(found, limit.assumption)
    if limit.low is not None and limit.high is not None:
        return f"{words} is in the middle ({two_figures(limit.low)} to {two_figures(limit.high)})"
    if limit.low is not None:
        return f"{words} is high ({two_figures(limit.low)} or more)"
    return f"{words} is low ({two_figures(limit.high or 0.0)} or less)"


def assumption_of(found: Exploration, name: str) -> Assumption:
    """An assumption by name."""
    return next(a for a in found.assumptions if a.name == name)


def assumption_words(found: Exploration, name: str) -> str:
    """An assumption in quotation marks: of an effect, the lever and what it does."""
    one = assumption_of(found, name)
    label = one.label
    if one.causal:
        label = f"{one.name.split('.')[1]}: {label.partition(': ')[2] or label}"
    return f"“{label}”"


def explore_notes(findings: Findings) -> tuple[str, ...]:
    """How to read the tables."""
    found = findings.explored
    notes = [
        "A set of assumptions fixes one value of each from the as-of date on; the past stays as it was drawn. Shares "
        "are of sets of assumptions, spread evenly over their ranges: they are no probabilities.",
        HowToRead(
            "Best: no other option is better on average over the simulations; options that are equal are all best. "
            f"Better, worse: by {WORTH:g} people or more. Killing is never a benefit: a fall counts beyond the "
            "additional dead."
        ),
        HowToRead(
            "Density: share of the sets in a box in which it happens; coverage: share of all such sets that are in it. "
            "Quasi-p: chance of as many, were a limit of no use."
        ),
        HowToRead(
            f"Robust: in {share(ROBUST)} of the sets or more. Belief: it depends on which assumption holds, and no "
            "data here decide that."
        ),
    ]
    if found.request.design == "sobol":
        notes.append(
            "Sets of a Sobol design come in blocks that share values, so that errors of rank flips and boxes are too "
            "small here: a Latin hypercube (--design lhs) is for these."
        )
    unclear = max((1.0 - one.clear for one in findings.robustness[1:]), default=0.0)
    if unclear > 1.0 - ROBUST and found.matters(findings.outcome):
        notes.append(
            f"Few simulations: in up to {share(unclear)} of the sets an option's difference is under two standard "
            "errors of its own simulations. All sets have the same draws, so that sets differ by their assumptions "
            "alone; but all share what chance there is in these draws. More --trajectories make it smaller."
        )
    if findings.outcome.quantity == MAIN_OUTCOME:
        notes.append("Undetected people are those at risk whom no authority knows of; --outcome ranks by another.")
    if any(option.policy.counterfactual for option in found.plan.options):
        notes.append("A counterfactual uses levers that were not public at the as-of date: no forecast could have.")
    return tuple(notes)
