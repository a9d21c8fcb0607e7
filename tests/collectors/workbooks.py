"""Workbooks for tests, written with another library than the one that reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

VINFO = ["VM", "Powerstate", "Template", "CPUs", "Memory", "Disks", "Cluster", "Host",
         "OS according to the configuration file", "OS according to the VMware Tools", "VM ID"]  # fmt: skip


def machine(name: str, vm_id: str = "", **values: Any) -> list[Any]:
    """A row of vInfo."""
    row = {"Powerstate": "poweredOn", "Template": "False", "CPUs": 2, "Memory": 4096, "Disks": 1, "Cluster": "C",
           "Host": "esx", "OS according to the configuration file": "Debian GNU/Linux 12 (64-bit)",
           "OS according to the VMware Tools": "Debian GNU/Linux 12 (64-bit)"}  # fmt: skip
    row |= {"VM": name, "VM ID": vm_id} | values
    return [row.get(header) for header in VINFO]


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with these sheets; its properties say that it was made on 2026-05-01."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.properties.created = dt.datetime(2026, 5, 1, 12, 0)  # noqa: DTZ001 (the file format has no time zone)
    book.save(path)
    return path
