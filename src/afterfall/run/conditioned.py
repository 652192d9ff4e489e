"""What a conditional run says of its conditions: in its file, and wherever its numbers are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from afterfall.run.conditional_series import SeriesPlan

#: Between conditions in one text.
BETWEEN = "; "
#: Conditions named in one line; of more, the rest are counted.
NAMED = 4


@dataclass(frozen=True, slots=True)
class Conditioned:
    """Conditions of a run, and how well they are represented.

    Attributes
    ----------
    given
        The conditions.
    effective
        Effective number of the series that the simulations rest on.
    drawn
        Series that were drawn to find them; 0 where falls were forced without weights.
    probability
        Probability of the conditions under the model; None where it was not computed.
    selected
        Whether simulations of a finished run that show the conditions were taken, and the others left out.
    """

    given: tuple[str, ...]
    effective: float
    drawn: int
    probability: float | None
    selected: bool = False

    @property
    def words(self) -> str:
        """The conditions in one line."""
        return given_words(self.given)

    def note(self) -> str:
        """One or two sentences on what is given and how well it is represented."""
        if not self.drawn:
            return (
                f"Conditional forecast, given: {BETWEEN.join(self.given)}. All falls are dated, so no weights are "
                f"needed (effective number {self.effective:,.0f})."
            )
        likely = "" if self.probability is None else f" The model gives this a probability of {self.probability:.2g}."
        of = "simulations" if self.selected else "courses of the campaign drawn"
        return (
            f"Conditional forecast, given: {BETWEEN.join(self.given)}.{likely} Effective number {self.effective:,.0f} "
            f"(of {self.drawn:,} {of})."
        )

    def as_json(self) -> dict[str, Any]:
        """The same for a JSON object."""
        return {
            "conditions": list(self.given),
            "effective_number": self.effective,
            "drawn": self.drawn,
            "probability": self.probability,
        }


def given_words(given: Sequence[str]) -> str:
    """Conditions in one line: the first few, and how many more there are.

    >>> given_words(["all fall by 2019-03"])
    'given all fall by 2019-03'
    """
    more = f", and {len(given) - NAMED} more" if len(given) > NAMED else ""
    return f"given {BETWEEN.join(given[:NAMED])}{more}"


def conditioned_attrs(given: Sequence[str], plan: SeriesPlan) -> dict[str, Any]:
    """Attributes of the file of a conditional run."""
    attrs = {
        "given": BETWEEN.join(given),
        "given_effective_number": float(plan.effective),
        "given_series_drawn": int(plan.drawn),
    }
    return attrs if plan.probability is None else {**attrs, "given_probability": float(plan.probability)}


def conditioned_of(given: tuple[str, ...], attrs: Mapping[str, Any]) -> Conditioned | None:
    """The conditions of a run by its request and the attributes of its file; None without any."""
    if not given:
        return None
    probability = attrs.get("given_probability")
    return Conditioned(
        given,
        float(attrs["given_effective_number"]),
        int(attrs["given_series_drawn"]),
        None if probability is None else float(probability),
        bool(attrs.get("given_selected", False)),
    )
