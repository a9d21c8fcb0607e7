"""What has to move before it: a gate, and known only where it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.first.plans import document, first_of, gate, ready


@pytest.mark.parametrize(
    ("precedes", "state", "why"),
    [
        (True, "fail", "callee_moves_first"),
        (False, "pass", "ok"),
        (None, "pass", "ok"),
        ("unknown", "unknown", "order_unknown"),
    ],
)
def test_who_calls_what_has_to_move_first_is_not_first(tmp_path: Path, precedes: Any, state: str, why: str) -> None:
    call = {"on": "base", "binding": "soft"} | ({} if precedes is None else {"precedes": precedes})
    first = first_of(document(ready("front", dependencies=[call]), ready("base")), tmp_path)
    found = gate(first, "front", "group")
    assert (found.state, found.why) == (state, why)


def test_the_way_in_is_to_move_the_other_first(tmp_path: Path) -> None:
    call = {"on": "base", "binding": "soft", "precedes": True}
    first = first_of(document(ready("front", dependencies=[call]), ready("base")), tmp_path)
    assert first.workload == "base"
    fix = next(entry.fix for entry in first.not_now if entry.unit == "front")
    assert fix is not None
    assert fix.values == {"caller": "front", "callee": "base"}
