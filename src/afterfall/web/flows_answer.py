"""Who goes where: an alluvial of means, the countries of the map, and the places abroad.

Nodes and ribbons are means over simulations, which add up; medians do not. The first column is everyone who travelled
or was born there, the second the pathway or fate in which they are, the third where that is: home (the countries with
most, one by one), in or near the theatre, held there, with an offshoot by place, dead, or not known.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from afterfall.case import WORLD
from afterfall.model import Model
from afterfall.report.forecast.alluvial import PLACES, gathered
from afterfall.report.forecast.outlook import Outlook, OutlookLine
from afterfall.report.forecast.outlook_of_run import outlook_of_forecast
from afterfall.report.kit.number_formats import day, median_range, share, two_figures
from afterfall.report.kit.spread import Range, Spread
from afterfall.report.kit.theme import look
from afterfall.run import Run
from afterfall.run.quantile_levels import INTERVAL_LEVELS
from afterfall.web.data_quality import flag_of, inhabitants
from afterfall.web.entries import range_entry, sent, sent_list, stamp_entry
from afterfall.web.schemas import CountryRow, FlowLink, FlowNode, FlowsAnswer, HostRow
from afterfall.web.view_state import ViewQuery, code_of

#: Quantities of the map and the ranked list, besides the pathways and fates.
COUNTED = ("travelled", "returned", "dispatched_so_far", "prosecuted")
#: Home countries that have a node of their own, and places abroad.
OWN_NODES = 6
REMAINDER = "rest-"


def flows_answer(run: Run, model: Model, view: ViewQuery) -> FlowsAnswer:
    """Who goes where, for the world or one country.

    Raises
    ------
    ValueError
        If the run has no such month or country.
    """
    country = None if view.world else view.focus
    code = code_of("forecast", view, model.case.reference, run.request.trajectories)
    outlook = outlook_of_forecast(run, command=code.command, at=view.at, country=country)
    columns = [*(line.code for line in (*outlook.pathways, *outlook.fates)), *_known(run)]
    rows = country_rows(run, model, outlook.at, columns)
    hosts = host_rows(run, outlook.at)
    nodes, links = _alluvial(outlook, rows, hosts)
    labels = {line.code: line.label for line in (*outlook.pathways, *outlook.fates, *outlook.counters)}
    words = "; ".join(f"{node.label} {node.text}" for node in nodes if node.column == 2)
    return FlowsAnswer(
        stamp=stamp_entry(run, view),
        code=code,
        focus=outlook.country or WORLD,
        at=outlook.at,
        at_date=outlook.at_date.isoformat(),
        title=_finding(outlook),
        subtitle=f"Means of {run.request.trajectories:,} simulations, in people, on {day(outlook.at_date)}: they add "
        "up, medians do not. Ranges stand in the nodes.",
        sentence=f"Of {two_figures(outlook.total.mean)} people on average: {words}.",
        nodes=nodes,
        links=links,
        columns=columns,
        labels={name: labels[name] for name in columns if name in labels},
        countries=rows,
        hosts=hosts,
        notes=["Present-day borders (Natural Earth), also for past dates; no judgement on status."],
    )


def _known(run: Run) -> list[str]:
    return [name for name in COUNTED if name in run.quantity_names]


def _finding(outlook: Outlook) -> str:
    """Where most are, as a title."""
    people = [(place, sum(one.then.mean for one in ones)) for place, ones in gathered(outlook)]
    total = sum(number for _, number in people) or 1.0
    place, number = max(people, key=lambda pair: pair[1], default=("nowhere", 0.0))
    return f"{share(number / total)} of {outlook.who if outlook.country else 'all'} are {place}, on average"


def country_rows(run: Run, model: Model, month: int, columns: list[str]) -> list[CountryRow]:
    """Every origin at a recorded month: mean, median and 90 % range of each column."""
    months = [int(m) for m in run.dataset["origin_month"].values]
    if month not in months:
        month = min(months, key=lambda m: (abs(m - month), m))
    at = run.dataset["origins"].sel(origin_month=month, quantity=columns)
    values = np.asarray(at.transpose("origin", "quantity", "trajectory").values, dtype=np.float64)
    low, median, high = np.quantile(values, INTERVAL_LEVELS, axis=-1, method="inverted_cdf")
    mean = values.mean(axis=-1)
    codes = [str(c) for c in run.dataset["origin"].values]
    names = [str(n) for n in run.dataset["origin_name"].values]
    return [
        CountryRow(
            code=code,
            name=names[i],
            kind="remainder" if code.startswith(REMAINDER) else "country",
            flag=flag_of(model, code).flag,
            population=inhabitants(model.case.as_of).get(code),
            values={
                name: sent_list((mean[i, k], median[i, k], low[i, k], high[i, k])) for k, name in enumerate(columns)
            },
            text={
                name: median_range(median[i, k], low[i, k], high[i, k])
                for k, name in enumerate(columns)
                if high[i, k] > 0
            },
        )
        for i, code in enumerate(codes)
    ]


def host_rows(run: Run, month: int) -> list[HostRow]:
    """Places abroad with people of the world who went there, those with most first."""
    names = {name.removeprefix("offshoot_"): name for name in run.quantity_names if name.startswith("offshoot_")}
    names_of, chances = _reached(run, month)
    rows = []
    for place, quantity in names.items():
        months, values = run.series(quantity)
        people = values[:, list(months).index(month)]
        found = Range.of_values(people)
        label = str(run.dataset["label"].sel(quantity=quantity).item())
        rows.append(
            HostRow(
                place=place,
                name=names_of.get(place, label),
                people=range_entry(found, mean=float(people.mean())),
                p_reached=sent(chances[place]) if place in chances else None,
                text=f"{label}: {median_range(found.median, found.low90, found.high90)} people",
            )
        )
    return sorted(rows, key=lambda row: -row.people.mean)


def _reached(run: Run, month: int) -> tuple[dict[str, str], dict[str, float]]:
    """Names of places abroad, and the chance that each has been reached by a month."""
    if not run.dataset.sizes["organisation"]:
        return {}, {}
    table = run.places(month)
    codes = [str(code) for code in table.index]
    names, chances = map(str, table["name"]), map(float, table["p_reached"])
    return dict(zip(codes, names, strict=True)), dict(zip(codes, chances, strict=True))


Parts = Mapping[str, tuple[str, float]]


def _alluvial(outlook: Outlook, rows: list[CountryRow], hosts: list[HostRow]) -> tuple[list[FlowNode], list[FlowLink]]:
    """Nodes and ribbons of the three columns."""
    everyone = sum(one.then.mean for _, ones in gathered(outlook) for one in ones)
    nodes = [_node("everyone", 0, "everyone who travelled or was born there", "", everyone, everyone, outlook.total)]
    links: list[FlowLink] = []
    last: dict[str, tuple[str, float]] = {}
    for place, ones in gathered(outlook):
        for one in ones:
            nodes.append(_node(one.code, 1, _name(one), one.code, one.then.mean, everyone, one.then))
            links.append(_link("everyone", one.code, one))
            for key, (label, people) in _ends(one, place, outlook, rows, hosts).items():
                last[key] = (label, last.get(key, (label, 0.0))[1] + people)
                links.append(FlowLink(source=one.code, target=key, pathway=one.code, value=sent(people)))
    nodes += [_node(key, 2, label, "", people, everyone, None) for key, (label, people) in last.items()]
    return nodes, links


def _ends(
    one: OutlookLine, place: str, outlook: Outlook, rows: list[CountryRow], hosts: list[HostRow]
) -> dict[str, tuple[str, float]]:
    """Where the people of a fate are: home by country and offshoots by place for the world, else one node."""
    key = f"at.{list(PLACES).index(place)}"
    if outlook.country is not None or place not in ("at home", "elsewhere"):
        return {key: (place, one.then.mean)}
    if place == "at home":
        parts = {row.code: (row.name, row.values[one.code][0]) for row in _home_countries(rows)}
        return _with_rest(parts, f"{place}: other countries", key, one.then.mean)
    if one.code == "relocate":
        parts = {f"host.{h.place}": (h.name, h.people.mean) for h in hosts[:OWN_NODES]}
        return _with_rest(parts, "other places abroad", key, one.then.mean)
    return {key: ("elsewhere or on the way", one.then.mean)}


def _home_countries(rows: list[CountryRow]) -> list[CountryRow]:
    """The countries with most people at home, of all fates at home together."""
    at_home = PLACES["at home"]
    people = {row.code: sum(row.values[name][0] for name in at_home if name in row.values) for row in rows}
    return sorted(rows, key=lambda row: -people[row.code])[:OWN_NODES]


def _with_rest(parts: Parts, label: str, key: str, total: float) -> dict[str, tuple[str, float]]:
    """Parts that are not empty, and what is left of the total."""
    found = {name: part for name, part in parts.items() if part[1] > 0}
    rest = total - sum(people for _, people in found.values())
    return found | ({key: (label, rest)} if rest > total * 1e-6 else {})


def _name(one: OutlookLine) -> str:
    marks = look().pathways
    return f"{marks[one.code].letter} {marks[one.code].short}" if one.code in marks else one.label


def _node(
    name: str, column: int, label: str, code: str, people: float, everyone: float, spread: Spread | None
) -> FlowNode:
    of = "" if spread is None else range_entry(spread).text
    return FlowNode(
        id=name,
        column=column,
        label=label,
        code=code,
        value=sent(people),
        text=f"{two_figures(people)} ({share(people / (everyone or 1.0))})",
        range_text=of,
    )


def _link(source: str, target: str, one: OutlookLine) -> FlowLink:
    return FlowLink(source=source, target=target, pathway=one.code, value=sent(one.then.mean))
