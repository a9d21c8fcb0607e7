"""Which size holds a server: by a high percentile of its load, and by limits that no average tells of."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.costing.sizing import Need, Sizes, at, needed
from migrascope.estate.utilisation import Load, utilisation
from migrascope.model.columns import Measurements
from migrascope.snapshots import measurement
from tests.costing.support import BOOK, KNOWLEDGE, cost, load, server, workload

AWS = Sizes("aws", "eu-west-1", BOOK)
AZURE = Sizes("azure", "westeurope", BOOK)
SIZING = KNOWLEDGE.assumptions.sizing
BARE: dict[str, Any] = {"size": None, "count": None, "disk_gb": None}


@pytest.mark.parametrize("sizes", [AWS, AZURE])
def test_the_cheapest_size_of_today_that_holds_it(sizes: Sizes) -> None:
    fit = sizes.fitting(Need(4, 16384))
    assert fit is not None
    assert fit.size.vcpus >= 4
    assert fit.size.memory_mib >= 16384
    assert fit.size.current
    assert not fit.size.burstable
    assert fit.size.arch == "x86_64"


@given(st.integers(1, 96), st.floats(1, 384), st.integers(1, 8), st.booleans())
def test_whoever_needs_more_never_pays_less(vcpus: int, gib: float, more: int, windows: bool) -> None:
    for sizes in (AWS, AZURE):
        small, large = (sizes.fitting(Need(vcpus * times, gib * 1024 * times, windows=windows)) for times in (1, more))
        if large is not None:
            assert small is not None
            assert small.hourly <= large.hourly


@pytest.mark.parametrize(
    ("need", "limit"),
    [
        (Need(2, 4096, iops=30_000), "iops"),
        (Need(2, 4096, mbps=800), "mbps"),
        (Need(2, 4096, nics=8), "nics"),
        (Need(2, 4096, disks=20), "disks"),
    ],
)
def test_disks_and_cards_make_a_machine_larger_than_its_processors_do(need: Need, limit: str) -> None:
    fit = AZURE.fitting(need)
    assert fit is not None
    assert getattr(fit.size, limit) >= getattr(need, limit)
    assert fit.size.vcpus > 2


def test_nothing_holds_what_is_larger_than_any_size_that_is_known() -> None:
    assert AZURE.fitting(Need(500, 1024)) is None


def busy(days: float | None = 30, **by: float) -> Load:
    return Load({name.replace("_", ".") if name.startswith("p99") else name: value for name, value in by.items()}, days)


@pytest.mark.parametrize(
    ("load_", "low", "high"),
    [
        (busy(p95=0.4), 0.52, 0.52),  # measured at the percentile that is asked
        (busy(maximum=0.5, average=0.1), 0.13, 0.65),  # between what is known around it
        (busy(average=0.1), 0.182, 0.468),  # an average only bounds it
        (busy(p95=0.4, days=14), 0.52, 0.624),  # two weeks may lack the end of a month
        (busy(p95=0.9), 1.0, 1.0),  # never more than there is
        (None, SIZING.least_processors, 1.0),  # nothing was measured: a range and no guess
    ],
)
def test_what_is_needed_of_a_machine(load_: Load | None, low: float, high: float) -> None:
    span = needed(load_, SIZING.ordinary, SIZING.least_processors, SIZING.short)
    assert (span.low, span.high) == pytest.approx((low, high))


def test_production_and_databases_are_sized_with_more_care_than_the_rest() -> None:
    measured = busy(p95=0.3, p99_5=0.6)
    careful, ordinary = (needed(measured, policy, 0.25, 1.2) for policy in (SIZING.careful, SIZING.ordinary))
    assert (careful.high, ordinary.high) == pytest.approx((0.75, 0.39))
    assert (SIZING.careful.name, SIZING.ordinary.name) == ("P99.5 x 1.25", "P95 x 1.3")


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_percentile_lies_between_what_is_known_around_it(one: float, two: float, three: float) -> None:
    low, middle, high = sorted((one, two, three))
    span = at(busy(p90=low, p99=middle, maximum=high), 95)
    assert span is not None
    assert low <= span.low <= span.high <= high


def test_the_load_of_a_source_that_only_tells_what_was_free_is_turned_round() -> None:
    rows = Measurements()
    free = {"metric": "memory_available_bytes", "unit": "bytes", "window": "P14D/2026-11-01", "samples": 1, "coverage": 0.5}
    for statistic, value in (("minimum", 2**30), ("average", 3 * 2**30)):
        rows.add(measurement({"id": "vm", "statistic": statistic, "value": value} | free))
    found = utilisation(rows, {"vm": 4096.0})["vm"].memory
    assert found is not None
    assert found.by_statistic == {"maximum": 0.75, "average": 0.25}
    assert found.days == 7  # half of the two weeks had samples


def right(records: list[dict[str, Any]], **more: Any) -> tuple[float, float]:
    found = cost([workload(target=BARE, members=[{"pattern": "*"}], **more)], records).workloads[0]
    lines = [line for line in found.lines if line.group == "machines"]
    return sum(line.right_sized_low for line in lines), sum(line.right_sized_high for line in lines)


def test_a_machine_whose_load_was_measured_has_one_right_size_and_one_that_was_not_has_a_range() -> None:
    quiet = [load("web", "p99.5", 20.0), load("web", "p95", 10.0), load("web", "p99.5", 30.0, "memory_percent")]
    measured = right([server("web"), *quiet], environment="production")
    unknown = right([server("web")], environment="production")
    assert measured[0] == measured[1]
    assert unknown[0] < measured[0] < unknown[1] or unknown[0] <= measured[0] < unknown[1]
    assert unknown[1] > 1.5 * unknown[0]


def test_a_test_machine_may_be_smaller_than_one_in_production() -> None:
    busy_ = [load("web", "p99.5", 60.0), load("web", "p95", 20.0), load("web", "p95", 20.0, "memory_percent")]
    busy_.append(load("web", "p99.5", 60.0, "memory_percent"))
    test, production = (right([server("web"), *busy_], environment=where)[1] for where in ("test", "production"))
    assert test < production
