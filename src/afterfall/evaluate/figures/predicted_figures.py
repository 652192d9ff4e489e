"""What a forecast predicts of a published figure: people, as that figure would count them.

A trajectory holds people; a figure counts some of them, with an error. The observation model is that of the nowcast,
and each trajectory uses its own parameters::

    figure = (people + unreported) / people per unit of the definition * reporting share * exp(error z)

The definition ``fighters`` leaves out an uncertain share of families, by the trajectory's mix of roles;
``all_theatres`` counts those who went elsewhere as well; all others count people. Counts of the returned and of the
killed report a share of them; those not reported still count as in the theatre, as the fit assumes. The error is that
of the source's reliability, z Student with 4 degrees of freedom, keyed by the run's seed and the figure's name. The
model discrepancy is added on top (`model_discrepancy`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from afterfall.case import WORLD
from afterfall.evaluate.core.outcomes import Outcome
from afterfall.evaluate.core.scoring_rules import Floats, generator_of
from afterfall.evaluate.figures.model_discrepancy import contaminated, discrepancy_of
from afterfall.model.observation.figure_rules import FIGHTERS_LEAVE_OUT, MODEL_QUANTITY, REPORTING, SHARE_IN_THEATRE
from afterfall.run import Run

REPORTED = {MODEL_QUANTITY[node]: name for node, name in REPORTING.items()}


def reported_figure(run: Run, outcome: Outcome) -> Floats:
    """Samples of the figure of an outcome, one for each trajectory ``(n,)``, without model discrepancy.

    In people, as the figure would be published. The people of an origin are those at the recorded month nearest to the
    outcome's; a run made for scoring records that month.
    """
    whole = (people(run, outcome) + unreported(run, outcome)) / people_per_unit(run, outcome.definition)
    share = run.parameter(REPORTED[outcome.quantity]) if outcome.quantity in REPORTED else 1.0
    z = generator_of(f"error/{outcome.figure}", seed=run.request.seed).standard_t(4, len(whole))
    return np.asarray(whole * share * np.exp(outcome.error * z))


def predicted_figure(run: Run, outcome: Outcome) -> Floats:
    """Samples of the figure ``(n,)``, in people, with the model discrepancy estimated by the as-of date."""
    discrepancy = discrepancy_of(run.request.case, run.as_of, outcome.quantity)
    return contaminated(reported_figure(run, outcome), discrepancy, outcome, seed=run.request.seed)


def people(run: Run, outcome: Outcome) -> Floats:
    """People of the outcome's place and quantity ``(n,)`` at its month."""
    if outcome.place == WORLD:
        return np.asarray(run.quantity(outcome.quantity).sel(month=outcome.month).values, float)
    values = run.quantity(outcome.quantity, outcome.place)
    return np.asarray(values.sel(origin_month=outcome.month, method="nearest").values, float)


def unreported(run: Run, outcome: Outcome) -> Floats | float:
    """People who came home or died unreported, whom a figure of people in the theatre still counts; zero otherwise."""
    if outcome.quantity != "in_theatre":
        return 0.0
    left = [(1.0 - run.parameter(name)) * people(run, replace(outcome, quantity=q)) for q, name in REPORTED.items()]
    return np.asarray(sum(left))


def people_per_unit(run: Run, definition: str) -> Floats | float:
    """People who came to the theatre per person counted by a definition, one value for each trajectory or for all."""
    if definition == "fighters":
        families = np.exp(run.parameter("role.adult")) + np.exp(run.parameter("role.minor"))
        return np.asarray(1.0 + run.parameter(FIGHTERS_LEAVE_OUT) * families)
    return run.parameter(SHARE_IN_THEATRE) if definition == "all_theatres" else 1.0
