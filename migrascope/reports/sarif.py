"""`-f sarif`: SARIF 2.1.0 for code hosts. A result stands at a line of the plan; the machine it is about is a logical location.

GitHub takes 25,000 results of a run and keeps the 5,000 severest. Where there are more, the findings of a rule become
one result, and the run says so: how many findings stand in how many results.
"""

from __future__ import annotations

import json
from typing import Any, Final

from migrascope import __version__
from migrascope.model.assessment import Assessment, Finding, RuleText
from migrascope.model.place import Place
from migrascope.reports import Style
from migrascope.texts.visible import all_visible

MOST_RESULTS: Final = 5000
MOST_NAMED: Final = 20
"""So many subjects of a result that stands for many are named."""
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVEL: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_WEIGHT: Final = {"critical": "9.5", "high": "8.0", "medium": "5.0", "low": "3.0", "info": "1.0"}
"""GitHub's `security-severity`: 9 and above critical, 7 high, 4 medium, below that low."""


def render(assessment: Assessment, style: Style) -> bytes:
    """One run with its rules, results and, where something was left together, a note that says so."""
    names = list(assessment.rules)
    index = {name: number for number, name in enumerate(names)}
    results, note = _results(assessment, style, index)
    notes = [*assessment.incomplete, *([note] if note else [])]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "migrascope",
                "semanticVersion": __version__,
                "rules": [_rule(name, assessment.rules[name]) for name in names],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not assessment.incomplete,
                "toolExecutionNotifications": [
                    *({"level": "warning", "message": {"text": text}} for text in notes),
                    *({"level": "note", "message": {"text": text}} for text in _missing(assessment)),
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {
            "findings": len(assessment.told()),
            "results": len(results),
            "unknown": assessment.findings_summary.by_outcome.get("unknown", 0),
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(all_visible(log), indent=2, ensure_ascii=False).encode() + b"\n"


def _missing(assessment: Assessment) -> list[str]:
    """How many facts are missing: an open result tells which rules wait, and not for what."""
    gaps = len(assessment.gaps)
    return [f"{gaps} facts are missing and not told here; -f md, csv, xlsx or json tells each"] if gaps else []


def _rule(name: str, text: RuleText) -> dict[str, Any]:
    rule = text.rule
    link = next((source.url for source in rule.sources if source.url.startswith("http")), None)
    sources = "".join(f"\n- [{source.title}]({source.url}), checked {source.checked}" for source in rule.sources)
    return {
        "id": name,
        "shortDescription": {"text": rule.title.en},
        "fullDescription": {"text": rule.risk.en},
        "help": {
            "text": f"{rule.risk.en} {rule.remedy.en}",
            "markdown": f"**Why it matters.** {rule.risk.en}\n\n**What to do.** {rule.remedy.en}\n{sources}",
        },
        **({"helpUri": link} if link else {}),
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
        "properties": {
            "tags": [text.category, rule.for_],
            "precision": {"low": "low", "medium": "medium", "high": "high"}[rule.confidence],
            "security-severity": _WEIGHT[rule.severity],
        },
    }


def _results(assessment: Assessment, style: Style, index: dict[str, int]) -> tuple[list[dict[str, Any]], str]:
    """All results, and what has to be said where findings stand together."""
    told = assessment.told()
    unknown = _unknown(assessment, style, index)
    if len(told) + len(unknown) <= MOST_RESULTS:
        return [*(_result(finding, style, index) for finding in told), *unknown], ""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in told:
        groups.setdefault((finding.rule, finding.outcome, finding.severity), []).append(finding)
    # The largest groups are put together first, until the rest fits.
    room = MOST_RESULTS - len(unknown)
    together: set[tuple[str, str, str]] = set()
    count = len(told)
    for key, findings in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if count <= room:
            break
        together.add(key)
        count -= len(findings) - 1
    results = []
    for key, findings in groups.items():
        if key in together:
            results.append(_many(findings, style, index))
        else:
            results += [_result(finding, style, index) for finding in findings]
    note = f"{len(told)} findings stand in {len(results)} results: code hosts keep {MOST_RESULTS}; -f json tells each"
    return [*results, *unknown], note


def _result(finding: Finding, style: Style, index: dict[str, int]) -> dict[str, Any]:
    subject = finding.subject
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "kind": "fail",
        "level": _LEVEL[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": _physical(finding.claimed_at or finding.place, style),
                "logicalLocations": [{"name": subject.name, "fullyQualifiedName": subject.id, "kind": subject.kind}],
            }
        ],
        "partialFingerprints": {"migrascope/v1": finding.fingerprint},
        "baselineState": "unchanged" if finding.baseline else "new",
    }
    if finding.waiver is not None:
        until = f"{finding.waiver.reason} (until {finding.waiver.expires})"
        result["suppressions"] = [{"kind": "external", "justification": until}]
    elif finding.baseline:
        known = "stands in the baseline"
        result["suppressions"] = [{"kind": "external", "justification": known}]
    return result


def _many(findings: list[Finding], style: Style, index: dict[str, int]) -> dict[str, Any]:
    """One result for many findings of a rule."""
    first = findings[0]
    names = ", ".join(finding.subject.name for finding in findings[:MOST_NAMED])
    rest = len(findings) - MOST_NAMED
    more = f" and {rest} others" if rest > 0 else ""
    result = _result(first, style, index)
    result["message"] = {"text": f"{len(findings)} findings: {names}{more}. The first: {first.message}"}
    result["occurrenceCount"] = len(findings)
    return result


def _unknown(assessment: Assessment, style: Style, index: dict[str, int]) -> list[dict[str, Any]]:
    """A rule that could not decide: open, once for all of its subjects."""
    results = []
    for name, tally in assessment.findings_summary.by_rule.items():
        if tally.unknown:
            title = assessment.rules[name].rule.title.en
            results.append(
                {
                    "ruleId": name,
                    "ruleIndex": index[name],
                    "kind": "open",
                    "level": "none",
                    "message": {"text": f"Not known, of {tally.unknown}: {title}"},
                    "locations": [{"physicalLocation": _physical(None, style)}],
                }
            )
    return results


def _physical(place: Place | None, style: Style) -> dict[str, Any]:
    """A line of a file in the repository; what was seen elsewhere is shown at the head of the plan."""
    if place is None or place.line is None:
        return {"artifactLocation": {"uri": _uri(style.title)}, "region": {"startLine": 1}}
    region = {"startLine": place.line, "startColumn": place.column or 1}
    return {"artifactLocation": {"uri": _uri(place.file or style.title)}, "region": region}


def _uri(path: str) -> str:
    """A path as a relative reference (RFC 3986)."""
    from urllib.parse import quote

    return quote(path.replace("\\", "/").lstrip("/")) or "plan.yaml"
