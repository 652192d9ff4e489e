"""Which places a case names as hosts follows a rule that can be applied on its as-of date, read from its own files."""

from __future__ import annotations

import csv
from importlib.resources import files

from afterfall.case import Case, open_case
from afterfall.model.language.case_view import CaseView

MAIN_ORIGIN = 1500
NAMED_BY_THE_TEXT = {"JOR", "TUN", "SAU"}


def hosts(case: Case) -> set[str]:
    return {p.place for p in case.places if p.kind == "host"}


def with_an_organisation(case: Case) -> set[str]:
    return {o.place for o in case.organisations if o.kind == "offshoot" and not o.ended} - {"elsewhere"}


def bordering(case: Case, place: str | None = None) -> set[str]:
    """Places of the case that border the theatre, or a place."""
    name = "borders_theatre" if place is None else f"borders:{place}"
    countries = {p.place for p in case.places if p.kind in ("origin", "host")} - set(case.theatre.countries)
    return {c.place for c in case.covariates if c.covariate == name and c.value == 1} & countries


def main_origins(case: Case) -> set[str]:
    """Origins whose median count of travellers, published by the as-of date, is large."""
    scene = CaseView(case)
    return {o for o in scene.named if scene.central_travelled(o) >= MAIN_ORIGIN}


def test_hosts_of_isis_2017_are_those_of_the_rule() -> None:
    case = open_case("isis-2017")
    by_rule = with_an_organisation(case) | bordering(case) | main_origins(case) | NAMED_BY_THE_TEXT
    assert hosts(case) == by_rule
    assert bordering(case) == {"TUR", "JOR", "LBN", "SAU", "KWT", "IRN", "ISR"}


def test_hosts_of_mali_2013_are_its_neighbours_and_theirs() -> None:
    case = open_case("mali-2013")
    near = bordering(case)
    assert near == {"DZA", "NER", "BFA", "CIV", "GIN", "SEN", "MRT"}
    ring = near.union(*(bordering(case, place) for place in near))
    assert hosts(case) == ring


def test_every_land_neighbour_in_the_reference_of_borders_is_named() -> None:
    """The same from the outlines of countries that maps are drawn with: rings that share two points share a border."""
    import json

    outline = json.loads((files("afterfall.report.forecast") / "outline.json").read_text())
    points = {
        code: {tuple(r[i : i + 2]) for r in rings for i in range(0, len(r), 2)} for code, rings in outline.items()
    }
    touching = {code for code, found in points.items() if code != "MLI" and len(found & points["MLI"]) >= 1}
    assert touching <= hosts(open_case("mali-2013"))
    assert "GIN" in touching


def test_mali_holds_what_the_text_says() -> None:
    """Ruled for nearly a year, ended by the intervention of 2013; spread to four countries that the text names."""
    case, later = open_case("mali-2013"), open_case("mali-2013", as_of="9999-12-31")
    lost = {e.holding: e.date.last_day for e in case.holding_events if e.event == "lost"}
    assert {"gao", "timbuktu", "kidal"} <= set(lost)
    assert not {"tessalit", "aguelhok", "menaka"} & set(lost), "lost in the week after the as-of date"
    first = {f.place for f in later.figures if f.definition == "first_attack"}
    assert {"BFA", "DZA", "NER", "CIV"} <= first
    assert not {f.place for f in case.figures if f.definition == "first_attack"} - {"DZA"}


def test_selection_of_mali_names_rows_of_the_reference_in_order() -> None:
    from mali_2013.build import HERE

    with (HERE / "figures.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert all(bool(r["row"]) == bool(r["check"]) for r in rows)
    own = [r for r in rows if not r["row"]]
    assert own
    assert all(r["source"] and r["grade"] and r["published"] for r in own)
