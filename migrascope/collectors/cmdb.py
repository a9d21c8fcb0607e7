"""`collect csv`: a CMDB export or a list of dependencies, through a mapping, as inventory records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from migrascope import __version__
from migrascope.collectors import Collected
from migrascope.collectors.cells import READ, UnreadableError
from migrascope.collectors.delimited import Rows
from migrascope.collectors.mapping import FIELDS, TAGGED, Field, Mapping
from migrascope.model.inventory import Coverage, Status
from migrascope.model.place import Place
from migrascope.model.problem import InputError, Problem, input_error

SOURCE: Final = "csv"
_POWER: Final = {"running": "on", "active": "on", "on": "on", "actief": "on", "stopped": "off", "off": "off", "uit": "off",
                 "poweredon": "on", "poweredoff": "off", "suspended": "suspended"}  # fmt: skip


def collect_csv(rows: Rows, mapping: Mapping, collected_at: str | None) -> Collected:
    """Read a table. Raises InputError where the mapping names a column that is not there, or nothing to go by."""
    _check(rows, mapping)
    reader = _Table(rows, mapping)
    records = list(reader.dependencies() if mapping.kind == "dependencies" else reader.servers())
    header: dict[str, Any] = {
        "kind": "header",
        "schema_version": 1,
        "tool": f"migrascope {__version__}",
        "collected_at": collected_at,
        "collected_at_from": "--as-of" if collected_at else None,
    }
    notes = tuple(reader.notes()) + (() if collected_at else ("give the day of the export with --as-of",))
    coverage = [record.model_dump(mode="json", exclude_none=True) for record in reader.coverage(records)]
    return Collected((header, *coverage, *records), notes)


def _check(rows: Rows, mapping: Mapping) -> None:
    known = {field.name for field in FIELDS[mapping.kind]}
    problems = [
        Problem(f"the mapping names column `{column}`, which the file does not have", Place(file=rows.file), _columns(rows))
        for column in mapping.columns.values()
        if column not in rows.header
    ]
    choices = f"one of: {', '.join(sorted(known))}"
    problems += [
        Problem(f"`{name}` is nothing that a table of {mapping.kind} can supply", Place(file=rows.file), choices)
        for name in mapping.columns
        if name not in known
    ]
    if problems:
        raise InputError(*problems)
    needed = ("name", "id", "hostname") if mapping.kind == "servers" else ("source", "source_id")
    if not any(name in mapping.columns for name in needed):
        help_ = f"say which with --mapping; {_columns(rows)}"
        raise input_error(f"no column supplies the {needed[0]} of a row", rows.file, help_)


def _columns(rows: Rows) -> str:
    return f"columns: {', '.join(header for header in rows.header if header)}"


class _Table:
    """Reads rows through a mapping, and counts what it could not read."""

    def __init__(self, rows: Rows, mapping: Mapping) -> None:
        self.rows = rows
        self.mapping = mapping
        self.index = {name: rows.header.index(column) for name, column in mapping.columns.items()}
        self.fields: dict[str, Field] = {field.name: field for field in FIELDS[mapping.kind]}
        self.unreadable: dict[str, list[str]] = {}
        self.merged: list[str] = []
        self.lost: list[int] = []

    def cell(self, name: str, number: int, row: tuple[str, ...]) -> Any:
        """The value of a field in a row; None where it is blank, missing or unreadable."""
        position = self.index.get(name)
        if position is None or position >= len(row) or not row[position]:
            return None
        try:
            return self._read(name, row[position])
        except UnreadableError as error:
            self.unreadable.setdefault(name, []).append(f"row {number}: {error}")
            return None

    def _read(self, name: str, text: str) -> Any:
        kind = self.fields[name].kind
        if kind == "power":
            if text.lower() not in _POWER:
                raise UnreadableError(f"{text!r} is no power state")
            return _POWER[text.lower()]
        if kind == "tags":
            pairs = (part.partition("=" if "=" in part else ":") for part in text.replace(",", ";").split(";"))
            return {name.strip(): value.strip() for name, _, value in pairs if name.strip() and value.strip()}
        return READ[kind](text)

    def servers(self) -> Iterator[dict[str, Any]]:
        """Servers; two rows of one id, or of one name where there is no id, are one machine."""
        found: dict[str, dict[str, Any]] = {}
        for number, row in self.rows.rows:
            name = self.cell("name", number, row) or self.cell("hostname", number, row)
            natural = self.cell("id", number, row)
            if name is None and natural is None:
                self.lost.append(number)
                continue
            record = self._server(number, row, name, natural)
            earlier = found.get(record["id"])
            if earlier is None:
                found[record["id"]] = record
            else:
                self._merge(earlier, record)
        yield from found.values()

    def _server(self, number: int, row: tuple[str, ...], name: str | None, natural: str | None) -> dict[str, Any]:
        record: dict[str, Any] = {
            "kind": "resource",
            "type": "server",
            "id": natural or f"{SOURCE}:{self.rows.file}:{name}",
            "name": name,
            "provider": "other",
            "source": SOURCE,
            "scope": self.rows.file,
            "place": {"file": self.rows.file, "sheet": self.rows.sheet, "row": number},
            "attributes": self._attributes(number, row),
        }
        return {key: value for key, value in record.items() if value is not None}

    def _attributes(self, number: int, row: tuple[str, ...]) -> dict[str, Any]:
        system, version = self.cell("os", number, row), self.cell("os_version", number, row)
        memory, gib = self.cell("memory_mb", number, row), self.cell("memory_gb", number, row)
        storage = self.cell("storage_gb", number, row)
        tags = dict(self.cell("tags", number, row) or {})
        tags |= {name: str(value) for name in TAGGED if (value := self.cell(name, number, row)) is not None}
        attributes = {
            "hostname": self.cell("hostname", number, row),
            "addresses": self.cell("addresses", number, row),
            "cpus": self.cell("cpus", number, row),
            "memory_mib": memory if memory is not None else gib * 1024 if gib is not None else None,
            "provisioned_mib": storage * 1024 if storage is not None else None,
            "os_config": system if version is None or system is None or version in system else f"{system} {version}",
            "power": self.cell("power", number, row),
            "tags": tags,
        }
        return {name: value for name, value in attributes.items() if value is not None}

    def _merge(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        """What only the second row says is kept; what it says differently is a second reading."""
        self.merged.append(str(second.get("name", second["id"])))
        for fact, value in second["attributes"].items():
            if fact not in first["attributes"]:
                first["attributes"][fact] = value
            elif first["attributes"][fact] != value and isinstance(value, (str, int, float)):
                reading = {"fact": fact, "value": value, "place": second["place"]}
                first.setdefault("readings", []).append(reading)

    def dependencies(self) -> Iterator[dict[str, Any]]:
        """Calls between servers, by id or by name."""
        for number, row in self.rows.rows:
            source = self.cell("source_id", number, row) or self.cell("source", number, row)
            target = self.cell("target_id", number, row) or self.cell("target", number, row)
            if source is None or target is None:
                self.lost.append(number)
                continue
            yield {
                "kind": "relation",
                "type": "calls",
                "source": source,
                "target": target,
                "method": self.cell("method", number, row) or "declared",
                "detail": self.cell("port", number, row) or "",
                "place": {"file": self.rows.file, "sheet": self.rows.sheet, "row": number},
            }

    def coverage(self, records: list[dict[str, Any]]) -> Iterator[Coverage]:
        """What was read and what the table has no column for."""
        status: Status = "partial" if self.lost else ("ok" if records else "empty")
        detail = f"rows without a name were left out: {', '.join(map(str, self.lost[:10]))}" if self.lost else ""
        if self.mapping.kind == "dependencies":
            yield self._record("rows", status, len(records), ["relation.calls"], detail)
            return
        yield self._record("rows", status, len(records), ["server"], detail)
        tags = sum(len(record["attributes"].get("tags", {})) for record in records)
        yield self._record("tags", "ok" if tags else "empty", tags, ["server.tags"])
        readings = sum(len(record.get("readings", ())) for record in records)
        yield self._record("second rows", "ok" if readings else "empty", readings, ["server.readings"])
        supplied = {
            "os": "os_config",
            "memory_mb": "memory_mib",
            "memory_gb": "memory_mib",
            "storage_gb": "provisioned_mib",
        }
        have = {supplied.get(name, name) for name in self.index}
        for fact in ("cpus", "memory_mib", "os_config", "power", "provisioned_mib", "addresses", "hostname"):
            if fact not in have:
                yield self._record(f"column {fact}", "unsupported", 0, [f"server.{fact}"], f"no column supplies {fact}")
        for fact in ("disks", "partitions", "snapshots", "nics", "os_tools", "cluster", "host", "disk_count"):
            yield self._record(f"{fact}", "unsupported", 0, [f"server.{fact}"], f"a table of servers does not hold {fact}")
        for name, bad in self.unreadable.items():
            shown = f"{len(bad)} cells of {self.mapping.columns[name]} cannot be read: {'; '.join(bad[:3])}"
            yield self._record(self.mapping.columns[name], "partial", 0, [f"server.{supplied.get(name, name)}"], shown)

    def _record(self, operation: str, status: Status, items: int, covers: list[str], detail: str = "") -> Coverage:
        return Coverage(
            source=SOURCE,
            scope=self.rows.file,
            operation=operation,
            status=status,
            items=items,
            covers=tuple(covers),
            detail=detail,
            watched_days=self.mapping.watched_days,
        )

    def notes(self) -> Iterator[str]:
        """What a person should know of how the table was read."""
        for name, count in sorted(Counter(self.merged).items()):
            yield f"{count + 1} rows are one machine, {name}: what they say differently is kept as a contradiction"
        if self.rows.short:
            yield f"{self.rows.short} rows have fewer cells than there are headers"
