"""Conditions: the forms that are read, and everything that is refused, in one report."""

from __future__ import annotations

import pytest

from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.run.condition_windows import conditions_on
from afterfall.run.conditions import Condition, ConditionError, read_condition
from afterfall.run.errors import SettingError


@pytest.fixture(scope="module")
def isis() -> Model:
    """The main case, five years ahead."""
    return build(open_case("isis-2017"))


def _refused(model: Model, *given: str) -> dict[str, str]:
    with pytest.raises(ConditionError) as caught:
        conditions_on(given, model)
    return dict(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("raqqa falls 2017-10", Condition("fall", "raqqa", "2017-10", by=False)),
        ("raqqa falls in 2017-10", Condition("fall", "raqqa", "2017-10", by=False)),
        ("  Abu  Kamal falls by 2017-11-19 ", Condition("fall", "Abu Kamal", "2017-11-19", by=True)),
        ("ALL fall by 2019-03", Condition("fall", "all", "2019-03", by=True)),
        ("raqqa falls", Condition("fall", "raqqa", None, by=True)),
        ("merger hts", Condition("merger", "hts", None, by=True)),
        ("merger with Ahrar al-Sham by 2018-06", Condition("merger", "Ahrar al-Sham", "2018-06", by=True)),
        ("merger hts 2018-06", Condition("merger", "hts", "2018-06", by=False)),
        ("break al-hol 2026-01", Condition("break", "al-hol", "2026-01", by=False)),
        ("break at Roj by 2026-01", Condition("break", "Roj", "2026-01", by=True)),
        ("collapse of iraq", Condition("collapse", "iraq", None, by=True)),
    ],
)
def test_forms_are_read(text: str, expected: Condition) -> None:
    assert read_condition(text) == expected
    assert read_condition(expected.text) == expected


def test_conditions_become_months_under_their_usual_names(isis: Model) -> None:
    found = conditions_on(["RAQQA falls by 2017-10", "raqqa falls by 2018-01", "merger Hayat Tahrir al-Sham"], isis)
    assert found is not None
    assert found.texts == ("merger hts", "raqqa falls by 2017-10", "raqqa falls by 2018-01")
    assert found.falls == {isis.holdings.index("raqqa"): (1, 9)}  # month 9 ends on 13 November 2017
    assert list(found.mergers.values()) == [(1, 60)]
    typed = conditions_on(Condition("fall", "raqqa", "2017-10-17", by=False), isis)
    assert typed is not None
    assert typed.forced(isis)[isis.holdings.index("raqqa")] == 9
    assert conditions_on((), isis) is None


def test_a_month_is_the_month_of_the_run_that_holds_most_of_it() -> None:
    seen = build(open_case("tiny", as_of="2015-06-30"), horizon=12)
    for date, month in (("2015-07", 1), ("2015-12", 6), ("2015-07-31", 2), ("2016-06-30", 12)):
        found = conditions_on(f"harbour falls {date}", seen)
        assert found is not None
        assert list(found.falls.values()) == [(month, month)], date


def test_all_are_the_holdings_that_stand_the_rest_included(isis: Model) -> None:
    found = conditions_on("all fall by 2019-03", isis)
    assert found is not None
    standing = {s.name for s in isis.view.spells if s.lost is None}
    assert {isis.holdings[k] for k in found.falls} == standing
    assert any(name in standing for name in isis.view.remainder_spells)
    rest = conditions_on("rest-of-territory falls by 2019-03", isis)
    assert rest is not None
    assert {isis.holdings[k] for k in rest.falls} == isis.view.remainder_spells


def test_a_town_taken_twice_is_the_one_that_stands(isis: Model) -> None:
    found = conditions_on("palmyra falls 2017-03", isis)
    assert found is not None
    assert [isis.holdings[k] for k in found.falls] == ["palmyra#2"]


def test_everything_wrong_is_reported_together(isis: Model) -> None:
    wrong = {
        "raqa falls 2017-10": "did you mean 'Raqqa'?",
        "sirte falls 2018-01": "was never held by isis but by isis-libya",
        "ramadi falls 2018-01": "has fallen already, on 2015-12-28",
        "raqqa falls 2016-10": "expected a month after 2017-02-13",
        "mosul falls by 2030-01": "expected a month up to 2022-02-13",
        "raqqa falls 2017": "found the year '2017', expected a month",
        "raqqa falls by soon": "found the date 'soon', expected a month",
        "raqqa falls by": "found no date after 'by'",
        "raqqa fals 2017-10": "did you mean 'raqqa falls 2017-10'?",
        "merger htt": "did you mean 'hts'?",
        "merger jabhat-fatah-al-sham": "is no rival of isis on 2017-02-13",
        "all fall 2018-01": "expected 'all fall by 2018-01'",
        "": "found no known event",
    }
    found = _refused(isis, *wrong)
    assert set(found) == set(wrong)
    for text, expected in wrong.items():
        assert expected in found[text], (text, found[text])


def test_conditions_that_contradict_each_other_are_named(isis: Model) -> None:
    found = _refused(isis, "raqqa falls 2017-10", "raqqa falls by 2017-08")
    assert found == {
        "raqqa falls by 2017-08": "contradicts 'raqqa falls 2017-10', expected conditions that can hold together"
    }
    assert "contradicts" in _refused(isis, "all fall by 2017-08", "raqqa falls 2017-10")["raqqa falls 2017-10"]
    assert conditions_on(["all fall by 2019-03", "raqqa falls 2017-10", "raqqa falls"], isis) is not None


def test_breaks_of_custody_are_dated_events_after_the_holdings() -> None:
    model = build(open_case("isis", as_of="2024-12-08"), horizon=24)
    names = [event.name for event in model.structure.dated_events]
    found = conditions_on(["break AL-HOL 2025-06", "collapse Prisons of north-east Syria by 2026-01"], model)
    assert found is not None
    assert found.texts == ("break al-hol 2025-06", "collapse ne-syria-camp by 2026-01")
    assert found.falls == {
        names.index("custody_break.al-hol.1"): (7, 7),
        names.index("custody_collapse.ne-syria-camp"): (1, 14),
    }
    assert min(found.falls) >= len(model.holdings)
    wrong = _refused(model, "break al-hool by 2026-01", "collapse turkey by 2026-01", "break roj 2030-01")
    assert "did you mean 'al-hol'?" in wrong["break al-hool by 2026-01"]
    assert "is no custodian with a captor" in wrong["collapse turkey by 2026-01"]
    assert "beyond its horizon" in wrong["break roj 2030-01"]


def test_a_case_without_custody_events_has_no_breaks_to_give(isis: Model) -> None:
    assert "has no breaks of custody to come" in _refused(isis, "break al-hol by 2018-01")["break al-hol by 2018-01"]


def test_none_is_no_condition_and_what_is_no_condition_is_refused(isis: Model) -> None:
    assert conditions_on(None, isis) is None
    for wrong in (3, ["raqqa falls 2017-10", 7]):
        with pytest.raises(SettingError, match=r"found [37], expected a text"):
            conditions_on(wrong, isis)  # type: ignore[arg-type]


def test_settings_are_named_as_on_the_command_line(isis: Model) -> None:
    with pytest.raises(ConditionError) as caught:
        conditions_on(["x falls", "merger y"], isis)
    assert caught.value.worded(lambda name: f"--{name}").count("--given '") == 2
