"""What a workload's members mean: by id, name, tag or pattern, exact before case-folded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from migrascope.estate.grouping import part
from migrascope.estate.subjects import ResourceSubject, ServerSubject, Subject, WorkloadSubject
from migrascope.model.kinds import KINDS
from migrascope.model.plan import Member
from migrascope.model.uncertain import Listing, Missing

R = TypeVar("R", bound=ResourceSubject)


class Index(Generic[R]):
    """What was seen by id, by name and by tag. Patterns look only at names that start as the pattern does."""

    def __init__(self, servers: Iterable[R]) -> None:
        self.by_id: dict[str, list[R]] = {}
        self.by_name: dict[str, list[R]] = {}
        self.by_tag: dict[tuple[str, str], list[R]] = {}
        self.nameless: list[R] = []
        self.tagless: list[R] = []
        for server in servers:
            self.by_id.setdefault(server.id, []).append(server)
            if "name" in server.record:
                self.by_name.setdefault(server.name, []).append(server)
            else:
                self.nameless.append(server)
            tags = server.attributes.get("tags")
            if tags is None or server.lacking("tags") is not None:
                self.tagless.append(server)
            for key, value in (tags or {}).items():
                self.by_tag.setdefault((key, value), []).append(server)
        self.folded: dict[str, list[R]] = {}
        for name, found in self.by_name.items():
            self.folded.setdefault(name.casefold(), []).extend(found)
        self._sorted = {False: sorted(self.by_name), True: sorted(self.folded)}

    def match(self, member: Member) -> tuple[list[R], bool]:
        """The servers that a member means, and whether they are spelt as it is; that wins over folded case."""
        if member.id is not None:
            return self.by_id.get(member.id, []), True
        if member.tag is not None:
            ((key, value),) = member.tag.items()
            return self.by_tag.get((key, value), []), True
        if member.name is not None:
            exact = self.by_name.get(member.name, [])
            return (exact, True) if exact else (self.folded.get(member.name.casefold(), []), False)
        pattern = member.pattern or ""
        exact = self._glob(pattern, folded=False)
        return (exact, True) if exact else (self._glob(pattern.casefold(), folded=True), False)

    def _glob(self, pattern: str, *, folded: bool) -> list[R]:
        names = self._sorted[folded]
        index = self.folded if folded else self.by_name
        prefix = pattern[: next((i for i, letter in enumerate(pattern) if letter in "*?["), len(pattern))]
        found: list[R] = []
        for position in range(bisect_left(names, prefix), len(names)):
            if not names[position].startswith(prefix):
                break
            if fnmatchcase(names[position], pattern):
                found.extend(index[names[position]])
        return found

    def unsure(self, member: Member) -> Missing | None:
        """What would have to be known to be sure that the member means no other server."""
        if member.tag is not None and self.tagless:
            return Missing("server", "tags", self.tagless[0].id, "blank", f"{len(self.tagless)} servers without tags")
        if (member.name is not None or member.pattern is not None) and self.nameless:
            return Missing("server", "name", self.nameless[0].id, "blank", f"{len(self.nameless)} servers without a name")
        return None


def match_members(
    workloads: Iterable[WorkloadSubject],
    servers: Listing[ServerSubject],
    resources: Mapping[str, Listing[Subject]],
    *,
    collected: bool,
) -> None:
    """Tie what was observed to workloads, and say of both what keeps the tie from being complete.

    Part of the join: the subjects are not frozen yet.
    """
    index, others = Index(servers), Index(_others(resources))
    doubts: dict[Missing, None] = {}
    for workload in workloads:
        members = workload.claim.members
        if members is None:
            missing = Missing("workload", "members", workload.id, workload.why_unstated("members"))
            workload.servers = Listing((), frozenset((missing,)))
            doubts[missing] = None
            continue
        matched, doubt = _matched(members, servers, index, others)
        doubts.update(dict.fromkeys(doubt))
        workload.unmatched = matched.nowhere if collected else ()
        if workload.unmatched:
            # Somebody says that it is there: what nobody saw may have any fault.
            names = ", ".join(members[number].spelt for number in matched.nowhere)
            doubt.add(Missing("workload", "members", workload.id, "not_covered", names))
        workload.servers = Listing(matched.servers, servers.missing | doubt)
        workload.others = matched.others
        for item in (*matched.servers, *matched.others):
            item.workloads.append(workload)
    # One of each kind is enough to say that something is missing; each workload tells its own.
    first: dict[tuple[str, str], Missing] = {}
    for missing in sorted(doubts):
        first.setdefault((missing.kind, missing.fact), missing)
    shared = frozenset(first.values())
    for server in servers:
        server.maybe_claimed = shared


@dataclass(frozen=True, slots=True)
class _Matched:
    """What the members of a workload mean; `nowhere` are those, by index, that mean nothing that was observed."""

    servers: tuple[ServerSubject, ...]
    others: tuple[ResourceSubject, ...]
    nowhere: tuple[int, ...]


def _matched(
    members: Sequence[Member], servers: Listing[ServerSubject], index: Index[ServerSubject], others: Index[ResourceSubject]
) -> tuple[_Matched, set[Missing]]:
    """What members mean, and what would have to be known to be sure of it."""
    mine: dict[int, ServerSubject] = {}
    beside: dict[str, ResourceSubject] = {}
    nowhere: list[int] = []
    unsure: set[Missing] = set()
    for number, member in enumerate(members):
        matched, exact = index.match(member)
        rest, _ = others.match(member)
        doubt = None if rest and not matched and member.tag is None and member.pattern is None else index.unsure(member)
        if not exact and matched and (servers.missing or index.nameless):
            # A server that is spelt as the member is may be among those that are gone.
            matched, doubt = [], doubt or min(servers.missing, default=None)
        mine.update((id(server), server) for server in matched)
        beside.update((item.id, item) for item in rest)
        if not matched and not rest:
            nowhere.append(number)
        if doubt is not None:
            unsure.add(doubt)
    return _Matched(tuple(mine.values()), tuple(beside.values()), tuple(nowhere)), unsure


def _others(resources: Mapping[str, Listing[Subject]]) -> list[ResourceSubject]:
    """What is no server and can be part of a workload."""
    kinds = [kind.name for kind in KINDS.values() if kind.member and kind.name != "server"]
    items = (item for kind in kinds for item in resources.get(kind, ()))
    return [item for item in items if isinstance(item, ResourceSubject) and part(item.record) is not None]
