"""The assessment: the whole opinion as one value. Its JSON is the contract that others build on."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, SerializeAsAny

from migrascope.model.base import Frozen
from migrascope.model.cost import Cost, Range
from migrascope.model.evidence import Evidence
from migrascope.model.first import First, Quarter, Reason
from migrascope.model.inventory import Coverage
from migrascope.model.landscape import Landscape
from migrascope.model.place import Place
from migrascope.model.rule import SEVERITIES, Confidence, Outcome, Rule, RuleCategory, Severity
from migrascope.model.value import ValueOpinion

SCHEMA_VERSION = "1.1"


class FindingSubject(Frozen):
    """What a finding is about. `name` is the word people use for it."""

    kind: str
    id: str
    name: str


class WaiverNote(Frozen):
    """Who accepts a finding, why and until when."""

    reason: str
    approver: str | None
    expires: str


class ResponseNote(Frozen):
    """What the plan's author answers."""

    by: str
    on: str
    text: str


class Finding(Frozen):
    """What one rule says of one subject, unless it is clear or does not apply.

    `message` is English, as all machine formats are; another language is rendered from `rules` with the values in
    `evidence`. `fingerprint` depends on rule and subject alone. `missing` names the facts that an unknown waits for.
    """

    rule: str
    category: RuleCategory
    severity: Severity
    confidence: Confidence
    outcome: Outcome
    subject: FindingSubject
    place: Place | None
    evidence: tuple[Evidence, ...]
    message: str
    fingerprint: str
    missing: tuple[str, ...] = ()
    waiver: WaiverNote | None = None
    response: ResponseNote | None = None
    related: tuple[str, ...] = Field(
        default=(), description="Fingerprints of other findings of the same subject that rest on one of the same facts"
    )
    claimed_at: Place | None = Field(default=None, description="Where the plan claims what was seen, for a finding about that")
    baseline: bool = Field(default=False, description="Stands in the baseline: known before, and not counted as new")


class GapSubjects(Frozen):
    """Whose fact is missing. `of` is how many there are in all."""

    count: int
    of: int
    ids: tuple[str, ...]


class GapReason(Frozen):
    """Why a fact is missing, and for how many."""

    why: str
    detail: str
    count: int


class Gap(Frozen):
    """One missing fact, told once: whose it is, what waits for it, and who can answer."""

    kind: str
    fact: str
    meaning: str
    subjects: GapSubjects
    rules_waiting: tuple[str, ...]
    gates_waiting: tuple[str, ...] = Field(default=(), description="Gates of any workload that wait for it")
    why: tuple[GapReason, ...]
    ask: str
    derived: bool = Field(default=False, description="It is worked out from other facts: whoever tells those, tells this")


class Input(Frozen):
    """Something that the opinion rests on, with the hash of its content."""

    what: str
    name: str
    sha256: str
    collected_at: str | None = None


class Question(Frozen):
    """One missing fact as a question: of whom it is asked, about which subjects, and what waits for it."""

    kind: str
    fact: str
    meaning: str
    unit: str
    ask: str
    subjects: tuple[str, ...]
    rules_waiting: tuple[str, ...]
    gates_waiting: tuple[str, ...]
    decides: bool = False
    """One answer puts another workload first."""
    points: float = 0.0
    """What the choice gains on average by the answer, in points of the score."""


class RuleText(Frozen):
    """A rule that ran, with both languages, so that other formats need nothing else."""

    category: RuleCategory
    rule: SerializeAsAny[Rule]


class RuleTally(Frozen):
    """How often a rule ended in each outcome, and whether all of its subjects could be seen."""

    finding: int = 0
    unknown: int = 0
    waived: int = 0
    clear: int = 0
    not_applicable: int = 0
    subjects_complete: bool = True
    failed: str | None = None


class FindingsSummary(Frozen):
    """Counts over all rules and subjects."""

    by_severity: dict[str, int]
    by_outcome: dict[str, int]
    by_rule: dict[str, RuleTally]
    in_baseline: int = Field(default=0, description="Findings that stand in the baseline")
    kept_back: int = Field(default=0, description="Findings that the reader of a shared opinion is not told")
    gaps_kept_back: int = Field(default=0, description="Missing facts that this reader is not told")
    unknown_not_listed: int = Field(default=0, description="Unknown outcomes that are counted, and told as gaps only")


class EstateSummary(Frozen):
    """What the opinion is about, in numbers, and what was found to belong together."""

    organisation: str | None
    workloads: int
    waves: int
    dependencies: int
    servers: int | None
    templates: int
    servers_in_plan: int | None
    servers_not_in_plan: int | None
    kept_together: tuple[tuple[str, ...], ...] = ()


class Intervention(Frozen):
    """One thing to do this quarter: what, who, how much work, what it unlocks and the findings that it closes.

    `kind` is `fix` (the remedy of `rule`), `check` (find out `fact`), `workload` (move it) or `decision`. `what` says it
    where no rule does. `subjects` are all that it concerns, `start_with` those of them that a quarter holds. `effort` is in
    the story points of the rule, `days` in days of work. `opens` counts the workloads of which it takes the only thing out
    of the way, `workloads` those of which it takes one thing, or that learn from it, or that it concerns. The `facts` of a
    check are asked of one role in one conversation.
    """

    kind: Literal["fix", "check", "workload", "decision"]
    what: Reason | None = None
    workload: str | None = None
    by: str | None = None
    who: str | None = Field(default=None, description="Whom the plan names; `ask` is the role")
    days: float | None = None
    facts: tuple[str, ...] = ()
    opens: int = 0
    workloads: int = 0
    rule: str | None = None
    fact: str | None = None
    severity: Severity | None = None
    ask: str
    effort: int
    subjects: tuple[str, ...]
    start_with: tuple[str, ...]
    closes: tuple[str, ...] = Field(default=(), description="Fingerprints of the findings that it closes")
    unlocks: int = Field(description="Rules that get an answer, for a check; findings that close, for a fix")


class Tool(Frozen):
    """What made the assessment."""

    name: str
    version: str


class Supposed(Frozen):
    """The answer where something else were so: what was supposed, and what came out."""

    name: str
    changes: dict[str, Any]
    first: First | None
    quarter: Quarter | None
    claimed: Range | None = Field(default=None, description="What a month costs by the plan")
    repriced: Range | None = None
    moving: Range | None = Field(default=None, description="The whole of moving, as its value today")


class Assessment(Frozen):
    """The whole opinion. Later work fills what is null here."""

    schema_version: str = SCHEMA_VERSION
    tool: Tool
    inputs: tuple[Input, ...]
    as_of: str
    seed: int
    coverage: tuple[Coverage, ...]
    gaps: tuple[Gap, ...]
    estate: EstateSummary
    findings: tuple[Finding, ...]
    findings_summary: FindingsSummary
    rules: dict[str, RuleText]
    waivers: tuple[dict[str, Any], ...]
    rules_off: dict[str, str] = Field(default_factory=dict, description="Rules that a profile switches off, and why")
    old_knowledge: tuple[str, ...] = Field(default=(), description="Dated facts that nobody checked for a year, by source")
    cost: Cost | None = None
    value: ValueOpinion | None = None
    first: First | None = None
    interventions: tuple[Intervention, ...] = ()
    questions: tuple[Question, ...] = ()
    quarter: Quarter | None = None
    landscape: Landscape | None = None
    scenarios: tuple[Supposed, ...] = Field(default=(), description="The answer of each scenario, beside the plan's own")
    incomplete: tuple[str, ...] = Field(default=(), description="Why the analysis is incomplete; exit code 3")

    def told(self) -> tuple[Finding, ...]:
        """What every format has to tell: findings, and those that somebody accepts."""
        return tuple(finding for finding in self.findings if finding.outcome in ("finding", "waived"))

    def exit_code(self, fail_on: Severity | None = None, *, allow_partial: bool = False) -> int:
        """0 done, 1 a finding reaches `fail_on`, 3 incomplete. Where both hold, 1."""
        if fail_on is not None:
            limit = SEVERITIES.index(fail_on)
            new = (f for f in self.told() if f.outcome == "finding" and not f.baseline)
            if any(SEVERITIES.index(f.severity) >= limit for f in new):
                return 1
        return 3 if self.incomplete and not allow_partial else 0
