"""Observed calls between servers, gathered once into pairs of workloads: they come in millions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from migrascope.estate.coverage import CoverageIndex
from migrascope.model.columns import Relations
from migrascope.model.inventory import Coverage, Inventory


@dataclass(frozen=True, slots=True)
class Traffic:
    """Who was seen to call whom. Workloads stand by their index in the plan."""

    calls: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Relations by caller and callee, where these are two workloads."""
    by_caller: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    callers_by_id: Mapping[str, int] = field(default_factory=dict)
    """How many different servers, or other words of the source, were seen to call a server, by its id or name."""
    with_strangers: frozenset[int] = frozenset()
    """Workloads that were seen to exchange calls with a machine that no workload claims."""
    looked_at: bool = False
    lacking: tuple[str, ...] = ()
    """Why the list may not be all there is; empty where it is complete."""
    lost: tuple[str, ...] = ()
    """Calls that were observed and do not stand in the inventory, by scope: not even what was observed is complete."""

    def callees(self, workload: int) -> tuple[int, ...]:
        """The workloads that one was seen to call, in the order of the plan."""
        return self.by_caller.get(workload, ())


Claimed = tuple[str, str, tuple[int, ...]]
"""A server by id and name, and the workloads that claim it."""


def observed(inventory: Inventory, servers: Iterable[Claimed], coverage: CoverageIndex, watched_days: float) -> Traffic:
    """Pairs of workloads out of pairs of servers, in one pass over the columns.

    What was watched for less than `watched_days`, or nobody says how long, is not all there is.
    """
    relations = inventory.relations
    owners = _owners(relations, servers)
    calls = [tie[0] == "calls" for tie in relations.ties]
    pairs: dict[tuple[int, int], int] = {}
    distinct: set[int] = set()
    strangers: set[int] = set()
    width, rows = len(owners), 0
    for source, target, tie in zip(relations.source, relations.target, relations.tie, strict=True):
        if not calls[tie]:
            continue
        rows += 1
        distinct.add(target * width + source)
        callers, callees = owners[source], owners[target]
        if not callers or not callees:
            strangers.update(callers or callees)
            continue
        if callers is callees and len(callers) == 1:
            continue
        for caller in callers:
            for callee in callees:
                if caller != callee:
                    pairs[caller, callee] = pairs.get((caller, callee), 0) + 1
    by_caller: dict[int, list[int]] = {}
    for caller, callee in sorted(pairs):
        by_caller.setdefault(caller, []).append(callee)
    scopes = list(coverage.scopes("relation.calls"))
    lacking = tuple(reason for scope in scopes if (reason := coverage.lacking((scope,), "relation.calls")) is not None)
    short = tuple(_watched(record) for record in inventory.coverage if _too_short(record, watched_days))
    return Traffic(
        pairs,
        {caller: tuple(callees) for caller, callees in by_caller.items()},
        {relations.words.texts[code]: count for code, count in Counter(mark // width for mark in distinct).items()},
        frozenset(strangers),
        bool(scopes),
        (*lacking, *short),
        tuple(_lost(inventory, rows)),
    )


def _lost(inventory: Inventory, rows: int) -> Iterator[str]:
    """What was counted and does not stand in the inventory, what could not be read, and calls of which nobody kept count."""
    records = [record for record in inventory.coverage if "relation.calls" in record.covers]
    counted = sum(record.items for record in records)
    yield from (f"{r.scope}: {r.operation}" for r in records if r.status not in ("ok", "empty"))
    if rows < counted or (rows and not records):
        yield f"relation.calls: {rows} / {counted if records else '?'}"


def _too_short(record: Coverage, needed: float) -> bool:
    return "relation.calls" in record.covers and (record.watched_days is None or record.watched_days < needed)


def _watched(record: Coverage) -> str:
    days = "?" if record.watched_days is None else f"{record.watched_days:g}"
    return f"{record.scope}: relation.calls, watched_days {days}"


def _owners(relations: Relations, servers: Iterable[Claimed]) -> list[tuple[int, ...]]:
    """The workloads of what each word of the columns names: a server by id, or by the name of one server."""
    by_id: dict[str, tuple[int, ...]] = {}
    by_name: dict[str, str] = {}
    same: dict[tuple[int, ...], tuple[int, ...]] = {}
    for id_, name, found in servers:
        by_id[id_] = same.setdefault(found, found)
        by_name.setdefault(name.casefold(), id_)
    nobody: tuple[int, ...] = ()
    owners: list[tuple[int, ...]] = []
    for word in relations.words.texts:
        known = by_id.get(word)
        owners.append(known if known is not None else by_id.get(by_name.get(word.casefold(), ""), nobody))
    return owners
