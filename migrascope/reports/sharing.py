"""Who may see what: the opinion without what its reader has no business with, before any format is made of it.

For a `client` nothing names a point of security, a machine, an address or a person; for the `public` only the advice is left.
What is left is picked, so that something that nobody thought of is left out. The rule of the wording is FIRST's Traffic
Light Protocol 2.0 (https://www.first.org/tlp/, 2022).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from ipaddress import ip_interface
from typing import Any, Final, Literal

from migrascope.model.assessment import Assessment
from migrascope.texts import later

Share = Literal["internal", "client", "public"]

TLP: Final[dict[Share, str]] = {
    "internal": later("TLP:AMBER+STRICT, for the organisation only"),
    "client": later("TLP:AMBER, for the organisation and who works for it, as far as they need it"),
    "public": later("TLP:CLEAR, may be passed on"),
}
HIDDEN: Final = "[…]"
_KEPT_BACK: Final = "security"
"""The id under which every rule about security goes."""
_NOT_TOLD: Final = {"subjects_complete": False}
"""What a reader sees of a rule that is not told: it did not hold and it did not find."""
_PLAN: Final = frozenset({"plan", "wave", "workload", "dependency"})
"""Kinds that the plan names itself; the others are machines and what runs on them."""
_POINT: Final = {"en": "a point of security", "nl": "een beveiligingspunt"}
_TOLD_INSIDE: Final = {
    "en": "What it is stands in the report for the organisation itself.",
    "nl": "Wat het is, staat in het rapport voor de organisatie zelf.",
}
_IPV4: Final = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?!\.?\d)")
_IPV6: Final = re.compile(r"[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F.:]*(?:/\d+)?")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_WHOLE: Final = re.compile(r"[^\s,;()\[\]{}'\"“”]+")
"""An id may hold colons and slashes."""
_NAME: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")


def shared(found: Assessment, share: Share) -> Assessment:
    """What a reader may see; all of it inside the organisation."""
    if share == "internal":
        return found
    data = found.model_dump(mode="json", by_alias=True)
    names = dict(_pseudonyms(data))
    secret = {name for name, each in data["rules"].items() if each["category"] == "security"}
    _picked(data, secret)
    if share == "public":
        _advice_only(data)
    return Assessment.model_validate_json(json.dumps(_mapped(data, _cleaner(names, secret))))


def _advice_only(data: Any) -> None:
    summary = data["findings_summary"]
    summary["kept_back"] += summary["by_outcome"]["finding"]
    summary["by_outcome"]["finding"] = 0
    summary["gaps_kept_back"] += len(data["gaps"])
    summary["by_rule"] = {name: dict(_NOT_TOLD) for name in summary["by_rule"]}
    summary["by_severity"] = dict.fromkeys(summary["by_severity"], 0)
    data["interventions"] = [each for each in data["interventions"] if each["kind"] in ("workload", "decision")]
    _without_parts([data["first"], data["quarter"]])
    data.update(findings=[], gaps=[], questions=[], coverage=[], cost=None, landscape=None, quarter=_dates(data["quarter"]))
    if data["first"] is not None:
        data["first"]["security"] = []


def _without_parts(data: Any) -> None:
    """Which parts of the landing zone do not stand yet is for those who build it."""
    for record in _records(data):
        if isinstance(record.get("parts"), list):
            record["parts"] = [HIDDEN]
        if "baseline_absent" in str(record.get("code") or record.get("why")):
            record["values"]["part"] = HIDDEN


def _records(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in nested data."""
    if isinstance(data, dict):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _records(each)


def _pseudonyms(data: Any) -> Iterator[tuple[str, str]]:
    """What machines and their like are called, and what they are called instead: `server 3`."""
    found: dict[str, dict[str, None]] = {}
    for each in data["findings"]:
        subject = each["subject"]
        if subject["kind"] not in _PLAN:
            found.setdefault(subject["kind"], {}).update({subject["id"]: None, subject["name"]: None})
    for gap in data["gaps"]:
        if gap["kind"] not in _PLAN:
            found.setdefault(gap["kind"], {}).update(dict.fromkeys(gap["subjects"]["ids"]))
    found.setdefault("server", {}).update((name, None) for group in data["estate"]["kept_together"] for name in group)
    for kind, names in found.items():
        yield from ((name, f"{kind} {number}") for number, name in enumerate(sorted(names), start=1) if name)
    yield from ((each["scope"], each["source"]) for each in data["coverage"] if len(each["scope"]) > len("csv"))
    # A fingerprint is made of the rule and the machine: who knows some of these could tell the others by it.
    marks = sorted({each["fingerprint"] for each in data["findings"]})
    yield from ((mark, f"{number:032x}") for number, mark in enumerate(marks, start=1))


def _picked(data: Any, secret: set[str]) -> None:
    """Leave what may be told."""
    data["findings"] = [_finding(each, data["rules"]) for each in data["findings"] if each["rule"] not in secret]
    data["rules"] = {name: _rule(each) for name, each in data["rules"].items() if name not in secret} | _secret_rule(
        data, secret
    )
    _counted(data)
    summary = data["findings_summary"]
    summary["by_rule"] = {name: each for name, each in summary["by_rule"].items() if name not in secret}
    summary["by_rule"][_KEPT_BACK] = dict(_NOT_TOLD)
    gaps = len(data["gaps"])
    data["gaps"] = [gap for gap in data["gaps"] if _may_be_asked(gap, secret)]
    summary["gaps_kept_back"] = gaps - len(data["gaps"])
    data["questions"] = [question for question in data["questions"] if _may_be_asked(question, secret)]
    for gap in data["gaps"]:
        gap["rules_waiting"] = [rule for rule in gap["rules_waiting"] if rule not in secret]
        gap["why"] = [{**why, "detail": ""} for why in gap["why"]]
        if gap["kind"] not in _PLAN:
            gap["subjects"]["ids"] = []
    for question in data["questions"]:
        question["rules_waiting"] = [rule for rule in question["rules_waiting"] if rule not in secret]
        question["subjects"] = question["subjects"] if question["kind"] in _PLAN else []
    data["coverage"] = [{**each, "scope": each["source"], "detail": ""} for each in data["coverage"]]
    data["inputs"] = [{**each, "name": each["what"]} for each in data["inputs"]]
    data["estate"].update(kept_together=[])
    data["waivers"] = []
    data["rules_off"] = {name: HIDDEN for name in data["rules_off"] if name not in secret}
    data["incomplete"] = [HIDDEN] * min(1, len(data["incomplete"]))
    data["interventions"] = [
        {**each, "who": None}
        for each in data["interventions"]
        if each["rule"] not in secret and not any("security." in fact for fact in (*each["facts"], each["fact"] or ""))
    ]
    named = _workloads(data)
    _answer(data["first"], data["quarter"], named)
    for number, each in enumerate(data["scenarios"], start=1):
        each.update(changes={}, name=f"scenario {number}")
        _answer(each["first"], each["quarter"], named)
    for gain in (data["value"] or {}).get("gains", ()):
        gain["measured_by"] = gain["measured_by"] and HIDDEN
    _cost(data["cost"])


def _finding(each: Any, rules: Any) -> Any:
    """A finding by the title of its rule: evidence, places, answers and reasons may name anything."""
    waiver = each["waiver"] and {**each["waiver"], "reason": HIDDEN, "approver": HIDDEN}
    reply = each["response"] and {**each["response"], "by": HIDDEN, "text": HIDDEN}
    gone: dict[str, Any] = {
        "message": rules[each["rule"]]["rule"]["title"]["en"],
        "evidence": [],
        "place": None,
        "claimed_at": None,
        "related": [],
        "response": reply,
        "waiver": waiver,
    }
    return {**each, **gone}


def _rule(each: Any) -> Any:
    return {**each, "rule": {**each["rule"], "message": each["rule"]["title"], "examples": []}}


def _secret_rule(data: Any, secret: set[str]) -> dict[str, Any]:
    """One rule that stands for all about security, so that a reason can be told without saying which."""
    if not secret:
        return {}
    model = data["rules"][min(secret)]
    text = {"title": _POINT, "message": _POINT, "risk": _TOLD_INSIDE, "remedy": _TOLD_INSIDE}
    bare: dict[str, Any] = {
        "id": _KEPT_BACK,
        "when": "true",
        "unless": None,
        "params": {},
        "severity_when": [],
        "sources": [],
        "examples": [],
    }
    return {_KEPT_BACK: {"category": "security", "rule": {**model["rule"], **bare, **text, "severity": "medium"}}}


def _counted(data: Any) -> None:
    """Counts of what is left, and how much was kept back."""
    summary, kept = data["findings_summary"], [each for each in data["findings"] if each["outcome"] == "finding"]
    summary["kept_back"] = summary["by_outcome"].get("finding", 0) - len(kept)
    summary["by_outcome"] = {**summary["by_outcome"], "finding": len(kept)}
    summary["by_severity"] = {name: sum(each["severity"] == name for each in kept) for name in summary["by_severity"]}


def _may_be_asked(missing: Any, secret: set[str]) -> bool:
    """Whether a missing fact may be told: what only security waits for says where nobody knows that it is in order."""
    others = set(missing["rules_waiting"]) - secret
    return not missing["fact"].startswith("security.") and bool(others or missing["gates_waiting"])


def _workloads(data: Any) -> set[str]:
    """What workloads are called: these may be named."""
    names = {each["subject"]["name"] for each in data["findings"] if each["subject"]["kind"] in _PLAN}
    names |= {each["name"] for each in (data["cost"] or {}).get("workloads", ())}
    return names | {each["name"] for each in (data["first"] or {}).get("not_now", ())}


def _unnamed(data: Any, named: set[str]) -> None:
    """In reasons, whatever they are about is named only where it is a workload."""
    for record in _records(data):
        if isinstance(record.get("subject"), str) and record["subject"] not in named:
            record["subject"] = HIDDEN


def _answer(first: Any, quarter: Any, named: set[str]) -> None:
    """The answer without who is named in it and what it was read from."""
    _unnamed([first, quarter], named)
    for step in (quarter or {}).get("steps", ()):
        step["who"] = None
    if first is None:
        return
    first["gates"] = {unit: [{**gate, "evidence": []} for gate in gates] for unit, gates in first["gates"].items()}
    for score in first["scores"]:
        score["contributions"] = [{**part, "basis": {}} for part in score["contributions"]]
    first["overrides"] = [{**each, "by": HIDDEN, "reason": HIDDEN} for each in first["overrides"]]
    for each in first["not_now"]:
        each["place"] = None
    if first["measure"] is not None and first["measure"]["values"].get("measured_by"):
        first["measure"]["values"]["measured_by"] = HIDDEN


def _cost(cost: Any) -> None:
    """Money by workload; what has no price may be named after a machine."""
    if cost is None:
        return
    for each in cost["workloads"]:
        each["lines"] = [{**line, "assumed": ""} for line in each["lines"] if line["group"] != "databases"]
        each["unknown_items"] = [HIDDEN for _ in each["unknown_items"][:1]]
    total = cost["total"]
    total["unknown_items"] = sorted({f"{item.partition(': ')[0]}: {HIDDEN}" for item in total["unknown_items"]})
    cost["whole"]["unknown_items"] = []
    told = set(_texts({**cost, "words": {}}))
    while more := {text for name in told & set(cost["words"]) for text in cost["words"][name]["values"].values()} - told:
        told |= more
    cost["words"] = {name: said for name, said in cost["words"].items() if name in told}


def _texts(data: Any) -> Iterator[str]:
    """Every text in nested data."""
    if isinstance(data, str):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _texts(each)


def _dates(quarter: Any) -> Any:
    """A quarter without the order of the ones that follow."""
    return quarter and {**quarter, "following": None}


def _cleaner(names: dict[str, str], secret: set[str]) -> Callable[[str], str]:
    """Says a text without what it may not name, wherever that stands, in whichever case, with a domain or without."""
    known = {name.casefold(): other for name, other in names.items()}
    spaced = sorted((name for name in names if " " in name), key=len, reverse=True)
    phrases = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spaced))})(?!\w)", re.IGNORECASE) if spaced else None

    def whole(found: re.Match[str]) -> str:
        return known.get(found[0].casefold(), found[0])

    def name(found: re.Match[str]) -> str:
        word = found[0].casefold()
        return known.get(word) or known.get(word.partition(".")[0]) or found[0]

    def clean(text: str) -> str:
        if text in secret:
            return _KEPT_BACK
        if known:
            text = phrases.sub(whole, text) if phrases is not None else text
            text = _NAME.sub(name, _WHOLE.sub(whole, text))
        return _IPV6.sub(_address, _IPV4.sub(HIDDEN, _MAIL.sub(HIDDEN, text)))

    return clean


def _address(found: re.Match[str]) -> str:
    """Nothing where it is an address of IPv6; a time of day is none."""
    try:
        ip_interface(found[0].rstrip(".:") if not found[0].endswith("::") else found[0])
    except ValueError:
        return found[0]
    return HIDDEN


def _mapped(data: Any, clean: Callable[[str], str]) -> Any:
    """Nested data with every text cleaned; hashes, days and codes hold nothing that could be."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, dict):
        return {key: _mapped(value, clean) for key, value in data.items()}
    if isinstance(data, list):
        return [_mapped(value, clean) for value in data]
    return data
