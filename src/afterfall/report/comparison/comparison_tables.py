"""Tables of a comparison: what differs, how often B is better, how risk shifts to other countries, costs and capacity.

B is the policy in question, A what it is compared with. Both have the same random draws, so that differences are paired
by simulation. "Better" is shown only for outcomes that have a better direction; nothing is called certain.
"""

from __future__ import annotations

from collections.abc import Mapping

from afterfall.model.levers import Policy
from afterfall.policy import Comparison, Difference
from afterfall.policy.endpoints import Endpoint
from afterfall.report.kit.number_formats import NO_DIFFERENCE, NOTHING, day, interval, signed, two_figures
from afterfall.report.kit.reading_notes import HowToRead
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

GROUPS = {
    "home": "At home, and towards home",
    "sources": "Human sources, in equivalents of fresh ones",
    "harm": "Harm done",
    "elsewhere": "How risk shifts to other countries",
}
ARROWS = {"less": "fewer", "more": "more", "neither": NOTHING}
#: Offshoots by place and people of other countries are many; what differs by less than this on average is left out.
WORTH_A_ROW = 0.05


def better_words(one: Difference) -> str:
    """In how many of 100 simulations B is better; never none and never all, which so few simulations cannot show."""
    if one.prob_better is None:
        return NOTHING
    if one.prob_same == 1.0:
        return "never differs"
    per_cent = round(100 * one.prob_better)
    if per_cent < 1:
        return "<1 in 100"
    if per_cent > 99:
        return ">99 in 100"
    return f"{per_cent} in 100"


def same_words(one: Difference) -> str:
    """In how many of 100 simulations both sides are equal."""
    if 0.99 < one.prob_same < 1.0:
        return ">99 in 100"
    return f"{100 * one.prob_same:.0f} in 100"


def marked(found: Comparison, quantity: str) -> str:
    """The label of a quantity, a counter marked as such, with a star where it rests on hindsight."""
    since = " (since)" if found.is_counter(quantity) else ""
    return found.label(quantity) + since + (" *" if found.is_hindsight(quantity) else "")


def title_of(policy: Policy) -> str:
    """A policy's title, marked where it is a counterfactual."""
    return policy.title + (" (counterfactual: uses what was not yet public)" if policy.counterfactual else "")


def comparison_headline(found: Comparison) -> tuple[str, ...]:
    """What is compared with what."""
    run = found.a.run
    place = "everyone" if found.country is None else country_name(found)
    return (
        f"Policies compared in {run.title} ({run.request.case}), as of {day(run.as_of)}: {place}",
        f"A: {title_of(found.a.policy)} [{', '.join(found.a.policy.labels()) or 'no lever set'}]",
        f"B: {title_of(found.b.policy)} [{', '.join(found.b.policy.labels()) or 'no lever set'}]",
        f"{day(run.date(found.month))} (month {found.month}), {found.trajectories:,} simulations on each side with the "
        f"same random draws, seed {run.request.seed}; runs {run.request.hash} and {found.b.run.request.hash}",
    )


def country_name(found: Comparison) -> str:
    """Name of the country compared."""
    return str(found.a.run.dataset["origin_name"].sel(origin=found.country).item())


def comparison_grids(found: Comparison) -> tuple[TextTable, ...]:
    """All tables."""
    grids = [_differences(found)]
    if found.others:
        grids.append(_others(found))
    if found.at_rho:
        grids.append(_at_rho(found))
    return (*grids, _costs(found), *_side_effects(found), _evidence(found))


def comparison_notes(found: Comparison) -> tuple[str, ...]:
    """How to read the tables."""
    notes = [
        HowToRead(
            "(since): moves since the as-of date, a second one counted again; all else is people at that month. 90%: "
            "the interval of 90% of simulations. Outcomes that count nobody on either side are left out, harm never."
        ),
        HowToRead("Better: simulations in which B is strictly better; the others are worse or the same."),
        "Killing is never a benefit: a fall counts as better only beyond the additional dead of the same people, a "
        "rise as worse only beyond the lives spared. Means and intervals are of people as counted.",
        HowToRead(
            "Correlation of A and B over simulations: near 1, chance cancels; lower, small differences are uncertain."
        ),
        "Effects of levers rest on the evidence listed; most are assumptions that may do nothing or harm.",
    ]
    if any(found.is_hindsight(o.quantity) for o in found.endpoints):
        notes.append("* Rests on structure that only hindsight suggests; see the case's hindsight ledger.")
    if found.at_rho:
        notes.append(
            f"{2 * len(found.at_rho)} more runs are kept for the table of fixed values: `afterfall runs` names them."
        )
    if found.counterfactual:
        notes.append("A counterfactual uses levers that were not public at the as-of date: no forecast could have.")
    return tuple(notes)


NUMBERS = ("A: mean", "B: mean", "B - A: mean", "median", "90% interval", "B better", "same", "correlation")


def _differences(found: Comparison) -> TextTable:
    columns = (*word_columns("outcome", "better if"), *number_columns(*NUMBERS))
    sections = []
    for group, heading in GROUPS.items():
        rows = [
            _row(found, o, found.differences) for o in found.endpoints if o.group == group and row_is_shown(found, o)
        ]
        sections.append(((heading.upper(), *[""] * (len(columns) - 1)), *rows))
    return TextTable(columns, tuple(sections), "What B changes against A")


def row_is_shown(found: Comparison, outcome: Endpoint) -> bool:
    """Whether a row is worth reading; harm to those concerned always is, also where it is none."""
    if outcome.group == "harm":
        return True
    one = found.differences[outcome.quantity]
    nobody = one.mean_a == one.mean_b == one.low90 == one.high90 == 0
    return not nobody and (not outcome.quantity.startswith("offshoot_") or abs(one.mean) >= WORTH_A_ROW)


def _row(found: Comparison, outcome: Endpoint, of: Mapping[str, Difference]) -> tuple[str, ...]:
    one = of[outcome.quantity]
    return (
        marked(found, outcome.quantity),
        ARROWS[outcome.direction],
        two_figures(one.mean_a),
        two_figures(one.mean_b),
        signed(one.mean),
        signed(one.median),
        interval(one.low90, one.high90),
        better_words(one),
        same_words(one),
        NOTHING if one.correlation is None else f"{one.correlation:.2f}",
    )


def _others(found: Comparison) -> TextTable:
    """Everyone else, where it is worth a row."""
    rows = [
        _row(found, o, found.others)
        for o in found.endpoints
        if o.quantity in found.others and abs(found.others[o.quantity].mean) >= WORTH_A_ROW
    ]
    columns = (*word_columns("outcome", "better if"), *number_columns(*NUMBERS))
    if not rows:
        rows = [("no outcome differs by as much", *[""] * (len(columns) - 1))]
    title = f"People of all other countries, where the mean differs by {WORTH_A_ROW:g} or more"
    return TextTable(columns, (tuple(rows),), title)


def _at_rho(found: Comparison) -> TextTable:
    """What a border moves, by what a closed way does: divert (0), half and half, retain (1)."""
    columns = (*word_columns("outcome"), *number_columns(*(f"rho {rho:g}: mean (90%)" for rho in found.at_rho)))
    names = list(next(iter(found.at_rho.values())))
    rows = tuple(
        (marked(found, name), *(f"{signed(d.mean)} ({interval(d.low90, d.high90)})" for d in _each(found, name)))
        for name in names
    )
    return TextTable(columns, (rows,), "B - A where a closed way diverts (rho 0), half and half, or retains (rho 1)")


def _each(found: Comparison, name: str) -> list[Difference]:
    return [by_name[name] for by_name in found.at_rho.values()]


def _costs(found: Comparison) -> TextTable:
    columns = (*word_columns("cost or capacity", "for", "evidence"), *number_columns("B - A: mean", "90% interval"))
    rows = tuple(
        (c.unit, c.lever or "any policy", c.status, signed(c.difference.mean), _interval(c.difference))
        for c in found.costs.values()
    )
    return TextTable(columns, (rows,), f"Capacity and cost up to month {found.month}")


def _interval(one: Difference) -> str:
    return interval(one.low90, one.high90)


def _side_effects(found: Comparison) -> tuple[TextTable, ...]:
    columns = (
        *word_columns("lever", "may also", "seen in"),
        *number_columns("B - A: mean", "90% interval", "as feared, on average"),
    )
    rows = []
    for lever in found.b.policy.levers:
        for effect in lever.side_effects:
            one = found.differences.get(effect.quantity)
            cells = (NOTHING, NOTHING, NOTHING)
            if one is not None:
                feared = one.mean >= NO_DIFFERENCE if effect.direction == "more" else one.mean <= -NO_DIFFERENCE
                cells = (signed(one.mean), _interval(one), "yes" if feared else "no")
            rows.append((lever.title, effect.description, marked(found, effect.quantity), *cells))
    return (TextTable(columns, (tuple(rows),), "Side effects named in advance"),) if rows else ()


def _evidence(found: Comparison) -> TextTable:
    """The evidence for each effect in use."""
    columns = (
        *word_columns("effect in full, against now", "status", "source or reason"),
        *number_columns("ratio, 90%"),
    )
    known = {k.name: k for one in (found.a, found.b) for k in one.model.parameters if k.name.startswith("lever.")}
    rows = []
    for name in sorted(known):
        one = known[name]
        status, _, why = one.note.partition(": ")
        rows.append(
            (one.label.replace(", in full against now", ""), status, one.source or why, interval(one.low, one.high))
        )
    return TextTable(columns, (tuple(rows),), "What the effects rest on")
