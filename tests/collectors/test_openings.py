"""What counts as open to the internet, whoever writes the rule."""

from __future__ import annotations

import pytest

from migrascope.collectors.cloud.openings import from_range


@pytest.mark.parametrize(
    ("text", "internet"),
    [
        ("0.0.0.0/0", True),
        ("0.0.0.0/1", True),  # two halves do what the whole does
        ("128.0.0.0/1", True),
        ("::/0", True),
        ("0.0.0.0/2", False),
        ("10.0.0.0/8", False),
        ("sg-0123", None),
    ],
)
def test_half_of_all_addresses_is_the_internet(text: str, internet: bool | None) -> None:
    assert from_range(text) is internet
