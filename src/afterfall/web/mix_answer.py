"""The best mix of levers under a budget: the verdict and tables of the command, and dots of each finalist."""

from __future__ import annotations

import numpy as np

from afterfall.policy.best_mix import BestMix, Mix
from afterfall.policy.endpoints import ATTEMPTS
from afterfall.policy.option_set import NOTEWORTHY
from afterfall.report.comparison.difference_words import DOTS
from afterfall.report.comparison.mix_json import mix_json
from afterfall.report.comparison.mix_tables import mix_grids, mix_headline, mix_notes
from afterfall.report.comparison.option_verdicts import label
from afterfall.web.entries import sent, sent_list, stamp_entry, table_entry
from afterfall.web.schemas import BudgetEntry, MixAnswer, MixRow
from afterfall.web.view_state import ViewQuery, code_of


def mix_answer(found: BestMix, view: ViewQuery) -> MixAnswer:
    """What a search found.

    Parameters
    ----------
    found
        The finalists.
    view
        What was searched, as a view.
    """
    one = found.options.any
    code = code_of("compare", view, one.a.run.request.case, one.trajectories)
    head, *sentences = mix_headline(found)
    costs = found.options.spent[0]
    return MixAnswer(
        stamp=stamp_entry(one.a.run, view),
        code=code,
        title=sentences[0].split(". ")[0],
        headline=head,
        sentences=sentences,
        outcome=found.outcome.quantity,
        outcome_label=label(found.options, found.outcome),
        direction=found.outcome.direction,
        at_date=one.a.run.date(one.month).isoformat(),
        candidates=found.candidates,
        budgets=[BudgetEntry(name=b.name, amount=b.amount, unit=b.unit(costs)) for b in found.budgets],
        rows=[_row(found, mix) for mix in found.mixes],
        tables=[table_entry(grid) for grid in mix_grids(found)],
        notes=list(mix_notes(found)),
        mix=mix_json(found, code.command),
    )


def _is_small(found: BestMix, mix: Mix) -> bool:
    """Whether a mix changes the outcome by less than half a person; harm and attempts are named however small."""
    outcome = found.outcome
    counted = outcome.group != "harm" and not outcome.quantity.startswith(ATTEMPTS)
    return counted and mix.name != found.options.names[0] and abs(mix.gain) < NOTEWORTHY


def _row(found: BestMix, mix: Mix) -> MixRow:
    """A finalist; its range and dots are of the simulations that state its gain, the second half."""
    i = found.options.names.index(mix.name)
    half = found.options.any.trajectories // 2
    gains = found.options.judged_differences(i, 0, found.outcome)[half:] + 0.0  # no negative zeros
    low, high = np.quantile(gains, (0.05, 0.95), method="inverted_cdf")
    levels = (np.arange(DOTS) + 0.5) / DOTS
    policy = found.options.comparisons[i - 1].b.policy if i else None
    return MixRow(
        name=mix.name,
        settings=[] if policy is None else list(policy.labels()),
        within=mix.within,
        small=_is_small(found, mix),
        gain=sent(mix.gain),
        low90=sent(float(low)),
        high90=sent(float(high)),
        dots=sent_list(float(v) for v in np.quantile(gains, levels, method="inverted_cdf")),
        best=sent(mix.best) if mix.within else None,
        spent=[sent(mix.spent[b.name]) for b in found.budgets],
        over=sent(mix.over),
    )
