"""Azure on loopback, over TLS: rows of ours, in pages, with the faults that Azure has. It runs no query."""

from __future__ import annotations

import json
import re
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import trustme

from migrascope.collectors.azure.session import Door

SUB = "11111111-2222-3333-4444-555555555555"
OTHER = "99999999-2222-3333-4444-555555555555"


BROKEN = {"reset": -1, "slow": -2, "html": -3, "shape": -4}
"""What stands for a status where there is none: the connection breaks, nothing comes, or something else does."""


class Server(ThreadingHTTPServer):
    request_queue_size = 64
    """Eight workers knock at once; who is turned away knocks again after seconds."""

    def handle_error(self, *_: Any) -> None:
        """A connection that we broke is no news."""


class Token(NamedTuple):
    token: str
    expires_on: int


class Anybody:
    """A credential that Azure would not take."""

    def get_token(self, *_: Any, **__: Any) -> Token:
        return Token("made-up", 4_000_000_000)

    def get_token_info(self, *_: Any, **__: Any) -> Any:
        from azure.core.credentials import AccessTokenInfo

        return AccessTokenInfo("made-up", 4_000_000_000)


class Cloud:
    """Rows by the type that a query asks for, and what goes wrong."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {"subscriptions": [subscription(SUB), subscription(OTHER)]}
        self.faults: dict[str, list[tuple[int, int, dict[str, str]]]] = {}
        """By kind of row: which request in turn fails, with which status and headers."""
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.page = 1000
        self.pages: dict[str, list[dict[str, Any]]] = {}
        """Answers to other reads, page by page, by the last part of their path."""
        self.host = ""
        self.every: list[dict[str, Any]] = []
        """Rows of whatever a query asks for."""
        self.headers: dict[str, str] = {}

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        for number, status, headers in self.faults.get("any", []):
            if number == len(self.asked):
                self.asked.append((method, path, body))
                return status, headers, {"error": {"code": "Broken", "message": "no"}} if status > 0 else {"unexpected": 1}
        if path.endswith("/.well-known/openid-configuration"):
            tenant = f"{self.host}{path.removesuffix('/v2.0/.well-known/openid-configuration')}"
            return 200, {}, {"issuer": f"{tenant}/v2.0", "token_endpoint": f"{tenant}/oauth2/v2.0/token",
                             "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize"}  # fmt: skip
        if path.endswith("/oauth2/v2.0/token"):
            return 200, {}, {"token_type": "Bearer", "expires_in": 3600, "access_token": "made-up"}
        if "query" not in body:
            return self._read(method, path, body)
        kind = _kind(body.get("query", ""))
        turn = sum(1 for _, _, earlier in self.asked if _kind(earlier.get("query", "")) == kind)
        self.asked.append((method, path, body))
        if (fault := self._fault(kind, turn)) is not None:
            return fault
        start = int(body.get("options", {}).get("$skipToken") or 0)
        rows = self.every or self.rows.get(kind, [])
        found = rows[start : start + self.page]
        # Azure says "false" here also where there is more to come.
        told = {"totalRecords": len(rows), "count": len(found), "data": found, "resultTruncated": "false"}
        more = {"$skipToken": str(start + self.page)} if start + self.page < len(rows) else {}
        return 200, self.headers, told | more

    def _fault(self, kind: str, turn: int) -> tuple[int, dict[str, str], Any] | None:
        """What goes wrong with a request of this kind, that one in turn."""
        for number, status, headers in self.faults.get(kind, []):
            if number == turn:
                code = "AuthorizationFailed" if status == 403 else "Broken"
                return status, headers, {"error": {"code": code, "message": "no"}}
        return None

    def _read(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        kind = path.partition("?")[0].rpartition("/")[2]
        turn = sum(1 for _, earlier, _ in self.asked if earlier.partition("?")[0].rpartition("/")[2] == kind)
        self.asked.append((method, path, body))
        if (fault := self._fault(kind, turn)) is not None:
            return fault
        pages = self.pages.get(kind, [{"value": []}])
        number = int(found[1]) if (found := re.search(r"page=(\d+)", path)) else 0
        link = f"{self.host}{path.partition('?')[0]}?page={number + 1}"
        return 200, {}, pages[number] | ({"nextLink": link} if number + 1 < len(pages) else {})


def _kind(query: str) -> str:
    found = re.search(r"'microsoft\.[a-z]+/([a-z/]+)'", query)
    return found[1] if found else ""


def subscription(id_: str) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{id_}",
        "name": f"sub {id_[:4]}",
        "type": "microsoft.resources/subscriptions",
        "subscriptionId": id_,
    }


def machine(number: int, subscription_: str = SUB) -> dict[str, Any]:
    group = f"/subscriptions/{subscription_}/resourceGroups/RG-HR/providers/Microsoft.Compute/virtualMachines/hr{number:04}"
    image = {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2016-Datacenter"}
    return {"id": group, "name": f"hr{number:04}", "vmSize": "Standard_D2s_v5",
            "type": "microsoft.compute/virtualmachines", "location": "westeurope",
            "subscriptionId": subscription_, "tags": {"app": "hr"}, "image": image, "osType": "Windows",
            "osDisk": {"name": "os", "diskSizeGB": 127}, "dataDisks": [], "power": "PowerState/running"}  # fmt: skip


@contextmanager
def serving(cloud: Cloud, folder: Path) -> Iterator[Door]:
    """The cloud on loopback for as long as it lasts; gives the door to it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw.startswith(b"{") else {}
            status, headers, answer = cloud.answer(self.command, self.path, body)
            text = json.dumps(answer).encode()
            if status == BROKEN["reset"]:
                self.connection.close()
                return
            if status == BROKEN["slow"]:
                time.sleep(0.3)
            if status == BROKEN["html"]:
                text, headers = b"<html>sign in</html>", {"X-Proxy": "yes"}
            self.send_response(status if status > 0 else 200)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(text))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    for verb in ("GET", "PUT", "DELETE"):
        setattr(Handler, f"do_{verb}", Handler.do_POST)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    ca = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    cloud.host = f"https://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Door(Anybody(), cloud.host, str(ca), 3)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
