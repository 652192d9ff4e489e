"""The rules by which a published figure is read: what it measures, whom it counts, and how far it may be wrong.

The nowcast, the fit, the predicted figures and the outcomes that score a forecast all take these rules from here:

- a figure of *everyone* has no role and a definition that counts people (`Figure.counts_everyone`);
- a *running total* of everyone is also cumulative (`Figure.is_running_total`);
- its relative error follows from the reliability letter of its source (`error_of`);
- a count of the returned or of the killed reports a share of them (`REPORTING`);
- a definition may count fighters alone, or people in all theatres (`DEFINITION_CODES`); two parameters say how many
  people one counted stands for.
"""

from __future__ import annotations

from collections.abc import Iterable

from afterfall.case import WORLD, Figure
from afterfall.model.language.case_view import CaseView

#: Quantities whose published counts set where an origin's people are at the as-of date.
NODES = ("returned", "killed")
#: Parameter of the share that counts of each of them report.
REPORTING = {node: f"reporting.{node}" for node in NODES}
#: Parameters of the definitions: share of families that a count of fighters leaves out; share of a count of all
#: theatres that came to this one.
FIGHTERS_LEAVE_OUT, SHARE_IN_THEATRE = "definition.fighters", "definition.in_theatre"

#: Codes of what a count counts: people, fighters only, people in all theatres.
PEOPLE, FIGHTERS_ONLY, ALL_THEATRES = 0, 1, 2
DEFINITION_CODES = {"fighters": FIGHTERS_ONLY, "all_theatres": ALL_THEATRES}
#: Codes of bounds: a figure that says "at least" or "at most". Others have code 0.
BOUND_CODES = {"at_least": 1, "at_most": -1}
#: Relative standard deviation of a figure by the reliability letter of its source. No study calibrates Admiralty
#: letters to errors: these are conventions.
ERROR_BY_LETTER = {"A": 0.05, "B": 0.15, "C": 0.30, "D": 0.50, "E": 0.80, "F": 0.80}
#: A figure without a range is wrong by rounding by at most this part of its value.
MOST_ROUNDED = 0.1
#: Roles of figures that count as other adults, and as minors, among an origin's people.
FAMILY_ROLES = {"woman": 1, "minor": 2}

#: Quantity of the model that a quantity of a case measures.
MODEL_QUANTITY = {
    "travelled": "travelled",
    "returned": "returned",
    "killed": "killed_so_far",
    "prosecuted": "prosecuted",
    "repatriated": "repatriated",
    "in_theatre": "in_theatre",
    "detained": "detained",
    "detained_foreign": "detained",
    "third_country": "third_country",
}
#: Quantities published as shares of those who travelled, with the quantity of the model that each is a share of.
SHARES = {"returned_share": "returned", "killed_share": "killed_so_far"}

#: What a forecast reads figures of each quantity for.
FORECAST_USES = {
    "travelled": "totals, roles and the arrival curve (running totals by origin and of the world)",
    "returned": "the start: who has returned home (running counts by origin)",
    "killed": "the start: who has died (running counts by origin)",
    "in_theatre": "the start: who is in the theatre (stocks by origin)",
    "third_country": "the start: who is in third countries (by origin)",
    "detained": "the start: who is held, by custodian (stocks by origin)",
    "camp_population": "the start: who is held in camps (stocks by origin)",
    "arrivals": "the arrival curve (of the world, dated to the month)",
    "strength": "organisations: strength at the start and room to grow; attraction of rivals and offshoots",
    "attacks": "after the run: how often attacks are attempted (yearly counts of a place)",
}
#: What the likelihood of a fit reads figures of each quantity for; the order is that of its tables.
FIT_USES = {
    "returned": "who has returned home, by origin and in the world",
    "killed": "who has died, by origin and in the world",
    "in_theatre": "who is still in the theatre, by origin and in the world",
    "third_country": "who is in third countries, by origin",
    "returned_share": "the share of the world's travellers who have returned home",
    "killed_share": "the share of the world's travellers who have died",
    "strength": "an upper bound on foreigners in the ranks of the core",
}
FIT_QUANTITIES = tuple(FIT_USES)
#: Quantities whose counts by origin weigh where its people are at the as-of date; each is also one of the fit.
COUNTED = (*NODES, "in_theatre", "third_country")
#: Dates of one source this many months apart are of one count.
THREE_MONTHS = 3


def error_of(figure: Figure) -> float:
    """Relative standard deviation by the letter of the figure's grade."""
    return ERROR_BY_LETTER[figure.grade[0]]


def definition_code(figure: Figure) -> int:
    """What the figure counts: `PEOPLE`, `FIGHTERS_ONLY` or `ALL_THEATRES`."""
    return DEFINITION_CODES.get(figure.definition, PEOPLE)


def bound_code(figure: Figure) -> int:
    """1 for "at least", -1 for "at most", 0 for a value."""
    return BOUND_CODES.get(figure.bound, 0)


def interval(figure: Figure) -> tuple[float, float]:
    """Lower and upper end of what a figure may stand for: its published range, or half the unit it is rounded to.

    The half unit is at most `MOST_ROUNDED` of the value and at least half a person: 1,000 stands for 900 to 1,100, and
    not for 500 to 1,500, since 900 stands for 850 to 950.
    """
    if figure.high > figure.low:
        return figure.low, figure.high
    if figure.quantity in SHARES:
        return figure.value - 0.005, figure.value + 0.005
    unit = 1.0
    while figure.value >= 10.0 * unit and figure.value % (10.0 * unit) == 0.0:
        unit *= 10.0
    half = max(min(unit / 2.0, MOST_ROUNDED * figure.value), 0.5)
    return max(figure.value - half, 0.0), figure.value + half


def latest_count(figures: Iterable[Figure]) -> Figure | None:
    """The latest running total of everyone; of several on one day, that of the most reliable source."""
    found = [f for f in figures if f.is_running_total]
    return max(found, key=lambda f: (f.refers_to.last_day, -error_of(f), f.figure), default=None)


def why_not(view: CaseView, figure: Figure) -> str:
    """Why neither a fit nor the nowcast uses a figure as a count, or nothing where both do."""
    if figure.quantity not in FIT_QUANTITIES:
        return "occurs in states that the fit program does not distinguish"
    if figure.refers_to.last_day < view.case.mobilisation:
        return "before the mobilisation"
    if figure.quantity == "strength":
        return "" if figure.bound != "at_least" else "a lower bound on foreigners and locals together"
    if figure.role:
        return "one role only"
    if not figure.counts_people:
        return f"counts something else ({figure.definition})"
    if figure.place != WORLD and figure.place not in view.named:
        return "a group of countries repeats its members"
    if figure.quantity in SHARES and figure.place != WORLD:
        return "a share of one country repeats its counts"
    if figure.quantity == "in_theatre" and left_over(view, figure):
        return "only the difference of other counts of its source"
    return ""


def left_over(view: CaseView, figure: Figure) -> bool:
    """Whether a stock in the theatre is travelled minus returned or killed of the same report family.

    The total must count people who travelled, as those that are read do. A total of all who were ever involved is not
    read, so that a stock next to it repeats nothing.
    """

    def near(others: Iterable[Figure]) -> bool:
        month = view.month_of(figure.refers_to.last_day)
        return any(
            f.report_family == figure.report_family and abs(view.month_of(f.refers_to.last_day) - month) <= THREE_MONTHS
            for f in others
            if f.counts_everyone
        )

    parts = (view.case.figures_of(node, place=figure.place) for node in NODES)
    return near(view.case.figures_of("travelled", place=figure.place)) and any(near(part) for part in parts)
