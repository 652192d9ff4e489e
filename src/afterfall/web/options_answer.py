"""Several options for the page: verdicts, how each stands on every outcome, and the tables of the command."""

from __future__ import annotations

from afterfall.live.options_refined import RefinedOptions
from afterfall.policy.comparison import Comparison
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import OptionSet
from afterfall.report.comparison.comparison_tables import GROUPS, marked, title_of
from afterfall.report.comparison.difference_words import difference_dots, difference_sentence, verdict
from afterfall.report.comparison.option_tables import option_grids, option_headline, option_notes
from afterfall.report.comparison.option_verdicts import IN_SIGHT, MAIN, leader, verdicts
from afterfall.web.entries import sent, sent_list, stamp_entry, table_entry
from afterfall.web.schemas import OptionEntry, OptionOutcome, OptionsStep, StandingEntry
from afterfall.web.view_state import ViewQuery, code_of


def options_step(refined: RefinedOptions, view: ViewQuery, milliseconds: int) -> OptionsStep:
    """One step of several options."""
    found = refined.options
    run = found.any.a.run
    return OptionsStep(
        simulations=refined.simulations,
        final=refined.final,
        milliseconds=milliseconds,
        stamp=stamp_entry(run, view),
        code=code_of("compare", view, run.request.case, refined.simulations),
        title=leader(found),
        headline=list(option_headline(found)[:1]),
        verdicts=list(verdicts(found)),
        options=[_option(name, one) for name, one in zip(found.names[1:], found.comparisons, strict=True)],
        main=[MAIN, IN_SIGHT],
        outcomes=[_outcome(found, one) for one in found.outcomes],
        tables=[table_entry(one) for one in option_grids(found)],
        notes=list(option_notes(found)),
    )


def _option(name: str, one: Comparison) -> OptionEntry:
    return OptionEntry(name=name, title=title_of(one.b.policy), settings=list(one.b.policy.labels()))


def _outcome(found: OptionSet, outcome: Endpoint) -> OptionOutcome:
    standings = None if outcome.direction == "neither" else found.standing(outcome)
    rows = []
    for i, (name, one) in enumerate(zip(found.names[1:], found.comparisons, strict=True), start=1):
        gap = found.between(i, 0, outcome)
        rows.append(
            StandingEntry(
                name=name,
                mean=sent(gap.mean),
                low90=sent(gap.low90),
                high90=sent(gap.high90),
                dots=sent_list(difference_dots(one, outcome.quantity)),
                verdict=verdict(gap),
                best=None if standings is None else sent(standings[i].best),
                regret=None if standings is None else sent(standings[i].regret),
                text=difference_sentence(one, outcome.quantity) if outcome.quantity in one.differences else "",
            )
        )
    return OptionOutcome(
        quantity=outcome.quantity,
        label=marked(found.any, outcome.quantity),
        group=outcome.group,
        group_label=GROUPS[outcome.group],
        direction=outcome.direction,
        matters=found.matters(outcome),
        now=sent(float(found.values[outcome.quantity][0].mean())),
        rows=rows,
    )
