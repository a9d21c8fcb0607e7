"""`collect rvtools`: an RVTools export, .xlsx or a zip of its CSV files, as inventory records.

Sheets are joined on the VM ID or VM UUID; a name ties a row to a machine only where there is no id, and then the
value is marked as inferred. A sheet or column that is missing becomes a coverage record, never a blank value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from migrascope import __version__
from migrascope.collectors import Collected, Progress
from migrascope.collectors.rvtools_columns import (
    ANNOTATION,
    CLUSTER_RULE,
    FILLS,
    LISTS,
    NAME,
    PLACEHOLDER,
    READINGS,
    TEMPLATE,
    VCENTER,
    VINFO,
    VM_ID,
    VM_UUID,
    Column,
    ListSheet,
    ReadingSheet,
)
from migrascope.collectors.rvtools_export import SOURCE, Export, ExportSheet, cover_columns, key
from migrascope.collectors.rvtools_landscape import landscape
from migrascope.collectors.workbook import Workbook
from migrascope.model.inventory import Status
from migrascope.model.problem import input_error
from migrascope.model.secrets import holds_secret

NAMES_NEEDED: Final = 0.8
"""Share of a column's values that have to be machine names before it is taken for the VM column."""


def collect(path: Path, collected_at: str | None, progress: Progress) -> Collected:
    """Read an export. Raises InputError where there is nothing usable in it."""
    export = Export(Workbook(path), progress)
    _servers(export)
    for spec in LISTS:
        _list(export, spec)
    for readings in READINGS:
        _readings(export, readings)
    export.cover("names", "ok" if export.names_differ else "empty", export.names_differ, ["server.readings"])
    export.resources += landscape(export)
    day, day_from = _day(export, collected_at)
    header = {
        "kind": "header",
        "schema_version": 1,
        "tool": f"migrascope {__version__}",
        "collected_at": day,
        "collected_at_from": day_from,
    }
    records: list[dict[str, Any]] = [header, *(record.model_dump(mode="json", exclude_none=True) for record in export.coverage)]
    records += [*export.servers.values(), *export.resources, *export.relations]
    return Collected(tuple(records), tuple(export.notes))


def _day(export: Export, given: str | None) -> tuple[str | None, str | None]:
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


def _servers(export: Export) -> None:
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
    cover_columns(export, "vInfo", table, VINFO, "server")
    if table.index(TEMPLATE) is None:
        export.cover("vInfo/Template", "unsupported", 0, ["server.template"], "no column vInfo/Template")
    if table.index(ANNOTATION) is None:
        export.cover("vInfo/Annotation", "unsupported", 0, ["server.annotation_secret"], "no column vInfo/Annotation")


def _repeats(repeated: Counter[str]) -> Iterator[str]:
    if repeated:
        yield f"{sum(repeated.values())} rows repeat the id of another row; each was kept as a machine of its own"


def _server(export: Export, table: ExportSheet, number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    name = table.text(row, NAME)
    attributes = table.values(number, row, VINFO)
    templates = table.values(
        number, row, (Column("template", "boolean", TEMPLATE), Column("placeholder", "boolean", PLACEHOLDER))
    )
    if "template" in templates:
        attributes["template"] = templates["template"]
    if templates.get("placeholder") or name.startswith("vCLS"):
        attributes["template"] = True
    if table.index(ANNOTATION) is not None:
        # The note itself stays where it is: it may hold anything.
        attributes["annotation_secret"] = holds_secret(table.text(row, ANNOTATION))
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


def _natural_id(export: Export, table: ExportSheet, row: tuple[Any, ...]) -> str:
    uuid, vm_id, vcenter = (table.text(row, headers) for headers in (VM_UUID, VM_ID, VCENTER))
    if uuid:
        return f"vsphere:{vcenter or '-'}:{uuid.lower()}"
    if vm_id and vcenter:
        return f"vsphere:{vcenter}:{vm_id}"
    return f"{SOURCE}:{export.file}:{vm_id or table.text(row, NAME)}"


def _index(export: Export, table: ExportSheet, row: tuple[Any, ...], record: dict[str, Any]) -> None:
    vm_id, uuid = table.text(row, VM_ID), table.text(row, VM_UUID).lower()
    if vm_id:
        for vcenter in {table.text(row, VCENTER), ""}:
            export.by_vm_id.setdefault((vcenter, vm_id), []).append(record)
    if uuid:
        export.by_uuid.setdefault(uuid, []).append(record)
    if vm_id or uuid:
        export.with_id.add(record["id"])
    export.by_name.setdefault(record.get("name", "").lower(), []).append(record)


def _rule_group(export: Export, table: ExportSheet, number: int, row: tuple[Any, ...], record: dict[str, Any]) -> None:
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


def _kept_apart(export: Export) -> None:
    """Machines under one cluster rule stand in a relation to the rule; say how many were seen."""
    for word in ("kept_apart", "kept_together"):
        count = sum(relation["type"] == word for relation in export.relations)
        export.cover(f"vInfo/Cluster rule(s) {word}", "ok" if count else "empty", count, [f"relation.{word}"])


def _tied(export: Export, table: ExportSheet, row: tuple[Any, ...]) -> tuple[dict[str, Any] | None, bool]:
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


def _find_name_column(export: Export, table: ExportSheet) -> str:
    """Recognise the VM column by its values where its header is wrong. Gives the wrong header, or an empty text."""
    if table.index(NAME) is not None or not table.sheet.rows:
        return ""
    values = [str(row[0]).strip().lower() for _, row in table.sheet.rows if row]
    known = sum(value in export.by_name for value in values)
    tied = table.index(VM_ID) is not None
    if known < NAMES_NEEDED * len(values):
        return "" if not tied else table.sheet.header[0]
    table.columns[key(NAME[0])] = 0
    table.inferred = True
    return table.sheet.header[0]


def _list(export: Export, spec: ListSheet) -> None:
    covers = f"server.{spec.list}"
    table = export.table_or_say(spec.sheet, [covers])
    if table is None:
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
    cover_columns(export, spec.sheet, table, spec.columns, covers)


def _other_name(export: Export, record: dict[str, Any], name: str, place: dict[str, Any]) -> bool:
    """The row carries another name than its id says. Where that is another machine's name, the two contradict."""
    if not name or name.lower() == record.get("name", "").lower():
        return False
    readings = record.setdefault("readings", []) if name.lower() in export.by_name else []
    if not any(reading["fact"] == "name" and reading["value"] == name for reading in readings):
        readings.append({"fact": "name", "value": name, "place": place})
        export.names_differ += name.lower() in export.by_name
    return True


def _cover_list(export: Export, spec: ListSheet, table: ExportSheet, items: int, lost: int, renamed: int) -> None:
    details = []
    if lost:
        details.append(f"{lost} rows belong to no machine of vInfo")
    if renamed:
        details.append(f"{renamed} rows carry another name than vInfo has for the same VM ID; the id was followed")
    if table.index(VM_ID) is None and table.index(VM_UUID) is None:
        details.append("the sheet has no ids: rows are tied to machines by name, and marked as inferred")
    status: Status = "partial" if lost else ("ok" if items else "empty")
    export.cover(spec.sheet, status, items, [f"server.{spec.list}"], "; ".join(details))


def _readings(export: Export, spec: ReadingSheet) -> None:
    covers = [f"server.{column.fact}" if column.fact in FILLS else "server.readings" for column in spec.columns]
    table = export.table_or_say(spec.sheet, covers)
    if table is None:
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
    status: Status = "partial" if lost else ("ok" if rows else "empty")
    single = [cover for cover in covers if cover != "server.readings"]
    if "server.readings" in covers:
        export.cover(spec.sheet, status, different, ["server.readings"], detail)
    if single:
        export.cover(f"{spec.sheet}/values", status, rows, single, detail)
    cover_columns(export, spec.sheet, table, [c for c in spec.columns if c.fact in FILLS], "server")


def _second_reading(record: dict[str, Any], fact: str, value: Any, place: dict[str, Any]) -> None:
    """A sheet repeats a fact: keep it where it differs. It fills a blank only where it was tied by an id."""
    attributes = record["attributes"]
    if fact not in attributes and (fact in FILLS or "inferred" not in place):
        attributes[fact] = value
    elif attributes.get(fact) != value:
        record.setdefault("readings", []).append({"fact": fact, "value": value, "place": place})
