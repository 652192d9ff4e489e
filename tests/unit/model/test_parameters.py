"""Priors and their draws: percentiles are met, names key the random numbers, bad rows are refused together."""

import math
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import CaseError, bundled_cases, open_case
from afterfall.case.captor_words import capturing, rival_captors
from afterfall.case.parameter_names import parameter_names
from afterfall.model import Model, sample
from afterfall.model.compile.assemble import assemble
from afterfall.model.compile.prior_draws import draw_prior
from afterfall.model.language.case_view import CaseView
from afterfall.model.language.organisation_vocabulary import join
from afterfall.model.language.parameters import Z95, Known, resolve
from afterfall.model.language.vocabulary import Parameter
from afterfall.model.mechanisms import ALL, ORGANISED
from afterfall.model.mechanisms.custody_events import moved
from afterfall.model.observation.nowcast import observation

RATE = Known(Parameter("rate", "rate", "a month", "log", 0.01, 0.1), 0.01, 0.1)
SHARE = Known(Parameter("share", "share", "share", "share", 0.2, 0.9), 0.2, 0.9)
N = 20_000


def test_five_and_ninety_five_per_cent_of_draws_lie_below_low_and_high() -> None:
    draws = draw_prior([RATE, SHARE], ["rate", "share"], range(N), seed=3).values
    rate, share = np.exp(draws[:, 0]), draws[:, 1]
    # Five standard errors of a binomial share at 5 per cent: p < 1e-6.
    margin = 5 * math.sqrt(0.05 * 0.95 / N)
    for values, known in ((rate, RATE), (share, SHARE)):
        assert abs(np.mean(values < known.low) - 0.05) < margin
        assert abs(np.mean(values > known.high) - 0.05) < margin


def test_a_wrong_percentile_would_be_seen() -> None:
    values = np.exp(draw_prior([RATE], ["rate"], range(N), seed=3).values[:, 0])
    margin = 5 * math.sqrt(0.05 * 0.95 / N)
    assert abs(np.mean(values < RATE.low * 1.15) - 0.05) > margin


def test_a_draw_depends_on_the_name_alone() -> None:
    alone = draw_prior([RATE], ["rate"], range(50), seed=9).values[:, 0]
    among = draw_prior([SHARE, RATE], ["share", "rate"], range(50), seed=9).values[:, 1]
    other = draw_prior([replace(RATE, parameter=replace(RATE.parameter, name="r2"))], ["r2"], range(50), seed=9).values[
        :, 0
    ]
    assert np.array_equal(alone, among)
    assert not np.any(alone == other)


def test_one_trajectory_draws_what_it_draws_among_many(tiny: Model) -> None:
    many = sample(tiny, trajectories=40, seed=5)
    one = sample(tiny, trajectories=[17], seed=5)
    assert np.array_equal(one.values[0], many.values[17])


def test_priors_of_the_case_come_with_their_source_and_the_rest_are_labelled(tiny: Model) -> None:
    sourced = {r.parameter for r in tiny.case.priors}
    for known in tiny.parameters:
        assert known.uninformed == (known.name not in sourced and not known.parameter.derived)


def test_rows_that_do_not_fit_are_refused_together(tiny: Model) -> None:
    row = tiny.case.priors[0]
    assert row.where is not None
    near = row.parameter[:-1]
    case = replace_priors(tiny.case, [row_with(row, parameter=near), row_with(row, low=-1.0, high=2.0)])
    with pytest.raises(CaseError) as caught:
        resolve(case, [k.parameter for k in tiny.parameters], {k.name for k in tiny.parameters})
    said = [str(problem) for problem in caught.value.problems]
    place = f"priors.csv row {row.where.row}"
    hint = f"(did you mean {row.parameter!r}?)"
    assert f"{place}, parameter: found {near!r}; expected a parameter of the model {hint}" in said
    assert f"{place}, low: found -1.0; expected a positive number" in said
    assert len(said) == 2


def test_the_door_knows_exactly_the_parameters_that_the_model_declares() -> None:
    declared, known = set(), set()
    for name in bundled_cases():
        view = CaseView(open_case(name))
        parts = [*(mechanism(view) for mechanism in ALL), observation()]
        parts.append(join([mechanism(view) for mechanism in ORGANISED]).part())
        declared |= {parameter.name for parameter in assemble(parts).parameters}
        taking, rivals = capturing(places := view.case.places), rival_captors(places)
        known |= parameter_names(view.custodians, taking, rivals, (one.event.event for one in moved(view)))
    breaks = {name for name in known if name.startswith(("custody_break.", "custody_collapse."))}
    assert declared - breaks == known - breaks
    assert breaks & declared, "any custodian may have breaks, and those of today have"


def row_with(row, **changes):  # type: ignore[no-untyped-def]
    return row.model_copy(update=changes) if hasattr(row, "model_copy") else replace(row, **changes)


def replace_priors(case, rows):  # type: ignore[no-untyped-def]
    return row_with(case, priors=tuple(rows))


@pytest.mark.parametrize("known", [RATE, SHARE, replace(RATE, parameter=replace(RATE.parameter, scale="positive"))])
def test_draws_measured_by_their_prior_are_the_normals_they_came_from(known: Known) -> None:
    """Whatever the scale: two parameters of one name share their random numbers."""
    plain = Known(Parameter(known.name, "", "", "natural", -Z95, Z95), -Z95, Z95)
    drawn, normals = (draw_prior([k], [known.name], range(50), seed=4).values[:, 0] for k in (known, plain))
    assert np.allclose(known.standard(drawn), normals)
    assert not np.allclose(drawn, normals)


def test_what_is_held_has_no_spread_to_measure_by() -> None:
    with pytest.raises(ValueError, match="rate is fixed"):
        replace(RATE, low=0.05, high=0.05).standard(np.zeros(3))
