"""Quantities at home and of containment: how returnees are handled, and what the assessments find.

They come after all other quantities, so that adding one shifts nothing else. Counters run from the start of the
history; what has happened since the as-of date is the difference from month 0.
"""

from __future__ import annotations

from afterfall.model.language.vocabulary import Quantity
from afterfall.model.mechanisms.dispatch import OPERATIVE_ABROAD, OPERATIVE_HOME
from afterfall.model.mechanisms.home import DISPOSITIONS, home_state
from afterfall.model.mechanisms.revocation import STATELESS, WAYS

#: Dispositions of people who would, or might, return to violence.
AT_RISK = ("committed", "sympathiser")
UNASSESSED = ("recent", "settled")
HANDLED = {
    "under_assessment": ("under assessment", "adults home whose assessment has not ended", "assessed"),
    "flagged_waiting": (
        "flagged, waiting",
        "flagged, and nothing decided or no place free",
        "flagged",
    ),
    "monitored": ("monitored", "adults home who are monitored", "monitored"),
    "in_programme": ("in a programme", "adults home in an exit programme", "programme"),
}
COUNTERS = {
    "flagged_rightly_so_far": ("flagged, at risk", "assessed and flagged while committed or a sympathiser"),
    "missed_so_far": ("missed", "assessed and let be while committed or a sympathiser"),
    "wrongly_flagged_so_far": ("wrongly flagged", "assessed and flagged while rejecting violence"),
    "cleared_so_far": ("rightly let be", "assessed and let be while rejecting violence"),
    **{
        f"assessed_{d}_so_far": (f"assessed, {d}", f"assessments concluded of people who were {d}")
        for d in ("committed", "sympathiser", "adherent", "pacified")
    },
    "programme_so_far": ("entered a programme", "ever entered an exit programme"),
    "relapsed_pacified_so_far": ("relapsed, pacified", "moves of the pacified back to sympathy"),
    "relapsed_adherent_so_far": ("relapsed, adherents", "moves of adherents back to sympathy"),
    "relapsed_sympathiser_so_far": ("re-engaged, sympathisers", "moves of sympathisers to the committed"),
}
#: Counters of what happens once per person; all others count a person again who makes the move again.
ONCE = frozenset({"travelled", "born", "killed_so_far", "died_in_custody"})
ABROAD = {
    "died_in_custody": ("died in camps and prisons abroad", "died while held in or near the theatre"),
    "lost_citizenship": ("lost citizenship", "adults held abroad who lost their citizenship"),
}


def counted(counter: str, text: str) -> str:
    """The definition of a counter; it says so where one person may make the move again."""
    return text if counter in ONCE else f"{text}; a second time counts again"


def home_quantities() -> list[Quantity]:
    """Stocks, then counters."""
    undetected = frozenset(home_state(d, h) for d in AT_RISK for h in UNASSESSED)
    rows = [
        _stock("undetected", "at risk and undetected", "home, committed or sympathiser, never assessed", undetected)
    ]
    rows += [
        _stock(name, label, text, frozenset(home_state(d, h) for d in DISPOSITIONS))
        for name, (label, text, h) in HANDLED.items()
    ]
    wrongly = frozenset(home_state(d, h) for d in ("adherent", "pacified") for h in ("flagged", "monitored"))
    rows += [
        _stock("watched_harmless", "watched though rejecting violence", "flagged or monitored, and no threat", wrongly),
        _stock("operatives_home", "sent to attack, at home", "in the home country", frozenset({OPERATIVE_HOME})),
        _stock("operatives_abroad", "sent to attack elsewhere", "in another target", frozenset({OPERATIVE_ABROAD})),
        _stock("without_citizenship", "held without citizenship", "held, citizenship lost", frozenset(WAYS), True),
        _stock("stateless", "stateless", "held, citizenship lost and no other", frozenset({STATELESS}), True),
    ]
    rows += [_counter(name, label, text, False) for name, (label, text) in COUNTERS.items()]
    return rows + [_counter(name, label, text, True) for name, (label, text) in ABROAD.items()]


def _stock(name: str, label: str, text: str, states: frozenset[str], hindsight: bool = False) -> Quantity:
    return Quantity(name, label, "stock", text, "containment", states, hindsight=hindsight)


def _counter(name: str, label: str, text: str, hindsight: bool) -> Quantity:
    return Quantity(name, f"{label} so far", "counter", counted(name, text), "containment", hindsight=hindsight)
