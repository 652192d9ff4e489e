"""A place is found by every usual name, and asked about where a name is not one place's alone."""

import csv
import subprocess
import sys
from collections.abc import Mapping
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterfall.case import UnknownPlace, find_place, with_article


def places(case: str) -> Mapping[str, str]:
    text = resources.files("afterfall.case").joinpath("data", case, "places.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["place"]: r["name"] for r in rows if r["kind"] in ("origin", "remainder")}


ISIS = places("isis")
REST = tuple(code for code in ISIS if code.startswith("rest-"))
MORE = {
    **ISIS,
    "CZE": "Czech Republic",
    "CIV": "Côte d'Ivoire",
    "MMR": "Myanmar",
    "COD": "Congo, DRC",
    "COG": "Congo",
    "PRK": "North Korea",
    "KOR": "South Korea",
    "GMB": "Gambia",
    "ARM": "Armenia",
    "GRC": "Greece",
}
SPELLINGS = {
    "GBR": ("UK", "U.K.", "GB", "GBR", "Britain", "Great Britain", "the United Kingdom"),
    "USA": ("America", "USA", "US", "u.s.a.", "United States of America", "the us"),
    "CZE": ("Czechia", "Czech Republic", "the Czech Republic", "Česko"),
    "TUR": ("Türkiye", "Turkiye", "TURKEY", "tr"),
    "CIV": ("Ivory Coast", "Côte d'Ivoire", "Cote d’Ivoire", "cote divoire"),
    "MMR": ("Burma", "Myanmar", "Myanmar (Burma)"),
    "NLD": ("Holland", "The Netherlands", "Nederland"),
    "MKD": ("Macedonia", "North Macedonia", "Северна Македонија"),
    "BIH": ("Bosnia", "Bosnia & Herzegovina", "Bosnia and Herzegovina", "Bosna i Hercegovina"),
    "PSE": ("Palestine", "Palestinian Territories"),
    "RUS": ("Russian Federation", "Россия", "россия"),
    "DEU": ("Deutschland", "deutschland", "DE"),
    "MAR": ("المغرب", "Maroc"),
    "CHN": ("中国", "PRC"),
    "AUT": ("Österreich", "Osterreich", "Oesterreich"),
    "BEL": ("België", "Belgie", "Belgique", "Belgien"),
    "FIN": ("Suomi",),
    "SWE": ("Sverige",),
    "DNK": ("Danmark",),
    "CHE": ("Schweiz", "Suisse", "Svizzera"),
    "ESP": ("España", "Espana"),
    "AZE": ("Azərbaycan",),
    "EGY": ("مصر",),
    "SAU": ("المملكة العربية السعودية", "KSA"),
    "IND": ("भारत",),
    "XKX": ("Kosovo", "XK", "xkx"),
    "ARE": ("UAE", "Emirates"),
    "KOR": ("Republic of Korea", "South Korea", "대한민국"),
    "COD": ("DRC", "DR Congo", "Congo - Kinshasa", "Democratic Republic of the Congo"),
    "COG": ("COG", "Republic of the Congo", "Congo-Brazzaville"),
    "GMB": ("The Gambia", "gambia"),
    "GRC": ("Ελλάδα",),
    "rest-balkans": ("other countries: balkans", "REST-BALKANS"),
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SPELLINGS.items() for text in texts])
def test_usual_spellings(code: str, text: str) -> None:
    assert find_place(text, MORE, remainders=REST) == code


@pytest.mark.parametrize("case", ["isis", "mali-2013", "tiny"])
def test_codes_and_names_of_every_case(case: str) -> None:
    known = places(case)
    for code, name in known.items():
        assert {find_place(text, known) for text in (code, code.lower(), name, name.upper(), f"the {name}")} == {code}


@given(st.sampled_from(sorted(MORE)), st.sampled_from((str.upper, str.lower, str.title, lambda s: f"  {s}. ")))
def test_case_and_punctuation_make_no_difference(code: str, written: object) -> None:
    assert callable(written)
    name = MORE[code] if code != "COG" else "Congo-Brazzaville"
    assert find_place(written(name), MORE) == code


@given(st.text(max_size=12))
def test_any_text_is_found_or_refused(text: str) -> None:
    try:
        found = [find_place(text, MORE, remainders=REST)]
    except UnknownPlace as refused:
        found = list(refused.nearest)
    assert set(found) <= set(MORE)


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        *((text, "XKX", "Kosovo") for text in ("KOS", "KSV", "Kosova", "kosova", "RKS", "XKV")),
        ("GER", "DEU", "Germany"),
        ("NED", "NLD", "Netherlands"),
        ("Canad", "CAN", "Canada"),
    ],
)
def test_an_unofficial_code_is_answered_with_the_country_meant(text: str, code: str, name: str) -> None:
    with pytest.raises(UnknownPlace) as refused:
        find_place(text, MORE, remainders=REST)
    assert str(refused.value) == f"unknown country {text!r}: did you mean {name} ({code})?"
    assert refused.value.nearest == (code,)


@pytest.mark.parametrize("text", ["Atlantis", "KOS"])
def test_all_countries_are_listed_only_where_none_is_near(text: str) -> None:
    with pytest.raises(UnknownPlace, match=r"expected a country with figures of its own: Canada \(CAN\), Japan"):
        find_place(text, {"CAN": "Canada", "JPN": "Japan"})


@pytest.mark.parametrize(
    ("text", "codes"), [("Congo", {"COD", "COG"}), ("Korea", {"PRK", "KOR"}), ("the congo", {"COD", "COG"})]
)
def test_a_name_of_two_places_is_asked_about(text: str, codes: set[str]) -> None:
    with pytest.raises(UnknownPlace, match="may mean") as refused:
        find_place(text, MORE)
    assert set(refused.value.nearest) == codes
    assert all(code in str(refused.value) for code in codes)


def test_a_name_of_two_places_is_asked_about_where_one_of_them_is_not_covered() -> None:
    with pytest.raises(UnknownPlace, match=r"may mean North Korea or South Korea \(KOR\)"):
        find_place("Korea", {"KOR": "South Korea", "JPN": "Japan"})


def test_two_places_of_one_name_are_asked_about() -> None:
    with pytest.raises(UnknownPlace, match=r"may mean Arda \(a1\) or arda \(a2\)"):
        find_place("ARDA", {"a1": "Arda", "a2": "arda", "b": "Brom"})


@pytest.mark.parametrize("text", ["EU", "Europe", "European Union", "Africa", "the Balkans", "Northern Africa", "150"])
def test_a_group_is_said_to_be_one(text: str) -> None:
    with pytest.raises(
        UnknownPlace,
        match=r"a group of countries.*rest-asia.*the command attacks takes groups, such as 'Europe'",
    ):
        find_place(text, ISIS, remainders=REST)


def test_a_group_is_found_where_groups_are_taken() -> None:
    known = {**ISIS, "XEU": "Europe (the 28 of the EU)"}
    for text in ("EU", "europe", "The European Union", "XEU", "Europe (the 28 of the EU)"):
        assert find_place(text, known, groups={"XEU": ("Europe", "EU", "European Union")}) == "XEU"
    with pytest.raises(UnknownPlace, match=r"unknown group 'Africa': expected a country, or Europe .* \(XEU\)"):
        find_place("Africa", known, groups={"XEU": ("Europe", "EU")})


def test_the_world_needs_no_country() -> None:
    with pytest.raises(UnknownPlace, match="for the whole world, name no country"):
        find_place("World", ISIS)


@pytest.mark.parametrize("text", ["Japan", "JP", "jpn"])
def test_a_country_without_figures_is_told_where_it_is_counted(text: str) -> None:
    with pytest.raises(UnknownPlace, match=r"Japan.*figures of its own: Afghanistan \(AFG\).*rest-asia") as refused:
        find_place(text, ISIS, remainders=REST)
    assert refused.value.nearest == ()
    assert "did you mean" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tunesia", "TUN"),
        ("Germnay", "DEU"),
        ("Deutshland", "DEU"),
        ("Svergie", "SWE"),
        ("Росия", "RUS"),
        ("BBBB", "BBB"),
    ],
)
def test_the_nearest_names_are_offered(text: str, code: str) -> None:
    with pytest.raises(UnknownPlace, match="did you mean") as refused:
        find_place(text, {**ISIS, "BBB": "Brom"})
    assert refused.value.nearest[0] == code


def test_codes_and_own_names_need_no_library() -> None:
    asked = (
        "import sys; from afterfall.case import find_place; "
        "find_place('can', {'CAN': 'Canada'}); find_place('canada', {'CAN': 'Canada'}); "
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("United States", "the United States"),
        ("United Kingdom", "the United Kingdom"),
        ("Netherlands", "the Netherlands"),
        ("Maldives", "the Maldives"),
        ("Czech Republic", "the Czech Republic"),
        ("Solomon Islands", "the Solomon Islands"),
        ("Canada", "Canada"),
        ("Trinidad and Tobago", "Trinidad and Tobago"),
        ("Kyrgyzstan", "Kyrgyzstan"),
        ("World", "the world"),
        ("the world", "the world"),
        ("Other countries: Balkans", "the other countries: Balkans"),
        ("Rest of the Maghreb", "the rest of the Maghreb"),
    ],
)
def test_names_in_a_sentence(name: str, written: str) -> None:
    assert with_article(name) == written


def test_a_code_as_it_stands_is_never_in_doubt() -> None:
    """A program asks by code; that another place bears the code as its name must not stop it."""
    named_alike = {"arda": "Cern", "cern": "Cern"}
    assert find_place("cern", named_alike) == "cern"
    with pytest.raises(UnknownPlace, match="may mean"):
        find_place("Cern", named_alike)


def test_a_country_that_is_no_candidate_keeps_less_similar_ones_out() -> None:
    with pytest.raises(UnknownPlace) as refused:
        find_place("Candia", {"IND": "India", "CAN": "Canada"})
    assert refused.value.nearest == ("CAN",)
    with pytest.raises(UnknownPlace) as refused:
        find_place("Candia", {"IND": "India"})
    assert refused.value.nearest == ()
