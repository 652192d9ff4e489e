"""Every result of a public verb shows itself in a notebook, becomes a data frame of numbers and dates, and is drawn."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import afterfall
from afterfall.report.notebook import NothingToDraw
from afterfall.report.notebook.result_frames import PARTS, WHOLE
from afterfall.report.notebook.result_views import ANSWERS
from afterfall.run import UnknownName
from afterfall.run.notebook_progress import bar_html, in_notebook, simulation_bar
from afterfall.shown import Shown, ShownAsHtml

#: What verbs return that is no result to look at: paths, numbers, and rows that `runs` and `attacks` print.
PLAIN = {"Path", "int", "tuple", "KeptRun", "PublicSource", "LaterCount", "None"}


def returned() -> set[str]:
    """Names of the types that public verbs return."""
    verbs = (*afterfall.api.__all__, "open_case", "build", "sample", "open_levers")
    words = (str(inspect.signature(getattr(afterfall, name)).return_annotation) for name in verbs)
    return {word for text in words for word in re.findall(r"\w+", text)} - PLAIN


@pytest.fixture(scope="module")
def run() -> afterfall.Run:
    return afterfall.forecast("tiny", horizon=6, trajectories=10, seed=1, draws="prior")


@pytest.fixture(scope="module")
def case() -> afterfall.Case:
    return afterfall.open_case("tiny")


@pytest.mark.parametrize("name", sorted(returned()))
def test_every_result_can_be_shown_and_tabulated(name: str) -> None:
    assert name in ANSWERS
    if name not in ("Case", "ImportedData", "NewFolder"):
        assert name in {*PARTS, *WHOLE}
    if name in afterfall.__all__:  # imported data have a data frame of their own
        assert issubclass(getattr(afterfall, name), ShownAsHtml if name == "ImportedData" else Shown)


def test_tables_of_a_case_are_data_frames_with_dates(case: afterfall.Case) -> None:
    figures = case.to_pandas()
    assert len(figures) == len(case.figures)
    assert str(figures["published"].dtype).startswith("datetime64")
    assert str(figures["value"].dtype) == "float64"
    assert figures.loc[0, "published_text"] == str(case.figures[0].published)
    assert len(case.to_pandas("places")) == len(case.places)
    with pytest.raises(UnknownName, match="did you mean 'figures'"):
        case.to_pandas("figure")


def test_a_run_is_a_data_frame_by_quantity_and_date(run: afterfall.Run) -> None:
    frame = run.to_pandas()
    assert list(frame.index.names) == ["quantity", "date"]
    last = frame.xs(pd.Timestamp(run.date()), level="date")
    assert last.loc["killed", "median"] == run.summary().loc["killed", "median"]
    with pytest.raises(UnknownName):
        run.to_pandas("pathway")


def test_a_comparison_has_its_differences_and_its_other_parts() -> None:
    found = afterfall.compare("tiny", levers=["programmes=0.9"], horizon=6, trajectories=5, seed=1, draws="prior")
    assert found.to_pandas().loc["killed_so_far", "mean"] == found.differences["killed_so_far"].mean
    assert "status" in found.to_pandas("costs")
    html = found._repr_html_()
    assert "<table>" in html
    assert "<details>" in html
    assert "<script" not in html
    picture = found.plot()
    assert picture.svg.lstrip().startswith("<svg")
    assert picture.words


def test_what_is_shown_loads_nothing_and_escapes_text(case: afterfall.Case) -> None:
    from dataclasses import replace

    html = replace(case, title="<img src=x onerror=alert(1)>")._repr_html_()
    assert "<img" not in html
    assert not re.search(r"(?:src|href)=", html.replace("&lt;img src=x", ""))


def test_a_picture_is_written_as_named(run: afterfall.Run, tmp_path: Path, case: afterfall.Case) -> None:
    picture = run.plot()
    assert picture.save(tmp_path / "one.svg").read_text().lstrip().startswith("<svg")
    assert picture.save(tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(NothingToDraw, match="no picture of a Case"):
        case.plot()


def test_draws_of_a_fit_are_read_by_arviz(case: afterfall.Case) -> None:
    pytest.importorskip("arviz", reason="pip install arviz")
    from afterfall.posterior import bundled_posterior

    posterior = bundled_posterior(afterfall.build(case))
    assert posterior is not None
    read: Any = posterior.to_arviz()
    name = posterior.names[0]
    assert read.posterior[name].size == int(posterior.fitted.sum()) or read.posterior[name].size == len(
        posterior.values
    )
    assert posterior.to_pandas().shape == posterior.values.shape


def test_a_notebook_gets_a_bar_and_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not in_notebook()
    assert simulation_bar() is None
    shown: list[Mapping[str, str]] = []
    handle = SimpleNamespace(update=lambda content, **_: shown.append(content))

    def display(content: Mapping[str, str], **how: bool) -> SimpleNamespace:
        assert how == {"raw": True, "display_id": True}
        shown.append(content)
        return handle

    shell = SimpleNamespace(kernel=object())
    loaded = SimpleNamespace(get_ipython=lambda: shell, display=SimpleNamespace(display=display))
    monkeypatch.setitem(sys.modules, "IPython", loaded)
    afterfall.forecast("tiny", horizon=6, trajectories=10, seed=2, draws="prior")
    texts = [content["text/html"] for content in shown]
    assert any("<progress" in text for text in texts)
    assert "10 simulations" in texts[-1]
    assert len(texts) == len(set(texts))


def test_the_words_of_a_bar_are_escaped() -> None:
    assert "&lt;b&gt;" in bar_html("<b>", 1, 2)
