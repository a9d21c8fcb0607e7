"""Money as tables and sentences in one language: what text, Markdown and HTML all tell, each in its own markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from migrascope.model.cost import Cost, CostLine, Range, Unsaid, WorkloadCost
from migrascope.reports.cost_words import BASES, DRIVERS, GROUPS, OPEN, PARTS, WAYS, about, amount, plain, told
from migrascope.reports.words import listed
from migrascope.texts import Speech

FEW: Final = 3
"""So many things that the plan leaves open, or workloads that are explained, are told where not all are asked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts; the first cell of a row is its head, the others are numbers."""

    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class CostTables:
    """Tells the money of one opinion in one language."""

    def __init__(self, cost: Cost, say: Speech) -> None:
        self.cost, self.say = cost, say
        self._names = {each.workload: each.name or each.workload for each in cost.workloads}

    def told(self, text: str) -> str:
        """A text of the cost model."""
        return told(text, self.say, self.cost.words)

    def name(self, workload: str) -> str:
        """What a workload is called."""
        return self._names.get(workload, workload)

    def month(self) -> Table:
        """A month: today, as claimed, as priced again, and sized to the load."""
        total = self.cost.total
        ways = {"now": total.now, "claimed": total.claimed, "repriced": total.repriced, "right_sized": total.right_sized}
        return self._amounts([(self.say.say(WAYS[name]), found) for name, found in ways.items()])

    def month_notes(self) -> Iterator[str]:
        """What the reader of that table has to know."""
        say, cost, total = self.say, self.cost, self.cost.total
        yield say.say("Of ten futures one stays below low, and nine below high; ? where something has no price.")
        words = {"priced": total.workloads_priced, "all": total.workloads_moving}
        yield say.say("{priced} of {all} workloads that move have a price.", **words)
        if total.now is not None:
            yield say.say("What it costs today is known {how}.", how=say.say(BASES[total.now.basis.partition(",")[0]]))
        if cost.prices_as_of is not None:
            yield say.say("List prices; the oldest of them is of {day}.", day=cost.prices_as_of)
        if cost.rate is not None:
            yield say.say("USD 1 is {currency} {rate}, by the plan.", currency=cost.currency, rate=plain(cost.rate, say))
        yield from (sentence(self.told(note)) for note in cost.notes)

    def open(self, most: int | None = FEW) -> tuple[str, ...]:
        """What the plan leaves open, what weighs most first, and the field that would settle it."""
        return tuple(map(self._open, self.cost.unsaid[:most]))

    def _open(self, each: Unsaid) -> str:
        words = {"what": self.say.say(OPEN[each.what]), "range": self.between(each.low, each.high), "field": each.field}
        if each.field:
            return self.say.say("{what} ({field}): {range}", **words)
        return self.say.say("{what}: {range}", **words)

    def unknown(self, items: tuple[str, ...]) -> list[str]:
        """What has no price, each thing once with the workloads that it is missing of."""
        groups: dict[str, list[str]] = {}
        shared = [text for text in items if text in self.cost.words and not self.cost.words[text].values]
        for text in items:
            if text not in shared:
                workload, _, what = text.partition(": ")
                groups.setdefault(what, []).append(self.name(workload))
        by_workload = (f"{listed(names, self.say, 3)}: {self._of(what, names)}" for what, names in groups.items())
        return [*by_workload, *map(self.told, shared)]

    def _of(self, what: str, workloads: list[str]) -> str:
        """A thing, without the name of the workload before it where it only repeats that."""
        text = self.told(what)
        return text.removeprefix(f"{workloads[0]}: ") if len(workloads) == 1 else text

    def drivers(self, most: int | None = None) -> Table:
        """What makes the whole wide, what weighs most first."""
        wide = [driver for driver in self.cost.drivers if driver.what in DRIVERS and round(driver.low) != round(driver.high)]
        rows = tuple(
            (self.say.say(DRIVERS[each.what]), about(each.low, self.say), about(each.high, self.say)) for each in wide[:most]
        )
        return Table((self.say.say("what"), self.say.say("low"), self.say.say("high")), rows)

    def drivers_title(self) -> str:
        """Over how long the drivers are told."""
        months = self.cost.whole.months if self.cost.whole.moving is not None else 1
        return self.say.count("What makes it wide, over a month:", "What makes it wide, over {n} months:", months)

    def whole_title(self) -> str:
        """The whole, over how long, and at which rate."""
        whole = self.cost.whole
        words = {"n": whole.months, "rate": plain(100 * whole.discount_rate, self.say)}
        return self.say.say("The whole over {n} months, as its value today at {rate} % a year", **words)

    def whole(self) -> Table:
        """Moving and its parts; staying beside it only where the two can be compared."""
        whole, say = self.cost.whole, self.say
        compared = whole.difference is not None
        rows = [(say.say("Staying"), whole.staying)] if compared else []
        rows += [(say.say("Moving, as planned"), whole.moving)]
        rows += [(f"– {say.say(PARTS[name])}", found) for name, found in whole.parts.items()]
        rows += [(say.say("Moving, sized to the load"), whole.moving_right_sized)]
        rows += [(say.say("Moving less staying"), whole.difference)]
        return self._amounts(rows)

    def not_compared(self) -> tuple[str, ...]:
        """Why moving and staying are not compared."""
        return tuple(map(self.told, self.cost.whole.not_comparable))

    def whole_notes(self) -> Iterator[str]:
        """How the work was counted, and how much should be set aside for it."""
        whole, say = self.cost.whole, self.say
        if whole.work_days is not None and whole.day_rate is not None:
            words = {"days": amount(whole.work_days, say), "rate": amount(whole.day_rate, say), "currency": self.cost.currency}
            stated = whole.work_days_stated or 0.0
            assumed = whole.work_days - stated
            words |= {"stated": amount(stated, say), "assumed": amount(assumed, say)}
            if not assumed:
                text = say.say(
                    "Work: {days} days as estimated in the plan, at {rate} {currency} a day, before overrun.", **words
                )
            elif not stated:
                text = say.say(
                    "Work: {days} days assumed (not estimated in the plan), at {rate} {currency} a day, before overrun.",
                    **words,
                )
            else:
                text = say.say(
                    "Work: {days} days, {stated} as estimated in the plan and {assumed} assumed, "
                    "at {rate} {currency} a day, before overrun.",
                    **words,
                )
            yield text
        if whole.contingency_percent is not None:
            percent = round(whole.contingency_percent)
            yield say.say("Set {percent} % aside on top of the middle of the one-off work: that does in 8 of 10 futures.",
                          percent=percent)  # fmt: skip

    def workloads(self, most: int | None = None) -> Table:
        """Workloads three ways, those first whose claim is furthest from what we come to."""
        say = self.say
        known = self.furthest()
        billed = any(each.now is not None and each.now.basis != "stated" for each in known)
        heads = [say.say("workload"), *([say.say("today")] if billed else [])]
        heads += [say.say("claimed"), say.say("priced again"), say.say("sized to the load")]
        rows = [
            (
                self.name(each.workload),
                *([self.short(each.now)] if billed else []),
                *map(self.short, (each.claimed, each.repriced, each.right_sized)),
            )
            for each in known[:most]
        ]
        return Table(tuple(heads), tuple(rows))

    def furthest(self) -> list[WorkloadCost]:
        """Workloads, those first whose claim is furthest from what we come to."""
        return sorted(self.cost.workloads, key=lambda each: (-_apart(each), each.workload))

    def why(self, most: int = FEW) -> Iterator[str]:
        """Why the claims that are furthest off differ: the lines that weigh most."""
        for each in self.furthest()[:most]:
            if not _apart(each) or each.claimed is None or each.claimed.p50 is None:
                continue
            lines = sorted(each.lines, key=lambda line: -abs(line.low + line.high))[:2]
            words = {
                "name": self.name(each.workload),
                "claimed": amount(each.claimed.p50, self.say),
                "lines": "; ".join(self.line(line, short=True) for line in lines),
            }
            yield self.say.say("{name}, claimed {claimed}: {lines}", **words)

    def line(self, line: CostLine, *, short: bool = False) -> str:
        """A line of a bill to come."""
        say = self.say
        group, item, planned = say.say(GROUPS[line.group]), self._item(line, short=short), self.between(line.low, line.high)
        text = say.say("{group}, {item}: {planned}", group=group, item=item, planned=planned)
        if short:
            return text
        if (line.right_sized_low, line.right_sized_high) != (line.low, line.high):
            text = say.say("{line}; sized to the load {right}", line=text,
                           right=self.between(line.right_sized_low, line.right_sized_high))  # fmt: skip
        return f"{text} ({self.told(line.assumed)})" if line.assumed else text

    def _item(self, line: CostLine, *, short: bool) -> str:
        """What a line is of; in short without the size that would do."""
        said = self.cost.words.get(line.item)
        return said.values["size"] if short and said is not None and "size" in said.values else self.told(line.item)

    def between(self, one: float, other: float) -> str:
        """From the least to the most."""
        low, high = sorted((one, other))
        if round(low) == round(high):
            return amount(low, self.say)
        return self.say.say("{low} to {high}", low=amount(low, self.say), high=amount(high, self.say))

    def short(self, found: Range | None) -> str:
        """A range in one cell."""
        if found is None or found.p10 is None:
            return "?"
        if found.p10 == found.p90:
            return amount(found.p10, self.say)
        low = about(found.p10, self.say)
        return f"≥ {low}" if found.p90 is None else f"{low} – {about(found.p90, self.say)}"

    def _amounts(self, rows: list[tuple[str, Range | None]]) -> Table:
        """A table of ranges; an amount that is no range stands in the middle."""
        say, cells = self.say, []
        for name, found in rows:
            if found is None or found.p10 is None or found.p50 is None:
                continue
            label = name if found.currency == self.cost.currency else f"{name} ({found.currency})"
            if found.p10 == found.p50:
                cells.append((label, "", amount(found.p50, say), "" if found.p90 is not None else "?"))
            else:
                least, high = ("≥ ", "?") if found.p90 is None else ("", about(found.p90, say))
                cells.append((label, f"{least}{about(found.p10, say)}", f"{least}{about(found.p50, say)}", high))
        return Table((self.cost.currency, say.say("low"), say.say("middle"), say.say("high")), tuple(cells))


def sentence(text: str) -> str:
    """A text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _apart(each: WorkloadCost) -> float:
    """How far a claim is from the middle of what we come to."""
    if each.claimed is None or each.claimed.p50 is None or each.repriced is None or each.repriced.p50 is None:
        return 0.0
    return abs(each.claimed.p50 - each.repriced.p50)
