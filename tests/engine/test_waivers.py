"""Accepted findings: they stay visible, expire, and never work by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrascope.model.assessment import Assessment
from tests.support import judged, plan


def opinion(waiver: str, folder: Path) -> Assessment:
    text = f"as_of: 2026-11-23\nworkloads: [{{id: a, name: Alpha, members: []}}]\nwaivers: [{waiver}]\n"
    return judged(plan(text), None, folder)


@pytest.mark.parametrize("subject", ["a", "Alpha"])
def test_a_waiver_covers_its_subject_until_its_last_day(tmp_path: Path, subject: str) -> None:
    waiver = f"{{rule: no-business-owner, subject: {subject}, reason: new team, expires: 2026-11-23}}"
    found = [f for f in opinion(waiver, tmp_path).findings if f.rule == "no-business-owner"]
    assert [(f.outcome, f.waiver.reason if f.waiver else "") for f in found] == [("waived", "new team")]


@pytest.mark.parametrize(
    ("waiver", "state"),
    [
        ("{rule: no-business-owner, subject: a, reason: x, expires: 2026-11-22}", "expired"),
        ("{rule: no-business-owner, subject: a, expires: 2027-11-22}", "malformed"),
        ("{rule: no-business-owner, subject: a, reason: x}", "malformed"),
        ("{rule: no-busines-owner, subject: a, reason: x, expires: 2027-11-22}", "unmatched"),
        ("{rule: no-business-owner, subject: b, reason: x, expires: 2027-11-22}", "unmatched"),
    ],
)
def test_anything_else_waives_nothing_and_says_why(tmp_path: Path, waiver: str, state: str) -> None:
    assessment = opinion(waiver, tmp_path)
    assert [f.outcome for f in assessment.findings if f.rule == "no-business-owner"] == ["finding"]
    assert [entry["state"] for entry in assessment.waivers] == [state]


def test_a_response_stands_beside_its_finding(tmp_path: Path) -> None:
    mark = next(f for f in opinion("", tmp_path).findings if f.rule == "no-business-owner").fingerprint
    text = "as_of: 2026-11-23\nworkloads: [{id: a, members: []}]\n"
    answer = f"responses: [{{fingerprint: {mark}, by: lead, on: 2026-11-20, text: named next week}}]\n"
    found = judged(plan(text + answer), None, tmp_path).findings
    assert [f.response.text for f in found if f.response] == ["named next week"]
