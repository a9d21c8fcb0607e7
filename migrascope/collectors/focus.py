"""`collect focus`: a bill in the FinOps Open Cost and Usage Specification (FOCUS), as what each resource costs a month.

Columns are those of FOCUS 1.0 to 1.2. Amounts are without tax, and without credits: those end, and are nobody's price.
`billed` is what the invoice says; `effective` spreads what was paid ahead over what used it, and is what a month costs.
"""

from __future__ import annotations

import csv
import datetime as dt
import glob
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from migrascope.collectors import Collected, Progress
from migrascope.collectors.cloud.records import Record, header
from migrascope.model.problem import input_error
from migrascope.model.secrets import masked

_NEEDED: Final = ("BillingCurrency", "ChargePeriodStart", "ChargeCategory")
_COSTS: Final = {"BilledCost": "billed", "EffectiveCost": "effective"}
_PROVIDER: Final = ("ProviderName", "ServiceProviderName", "PublisherName")
"""Who sells; later versions of the specification call the first by the second name."""
_LEFT_OUT: Final = ("tax", "credit")
_PROVIDERS: Final = {"aws": "aws", "amazon web services": "aws", "microsoft": "azure", "azure": "azure"}
_EC2: Final = {"i-": "instance", "vol-": "volume", "snap-": "snapshot", "nat-": "natgateway", "eni-": "network-interface"}
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_NUMBER: Final = re.compile(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?")
_MOST: Final = Decimal(10) ** 15
"""No single line of a bill is larger than this."""
_YEARS: Final = (2000, 2100)
_BLANK: Final = ("", "NULL", "null", "None")
_SHOWN: Final = 3
_PROGRESS_ROWS: Final = 100_000

Row = Mapping[str, Any]
Key = tuple[str, str, str, str]
"""Natural id, statistic, currency, month."""


@dataclass(slots=True)
class _Bill:
    sums: dict[Key, Decimal] = field(default_factory=dict)
    rows: Counter[Key] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    amounts_left_out: dict[tuple[str, str], Decimal] = field(default_factory=dict)


def collect(paths: Iterable[Path], as_of: str | None, progress: Progress) -> Collected:
    """Read the files of an export, or of folders. Raises InputError where one of them is no FOCUS export."""
    files = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    bill, coverage, last = _Bill(), [], ""
    for file in files:
        count, bad = 0, []
        for number, row in enumerate(_rows(file), start=2):
            if count % _PROGRESS_ROWS == 0:
                progress(f"reading {file.name}, row {number}")
            count += 1
            try:
                if file.suffix.lower() != ".parquet" and None in row.values():
                    raise ValueError("the row is cut off")
                last = max(last, _add(row, bill))
            except (ValueError, ArithmeticError) as error:
                bad.append(f"row {number}: {error}")
        coverage.append(_coverage(file, count, bad))
    notes = [_told(category, currency, bill) for category, currency in sorted(bill.left_out)]
    head = header(as_of or last or None, "--as-of" if as_of else "the last charge" if last else None)
    return Collected((head, *coverage, *_measurements(bill, last)), tuple(notes))


def _inside(folder: Path) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.name.lower().endswith((".csv", ".csv.gz", ".parquet"))]
    if not found:
        raise input_error("no .csv, .csv.gz or .parquet stands here", str(folder), "name the files of a FOCUS export")
    return found


def _rows(file: Path) -> Iterator[Row]:
    try:
        if file.suffix.lower() == ".parquet":
            yield from _parquet(file)
            return
        opened = gzip.open if file.suffix.lower() == ".gz" else open
        with opened(file, "rt", encoding="utf-8-sig", newline="") as text:
            reader = csv.DictReader(text, strict=True)
            _check(file, reader.fieldnames or ())
            yield from reader
    except UnicodeDecodeError:
        raise input_error("this is not UTF-8", str(file), "export it again as UTF-8, or as Parquet") from None
    except (csv.Error, zlib.error) as error:
        raise input_error(f"this is no table: {error}", str(file)) from None
    except (OSError, EOFError) as error:
        raise input_error(f"cannot be read: {getattr(error, 'strerror', None) or error}", str(file)) from None


def _parquet(file: Path) -> Iterator[Row]:
    try:
        import duckdb
    except ImportError:
        raise input_error("Parquet needs an extra", str(file), "pip install 'migrascope[flows]', or export CSV") from None
    try:
        table = duckdb.connect().execute("SELECT * FROM read_parquet($1)", [glob.escape(str(file))])
        names = [column[0] for column in table.description or ()]
        _check(file, names)
        while some := table.fetchmany(10_000):
            yield from (dict(zip(names, row, strict=True)) for row in some)
    except duckdb.Error as error:
        raise input_error(f"this is no Parquet: {str(error).splitlines()[0]}", str(file)) from None


def _check(file: Path, names: Iterable[str]) -> None:
    lacking = [name for name in _NEEDED if name not in names]
    if lacking or not set(names) & set(_COSTS):
        missing = ", ".join(lacking or _COSTS)
        raise input_error(f"this is no FOCUS export: no column {missing}", str(file), "see focus.finops.org for the columns")


def _add(row: Row, bill: _Bill) -> str:
    """Add a row; gives the day of its charge. Raises ValueError where it cannot be counted."""
    category, currency = (_text(row, "ChargeCategory") or "").lower(), (_text(row, "BillingCurrency") or "").upper()
    if not _CURRENCY.fullmatch(currency):
        raise ValueError("BillingCurrency is no code of three letters")
    if not category:
        raise ValueError("ChargeCategory is blank")
    day = _day(row["ChargePeriodStart"])
    amounts = {name: amount for column, name in _COSTS.items() if (amount := _amount(row, column)) is not None}
    if not amounts:
        raise ValueError("neither BilledCost nor EffectiveCost holds an amount")
    if category in _LEFT_OUT:
        mark = (category, currency)
        bill.left_out[mark] += 1
        bill.amounts_left_out[mark] = bill.amounts_left_out.get(mark, Decimal()) + next(iter(amounts.values()))
        return day
    id_ = natural_id(row)
    for statistic, amount in amounts.items():
        key = (id_, statistic, currency, day[:7])
        bill.sums[key] = bill.sums.get(key, Decimal()) + amount
        bill.rows[key] += 1
    return day


def natural_id(row: Row) -> str:
    """The resource that a row is about, as collectors name it; the service of an account where it is about none."""
    found = next((text for name in _PROVIDER if (text := _text(row, name)) is not None), "other")
    provider = next((short for name, short in _PROVIDERS.items() if found.lower().startswith(name)), found.lower())
    account = (_text(row, "SubAccountId") or _text(row, "BillingAccountId") or "unknown").rpartition("/")[2]
    if provider == "aws" and account.isdigit():
        account = account.zfill(12)  # a spreadsheet takes its zeros away
    id_, service = _text(row, "ResourceId"), _text(row, "ServiceName") or "unknown"
    if id_ is None:
        return f"{provider}:{account}/{service}"
    if id_.startswith("/"):
        return id_.lower()
    if id_.startswith("arn:"):
        return id_
    region, kind = _text(row, "RegionId"), _text(row, "ResourceType")
    if provider == "aws":
        of = next((name for start, name in _EC2.items() if id_.startswith(start)), None)
        if of is not None and region is not None:
            return f"arn:{_partition(region)}:ec2:{region}:{account}:{of}/{id_}"
        if kind == "bucket" or "Simple Storage Service" in service:
            return f"arn:{_partition(region or '')}:s3:::{id_}"
    return f"{provider}:{account}/{id_}"


def _partition(region: str) -> str:
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov") else "aws"


def _text(row: Row, name: str) -> str | None:
    value = row.get(name)
    return None if value is None or str(value).strip() in _BLANK else str(value).strip()


def _day(value: Any) -> str:
    try:
        day = dt.date.fromisoformat(str(value)[:10])
        if not _YEARS[0] <= day.year <= _YEARS[1]:
            raise ValueError
        return day.isoformat()
    except ValueError:
        raise ValueError(f"ChargePeriodStart is no day: {masked(str(value))[:40]}") from None


def _amount(row: Row, name: str) -> Decimal | None:
    text = _text(row, name)
    if text is None:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{name} is no amount: {masked(text)[:40]}") from None
    if not amount.is_finite() or abs(amount) > _MOST or not _NUMBER.fullmatch(text):
        raise ValueError(f"{name} is no amount: {masked(text)[:40]}")
    return amount


def _measurements(bill: _Bill, last: str) -> Iterator[Record]:
    for (id_, statistic, currency, month), amount in sorted(bill.sums.items()):
        start = dt.date.fromisoformat(f"{month}-01")
        end = (start + dt.timedelta(days=32)).replace(day=1)
        days = (min(end, dt.date.fromisoformat(last) + dt.timedelta(days=1)) - start).days
        yield {"kind": "measurement", "id": masked(id_), "metric": "cost", "statistic": statistic, "unit": currency,
               "window": f"{start}/{end}", "samples": bill.rows[id_, statistic, currency, month],
               "coverage": round(min(1.0, days / (end - start).days), 4), "value": float(amount)}  # fmt: skip


def _coverage(file: Path, count: int, bad: list[str]) -> Record:
    covers = [f"{kind}.cost" for kind in ("server", "database", "storage", "network", "service")]
    record: Record = {
        "kind": "coverage",
        "source": "focus",
        "scope": file.name,
        "operation": "FOCUS rows",
        "items": count - len(bad),
    }
    status = "partial" if bad else "ok" if count else "empty"
    told = f"{len(bad)} rows cannot be counted: {'; '.join(bad[:_SHOWN])}" if bad else ""
    return record | {"status": status, "covers": covers} | ({"detail": f"{file.name}: {told}"} if told else {})


def _told(category: str, currency: str, bill: _Bill) -> str:
    mark = (category, currency)
    return f"left out: {bill.left_out[mark]} rows of {category}, {bill.amounts_left_out[mark]:.2f} {currency}"
