"""A rule: data, one YAML file each. It asks one question about one kind of subject."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from migrascope.model.base import Frozen
from migrascope.model.first import SoftGate
from migrascope.model.kinds import SUBJECT_KINDS
from migrascope.model.scalars import Day, Items, Text

Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high", "critical")
Confidence = Literal["low", "medium", "high"]
RuleCategory = Literal["complexity", "cost", "security"]
Outcome = Literal["finding", "unknown", "waived", "clear", "not_applicable"]
if TYPE_CHECKING:
    SubjectKind = str
else:
    SubjectKind = Literal[SUBJECT_KINDS]

HealthArea = Literal["network", "security", "lifecycle", "complexity"]
HEALTH_AREAS: tuple[HealthArea, ...] = ("network", "security", "lifecycle", "complexity")

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64)]
Expression = Annotated[str, Field(min_length=1, max_length=2000)]


class Words(Frozen):
    """A text in both languages."""

    en: Text
    nl: Text

    def in_(self, language: str) -> str:
        """The text in `en` or `nl`."""
        return self.nl if language == "nl" else self.en


class Param(Frozen):
    """A threshold that a profile can change."""

    type: Literal["number", "text", "list"]
    default: Any
    unit: Text | None = None
    why: Text | None = Field(default=None, description="Our reasoning, where no authority gives the threshold")

    @model_validator(mode="after")
    def _typed(self) -> Param:
        value = self.default
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        texts = isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)
        if not {"number": number, "text": isinstance(value, str), "list": texts}[self.type]:
            raise PydanticCustomError("param", "the default is no {type}", {"type": self.type})
        return self


class SeverityWhen(Frozen):
    """Another severity, where a condition holds. The first that holds counts."""

    if_: Expression = Field(alias="if")
    severity: Severity


class Source(Frozen):
    """The authority of a rule, and the day on which it was looked up."""

    title: Text
    url: Text
    checked: Day


class Example(Frozen):
    """A subject in short, and what the rule says of it. It runs as a test."""

    name: Text
    given: dict[str, Any]
    expect: Literal["finding", "unknown", "clear", "not_applicable"]
    severity: Severity | None = None


class Rule(Frozen):
    """One question about one kind of subject, with its answer's words, remedy, sources and examples."""

    id: Slug = Field(description="Equal to the file's name; says what is wrong")
    for_: SubjectKind = Field(alias="for", description="Kind of subject")
    severity: Severity = Field(description="Impact")
    confidence: Confidence = Field(description="How sure the rule is when it fires")
    title: Words
    when: Expression = Field(description="True: a finding")
    unless: Expression | None = Field(default=None, description="True: not applicable")
    severity_when: Items[SeverityWhen] = ()
    params: dict[str, Param] = Field(default_factory=dict)
    at: Text | None = Field(default=None, description="Where in the plan the finding points")
    message: Words = Field(description="One sentence; {names} are facts")
    risk: Words
    remedy: Words
    effort: Annotated[int, Field(ge=0)] = Field(description="Story points for the remedy, per subject")
    waivable: bool = True
    health: Items[HealthArea] = Field(default=(), description="Short checks without a plan that ask this rule")
    blocks: bool = Field(default=False, description="An open finding keeps its workload from going first")
    repairs: SoftGate | None = Field(default=None, description="The gate whose repair for a workload closes the finding")
    sources: Items[Source] = Field(description="Authorities; `ours` where none was found")
    examples: Items[Example]


class LoadedRule(Frozen):
    """A rule with its category (the folder it stands in)."""

    category: RuleCategory
    rule: Rule
