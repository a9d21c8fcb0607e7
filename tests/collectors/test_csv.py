"""Tables of servers and of dependencies: guessed or mapped columns, and what is wrong with a table told in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from migrascope.collectors.cmdb import collect_csv
from migrascope.collectors.delimited import Rows, read_tables
from migrascope.collectors.mapping import Mapping, guess, most_telling
from migrascope.model.problem import InputError
from tests.support import fit_the_schema, sample


def read_rows(path: Path) -> Rows:
    return most_telling(read_tables(path))


def collected(path: Path, mapping: Mapping | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    rows = read_rows(path)
    found = collect_csv(rows, mapping or guess(rows), "2026-11-01")
    records = [dict(record) for record in found.records]
    fit_the_schema(records)
    return records, list(found.notes)


def servers(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {record["name"]: record for record in records if record.get("type") == "server"}


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "cmdb.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_dutch_export_is_read_with_any_separator(tmp_path: Path, separator: str) -> None:
    lines = ["Servernaam,Besturingssysteem,Geheugen GB,Applicatie,Status", "app-01,Windows Server 2016,8,Zaken,Actief"]
    records, _ = collected(table(tmp_path, "\n".join(lines).replace(",", separator)))
    found = servers(records)["app-01"]["attributes"]
    assert (found["os_config"], found["memory_mib"], found["power"]) == ("Windows Server 2016", 8192, "on")
    assert found["tags"] == {"application": "Zaken"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_what_excel_writes_is_read(tmp_path: Path, encoding: str) -> None:
    records, _ = collected(table(tmp_path, "Name;Owner\nbriefpost;Financiën\n".encode(encoding)))
    assert servers(records)["briefpost"]["attributes"]["tags"] == {"owner": "Financiën"}


def test_two_rows_of_one_machine_are_one_and_their_difference_is_kept(tmp_path: Path) -> None:
    text = "Name,UUID,CPUs,OS\nweb,u-1,2,Debian 12\nweb,u-1,4,\n"
    records, notes = collected(table(tmp_path, text))
    assert len(servers(records)) == 1
    machine = servers(records)["web"]
    assert machine["attributes"]["cpus"] == 2
    assert [(r["fact"], r["value"], r["place"]["row"]) for r in machine["readings"]] == [("cpus", 4, 3)]
    assert any("2 rows are one machine, web" in note for note in notes)


def test_a_mapping_that_names_a_missing_column_says_which_there_are(tmp_path: Path) -> None:
    rows = read_rows(table(tmp_path, "Machine,Kind\nweb,vm\n"))
    with pytest.raises(InputError) as error:
        collect_csv(rows, Mapping("servers", {"name": "Server", "colour": "Kind"}), None)
    told = [(p.message, p.help) for p in error.value.problems]
    assert told[0] == ("the mapping names column `Server`, which the file does not have", "columns: Machine, Kind")
    assert "`colour` is nothing that a table of servers can supply" in told[1][0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("Name,OS\n", "a header and nothing else"),
        ("Colour,Size\nred,1\n", "no column supplies the name"),
        (b"Name\0,OS\nx,y\n", "not a text file"),
    ],
)
def test_a_table_that_is_none_says_so(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        collected(table(tmp_path, text))


def test_what_cannot_be_read_is_partial_and_what_has_no_column_was_not_seen(tmp_path: Path) -> None:
    records, _ = collected(table(tmp_path, "Name,CPUs,OS\na,many,Debian 12\n,2,Debian 12\nb\n"))
    told = {record["operation"]: record for record in records if record["kind"] == "coverage"}
    assert (told["rows"]["status"], told["rows"]["items"]) == ("partial", 2)
    assert "3" in told["rows"]["detail"]
    assert told["CPUs"]["status"] == "partial"
    assert told["column memory_mib"]["status"] == "unsupported"
    assert "cpus" not in servers(records)["a"]["attributes"]


def test_a_list_of_dependencies_is_recognised(tmp_path: Path) -> None:
    records, _ = collected(table(tmp_path, "Source server name,Destination server name,Destination port\nweb,db,1433\n"))
    calls = [record for record in records if record["kind"] == "relation"]
    assert [(c["source"], c["target"], c["detail"]) for c in calls] == [("web", "db", "1433")]


def test_the_wave_plan_of_somebody_else_is_read() -> None:
    records, _ = collected(sample("waveplan/aws_cmf_server-list.csv"))
    assert servers(records)
    tags = [record["attributes"]["tags"] for record in servers(records).values()]
    assert all("application" in found and "wave" in found for found in tags)


def test_of_a_workbook_the_sheet_that_is_known_best_is_read() -> None:
    report = sample("azure-migrate/AzureMigrate_Discovery_Report.xlsx")
    assert read_rows(report).sheet == "Discovery_Report"
    records, _ = collected(report)
    assert len(servers(records)) > 200
    with pytest.raises(InputError) as error:
        read_tables(report, "Servers")
    assert error.value.problems[0].help == "sheets: Properties, Discovery_Report"
