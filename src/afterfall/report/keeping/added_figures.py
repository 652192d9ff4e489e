"""Figures that are to be added to a case, each with what the start and the fit would do with it.

The account of a figure is the one that `afterfall why` gives (`report.explain.figure_account`), of the case with all
figures of the file, as of its as-of date. A figure competes with others for weight: those of the case whose account
changes are listed with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from afterfall.case import WORLD, cut
from afterfall.case.intake.figure_intake import FigureIntake, IntakeFigure
from afterfall.model import Model, build
from afterfall.report.explain.figure_account import FigureAccount, figure_accounts
from afterfall.report.explain.figure_tables import used_words
from afterfall.shown import Shown

#: A model is built for its readings only.
SHORTEST = 1


@dataclass(frozen=True, slots=True)
class ChangedWeight:
    """A figure of the case of which something else is done once the new ones are added."""

    figure: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AddedFigure:
    """A row of the file, and what is done with its figure; None where it is not public yet, or is there already."""

    row: IntakeFigure
    account: FigureAccount | None

    @property
    def use(self) -> str:
        """What is done with it, in words."""
        if self.row.status == "repeated":
            return "not added: the case has it"
        if self.account is None:
            return "not read: public only after the as-of date"
        return used_words(self.account)


@dataclass(frozen=True)
class AddedFigures(Shown):
    """A file of figures on its way into a case.

    Attributes
    ----------
    intake
        The file, checked against the case.
    model
        The model of the case with the figures, as of its as-of date.
    folder
        The folder of the case.
    figures
        Every row, with its weight.
    changed
        Figures of the case of which something else is done with the new ones.
    written
        Whether the figures were added.
    """

    intake: FigureIntake
    model: Model = field(repr=False)
    folder: Path
    figures: tuple[AddedFigure, ...]
    changed: tuple[ChangedWeight, ...]
    written: bool = False


def weigh_figures(intake: FigureIntake, folder: Path) -> AddedFigures:
    """What the start and the fit would do with the figures of a file, as of the as-of date of the case."""
    day = intake.before.as_of
    model = build(cut(intake.after, day), horizon=SHORTEST)
    without = build(cut(intake.before, day), horizon=SHORTEST)
    new = {row.figure.figure for row in intake.added}
    places = dict.fromkeys(row.figure.place for row in intake.added if not row.late)
    accounts: dict[str, FigureAccount] = {}
    changed: list[ChangedWeight] = []
    for place in places:
        now, before = _accounts(model, place), _accounts(without, place)
        accounts |= {name: account for name, account in now.items() if name in new}
        for name, account in before.items():
            was, became = used_words(account), used_words(now[name])
            if was != became:
                changed.append(ChangedWeight(name, was, became))
    figures = tuple(AddedFigure(row, accounts.get(row.figure.figure)) for row in intake.rows)
    return AddedFigures(intake, model, folder, figures, tuple(changed))


def _accounts(model: Model, place: str) -> Mapping[str, FigureAccount]:
    """Accounts of the figures of a place, by name."""
    found = figure_accounts(model, None if place == WORLD else place)
    return {account.figure.figure: account for account in found.own}
