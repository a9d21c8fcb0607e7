"""The opinion on other people's exports, held against their ground truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrascope.collectors.cmdb import collect_csv
from migrascope.collectors.mapping import guess
from migrascope.collectors.rvtools import collect
from migrascope.model.assessment import Assessment
from tests.collectors.test_csv import read_rows
from tests.support import judged, plan, sample

SPARSE = """
as_of: 2026-11-23
workloads:
  - {id: db, disposition: rehost, members: [{pattern: "gtappDB0[1-3]"}]}
  - {id: voice, disposition: retain, members: [{pattern: "avaya*"}]}
"""


def opinion(name: str, folder: Path) -> Assessment:
    export = collect(sample(f"rvtools/{name}.xlsx"), None, lambda _: None)
    return judged(plan(SPARSE), export.records, folder)


def named(assessment: Assessment, rule: str, outcome: str = "finding") -> list[str]:
    return sorted(f.subject.name for f in assessment.findings if f.rule == rule and f.outcome == outcome)


@pytest.fixture(scope="module")
def next_export(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return opinion("nutanix_BillSampleNext", tmp_path_factory.mktemp("next"))


@pytest.fixture(scope="module")
def kubev2v(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return opinion("kubev2v_example1", tmp_path_factory.mktemp("kubev2v"))


def test_templates_are_not_workloads(next_export: Assessment) -> None:
    assert next_export.estate.servers == 129
    assert next_export.estate.templates == 2


def test_118_of_129_are_past_support_and_six_are_undecidable(next_export: Assessment) -> None:
    tally = next_export.findings_summary.by_rule["os-past-end-of-support"]
    assert (tally.finding, tally.unknown, tally.clear) == (118, 6, 5)
    assert len(named(next_export, "os-unknown")) == 6
    assert named(next_export, "os-past-end-of-support", "unknown") == named(next_export, "os-unknown")
    assert len(named(next_export, "os-support-ends-soon")) == 5


def test_configuration_and_tools_differ_ten_times(next_export: Assessment) -> None:
    assert len(named(next_export, "config-and-tools-os-differ")) == 10
    severities = {f.subject.name: f.severity for f in next_export.findings if f.rule == "config-and-tools-os-differ"}
    assert list(severities.values()).count("info") == 1


def test_the_pair_that_shares_raw_disks_is_kept_together(next_export: Assessment) -> None:
    assert named(next_export, "physical-rdm-disk") == ["gtappDB02", "gtappDB03"]
    assert named(next_export, "shared-disk") == ["gtappDB02", "gtappDB03"]
    assert next_export.estate.kept_together == (("gtappDB02", "gtappDB03"),)
    evidence = next(f for f in next_export.findings if f.rule == "physical-rdm-disk").evidence
    assert {e.fact: e.value for e in evidence}["physical_rdm_disks"] == ["Hard disk 3", "Hard disk 2"]


def test_a_missing_sheet_reads_unknown_and_not_zero_found(next_export: Assessment) -> None:
    tally = next_export.findings_summary.by_rule["snapshot-too-old"]
    assert (tally.finding, tally.clear, tally.unknown) == (0, 0, 129)
    gap = next(gap for gap in next_export.gaps if gap.fact == "snapshots")
    assert (gap.subjects.count, gap.subjects.of) == (129, 129)
    assert gap.why[0].detail.endswith("vSnapshot")


def test_the_nearly_full_partitions_and_the_inferred_header_are_in_the_evidence(next_export: Assessment) -> None:
    found = [f for f in next_export.findings if f.rule == "guest-disk-nearly-full" and f.outcome == "finding"]
    partitions = [e for f in found for e in f.evidence if e.fact == "partitions"]
    assert len(partitions) == 11
    assert all(e.source is not None and e.source.inferred and e.source.sheet == "vPartition" for e in partitions)


def test_nine_machines_and_the_empty_one_is_incomplete(kubev2v: Assessment) -> None:
    assert kubev2v.estate.servers == 9
    assert named(kubev2v, "server-record-incomplete") == ["vm-9"]
    assert "vm-9" in named(kubev2v, "os-past-end-of-support", "unknown")


def test_contradictions_between_sheets_are_findings(kubev2v: Assessment) -> None:
    found = {f.subject.name: f.message for f in kubev2v.findings if f.rule == "sources-disagree"}
    for name, text in {"vm-1": "cpus 1 (vInfo) / 2 (vCPU)", "vm-4": "cpus 8 (vInfo) / 9 (vCPU)"}.items():
        assert text in found[name]
    assert "memory_mib 2224 (vInfo) / 2048 (vMemory)" in found["vm-1"]
    assert "name vm-3 (vInfo) / vm-2 (vDisk)" in found["vm-3"]
    assert named(kubev2v, "config-and-tools-os-differ") == ["vm-3", "vm-8"]


def test_seven_independent_disks_on_three_machines(next_export: Assessment) -> None:
    found = [f for f in next_export.findings if f.rule == "independent-disk" and f.outcome == "finding"]
    assert sorted(f.subject.name for f in found) == ["AVAYASMGR01", "gtappDB02", "gtappDB03"]
    assert sum(e.fact == "disks" for f in found for e in f.evidence) == 7


def test_eleven_partitions_are_nearly_full(next_export: Assessment) -> None:
    found = [f for f in next_export.findings if f.rule == "guest-disk-nearly-full" and f.outcome == "finding"]
    shown = [e.value for f in found for e in f.evidence if e.fact == "partitions"]
    assert sum(value.get("free_percent", 100) < 10 for value in shown) == 11


def test_machines_kept_apart_and_the_voice_cluster(next_export: Assessment) -> None:
    assert named(next_export, "machines-kept-apart") == ["ADDSDC01", "ADDSDC02", "EXCHAP01", "EXCHAP02"]
    assert named(next_export, "cluster-without-failover") == ["Avaya Cluster"]


def test_hypervisors_are_compared_as_versions(next_export: Assessment) -> None:
    assert len(named(next_export, "hypervisor-past-end-of-support")) == 8
    assert len(named(next_export, "hypervisor-too-old-for-tools")) == 2


def test_a_sheet_that_is_missing_is_unknown_and_never_clear(next_export: Assessment) -> None:
    for rule in ("usb-device-attached", "cd-connected", "memory-under-pressure", "snapshot-too-old", "legacy-network-card"):
        tally = next_export.findings_summary.by_rule[rule]
        assert (tally.finding, tally.clear) == (0, 0), rule
        assert tally.unknown == 129, rule


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    rows = read_rows(sample("waveplan/aws_cmf_server-list.csv"))
    export = collect_csv(rows, guess(rows), "2026-11-23")
    file = plan("as_of: 2026-11-23\nworkloads: [{id: a, members: []}]\n")
    return judged(file, export.records, tmp_path_factory.mktemp("cmf"))


def test_the_intake_form_names_one_host_twice(intake: Assessment) -> None:
    assert named(intake, "duplicate-hostname") == ["Server6", "Server8"]


def test_the_intake_form_asks_for_an_old_size_and_tests_in_the_live_subnet(intake: Assessment) -> None:
    assert len(named(intake, "previous-generation-size")) == 8
    assert len(named(intake, "test-launch-in-live-subnet")) == intake.estate.servers


def test_the_intake_form_names_four_machines_past_support(intake: Assessment) -> None:
    assert named(intake, "os-past-end-of-support") == ["Server1", "Server2", "Server7", "Server8"]
