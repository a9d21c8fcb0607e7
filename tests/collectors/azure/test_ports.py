"""Security rules of Azure: an opening is what is left after the rules that close it earlier."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.collectors.azure.ports import openings


def rule(
    priority: int, access: str, ports: str, source: str = "*", protocol: str = "Tcp", direction: str = "Inbound"
) -> dict[str, Any]:
    told = {"priority": priority, "access": access, "destinationPortRange": ports, "sourceAddressPrefix": source,
            "protocol": protocol, "direction": direction, "destinationAddressPrefix": "*"}  # fmt: skip
    return {"name": f"r{priority}", "properties": told}


def world(*rules: dict[str, Any]) -> list[tuple[int, int]]:
    return [(each["first_port"], each["last_port"]) for each in openings(list(rules)) if each.get("internet")]


def test_a_port_that_is_denied_earlier_is_closed_and_the_rest_stays_open() -> None:
    assert world(rule(100, "Deny", "22"), rule(200, "Allow", "20-25")) == [(20, 21), (23, 25)]
    assert world(rule(300, "Deny", "22"), rule(200, "Allow", "22")) == [(22, 22)]
    assert world(rule(100, "Deny", "22", source="10.0.0.0/8"), rule(200, "Allow", "22")) == [(22, 22)]
    assert world(rule(100, "Deny", "22", protocol="Udp"), rule(200, "Allow", "22")) == [(22, 22)]


def test_the_ways_to_write_anybody() -> None:
    for source in ("*", "Internet", "0.0.0.0/0", "Any"):
        assert world(rule(100, "Allow", "22", source=source)) == [(22, 22)]
    for source in ("VirtualNetwork", "AzureLoadBalancer", "10.1.0.0/16", "1.2.3.4"):
        assert world(rule(100, "Allow", "22", source=source)) == []
    (wide,) = openings([rule(100, "Allow", "22", source="AzureCloud")])
    assert "internet" not in wide  # neither anybody nor known to be somebody


def test_what_goes_out_lets_nobody_in() -> None:
    assert openings([rule(100, "Allow", "*", direction="Outbound")]) == []


def test_az_writes_the_same_rule_without_properties() -> None:
    nested = rule(100, "Allow", "22")
    assert openings([{**nested, **nested["properties"], "properties": None}]) == openings([nested])


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.integers(0, 40)), max_size=6),
    st.integers(0, 45),
)
def test_a_port_is_open_where_the_first_rule_about_it_allows(told: list[tuple[bool, int, int]], port: int) -> None:
    rules = [
        rule(100 + number, "Allow" if allow else "Deny", f"{min(ends)}-{max(ends)}")
        for number, (allow, *ends) in enumerate(told)
    ]
    first = next((allow for allow, *ends in told if min(ends) <= port <= max(ends)), False)
    assert any(low <= port <= high for low, high in world(*rules)) == first


@pytest.mark.parametrize(
    "rules",
    [
        "x",
        {},
        ["x", None],
        [{"name": "no direction"}],
        [{"direction": "Inbound", "access": "Allow", "destinationPortRange": "22,80"}],
    ],
)
def test_rules_of_another_shape_open_nothing_and_close_nothing(rules: Any) -> None:
    with pytest.raises(ValueError, match=r"unexpected shape|no range of ports"):
        openings(rules)
