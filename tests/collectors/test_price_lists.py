"""Price lists of today: replies in the form in which AWS and Azure give them, through a server of our own on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.test_commands import run

HEAD = """"FormatVersion","v1.0"
"Disclaimer","This pricing list is for informational purposes only."
"Publication Date","2026-11-19T20:59:55Z"
"Version","20261119205955"
"OfferCode","AmazonEC2"
"""
COLUMNS = (
    "SKU", "TermType", "EffectiveDate", "Unit", "PricePerUnit", "Currency", "Product Family", "Location Type", "Instance Type",
    "Tenancy", "Operating System", "License Model", "CapacityStatus", "Pre Installed S/W", "Volume API Name", "Region Code",
)  # fmt: skip
GOOD = {
    "SKU": "s", "TermType": "OnDemand", "EffectiveDate": "2026-11-01", "Unit": "Hrs", "PricePerUnit": "0.1070000000",
    "Currency": "USD", "Product Family": "Compute Instance", "Location Type": "AWS Region", "Instance Type": "m5.large",
    "Tenancy": "Shared",
    "Operating System": "Linux", "License Model": "No License required", "CapacityStatus": "Used", "Pre Installed S/W": "NA",
    "Volume API Name": "", "Region Code": "eu-west-1",
}  # fmt: skip
TRAPS: list[dict[str, str]] = [
    {"Tenancy": "Dedicated", "PricePerUnit": "0.1134000000"},
    {"Tenancy": "Host", "PricePerUnit": "0.0000000000"},
    {"CapacityStatus": "UnusedCapacityReservation", "PricePerUnit": "0.1070000001"},
    {"CapacityStatus": "AllocatedCapacityReservation", "PricePerUnit": "0.0000000000"},
    {"Pre Installed S/W": "SQL Std", "PricePerUnit": "0.5870000000"},
    {"License Model": "Bring your own license", "Operating System": "Windows", "PricePerUnit": "0.1070000000"},
    {"TermType": "Reserved", "PricePerUnit": "0.0670000000"},
    {"Operating System": "RHEL", "PricePerUnit": "0.1358000000"},
    {"Product Family": "Dedicated Host", "PricePerUnit": "5.0000000000"},
]


def csv_list(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    lines = [",".join(f'"{name}"' for name in columns)]
    lines += [",".join(f'"{(GOOD | row)[name]}"' for name in columns) for row in rows]
    return (HEAD + "\n".join(lines) + "\n").encode()


MACHINE: dict[str, Any] = {
    "currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": 0.115, "unitPrice": 0.115, "armRegionName": "westeurope",
    "armSkuName": "Standard_D2s_v5", "productName": "Virtual Machines Dsv5 Series", "skuName": "D2s v5", "meterName": "D2s v5",
    "serviceName": "Virtual Machines", "unitOfMeasure": "1 Hour", "type": "Consumption", "isPrimaryMeterRegion": True,
    "effectiveStartDate": "2026-10-01T00:00:00Z",
}  # fmt: skip
AZURE_TRAPS: list[dict[str, Any]] = [
    {"meterName": "D2s v5 Spot", "skuName": "D2s v5 Spot", "retailPrice": 0.02},
    {"meterName": "D2s v5 Low Priority", "retailPrice": 0.03},
    {"type": "Reservation", "retailPrice": 600.0},
    {"type": "DevTestConsumption", "retailPrice": 0.09},
    {"productName": "Virtual Machines Dsv5 Series Dev/Test", "retailPrice": 0.09},
    {"productName": "Dsv5 Series Dedicated Host", "retailPrice": 4.0},
    {"productName": "Dsv5 Series Cloud Services", "retailPrice": 0.21},
    {"armRegionName": "eastus", "retailPrice": 0.096},
    {"currencyCode": "EUR", "retailPrice": 0.1},
    {"isPrimaryMeterRegion": False, "retailPrice": 0.05},
]

Answer = Callable[[str, dict[str, list[str]]], tuple[int, bytes]]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """A server on loopback that answers as it is told, and its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                status, body = answer(parts.path, parse_qs(parts.query))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body) + (1000 if status == 299 else 0)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def always(body: bytes, status: int = 200) -> Answer:
    return lambda _path, _query: (status, body)


def refreshed(tmp_path: Path, *words: str) -> tuple[Any, dict[str, Any]]:
    ran = run("prices", "refresh", *words, "-o", "prices.json", cwd=tmp_path)
    found = json.loads((tmp_path / "prices.json").read_bytes()) if (tmp_path / "prices.json").exists() else {}
    return ran, found


def amounts(found: dict[str, Any]) -> dict[tuple[str, str | None], str]:
    return {(row["sku"], row["os"]): row["price"] for row in found["prices"]}


def test_of_the_list_of_aws_only_what_a_shared_machine_costs_is_kept(tmp_path: Path, serve: Any) -> None:
    disk = {
        "Product Family": "Storage",
        "Unit": "GB-Mo",
        "Volume API Name": "gp3",
        "Instance Type": "",
        "PricePerUnit": "0.0880000000",
    }
    windows = {"Operating System": "Windows", "PricePerUnit": "0.1990000000"}
    address = serve(always(csv_list({}, windows, disk, *TRAPS)))
    ran, found = refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", address)
    assert ran.returncode == 0, ran.stderr
    assert amounts(found) == {("m5.large", "linux"): "0.107", ("m5.large", "windows"): "0.199", ("aws-gp3", None): "0.088"}
    assert found["prices"][0]["as_of"] == "2026-11-19"
    assert "aws eu-west-1: 3 prices" in ran.stderr


def test_windows_anywhere_in_a_name_of_azure_is_windows_and_what_is_cheaper_for_a_promise_is_left_out(
    tmp_path: Path, serve: Any
) -> None:
    windows = [{"productName": "Virtual Machines Dsv5 Series Windows", "retailPrice": 0.207},
               {"armSkuName": "Standard_D4as_v5", "productName": "Dasv5 Windows Series", "retailPrice": 0.4}]  # fmt: skip
    asked: list[dict[str, list[str]]] = []

    def answer(_path: str, query: dict[str, list[str]]) -> tuple[int, bytes]:
        asked.append(query)
        first = "$skip" not in query
        items = (
            [MACHINE, *({**MACHINE, **trap} for trap in AZURE_TRAPS)] if first else [{**MACHINE, **each} for each in windows]
        )
        following = "https://prices.azure.com:443/api/retail/prices?$skip=100" if first else None
        return 200, json.dumps({"Items": items, "NextPageLink": following, "Count": len(items)}).encode()

    address = serve(answer)
    ran, found = refreshed(tmp_path, "--azure", "westeurope", "--azure-endpoint", address)
    assert ran.returncode == 0, ran.stderr
    assert amounts(found) == {
        ("Standard_D2s_v5", "linux"): "0.115",
        ("Standard_D2s_v5", "windows"): "0.207",
        ("Standard_D4as_v5", "windows"): "0.4",
    }
    assert asked[0]["$filter"][0].startswith("serviceName eq 'Virtual Machines' and armRegionName eq 'westeurope'")
    assert len(asked) == 2  # the next page is asked where the first one was, wherever its link leads


def test_a_snapshot_lies_over_what_ships_and_says_where_it_is_from(tmp_path: Path, serve: Any) -> None:
    address = serve(always(csv_list({"PricePerUnit": "0.2000000000"})))
    refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", address)
    ours = json.loads(run("prices", "show", "m5.large", "eu-west-1", "-f", "json", cwd=tmp_path).stdout)
    today = json.loads(
        run("prices", "show", "m5.large", "eu-west-1", "-f", "json", "--prices", "prices.json", cwd=tmp_path).stdout
    )
    assert ours["price"] == pytest.approx(0.107)
    assert (today["price"], today["quality"], today["as_of"]) == (0.2, "exact", "2026-11-19")
    assert today["source"].startswith("aws, price list read on 20")


PLAN = """schema: 1
as_of: 2026-11-23
currency: USD
targets: [{id: far, provider: aws, region: eu-west-1}]
workloads:
  - {id: shop, users: 10, disposition: rehost, target: {at: far, size: SIZE, count: 2, disk_gb: 10}}
"""


def test_what_is_not_on_a_whole_list_of_a_region_is_not_sold_there(tmp_path: Path, serve: Any) -> None:
    refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", serve(always(csv_list({}))))
    shown = run("prices", "show", "m5.xlarge", "eu-west-1", "--prices", "prices.json", cwd=tmp_path)
    assert "absent" in shown.stdout
    assert "it is not on the price list of eu-west-1" in shown.stderr
    (tmp_path / "plan.yaml").write_text(PLAN.replace("SIZE", "m8g.large"), encoding="utf-8")
    with_list = run("review", "plan.yaml", "--prices", "prices.json", cwd=tmp_path)
    without = run("review", "plan.yaml", cwd=tmp_path)
    assert "[target-size-not-sold]" in with_list.stdout
    assert "[target-size-not-sold]" not in without.stdout


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (always(b"", 404), "is not there"),
        (always(b"", 403), "answered 403"),
        (always(b"<html>proxy</html>"), "is empty"),
        (always(HEAD.encode() + b'"SKU","Price"\n'), "has no column TermType"),
        (always(csv_list(*TRAPS)), "has no price of a machine"),
        (always(csv_list({}), 299), "ended too early"),
        (always(csv_list({"PricePerUnit": "abc"}, {"PricePerUnit": "-0.5"})), "has no price of a machine"),
        (always(csv_list({}).replace(b"2026-11-19T", b"19/11/2026")), "is of no day that can be read"),
        (always(csv_list({}).replace(b"Publication Date", b"Day")), "is of no day that can be read"),
    ],
)
def test_what_is_no_price_list_is_told_in_one_line_and_nothing_is_written(
    tmp_path: Path, serve: Any, answer: Answer, said: str
) -> None:
    ran, found = refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", serve(answer))
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not found


def test_a_page_of_azure_that_is_no_page_is_told(tmp_path: Path, serve: Any) -> None:
    ran, _ = refreshed(tmp_path, "--azure", "westeurope", "--azure-endpoint", serve(always(b"<html>proxy</html>")))
    assert ran.returncode == 2
    assert "did not answer with a page of prices" in ran.stderr


def test_a_page_that_names_itself_as_the_next_one_ends(tmp_path: Path, serve: Any) -> None:
    following = "https://prices.azure.com/api/retail/prices?again=1"
    page = json.dumps({"Items": [MACHINE, None, 7], "NextPageLink": following}).encode()
    ran, _ = refreshed(tmp_path, "--azure", "westeurope", "--azure-endpoint", serve(always(page)))
    assert ran.returncode == 2
    assert "names a page that was read already" in ran.stderr


def test_an_endpoint_that_is_not_encrypted_is_refused_and_so_is_nothing_at_all(tmp_path: Path) -> None:
    ran, _ = refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", "http://prices.example")
    assert "is not encrypted" in ran.stderr
    bare = run("prices", "refresh", cwd=tmp_path)
    assert bare.returncode == 2
    assert "name a region" in bare.stderr
    nobody, _ = refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", "http://127.0.0.1:9")
    assert nobody.returncode == 2
    assert "cannot be read" in nobody.stderr


def test_a_server_that_fails_in_passing_is_asked_again(tmp_path: Path, serve: Any) -> None:
    tries: list[int] = []

    def answer(_path: str, _query: dict[str, list[str]]) -> tuple[int, bytes]:
        tries.append(1)
        return (503, b"") if len(tries) < 3 else (200, csv_list({}))

    ran, found = refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", serve(answer))
    assert ran.returncode == 0, ran.stderr
    assert len(found["prices"]) == 1


def test_a_snapshot_that_was_edited_is_refused(tmp_path: Path, serve: Any) -> None:
    _, found = refreshed(tmp_path, "--aws", "eu-west-1", "--aws-endpoint", serve(always(csv_list({}))))
    found["prices"][0]["price"] = "0.01"
    (tmp_path / "prices.json").write_text(json.dumps(found), encoding="utf-8")
    ran = run("prices", "show", "m5.large", "eu-west-1", "--prices", "prices.json", cwd=tmp_path)
    assert ran.returncode == 2
    assert "does not hold the prices that it was written with" in ran.stderr
    (tmp_path / "prices.json").write_text("prices: 1", encoding="utf-8")
    assert (
        "is no snapshot of prices"
        in run("prices", "show", "m5.large", "eu-west-1", "--prices", "prices.json", cwd=tmp_path).stderr
    )


CARD = """schema: 1
as_of: 2026-11-01
source: our contract
discounts:
  - {provider: aws, percent: 10}
prices:
  - {sku: m5.large, region: eu-west-1, os: linux, price: "0.08"}
"""


def card(tmp_path: Path, text: str, *words: str) -> Any:
    (tmp_path / "card.yaml").write_text(text, encoding="utf-8")
    return run("prices", "show", *(words or ("m5.large", "eu-west-1")), "-f", "json", "--rate-card", "card.yaml", cwd=tmp_path)


def test_a_rate_card_lies_over_every_list_and_a_discount_over_the_rest_of_it(tmp_path: Path) -> None:
    contract = json.loads(card(tmp_path, CARD).stdout)
    discounted = json.loads(card(tmp_path, CARD, "m5.xlarge", "eu-west-1").stdout)
    azure = json.loads(card(tmp_path, CARD, "Standard_D2s_v5", "westeurope").stdout)
    assert (contract["price"], contract["source"]) == (0.08, "our contract")
    assert Decimal(str(discounted["price"])) == Decimal("0.214") * Decimal("0.9")
    assert discounted["source"].endswith("less 10.0% by contract")
    assert azure["price"] == pytest.approx(0.115)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ('price: "0.08"}', 'price: "0.08"}\n  - {sku: m5.large, region: eu-west-1, os: linux, price: "0.09"}'),
            "costs 0.09 here and 0.08",
        ),
        (("percent: 10}", "percent: 10}\n  - {provider: aws, percent: 12}"), "aws has two discounts on everything"),
        (('"0.08"', '"0"'), "costs nothing"),
        (('"0.08"', '"-1"'), "-1"),
        (('"0.08"', "eight"), "price"),
        (("percent: 10", "percent: 110"), "at most 100"),
        (("source: our contract", "currency: EUR"), "is EUR, and list prices are in USD"),
        (("provider: aws", "provider: ibm"), "`ibm` is not a provider"),
        (("sku:", "skus:"), "did you mean `sku`?"),
    ],
)
def test_a_rate_card_that_contradicts_itself_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    ran = card(tmp_path, CARD.replace(*change))
    assert ran.returncode == 2, ran.stdout
    assert said in ran.stderr
    assert "card.yaml:" in ran.stderr


def test_own_assumptions_lie_over_ours_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.replace("SIZE", "m5.large"), encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(
        "ranges: {user_gb: {low: 10, high: 20}}\nsizing: {ordinary: {percentile: 99}}\n", encoding="utf-8"
    )
    ours, mine = (
        json.loads(run("review", "plan.yaml", "-f", "json", *more, cwd=tmp_path).stdout)["cost"]["workloads"][0]["lines"]
        for more in ((), ("--assumptions", "mine.yaml"))
    )
    before, after = (sum(line["high"] for line in lines if line["group"] == "traffic") for lines in (ours, mine))
    assert after > before
    (tmp_path / "mine.yaml").write_text("ranges: {user_gb: {low: many}}\n", encoding="utf-8")
    ran = run("review", "plan.yaml", "--assumptions", "mine.yaml", cwd=tmp_path)
    assert ran.returncode == 2
    assert "expected a number" in ran.stderr
