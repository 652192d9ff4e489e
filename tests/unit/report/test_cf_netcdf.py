"""A run by the CF conventions: names, units, axes and time as the conventions have them, and the numbers of the run.

The rules are those of cfconventions.org 1.11, by section. With *compliance-checker* installed, it is run as well.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import afterfall
from afterfall.run import Run, SettingError


@pytest.fixture(scope="module")
def file(tiny_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return afterfall.export_run(tiny_run, to=tmp_path_factory.mktemp("cf") / "run.nc", countries=["Arda"])


@pytest.fixture(scope="module")
def raw(file: Path) -> xr.Dataset:
    return xr.open_dataset(file, engine="h5netcdf", decode_cf=False)


def test_names_units_and_types(raw: xr.Dataset) -> None:
    for name, variable in raw.variables.items():
        assert re.fullmatch("[A-Za-z][A-Za-z0-9_]*", str(name)), name  # 2.3
        assert variable.attrs["long_name"], name  # 3.2
        if variable.dtype.kind in "iuf":
            assert variable.dtype in (np.int32, np.float64), name  # 2.2
            assert variable.attrs["units"], name  # 3.1
    for attribute in ("Conventions", "title", "institution", "source", "history", "references", "comment"):
        assert raw.attrs[attribute], attribute  # 2.6
    assert raw.attrs["Conventions"] == "CF-1.11"


def test_axes_are_numbers_and_labels_are_auxiliary(raw: xr.Dataset) -> None:
    for dimension in raw.sizes:
        if dimension in raw.variables:  # 5: a coordinate variable is numeric and strictly monotonic
            values = raw[dimension].to_numpy()
            assert values.dtype.kind in "iuf", dimension
            assert (np.diff(values) > 0).all(), dimension
    labelled = raw["strength"].attrs.get("coordinates", "") or raw["strength"].encoding.get("coordinates", "")
    assert "organisation_name" in labelled
    for variable in raw.data_vars.values():  # 2.4: the time is to the right of what is no axis of space
        times = [i for i, name in enumerate(variable.dims) if str(name).startswith("time")]
        assert times in ([], [len(variable.dims) - 1]), variable.name


def test_time_is_decoded_to_the_ends_of_months(file: Path, tiny_run: Run) -> None:
    decoded = xr.open_dataset(file, engine="h5netcdf")
    assert np.array_equal(decoded["time"].to_numpy(), tiny_run.dataset["date"].to_numpy())
    assert decoded["time"].attrs["standard_name"] == "time"
    assert decoded["realization"].attrs["standard_name"] == "realization"


def test_the_numbers_are_those_of_the_run(file: Path, tiny_run: Run) -> None:
    found, made = xr.open_dataset(file, engine="h5netcdf"), tiny_run.dataset
    for name in ("killed", "in_theatre", "returned"):
        assert np.array_equal(found[name].to_numpy(), made["world"].sel(quantity=name).to_numpy())
        ours = made["origins"].sel(quantity=name, origin=["arda"]).transpose("trajectory", "origin", "origin_month")
        assert np.array_equal(found[f"{name}_of"].to_numpy(), ours.to_numpy())
    assert found["origin_name"].to_numpy().tolist() == ["Arda"]
    strength = made["strength"].transpose("trajectory", "organisation", "month")
    assert np.array_equal(found["strength"].to_numpy(), strength.to_numpy())
    assert found.attrs["case_hash"] == tiny_run.stamp["case_hash"]


def test_a_file_of_another_kind_and_an_unknown_origin_are_refused(tiny_run: Run, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"NAME\.nc"):
        afterfall.export_run(tiny_run, to=tmp_path / "run.csv")
    with pytest.raises(ValueError, match="Brom"):
        afterfall.export_run(tiny_run, to=tmp_path / "run.nc", countries=["Bron"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_compliance_checker_finds_nothing(file: Path) -> None:
    runner = pytest.importorskip(
        "compliance_checker.runner", reason="compliance-checker is not installed: its own check is not run"
    )
    runner.CheckSuite.load_all_available_checkers()
    passed, errors = runner.ComplianceChecker.run_checker(
        str(file), ["cf:1.11"], 0, "strict", output_filename=str(file.with_suffix(".txt")), output_format="text"
    )
    assert passed, file.with_suffix(".txt").read_text(encoding="utf-8")
    assert not errors
