"""Key judgements on the world, by the rules of those on one country (`judging`): no brief has them, the page does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from afterfall.model import Model
from afterfall.report.brief.content import Judgement
from afterfall.report.brief.judging import key_judgements
from afterfall.report.brief.trust import Trust
from afterfall.report.explain.why import Why, dated_losses, drivers, why
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import PLACES, fallen, lost_months, strongholds
from afterfall.report.kit.likelihood_words import ICD203, Scale
from afterfall.report.track_record.earlier_scores import TrackRecord
from afterfall.run import Run


def world_judgements(
    run: Run, model: Model, scale: Scale = ICD203, track: TrackRecord | None = None
) -> tuple[Judgement, ...]:
    """The key judgements on the world, the most important first, each with its confidence and the chain behind it.

    Parameters
    ----------
    run, model
        A finished run, and the model it was made from.
    scale
        Words of likelihood.
    track
        Scores of earlier forecasts of the case, or None where there are none.
    """
    rest = model.view.remainder_spells
    still = lost_months(run, strongholds(run, rest))

    @cache
    def behind(quantity: str, month: int) -> Why:
        return why(run, model, quantity=quantity, at=month)

    def trust(quantity: str, month: int) -> Trust:
        if quantity == PLACES:
            rests = behind("returned", month).rests
            return Trust(
                dated_losses(model), drivers(run, model, fallen(still, month), None, rests), rests.fitted, track
            )
        one = behind(quantity, month)
        return Trust(one.figures, one.drivers, one.rests.fitted, track)

    found = key_judgements(CountrySimulations(run, None), rest, trust, scale)
    return tuple(one if one.quantity == PLACES else replace(one, why=behind(one.quantity, one.month)) for one in found)
