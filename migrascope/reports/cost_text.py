"""What a plan costs, for a terminal or a mail: three ways, the whole, what makes it wide; with -v line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tabulate import tabulate

from migrascope.model.assessment import Assessment
from migrascope.model.cost import CopyDays, Cost, CostLine, Range, WorkloadCost
from migrascope.model.evidence import rounded
from migrascope.model.value import Gain, Worth
from migrascope.reports import Style
from migrascope.reports.cost_words import BASES, DRIVERS, GROUPS, PARTS, WAYS, about, amount, plain, told
from migrascope.reports.page import painted, wrapped
from migrascope.reports.words import listed
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
        yield self._title(self.say.say("What it costs a month ({currency}, without tax)", currency=cost.currency))
        yield from self._ways(cost)
        yield from self._drivers(cost)
        yield ""
        yield from self._whole(cost)
        yield from self._workloads(cost)
        yield from self._value()

    def _title(self, text: str) -> str:
        return painted(text, "title", coloured=self.style.colour)

    def _ways(self, cost: Cost) -> Iterator[str]:
        say, total = self.say, cost.total
        rows = [
            ("now", total.now),
            ("claimed", total.claimed),
            ("repriced", total.repriced),
            ("right_sized", total.right_sized),
        ]
        yield from self._amounts([(say.say(WAYS[name]), found) for name, found in rows], cost)
        meaning = say.say("Of ten futures one stays below low, and nine below high; ? where something has no price.")
        yield from wrapped(meaning, "  ", "  ")
        counted = say.say(
            "{priced} of {all} workloads that move have a price.", priced=total.workloads_priced, all=total.workloads_moving
        )
        yield from wrapped(counted, "  ", "  ")
        if total.now is not None:
            basis = total.now.basis.partition(",")[0]
            yield from wrapped(say.say("What it costs today is known {how}.", how=say.say(BASES[basis])), "  ", "  ")
        if cost.prices_as_of is not None:
            yield from wrapped(say.say("List prices; the oldest of them is of {day}.", day=cost.prices_as_of), "  ", "  ")
        if cost.rate is not None:
            words = {"currency": cost.currency, "rate": plain(cost.rate, say)}
            yield from wrapped(say.say("USD 1 is {currency} {rate}, by the plan.", **words), "  ", "  ")
        for note in cost.notes:
            yield from wrapped(told(note, say, cost.words), "  - ", "    ")
        yield from self._unknown(total.unknown_items, cost)

    def _amounts(self, rows: list[tuple[str, Range | None]], cost: Cost) -> Iterator[str]:
        """A table of ranges; an amount that is no range stands in the middle."""
        say = self.say
        told_ = [["", say.say("low"), say.say("middle"), say.say("high")]]
        for name, found in rows:
            if found is None or found.p10 is None or found.p50 is None:
                continue
            named = name if found.currency == cost.currency else f"{name} ({found.currency})"
            if found.p10 == found.p50:
                told_.append([named, "", amount(found.p50, say), "" if found.p90 is not None else "?"])
            else:
                least, high = ("≥ ", "?") if found.p90 is None else ("", about(found.p90, say))
                told_.append([named, f"{least}{about(found.p10, say)}", f"{least}{about(found.p50, say)}", high])
        yield from _table(told_)

    def _unknown(self, items: tuple[str, ...], cost: Cost) -> Iterator[str]:
        """What has no price, each thing once with the workloads that it is missing of."""
        if not items:
            return
        groups: dict[str, list[str]] = {}
        for text in items:
            workload, _, what = text.partition(": ")
            groups.setdefault(what, []).append(workload)
        shown = list(groups.items()) if self.style.verbose else list(groups.items())[:FEW_UNKNOWN]
        yield from wrapped(self.say.say("Without a price, and so at least:"), "  ", "  ")
        for what, workloads in shown:
            yield from wrapped(f"{listed(workloads, self.say, 3)}: {told(what, self.say, cost.words)}", "  - ", "    ")
        if len(shown) < len(groups):
            rest = len(groups) - len(shown)
            yield from wrapped(self.say.count("and {n} other", "and {n} others", rest) + ": -v", "  - ", "    ")

    def _drivers(self, cost: Cost) -> Iterator[str]:
        wide = [driver for driver in cost.drivers if driver.what in DRIVERS][: None if self.style.verbose else FEW_DRIVERS]
        if not wide:
            return
        months = cost.whole.months if cost.whole.moving is not None else 1
        yield from wrapped(
            self.say.count("What makes it wide, over a month:", "What makes it wide, over {n} months:", months), "  ", "  "
        )
        for driver in wide:
            words = {
                "what": self.say.say(DRIVERS[driver.what]),
                "low": about(driver.low, self.say),
                "high": about(driver.high, self.say),
            }
            yield from wrapped(self.say.say("{what}: {low} to {high}", **words), "  - ", "    ")

    def _whole(self, cost: Cost) -> Iterator[str]:
        whole, say = cost.whole, self.say
        if whole.moving is None:
            return
        words = {"n": whole.months, "rate": f"{100 * whole.discount_rate:g}"}
        yield self._title(say.say("The whole over {n} months, as its value today at {rate} % a year", **words))
        rows = [(say.say("Staying"), whole.staying), (say.say("Moving, as planned"), whole.moving)]
        rows += [(say.say(PARTS[name]), found) for name, found in whole.parts.items()]
        rows += [(say.say("Moving, sized to the load"), whole.moving_right_sized)]
        rows += [(say.say("Moving less staying"), whole.difference)] if whole.difference is not None else []
        yield from self._amounts(rows, cost)
        if whole.not_comparable:
            yield from wrapped(say.say("Moving and staying are not compared:"), "  ", "  ")
            for why in whole.not_comparable:
                yield from wrapped(told(why, say, cost.words), "  - ", "    ")
        if whole.contingency_percent is not None:
            enough = say.say(
                "To suffice in 8 of 10 futures the one-off work needs {percent} % above its middle.",
                percent=round(whole.contingency_percent),
            )
            yield from wrapped(enough, "  ", "  ")
        if self.style.verbose:
            yield from self._unknown(whole.unknown_items, cost)
        yield ""

    def _workloads(self, cost: Cost) -> Iterator[str]:
        say = self.say
        known = sorted(cost.workloads, key=lambda each: (-_apart(each), each.workload))
        shown = known if self.style.verbose else known[:FEW]
        yield self._title(say.say("By workload, those first whose claim is furthest from what we come to"))
        billed = any(each.now is not None and each.now.basis != "stated" for each in known)
        head = [say.say("workload"), *([say.say("today")] if billed else [])]
        head += [say.say("claimed"), say.say("priced again"), say.say("sized to the load")]
        ways = [[each.claimed, each.repriced, each.right_sized] for each in shown]
        nows = [[each.now] if billed else [] for each in shown]
        rows = [[each.workload, *map(self._short, (*now, *three))] for each, now, three in zip(shown, nows, ways, strict=True)]
        yield from _table([head, *rows])
        if len(shown) < len(known):
            rest = say.count("and {n} other", "and {n} others", len(known) - len(shown))
            yield from wrapped(say.say("{rest}; -v shows them all, line by line.", rest=rest), "  ", "  ")
        yield ""
        if self.style.verbose:
            for each in shown:
                yield from self._one(each, cost)

    def _short(self, found: Range | None) -> str:
        if found is None or found.p10 is None or found.p50 is None:
            return "?"
        if found.p10 == found.p90:
            return amount(found.p10, self.say)
        low = about(found.p10, self.say)
        return f"≥ {low}" if found.p90 is None else f"{low} – {about(found.p90, self.say)}"

    def _one(self, each: WorkloadCost, cost: Cost) -> Iterator[str]:
        say = self.say
        place = f" ({each.provider} {each.region})" if each.provider else ""
        yield from wrapped(f"{each.workload}{place}", "  ", "    ")
        if each.repriced is not None:
            yield from wrapped(told(each.repriced.basis, say, cost.words), "    = ", "      ")
        if each.claimed is not None and each.claimed.p50 is not None:
            claim = say.say("the plan claims {amount}; the lines, from least to most:", amount=amount(each.claimed.p50, say))
            yield from wrapped(claim, "    = ", "      ")
        if each.copy_days is not None:
            yield from wrapped(self._copy(each.copy_days), "    = ", "      ")
        for line in each.lines:
            yield from wrapped(self._line(line, cost), "    - ", "      ")
        for text in each.unknown_items:
            yield from wrapped(say.say("no price: {what}", what=told(text, say, cost.words)), "    - ", "      ")
        yield ""

    def _copy(self, days: CopyDays) -> str:
        """How long the first copy takes."""
        say = self.say
        if days.p10 is None:
            return say.say("its data change faster than the link carries them: the copy never ends")
        if days.p90 is None:
            return say.say("the first copy takes {days} days, or never ends if the link is shared", days=plain(days.p10, say))
        words = {"low": plain(days.p10, say), "high": plain(days.p90, say)}
        if days.p10 == days.p90 and days.change_known:
            return say.say("the first copy takes {days} days", days=words["low"])
        if days.p10 == days.p90:
            return say.say("the first copy takes {days} days, and longer for what changes meanwhile", days=words["low"])
        if not days.change_known:
            return say.say("the first copy takes {low} to {high} days, and longer for what changes meanwhile", **words)
        return say.say("the first copy takes {low} to {high} days", **words)

    def _line(self, line: CostLine, cost: Cost) -> str:
        say = self.say
        words = {
            "group": say.say(GROUPS[line.group]),
            "item": told(line.item, say, cost.words),
            "planned": self._between(line.low, line.high),
        }
        text = say.say("{group}, {item}: {planned}", **words)
        if (line.right_sized_low, line.right_sized_high) != (line.low, line.high):
            right = self._between(line.right_sized_low, line.right_sized_high)
            text = say.say("{line}; sized to the load {right}", line=text, right=right)
        return f"{text} ({told(line.assumed, say, cost.words)})" if line.assumed else text

    def _between(self, low: float, high: float) -> str:
        if round(low) == round(high):
            return amount(low, self.say)
        return self.say.say("{low} to {high}", low=amount(low, self.say), high=amount(high, self.say))

    def _value(self) -> Iterator[str]:
        """What it brings besides money, in its own unit."""
        value, say = self.assessment.value, self.say
        if value is None:
            return
        yield self._title(say.say("What it brings besides, in its own unit"))
        shown = value.gains if self.style.verbose else value.gains[:FEW]
        for gain in shown:
            yield from wrapped(self._gain(gain), "  - ", "    ")
        if len(shown) < len(value.gains):
            yield from wrapped(
                say.count("and {n} other", "and {n} others", len(value.gains) - len(shown)) + ": -v", "  - ", "    "
            )
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
        now, expected = ("?" if each is None else rounded(each) for each in (gain.now, gain.expected))
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
        return self._between(worth.low, worth.high)


def _table(rows: list[list[str]]) -> Iterator[str]:
    align = ("left", *("right" for _ in rows[0][1:]))
    for line in tabulate(rows, tablefmt="plain", disable_numparse=True, colalign=align).splitlines():
        yield f"  {line}".rstrip()


def _apart(each: WorkloadCost) -> float:
    """How far a claim is from the middle of what we come to."""
    if each.claimed is None or each.claimed.p50 is None or each.repriced is None or each.repriced.p50 is None:
        return 0.0
    return abs(each.claimed.p50 - each.repriced.p50)
