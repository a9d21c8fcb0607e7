"""Names of operating systems: a version, or the honest answer that it is none."""

from __future__ import annotations

import pytest

from migrascope.knowledge.operating_systems import identify
from tests.support import knowledge


@pytest.mark.parametrize(
    ("name", "product", "version"),
    [
        ("Microsoft Windows Server 2008 R2 (64-bit)", "windows-server", "2008 R2"),
        ("Microsoft Windows Server 2003 Standard (32-bit)", "windows-server", "2003"),
        ("Windows Server 2022 Datacenter", "windows-server", "2022"),
        ("Microsoft Windows 2000 Server", "windows-server", "2000"),
        ("Microsoft Windows XP Professional (32-bit)", "windows", "XP"),
        ("Microsoft Windows 10 (64-bit)", "windows", "10"),
        ("Red Hat Enterprise Linux 6 (64-bit)", "rhel", "6"),
        ("SUSE Linux Enterprise 11 (64-bit)", "sles", "11"),
        ("Debian GNU/Linux 12 (64-bit)", "debian", "12"),
        ("Ubuntu 22.04.3 LTS", "ubuntu", "22.04"),
        ("Ubuntu Linux (64-bit)", "ubuntu", ""),
        ("Amazon Linux 2 (64-bit)", "amazon-linux", "2"),
        ("Oracle Linux 8 (64-bit)", "oracle-linux", "8"),
    ],
)
def test_a_name_stands_for_a_product_and_a_version(name: str, product: str, version: str) -> None:
    found = identify(name)
    assert found is not None
    assert (found.product, found.version) == (product, version)


@pytest.mark.parametrize(
    "name",
    [
        "CentOS 4/5 or later (64-bit)",
        "CentOS 4/5/6/7 (64-bit)",
        "Microsoft Windows Server 2016 or later (64-bit)",
        "Oracle Linux 4/5 or later (64-bit)",
        "Other 3.x or later Linux (64-bit)",
        "Other (32-bit)",
        "VMware Photon OS (64-bit)",
        "",
    ],
)
def test_a_range_is_never_taken_for_one_version(name: str) -> None:
    assert identify(name) is None


def test_every_row_has_an_authority_and_a_day() -> None:
    for lifetime in knowledge().lifetimes.values():
        assert lifetime.source.startswith("https://")
        assert lifetime.checked.year >= 2026
        if lifetime.paid_until is not None:
            assert lifetime.ends is not None
            assert lifetime.paid_until > lifetime.ends
