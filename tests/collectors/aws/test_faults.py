"""Every call, each of its pages failing in each of eight ways: the rest is kept, and what is missing is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions, xform_name
from botocore.config import Config

from migrascope.collectors.aws.catalogue import every_call
from migrascope.collectors.aws.errors import classify
from migrascope.collectors.aws.fields import TAKEN, only
from migrascope.collectors.aws.session import SignedInAccount, _session
from migrascope.collectors.cloud.finish import finished
from migrascope.collectors.cloud.operation import Operation
from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.records import Record, RecordOrigin, header
from migrascope.collectors.cloud.tasks import FULL, Ended, Task, perform
from migrascope.snapshots import misfit, write_inventory
from tests.cli.test_commands import run
from tests.collectors.aws.answers import MOMENT, _model, answer, pages, paginator

CALLS = sorted(every_call(), key=lambda each: each.name)
KEY = "AKIA" + "ABCDEFGHIJ234567"[:16]
PLANTED = "hunter2-Tr0ub4dor"


REF = {"key": "xxx", "arn": "arn:aws:iam::123456789012:role/x", "id": "i", "cores": False, "system": False, "balancer": "b",
       "type": "instance"}  # fmt: skip
CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=False)


class KilledError(BaseException):
    """The process is gone."""


class Reply:
    """What botocore needs of an HTTP answer."""

    def __init__(self, status: int) -> None:
        self.status_code = status
        self.headers: dict[str, str] = {}
        self.raw = None


def refused(code: str, status: int) -> tuple[Reply, dict[str, Any]]:
    return Reply(status), {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}


FAULTS: dict[str, tuple[Any, str]] = {
    "denied": (lambda: refused("AccessDeniedException", 403), "denied"),
    "denied as EC2 says it": (lambda: refused("UnauthorizedOperation", 403), "denied"),
    "throttled": (lambda: refused("ThrottlingException", 400), "throttled"),
    "fault": (lambda: refused("InternalError", 500), "error"),
    "timeout": (lambda: exceptions.ReadTimeoutError(endpoint_url="https://aws"), "error"),
    "reset": (lambda: exceptions.ConnectionClosedError(endpoint_url="https://aws"), "error"),
    "malformed": (lambda: (Reply(200), {"ResponseMetadata": {}, "unexpected": 1}), "error"),
    "expired": (lambda: refused("ExpiredTokenException", 400), "error"),
}


class Script:
    """Stands in for the wire: gives pages in turn, and one fault."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        self.answers = answers
        self.fault: tuple[int, Any] | None = None
        self.number = 0

    def __call__(self, model: Any, **_: Any) -> Any:
        if model.name == "GenerateCredentialReport":
            return Reply(200), {"State": "COMPLETE"}
        self.number += 1
        if self.fault is not None and self.fault[0] == self.number:
            found = self.fault[1]()
            if isinstance(found, BaseException):
                raise found
            return found
        return Reply(200), {**self.answers[self.number - 1], "ResponseMetadata": {"HTTPStatusCode": 200}}


@lru_cache
def session() -> Any:
    from botocore.session import Session

    made = Session()
    made.set_credentials("a", "b")
    return made


@lru_cache
def ours() -> Any:
    """A session as the collector makes it: with its guard, and its look at what comes over the wire."""
    made = _session(None)
    made.set_credentials("a", "b")
    return made


@lru_cache
def account() -> SignedInAccount:
    return SignedInAccount("123456789012", session(), "eu-west-1", Pace(1e6), MOMENT)


def performed(operation: Operation, script: Script) -> tuple[Ended, list[Record]]:
    follows = [further for parent in CALLS for further in parent.further if further.operation is operation]
    given = follows[0].parameters((REF,)) if follows else {}
    task = Task(operation, "123456789012", "eu-west-1", (REF,) if follows else (), given)
    kept: list[Record] = []
    events = account().client(operation.service, "eu-west-1").meta.events
    events.register_first("before-call", script, unique_id="script")
    try:
        ended = perform(
            task, account().answers, RecordOrigin("aws", "123456789012", "eu-west-1", task.label), classify, kept.extend
        )
    finally:
        events.unregister("before-call", unique_id="script")
    return ended, kept


def script(operation: Operation, count: int) -> Script:
    return Script(pages(operation, count) if paginator(operation) else [answer(operation)])


@pytest.mark.parametrize("operation", CALLS, ids=lambda each: each.name + (" own" if each.parameters else ""))
def test_what_the_sdk_describes_is_read_whole(operation: Operation) -> None:
    ended, kept = performed(operation, script(operation, 3))
    assert ended.outcome.status in FULL, ended.outcome
    assert ended.pages == (3 if paginator(operation) else 1)
    for record in kept:
        assert misfit(record) is None


@pytest.mark.parametrize("operation", CALLS, ids=lambda each: each.name + (" own" if each.parameters else ""))
def test_a_page_that_fails_keeps_those_before_it(operation: Operation) -> None:
    count = 3 if paginator(operation) else 1
    _, whole = performed(operation, script(operation, count))
    for number in range(1, count + 1):
        for name, (fault, status) in FAULTS.items():
            wire = script(operation, count)
            wire.fault = (number, fault)
            ended, kept = performed(operation, wire)
            if name == "malformed" and not operation.items:
                assert len(kept) <= len(whole)
                continue
            expected = status if number == 1 else "partial"
            assert ended.outcome.status == expected, (name, number, ended.outcome)
            assert ended.pages == number - 1
            assert kept == whole[: len(kept)], (name, number)
            if status == "denied":
                assert all(permission in ended.outcome.detail for permission in operation.permissions)
            told = list(ended.coverage("aws"))
            assert {covered for record in told for covered in record["covers"]} == set(operation.covers)


@pytest.mark.parametrize("operation", CALLS, ids=lambda each: each.name + (" own" if each.parameters else ""))
def test_no_secret_leaves_whatever_field_it_is_planted_in(operation: Operation) -> None:
    def planted(name: str, number: int) -> str:
        return f"{name}-{number} password={PLANTED} {KEY}"

    wire = Script(pages(operation, 2, planted) if paginator(operation) else [answer(operation, 1, planted)])
    ended, kept = performed(operation, wire)
    text = json.dumps([kept, list(ended.coverage("aws"))])
    assert PLANTED not in text
    assert "ABCDEFGHIJ" not in text


def test_environment_values_user_data_and_parameters_are_read_by_nobody() -> None:
    taken = {"Environment", "UserData", "Parameters", "Outputs", "Variables", "environment", "MasterUserPassword", "Policy"}
    for operation in CALLS:
        if operation.read is None:
            continue

        def marked(name: str, number: int) -> str:
            return f"MARK-{name}-{number}"

        _, kept = performed(
            operation, Script(pages(operation, 2, marked) if paginator(operation) else [answer(operation, 1, marked)])
        )
        text = json.dumps(kept)
        assert not [name for name in taken if f"MARK-{name}-" in text], operation.name


def test_a_call_that_the_sdk_does_not_page_is_paged_all_the_same() -> None:
    by_hand = [each.name for each in CALLS if paginator(each) and not account().client(
        each.service, "eu-west-1").can_paginate(xform_name(each.call))]  # fmt: skip
    assert by_hand == ["ce:GetCostAndUsage", "directconnect:DescribeConnections"]


def narrowed(found: Any, shape: Any, taken: dict[str, tuple[str, ...]]) -> Any:
    """An answer as it comes out where fields are left on the wire."""
    if shape.type_name == "structure":
        kept = only(found, taken[shape.name]) if shape.name in taken else found
        return {name: narrowed(value, shape.members[name], taken) for name, value in kept.items()}
    return [narrowed(each, shape.member, taken) for each in found] if shape.type_name == "list" else found


def test_no_field_that_is_read_is_left_on_the_wire() -> None:
    for operation in CALLS:
        if operation.read is None or operation.service not in TAKEN:
            continue
        shape = _model(operation.service).operation_model(operation.call).output_shape
        (whole,) = pages(operation, 1)
        _, expected = performed(operation, Script([whole]))
        _, kept = performed(operation, Script([narrowed(whole, shape, TAKEN[operation.service])]))
        assert kept == expected, operation.name


def test_a_session_of_ours_builds_those_fields_only() -> None:
    own = _session(None).get_component("data_loader").load_service_model("ec2", "service-2")["shapes"]["Instance"]["members"]
    assert "InstanceId" in own
    assert "BlockDeviceMappings" not in own


GARBAGE = {
    "nothing": b"",
    "a page of a proxy": b"<html><body>Sign in to the network</body></html>",
    "json": b'{"error": "no such service"}',
    "a list": b"[1, 2]",
    "half of it": b"<DescribeInstancesResponse><reservationSet><item>",
    "bytes": bytes(range(256)),
}


@pytest.fixture(scope="module")
def garbage() -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers everything with the same bytes, and who can change them."""
    body = [b""]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body[0])))
            self.end_headers()
            self.wfile.write(body[0])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    setattr(Handler, "do_GET", Handler.do_POST)  # noqa: B010
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", body
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("operation", CALLS, ids=lambda each: each.name + (" own" if each.parameters else ""))
def test_what_is_not_of_aws_is_no_empty_list(operation: Operation, garbage: tuple[str, list[bytes]]) -> None:
    address, body = garbage
    here = SignedInAccount("123456789012", session(), "eu-west-1", Pace(1e6), MOMENT)
    made = ours().create_client(operation.service, region_name="eu-west-1", endpoint_url=address, config=CONFIG)
    here.clients[operation.service, "eu-west-1"] = made
    follows = [further for parent in CALLS for further in parent.further if further.operation is operation]
    given = follows[0].parameters((REF,)) if follows else {}
    task = Task(operation, "123456789012", "eu-west-1", (REF,) if follows else (), given)
    origin = RecordOrigin("aws", "123456789012", "eu-west-1", task.label)
    for name, content in GARBAGE.items():
        body[0] = content
        ended = perform(task, here.answers, origin, classify, lambda _: None)
        assert ended.outcome.status == "error", (name, ended.outcome)


def test_no_secret_of_any_answer_reaches_a_log_or_a_report(tmp_path: Path) -> None:
    def planted(name: str, number: int) -> str:
        return f"{name}-{number} password={PLANTED} {KEY}"

    records: list[Record] = [header("2026-11-23")]
    for operation in CALLS:
        ended, kept = performed(operation, Script(pages(operation, 1, planted)))
        records += [*kept, *ended.coverage("aws")]
    write_inventory(tmp_path / "a.jsonl", finished(records))
    ran = [run("init", "plan.yaml", "--from", "a.jsonl", cwd=tmp_path)]
    ran += [
        run("review", "plan.yaml", "-i", "a.jsonl", "-f", form, "-v", cwd=tmp_path) for form in ("text", "json", "md", "csv")
    ]
    assert [each.returncode for each in ran] == [0] * len(ran), [each.stderr for each in ran]
    told = "".join(each.stdout + each.stderr for each in ran)
    told += "".join((tmp_path / name).read_text(encoding="utf-8") for name in ("a.jsonl", "plan.yaml"))
    assert PLANTED not in told
    assert KEY not in told
