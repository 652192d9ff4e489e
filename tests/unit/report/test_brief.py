"""The brief says what its run says, in words that keep the rules, in three forms that ask nobody for anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise

import numpy as np
import pytest

from afterfall.case import Case, UnknownPlace, open_case
from afterfall.model import Model
from afterfall.report.brief import Brief, Section, html, joined, make_brief, markdown, pages_as_png, pdf
from afterfall.report.brief.content import BriefTable, BulletPoints, Drawing, Judgements, Paragraphs
from afterfall.report.brief.country import MOST_NAMED, published_return_shares
from afterfall.report.brief.organisations_section import EXPECTED
from afterfall.report.brief.sources_section import sources_sections
from afterfall.report.explain.why import why
from afterfall.report.headlines.country_simulations import CountrySimulations
from afterfall.report.headlines.headline import at_least, round_numbers
from afterfall.report.kit.likelihood_words import SCALES, odds
from afterfall.report.kit.number_formats import interval, share, two_figures
from afterfall.report.kit.text_table import TableColumn, TextTable
from afterfall.run import Run
from afterfall.run.quantile_levels import low_median_high

COUNTRY = "arda"


@pytest.fixture(scope="module")
def isis() -> Case:
    return open_case("isis-2017")


def grid_rows(brief: Brief, key: str) -> dict[str, tuple[str, ...]]:
    """Rows of a section's table by their first cell."""
    sheet = next(b for b in brief.section(key).blocks if isinstance(b, BriefTable))
    return {row[0]: row[1:] for section in sheet.grid.sections for row in section}


def in_figures(values: np.ndarray) -> str:
    low, median, high = low_median_high(values)
    return two_figures(median) if low == high else f"{two_figures(median)} ({interval(low, high)})"


def values(run: Run, quantity: str, month: int) -> np.ndarray:
    return np.asarray(run.quantity(quantity, COUNTRY).sel(origin_month=month).values)


def texts(brief: Brief) -> Iterator[str]:
    """Everything a brief says in sentences."""
    yield brief.title
    yield brief.subtitle
    for section in brief.sections:
        for block in section.blocks:
            if isinstance(block, Paragraphs):
                yield from block.texts
            elif isinstance(block, BulletPoints):
                yield from block.items
            elif isinstance(block, Judgements):
                for one in block.items:
                    yield from one.sentences()
            else:
                yield block.caption if isinstance(block, Drawing) else block.note


def sentences(brief: Brief) -> list[str]:
    return [one for text in texts(brief) for one in re.split(r"(?<=[.:;]) (?=[A-Z])", text)]


def test_returns_by_year_are_those_of_the_run(arda: Brief, tiny_run: Run) -> None:
    rows = grid_rows(arda, "returns")
    assert list(rows) == ["now", "2016", "2017", "2018"]
    for year, month in zip(rows, (0, 12, 24, 36), strict=True):
        unknown = values(tiny_run, "home_unknown", month)
        adults = sum(values(tiny_run, f"home_{d}", month) for d in ("pacified", "adherent", "sympathiser", "committed"))
        assert rows[year] == (
            in_figures(values(tiny_run, "returned", month)),
            in_figures(unknown),
            in_figures(adults - unknown),
        )


def test_states_by_year_are_those_of_the_run_and_add_up(arda: Brief, tiny_run: Run) -> None:
    table = tiny_run.summary(36, COUNTRY)
    rows = grid_rows(arda, "states")
    stocks = table[table["group"].isin(["pathway", "fate"])]
    assert len(rows) == len(stocks)
    for cells, code in zip(rows.values(), stocks.index, strict=True):
        assert cells[-2] == share(stocks["mean_share"].loc[code]).rstrip("%")
        assert cells[-1] == in_figures(values(tiny_run, code, 36))
    assert stocks["mean_share"].sum() == pytest.approx(1.0)


def test_probabilities_of_the_judgements_are_counted_over_the_simulations(arda: Brief, tiny_run: Run) -> None:
    first, unknown, largest, sent, falls = arda.judgements()
    added = values(tiny_run, "returned", 24) - values(tiny_run, "returned", 0)
    number = int(re.findall(r"at least (\d+)", first.text)[0])
    assert first.probability == pytest.approx((added >= number).mean())
    number = int((re.findall(r"at least (\d+)", unknown.text) or ["1"])[0])
    assert unknown.probability == pytest.approx((values(tiny_run, "home_unknown", 24) >= number).mean())
    new = values(tiny_run, "dispatched_so_far", 36) - values(tiny_run, "dispatched_so_far", 0)
    assert sent.probability == pytest.approx((new >= 1).mean())
    lost = tiny_run.dataset["lost"].values
    listed = [not str(name).startswith("rest-of-territory") for name in tiny_run.dataset["holding"].values]
    still = (lost.max(axis=0) > 0) & listed
    assert falls.spread.startswith("Fallen by then, of 1: ")
    assert falls.probability == pytest.approx((lost[:, still].max(axis=1) <= 24).mean())
    means = {c: tiny_run.summary(36, COUNTRY)["mean"].loc[c] for c in ("killed", "disengage", "in_ranks", "remain")}
    assert means[largest.quantity] == max(means.values())


def test_the_title_has_the_median_and_the_range(arda: Brief, tiny_run: Run) -> None:
    added = values(tiny_run, "returned", 24) - values(tiny_run, "returned", 0)
    low, median, high = low_median_high(added)
    assert f"{two_figures(median)} more" in arda.title
    assert f"90% range {interval(low, high)}" in arda.title


def test_thresholds_are_the_largest_that_are_still_likely() -> None:
    counts = np.repeat([0.0, 3.0, 12.0, 30.0], 25)
    assert round_numbers(60) == [1, 2, 5, 10, 20, 50]
    assert at_least(counts) == (2, 0.75)
    assert at_least(np.array([0.0] * 99 + [1.0])) == (1, 0.01)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_likelihood_and_confidence_never_share_a_sentence(tiny_run: Run, tiny_model: Model, scale: object) -> None:
    brief = make_brief(tiny_run, tiny_model, country="brom", command="x", scale=scale)  # type: ignore[arg-type]
    terms = "|".join(sorted((t.text for t in scale.terms), key=len, reverse=True))  # type: ignore[attr-defined]
    mixed = [s for s in sentences(brief) if "confidence" in s and re.search(rf"\b({terms})\b|in 100|in 1,000", s)]
    assert not mixed


def test_a_mixed_sentence_would_be_seen() -> None:
    bad = "We judge it likely (55–80%) with high confidence that it happens."
    assert "confidence" in bad
    assert re.search(r"\blikely\b", bad)


def test_confidence_far_ahead_is_not_high(arda: Brief) -> None:
    assert {j.month for j in arda.judgements()} == {24, 36}
    assert all(j.confidence.level != "high" for j in arda.judgements() if j.month > 24)


def test_ranges_stand_in_the_sentence_and_the_number_beside_it(arda: Brief) -> None:
    for one in arda.judgements():
        if 0.01 <= one.probability <= 0.99:
            assert re.search(r"\(\d+–\d+%\)", one.text)
            assert re.search(r"\d+ in 100\.$", one.text)


def test_countries_add_up_to_the_world_in_every_simulation(tiny_run: Run) -> None:
    months = tiny_run.dataset["origin_month"].values
    whole = tiny_run.dataset["world"].sel(month=months).values
    assert np.array_equal(tiny_run.dataset["origins"].sum("origin").values, whole)


def test_simulations_are_the_quantities_of_the_run(tiny_run: Run) -> None:
    for country in (None, COUNTRY):
        simulations = CountrySimulations(tiny_run, country)
        for quantity in ("returned", "killed", "home_unknown"):
            assert np.array_equal(simulations.paths(quantity), tiny_run.quantity(quantity, country).values)


def test_zeros_and_frequencies_are_told(arda: Brief, tiny_run: Run) -> None:
    lens = next(b for b in arda.section("lens").blocks if isinstance(b, BulletPoints))
    table = tiny_run.summary(36, COUNTRY)
    zero = [row.label for row in table.itertuples() if row.group in ("pathway", "fate") and row.low90 == 0]
    assert zero
    assert f"includes zero for {len(zero)} of" in lens.items[0]
    named = [f"“{label}”" in lens.items[0] for label in zero]
    assert all(named) if len(zero) <= MOST_NAMED else not any(named)


def test_it_says_what_its_parameters_rest_on(arda: Brief, prior_run: Run, tiny_model: Model) -> None:
    """Under a posterior nothing claims that nothing is fitted; under priors nothing claims that anything is."""
    bare = make_brief(prior_run, tiny_model, country="arda", command="x")
    fitted, unfitted = (" ".join(texts(one)) for one in (arda, bare))
    assert "Parameters of the past are fitted to the figures then public (posterior " in fitted
    assert "What data inform, and what rests on priors only" in [s.title for s in arda.sections]
    for word in ("not fitted", "no parameter is fitted", "Rates of leaving"):
        assert word not in fitted
        assert word in unfitted
    for word in ("The data inform", "posterior", "the data inform", "informed by the figures"):
        assert word not in unfitted
    assert "What rests on priors only" in [s.title for s in bare.sections]


def test_the_command_that_makes_it_again_draws_from_the_same(arda: Brief, prior_run: Run, tiny_model: Model) -> None:
    bare = make_brief(prior_run, tiny_model, country="arda", command="x")
    again = [next(t for t in texts(one) if t.startswith("To reproduce it")) for one in (arda, bare)]
    assert ["--prior-only" in text for text in again] == [False, True]


def test_confidence_depends_on_how_far_data_inform_each_number(arda: Brief) -> None:
    """The drivers of a judgement are those of its own number, and count only where they were learned."""
    for one in arda.judgements():
        ingredient = next(i for i in one.confidence.ingredients if i.name == "parameters")
        if one.why is not None:
            learned = [d.basis for d in one.why.drivers].count("learned")
            assert (ingredient.grade > 0) == (learned > 0), ingredient
            assert one.why.month == one.month
    assert len({tuple(d.influence.parameter for d in j.why.drivers) for j in arda.judgements() if j.why}) > 1


def test_numbers_printed_are_those_of_the_run_whatever_it_draws_from(prior_run: Run, tiny_model: Model) -> None:
    brief = make_brief(prior_run, tiny_model, country="arda", command="x")
    test_returns_by_year_are_those_of_the_run(brief, prior_run)
    test_states_by_year_are_those_of_the_run_and_add_up(brief, prior_run)
    test_the_title_has_the_median_and_the_range(brief, prior_run)
    test_zeros_and_frequencies_are_told(brief, prior_run)


def test_small_countries_are_told_as_frequencies_with_comparators(tiny_run: Run, tiny_model: Model) -> None:
    """The chance among a hundred such countries, the share of the world, and past cases with their sources."""
    for country in ("arda", "brom", "cern"):
        brief = make_brief(tiny_run, tiny_model, country=country, command="x")
        lens = next(b for b in brief.section("lens").blocks if isinstance(b, BulletPoints)).items
        sent = tiny_run.quantity("dispatched_so_far", country).sel(origin_month=[0, 36]).values
        chance = float((sent[:, 1] - sent[:, 0] >= 1).mean())
        if 0.01 <= chance <= 0.99:
            assert f"Of 100 such countries, {100 * chance:.0f} would see" in lens[1]
            assert f"and {100 - round(100 * chance)} would see none" in lens[1]
        else:
            assert odds(chance, 90) in lens[1]
        own, whole = (tiny_run.summary(36, c)["mean"].loc["travelled"] for c in (country, None))
        assert f"account for {two_figures(100 * own / whole)}% of all who ever travelled" in lens[2]


def test_comparators_are_published_shares_of_other_countries(isis: Case) -> None:
    """Latest returned over latest travelled where both were public; no figure of the case's future is read."""
    shares = published_return_shares(isis)
    assert len(shares) >= 10
    assert all(0 <= value <= 1 for value in shares.values())
    for place, value in shares.items():
        back, gone = (
            [f for f in isis.figures_of(q, place=place) if f.basis == "cumulative" and not f.role and not f.bound]
            for q in ("returned", "travelled")
        )
        assert value == back[-1].value / gone[-1].value
        assert all(f.published.last_day <= isis.as_of for f in (*back, *gone))


def test_it_says_plainly_what_is_not_there(arda: Brief) -> None:
    everything = " ".join(texts(arda))
    assert "No package of measures was compared" in everything
    assert "No scores of earlier forecasts of this case are available" in everything


def test_another_result_joins_as_a_section(tiny_run: Run, tiny_model: Model) -> None:
    parts = (
        Section("options", "Options compared", (Paragraphs(("B does better than A.",)),)),
        Section("attacks", "Attacks", (Paragraphs(("Few.",)),)),
    )
    brief = make_brief(tiny_run, tiny_model, country="arda", command="x", parts=parts)
    keys = [s.key for s in brief.sections]
    assert keys.count("options") == 1
    assert keys[-2:] == ["attacks", "limits"]
    for form in (html(brief), markdown(brief)):
        assert "B does better than A." in form
        assert "No package of measures" not in form


def test_organisations_are_told_with_the_chances_of_the_run(arda: Brief, tiny_run: Run) -> None:
    points = next(b for b in arda.section("organisations").blocks if isinstance(b, BulletPoints)).items
    standing = tiny_run.organisation_record.count()[:, 36]
    low, median, high = low_median_high(standing)
    assert f"median {two_figures(median)}, 90% range {interval(low, high)}; now" in points[0]
    chance = float(tiny_run.organisation_record.event_probabilities(36)["p_any"].loc["merger"])
    assert any("core and a rival merge as equals" in point and odds(chance, 90) in point for point in points)


def test_places_are_named_only_where_they_concern_the_country(arda: Brief, tiny_run: Run) -> None:
    """Where its people are expected with an offshoot; of a case whose countries no reference class knows, no other."""
    points = next(b for b in arda.section("organisations").blocks if isinstance(b, BulletPoints)).items
    (line,) = [one for one in points if "with an offshoot" in one]
    means = tiny_run.summary(36, COUNTRY)["mean"]
    labels = {q: str(v) for q, v in zip(tiny_run.quantity_names, tiny_run.dataset["label"].values, strict=True)}
    for quantity in (q for q in tiny_run.quantity_names if q.startswith("offshoot_")):
        assert (labels[quantity].partition(": ")[2] in line) == (means.loc[quantity] >= EXPECTED), quantity
    assert not any("likeliest" in one for one in points)


def test_forecasts_are_in_the_future_tense(arda: Brief) -> None:
    assert "will come home by" in arda.title
    assert all(" will " in one.event for one in arda.judgements())


def test_one_number_of_several_sources_is_one_row_with_the_best_graded_first(tiny_run: Run, tiny_model: Model) -> None:
    chain = why(tiny_run, tiny_model, quantity="returned", country=COUNTRY)
    figure = chain.figures[0]
    weak = replace(figure, title="Hearsay", grade="E5")
    printed, *_ = sources_sections(replace(chain, figures=(weak, figure)))
    (sheet,) = [b for b in printed.blocks if isinstance(b, BriefTable)]
    ((row,),) = sheet.grid.sections
    assert row[-1] == f"{figure.title} ({figure.grade}); also Hearsay (E5)"


def test_what_a_command_prints_makes_a_section(arda: Brief) -> None:
    grid = TextTable(
        (TableColumn("outcome"), TableColumn("B less A", "right")), (tuple((f"row {i}", str(i)) for i in range(40)),)
    )
    part = joined("options", ("B against A.",), (grid,), ("With the same random draws.",))
    brief = arda.with_parts((part,))
    assert [s.key for s in brief.sections] == [s.key for s in arda.sections]
    assert brief.section("options").title == "Options compared"
    plain = markdown(brief)
    assert "row 11" in plain
    assert "row 12" not in plain
    assert "The first 12 of 40 rows." in plain


def test_an_unknown_country_is_refused(tiny_run: Run, tiny_model: Model) -> None:
    with pytest.raises(UnknownPlace, match="Ardaa"):
        make_brief(tiny_run, tiny_model, country="Ardaa", command="x")


class Links(HTMLParser):
    """Every address an HTML file names, its tags, and whether each table and picture says what it is."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        named = dict(attrs)
        self.addresses += [named[a] or "" for a in ("src", "href", "srcset", "data", "action", "poster") if a in named]
        if tag == "svg":
            self.pictures.append(named.get("aria-label") or "")


def test_html_asks_nobody_for_anything(arda: Brief) -> None:
    text = html(arda)
    found = Links()
    found.feed(text)
    assert all(address.startswith("#") for address in found.addresses)
    assert not {"script", "link", "iframe", "img", "object"} & set(found.tags)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert all(words for words in found.pictures)
    assert found.tags.count("details") == len(list(arda.judgements()))
    assert text.isascii() or '<meta charset="utf-8">' in text


class Boxes(HTMLParser):
    """What a reader without a mouse meets: the language, headings, boxes that scroll, and what lies in each."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.headings: list[int] = []
        self.boxes: list[dict[str, str | None]] = []
        self.outside: list[str] = []
        self._depth: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "html":
            self.language = named.get("lang")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag in ("table", "svg") and not any(self._depth):
            self.outside.append(tag)
        if tag == "div":
            self._depth.append(named.get("class") == "scroll")
            if self._depth[-1]:
                self.boxes.append(named)

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._depth.pop()


def test_html_can_be_read_by_keyboard_on_a_narrow_screen(arda: Brief) -> None:
    """What scrolls takes the focus and has a name of its own (axe: scrollable-region-focusable, landmark-unique)."""
    page = html(arda)
    found = Boxes()
    found.feed(page)
    assert found.language == "en"
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(found.headings))
    assert found.outside == []
    assert len(found.boxes) > 10
    assert {(one.get("tabindex"), one.get("role")) for one in found.boxes} == {("0", "region")}
    names = [one.get("aria-label") or "" for one in found.boxes] + [section.title for section in arda.sections]
    assert all(names)
    assert len(set(names)) == len(names)


def test_boxes_of_one_kind_in_one_section_have_names_of_their_own(arda: Brief) -> None:
    twice = replace(arda, sections=tuple(replace(s, blocks=s.blocks * 2) for s in arda.sections if s.key == "returns"))
    names = re.findall('aria-label="((?:Table|Picture)[^"]*)"', html(twice))
    assert len(set(names)) == len(names) == 4


def test_only_boxes_scroll_and_they_show_the_focus() -> None:
    style = resources.files("afterfall.report.brief").joinpath("brief.css").read_text(encoding="utf-8")
    assert re.findall(r"(\S+) \{[^}]*overflow-x: auto", style) == [".scroll"]
    assert ".scroll:focus {" in style


def test_every_form_has_every_judgement_and_what_is_behind_it(arda: Brief) -> None:
    plain = markdown(arda)
    page = html(arda)
    for one in arda.judgements():
        assert one.text in plain
        assert one.confidence.sentence() in plain
        assert one.text in page.replace("&lt;", "<")
    assert "reporting.returned" in page or "mechanism" in page


def test_markdown_tables_have_one_width(arda: Brief) -> None:
    tables = re.findall(r"(?:^\|.*\|$\n?)+", markdown(arda), re.MULTILINE)
    assert len(tables) >= 5
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.strip().splitlines()}) == 1


def test_print_is_two_pages_and_the_same_bytes_again(arda: Brief) -> None:
    pytest.importorskip("typst")
    pages = pages_as_png(arda, ppi=30)
    assert len(pages) == 2
    first = pdf(arda)
    assert first.startswith(b"%PDF")
    assert pdf(arda) == first


def test_a_brief_of_many_words_still_fits_two_pages(tiny_run: Run, tiny_model: Model) -> None:
    pytest.importorskip("typst")
    words = tuple(f"Point {i}: " + "many words follow one another here. " * 4 for i in range(12))
    brief = make_brief(
        tiny_run, tiny_model, country="arda", command="x", parts=(Section("more", "More", (BulletPoints(words),)),)
    )
    assert len(pages_as_png(brief, ppi=30)) == 2
