"""What the world is known by: versions, sizes, ports, and how old that knowledge is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from migrascope.assess import Options, assess
from migrascope.knowledge.databases import identify_database
from migrascope.knowledge.hypervisors import identify_hypervisor
from migrascope.knowledge.sizes import previous_generation
from migrascope.reports import Style, renderer
from tests.support import knowledge, plan, rules


@pytest.mark.parametrize(
    ("engine", "version", "found"),
    [
        ("postgres", "9.6.2", ("postgresql", "9.6")),
        ("PostgreSQL", "15.4", ("postgresql", "15")),
        ("Oracle", "12.1.0.2", ("oracle-database", "12.1")),
        ("Oracle Database", "19c", ("oracle-database", "19")),
        ("SQL Server", "13.0.5026", ("sql-server", "2016")),
        ("MongoDB", "4.4.18", ("mongodb", "4.4")),
        ("mysql", "8", None),
        ("Caché", "2018", None),
    ],
)
def test_databases_by_engine_and_version(engine: str, version: str, found: tuple[str, str] | None) -> None:
    assert identify_database(engine, version) == found


def test_two_releases_of_one_number_end_on_different_days() -> None:
    ends = {version: knowledge().lifetimes["oracle-database", version].ends for version in ("12.1", "12.2")}
    assert ends == {"12.1": dt.date(2018, 7, 31), "12.2": dt.date(2022, 3, 31)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("VMware ESXi 6.5.0 build-10175896", ("vmware-esxi", "6.5")),
        ("VMware ESX 5.5.0", ("vmware-esxi", "5.5")),
        ("Proxmox", None),
    ],
)
def test_hypervisors(text: str, found: tuple[str, str] | None) -> None:
    assert identify_hypervisor(text) == found


@pytest.mark.parametrize(
    ("size", "old"),
    [
        ("m4.large", True), ("t1.micro", True), ("m7i.2xlarge", False), ("t3.nano", False), ("Standard_DS2_v2", True),
        ("Standard_D2s_v5", False), ("Standard_E4-2ads_v5", False), ("zz9.large", None), ("medium", None), ("", None),
    ],
)  # fmt: skip
def test_sizes_of_a_previous_generation_and_those_that_nobody_can_tell(size: str, old: bool | None) -> None:
    assert previous_generation(size) is old


def test_every_row_has_a_source_and_a_day() -> None:
    for lifetime in knowledge().lifetimes.values():
        assert lifetime.source.startswith("https://")
        assert lifetime.checked <= dt.date(2026, 11, 23)
        assert lifetime.paid_until is None or (lifetime.ends is not None and lifetime.paid_until > lifetime.ends)
    assert len({product for product, _ in knowledge().lifetimes}) >= 40


@pytest.mark.parametrize(("day", "told"), [(dt.date(2026, 11, 23), False), (dt.date(2028, 1, 1), True)])
def test_the_report_warns_of_knowledge_that_is_older_than_a_year(day: dt.date, told: bool, tmp_path: Path) -> None:
    file = plan("workloads: [{id: a}]\n")
    opinion = assess(file.plan, None, rules(), knowledge(), Options(as_of=day, places=file))
    assert bool(opinion.old_knowledge) is told
    report = renderer("text")(opinion, Style(title="plan.yaml")).decode()
    assert ("Nobody checked this for a year" in report) is told
