"""What a plan costs, for a terminal or a mail: three ways, the whole, what makes it wide; with -v line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tabulate import tabulate

from migrascope.model.assessment import Assessment
from migrascope.model.cost import CopyDays, Cost, WorkloadCost
from migrascope.model.value import Gain, Worth
from migrascope.reports import Style
from migrascope.reports.cost_tables import CostTables, Table
from migrascope.reports.cost_words import amount, plain
from migrascope.reports.page import painted, wrapped
from migrascope.reports.words import number
from migrascope.texts import Speech, speech

FEW: Final = 8
"""Without -v so many workloads are told: those whose claim is furthest from what we come to."""
FEW_DRIVERS: Final = 3
FEW_UNKNOWN: Final = 4


class CostText:
    """Tells the money of one assessment in one language."""

    def __init__(self, assessment: Assessment, style: Style) -> None:
        self.assessment, self.style = assessment, style
        self.say: Speech = speech(style.language)

    def lines(self) -> Iterator[str]:
        """All of it; nothing where nothing moves."""
        cost = self.assessment.cost
        if cost is None:
            return
        tables = CostTables(cost, self.say)
        yield self._title(self.say.say("What it costs a month ({currency}, without tax)", currency=cost.currency))
        yield from self._month(tables)
        yield ""
        yield from self._workloads(tables)
        yield from self._whole(tables)
        if self.style.verbose:
            for each in tables.furthest():
                yield from self._one(each, tables)
            yield from self._shared(cost, tables)
        yield from self._value()

    def _title(self, text: str) -> str:
        return painted(text, "title", coloured=self.style.colour)

    def _month(self, tables: CostTables) -> Iterator[str]:
        yield from _table(tables.month())
        for note in tables.month_notes():
            yield from wrapped(note, "  ", "  ")
        yield from self._listed(
            self.say.say("What the plan leaves open weighs, a month:"), tables.open(self._most(FEW_DRIVERS))
        )
        yield from self._unknown(tables, tables.cost.total.unknown_items)

    def _most(self, few: int) -> int | None:
        return None if self.style.verbose else few

    def _unknown(self, tables: CostTables, items: tuple[str, ...]) -> Iterator[str]:
        """What has no price."""
        told = tables.unknown(items)
        shown = told[: self._most(FEW_UNKNOWN)]
        if len(shown) < len(told):
            rest = self.say.count("and {n} other", "and {n} others", len(told) - len(shown))
            shown = [*shown, f"{rest}: -v"]
        yield from self._listed(self.say.say("Without a price, and so at least:"), shown)

    def _listed(self, title: str, items: Iterable[str]) -> Iterator[str]:
        """A list under its title; nothing where nothing is in it."""
        found = list(items)
        if found:
            yield from wrapped(title, "  ", "  ")
        for item in found:
            yield from wrapped(item, "  - ", "    ")

    def _whole(self, tables: CostTables) -> Iterator[str]:
        whole, say = tables.cost.whole, self.say
        if whole.moving is None:
            return
        yield self._title(tables.whole_title())
        yield from self._listed(say.say("Moving and staying are not compared:"), tables.not_compared())
        yield from _table(tables.whole())
        for note in tables.whole_notes():
            yield from wrapped(note, "  ", "  ")
        rows = tables.drivers(self._most(FEW_DRIVERS)).rows
        told = (say.say("{what}: {low} to {high}", what=what, low=low, high=high) for what, low, high in rows)
        yield from self._listed(tables.drivers_title(), told)
        if self.style.verbose:
            month = set(tables.cost.total.unknown_items)
            yield from self._unknown(tables, tuple(each for each in whole.unknown_items if each not in month))
        yield ""

    def _workloads(self, tables: CostTables) -> Iterator[str]:
        say, number = self.say, len(tables.cost.workloads)
        yield self._title(say.say("By workload, those first whose claim is furthest from what we come to"))
        found = tables.workloads(self._most(FEW))
        yield from _table(found)
        if len(found.rows) < number:
            rest = say.count("and {n} other", "and {n} others", number - len(found.rows))
            yield from wrapped(say.say("{rest}; -v shows them all, line by line.", rest=rest), "  ", "  ")
        yield from self._listed(say.say("What weighs most in these:"), tables.why())
        yield ""

    def _one(self, each: WorkloadCost, tables: CostTables) -> Iterator[str]:
        say = self.say
        place = ", ".join(filter(None, (each.workload, each.provider, each.region)))
        yield from wrapped(f"{tables.name(each.workload)} ({place})", "  ", "    ")
        if each.repriced is not None:
            yield from wrapped(tables.told(each.repriced.basis), "    = ", "      ")
        if each.claimed is not None and each.claimed.p50 is not None:
            claim = say.say("the plan claims {amount}; the lines, from least to most:", amount=amount(each.claimed.p50, say))
            yield from wrapped(claim, "    = ", "      ")
        if each.copy_days is not None:
            yield from wrapped(self._copy(each.copy_days), "    = ", "      ")
        for line in each.lines:
            yield from wrapped(tables.line(line), "    - ", "      ")
        for text in each.unknown_items:
            yield from wrapped(say.say("no price: {what}", what=tables.told(text)), "    - ", "      ")
        yield ""

    def _shared(self, cost: Cost, tables: CostTables) -> Iterator[str]:
        """What no workload pays alone."""
        if cost.total.lines:
            yield from self._listed(self.say.say("What the workloads share:"), map(tables.line, cost.total.lines))
            yield ""

    def _copy(self, days: CopyDays) -> str:
        """How long the first copy takes."""
        say = self.say
        if days.p10 is None:
            return say.say("its data change faster than the link carries them: the copy never ends")
        if days.p90 is None:
            return say.say("the first copy takes {days} days, or never ends if the link is shared", days=plain(days.p10, say))
        words = {"low": plain(days.p10, say), "high": plain(days.p90, say)}
        same = words["low"] == words["high"]
        if same and days.change_known:
            return say.say("the first copy takes {days} days", days=words["low"])
        if same:
            return say.say("the first copy takes {days} days, and longer for what changes meanwhile", days=words["low"])
        if not days.change_known:
            return say.say("the first copy takes {low} to {high} days, and longer for what changes meanwhile", **words)
        return say.say("the first copy takes {low} to {high} days", **words)

    def _value(self) -> Iterator[str]:
        """What it brings besides money, in its own unit."""
        value, say = self.assessment.value, self.say
        if value is None:
            return
        yield self._title(say.say("What it brings besides, in its own unit"))
        shown = value.gains[: self._most(FEW)]
        for gain in shown:
            yield from wrapped(self._gain(gain), "  - ", "    ")
        if len(shown) < len(value.gains):
            rest = say.count("and {n} other", "and {n} others", len(value.gains) - len(shown))
            yield from wrapped(f"{rest}: -v", "  - ", "    ")
        if value.without_baseline:
            nobody = say.count(
                "Of {n} of these nobody measured what it is today.",
                "Of {n} of these nobody measured what they are today.",
                value.without_baseline,
            )
            yield from wrapped(nobody, "  ", "  ")
        yield ""

    def _gain(self, gain: Gain) -> str:
        say = self.say
        now, expected = ("?" if each is None else number(each, self.say) for each in (gain.now, gain.expected))
        words = {"what": gain.what, "unit": gain.unit or "", "now": now, "expected": expected}
        if gain.workload is not None:
            text = say.say("{what}: from {now} to {expected} {unit} ({workload})", workload=gain.workload, **words)
        else:
            text = say.say("{what}: from {now} to {expected} {unit}", **words)
        if gain.worth is None:
            return text
        worth = self._worth(gain.worth)
        return say.say(
            "{gain}; by the plan's own price {worth} {currency}", gain=text, worth=worth, currency=gain.worth.currency
        )

    def _worth(self, worth: Worth) -> str:
        if worth.high is None:
            return f"≥ {amount(worth.low, self.say)}"
        low, high = (amount(each, self.say) for each in (worth.low, worth.high))
        return low if low == high else self.say.say("{low} to {high}", low=low, high=high)


def _table(table: Table) -> Iterator[str]:
    align = ("left", *("right" for _ in table.heads[1:]))
    rows = [list(table.heads), *map(list, table.rows)]
    for line in tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=align).splitlines():
        yield f"  {line}".rstrip()
