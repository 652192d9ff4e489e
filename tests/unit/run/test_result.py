"""What is read from a run: tables against hand-computed ones, names checked, dates right."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.made_up.batches import HORIZON, LABELS, QUANTITIES, attributes, request, simulate

from afterfall import Run
from afterfall.api import forecast  # noqa: F401  (the first use of a verb tells runs how notebooks show them)
from afterfall.case import UnknownPlace
from afterfall.run.errors import UnknownName
from afterfall.run.netcdf import dataset
from afterfall.run.provenance import witness

N = 40
NEVER = HORIZON + 1


def _run(**replaced: np.ndarray) -> Run:
    asked = request(trajectories=N)
    arrays = {**simulate(None, seed=asked.seed, trajectories=range(N)).arrays(), **replaced}
    provenance = witness(command="test", started="", threads=1, found=0, computed=1)
    return Run(dataset(LABELS, arrays, attributes(asked)), asked, provenance)


@pytest.fixture(scope="module")
def run() -> Run:
    return _run()


def test_summary_against_sorted_values(run: Run) -> None:
    table = run.summary(at=2)
    ordered = np.sort(run.dataset["world"].values[:, 2, 1])
    row = table.loc["remain"]
    # Of 40 values the 5 % quantile is the 2nd, the median the 20th, the 95 % quantile the 38th.
    assert (row["low90"], row["median"], row["high90"]) == (ordered[1], ordered[19], ordered[37])
    assert row["mean"] == pytest.approx(ordered.mean())


def test_mean_shares_are_means_of_shares_and_add_up(run: Run) -> None:
    table = run.summary(at="2017-07-31", country="AAA")
    counts = run.dataset["origins"].values[:, 2, 0, :4]
    everyone = counts.sum(axis=1)
    shares = (counts[everyone > 0] / everyone[everyone > 0, None]).mean(axis=0)
    assert table["mean_share"].iloc[:4].to_numpy() == pytest.approx(shares)
    assert table["mean_share"].sum() == pytest.approx(1.0)
    assert np.isnan(table.loc["travelled", "mean_share"])


def test_nobody_ever_travelled() -> None:
    table = _run(world=np.zeros((N, HORIZON + 1, len(QUANTITIES)), dtype="<i8")).summary()
    assert table["mean"].tolist() == [0.0] * len(QUANTITIES)
    assert table["mean_share"].isna().all()


def test_groups_are_rows_of_the_summary(run: Run) -> None:
    assert list(run.pathways().index) == ["disengage", "remain"]
    assert list(run.fates().index) == ["killed", "detained"]
    assert list(run.counters().index) == ["travelled"]


def test_the_default_is_the_horizon(run: Run) -> None:
    assert run.summary().equals(run.summary(at=HORIZON))
    assert run.date() == date(2017, 7, 31)
    assert run.date(1) == date(2017, 2, 28)


def test_a_quantity_with_its_axes_and_unit(run: Run) -> None:
    world, country = run.quantity("killed"), run.quantity("killed", country="brom")
    assert world.dims == ("trajectory", "month")
    assert country.dims == ("trajectory", "origin_month")
    np.testing.assert_array_equal(country.values, run.dataset["origins"].values[:, :, 1, 2])
    assert country.attrs["units"] == "people"
    assert country.attrs["definition"] == "dead"


def test_countries_by_code_or_name_in_any_case(run: Run) -> None:
    assert {run.origin(word) for word in ("BBB", "bbb", "Brom", "brom")} == {"BBB"}


@pytest.mark.parametrize(("word", "nearest"), [("Arde", ("AAA",)), ("bbbb", ("BBB",)), ("xyzzy", ())])
def test_an_unknown_country_is_named_with_the_nearest(run: Run, word: str, nearest: tuple[str, ...]) -> None:
    with pytest.raises(UnknownPlace, match=word) as found:
        run.summary(country=word)
    assert found.value.nearest == nearest


def test_an_unknown_quantity_is_named_with_the_nearest(run: Run) -> None:
    with pytest.raises(UnknownName, match="did you mean 'killed'"):
        run.quantity("kiled")


def test_a_parameter_has_a_value_in_each_trajectory(run: Run) -> None:
    name = run.parameters[-1]
    assert run.parameter(name).tolist() == run.dataset["parameters"].values[:, -1].tolist()
    with pytest.raises(UnknownName, match=f"did you mean '{name}'"):
        run.parameter(f"{name}x")


def test_a_month_not_recorded_by_country_is_refused(run: Run) -> None:
    with pytest.raises(ValueError, match=r"month 2 is not recorded by country: found months \[0, 3, 6\]"):
        run.summary(at=2, country="AAA")


def test_holdings_against_a_hand_made_case() -> None:
    raq = [2] * 20 + [5] * 10 + [NEVER] * 10
    mos = [NEVER] * 39 + [1]
    lost = np.array([raq, mos, [0] * N], dtype="<i4").T
    table = _run(lost=lost).holdings()
    assert list(table.index) == ["raq", "mos"], "what was lost before is not a holding still held"
    assert table["p_within"].tolist() == [0.75, 0.025]
    assert table["p_not"].tolist() == [0.25, 0.975]
    assert table.loc["raq", ["low90_month", "median_month"]].tolist() == [2, 2]
    assert table.loc["raq", "median_date"] == date(2017, 3, 31)
    assert table["high90_month"].isna().all(), "beyond the horizon"
    assert table.loc["raq", "high90_date"] is None
    assert table["median_month"].isna().tolist() == [False, True]


def test_falls_by_month() -> None:
    lost = np.array([[2] * 30 + [NEVER] * 10, [NEVER] * N, [0] * N], dtype="<i4").T
    falls = _run(lost=lost).falls()
    assert falls.dims == ("month", "holding")
    assert falls.sel(holding="raq").values.tolist() == [0, 0, 0.75, 0.75, 0.75, 0.75, 0.75]
    assert falls.sel(holding="gone").values.tolist() == [1] * 7


def test_overflow_is_a_mean_over_trajectories_and_months() -> None:
    overflow = np.zeros((N, HORIZON + 1, 1))
    overflow[:, 3, 0] = 12.0
    assert _run(overflow=overflow).overflow().loc["courts", ["mean", "largest"]].tolist() == [2.0, 12.0]


def test_it_says_what_it_is(run: Run) -> None:
    for text, own in ((repr(run), ("2017-01-31", "40 traj")), (run._repr_html_(), ("31 Jan 2017", "40 simulations"))):
        for part in (*own, "seed 11", run.request.name):
            assert part in text
    assert {"case", "case_hash", "as_of", "model_version", "seed", "command"} <= set(run.stamp)


def test_a_notebook_shows_dots_with_their_figures(run: Run) -> None:
    page = run._repr_html_()
    stocks = run.summary().query("group in ('pathway', 'fate')")
    assert page.count("<circle") == 20 * len(stocks)
    assert page.count("<svg") == len(stocks)
    for label, median in zip(stocks["label"], stocks["median"], strict=True):
        row = page[page.index(label) :].split("</tr>")[0]
        assert f"<b>{median:,.0f}</b>" in row or median >= 100
    assert "script" not in page
    assert "http" not in page
