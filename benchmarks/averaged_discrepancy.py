"""Is the model discrepancy better averaged than selected? Leave-one-place-out cross-validation.

    python benchmarks/averaged_discrepancy.py [CASE] [--trajectories 200]

Forecasts the case from the calibration dates and takes the log scores, of everything published by the last day on which
structure may be chosen, under every triple that `evaluate/figures/model_discrepancy.py` averages. Each place is left
out in turn. The single triple with the lowest mean log score on the other places, and the average over triples, are
scored on the figures of the place. The average is a mixture of the densities of its triples, whereas scores use
`MEMBERS` of them and one density of all samples. Each country-quantity pair counts once. Printed is the difference
(average minus best) with its standard error between clusters.
"""

from __future__ import annotations

import argparse
import datetime as dt

import numpy as np

from afterfall.case import cut, open_case
from afterfall.evaluate.baselines.baseline_calibration import ENOUGH
from afterfall.evaluate.core.outcomes import select
from afterfall.evaluate.figures.model_discrepancy import ALL, PastPrediction, scores_on_grid, weights
from afterfall.evaluate.figures.predicted_figures import reported_figure
from afterfall.model import build
from afterfall.run import DEFAULT_SEED, forecast

HORIZON = 60


def main() -> None:
    """Print one line for each quantity."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("case", nargs="?", default="isis-2017")
    parser.add_argument("--trajectories", type=int, default=200)
    asked = parser.parse_args()
    predictions = predictions_of(asked.case, asked.trajectories)
    scores = scores_on_grid(predictions, seed=DEFAULT_SEED)
    print(f"{'':16}{'clusters':>10}{'best':>10}{'average':>10}{'difference':>12}{'error':>10}")
    for name in (ALL, *sorted({prediction.outcome.quantity for prediction in predictions})):
        mixture = [i for i, prediction in enumerate(predictions) if name in (ALL, prediction.outcome.quantity)]
        clusters = [predictions[i].outcome.cluster for i in mixture]
        if len(set(clusters)) < ENOUGH:
            continue
        best, average = left_out(scores[mixture], clusters)
        less = average - best
        error = less.std(ddof=1) / len(less) ** 0.5
        print(f"{name:16}{len(less):10}{best.mean():10.3f}{average.mean():10.3f}{less.mean():12.3f}{error:10.3f}")


def predictions_of(name: str, trajectories: int) -> list[PastPrediction]:
    """Predictions of the model on the calibration dates, for figures published by the calibration day."""
    whole = open_case(name, as_of=dt.date.max)
    known, found = cut(whole, whole.evaluation.learned_by(whole.as_of)), []
    for day in whole.evaluation.calibration:
        print(f"{name} as of {day}", flush=True)
        model = build(cut(whole, day), horizon=HORIZON, record_months=select(whole, day, HORIZON).months)
        run = forecast(model, trajectories=trajectories)
        found += [
            PastPrediction(outcome, reported_figure(run, outcome)) for outcome in select(known, day, HORIZON).outcomes
        ]
    return found


def left_out(scores: np.ndarray, clusters: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    """Log score of each cluster from the other places: under their best triple, and under the average."""
    best, average = [], []
    for cluster in dict.fromkeys(clusters):
        others = [i for i, (place, _) in enumerate(clusters) if place != cluster[0]]
        mixture = scores[[i for i, one in enumerate(clusters) if one == cluster]]
        weight = weights(scores[others], [clusters[i] for i in others])
        best.append(mixture[:, np.argmax(weight)].mean())
        average.append(-np.log(np.exp(-mixture) @ weight).mean())
    return np.array(best), np.array(average)


if __name__ == "__main__":
    main()
