"""Why one event of an organisation: class, own record, posterior and factors, by one mechanism for every kind."""

from __future__ import annotations

import numpy as np
import pytest
from tests.json_schemas import problems

from afterfall.model import Model
from afterfall.report.explain.event_why import EventWhy, event_why_json, find_event, why_event
from afterfall.report.explain.event_words import event_grids, event_headline, event_notes
from afterfall.run import Run, UnknownName

OF = {
    "recapture": "Duskhaven",
    "split": "dusk-league",
    "merger": "Free Column",
    "absorption": "free-column",
    "allegiance": "dusk-league-cern",
    "ending": "Dusk League",
}
BEHIND = {
    "recapture": "retaken within 1 y, held a day: another",
    "split": "split: losing ground",
    "merger": "merger of equals: enemies at war",
    "absorption": "absorption of the weaker: enemies at war, one twice as strong",
    "allegiance": "an affiliate leaves its core: not losing ground",
    "ending": "dissolution: losing ground",
}


def chain_of(run: Run, model: Model, quantity: str) -> EventWhy:
    return why_event(run, model, quantity=quantity, of=OF[quantity], month=24)


@pytest.mark.parametrize("quantity", OF)
def test_each_kind_shows_class_record_posterior_and_factors(prior_run: Run, tiny_model: Model, quantity: str) -> None:
    chain = chain_of(prior_run, tiny_model, quantity)
    event = find_event(tiny_model, quantity, OF[quantity])
    assert chain.chances[0].event == event.name
    assert chain.chances[0].by == pytest.approx(float(prior_run.events(24)["p_by"].loc[event.name]))
    rates = [f"{r.event}: {r.stratum}" for r in chain.record.rates]
    assert BEHIND[quantity] in rates
    assert all(t.posterior is not None for t in chain.terms if t.parameter)
    declared = {k.name for k in tiny_model.parameters}
    assert all((t.prior is not None) == (t.parameter in declared) for t in chain.terms)
    assert problems(event_why_json(chain)) == []
    first, second, sources = event_grids(chain)
    assert BEHIND[quantity] in {row[0] for section in first.sections for row in section}
    assert len(second.sections[0]) == len(chain.terms)
    assert [row[1] for row in sources.sections[0]] == [t.source for t in chain.terms]
    assert chain.date in event_headline(chain)[0]
    assert ", because the reference class has " in event_headline(chain)[0]
    assert any("docs/organisations.md" in note for note in event_notes(chain))


def test_an_organisation_that_nobody_counted_follows_the_survival_of_affiliates(
    prior_run: Run, tiny_model: Model
) -> None:
    founded = next(b for b in tiny_model.organisations if b.kind == "founded")
    chain = why_event(prior_run, tiny_model, quantity="ending", of=founded.name, month=24)
    assert {r.event for r in chain.record.rates} == {"ends", "still there after 5 years"}
    assert chain.record.own is None
    assert "does not exist yet" in chain.record.note


def test_the_expected_number_is_the_product_of_the_factors(prior_run: Run, tiny_model: Model) -> None:
    """An absorption by the core: the rate, the pair's own multiple, and the core's losing of ground."""
    chain = chain_of(prior_run, tiny_model, "absorption")
    terms = {t.parameter: t for t in chain.terms}
    names = ("absorption.base", "absorption.own.free-column", "absorption.losing")
    assert set(terms) == set(names)
    drawn = [np.exp(prior_run.parameter(name)) for name in names[:2]]
    losing = np.exp(prior_run.parameter(names[2]) * terms[names[2]].value)
    low, middle, high = np.quantile(12 * drawn[0] * drawn[1] * losing, (0.05, 0.5, 0.95))
    assert chain.expected == pytest.approx((low, middle, high))
    assert terms["absorption.base"].posterior == pytest.approx(tuple(np.quantile(drawn[0], (0.05, 0.5, 0.95))))


def test_the_core_loses_ground_while_it_holds_some(prior_run: Run, tiny_model: Model) -> None:
    """The effect of losing ground acts in full on the as-of date, and a merger's collapse by the share already lost."""
    split = {t.parameter: t for t in chain_of(prior_run, tiny_model, "split").terms}
    assert split["split.losing"].value == pytest.approx(1.0)
    assert {"split.period", "split.own.dusk-league"} <= set(split)
    merger = {t.parameter: t for t in chain_of(prior_run, tiny_model, "merger").terms}
    assert 0.0 <= merger["merger.collapse"].value < 1.0


def test_a_recapture_is_shown_with_how_long_it_is_held(prior_run: Run, tiny_model: Model) -> None:
    chances = chain_of(prior_run, tiny_model, "recapture").chances
    assert [c.event for c in chances] == ["retaking.harbour", "retaking_month.harbour", "retaking_year.harbour"]
    assert chances[0].within >= chances[1].within >= chances[2].within


@pytest.mark.parametrize(
    ("quantity", "of", "message"),
    [
        ("recapture", "Duskhavn", "did you mean"),
        ("merger", "dusk-league", "unknown organisation with a chance of merger"),
        ("wedding", "free-column", "unknown event"),
    ],
)
def test_an_unknown_name_is_refused(tiny_model: Model, quantity: str, of: str, message: str) -> None:
    with pytest.raises(UnknownName, match=message):
        find_event(tiny_model, quantity, of)
