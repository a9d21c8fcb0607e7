"""All rules of a subject kind as one Python function: what the interpreter says, at a tenth of its cost.

The text of the function is made from checked nodes and from nothing else: names are numbered locals, constants are
handed over as objects, so no word of an author ever becomes code. Every node leaves its value in a local: a plain
value, or one of `model.uncertain`. The interpreter in `evaluate` stays the reference; tests hold the two against each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from migrascope.engine import nodes, patterns
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import OnSubject, evaluate, truth
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import Ref, read
from migrascope.model import uncertain
from migrascope.model.kinds import KINDS
from migrascope.model.uncertain import Known, Listing, Silent, Unknown, unknown_from

Hit = tuple[int, Any, Any]
"""The number of a rule, what its `when` said (true or unknown; None where it was not asked), and its `unless`."""

CompiledBatch = Callable[[Asking, Any], list[Hit]]
"""Takes who asks and a subject; gives what is not clear."""

_SIMPLE: Final = ("number", "text", "choice", "boolean")
"""What an attribute of a checked record holds as it is: where it is there, it is of its type."""
_PLAIN: Final = frozenset((int, float))
_EXACT: Final = frozenset((int, float, dt.date, dt.timedelta))
"""What adds up as it is; decimals meet floats in `logic` alone."""
_MAX_DEPTH: Final = 12
"""A rule that is nested deeper is left to the interpreter: Python's own parser has limits too."""


def compile_batch(rules: Sequence[CompiledRule]) -> CompiledBatch:
    """One function that asks all of these rules, which are of one kind of subject."""
    writer = _Writer()
    plain = {number: found for number, rule in enumerate(rules) if (found := _plain_rule(writer, rule)) is not None}
    if plain:
        writer.plain_rules(rules, plain)
    for number, rule in enumerate(rules):
        if number not in plain:
            writer.rule(number, rule)
    return writer.function()


def _plain_rule(writer: _Writer, rule: CompiledRule) -> tuple[str, str, int] | None:
    """A rule over single attributes alone: its two conditions in Python, and the attributes that it needs as bits.

    Where all of these are there, nothing can be unknown, and Python's own `and`, `or` and `not` say the same.
    """
    expressions = [expression for expression in (rule.when, rule.unless) if expression is not None]
    if not all(_is_plain(expression) for expression in expressions):
        return None
    mask = 0
    for expression in expressions:
        for node in expression.walk():
            if isinstance(node, nodes.Name):
                mask |= 1 << writer.attribute(node.ref)
    return writer.native(rule.when), writer.native(rule.unless) if rule.unless else "", mask


def _is_plain(node: nodes.Node, *, of_items: bool = False) -> bool:
    """Nothing but attributes, as they were read, of the subject or else of the items of one of its lists."""
    if isinstance(node, nodes.Const):
        return node.type.base in _SIMPLE or node.type.base == "list"
    if isinstance(node, nodes.ItemName):
        return of_items and bool(node.spec.key) and node.type.base in _SIMPLE
    if isinstance(node, nodes.Name):
        return not of_items and len(node.ref.steps) == 1 and bool(node.ref.spec.key) and node.type.base in _SIMPLE
    if isinstance(node, (nodes.Both, nodes.Not, nodes.Compare, nodes.TextTest)):
        return all(_is_plain(part, of_items=of_items) for part in node.parts())
    return False


def _as_truth(value: Any) -> Any:
    return unknown_from(value) if isinstance(value, Silent) else value


def _merged(first: Any, second: Any) -> Unknown:
    """Two answers of which at least one is unknown and none decides: a plain truth value adds nothing."""
    if isinstance(first, bool):
        return second  # type: ignore[no-any-return]
    if isinstance(second, bool):
        return first  # type: ignore[no-any-return]
    return Unknown(first.missing | second.missing)


@dataclass(slots=True)
class _Writer:
    """The text of the function while it grows, and the objects that it refers to."""

    lines: list[str] = field(default_factory=list)
    objects: dict[str, Any] = field(default_factory=dict)
    loads: dict[str, str] = field(default_factory=dict)
    """Locals that hold facts of the subject, by the fact's name."""
    observed: set[str] = field(default_factory=set)
    unpacked: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Attributes that plain rules need, read once for all: the local and the key, by the fact's name."""
    certain: set[str] = field(default_factory=set)
    """Facts that were read outside of any branch, by name."""
    unset: set[str] = field(default_factory=set)
    """Locals that need no value to begin with."""
    depth: int = 1
    temporaries: int = 0

    def write(self, line: str) -> None:
        self.lines.append("    " * self.depth + line)

    def given(self, value: Any) -> str:
        """A name for an object of ours."""
        name = f"g{len(self.objects)}"
        self.objects[name] = value
        return name

    def fresh(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def attribute(self, ref: Ref) -> int:
        """The bit of an attribute, which is read before any rule is asked."""
        if ref.name not in self.unpacked:
            self.unpacked[ref.name] = (self.loads.setdefault(ref.name, f"v{len(self.loads)}"), ref.spec.key)
        return list(self.unpacked).index(ref.name)

    def native(self, node: nodes.Node, item: str = "") -> str:
        """A plain condition as Python writes it; `item` is the local of the record that it looks at, if it is one."""
        if isinstance(node, nodes.Const):
            return self.given(frozenset(node.value)) if isinstance(node.value, tuple) else self.value(node)
        if isinstance(node, nodes.Name):
            return self.loads[node.ref.name]
        if isinstance(node, nodes.ItemName):
            return f"{item}[{node.spec.key!r}]"
        if isinstance(node, nodes.Not):
            return f"(not {self.native(node.item, item)})"
        if isinstance(node, nodes.Compare):
            return f"({self.native(node.left, item)} {node.op} {self.native(node.right, item)})"
        if isinstance(node, nodes.TextTest):
            text, tested = self.given(node.text), self.native(node.item, item)
            return f"found({text}, {tested})" if node.function == "matches" else f"{tested}.startswith({text})"
        assert isinstance(node, nodes.Both)  # noqa: S101 (what else is plain was seen above)
        return "(" + (" and " if node.every else " or ").join(self.native(part, item) for part in node.items) + ")"

    def plain_rules(self, rules: Sequence[CompiledRule], plain: Mapping[int, tuple[str, str, int]]) -> None:
        """Rules over attributes: at full speed where all of them are there, in three values where one is not."""
        self.write("if bad:")
        self.depth += 1
        for number, found in plain.items():
            self.write(f"if bad & {found[2]}:")
            self.depth += 1
            self.rule(number, rules[number])
            self.depth -= 1
            self.write("else:")
            self.depth += 1
            self._native_rule(number, found)
            self.depth -= 1
        self.depth -= 1
        self.write("else:")
        self.depth += 1
        for number, found in plain.items():
            self._native_rule(number, found)
        self.depth -= 1

    def _native_rule(self, number: int, found: tuple[str, str, int]) -> None:
        when, unless, _ = found
        fires = f"if {when}: hits.append({self.given((number, True, False))})"
        if unless:
            self.write(f"if {unless}: hits.append({self.given((number, None, True))})")
            fires = f"el{fires}"
        self.write(fires)

    def rule(self, number: int, rule: CompiledRule) -> None:
        """Append one rule."""
        excepted = "False"
        if rule.unless is not None:
            excepted = self.truth(rule.unless)
            self.write(f"if {excepted} is True: hits.append(({number}, None, True))")
            self.write("else:")
            self.depth += 1
        fired = self.truth(rule.when)
        self.write(f"if {fired} is not False: hits.append(({number}, {fired}, {excepted}))")
        if rule.unless is not None:
            self.depth -= 1

    def function(self) -> CompiledBatch:
        """The finished function."""
        head = ["def batch(q, s):", "    hits = []"]
        if self.observed or self.unpacked:
            head += ["    r = s.record", "    a = r['attributes']", "    plain = 'readings' not in r"]
        eager = [name for name, _ in self.unpacked.values()]
        head += [f"    {name} = N" for name in self.loads.values() if name not in eager and name not in self.unset]
        head += self._unpacked_lines(eager)
        text = "\n".join([*head, *self.lines, "    return hits"])
        scope = {
            "N": object(), "Unknown": Unknown, "Known": Known, "Listing": Listing,
            "PLAIN": _PLAIN, "EXACT": _EXACT, "OnSubject": OnSubject, "as_truth": _as_truth, "merged": _merged,
            "compare": uncertain.compare, "counted": uncertain.count_true, "evaluate": evaluate, "truth": truth, "read": read,
            "found": patterns.found,
        } | self.objects  # fmt: skip
        exec(compile(text, "<rules>", "exec"), scope)  # noqa: S102 (made of checked nodes only; see the head of this file)
        found: CompiledBatch = scope["batch"]  # type: ignore[assignment]
        return found

    def _unpacked_lines(self, eager: list[str]) -> list[str]:
        """Read the attributes of plain rules, with a bit for each that is not there. A second word makes all doubtful."""
        if not eager:
            return []
        keys = [key for _, key in self.unpacked.values()]
        all_at_once = self.given(itemgetter(*keys))
        targets = ", ".join(eager)
        lines = ["    if plain:", "        try:", f"            {targets} = {all_at_once}(a)", "            bad = 0"]
        lines += ["        except KeyError:", "            bad = 0"]
        for bit, (name, key) in enumerate(self.unpacked.values()):
            lines += [f"            {name} = a.get({key!r}, N)", f"            if {name} is N: bad |= {1 << bit}"]
        return [*lines, "    else:", f"        bad = {(1 << len(eager)) - 1}", f"        {' = '.join(eager)} = N"]

    def truth(self, node: nodes.Node, item: str = "None") -> str:
        """Write a condition; gives the local that is true, false or Unknown afterwards."""
        if isinstance(node, nodes.Both) and self.depth < _MAX_DEPTH:
            return self._both(node, item)
        if isinstance(node, nodes.Not) and self.depth < _MAX_DEPTH:
            inner, out = self.truth(node.item, item), self.fresh()
            self.write(f"{out} = not {inner} if {inner}.__class__ is bool else {inner}")
            return out
        if isinstance(node, nodes.Compare):
            return self._compare(node, item)
        if isinstance(node, nodes.Over) and self.depth < _MAX_DEPTH - 3 and node.function in ("any", "all"):
            return self._quantified(node)
        if isinstance(node, (nodes.Name, nodes.ItemName, nodes.ItemRef)):
            value, out = self.value(node, item), self.fresh()
            self.write(f"{out} = {value} if {value}.__class__ is bool else as_truth({value})")
            return out
        if isinstance(node, nodes.TextTest):
            value, out = self.value(node.item, item), self.fresh()
            slow = f"truth({self.given(node)}, OnSubject(q, s), {item})"
            test = f"{value}.startswith({self.given(node.text)})"
            if node.function == "matches":
                test = f"found({self.given(node.text)}, {value})"
            self.write(f"{out} = {test} if {value}.__class__ is str else {slow}")
            return out
        out = self.fresh()
        self.write(f"{out} = truth({self.given(node)}, OnSubject(q, s), {item})")
        return out

    def _both(self, node: nodes.Both, item: str) -> str:
        out = self.fresh()
        decides = "False" if node.every else "True"
        first = self.truth(node.items[0], item)
        self.write(f"{out} = {first}")
        for part in node.items[1:]:
            self.write(f"if {out} is not {decides}:")
            self.depth += 1
            other = self.truth(part, item)
            unless = "True" if node.every else "False"
            self.write(f"if {other} is not {unless}: {out} = {other} if {other} is {decides} else merged({out}, {other})")
            self.depth -= 1
        return out

    def _compare(self, node: nodes.Compare, item: str) -> str:
        left, right, out = self.value(node.left, item), self.value(node.right, item), self.fresh()
        slow = f"compare({node.op!r}, {left}, {right})"
        sides = [(left, node.left), (right, node.right)]
        constant = [isinstance(each, nodes.Const) for _, each in sides]
        base = node.left.type.base
        if node.op in ("in", "not in"):
            if constant[1] and base in ("text", "choice") and isinstance(node.right, nodes.Const):
                members = self.given(frozenset(node.right.value))
                self.write(f"{out} = {left} {node.op} {members} if {left}.__class__ is str else {slow}")
            else:
                self.write(f"{out} = {slow}")
            return out
        fits = {"number": "{0}.__class__ in PLAIN", "text": "{0}.__class__ is str", "choice": "{0}.__class__ is str",
                "boolean": "{0}.__class__ is bool", "date": "{0}.__class__ is Date"}.get(base)  # fmt: skip
        decimal = any(isinstance(each, nodes.Const) and isinstance(each.value, Decimal) for _, each in sides)
        if fits is None or decimal:
            self.write(f"{out} = {slow}")
            return out
        if "Date" in fits:
            self.objects["Date"] = dt.date
        tests = [fits.format(name) for (name, _), fixed in zip(sides, constant, strict=True) if not fixed]
        self.write(f"{out} = {left} {node.op} {right} if {' and '.join(tests) or 'True'} else {slow}")
        return out

    def value(self, node: nodes.Node, item: str = "None") -> str:
        """Write an expression; gives the local, or the constant, that holds its value."""
        if isinstance(node, nodes.Const):
            return f"({node.value!r})" if type(node.value) in (int, bool) else self.given(node.value)
        if isinstance(node, nodes.Name):
            return self._load(node.ref)
        if isinstance(node, nodes.Item):
            return item
        out = self.fresh()
        if isinstance(node, nodes.ItemName):
            self._item_field(node, item, out)
        elif isinstance(node, nodes.ItemRef):
            self.write(f"{out} = read(q, {self.given(node.ref)}, {item})")
        elif isinstance(node, nodes.Over) and node.function == "count" and self.depth < _MAX_DEPTH - 3:
            self._count(node, out)
        elif node.type.base == "boolean":
            return self.truth(node, item)
        elif isinstance(node, nodes.Arithmetic) and node.op != "/":
            left, right = self.value(node.left, item), self.value(node.right, item)
            plain = [f"{name}.__class__ in EXACT" for name in (left, right)]
            slow = f"evaluate({self.given(node)}, OnSubject(q, s), {item})"
            self.write(f"{out} = {left} {node.op} {right} if {' and '.join(plain)} else {slow}")
        else:
            self.write(f"{out} = evaluate({self.given(node)}, OnSubject(q, s), {item})")
        return out

    def _item_field(self, node: nodes.ItemName, item: str, out: str) -> None:
        reader = f"{self.given(node.spec.read)}(q, {item}, s)"
        if node.spec.key and node.type.base not in ("date", "list"):
            self.write(f"{out} = {item}.get({node.spec.key!r}, N)")
            self.write(f"if {out} is N: {out} = {reader}")
        else:
            self.write(f"{out} = {reader}")

    def _load(self, ref: Ref) -> str:
        """The local of a fact, read at its first use; outside of any branch it is known whether that was before."""
        if ref.name in self.certain:
            return self.loads[ref.name]
        first = ref.name not in self.loads
        name = self.loads.setdefault(ref.name, f"v{len(self.loads)}")
        if self.depth == 1:
            self.certain.add(ref.name)
        if self.depth == 1 and first:
            self.unset.add(name)
            self.write("if True:")
        else:
            self.write(f"if {name} is N:")
        slow = f"{self.given(ref.spec.read)}(q, s, s)" if len(ref.steps) == 1 else f"read(q, {self.given(ref)}, s)"
        if len(ref.steps) == 1 and ref.spec.function is not None and ref.spec.kind in KINDS:
            # There are too many of them to keep every answer; whoever wants one later computes it again.
            self.write(f"    {name} = {self.given(ref.spec.function)}(q, s)")
            self.write(f"    if {name}.__class__ is Known: {name} = {name}.value")
        elif len(ref.steps) == 1 and ref.spec.key and ref.type.base not in ("date", "list"):
            self.observed.add(ref.name)
            self.write(f"    {name} = a.get({ref.spec.key!r}, N) if plain else N")
            self.write(f"    if {name} is N: {name} = {slow}")
        else:
            self.write(f"    {name} = {slow}")
        return name

    def _quantified(self, node: nodes.Over) -> str:
        """`any` or `all`: the loop stops at the item that decides."""
        listing, out, item, open_ = self.value(node.items), self.fresh(), self.fresh(), self.fresh()
        if node.function == "any" and node.each is not None and _is_plain(node.each, of_items=True):
            self._native_any(node.each, listing, out, item)
            self.write(f"if {out} is None:")
            self.depth += 1
            self._each_item(node, listing, out, item, open_)
            self.depth -= 1
        else:
            self._each_item(node, listing, out, item, open_)
        return out

    def _native_any(self, each: nodes.Node, listing: str, out: str, item: str) -> None:
        """`any` over plain fields of records as Python writes it; None where the list or one of its fields is not there."""
        self.write(f"{out} = None")
        self.write(f"if {listing}.__class__ is Listing and not {listing}.missing:")
        self.depth += 1
        self.write("try:")
        self.write(f"    for {item} in {listing}.items:")
        self.write(f"        if {self.native(each, item)}:")
        self.write(f"            {out} = True")
        self.write("            break")
        self.write(f"    else: {out} = False")
        self.write("except KeyError: pass")
        self.depth -= 1

    def _each_item(self, node: nodes.Over, listing: str, out: str, item: str, open_: str) -> None:
        """Item by item, each of which may be unknown."""
        any_ = node.function == "any"
        decides = "True" if any_ else "False"
        self.write(f"if {listing}.__class__ is Listing:")
        self.depth += 1
        self.write(f"{out} = {not any_}")
        self.write(f"for {item} in {listing}.items:")
        self.depth += 1
        found = self.truth(node.each, item) if node.each is not None else "True"
        self.write(f"if {found} is {decides}:")
        self.write(f"    {out} = {decides}")
        self.write("    break")
        self.write(f"if {found} is not {not any_}: {out} = merged({out}, {found})")
        self.depth -= 1
        self.write(f"if {out} is not {decides} and {listing}.missing:")
        self.write(f"    {open_} = Unknown({listing}.missing)")
        self.write(f"    {out} = {open_} if {out} is {not any_} else merged({out}, {open_})")
        self.depth -= 1
        self.write("else:")
        self.write(f"    {out} = truth({self.given(node)}, OnSubject(q, s))")

    def _count(self, node: nodes.Over, out: str) -> None:
        listing = self.value(node.items)
        self.write(f"if {listing}.__class__ is Listing:")
        self.depth += 1
        if node.each is None:
            self.write(f"{out} = len({listing}.items) if not {listing}.missing else")
            self.lines[-1] += f" counted([True] * len({listing}.items), {listing}.missing)"
        else:
            truths, item = self.fresh(), self.fresh()
            self.write(f"{truths} = []")
            self.write(f"for {item} in {listing}.items:")
            self.depth += 1
            found = self.truth(node.each, item)
            self.write(f"{truths}.append({found})")
            self.depth -= 1
            self.write(f"{out} = counted({truths}, {listing}.missing)")
        self.depth -= 1
        self.write("else:")
        self.write(f"    {out} = evaluate({self.given(node)}, OnSubject(q, s))")
