"""A proxy on loopback that counts requests, adds the latency of a network, and remembers answers.

What it remembers takes the slow emulator out of the figure: a first run of a tool fills it, a second one is measured.
"""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/")
_DROPPED = ("connection", "transfer-encoding", "content-length", "keep-alive")


class Proxy:
    """What went through, and what came back."""

    def __init__(self, port: int, latency: float) -> None:
        self.port, self.latency = port, latency
        self.requests: Counter[str] = Counter()
        self.known: dict[Any, tuple[int, list[tuple[str, str]], bytes]] = {}
        self.lock = threading.Lock()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        scope = _SCOPE.search(headers.get("Authorization", ""))
        region, service = (scope[1], scope[2]) if scope else ("", "")
        with self.lock:
            self.requests[service] += 1
        key = (method, path, body, region, headers.get("X-Amz-Target"))
        time.sleep(self.latency)
        # What a call sets going is not over when it is asked the second time: such an answer is not remembered.
        if key not in self.known or b"GenerateCredentialReport" in body:
            upstream = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
            upstream.request(method, path, body, headers)
            reply = upstream.getresponse()
            kept = [(name, value) for name, value in reply.getheaders() if name.lower() not in _DROPPED]
            self.known[key] = (reply.status, kept, reply.read())
            upstream.close()
        return self.known[key]


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


@contextmanager
def proxied(port: int, latency: float) -> Iterator[tuple[str, Proxy]]:
    """The proxy before a server on loopback; gives its address."""
    proxy = Proxy(port, latency)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        """Head and body leave together: in two parts, the second waits 40 ms for the first to be acknowledged."""

        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "expect")}
            status, kept, answer = proxy.answer(self.command, self.path, headers, body)
            self.send_response_only(status)
            for name, value in kept:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "HEAD", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._pass)

    server = _Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", proxy
    finally:
        server.shutdown()
        server.server_close()
