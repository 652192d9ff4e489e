"""The pictures of a forecast: charts of pathways and fans, when strongholds fall, and where organisations spread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from afterfall.report.forecast.custody_picture import can_draw_custody, custody_over_time, custody_words
from afterfall.report.forecast.forecast_charts import dots, fans, in_words
from afterfall.report.forecast.founding_map import founding_map
from afterfall.report.forecast.outlook import Outlook
from afterfall.report.forecast.spread_map import can_map, spread_map
from afterfall.report.forecast.spread_timeline import spread_timeline
from afterfall.report.forecast.stronghold_timeline import stronghold_timeline
from afterfall.report.kit.saving import save_chart, save_svg


def save_forecast_pictures(outlook: Outlook, theatre: Sequence[str], folder: Path) -> Iterator[tuple[Path, Path]]:
    """Draw everything that an outlook has to show, each as PNG and SVG, and yield the two paths of each.

    Parameters
    ----------
    outlook
        What a run says at one month.
    theatre
        Codes of the countries of the theatre, for the map.
    folder
        Where the pictures are written.
    """
    place = outlook.country or "world"
    for name, chart in ((f"{place}-month-{outlook.at}", dots(outlook)), (f"{place}-over-time", fans(outlook))):
        svg, png = save_chart(chart, folder / name, in_words(outlook))
        yield png, svg
    if can_draw_custody(outlook):
        svg, png = save_chart(custody_over_time(outlook), folder / f"{place}-custody-over-time", custody_words(outlook))
        yield png, svg
    drawn = {}
    if outlook.organisations is not None and outlook.organisations.places:
        drawn["spread-over-time"] = spread_timeline(outlook)
    if outlook.falls and outlook.country is None:
        drawn["strongholds-over-time"] = stronghold_timeline(outlook)
    if outlook.foundings is not None:
        drawn["first-foundings"] = founding_map(outlook.foundings, outlook.stamp)
    if can_map(outlook):
        drawn[f"spread-month-{outlook.at}"] = spread_map(outlook, theatre)
    for name, picture in drawn.items():
        png, svg = folder / f"{name}.png", folder / f"{name}.svg"
        save_svg(picture, svg)
        save_svg(picture, png)
        yield png, svg
