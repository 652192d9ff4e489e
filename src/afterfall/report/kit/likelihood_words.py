"""Words of likelihood and of confidence: every sentence on how likely or how sure is made here.

Rules, each with a test. The range of a term stands in the sentence itself, because readers agree on what it means far
more often then (Wintle et al. 2019, PLoS ONE 14(4): e0213522), and the number follows it. Below 1 % and above
99 % there are numbers only: words fail worst for what is rare. Likelihood and confidence never share a sentence
(ICD 203, D.6.e(2)(a)(b)). Confidence past 24 months is never high.

Scales. ICD 203, *Analytic Standards* (US Director of National Intelligence, 2 January 2015): seven terms whose ranges
touch, read here as half-open (a probability of exactly 80 % is "very likely"). PHIA *Probability Yardstick*, in
"Explaining Uncertainty in UK Intelligence Assessment" (gov.uk, 24 March 2025): seven terms with gaps between them,
which are kept: a probability in a gap has no term. IPCC: Mastrandrea et al. 2010, *Guidance Note for Lead Authors of
the Fifth Assessment Report on Consistent Treatment of Uncertainties*, table 1: nested terms ("very likely" is also
"likely"); the narrowest one that holds is used and its own range printed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from afterfall.report.kit.number_formats import RAREST, SUREST, chance

#: Months beyond which confidence is never high ("for most intelligence topics" of the far future it is not apt to claim
#: high confidence: annex on estimative language of the DNI's assessments).
FAR = 24

#: The ingredient that alone makes confidence low where it is poor.
PARAMETERS = "parameters"

Level = Literal["low", "moderate", "high"]


@dataclass(frozen=True, slots=True)
class LikelihoodTerm:
    """A term of likelihood for probabilities from `low` to `high`; whether both ends belong is the scale's rule."""

    text: str
    low: float
    high: float

    @property
    def range(self) -> str:
        """Its range as printed, ``55–80%``."""
        return f"{100 * self.low:.0f}–{100 * self.high:.0f}%"


@dataclass(frozen=True, slots=True)
class Scale:
    """A published scale of terms, the most unlikely first, and where it is published.

    In a `nested` scale a probability may belong to several terms.
    """

    code: str
    name: str
    source: str
    terms: tuple[LikelihoodTerm, ...]
    nested: bool = False

    def term(self, probability: float) -> LikelihoodTerm | None:
        """The term of a probability: the narrowest that holds it, the upper one where two touch, None in a gap.

        A probability is first rounded to the percent that is printed, so that word and number agree.
        """
        percent = round(100 * probability)
        holds = [t for t in self.terms if round(100 * t.low) <= percent <= round(100 * t.high)]
        if self.nested:
            return min(holds, key=lambda t: (round(t.high - t.low, 6), -t.low), default=None)
        return max(holds, key=lambda t: t.low, default=None)

    def legend(self) -> str:
        """All terms with their ranges, for the foot of a document."""
        return "; ".join(f"{t.text} {t.range}" for t in self.terms)


ICD203 = Scale(
    "icd203",
    "ICD 203",
    "Intelligence Community Directive 203, Analytic Standards, 2 January 2015",
    (
        LikelihoodTerm("almost no chance", 0.01, 0.05),
        LikelihoodTerm("very unlikely", 0.05, 0.20),
        LikelihoodTerm("unlikely", 0.20, 0.45),
        LikelihoodTerm("roughly even chance", 0.45, 0.55),
        LikelihoodTerm("likely", 0.55, 0.80),
        LikelihoodTerm("very likely", 0.80, 0.95),
        LikelihoodTerm("almost certain", 0.95, 0.99),
    ),
)
PHIA = Scale(
    "phia",
    "PHIA probability yardstick",
    "Explaining Uncertainty in UK Intelligence Assessment, gov.uk, 24 March 2025",
    (
        LikelihoodTerm("remote chance", 0.00, 0.05),
        LikelihoodTerm("highly unlikely", 0.10, 0.20),
        LikelihoodTerm("unlikely", 0.25, 0.35),
        LikelihoodTerm("realistic possibility", 0.40, 0.50),
        LikelihoodTerm("likely", 0.55, 0.75),
        LikelihoodTerm("highly likely", 0.80, 0.90),
        LikelihoodTerm("almost certain", 0.95, 1.00),
    ),
)
IPCC = Scale(
    "ipcc",
    "IPCC likelihood scale",
    "Mastrandrea et al. 2010, Guidance Note for Lead Authors of the IPCC Fifth Assessment Report, table 1",
    (
        LikelihoodTerm("exceptionally unlikely", 0.00, 0.01),
        LikelihoodTerm("very unlikely", 0.00, 0.10),
        LikelihoodTerm("unlikely", 0.00, 0.33),
        LikelihoodTerm("about as likely as not", 0.33, 0.66),
        LikelihoodTerm("likely", 0.66, 1.00),
        LikelihoodTerm("very likely", 0.90, 1.00),
        LikelihoodTerm("virtually certain", 0.99, 1.00),
    ),
    nested=True,
)
SCALES = {scale.code: scale for scale in (ICD203, PHIA, IPCC)}


def odds(probability: float, trajectories: int) -> str:
    """The number that goes with a term: as `chance`, but the all but certain in thousands, and none and all in full.

    >>> odds(0.64, 1000), odds(0.003, 1000), odds(0.0, 400), odds(0.997, 1000)
    ('64 in 100', 'about 3 in 1,000', 'none of 400 simulations', 'about 997 in 1,000')
    """
    if SUREST < probability < 1:
        return f"about {1000 * probability:.0f} in 1,000"
    counted = chance(probability, trajectories)
    return counted if 0 < probability < 1 or math.isnan(probability) else f"{counted} simulations"


def likelihood(probability: float, scale: Scale = ICD203) -> str | None:
    """A term with its range, ``likely (55–80%)``; None outside `RAREST` to `SUREST`, and in a gap of the scale."""
    if not RAREST <= probability <= SUREST:
        return None
    term = scale.term(probability)
    return None if term is None else f"{term.text} ({term.range})"


def judgement(event: str, probability: float, trajectories: int, scale: Scale = ICD203) -> str:
    """The sentence of a judgement: the term with its range, the event, and the number.

    Parameters
    ----------
    event
        What happens, as a clause after "that": who, where, by when.
    probability
        Share of the simulations in which it does.
    trajectories
        Number of simulations.

    >>> judgement("Raqqa falls by Feb 2018", 0.64, 1000)
    'We judge it likely (55–80%) that Raqqa falls by Feb 2018: 64 in 100.'
    """
    word, number = likelihood(probability, scale), odds(probability, trajectories)
    if word is None:
        return f"The simulated chance that {event}: {number}."
    if word.startswith(("roughly even chance", "remote chance", "realistic possibility", "almost no chance")):
        article = "" if word.startswith("almost no") else "a "
        return f"We judge that there is {article}{word} that {event}: {number}."
    return f"We judge it {word} that {event}: {number}."


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One stated reason for more or less confidence: what, a grade from 0 (poor) to 2 (good), and why."""

    name: str
    grade: int
    why: str


@dataclass(frozen=True, slots=True)
class Confidence:
    """How far a judgement can be relied on, computed from its ingredients."""

    level: Level
    ingredients: tuple[Ingredient, ...]
    month: int

    def sentence(self) -> str:
        """Confidence in a sentence of its own, with the weakest ingredients."""
        worst = [i for i in self.ingredients if i.grade == min(one.grade for one in self.ingredients)]
        return f"Our confidence in this is {self.level}: " + "; ".join(i.why for i in worst) + "."

    def change(self) -> str:
        """How easily the judgement could change, as the UK guidance asks."""
        how = {"low": "easily", "moderate": "with new evidence", "high": "only with strong new evidence"}[self.level]
        return f"It could change {how}."


def confidence(ingredients: tuple[Ingredient, ...], month: int) -> Confidence:
    """The level from stated ingredients: all good is high; poor ones lower it.

    High needs every ingredient to be good and a lead of no more than `FAR` months. Low is two poor ingredients or more,
    or poor `PARAMETERS` alone: a number whose drivers no data inform is an assumption, whatever else is known.
    Everything between is moderate. A good ingredient does not offset a poor one.
    """
    grades = [i.grade for i in ingredients]
    if grades.count(0) >= 2 or any(i.name == PARAMETERS and i.grade == 0 for i in ingredients):
        level: Level = "low"
    elif min(grades) == 2 and month <= FAR:
        level = "high"
    else:
        level = "moderate"
    return Confidence(level, ingredients, month)
