"""`-f baseline`: the fingerprints of all open findings, sorted, for `--baseline`. No line numbers: it survives edits."""

from __future__ import annotations

from migrascope.model.assessment import Assessment
from migrascope.reports import Style


def render(assessment: Assessment, _style: Style) -> bytes:
    """One line a finding: its fingerprint, its rule and its subject, which are there for people."""
    found = [finding for finding in assessment.told() if finding.outcome == "finding"]
    lines = sorted(f"{f.fingerprint}  # {f.rule} {' '.join(f.subject.id.split())}" for f in found)
    others = len(assessment.told()) - len(found)
    note = f"# not here: {others} accepted findings, {len(assessment.gaps)} missing facts; -f csv tells each"
    return "".join(f"{line}\n" for line in [note, *lines]).encode()
