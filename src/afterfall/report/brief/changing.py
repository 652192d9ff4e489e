"""What would change the judgement, which assumptions it rests on and what follows if they are wrong.

Simulations in which a parameter was drawn low are compared with those in which it was drawn high; simulations in which
a stronghold fell early with those in which it fell late. What the draws do not vary (that policy stays as it is) is
stated in words, with the direction of the error.
"""

from __future__ import annotations

import numpy as np

from afterfall.model import Model
from afterfall.posterior.contraction import LEARNED, PRIOR_ONLY, WEAKLY_INFORMED
from afterfall.report.brief.content import BriefTable, BulletPoints, Paragraphs
from afterfall.report.explain.rank_correlations import spread_of, thirds
from afterfall.report.explain.why import Why
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.kit.number_formats import median_range
from afterfall.report.kit.text_table import TextTable, number_columns, word_columns

NOTHING_STANDS_OUT = "No single parameter stands out from the noise of so few simulations."
THIRDS = "in the third of the simulations where the parameter is lowest, and where it is highest."
EITHER_WAY = "in the simulations where the event does not happen, and in those where it does."
#: Parameters shown, and the fewest simulations on either side of an early or a late fall.
SHOWN, FEWEST = 4, 20
EARLY = 12
#: How far data settle an assumption, by how far they inform its parameter.
SETTLED = {
    LEARNED: "the figures of this case inform it in part",
    WEAKLY_INFORMED: "the figures of this case inform it weakly",
    PRIOR_ONLY: "no data of this case inform it",
}
#: Assumptions that the draws vary: what is assumed, and how either end of its range reads.
VARIED = {
    "leaving.retained": (
        "When a border shuts, some stay where they are and the others take another way; how many stay is uncertain",
        "where fewest stay",
        "where most stay",
    ),
    "reporting.returned": (
        "Published counts miss some of those who came home; how many is uncertain",
        "where they miss most",
        "where they miss fewest",
    ),
}


def change_sheet(chain: Why, simulations: CountrySimulations, rest: frozenset[str]) -> BriefTable | Paragraphs:
    """Were this known to be low or high: the number's median and range in either third of the simulations.

    `rest` names the parts of the territory that are no strongholds.
    """
    columns = (*word_columns("if it were known that"), *number_columns("is low", "is high"))
    rows = [
        (f"{d.label} ({d.basis})", median_range(*d.influence.low), median_range(*d.influence.high))
        for d in chain.drivers[:SHOWN]
    ]
    early = _early_fall(chain, simulations, rest)
    if not rows and early is None:
        return Paragraphs((NOTHING_STANDS_OUT,))
    sections = tuple(part for part in (tuple(rows), (early,) if early else ()) if part)
    note = f"“{chain.label}”, {chain.place}, on {chain.date}: median (90% range)"
    note = f"{note} {THIRDS}" if rows else f"{NOTHING_STANDS_OUT} {note} {EITHER_WAY}"
    return BriefTable(TextTable(columns, sections), note)


def _early_fall(chain: Why, simulations: CountrySimulations, rest: frozenset[str]) -> tuple[str, str, str] | None:
    """The stronghold whose early fall moves the median most, with enough simulations on both sides."""
    lost = np.asarray(simulations.run.dataset["lost"].values)
    names, labels = ([str(v) for v in simulations.run.dataset[of].values] for of in ("holding", "holding_label"))
    values = simulations.at(chain.quantity, simulations.nearest(chain.month))
    found = []
    for column, label in enumerate(labels):
        early = (lost[:, column] > 0) & (lost[:, column] <= EARLY)
        late = lost[:, column] > EARLY
        if names[column] not in rest and min(early.sum(), late.sum()) >= FEWEST:
            pair = spread_of(values[late]), spread_of(values[early])
            found.append((abs(pair[1][0] - pair[0][0]), label, *pair))
    if not found:
        return None
    _, label, later, earlier = max(found, key=lambda row: row[0])
    event = f"{label} falls within {EARLY} months (an event to watch; low: it does not, high: it does)"
    return event, median_range(*later), median_range(*earlier)


def assumptions(model: Model, simulations: CountrySimulations, chain: Why) -> BulletPoints:
    """Key assumptions, each with what follows if it is wrong."""
    month = simulations.nearest(chain.month)
    pace = (
        "that of its region, informed by the figures of all its countries"
        if chain.rests.fitted
        else "drawn from a prior"
    )
    items = [
        "Rates are drawn from what is known of them. If the true ones lie at one end of that, the middle of every "
        "range moves with them.",
        f"Figures of a country set where its people are now; how fast they leave later is {pace}. If a country from "
        "which many came back early continues at that pace, returns are underestimated.",
        "Policy stays as it was on the as-of date. New prosecutions, repatriation or closed borders are not forecast.",
    ]
    items += [text for parameter in VARIED for text in _varied(simulations, month, parameter, chain)]
    ledger = [h.structure for h in model.case.known_later]
    if ledger:
        items.append(
            f"Structure that only later knowledge suggests is in the model ({len(ledger)} entries, such as "
            f"{ledger[0]}). It was not available on the as-of date; numbers that rest on it are marked *."
        )
    return BulletPoints(tuple(items))


def _varied(simulations: CountrySimulations, month: int, parameter: str, chain: Why) -> list[str]:
    """An assumption that the draws vary, with the number at both of its ends."""
    if parameter not in simulations.run.parameters:
        return []
    claim, lowest, highest = VARIED[parameter]
    low, high = thirds(simulations.at(chain.quantity, month), simulations.run.parameter(parameter))
    known = SETTLED[chain.rests.word(parameter)]
    return [
        f"{claim}: {known}. In the third of the simulations {lowest}, “{chain.label}” will be {median_range(*low)}; in "
        f"the third {highest}, {median_range(*high)}."
    ]
