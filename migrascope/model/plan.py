"""The plan: what is claimed. Field by field with unit, what silence means, and who can answer.

`told(...)` marks a field. Its `silence` is `gap` (absent means unknown), `finding` (a plan has to say this, so
that its absence is itself a finding) or `none` (absent means there is none that anyone knows of). A field given
as null or `unknown` is a gap on purpose, whatever its silence.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from migrascope.model.base import Frozen
from migrascope.model.scalars import (
    Amount,
    Biv,
    Count,
    Currency,
    Day,
    Holidays,
    Items,
    Money,
    Network,
    Percent,
    Quarter,
    Text,
)

Silence = Literal["gap", "finding", "none"]
OverridableGate = Literal["group", "avoid_list", "regulated_data", "critical", "hub"]
Role = Literal[
    "business_owner",
    "technical_owner",
    "migration_lead",
    "finance",
    "network_engineer",
    "infrastructure_engineer",
    "security_officer",
    "privacy_officer",
    "management",
]

State = Literal["in_place", "planned", "absent"]
Category = Literal[
    "web", "collaboration", "database", "erp", "crm", "finance", "warehouse", "middleware", "identity",
    "infrastructure", "file", "mainframe", "appliance", "integration", "saas", "custom", "other",
]  # fmt: skip
Disposition = Literal["retire", "retain", "rehost", "relocate", "repurchase", "replatform", "refactor"]
Environment = Literal["production", "acceptance", "test", "development", "training", "dr"]
Goal = Literal["value", "cost", "learning", "continuity", "security", "speed", "readiness", "deadline"]
Profile = Literal["trust-first", "value-first", "deadline-first"]


def told(meaning: str, *, silence: Silence = "gap", ask: Role = "migration_lead", unit: str = "") -> Any:
    """An optional field of the plan, with its meaning, its unit, what its absence means and whom to ask."""
    extra: dict[str, Any] = {"silence": silence, "ask": ask}
    if unit:
        extra["unit"] = unit
    return Field(default=None, description=f"{meaning} [{unit}]" if unit else meaning, json_schema_extra=extra)


def listed(meaning: str, *, silence: Silence = "gap", ask: Role = "migration_lead") -> Any:
    """An optional list of the plan: absent says nothing, an empty one says that there are none."""
    return told(meaning, silence=silence, ask=ask)


class Organisation(Frozen):
    """Whose plan it is."""

    name: Text | None = told("Name as it should stand on the report")
    sector: Literal["municipality", "health", "finance", "government", "industry", "other"] | None = told("Sector")
    country: Text | None = told("Country, ISO 3166 code such as NL")


class Rate(Frozen):
    """An exchange rate on a day; money is converted by nothing else."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Currency = Field(alias="from", description="Currency converted from")
    to: Currency = Field(description="Currency converted to")
    rate: Annotated[float, Field(gt=0)] = Field(description="One unit of `from` in units of `to`")
    on: Day = Field(description="The day of the rate")


class Freeze(Frozen):
    """A period in which nothing may change."""

    from_: Day = Field(alias="from", description="First day")
    to: Day = Field(description="Last day")
    reason: Text | None = told("Why")


class Capacity(Frozen):
    """The people who do the migration work."""

    fte: Amount | None = told("People for migration work in the quarter", unit="full-time equivalents")
    reserve_percent: Percent | None = told("Share that is kept free", unit="%")
    holidays: Holidays | None = told("Country whose public holidays count, such as NL")
    freezes: Items[Freeze] | None = listed("Periods in which nothing may change", ask="business_owner")


class Part(Frozen):
    """A part of the landing zone or of a workload's security: its state, and where that can be seen."""

    state: State | None = told("in_place, planned or absent", ask="security_officer")
    due: Day | None = told("When it will be in place", ask="security_officer")
    evidence: Text | None = told("Where this can be seen; it is not opened", ask="security_officer")


class NetworkPart(Part):
    """The landing zone's network."""

    link_mbps: Amount | None = told("Speed of the link", ask="network_engineer", unit="Mbit/s")
    link_efficiency_percent: Percent | None = told("Share of the link that a copy gets", ask="network_engineer", unit="%")
    ranges: Items[Network] | None = listed("Address ranges of the landing zone, CIDR", ask="network_engineer")


class LandingZone(Frozen):
    """What has to stand in the target before a workload lands."""

    identity: Part | None = told("Identity", ask="security_officer")
    network: NetworkPart | None = told("Network and link", ask="network_engineer")
    segmentation: Part | None = told("Segmentation", ask="network_engineer")
    access: Part | None = told("Administrative access", ask="security_officer")
    logging: Part | None = told("Logging", ask="security_officer")
    backup: Part | None = told("Backup", ask="infrastructure_engineer")
    policy: Part | None = told("Policies that guard the target", ask="security_officer")


PARTS: Final = tuple(LandingZone.model_fields)
"""The parts of a landing zone, in their order."""


class Site(Frozen):
    """A place where things run today."""

    id: Text = Field(description="Name that is unique among sites")
    ranges: Items[Network] | None = listed("Address ranges in use, CIDR", ask="network_engineer")
    lease_ends: Day | None = told("When the lease or contract ends", ask="management")
    notice_by: Day | None = told("Last day to give notice or to extend", ask="management")


class Residency(Frozen):
    """Where data may be, and under whose law."""

    regions: Items[Text] | None = listed("EEA, EU, NL, … or cloud regions", silence="finding", ask="privacy_officer")
    jurisdictions: Items[Text] | None = listed("Jurisdictions a supplier's parent may have", ask="privacy_officer")


class ExitPlan(Frozen):
    """How to leave a supplier."""

    state: State | None = told("in_place, planned or absent", ask="management")
    tested_on: Day | None = told("When leaving was rehearsed", ask="management")
    cost: Money | None = told("What leaving costs", ask="finance", unit="money")


class Supplier(Frozen):
    """A supplier of a target or a service."""

    name: Text = Field(description="Name")
    parent_jurisdiction: Text | None = told("Country of the parent company", ask="management")
    contract_ends: Day | None = told("End of the contract", ask="management")
    notice_days: Count | None = told("Notice period", ask="management", unit="days")
    processor_agreement: State | None = told("Processor agreement", ask="privacy_officer")
    subprocessors: Items[Text] | None = listed("Sub-processors", ask="privacy_officer")
    exit_plan: ExitPlan | None = told("Plan to leave", ask="management")


class Target(Frozen):
    """Somewhere a workload can go."""

    id: Text = Field(description="Name that is unique among targets")
    provider: Literal["aws", "azure", "gcp", "ovh", "on-premises", "saas", "other"] | None = told("Provider")
    region: Text | None = told("Region, as the provider spells it")


class Wave(Frozen):
    """What moves in one go; the order of the list is the order of the waves."""

    id: Text = Field(description="Name that is unique among waves")
    name: Text | None = told("Name for people")
    start: Day | None = told("First day")
    end: Day | None = told("Last day")
    window_hours: Amount | None = told("Time allowed for the cutover", ask="business_owner", unit="hours")


class Owner(Frozen):
    """Two different people or roles."""

    business: Text | None = told("Who answers for the business", silence="finding", ask="management")
    technical: Text | None = told("Who answers for the technology", silence="finding", ask="management")


class Member(Frozen):
    """How servers, databases, storage and services are found in the inventory: one of `id`, `name`, `tag` or `pattern`."""

    id: Text | None = Field(default=None, description="Natural id")
    name: Text | None = Field(default=None, description="Name, exact before case-folded")
    tag: dict[str, str] | None = Field(default=None, description="A tag with its value")
    pattern: Text | None = Field(default=None, description="Shell glob over names")

    @model_validator(mode="after")
    def _one_selector(self) -> Member:
        if len([name for name in ("id", "name", "tag", "pattern") if getattr(self, name) is not None]) != 1:
            raise PydanticCustomError("member", "a member has exactly one of id, name, tag or pattern")
        if self.tag is not None and len(self.tag) != 1:
            raise PydanticCustomError("member", "a tag member holds one key with its value")
        return self

    @property
    def spelt(self) -> str:
        """The member as the plan writes it."""
        tag = next((f"{key}={value}" for key, value in (self.tag or {}).items()), "")
        return self.id or self.name or self.pattern or tag


class Replacement(Frozen):
    """The planned successor of a workload."""

    what: Text | None = told("What replaces it", ask="business_owner")
    on: Day | None = told("When", ask="business_owner")


class Commitment(Frozen):
    """A discount for a promise to stay."""

    years: Literal[1, 3] | None = told("Term", ask="finance", unit="years")
    coverage_percent: Percent | None = told("Share of the usage it covers", ask="finance", unit="%")


LicenceWord = Literal["included", "byol", "none"]


class Licence(Frozen):
    """How licences come along."""

    windows: LicenceWord | None = told("Windows: included, byol, none", ask="finance")
    sql: LicenceWord | None = told("SQL Server: included, byol, none", ask="finance")
    oracle: LicenceWord | None = told("Oracle: included, byol, none", ask="finance")


class WorkloadTarget(Frozen):
    """Where a workload goes."""

    at: Text | None = told("Id of one of the plan's targets")
    provider: Text | None = told("Provider, where no target is named")
    region: Text | None = told("Region, as the provider spells it")
    size: Text | None = told("Machine size, as the provider spells it", ask="technical_owner")
    count: Count | None = told("How many of that size", ask="technical_owner")
    disk_gb: Amount | None = told("Disk in total", ask="technical_owner", unit="GB")
    subnet: Network | None = told("Subnet, CIDR", ask="network_engineer")
    commitment: Commitment | None = told("Reservation or savings plan", ask="finance")
    licence: Licence | None = told("Licences", ask="finance")

    @model_validator(mode="after")
    def _one_place(self) -> WorkloadTarget:
        if self.at is not None and (self.provider is not None or self.region is not None):
            raise PydanticCustomError("target", "a target has `at`, or a provider and a region of its own, not both")
        return self


class Dpia(Frozen):
    """The data protection impact assessment."""

    state: Literal["done", "planned", "absent", "not_required"] | None = told("State", ask="privacy_officer")
    on: Day | None = told("When it was done", ask="privacy_officer")


class Data(Frozen):
    """The data that a workload holds."""

    class_: Literal["public", "internal", "confidential", "secret"] | None = Field(
        default=None,
        alias="class",
        description="Classification",
        json_schema_extra={"silence": "gap", "ask": "business_owner"},
    )
    personal: bool | None = told("Personal data", ask="privacy_officer")
    special: bool | None = told("Special categories of personal data", ask="privacy_officer")
    volume_gb: Amount | None = told("Volume", ask="technical_owner", unit="GB")
    change_gb_per_day: Amount | None = told("What changes in a day", ask="technical_owner", unit="GB a day")
    residency: Items[Text] | None = listed("Where this data may be", ask="privacy_officer")
    biv: Biv | None = told("Dutch BIV class, three digits", ask="security_officer")
    dpia: Dpia | None = told("Data protection impact assessment", ask="privacy_officer")
    retention: Text | None = told("Retention or archive decision", ask="business_owner")


class Dependency(Frozen):
    """What this workload calls."""

    on: Text = Field(description="Id of the workload that is called")
    binding: Literal["hard", "soft"] | None = told("hard: cannot run apart; soft: can", ask="technical_owner")
    style: Literal["synchronous", "batch", "file", "login"] | None = told("How it is called", ask="technical_owner")
    latency_budget_ms: Amount | None = told("Delay it can bear", ask="technical_owner", unit="milliseconds")
    calls_per_day: Count | None = told("Calls", ask="technical_owner", unit="calls per day")
    gb_per_month: Amount | None = told("Traffic", ask="technical_owner", unit="GB per month")
    port: Count | None = told("Port", ask="technical_owner")
    precedes: bool | None = told("The one that is called has to move first", silence="none", ask="technical_owner")


class Effort(Frozen):
    """Three estimates by the people who do the work."""

    low: Amount | None = told("If all goes well", ask="technical_owner", unit="days")
    likely: Amount | None = told("Most likely", ask="technical_owner", unit="days")
    high: Amount | None = told("If much goes wrong", ask="technical_owner", unit="days")
    bounds: Literal["p10_p90", "absolute"] | None = told("What low and high mean; p10_p90", silence="none")


class CostPerMonth(Frozen):
    """Run cost."""

    now: Money | None = told("Cost today", ask="finance", unit="money per month")
    planned: Money | None = told("Cost claimed by the plan", ask="finance", unit="money per month")


class CostOnce(Frozen):
    """One-off cost."""

    migration: Money | None = told("The move itself", ask="finance", unit="money")
    licences: Money | None = told("Licences", silence="finding", ask="finance", unit="money")
    training: Money | None = told("Training", ask="finance", unit="money")
    hardware: Money | None = told("Hardware", ask="finance", unit="money")
    exit: Money | None = told("Leaving what runs today", ask="finance", unit="money")
    other: Money | None = told("Other", ask="finance", unit="money")


class Cutover(Frozen):
    """The moment of the move."""

    on: Day | None = told("Day", ask="business_owner")
    window_hours: Amount | None = told("Time allowed", ask="business_owner", unit="hours")


class Rollback(Frozen):
    """The way back."""

    plan: Text | None = told("Where the plan stands", silence="finding", ask="technical_owner")
    owner: Text | None = told("Who decides", silence="finding", ask="management")
    tested_on: Day | None = told("When it was rehearsed", silence="finding", ask="technical_owner")
    max_minutes: Amount | None = told("How long going back takes", silence="finding", ask="technical_owner", unit="minutes")


class Test(Frozen):
    """How it is shown to work."""

    plan: Text | None = told("Where the plan stands", silence="finding", ask="technical_owner")
    owner: Text | None = told("Who accepts", silence="finding", ask="business_owner")


class Rehearsal(Frozen):
    """A trial migration."""

    on: Day | None = told("Day", silence="finding", ask="technical_owner")
    days: Amount | None = told("Work it takes", silence="finding", ask="technical_owner", unit="days")


class Baseline(Frozen):
    """A measurement before the move."""

    value: float | None = told("Value", silence="finding", ask="business_owner")
    on: Day | None = told("When it was measured", silence="finding", ask="business_owner")
    source: Text | None = told("How it was measured", silence="finding", ask="business_owner")


class Outcome(Frozen):
    """What gets better, measured."""

    metric: Text | None = told("What is measured", silence="finding", ask="business_owner")
    unit: Text | None = told("Unit", silence="finding", ask="business_owner")
    baseline: Baseline | None = told("Measurement before the move", silence="finding", ask="business_owner")
    target: float | None = told("Value aimed for", silence="finding", ask="business_owner")
    due: Day | None = told("When", silence="finding", ask="business_owner")
    measured_by: Text | None = told("Who measures", silence="finding", ask="business_owner")
    better: Literal["lower", "higher"] | None = told("Which direction is better", ask="business_owner")
    worth_low: Money | None = told("What a unit is worth at least", silence="none", ask="finance", unit="money per unit")
    worth_high: Money | None = told("What a unit is worth at most", silence="none", ask="finance", unit="money per unit")


class Skill(Frozen):
    """Somebody can do something."""

    skill: Text = Field(description="Skill")
    person: Text = Field(description="Who has it")
    on: Day | None = told("When it was last shown")


class Skills(Frozen):
    """What people must be able to do, and who can."""

    need: Items[Text] | None = listed("Skills needed")
    have: Items[Skill] | None = listed("Skills shown")


class Promise(Frozen):
    """A dated commitment by a person; willingness counts in no other form."""

    person: Text = Field(description="Who")
    on: Day = Field(description="When it was given")
    text: Text = Field(description="What was promised")


class BackupState(Part):
    """Backup of the workload."""

    age_hours: Amount | None = told("Age of the newest backup", ask="infrastructure_engineer", unit="hours")
    restore_tested_on: Day | None = told("When a restore was tested", ask="infrastructure_engineer")


class Security(Frozen):
    """Security measures of a workload."""

    mfa: Part | None = told("Multi-factor authentication for administrators", ask="security_officer")
    segmentation: Part | None = told("Segmentation", ask="security_officer")
    access_review: Part | None = told("Review of access rights", ask="security_officer")
    encryption: Part | None = told("Encryption at rest and in transit", ask="security_officer")
    secrets: Part | None = told("Where secrets are kept", ask="security_officer")
    logging: Part | None = told("Logging", ask="security_officer")
    backup: BackupState | None = told("Backup", ask="infrastructure_engineer")
    penetration_test: Part | None = told("Penetration test", ask="security_officer")


class Deadline(Frozen):
    """A date that does not move: lease, contract, end of support, law."""

    what: Text = Field(description="What ends")
    on: Day = Field(description="When")
    decide_by: Day | None = told("Last day to decide", ask="management")


class Workload(Frozen):
    """What a business owner recognises."""

    id: Text = Field(description="Name that is unique among workloads")
    name: Text | None = told("Name for people", ask="business_owner")
    category: Category | None = told("Kind of application", ask="technical_owner")
    owner: Owner | None = told("Who answers for it", silence="finding", ask="management")
    members: Items[Member] | None = listed("What it runs on", silence="finding", ask="technical_owner")
    disposition: Disposition | None = told("What happens to it: one of the 7 Rs", silence="finding")
    replaced_by: Replacement | None = told("Planned successor", silence="none", ask="business_owner")
    target: WorkloadTarget | None = told("Where it goes")
    environment: Environment | None = told("Environment", ask="technical_owner")
    criticality: Literal["low", "medium", "high", "mission"] | None = told("Weight for the business", ask="business_owner")
    users: Count | None = told("People who use it", ask="business_owner", unit="people")
    rto_hours: Amount | None = told("Time to recover", silence="finding", ask="business_owner", unit="hours")
    rpo_hours: Amount | None = told("Data that may be lost", silence="finding", ask="business_owner", unit="hours")
    data: Data | None = told("The data it holds", ask="business_owner")
    dependencies: Items[Dependency] | None = listed("What it calls", ask="technical_owner")
    shared_service: bool | None = told(
        "A prerequisite of others, such as a directory or DNS", silence="none", ask="technical_owner"
    )
    wave: Text | None = told("Id of the wave it moves in")
    effort_days: Effort | None = told("Estimates of the work", ask="technical_owner")
    cost_per_month: CostPerMonth | None = told("Run cost", ask="finance")
    cost_once: CostOnce | None = told("One-off cost", ask="finance")
    decommission_on: Day | None = told("Day on which the old one stops", silence="finding", ask="infrastructure_engineer")
    cutover: Cutover | None = told("The moment of the move", ask="business_owner")
    replication_starts: Day | None = told("First day of copying", ask="technical_owner")
    rollback: Rollback | None = told("The way back", silence="finding", ask="technical_owner")
    test: Test | None = told("How it is shown to work", silence="finding", ask="technical_owner")
    rehearsal: Rehearsal | None = told("Trial migration", silence="finding", ask="technical_owner")
    outcome: Outcome | None = told("What gets better", silence="finding", ask="business_owner")
    skills: Skills | None = told("Skills")
    commitments: Items[Promise] | None = listed("Dated commitments by people")
    security: Security | None = told("Security measures", ask="security_officer")
    deadlines: Items[Deadline] | None = listed("Dates that do not move", silence="none", ask="management")


SECTIONS: Final = {"workload": "workloads", "wave": "waves"}
"""The list of a plan that holds each kind of subject that people can answer for; of servers only an inventory tells."""


class Override(Frozen):
    """Who takes responsibility for passing a gate."""

    workload: Text = Field(description="Id of the workload")
    gate: OverridableGate = Field(description="Gate that is passed; the others are facts that nobody can take away")
    reason: Text = Field(description="Why")
    by: Text = Field(description="Who")
    on: Day = Field(description="When")


class Costs(Frozen):
    """The plan's own totals."""

    as_is_per_month: Money | None = told("Today", silence="finding", ask="finance", unit="money per month")
    to_be_per_month: Money | None = told("Afterwards", ask="finance", unit="money per month")
    dual_running_per_month: Money | None = told(
        "Old and new side by side", silence="finding", ask="finance", unit="money per month"
    )
    contingency_percent: Percent | None = told("Reserve", ask="finance", unit="%")
    egress_per_month: Money | None = told("Outgoing traffic", silence="finding", ask="finance", unit="money per month")
    training: Money | None = told("Training", ask="finance", unit="money")
    support_plan: Money | None = told("Support plan", silence="finding", ask="finance", unit="money per month")
    day_rate: Money | None = told("What a day of migration work costs", ask="finance", unit="money per day")
    tax: Literal["excluded", "included"] | None = told("Whether amounts hold value added tax", silence="finding", ask="finance")
    total: Money | None = told("Total as the plan states it", ask="finance", unit="money")


class Value(Frozen):
    """Value beyond money, in its own unit."""

    what: Text = Field(description="What")
    unit: Text | None = told("Unit", ask="business_owner")
    now: float | None = told("Today", ask="business_owner")
    expected: float | None = told("Expected", ask="business_owner")
    better: Literal["lower", "higher"] | None = told("Which direction is better", ask="business_owner")
    on: Day | None = told("When", ask="business_owner")
    worth_low: Money | None = told("What a unit is worth at least", silence="none", ask="finance", unit="money per unit")
    worth_high: Money | None = told("What a unit is worth at most", silence="none", ask="finance", unit="money per unit")

    @model_validator(mode="after")
    def _least_first(self) -> Value:
        if self.worth_low is not None and self.worth_high is not None and self.worth_low > self.worth_high:
            raise PydanticCustomError("worth", "worth_low is more than worth_high")
        return self


class Waiver(Frozen):
    """A finding that somebody accepts until a day. One that is malformed waives nothing and is itself a finding."""

    rule: Text | None = Field(default=None, description="Id of the rule")
    rules: Items[Text] | None = Field(default=None, description="Ids of several rules that one reason covers")
    subject: Text | None = Field(default=None, description="Id of what is accepted")
    reason: Text | None = Field(default=None, description="Why")
    approver: Text | None = Field(default=None, description="Who accepts")
    expires: Day | None = Field(default=None, description="Last day on which it counts")


class Response(Frozen):
    """The plan's author answers a finding."""

    fingerprint: Text = Field(description="Fingerprint of the finding")
    by: Text = Field(description="Who answers")
    on: Day = Field(description="When")
    text: Text = Field(description="The answer, in the author's own words")


class Plan(Frozen):
    """A migration plan. Only `workloads[].id` is required."""

    schema_: Literal[1] | None = Field(default=None, alias="schema", description="Version of this format: 1")
    organisation: Organisation | None = told("Whose plan it is")
    as_of: Day | None = told("The day on which the plan is judged")
    currency: Currency | None = told("Currency of all amounts, ISO 4217", ask="finance")
    rates: Items[Rate] | None = listed("Dated exchange rates", ask="finance")
    profile: Profile | None = told("What weighs most; trust-first", silence="none", ask="management")
    goals: Items[Goal] | None = listed("Ranked, most important first", ask="management")
    quarter: Quarter | None = told("The quarter that is planned; the one after as_of", silence="none")
    capacity: Capacity | None = told("The people who do the work")
    landing_zone: LandingZone | None = told("What has to stand before a workload lands", ask="security_officer")
    sites: Items[Site] | None = listed("Where things run today", ask="infrastructure_engineer")
    residency: Residency | None = told("Where data may be", ask="privacy_officer")
    suppliers: Items[Supplier] | None = listed("Suppliers", ask="management")
    targets: Items[Target] | None = listed("Where workloads can go")
    waves: Items[Wave] | None = listed("In order")
    workloads: Items[Workload] = Field(description="What a business owner recognises")
    deadlines: Items[Deadline] | None = listed("Dates that do not move", silence="none", ask="management")
    overrides: Items[Override] | None = listed("Gates that somebody takes responsibility for", silence="none")
    costs: Costs | None = told("The plan's own totals", ask="finance")
    value: Items[Value] | None = listed("Value beyond money", ask="business_owner")
    waivers: Items[Waiver] | None = listed("Findings that somebody accepts", silence="none")
    responses: Items[Response] | None = listed("Answers to findings", silence="none")
