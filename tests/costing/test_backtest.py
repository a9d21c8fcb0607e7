"""The back-test itself: on a real machine that does nothing, and on made ones whose answer is known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks.sizing import RULES, kept, traces, tried
from tests.support import SAMPLES

IDLE = SAMPLES / "utilisation" / "bitbrains_gwa-t-12_one_vm.csv"


@pytest.mark.parametrize(("need", "part"), [(0.0, 1 / 16), (0.26, 0.5), (0.25, 0.25), (0.9, 1.0), (3.0, 1.0)])
def test_a_machine_is_halved_for_as_long_as_its_need_fits(need: float, part: float) -> None:
    assert kept(need) == part


def test_a_peak_that_comes_once_a_day_is_seen_by_a_high_percentile_and_not_by_the_mean() -> None:
    trace = np.full(288, 0.05)
    trace[::24] = 0.8  # a twelfth of all intervals... twelve in a day, in both halves
    above = {name: tried([trace], rule)[2] for name, rule in RULES.items()}
    assert above["mean x 2"] > 0
    assert above["P99.5 x 1.25"] == 0


def test_files_that_are_no_traces_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("traces of machines " * 100, encoding="utf-8")
    (tmp_path / "vm").write_text("\n".join(["7"] * 288), encoding="utf-8")
    assert [len(each) for each in traces(tmp_path)] == [288]


@pytest.mark.skipif(not IDLE.exists(), reason="the samples are not here")
def test_a_real_machine_that_does_nothing_becomes_as_small_as_can_be() -> None:
    with IDLE.open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    trace = np.array([float(row[4]) for row in rows[1:]]) / 100
    assert len(trace) == 8619
    capacity, smaller, above, _ = tried([trace], RULES["P95 x 1.3"])
    assert (capacity, smaller) == (100 / 16, 100)
    assert above < 1
