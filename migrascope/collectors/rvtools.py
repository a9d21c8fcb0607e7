"""`collect rvtools`: an RVTools export, .xlsx or a zip of its CSV files, as inventory records.

Sheets are joined on the VM ID or VM UUID; a name ties a row to a machine only where there is no id, and then the
value is marked as inferred. A sheet or column that is missing becomes a coverage record, never a blank value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from migrascope import __version__
from migrascope.collectors import Collected, Progress
from migrascope.collectors.cells import UnreadableError, read_cell
from migrascope.collectors.cells import text as as_text
from migrascope.collectors.rvtools_columns import (
    CLUSTER_RULE,
    FILLS,
    LISTS,
    NAME,
    PLACEHOLDER,
    READINGS,
    TEMPLATE,
    VCENTER,
    VHOST,
    VINFO,
    VM_ID,
    VM_UUID,
    Column,
    ListSheet,
    ReadingSheet,
)
from migrascope.collectors.workbook import CELL_ERROR, Sheet, Workbook
from migrascope.model.inventory import Coverage, Status
from migrascope.model.problem import InputError, input_error

SOURCE: Final = "rvtools"
NAMES_NEEDED: Final = 0.8
"""Share of a column's values that have to be machine names before it is taken for the VM column."""


def _key(header: str) -> str:
    return re.sub(r"[^a-z0-9]", "", header.lower())


@dataclass(slots=True)
class _Table:
    """A sheet with its columns found by header, and a tally of the cells that could not be read."""

    sheet: Sheet
    columns: dict[str, int]
    inferred: bool = False
    unreadable: dict[str, list[str]] = field(default_factory=dict)

    def index(self, headers: Iterable[str]) -> int | None:
        """The first of several headers that the sheet has."""
        return next((self.columns[_key(header)] for header in headers if _key(header) in self.columns), None)

    def text(self, row: tuple[Any, ...], headers: Iterable[str]) -> str:
        """A cell as text; empty where it is blank, missing or unreadable."""
        index = self.index(headers)
        cell = row[index] if index is not None and index < len(row) else ""
        return "" if cell is CELL_ERROR else as_text(cell) or ""

    def is_placeholder(self, row: tuple[Any, ...]) -> bool:
        """A header row that was repeated, or a row that holds the word VM and nothing else."""
        if self.text(row, NAME) != "VM":
            return False
        others = [str(cell).strip() for number, cell in enumerate(row) if number != self.index(NAME)]
        return not any(others) or any(cell and cell in self.sheet.header for cell in others)

    def values(self, number: int, row: tuple[Any, ...], columns: Iterable[Column]) -> dict[str, Any]:
        """The facts of one row. A blank cell gives no fact; one that cannot be read is counted and named."""
        found: dict[str, Any] = {}
        for column in columns:
            index = self.index(column.headers)
            if index is None or index >= len(row):
                continue
            try:
                value = read_cell(column.kind, row[index])
            except UnreadableError as error:
                self.unreadable.setdefault(column.fact, []).append(f"row {number}: {error}")
                continue
            if value is not None:
                found[column.fact] = value
        return found


@dataclass(slots=True)
class _Export:
    """Everything that is gathered from one workbook."""

    book: Workbook
    progress: Progress
    servers: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_vm_id: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """By vCenter and VM ID; the vCenter is empty where the row does not name it. Two vCenters give out the same ids."""
    by_uuid: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    by_name: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    with_id: set[str] = field(default_factory=set)
    """Ids of servers whose row in vInfo holds a VM ID or UUID."""
    hosts: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    names_differ: int = 0
    """How many second names were kept as readings."""
    notes: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        return self.book.file

    def cover(self, operation: str, status: Status, items: int, covers: Iterable[str], detail: str = "") -> None:
        """Say how reading something ended."""
        record = Coverage(
            source=SOURCE,
            scope=self.file,
            operation=operation,
            status=status,
            items=items,
            covers=tuple(covers),
            detail=detail,
        )
        self.coverage.append(record)

    def table(self, name: str) -> _Table | None:
        """A sheet by name, or None where the workbook does not have it."""
        actual = next((s for s in self.book.sheet_names if _key(s) == _key(name)), None)
        if actual is None:
            return None
        self.progress(f"reading {actual}")
        sheet = self.book.sheet(actual)
        columns: dict[str, int] = {}
        for index, header in enumerate(sheet.header):
            columns.setdefault(_key(header), index)
        return _Table(sheet, columns)

    def place(self, sheet: str, row: int, *, inferred: bool = False) -> dict[str, Any]:
        place: dict[str, Any] = {"file": self.file, "sheet": sheet, "row": row}
        return {**place, "inferred": True} if inferred else place


def collect(path: Path, collected_at: str | None, progress: Progress) -> Collected:
    """Read an export. Raises InputError where there is nothing usable in it."""
    export = _Export(Workbook(path), progress)
    _servers(export)
    for spec in LISTS:
        _list(export, spec)
    for readings in READINGS:
        _readings(export, readings)
    export.cover("names", "ok" if export.names_differ else "empty", export.names_differ, ["server.readings"])
    _hosts(export)
    day, day_from = _day(export, collected_at)
    header = {
        "kind": "header",
        "schema_version": 1,
        "tool": f"migrascope {__version__}",
        "collected_at": day,
        "collected_at_from": day_from,
    }
    records: list[dict[str, Any]] = [header, *(record.model_dump(mode="json") for record in export.coverage)]
    records += [*export.servers.values(), *export.hosts, *export.relations]
    return Collected(tuple(records), tuple(export.notes))


def _day(export: _Export, given: str | None) -> tuple[str | None, str | None]:
    """The day of the export and where it was read: nothing here looks at a clock."""
    if given is not None:
        return given, "--as-of"
    table = export.table("vMetaData")
    if table is not None and table.sheet.rows:
        found = table.values(2, table.sheet.rows[0][1], [Column("day", "day", ("xlsx creation datetime",))])
        if "day" in found:
            return str(found["day"]), "vMetaData"
    created = export.book.created()
    if created is None:
        export.notes.append("the export does not say when it was made: give the day with --as-of")
    return created, "the workbook's properties" if created else None


def _servers(export: _Export) -> None:
    table = export.table("vInfo")
    if table is None or not table.sheet.rows:
        raise input_error(
            "has no sheet vInfo with machines in it",
            str(export.book.path),
            "an RVTools export starts with vInfo",
        )
    if table.index(NAME) is None and table.index(VM_ID) is None:
        raise input_error("vInfo has no column VM", str(export.book.path), "the first row has to hold RVTools' own headers")
    repeated: Counter[str] = Counter()
    rows = 0
    for number, row in table.sheet.rows:
        name = table.text(row, NAME)
        if table.is_placeholder(row) or not (name or table.text(row, VM_ID)):
            continue
        rows += 1
        record = _server(export, table, number, row)
        if record["id"] in export.servers:
            repeated[record["id"]] += 1
            record["id"] = f"{record['id']}#{repeated[record['id']] + 1}"
        export.servers[record["id"]] = record
        _index(export, table, row, record)
        _rule_group(export, table, number, row, record)
    _kept_apart(export)
    detail = "; ".join(_repeats(repeated))
    export.cover("vInfo", "ok" if rows else "empty", rows, ["server"], detail)
    _cover_columns(export, "vInfo", table, VINFO, "server")
    if table.index(TEMPLATE) is None:
        export.cover("vInfo/Template", "unsupported", 0, ["server.template"], "no column vInfo/Template")


def _repeats(repeated: Counter[str]) -> Iterator[str]:
    if repeated:
        yield f"{sum(repeated.values())} rows repeat the id of another row; each was kept as a machine of its own"


def _server(export: _Export, table: _Table, number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    name = table.text(row, NAME)
    attributes = table.values(number, row, VINFO)
    templates = table.values(
        number, row, (Column("template", "boolean", TEMPLATE), Column("placeholder", "boolean", PLACEHOLDER))
    )
    if "template" in templates:
        attributes["template"] = templates["template"]
    if templates.get("placeholder") or name.startswith("vCLS"):
        attributes["template"] = True
    record: dict[str, Any] = {
        "kind": "resource",
        "type": "server",
        "id": _natural_id(export, table, row),
        "name": name,
        "provider": "vsphere",
        "source": SOURCE,
        "scope": export.file,
        "place": export.place("vInfo", number),
        "attributes": attributes,
    }
    if not name:
        del record["name"]
    return record


def _natural_id(export: _Export, table: _Table, row: tuple[Any, ...]) -> str:
    uuid, vm_id, vcenter = (table.text(row, headers) for headers in (VM_UUID, VM_ID, VCENTER))
    if uuid:
        return f"vsphere:{vcenter or '-'}:{uuid.lower()}"
    if vm_id and vcenter:
        return f"vsphere:{vcenter}:{vm_id}"
    return f"{SOURCE}:{export.file}:{vm_id or table.text(row, NAME)}"


def _index(export: _Export, table: _Table, row: tuple[Any, ...], record: dict[str, Any]) -> None:
    vm_id, uuid = table.text(row, VM_ID), table.text(row, VM_UUID).lower()
    if vm_id:
        for vcenter in {table.text(row, VCENTER), ""}:
            export.by_vm_id.setdefault((vcenter, vm_id), []).append(record)
    if uuid:
        export.by_uuid.setdefault(uuid, []).append(record)
    if vm_id or uuid:
        export.with_id.add(record["id"])
    export.by_name.setdefault(record.get("name", "").lower(), []).append(record)


def _rule_group(export: _Export, table: _Table, number: int, row: tuple[Any, ...], record: dict[str, Any]) -> None:
    kind, rule = (table.text(row, headers) for headers in CLUSTER_RULE)
    if kind and rule:
        word = "kept_apart" if "anti" in kind.lower() else "kept_together"
        export.relations.append(
            {
                "kind": "relation",
                "type": word,
                "source": record["id"],
                "target": f"rule:{rule}",
                "method": "cluster rule",
                "detail": rule,
                "place": export.place("vInfo", number),
            }
        )


def _kept_apart(export: _Export) -> None:
    """Machines under one cluster rule stand in a relation to the rule; say how many were seen."""
    for word in ("kept_apart", "kept_together"):
        count = sum(relation["type"] == word for relation in export.relations)
        export.cover(f"vInfo/Cluster rule(s) {word}", "ok" if count else "empty", count, [f"relation.{word}"])


def _cover_columns(export: _Export, sheet: str, table: _Table, columns: Iterable[Column], prefix: str) -> None:
    """A coverage record for each column that is missing, that has cells nobody can read, or whose unit is in doubt."""
    for column in columns:
        index = table.index(column.headers)
        covers = [f"{prefix}.{column.fact}"]
        header = table.sheet.header[index] if index is not None else column.headers[0]
        if index is None:
            export.cover(f"{sheet}/{header}", "unsupported", 0, covers, f"no column {sheet}/{header}")
        elif column.fact in table.unreadable:
            bad = table.unreadable[column.fact]
            detail = f"{len(bad)} cells of {sheet}/{header} cannot be read: {'; '.join(bad[:3])}"
            export.cover(f"{sheet}/{header}", "partial", len(table.sheet.rows) - len(bad), covers, detail)
        elif header.endswith("MB") and column.fact.endswith("_mib"):
            detail = f"{header} is read as MiB: RVTools before version 4 writes MB and means MiB"
            export.cover(f"{sheet}/{header}", "ok", len(table.sheet.rows), covers, detail)


def _tied(export: _Export, table: _Table, row: tuple[Any, ...]) -> tuple[dict[str, Any] | None, bool]:
    """The server that a row belongs to, and whether a name alone says so."""
    vm_id, uuid, name = table.text(row, VM_ID), table.text(row, VM_UUID).lower(), table.text(row, NAME)
    for found in (export.by_uuid.get(uuid, []), export.by_vm_id.get((table.text(row, VCENTER), vm_id), [])):
        if len(found) == 1:
            return found[0], False
        if len(found) > 1:
            return None, False  # an id that stands for two machines ties to neither
    named = export.by_name.get(name.lower(), [])
    if len(named) != 1 or ((vm_id or uuid) and named[0]["id"] in export.with_id):
        return None, False
    return named[0], True


def _find_name_column(export: _Export, table: _Table) -> str:
    """Recognise the VM column by its values where its header is wrong. Gives the wrong header, or an empty text."""
    if table.index(NAME) is not None or not table.sheet.rows:
        return ""
    values = [str(row[0]).strip().lower() for _, row in table.sheet.rows if row]
    known = sum(value in export.by_name for value in values)
    tied = table.index(VM_ID) is not None
    if known < NAMES_NEEDED * len(values):
        return "" if not tied else table.sheet.header[0]
    table.columns[_key(NAME[0])] = 0
    table.inferred = True
    return table.sheet.header[0]


def _list(export: _Export, spec: ListSheet) -> None:
    covers = f"server.{spec.list}"
    try:
        table = export.table(spec.sheet)
    except InputError as error:
        export.cover(spec.sheet, "error", 0, [covers], error.problems[0].message)
        return
    if table is None:
        export.cover(spec.sheet, "unsupported", 0, [covers], f"no sheet {spec.sheet}")
        return
    wrong = _find_name_column(export, table)
    items, lost, renamed = 0, 0, 0
    if not spec.only_when_running:
        for record in export.servers.values():
            record["attributes"][spec.list] = []
    for number, row in table.sheet.rows:
        if table.is_placeholder(row):
            continue
        record_or_none, by_name = _tied(export, table, row)
        if record_or_none is None:
            lost += 1
            continue
        items += 1
        record = record_or_none
        renamed += _other_name(export, record, table.text(row, NAME), export.place(table.sheet.name, number))
        item = table.values(number, row, spec.columns)
        item["place"] = {"sheet": table.sheet.name, "row": number}
        if by_name or table.inferred:
            item["place"]["inferred"] = True
        record["attributes"].setdefault(spec.list, []).append(item)
    _cover_list(export, spec, table, items, lost, renamed)
    if wrong:
        detail = f"the first header is '{wrong}', its values are machine names: read as VM, marked as inferred"
        export.cover(f"{spec.sheet}/VM", "ok", items, [], detail)
    _cover_columns(export, spec.sheet, table, spec.columns, covers)


def _other_name(export: _Export, record: dict[str, Any], name: str, place: dict[str, Any]) -> bool:
    """The row carries another name than its id says. Where that is another machine's name, the two contradict."""
    if not name or name.lower() == record.get("name", "").lower():
        return False
    readings = record.setdefault("readings", []) if name.lower() in export.by_name else []
    if not any(reading["fact"] == "name" and reading["value"] == name for reading in readings):
        readings.append({"fact": "name", "value": name, "place": place})
        export.names_differ += name.lower() in export.by_name
    return True


def _cover_list(export: _Export, spec: ListSheet, table: _Table, items: int, lost: int, renamed: int) -> None:
    details = []
    if lost:
        details.append(f"{lost} rows belong to no machine of vInfo")
    if renamed:
        details.append(f"{renamed} rows carry another name than vInfo has for the same VM ID; the id was followed")
    if table.index(VM_ID) is None and table.index(VM_UUID) is None:
        details.append("the sheet has no ids: rows are tied to machines by name, and marked as inferred")
    status: Status = "partial" if lost else ("ok" if items else "empty")
    export.cover(spec.sheet, status, items, [f"server.{spec.list}"], "; ".join(details))


def _readings(export: _Export, spec: ReadingSheet) -> None:
    covers = [f"server.{column.fact}" if column.fact in FILLS else "server.readings" for column in spec.columns]
    try:
        table = export.table(spec.sheet)
    except InputError as error:
        export.cover(spec.sheet, "error", 0, covers, error.problems[0].message)
        return
    if table is None:
        export.cover(spec.sheet, "unsupported", 0, covers, f"no sheet {spec.sheet}")
        return
    rows = lost = different = 0
    for number, row in table.sheet.rows:
        record, by_name = _tied(export, table, row)
        if record is None:
            lost += 1
            continue
        rows += 1
        kept = len(record.get("readings", ()))
        for fact, value in table.values(number, row, spec.columns).items():
            _second_reading(record, fact, value, export.place(spec.sheet, number, inferred=by_name))
        different += len(record.get("readings", ())) - kept
    detail = f"{lost} rows belong to no machine of vInfo" if lost else ""
    items = different if covers == ["server.readings"] else rows
    export.cover(spec.sheet, "partial" if lost else ("ok" if rows else "empty"), items, covers, detail)
    _cover_columns(export, spec.sheet, table, [c for c in spec.columns if c.fact in FILLS], "server")


def _second_reading(record: dict[str, Any], fact: str, value: Any, place: dict[str, Any]) -> None:
    """A sheet repeats a fact: keep it where it differs. It fills a blank only where it was tied by an id."""
    attributes = record["attributes"]
    if fact not in attributes and (fact in FILLS or "inferred" not in place):
        attributes[fact] = value
    elif attributes.get(fact) != value:
        record.setdefault("readings", []).append({"fact": fact, "value": value, "place": place})


def _hosts(export: _Export) -> None:
    try:
        table = export.table("vHost")
    except InputError as error:
        export.cover("vHost", "error", 0, ["host"], error.problems[0].message)
        return
    if table is None:
        export.cover("vHost", "unsupported", 0, ["host"], "no sheet vHost")
        return
    for number, row in table.sheet.rows:
        name = table.text(row, ("Host",))
        if not name or name == "Host":
            continue
        export.hosts.append(
            {
                "kind": "resource",
                "type": "host",
                "id": f"{SOURCE}:{export.file}:host:{name.lower()}",
                "name": name,
                "provider": "vsphere",
                "source": SOURCE,
                "scope": export.file,
                "place": export.place("vHost", number),
                "attributes": table.values(number, row, VHOST),
            }
        )
    export.cover("vHost", "ok" if export.hosts else "empty", len(export.hosts), ["host"])
    _cover_columns(export, "vHost", table, VHOST, "host")
