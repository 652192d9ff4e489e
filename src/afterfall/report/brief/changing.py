"""What would change the judgement, which assumptions it rests on and what follows if they are wrong: read off the run.

Futures in which a parameter was drawn low are set beside those in which it was drawn high; futures in which a
stronghold fell early beside those in which it fell late. What the draws do not vary (that policy stays as it is, that
countries do not act on each other) is said in words, with the direction in which it errs.
"""

from __future__ import annotations

import numpy as np

from afterfall.model import Model
from afterfall.posterior.contraction import LEARNED, PRIOR_ONLY, WEAKLY_INFORMED
from afterfall.report.brief.content import BriefTable, BulletPoints, Paragraphs
from afterfall.report.brief.futures import Futures
from afterfall.report.explain.rank_correlations import spread_of, thirds
from afterfall.report.explain.why import Why, in_figures
from afterfall.report.kit.table import TableColumn, TextTable

NOTHING_STANDS_OUT = "No single parameter stands out of the noise of so few futures."
THIRDS = "in the third of the futures where the parameter is lowest, and where it is highest."
EITHER_WAY = "in the futures where the event does not happen, and in those where it does."
#: Parameters shown, and the fewest futures on either side of an early or a late fall.
SHOWN, FEWEST = 4, 20
EARLY = 12
#: How far data settle an assumption, by what they taught of its parameter.
SETTLED = {
    LEARNED: "the figures of this case taught it in part",
    WEAKLY_INFORMED: "the figures of this case taught it a little",
    PRIOR_ONLY: "no data of this case settle it",
}
RETAINED, REPORTING = "leaving.retained", "reporting.returned"


def change_sheet(chain: Why, futures: Futures) -> BriefTable | Paragraphs:
    """Were this known to be low or high: the number's median and range in either third of the futures."""
    columns = (TableColumn("were it known that"), TableColumn("is low", "right"), TableColumn("is high", "right"))
    rows = [
        (f"{d.label} ({d.basis})", in_figures(d.influence.low), in_figures(d.influence.high))
        for d in chain.drivers[:SHOWN]
    ]
    early = _early_fall(chain, futures)
    if not rows and early is None:
        return Paragraphs((NOTHING_STANDS_OUT,))
    sections = tuple(part for part in (tuple(rows), (early,) if early else ()) if part)
    note = f"“{chain.label}”, {chain.place}, on {chain.date}: median (90% range)"
    note = f"{note} {THIRDS}" if rows else f"{NOTHING_STANDS_OUT} {note} {EITHER_WAY}"
    return BriefTable(TextTable(columns, sections), note)


def _early_fall(chain: Why, futures: Futures) -> tuple[str, str, str] | None:
    """The stronghold whose early fall moves the median most, with enough futures on both sides."""
    lost = np.asarray(futures.run.dataset["lost"].values)
    labels = [str(v) for v in futures.run.dataset["holding_label"].values]
    values = futures.at(chain.quantity, futures.nearest(chain.month))
    found = []
    for column, label in enumerate(labels):
        early = (lost[:, column] > 0) & (lost[:, column] <= EARLY)
        late = lost[:, column] > EARLY
        if min(early.sum(), late.sum()) >= FEWEST:
            pair = spread_of(values[late]), spread_of(values[early])
            found.append((abs(pair[1][0] - pair[0][0]), label, *pair))
    if not found:
        return None
    _, label, later, earlier = max(found, key=lambda row: row[0])
    said = f"{label} falls within {EARLY} months (an event to watch; low: it does not, high: it does)"
    return said, in_figures(later), in_figures(earlier)


def assumptions(model: Model, futures: Futures, chain: Why) -> BulletPoints:
    """Key assumptions, each with what follows if it is wrong."""
    month = futures.nearest(chain.month)
    pace = "that of its region, taught by the figures of all its countries" if chain.rests.fitted else "a prior's"
    items = [
        f"{chain.rests.sentence} If the true rates lie at an end of what is drawn for them, the middle of every range "
        "moves with them; the table above says how far.",
        f"Figures of a country set where its people are now; how fast they leave later is {pace}. If a country from "
        "which many came back early goes on so, returns are understated.",
        "Policy stays as it was on the as-of date. New prosecutions, repatriation or closed borders are not foreseen "
        "here.",
    ]
    items += _varied(futures, month, RETAINED, "A border that shuts keeps people in rather than diverting them", chain)
    items += _varied(futures, month, REPORTING, "Published counts hold most of those who came home", chain)
    ledger = [h.structure for h in model.case.hindsight]
    if ledger:
        items.append(
            f"Structure that only later knowledge suggests is in the model ({len(ledger)} entries, such as "
            f"{ledger[0]}). A reader on the as-of date would not have had it; numbers that rest on it are marked *."
        )
    return BulletPoints(tuple(items))


def _varied(futures: Futures, month: int, parameter: str, said: str, chain: Why) -> list[str]:
    """An assumption that the draws vary, with the number at both of its ends."""
    if parameter not in {str(p) for p in futures.run.dataset["parameter"].values}:
        return []
    drawn = np.asarray(futures.run.dataset["parameters"].sel(parameter=parameter).values)
    low, high = thirds(futures.at(chain.quantity, month), drawn)
    known = SETTLED[chain.rests.word(parameter)]
    return [f"{said}: {known}. “{chain.label}” is {in_figures(low)} if little, {in_figures(high)} if much."]
