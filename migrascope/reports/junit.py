"""`-f junit`: a suite a category, a case a rule. A rule with open findings fails, one that could not decide is skipped."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as Xml  # written only, never read

from migrascope.model.assessment import Assessment, Finding
from migrascope.reports import Style
from migrascope.texts.visible import visible

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def render(assessment: Assessment, style: Style) -> bytes:
    """The suites as XML in UTF-8."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in assessment.told():
        by_rule.setdefault(finding.rule, []).append(finding)
    root = Xml.Element("testsuites", name=_legal(f"migrascope {style.title}".strip()))
    total = failed = skipped = 0
    for category in ("complexity", "cost", "security"):
        names = sorted(name for name, text in assessment.rules.items() if text.category == category)
        suite = Xml.SubElement(root, "testsuite", name=category)
        if category == "complexity" and assessment.gaps:
            told = f"{len(assessment.gaps)}, not told here: -f csv, md, text, xlsx and json tell each"
            Xml.SubElement(Xml.SubElement(suite, "properties"), "property", name="missing facts", value=told)
        states = [_case(suite, category, name, assessment, by_rule.get(name, [])) for name in names]
        counts = {"tests": len(states), "failures": states.count("failed"), "skipped": states.count("skipped"), "errors": 0}
        for key, value in counts.items():
            suite.set(key, str(value))
        total, failed, skipped = total + len(states), failed + counts["failures"], skipped + counts["skipped"]
    for key, value in {"tests": total, "failures": failed, "skipped": skipped, "errors": 0}.items():
        root.set(key, str(value))
    Xml.indent(root)
    text: str = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _case(suite: Xml.Element, category: str, name: str, assessment: Assessment, findings: list[Finding]) -> str:
    rule = assessment.rules[name].rule
    case = Xml.SubElement(suite, "testcase", name=name, classname=f"migrascope.{category}")
    open_: list[Finding] = []
    accepted: list[Finding] = []
    for finding in findings:
        (open_ if finding.outcome == "finding" and not finding.baseline else accepted).append(finding)
    tally = assessment.findings_summary.by_rule[name]
    state = "passed"
    if open_:
        state = "failed"
        failure = Xml.SubElement(case, "failure", message=_legal(f"{rule.title.en}: {len(open_)}"), type=rule.severity)
        failure.text = _legal("\n".join([*(_line(finding) for finding in open_), f"What to do: {rule.remedy.en}"]))
    elif tally.failed:
        state = "failed"
        Xml.SubElement(case, "failure", message=_legal(f"did not finish: {tally.failed}"), type="incomplete")
    elif tally.unknown or not tally.subjects_complete:
        state = "skipped"
        Xml.SubElement(case, "skipped", message=f"not known, of {tally.unknown}" if tally.unknown else "not all could be seen")
    if accepted:
        Xml.SubElement(case, "system-out").text = _legal("\n".join(f"accepted: {_line(finding)}" for finding in accepted))
    return state


def _line(finding: Finding) -> str:
    place = f"{finding.place}: " if finding.place else ""
    return f"{place}{finding.severity}: {finding.message}"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", visible(text))
