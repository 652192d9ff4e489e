"""Sources: returnees who cooperate with counter-terrorism, and what they know.

Cooperating is a flag that people of any disposition may carry; who carries it is asked at assessment::

    share of those assessed who cooperate     cooperates[d]
    what one of them knows of kind k          knows[k] = 1 on the day of the assessment, fading at fades[k] a month

The text names what returnees may tell of: recruitment (processes, motivations, ambitions), propaganda (narratives and
the machine behind them), alliances, operations (and training), leadership. Yield of a kind is the number of sources,
each worth what has not faded: ten sources of which half the knowledge has aged are worth five.

The yield follows from a run's counters of assessments and feeds nothing back here; that people in contact help to find
the unknown is in `handling`.

Assumptions: shares do not depend on origin or on how the person was handled. Without a source every disposition has
one wide prior. The German study of 274 returnees to June 2016, published that December, found a quarter cooperating
with the authorities and says nothing of disposition; a case that knows it has priors by disposition, whose order is a
judgement and labelled so. How fast knowledge ages is unknown: plans and posts are taken to age within months, methods
within years.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Parameter, Part

#: The five kinds of knowledge, with how long they are worth something.
KNOWLEDGE = {
    "recruitment": ("recruitment processes, motivations and ambitions", 0.01, 0.1),
    "propaganda": ("narratives and the propaganda machine", 0.01, 0.1),
    "alliances": ("militant alliances", 0.02, 0.2),
    "operations": ("operations and training", 0.03, 0.3),
    "leadership": ("leadership", 0.04, 0.4),
}
#: Dispositions, and the share of those assessed who cooperate where no source speaks of it.
COOPERATION = ("committed", "sympathiser", "adherent", "pacified")
UNINFORMED = (0.01, 0.8)


def human_sources(view: CaseView) -> Part:
    """Parameters of cooperation and of how knowledge ages; they act in no rate."""
    shares = [
        Parameter(f"sources.cooperates.{d}", f"share of the {d} assessed who cooperate", "share", "share", *UNINFORMED)
        for d in COOPERATION
    ]
    fading = [
        Parameter(f"sources.fades.{kind}", f"ageing of what is known of {label}", "a month", "log", low, high)
        for kind, (label, low, high) in KNOWLEDGE.items()
    ]
    found = (*shares, *fading)
    return Part(parameters=found, uses=tuple(p.name for p in found))
