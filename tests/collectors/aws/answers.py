"""Answers of AWS made from the SDK's own description of them: every field there is, page after page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from botocore.session import Session

from migrascope.collectors.cloud.operation import Operation

MOMENT = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DEPTH = 7
Text = Callable[[str, int], str]


@lru_cache
def _session() -> Session:
    return Session()


@lru_cache
def _model(service: str) -> Any:
    return _session().get_service_model(service)


def _plain(name: str, number: int) -> str:
    return f"arn:aws:x:eu-west-1:123456789012:{name}/{number}" if name.lower().endswith("arn") else f"{name}-{number}"


def answer(operation: Operation, number: int = 1, text: Text = _plain) -> dict[str, Any]:
    """One whole answer to a call. `text` gives each text by its field and the number of the answer."""
    shape = _model(operation.service).operation_model(operation.call).output_shape
    found: dict[str, Any] = _filled(shape, number, text, "")
    if operation.call == "GetMetricData":
        found["MetricDataResults"] = [{"Id": "average_0", "Values": [number * 1.0], "StatusCode": "Complete"}]
    if operation.call == "GetCostAndUsage":
        for month in found["ResultsByTime"]:
            month["TimePeriod"] = {"Start": "2026-10-01", "End": "2026-11-01"}
            amount = {"Unit": "USD", "Amount": f"{number}.5"}
            month["Groups"] = [{"Keys": [text("Keys", number)], "Metrics": {"UnblendedCost": amount}}]
    if operation.call == "GetCredentialReport":
        rows = "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_2_active\n"
        found["Content"] = (rows + f"u{number},arn:aws:iam::123456789012:user/u{number},true,false,false,false\n").encode()
    return found


def _filled(shape: Any, number: int, text: Text, name: str, depth: int = 0) -> Any:
    kind = shape.type_name
    if kind == "structure":
        members = shape.members.items() if depth < DEPTH else ()
        return {key: _filled(member, number, text, key, depth + 1) for key, member in members}
    if kind == "list":
        return [_filled(shape.member, number, text, name, depth + 1)] if depth < DEPTH else []
    if kind == "map":
        return {text("key", number): _filled(shape.value, number, text, name, depth + 1)}
    if kind == "string":
        return shape.enum[0] if shape.enum else text(name, number)
    simple = {"boolean": True, "timestamp": MOMENT, "blob": text(name, number).encode()}
    return simple.get(kind, 1.0 if kind in ("double", "float") else 1)


def pages(operation: Operation, count: int, text: Text = _plain) -> list[dict[str, Any]]:
    """So many pages, each but the last with the token that leads on."""
    found = [answer(operation, number, text) for number in range(1, count + 1)]
    paging = paginator(operation)
    for number, page in enumerate(found, start=1):
        for token in _tokens(paging, "output_token"):
            page.pop(token.partition("[")[0].partition(".")[0], None)
            if number < count:
                page[token] = f"token-{number}"
        if paging.get("more_results"):
            page[paging["more_results"]] = number < count
    return found


@lru_cache
def _paginators(service: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = _session().get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]
    return found


def paginator(operation: Operation) -> Mapping[str, Any]:
    """How the SDK pages a call; nothing where it does not."""
    try:
        found: Mapping[str, Any] = _paginators(operation.service).get(operation.call, {})
    except Exception:
        found = {}
    return found or _by_hand(operation)


def _by_hand(operation: Operation) -> Mapping[str, Any]:
    """The pages that the SDK's description of a call tells of, where it does not page by itself."""
    model = _model(operation.service).operation_model(operation.call)
    taken = model.input_shape.members if model.input_shape else {}
    both = [name for name in model.output_shape.members if name in taken and "token" in name.lower()]
    return {"output_token": both[0]} if both else {}


def _tokens(paging: Mapping[str, Any], name: str) -> list[str]:
    found = paging.get(name, [])
    tokens = [found] if isinstance(found, str) else list(found)
    return [token.partition(" ||")[0] for token in tokens]
