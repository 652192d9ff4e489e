"""Facts that the bundled case `isis-2017` must hold, whatever is added to it later.

They are read from the files themselves, with a cut of ten lines of their own, so that a mistake in the case reader or
in the as-of cut cannot hide a mistake in the data.
"""

from __future__ import annotations

import calendar
import csv
import tomllib
from datetime import date, timedelta
from importlib import resources

import pytest

from afterfall.case.open import open_case
from afterfall.model import known_later

CASE = resources.files("afterfall.case") / "data" / "isis"
AS_OF = date(2017, 2, 13)
FILES = (
    "places", "covariates", "organisations", "holdings", "holding_events", "campaigns", "figures", "policies", "priors"
)  # fmt: skip
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    return list(csv.DictReader((CASE / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def last_day(text: str) -> date:
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def known(name: str, as_of: date = AS_OF) -> list[Row]:
    return [row for row in rows(name) if last_day(row["published"]) <= as_of]


def held(holding: str, day: date) -> bool:
    past = [e for e in rows("holding_events") if e["holding"] == holding and last_day(e["date"]) <= day]
    return bool(past) and max(past, key=lambda e: last_day(e["date"]))["event"] == "captured"


@pytest.mark.parametrize("place", ["palmyra", "mosul", "raqqa", "al-bab", "tal-afar", "hawija", "deir-ez-zor", "qaim"])
def test_places_still_held_on_the_as_of_date(place: str) -> None:
    assert held(place, AS_OF)


@pytest.mark.parametrize(
    "place", ["ramadi", "tikrit", "falluja", "abu-ghraib", "kobane", "manbij", "sirte", "turkey-corridor", "mosul-east"]
)
def test_places_the_text_calls_lost_were_lost(place: str) -> None:
    assert not held(place, AS_OF)


def test_palmyra_was_lost_retaken_and_lost_again() -> None:
    assert held("palmyra", date(2015, 12, 1))
    assert not held("palmyra", date(2016, 6, 1))
    assert held("palmyra", date(2017, 3, 1))
    assert not held("palmyra", date(2017, 3, 2))


def test_nothing_that_happened_later_is_published_before_the_as_of_date() -> None:
    early = [e for e in known("holding_events") if last_day(e["date"]) > AS_OF]
    early += [f for f in known("figures") if last_day(f["refers_to"]) > AS_OF]
    assert early == []


def test_late_holdings_are_dropped_by_the_cut() -> None:
    assert {"hajin", "baghuz", "marawi"}.isdisjoint(h["holding"] for h in known("holdings"))


def test_a_holding_known_at_the_as_of_date_has_no_later_neighbour() -> None:
    kept = {h["holding"] for h in known("holdings")}
    assert [n for n in rows("holding_neighbours") if n["holding"] in kept and n["neighbour"] not in kept] == []


def test_listed_places_and_the_rest_add_up_to_the_count_of_mid_2016() -> None:
    day = date(2016, 7, 10)
    people = sum(
        int(h["population"]) for h in known("holdings") if h["organisation"] == "isis" and held(h["holding"], day)
    )
    assert abs(people - 6_000_000) < 100_000


def test_most_origins_have_a_travelled_figure_before_the_as_of_date() -> None:
    origins = {p["place"] for p in known("places") if p["kind"] == "origin"}
    counted = {f["place"] for f in known("figures") if f["quantity"] == "travelled" and not f["role"]}
    assert len(origins) >= 55
    assert origins <= counted


def test_tunisian_totals_disagree_and_stand_side_by_side() -> None:
    totals = [f for f in known("figures") if f["quantity"] == "travelled" and f["place"] == "TUN" and not f["role"]]
    assert len({f["family"] for f in totals}) >= 4
    assert min(float(f["value"]) for f in totals if f["refers_to"] >= "2014-11") <= 3000
    assert max(float(f["value"]) for f in totals) >= 6000


def test_the_world_total_of_the_text_is_there_and_dated_on_its_day() -> None:
    text = [f for f in rows("figures") if f["source"].startswith("alex-wilner") and f["place"] == "WLD"]
    assert [(f["value"], f["published"]) for f in text] == [("40000", "2017-02-13")]


def test_the_2019_total_is_kept_but_not_seen_at_the_as_of_date() -> None:
    assert any(float(f["high"]) == 52808 for f in rows("figures"))
    assert all(
        float(f["high"]) < 52808 for f in known("figures") if f["place"] == "WLD" and f["quantity"] == "travelled"
    )


def test_a_yearly_report_counts_as_published_when_printed_not_when_its_year_ended() -> None:
    austria = [f for f in rows("figures") if f["place"] == "AUT" and f["refers_to"] == "2016-12"]
    assert austria
    assert all(last_day(f["published"]) > AS_OF for f in austria)


@pytest.mark.parametrize("name", FILES)
def test_every_record_cites_a_described_source(name: str) -> None:
    described = {s["source"] for s in rows("sources")}
    assert [r for r in rows(name) if r["source"] not in described] == []


def test_every_source_has_a_title_and_is_dated_no_later_than_what_cites_it() -> None:
    dated = {s["source"]: last_day(s["published"]) for s in rows("sources")}
    assert all(s["title"] for s in rows("sources"))
    late = [r for name in FILES for r in rows(name) if dated[r["source"]] > last_day(r["published"])]
    assert late == []


def test_no_value_comes_from_a_source_that_may_not_be_shipped() -> None:
    barred = ("fragile states", "freedom house", "pew research", "polity", "economist intelligence", "acled", "idmc",
              "correlates of war", "global terrorism database")  # fmt: skip
    titles = [f"{s['title']} {s['publisher']}".lower() for s in rows("sources")]
    assert [t for t in titles if any(word in t for word in barred)] == []


def test_unread_figures_are_graded_low() -> None:
    assert [f for f in rows("figures") if f["verified"] == "no" and (f["grade"][0] < "C" or f["grade"][1] < "3")] == []


def test_every_place_of_the_text_is_in_the_case() -> None:
    hosts = {p["place"] for p in known("places") if p["kind"] == "host"}
    assert {"JOR", "TUN", "SAU", "LBY", "MLI", "TUR"} <= hosts
    assert {"IRQ", "SYR"} <= {p["place"] for p in known("places") if p["kind"] == "theatre"}
    assert "CAN" in {p["place"] for p in known("places") if p["kind"] == "origin"}
    assert {"jabhat-fatah-al-sham", "hts", "isis"} <= {o["organisation"] for o in known("organisations")}


def test_every_region_has_origins_and_a_remainder() -> None:
    regions = {r["region"] for r in rows("regions")}
    assert len(regions) == 8
    for kind in ("origin", "remainder"):
        assert {p["region"] for p in known("places") if p["kind"] == kind} == regions


def test_detention_camps_and_repatriation_are_declared_hindsight() -> None:
    ledger = tomllib.loads((CASE / "case.toml").read_text(encoding="utf-8"))["hindsight"]
    assert {"theatre-detention", "camps", "repatriation", "late-holdings"} <= {entry["id"] for entry in ledger}
    assert all(last_day(str(entry["known_from"])) > AS_OF for entry in ledger if entry["id"] != "rest-of-territory")


def test_a_star_stands_until_the_day_from_which_the_ledger_says_that_it_was_known() -> None:
    """The dates that quantities marked as hindsight carry are those of the ledger."""
    ledger = {entry.id: entry.known_from.last_day for entry in open_case("isis-2017").hindsight}
    for quantity, entry in (("detained", "theatre-detention"), ("repatriated", "repatriation")):
        assert known_later(quantity, ledger[entry] - timedelta(days=1))
        assert not known_later(quantity, ledger[entry])


def test_by_2026_nothing_of_the_ledger_is_hindsight() -> None:
    case = open_case("isis", as_of="2026-03-13")
    assert case.hindsight
    assert case.known_later == ()
    assert "theatre-detention" in {one.id for one in open_case("isis-2017").known_later}


def test_every_origin_knows_its_distance_to_every_host_but_itself() -> None:
    hosts = {p["place"] for p in rows("places") if p["kind"] == "host"}
    origins = {p["place"] for p in rows("places") if p["kind"] == "origin"}
    found = {(c["place"], c["covariate"]) for c in known("covariates")}
    wanted = {(o, f"distance_km:{h}") for o in origins for h in hosts if o != h}
    wanted |= {(o, "distance_theatre_km") for o in origins}
    assert wanted <= found


def test_the_case_passes_every_check_and_opens_at_its_own_date() -> None:
    case = open_case("isis-2017")
    assert case.as_of == AS_OF
    assert {f.figure for f in case.figures} == {f["figure"] for f in known("figures")}
    assert {h.holding for h in case.holdings} == {h["holding"] for h in known("holdings")}


@pytest.mark.parametrize("as_of", ["2014-12-31", "2016-02-29", "2016-08-31", "2019-12-31"])
def test_the_case_opens_at_other_dates_with_a_world_total(as_of: str) -> None:
    case = open_case("isis-2017", as_of=as_of)
    assert case.figures_of("travelled", place="WLD")
    assert all(f.published.last_day <= date.fromisoformat(as_of) for f in case.figures)
