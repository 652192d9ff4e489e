"""A model made worse on purpose scores worse; one made no worse does not.

The truth is drawn from the model. On the whole path (selection, observation, rules, clusters) every origin's figures
come from trajectories of another run, by `TRUTHS` sources that each saw another simulation, and a model that counts the
returned as the killed must score worse. By the rule alone, on what is added after the as-of date, a model in which
people die twice as fast must score worse against many simulations. Neither test may find a difference between the model
and itself with other random numbers.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.made_up.figures import known_later

from afterfall.case import Case, Figure, PartialDate, cut, open_case
from afterfall.evaluate import Scores, score
from afterfall.evaluate.core.bootstrap import Skill, skill, weighted_mean
from afterfall.evaluate.core.scoring_rules import crps, on_scale
from afterfall.evaluate.figures.published_count import REPORTED
from afterfall.evaluate.record.scoring import ALONE
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.run import Run, forecast

pytestmark = pytest.mark.slow  # some minutes of runs of a whole case

AS_OF, HORIZON, FIGURES_AT = "2017-02-13", 24, {12: "2018-02-13", 24: "2019-02-13"}
COUNTED = {"returned": "returned", "killed": "killed_so_far"}
SEED = 11
TRUTHS = 2
DEATHS = ("killing.fighter", "killing.adult", "killing.minor", "killing.offshoot")


def run_of(case: Case, *, seed: int = SEED, trajectories: int = 80) -> Run:
    return forecast(build(case, horizon=HORIZON, record_months=list(FIGURES_AT)), trajectories=trajectories, seed=seed)


def figures_from(truth: Run) -> list[Figure]:
    """What sources without error would publish of each origin, each from a trajectory of its own."""
    origins = [str(o) for o in truth.dataset["origin"].values]
    found = []
    for row, (origin, source) in enumerate(product(origins, range(TRUTHS))):
        for quantity, modelled in COUNTED.items():
            reported = truth.parameter(REPORTED[modelled])[row]
            for month, day in FIGURES_AT.items():
                people = float(truth.quantity(modelled, origin).sel(origin_month=month)[row]) * reported
                found.append(_figure(origin, quantity, day, people, f"truth-{source}"))
    return found


def _figure(origin: str, quantity: str, day: str, people: float, family: str) -> Figure:
    return Figure(
        figure=f"{quantity}-{origin}-{day}-{family}",
        quantity=quantity,
        place=origin,
        low=people,
        value=people,
        high=people,
        refers_to=PartialDate(day),
        published=PartialDate(day),
        basis="cumulative",
        definition="affiliates",
        family=family,
        source="general-knowledge-dates-coordinates-population-from-memory",
        grade="A1",
        verified=True,
    )


@pytest.fixture(scope="module")
def whole() -> Case:
    known = known_later("isis-2017")
    case = cut(known, AS_OF)
    truth = run_of(case, seed=5, trajectories=TRUTHS * len(CaseView(case).origins))
    return replace(known, figures=(*known.figures, *figures_from(truth)))


@pytest.fixture(scope="module")
def right(whole: Case) -> Scores:
    return score(run_of(cut(whole, AS_OF)), whole)


def against(right: Scores, other: Scores) -> Skill:
    """Skill of the right model against another one: above zero where the other is worse."""
    clusters = [o.cluster for o in right.scored.outcomes]
    return skill(right.scored.marks[ALONE].crps, other.scored.marks[ALONE].crps, clusters, name="worse", seed=1)


def covered(scores: Scores, which: str) -> float:
    """Share of figures inside an interval of the model's counts, without the regression."""
    clusters = [o.cluster for o in scores.scored.outcomes]
    return weighted_mean(getattr(scores.scored.marks[ALONE], which), clusters)


def certain(found: Skill) -> bool:
    """Whether a skill lies above zero by 4.75 standard errors, p < 1e-6; its 90 % interval is 3.29 of them wide."""
    return found.skill > 4.75 * (found.high90 - found.low90) / 3.29


def swapped(run: Run) -> Run:
    """The run with the returned counted as killed, and the killed as returned."""
    names = [str(q) for q in run.dataset["quantity"].values]
    order = list(range(len(names)))
    i, j = names.index("returned"), names.index("killed_so_far")
    order[i], order[j] = j, i
    data = {name: run.dataset[name].isel(quantity=order).values for name in ("world", "origins")}
    dataset = run.dataset.assign({name: (run.dataset[name].dims, values) for name, values in data.items()})
    return replace(run, dataset=dataset)


def deadlier(case: Case) -> Case:
    """The case with twice the hazard of death of every role, and with an offshoot."""
    known = {p.name: p for p in build(case, horizon=1).parameters}
    pattern = next(p for p in case.priors if p.parameter == "killing.fighter")
    others = tuple(p for p in case.priors if p.parameter not in DEATHS)
    twice = tuple(replace(pattern, parameter=n, low=2 * known[n].low, high=2 * known[n].high) for n in DEATHS)
    return replace(case, priors=(*others, *twice))


def deaths(case: Case, *, seed: int = SEED) -> np.ndarray:
    """Who died within the horizon, on the scale of scores, ``(trajectory, origin)``."""
    killed = run_of(case, seed=seed, trajectories=240).dataset["origins"].sel(quantity="killed_so_far")
    return on_scale(killed.sel(origin_month=HORIZON).values, killed.sel(origin_month=0).values)


def judged(truth: np.ndarray, right: np.ndarray, other: np.ndarray) -> Skill:
    """Skill of the right model against another; simulations are the clusters, since origins share random numbers."""
    ours, theirs = ([crps(future, samples.T).mean() for future in truth] for samples in (right, other))
    return skill(ours, theirs, list(range(len(truth))), name="worse", seed=1)


def test_there_is_enough_to_tell_by(right: Scores) -> None:
    assert len({o.cluster for o in right.scored.outcomes}) > 100
    assert right.dropped.keys() <= {"of a place that the model does not name"}


def test_a_swapped_destination_scores_worse(right: Scores, whole: Case) -> None:
    assert certain(against(right, score(swapped(right.run), whole)))


def test_a_doubled_mortality_scores_worse_and_other_random_numbers_do_not() -> None:
    case = open_case("isis-2017", as_of=AS_OF)
    truth, right = deaths(case, seed=5), deaths(case)
    assert certain(judged(truth, right, deaths(deadlier(case))))
    assert not certain(judged(truth, right, deaths(case, seed=SEED + 1)))


def test_other_random_numbers_do_not_score_worse(right: Scores, whole: Case) -> None:
    """The twin: the same comparison of a model with itself finds nothing of that size."""
    assert not certain(against(right, score(run_of(cut(whole, AS_OF), seed=SEED + 1), whole)))


def test_a_right_model_is_calibrated(right: Scores) -> None:
    # Figures of one origin come from one trajectory: some 64 independent futures; 5 standard deviations either way.
    n = len({o.place for o in right.scored.outcomes})
    for predicted, found in ((0.5, covered(right, "inside50")), (0.9, covered(right, "inside90"))):
        assert found > predicted - 5 * np.sqrt(predicted * (1 - predicted) / n)
    assert right.overall[0].alone.skill > 0


def test_a_model_too_sure_of_itself_is_not_calibrated(right: Scores, whole: Case) -> None:
    run = right.run
    middle = {name: run.dataset[name].median("trajectory") for name in ("world", "origins")}
    narrow = {
        n: (run.dataset[n] * 0 + m).astype(run.dataset[n].dtype).transpose(*run.dataset[n].dims)
        for n, m in middle.items()
    }
    one = run.dataset["parameters"].isel(trajectory=0)
    sure = run.dataset.assign(
        parameters=(run.dataset["parameters"] * 0 + one).transpose("trajectory", "parameter"), **narrow
    )
    n = len({o.place for o in right.scored.outcomes})
    found = covered(score(replace(run, dataset=sure), whole), "inside90")
    assert found < 0.9 - 5 * np.sqrt(0.09 / n)
