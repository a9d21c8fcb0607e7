"""The inventory: a snapshot of what was seen. The shape of its records, one JSON object a line.

Resources stay plain dictionaries (there are many); their shape is checked when a file is read. A value that the
source does not give is absent from the record, never zero or empty. Units stand in the names: a MiB is 2**20
bytes. Lists inside a server hold their own place, so that every disk can be found again in the export.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Required, get_type_hints

from pydantic import AfterValidator, ConfigDict, Field
from typing_extensions import TypedDict

from migrascope.model.base import Frozen
from migrascope.model.columns import Measurements, Relations
from migrascope.model.problem import Problem

SCHEMA_VERSION = 1

STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

Status = Literal[
    "ok", "empty", "denied", "region_disabled", "not_enabled", "throttled", "unsupported", "partial", "error",
]  # fmt: skip


class PlaceRecord(TypedDict, total=False):
    """Where a record was read; see `Place`. Items inside a resource leave out what the resource says."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    file: str
    sheet: str
    row: int
    line: int
    call: str
    scope: str
    at: str
    inferred: bool


def doc(meaning: str, *, day: bool = False) -> Any:
    """The meaning of an attribute, for the schema and the catalogue of facts. `day`: the text is an ISO 8601 day."""
    return Field(description=meaning, json_schema_extra={"format": "date"} if day else None)


def _a_day(text: str) -> str:
    """The text is a day, ISO 8601."""
    dt.date.fromisoformat(text)
    return text


def _starts_with_a_day(text: str) -> str:
    """The text is a day or a moment, ISO 8601."""
    dt.date.fromisoformat(text[:10])
    return text


class Disk(TypedDict, total=False):
    """A virtual disk."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    name: Annotated[str, doc("Label")]
    capacity_mib: Annotated[float, doc("Provisioned size [MiB]")]
    raw: Annotated[bool, doc("A raw device mapping: the disk is a LUN of the storage array")]
    raw_mode: Annotated[Literal["physical", "virtual"], doc("Compatibility mode of a raw device mapping")]
    lun: Annotated[str, doc("Identity of the raw LUN; equal on machines that share it")]
    mode: Annotated[str, doc("persistent, independent_persistent, independent_nonpersistent, …")]
    bus_sharing: Annotated[Literal["none", "virtual", "physical"], doc("Sharing of the SCSI bus")]
    multi_writer: Annotated[bool, doc("Several machines may write to it")]
    path: Annotated[str, doc("File in the datastore")]
    thin: Annotated[bool, doc("Allocated when written")]
    controller: Annotated[str, doc("Controller")]
    place: PlaceRecord


class Partition(TypedDict, total=False):
    """A file system inside the guest."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    path: Annotated[str, doc("Mount point or drive")]
    capacity_mib: Annotated[float, doc("Size [MiB]")]
    free_mib: Annotated[float, doc("Free [MiB]")]
    free_percent: Annotated[float, doc("Free [%]")]
    place: PlaceRecord


class Snapshot(TypedDict, total=False):
    """A snapshot of a virtual machine."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    name: Annotated[str, doc("Name")]
    created: Annotated[str, doc("Day it was made", day=True), AfterValidator(_a_day)]
    size_mib: Annotated[float, doc("Size [MiB]")]
    place: PlaceRecord


class Nic(TypedDict, total=False):
    """A network card."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    name: Annotated[str, doc("Label")]
    network: Annotated[str, doc("Network or port group")]
    adapter: Annotated[str, doc("Kind of card")]
    mac: Annotated[str, doc("MAC address")]
    addresses: Annotated[list[str], doc("IP addresses")]
    connected: Annotated[bool, doc("Connected")]
    direct_path: Annotated[bool, doc("The card is a device of the host, passed through")]
    place: PlaceRecord


class Device(TypedDict, total=False):
    """A CD drive or a USB device."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    name: Annotated[str, doc("Label")]
    connected: Annotated[bool, doc("Connected")]
    place: PlaceRecord


class Server(TypedDict, total=False):
    """A physical or virtual machine."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    template: Annotated[bool, doc("A template or placeholder: not a machine that runs")]
    power: Annotated[Literal["on", "off", "suspended"], doc("Power state")]
    hostname: Annotated[str, doc("Name that the guest gives itself")]
    addresses: Annotated[list[str], doc("IP addresses")]
    tags: Annotated[dict[str, str], doc("Tags")]
    size: Annotated[str, doc("Size, as the provider names it")]
    image: Annotated[str, doc("Image it was started from")]
    licence: Annotated[str, doc("Licence of the operating system, as the provider names it")]
    public: Annotated[bool, doc("It has an address on the internet")]
    metadata_token: Annotated[bool, doc("Its metadata are given only to who shows a token (IMDSv2)")]
    cpus: Annotated[int, doc("Virtual processors")]
    memory_mib: Annotated[float, doc("Memory [MiB]")]
    disk_count: Annotated[int, doc("Number of disks, as the source counts them")]
    nic_count: Annotated[int, doc("Number of network cards, as the source counts them")]
    provisioned_mib: Annotated[float, doc("Storage promised [MiB]")]
    in_use_mib: Annotated[float, doc("Storage in use [MiB]")]
    os_config: Annotated[str, doc("Operating system in the machine's configuration")]
    os_tools: Annotated[str, doc("Operating system that the guest's tools report")]
    hardware_version: Annotated[int, doc("Version of the virtual hardware")]
    firmware: Annotated[Literal["bios", "efi"], doc("Firmware")]
    changed_block_tracking: Annotated[bool, doc("Changed block tracking is on")]
    fault_tolerance: Annotated[bool, doc("vSphere Fault Tolerance is on")]
    consolidation_needed: Annotated[bool, doc("Snapshot files wait for consolidation")]
    tools_state: Annotated[str, doc("State of VMware Tools")]
    secure_boot: Annotated[bool, doc("Secure Boot is on")]
    disk_uuid: Annotated[bool, doc("Disks show their serial numbers to the guest")]
    cpu_hot_add: Annotated[bool, doc("Processors can be added while it runs")]
    memory_hot_add: Annotated[bool, doc("Memory can be added while it runs")]
    memory_limit_mib: Annotated[float, doc("Upper limit on memory [MiB]; absent where there is none")]
    memory_ballooned_mib: Annotated[float, doc("Memory that the host took back by ballooning [MiB]")]
    memory_swapped_mib: Annotated[float, doc("Memory that the host swapped out [MiB]")]
    annotation_secret: Annotated[bool, doc("Its note or an attribute holds what looks like a password or a key")]
    created: Annotated[str, doc("Day it was made", day=True), AfterValidator(_a_day)]
    host: Annotated[str, doc("Host it runs on")]
    cluster: Annotated[str, doc("Cluster")]
    datacenter: Annotated[str, doc("Datacenter")]
    folder: Annotated[str, doc("Folder")]
    resource_pool: Annotated[str, doc("Resource pool")]
    disks: Annotated[list[Disk], doc("Disks")]
    partitions: Annotated[list[Partition], doc("File systems inside the guest")]
    snapshots: Annotated[list[Snapshot], doc("Snapshots")]
    nics: Annotated[list[Nic], doc("Network cards")]
    cd_drives: Annotated[list[Device], doc("CD drives")]
    usb_devices: Annotated[list[Device], doc("USB devices")]


class Database(TypedDict, total=False):
    """A database, managed or on a server."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    engine: Annotated[str, doc("Engine, such as PostgreSQL or SQL Server")]
    version: Annotated[str, doc("Version, as the source writes it")]
    encrypted: Annotated[bool, doc("Encrypted at rest")]
    public: Annotated[bool, doc("Can be reached from the internet")]
    size_gib: Annotated[float, doc("Size [GiB]")]
    size: Annotated[str, doc("Size of its machine, as the provider names it")]
    nodes: Annotated[int, doc("Number of machines")]
    zones: Annotated[bool, doc("A second copy stands ready in another zone")]
    backup_days: Annotated[int, doc("For how many days backups are kept; 0 where none are made")]
    tags: Annotated[dict[str, str], doc("Tags")]
    created: Annotated[str, doc("Day it was made", day=True), AfterValidator(_a_day)]
    server: Annotated[str, doc("Natural id of the server it runs on")]


class Storage(TypedDict, total=False):
    """A bucket, a share, a disk, a copy of a disk, or a datastore."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    holds: Annotated[Literal["object", "file", "block", "snapshot", "datastore"], doc("What it is")]
    attached: Annotated[bool, doc("A machine uses it")]
    https_only: Annotated[bool, doc("It answers over TLS only")]
    tags: Annotated[dict[str, str], doc("Tags")]
    created: Annotated[str, doc("Day it was made", day=True), AfterValidator(_a_day)]
    public: Annotated[bool, doc("Can be read by anybody")]
    policy_public: Annotated[bool, doc("Its policy lets anybody in")]
    acl_public: Annotated[bool, doc("Its access list lets anybody in")]
    public_blocked: Annotated[bool, doc("What its policy and access list say to anybody is not heeded")]
    encrypted: Annotated[bool, doc("Encrypted at rest")]
    size_gib: Annotated[float, doc("Size [GiB]")]
    free_percent: Annotated[float, doc("Free [%]")]


class Opening(TypedDict, total=False):
    """Traffic that a rule lets in."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    protocol: Annotated[Literal["tcp", "udp", "icmp", "any"], doc("Protocol")]
    first_port: Annotated[int, doc("First port")]
    last_port: Annotated[int, doc("Last port")]
    source: Annotated[str, doc("Address range or group that may come in")]
    internet: Annotated[bool, doc("Anybody on the internet may come in")]
    place: PlaceRecord


class Network(TypedDict, total=False):
    """A network, a set of rules for traffic, or what ties networks together."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    what: Annotated[
        Literal["network", "subnet", "rules", "routes", "gateway", "peering", "endpoint", "link", "address"], doc("What it is")
    ]
    product: Annotated[str, doc("What it is, as the provider names it")]
    flow_logs: Annotated[bool, doc("Its traffic is logged")]
    internet_route: Annotated[bool, doc("It has a route to the internet")]
    tags: Annotated[dict[str, str], doc("Tags")]
    ranges: Annotated[list[str], doc("Address ranges")]
    ingress: Annotated[list[Opening], doc("What it lets in")]
    vlan: Annotated[str, doc("VLAN, as the source writes it")]
    promiscuous: Annotated[bool, doc("Machines on it may read traffic that is not theirs")]
    mac_changes: Annotated[bool, doc("Machines on it may change their MAC address")]
    forged_transmits: Annotated[bool, doc("Machines on it may send under another MAC address")]
    vmkernel: Annotated[bool, doc("The hypervisor itself is managed or stored over it")]


class Host(TypedDict, total=False):
    """A hypervisor host."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    product: Annotated[str, doc("Hypervisor with version")]
    cpus: Annotated[int, doc("Cores")]
    vcpus: Annotated[int, doc("Virtual processors of the machines on it")]
    memory_mib: Annotated[float, doc("Memory [MiB]")]
    cluster: Annotated[str, doc("Cluster")]
    datacenter: Annotated[str, doc("Datacenter")]


class Cluster(TypedDict, total=False):
    """A cluster of hypervisor hosts."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    hosts: Annotated[int, doc("Number of hosts")]
    high_availability: Annotated[bool, doc("Machines are restarted on another host")]
    drs: Annotated[bool, doc("Machines are moved between hosts by themselves (DRS)")]
    dpm: Annotated[bool, doc("Hosts are switched off by themselves (DPM)")]


class Service(TypedDict, total=False):
    """Something managed that is no server, database, storage or network: a function, a cluster of containers, a queue, …"""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    what: Annotated[
        Literal[
            "function", "web_app", "container_cluster", "container_service", "load_balancer", "scaling_group", "queue",
            "topic", "stack", "zone", "key", "vault", "backup_plan", "image",
        ],
        doc("What it is"),
    ]  # fmt: skip
    product: Annotated[str, doc("What it is, as the provider names it")]
    runtime: Annotated[str, doc("Language and version that its code runs on")]
    version: Annotated[str, doc("Version of the service")]
    state: Annotated[str, doc("State, as the provider writes it")]
    public: Annotated[bool, doc("Can be reached from the internet")]
    encrypted: Annotated[bool, doc("Encrypted at rest")]
    https_only: Annotated[bool, doc("It answers over TLS only")]
    nodes: Annotated[int, doc("Number of machines or copies")]
    memory_mib: Annotated[float, doc("Memory [MiB]")]
    tags: Annotated[dict[str, str], doc("Tags")]
    created: Annotated[str, doc("Day it was made", day=True), AfterValidator(_a_day)]


class Identity(TypedDict, total=False):
    """Who may do something in an account: a user, a role, a group."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    what: Annotated[Literal["root", "user", "role", "group"], doc("What it is")]
    console: Annotated[bool, doc("Has a password")]
    mfa: Annotated[bool, doc("Has a second factor")]
    key_active: Annotated[bool, doc("Has an access key that works")]
    key_made: Annotated[str, doc("Day that the oldest key that works was made", day=True), AfterValidator(_a_day)]
    used: Annotated[str, doc("Day of its last use", day=True), AfterValidator(_a_day)]
    policies: Annotated[list[str], doc("Names of the policies and roles that it has")]
    inline_policies: Annotated[int, doc("Number of policies of its own")]
    administrator: Annotated[bool, doc("May do everything, by a policy or role of that name")]
    tags: Annotated[dict[str, str], doc("Tags")]


class Account(TypedDict, total=False):
    """An account or subscription, or its part in one region."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    part: Annotated[Literal["account", "region", "subscription"], doc("The whole of it, or its part in one region")]
    root_mfa: Annotated[bool, doc("Its root user has a second factor")]
    root_keys: Annotated[bool, doc("Its root user has access keys")]
    password_policy: Annotated[bool, doc("It has rules for passwords of its own")]
    trail: Annotated[bool, doc("An audit trail is kept")]
    trail_all_regions: Annotated[bool, doc("An audit trail is kept of all regions")]
    configuration_recorded: Annotated[bool, doc("Changes of configuration are recorded")]
    threat_detection: Annotated[bool, doc("Threats are watched for (GuardDuty, Defender)")]
    public_storage_blocked: Annotated[bool, doc("Buckets cannot be made public")]
    compliant_percent: Annotated[float, doc("Part of what policies speak of that complies [%]")]
    tags: Annotated[dict[str, str], doc("Tags")]


class Reading(TypedDict, total=False):
    """What another part of the source says of the same attribute."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    fact: Required[str]
    value: Required[str | float | bool]
    place: Required[PlaceRecord]


class Superseded(TypedDict, total=False):
    """A value that does not count any more, kept as evidence; of a list, how many items it had."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    fact: Required[str]
    value: Required[str | float | bool]
    place: Required[PlaceRecord]
    collected_at: str


class _Record(TypedDict, total=False):
    """What every resource has, as a line of the inventory."""

    __pydantic_config__ = STRICT  # type: ignore[misc]

    kind: Required[Literal["resource"]]
    id: Required[Annotated[str, doc("Natural id: ARN, ARM id, vsphere:<vCenter>:<instance uuid>, else scoped by its source")]]
    name: Annotated[str, doc("Name")]
    region: Annotated[str, doc("Region, as the provider names it")]
    zone: Annotated[str, doc("Availability zone")]
    provider: Annotated[str, doc("vsphere, aws, azure, …")]
    source: Required[Annotated[str, doc("Collector")]]
    scope: Required[Annotated[str, doc("File, or account and region")]]
    place: Required[PlaceRecord]
    places: Annotated[dict[str, PlaceRecord], doc("Where single attributes were read, if not where the record was")]
    collected_at: Annotated[
        str, doc("When it was collected, ISO 8601; the header's where absent"), AfterValidator(_starts_with_a_day)
    ]
    readings: list[Reading]
    superseded: Annotated[list[Superseded], doc("Values that lost against newer ones or those of a source of more trust")]


def record_shape(kind: str, attributes: Any) -> Any:
    """The shape of one line that holds a resource of a kind (a TypedDict), out of the shape of its attributes."""
    fields = {**get_type_hints(_Record, include_extras=True), "type": Required[Literal[kind]]}
    make: Any = TypedDict
    shape = make(f"{kind.capitalize()}Record", {**fields, "attributes": Required[attributes]}, total=False)
    shape.__pydantic_config__ = STRICT
    shape.__doc__ = (attributes.__doc__ or "").strip()
    return shape


class RelationRecord(TypedDict, total=False):
    """Two resources belong together: `runs_on`, `shares_disk`, `same_machine`, `kept_apart`, …"""

    __pydantic_config__ = STRICT  # type: ignore[misc]
    kind: Required[Literal["relation"]]
    type: Required[str]
    source: Required[Annotated[str, doc("Natural id")]]
    target: Required[Annotated[str, doc("Natural id")]]
    method: Required[Annotated[str, doc("How it was found")]]
    detail: Annotated[str, doc("What ties them: a LUN, a rule, a port")]
    place: PlaceRecord


class MeasurementRecord(TypedDict, total=False):
    """One statistic of one metric of one resource over a window."""

    __pydantic_config__ = STRICT  # type: ignore[misc]
    kind: Required[Literal["measurement"]]
    id: Required[Annotated[str, doc("Natural id")]]
    metric: Required[str]
    statistic: Required[Annotated[str, doc("p95, maximum, average, …")]]
    unit: Required[str]
    window: Required[Annotated[str, doc("ISO 8601 interval")]]
    value: Annotated[float, doc("Absent where it is not known")]
    samples: int
    coverage: Annotated[float, doc("Share of the window with samples [0 to 1]")]


class Coverage(Frozen):
    """What was looked at, and how that ended. A list is complete only where a record says `ok` or `empty`.

    `covers` names what the operation supplies in our own words: `server`, `server.disks`, `server.os_tools`.
    `items` counts what came out of it; where fewer are found in the file, something was lost and the list is
    not complete.
    """

    kind: Literal["coverage"] = "coverage"
    source: str
    scope: str
    operation: str
    status: Status
    items: int
    covers: tuple[str, ...] = Field(default=(), strict=False)
    detail: str = ""
    watched_days: float | None = Field(default=None, ge=0)
    """For how many days calls were watched. A call that comes once a month is not seen in two weeks."""


class Header(Frozen):
    """The first line of an inventory."""

    kind: Literal["header"] = "header"
    schema_version: Literal[1] = 1
    tool: str
    collected_at: Annotated[str, AfterValidator(_starts_with_a_day)] | None = None
    collected_at_from: str | None = None


Resource = Mapping[str, Any]
"""A record of a resource, after its shape was checked; see `kinds.adapter`."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that was collected, from one or more files."""

    headers: tuple[Header, ...] = ()
    resources: tuple[Resource, ...] = ()
    relations: Relations = field(default_factory=Relations)
    measurements: Measurements = field(default_factory=Measurements)
    coverage: tuple[Coverage, ...] = ()
    lacking: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What is covered, by scope and name, and why it is not complete: an empty text where it is."""
    problems: tuple[Problem, ...] = ()
    """Lines that could not be read; each makes the analysis incomplete."""
    collected_by_file: Mapping[str, str | None] = field(default_factory=dict)
    """The newest day on which something in each file was collected, by its path."""

    @property
    def collected_at(self) -> str | None:
        """The newest day on which something was collected, ISO 8601."""
        return max((header.collected_at for header in self.headers if header.collected_at), default=None)
