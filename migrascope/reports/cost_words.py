"""Money in words: amounts, ranges, and why they are as wide as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from migrascope.model.cost import Cost, Range
from migrascope.model.phrase import Said
from migrascope.texts import Speech, later

WAYS: Final = {
    "claimed": later("As the plan claims"),
    "repriced": later("Priced again, as planned"),
    "right_sized": later("Sized to the load"),
    "now": later("Today"),
}
PARTS: Final = {
    "run": later("running it in its target"),
    "old_until_it_stops": later("what runs today, until it stops"),
    "dual_running": later("of which both at the same time"),
    "one_off": later("work and what is paid once"),
    "training": later("of which training"),
    "exit": later("of which leaving what runs today"),
}
DRIVERS: Final = {
    "prices": later("how far list prices are off"),
    "open": later("what the plan leaves open: how many machines, which disks, how much backup"),
    "licences": later("whether licences come along or are bought again"),
    "traffic": later("how much traffic leaves"),
    "coverage": later("how much of it a commitment covers"),
    "discount": later("how much a commitment takes off"),
    "support": later("which support plan is taken"),
    "realised": later("how much of the smaller sizes is really done"),
    "growth": later("how fast use grows"),
    "overrun": later("how far the work overruns"),
    "effort": later("effort: how far it lies from the likely estimate"),
    "delay": later("when things really move and stop"),
}
GROUPS: Final = {
    "machines": later("machines"),
    "commitment": later("commitment"),
    "licences": later("licences"),
    "storage": later("storage"),
    "databases": later("databases"),
    "traffic": later("traffic"),
    "backup": later("backup"),
    "logs": later("logs"),
    "support": later("support"),
}
OPEN: Final = {
    "machines": later("how many machines there will be"),
    "commitment": later("how much of the machines is reserved for one or three years"),
    "licences": later("whether licences come along or are bought again"),
    "storage": later("which kind of disk it will be, as large as those of today"),
    "databases": later("which databases there will be"),
    "traffic": later("how much traffic leaves"),
    "backup": later("how much backup is kept"),
    "logs": later("how much the machines log"),
    "support": later("which support plan is taken"),
}
UNITS: Final = {
    "hour": later("hour"),
    "month": later("month"),
    "machine": later("machine"),
    "vCPU-hour": later("vCPU-hour"),
    "GB": later("GB"),
    "GiB": later("GiB"),
    "GB-month": later("GB-month"),
    "GiB-month": later("GiB-month"),
    "GB each way": later("GB each way"),
    "GB at most": later("GB at most"),
    "GB protected": later("GB protected"),
    "IOPS-month over 3000": later("IOPS-month over 3000"),
    "MBps-month over 125": later("MBps-month over 125"),
}
"""Of what a line counts so many; what is not here is told as the price book writes it."""
QUALITY: Final = {
    "exact": later("on a list"),
    "family_derived": later("by the family of its size"),
    "estimated": later("estimated"),
    "absent": later("without a price"),
}
BASES: Final = {
    "billed": later("by the bill"),
    "list": later("at list prices"),
    "stated": later("as the plan says, not measured"),
}
_DIGITS: Final = 3
"""A range is told in so many digits: more would be false."""


def amount(value: float, say: Speech) -> str:
    """Money without cents, with the thousands marked as the language marks them."""
    text = f"{round(value):,}"
    return text.replace(",", ".") if say.language == "nl" else text


def plain(value: float, say: Speech) -> str:
    """A number in three digits, with the decimal sign of the language."""
    text = f"{value:.{_DIGITS}g}"
    return text.replace(".", ",") if say.language == "nl" else text


def about(value: float, say: Speech) -> str:
    """The same in three digits, for what is simulated."""
    if not value:
        return "0"
    digits = len(str(abs(round(value))))
    return amount(round(value, min(0, _DIGITS - digits)), say)


def spread(found: Range | None, say: Speech) -> str:
    """A range in words; where something has no price, it is of what has one."""
    if found is None or found.p10 is None or found.p50 is None:
        return say.say("not priced")
    exact = found.p10 == found.p50
    middle = amount(found.p50, say) if exact else about(found.p50, say)
    words = {"low": about(found.p10, say), "middle": middle}
    if found.p90 is None and exact:
        return say.say("{middle} for what has a price", **words)
    if found.p90 is None:
        return say.say("about {middle} for what has a price, and more than {low} in 9 of 10 futures", **words)
    if found.p10 == found.p90:
        return middle
    return say.say("about {middle}, and {low} to {high} in 8 of 10 futures", high=about(found.p90, say), **words)


def told(text: str, say: Speech, words: Mapping[str, Said]) -> str:
    """A text of the cost model in a language."""
    said = words.get(text)
    if said is None:
        return amount(int(text), say) if text.isdigit() and len(text) > _DIGITS else text
    return say.say(said.template, **{name: told(value, say, words) for name, value in said.values.items()})


def in_one_line(cost: Cost | None, say: Speech) -> Iterator[str]:
    """The plan's claim beside what we come to, how much of it has a price, and what is worth most to ask."""
    if cost is None:
        return
    total, claim = cost.total, cost.total.claimed
    counted = {"priced": total.workloads_priced, "all": total.workloads_moving}
    words = {"currency": cost.currency, "ours": spread(total.repriced, say)}
    if claim is not None and claim.p50 is not None:
        words |= {"claimed": amount(claim.p50, say), "currency": claim.currency}
    if total.repriced is None:
        if claim is not None:
            yield say.say("the plan claims {claimed} {currency} a month; none of it could be priced again", **words)
    elif claim is None or claim.p50 is None or claim.currency != cost.currency:
        yield say.say("at list prices, in {currency} a month: {ours}", currency=cost.currency, ours=words["ours"])
    else:
        yield say.say("the plan claims {claimed} {currency} a month; at list prices we come to {ours}", **words)
    if total.workloads_priced < total.workloads_moving:
        yield say.say("{priced} of {all} workloads that move have a price.", **counted)
    if total.repriced is not None and cost.unsaid:
        first = cost.unsaid[0]
        low, high = (about(each, say) for each in (first.low, first.high))
        words = {"what": say.say(OPEN[first.what]), "range": say.say("{low} to {high}", low=low, high=high)}
        yield say.say("What weighs most that the plan leaves open, a month: {what}: {range}", **words)
