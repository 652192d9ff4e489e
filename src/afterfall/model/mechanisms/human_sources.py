"""Human sources: returnees who cooperate with counter-terrorism, and what they know.

People of any disposition may cooperate; whether they do is determined at assessment::

    share of those assessed who cooperate     cooperates[d]
    what one of them knows of kind k          knows[k] = 1 on the day of the assessment, fading at fades[k] a month

The source text names what returnees may know: recruitment (processes, motivations, ambitions), propaganda (narratives
and the machine behind them), alliances, operations (and training), leadership. The yield of a kind is the number of
sources, each weighted by what has not faded: ten sources with half of their knowledge faded count as five.

The yield follows from a run's counters of assessments and has no feedback here. That people in contact help to find the
unknown is part of `case_management`.

Assumptions: shares do not depend on origin or on case management. Without a source all dispositions have one wide
prior. The German study of 274 returnees to June 2016, published that December, found that a quarter cooperated with the
authorities, without detail on disposition. A case that includes it has priors by disposition, whose order is a
judgement and is labelled as such. How fast knowledge ages is unknown: plans and posts are assumed to age within months,
methods within years.
"""

from __future__ import annotations

from afterfall.model.language.case_view import CaseView
from afterfall.model.language.vocabulary import Parameter, Part

#: The five kinds of knowledge, with the range of hazards at which each ages.
KNOWLEDGE = {
    "recruitment": ("recruitment processes, motivations and ambitions", 0.01, 0.1),
    "propaganda": ("narratives and the propaganda machine", 0.01, 0.1),
    "alliances": ("militant alliances", 0.02, 0.2),
    "operations": ("operations and training", 0.03, 0.3),
    "leadership": ("leadership", 0.04, 0.4),
}
#: Dispositions, and the prior of the share of those assessed who cooperate where there is no source.
COOPERATION = ("committed", "sympathiser", "adherent", "pacified")
UNINFORMED = (0.01, 0.8)


def human_sources(view: CaseView) -> Part:
    """Parameters of cooperation and of the ageing of knowledge; they act in no rate."""
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
