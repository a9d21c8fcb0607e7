"""A plan drafted from an inventory: what was seen is filled in, what nobody saw is a question with whom to ask."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from migrascope.estate.bill import Bill, bill_of
from migrascope.estate.grouping import ApplicationGroup, part
from migrascope.model.inventory import Inventory, Resource
from migrascope.model.plan import Plan, Workload
from migrascope.model.shape import shape

ENVIRONMENTS: Final = {
    **dict.fromkeys(("production", "prod", "prd", "productie"), "production"),
    **dict.fromkeys(("acceptance", "acc", "acceptatie", "uat", "staging"), "acceptance"),
    **dict.fromkeys(("test", "tst"), "test"),
    **dict.fromkeys(("development", "dev", "ontwikkel", "ontwikkeling"), "development"),
    **dict.fromkeys(("training", "opleiding"), "training"),
    **dict.fromkeys(("dr", "uitwijk"), "dr"),
}
CRITICALITIES: Final = {
    **dict.fromkeys(("low", "laag"), "low"),
    **dict.fromkeys(("medium", "midden", "middel"), "medium"),
    **dict.fromkeys(("high", "hoog"), "high"),
    **dict.fromkeys(("mission", "mission critical", "critical", "kritiek"), "mission"),
}
DISPOSITIONS: Final = ("retire", "retain", "rehost", "relocate", "repurchase", "replatform", "refactor")
_ASKED: Final = ("category", "disposition", "criticality", "dependencies")
_AREA: Final = re.compile(r"^[a-z]{2}-[a-z]+-\d$")


def draft(inventory: Inventory, groups: Sequence[ApplicationGroup], left: Sequence[Resource] = ()) -> str:
    """The text of a commented plan that `check` accepts and `review` reviews. `left`: what belongs to nobody knows what."""
    bill = bill_of(inventory)
    lines = list(_head(inventory, groups))
    if bill.currency:
        lines.append(f"currency: {bill.currency}                   # as the bill has it")
    lines += _PRICED
    waves = _waves(groups)
    regions = sorted({value for group in groups for value in _tagged(group, "region")})
    if regions:
        lines.append("targets:")
        lines += [f"  - {{id: {slug(region)}, provider: {_provider(region)}, region: {_q(region)}}}" for region in regions]
    if waves:
        lines.append("waves:                          # as the export orders them; say when each starts and ends")
        lines += [f"  - {{id: {slug(wave)}, name: {_q(wave)}}}" for wave in waves]
    lines.append("workloads:")
    used: Counter[str] = Counter()
    for group in groups:
        lines += _workload(group, used, bill)
    if not groups:
        lines[-1] += " []"
    lines += _left(left)
    return "".join(f"{line}\n" for line in lines)


def _left(left: Sequence[Resource]) -> Iterator[str]:
    """What was seen and could not be tied to a workload, so that nobody forgets it."""
    if not left:
        return
    yield "# Seen, and tied to no workload; ask the technical owners whose it is, and add it to the members:"
    for kind in dict.fromkeys(str(part(record)) for record in left):
        names = [str(record.get("name", record["id"])) for record in left if part(record) == kind]
        yield f"#   {_CALLED.get(kind, kind.replace('_', ' '))}: {', '.join(_q(name) for name in names)}"


_PRICED: Final = (
    "# What prices need; docs/how-to/price-a-plan.md says how. Ask finance for the amounts.",
    "# currency: EUR",
    "# rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-11-20}]    # list prices are in USD",
    "# targets: [{id: cloud, provider: azure, region: westeurope}]  # and of a workload: target: {at: cloud}",
    "# costs: {day_rate: 800, tax: excluded}                        # and of a workload: cost_per_month: {now: 0, planned: 0}",
)
_FOUND: Final = {"alone": "nothing ties it to others"}
_CATEGORY: Final = {"database": "database", "web_app": "web"}
"""The kind of application that one kind of member is by itself."""
_CALLED: Final = {"object": "bucket", "file": "file share"}
"""What people call a kind of storage."""


def _head(inventory: Inventory, groups: Sequence[ApplicationGroup]) -> Iterator[str]:
    yield "# yaml-language-server: $schema=plan.schema.json"
    yield f"# Drafted from an inventory: {len(groups)} workloads. `unknown` marks a question; the remark says whom to ask."
    yield "# Groups are a suggestion: each says how it was found. Merge, split and rename them."
    yield "schema: 1"
    day = inventory.collected_at
    yield f"as_of: {day[:10]}" if day else "# as_of: 2026-11-23           # the day on which the plan is to be judged"
    yield "profile: trust-first            # or value-first, deadline-first: what weighs most"
    yield "capacity: {fte: unknown}        # ask the migration lead: how many people, full-time equivalents?"
    yield "landing_zone:                   # in_place, planned (with due) or absent; ask the security officer"
    for name in ("identity", "network", "segmentation", "access", "logging"):
        yield f"  {name}: {{state: unknown}}"
    yield "residency: {regions: unknown}   # ask the privacy officer: where may data be? EEA, NL, …"


def _workload(group: ApplicationGroup, used: Counter[str], bill: Bill) -> Iterator[str]:
    name = slug(group.name)
    used[name] += 1
    unique = name if used[name] == 1 else f"{name}-{used[name]}"
    origin = group.members[0]["place"]
    where = ", ".join(str(each) for each in (origin.get("file"), origin.get("sheet"), origin.get("call")) if each)
    where += f" row {origin['row']}" if "row" in origin else ""
    yield f"  - id: {unique}"
    yield f"    name: {_q(group.name)}"
    yield f"    # {_FOUND.get(group.method, f'found by {group.method}')}, confidence {group.confidence}; {where}"
    if group.servers == group.members and all(server["attributes"].get("power") == "off" for server in group.servers):
        yield "    # every machine of it is off: ask whether it can be retired"
    selectors = [("name", each["name"]) if "name" in each else ("id", each["id"]) for each in group.members]
    yield f"    members: [{', '.join(f'{{{key}: {_q(value)}}}' for key, value in selectors)}]"
    yield from _known(group)
    amount = bill.of(member["id"] for member in group.members)
    if amount is not None:
        months = bill.months[0] if len(bill.months) == 1 else f"{bill.months[0]} to {bill.months[-1]}"
        yield f"    cost_per_month: {{now: {amount:.2f}}}   # {bill.statistic} cost on the bill of {months}"


def _known(group: ApplicationGroup) -> Iterator[str]:
    """What tags say, and a question for what they do not."""
    fields = shape(Workload)
    said: dict[str, str | None] = {
        "category": _category(group),
        "disposition": _one(group, "disposition", {word: word for word in DISPOSITIONS}),
        "criticality": _one(group, "criticality", CRITICALITIES),
        "dependencies": None,
    }
    for name in _ASKED:
        value = said[name]
        if value is not None:
            yield f"    {name}: {value}"
        else:
            who = fields[name].ask.replace("_", " ")
            yield f"    {f'{name}: unknown':<28}# ask the {who}: {fields[name].meaning.lower()}?"
    environment = _one(group, "environment", ENVIRONMENTS)
    if environment is not None:
        yield f"    environment: {environment}"
    owners = _tagged(group, "owner")
    business = _q(owners[0]) if len(owners) == 1 else "unknown"
    yield f"    owner: {{business: {business}, technical: unknown}}"
    yield "    data: {personal: unknown}   # ask the privacy officer: does it hold personal data?"
    waves = _tagged(group, "wave")
    if len(waves) == 1:
        yield f"    wave: {slug(waves[0])}"
    regions, sizes = _tagged(group, "region"), _tagged(group, "size")
    if len(regions) == 1:
        size = f", size: {_q(sizes[0])}, count: {len(group.servers)}" if len(sizes) == 1 else ""
        yield f"    target: {{at: {slug(regions[0])}{size}}}"


def _category(group: ApplicationGroup) -> str | None:
    kinds = {_CATEGORY.get(str(part(member))) for member in group.members}
    return kinds.pop() if len(kinds) == 1 else None


def _tagged(group: ApplicationGroup, key: str) -> list[str]:
    """The different values of a tag over the members of a group."""
    values = (member["attributes"].get("tags", {}).get(key) for member in group.members)
    return list(dict.fromkeys(value for value in values if value))


def _one(group: ApplicationGroup, key: str, words: dict[str, str]) -> str | None:
    """The one word that all servers of a group agree on; None where they do not, or where it is no word of ours."""
    values = {words.get(value.strip().casefold()) for value in _tagged(group, key)}
    return next(iter(values)) if len(values) == 1 else None


def _waves(groups: Sequence[ApplicationGroup]) -> list[str]:
    found = {value for group in groups for value in _tagged(group, "wave")}
    return sorted(found, key=lambda wave: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", wave)])


def _provider(region: str) -> str:
    return "aws" if _AREA.match(region) else "other"


def slug(name: str) -> str:
    """A name as an id: lower case, digits and dashes."""
    found = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "workload"
    return f"w-{found}" if found[0].isdigit() or found in ("unknown", "null", "true", "false") else found


def _q(text: Any) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def blank() -> str:
    """A plan to start from where there is no inventory: every part once, as a remark."""
    lines = [
        "# yaml-language-server: $schema=plan.schema.json",
        "# Only workloads[].id is required. What is left out is told once, with whom to ask.",
        "schema: 1",
        "as_of: 2026-11-23               # the day on which the plan is to be judged",
        "workloads:",
        "  - id: first-application",
    ]
    inner = (field for field in shape(Workload).values() if field.name not in ("id", "name"))
    lines += [f"    # {field.name}: {field.meaning} (ask the {field.ask.replace('_', ' ')})" for field in inner]
    lines.append("# and at the top:")
    outer = (field for field in shape(Plan).values() if field.name not in ("schema", "workloads", "as_of"))
    lines += [f"# {field.name}: {field.meaning}" for field in outer]
    return "".join(f"{line}\n" for line in lines)
