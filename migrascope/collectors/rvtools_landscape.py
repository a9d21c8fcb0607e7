"""What machines run on, in an RVTools export: hosts, clusters, datastores and port groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from migrascope.collectors.rvtools_columns import (
    PORT_GROUP,
    PORT_GROUPS,
    VCLUSTER,
    VDATASTORE,
    VHOST,
    VMKERNEL,
    Column,
)
from migrascope.collectors.rvtools_export import SOURCE, Export, ExportSheet, cover_columns

_LOOSE = ("promiscuous", "mac_changes", "forged_transmits")


def landscape(export: Export) -> list[dict[str, Any]]:
    """Everything that is no machine; a sheet that is missing becomes a coverage record."""
    hosts = _named(export, "vHost", "host", ("Host",), VHOST)
    clusters = _named(export, "vCluster", "cluster", ("Name",), VCLUSTER)
    return [*hosts, *clusters, *_datastores(export), *_port_groups(export)]


def _named(export: Export, sheet: str, kind: str, names: tuple[str, ...], columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """A sheet with one row a thing."""
    table = export.table_or_say(sheet, [kind])
    if table is None:
        return []
    found: dict[str, dict[str, Any]] = {}
    for number, name, row in _rows(table, names):
        record = _record(export, kind, sheet, number, name, table.values(number, row, columns))
        found.setdefault(record["id"], record)
    export.cover(sheet, "ok" if found else "empty", len(found), [kind])
    cover_columns(export, sheet, table, columns, kind)
    return list(found.values())


def _rows(table: ExportSheet, names: tuple[str, ...]) -> Iterator[tuple[int, str, tuple[Any, ...]]]:
    """Rows with a name; a header that was repeated is none."""
    for number, row in table.sheet.rows:
        name = table.text(row, names)
        if name and name not in names:
            yield number, name, row


def _record(export: Export, kind: str, sheet: str, row: int, name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "resource",
        "type": kind,
        "id": f"{SOURCE}:{export.file}:{kind}:{name.lower()}",
        "name": name,
        "provider": "vsphere",
        "source": SOURCE,
        "scope": export.file,
        "place": export.place(sheet, row),
        "attributes": attributes,
    }


def _datastores(export: Export) -> list[dict[str, Any]]:
    """Datastores are storage that machines share."""
    found = _named(export, "vDatastore", "storage", ("Name",), VDATASTORE)
    for record in found:
        attributes = record["attributes"]
        attributes["holds"] = "datastore"
        if "capacity_mib" in attributes:
            attributes["size_gib"] = attributes.pop("capacity_mib") / 1024
    return found


def _port_groups(export: Export) -> list[dict[str, Any]]:
    """Networks by the name of their port group. Hosts may differ; the loosest setting is what counts."""
    found: dict[str, dict[str, Any]] = {}
    for sheet, names in PORT_GROUPS:
        table = export.table_or_say(sheet, ["network"])
        if table is None:
            continue
        before = len(found)
        for number, name, row in _rows(table, names):
            record = _record(export, "network", sheet, number, name, table.values(number, row, PORT_GROUP))
            known = found.setdefault(record["id"], record)
            for setting in _LOOSE:
                if record["attributes"].get(setting):
                    known["attributes"][setting] = True
        export.cover(sheet, "ok" if len(found) > before else "empty", len(found) - before, ["network"])
        cover_columns(export, sheet, table, PORT_GROUP, "network")
    _vmkernel(export, found)
    return list(found.values())


def _vmkernel(export: Export, networks: dict[str, dict[str, Any]]) -> None:
    """Networks over which the hypervisor itself is managed or stored."""
    sheet, names = VMKERNEL
    table = export.table_or_say(sheet, ["network.vmkernel"])
    if table is None:
        return
    used = {name.lower() for _, name, _ in _rows(table, names)}
    for record in networks.values():
        record["attributes"]["vmkernel"] = record["name"].lower() in used
    export.cover(sheet, "ok" if used else "empty", len(used), ["network.vmkernel"])
