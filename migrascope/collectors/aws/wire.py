"""Whether what came over the wire is an answer of AWS at all.

Where a proxy or the sign-in page of a network answers in its place, the SDK often reads an empty list, and no error: an
account that holds nothing. So the text is looked at before it is read.
"""

from __future__ import annotations

import json
from typing import Any, Final

from migrascope.collectors.cloud.operation import MalformedError

_SMALL: Final = 4096
"""A text up to this long is looked at whole: a longer one that is wrong lacks the list that we ask for."""
_XML: Final = ("ec2", "query", "rest-xml")


def check(operation_model: Any, response_dict: Any, **_: Any) -> None:
    """Before an answer is parsed. Raises MalformedError where it is of a shape that AWS does not give."""
    body = response_dict["body"]
    if response_dict["status_code"] >= 300 or not isinstance(body, bytes) or operation_model.output_shape is None:
        return
    protocol = operation_model.service_model.resolved_protocol
    text = body.strip()
    if not text:
        raise MalformedError("the answer is empty")
    if protocol in _XML:
        _xml(text[:_SMALL].lower(), operation_model, protocol)
    else:
        _json(text, operation_model)


def _xml(start: bytes, model: Any, protocol: str) -> None:
    root = f"<{model.name}Response".lower().encode()
    named = protocol == "rest-xml" or root in start
    if not start.startswith(b"<") or b"<html" in start or not named:
        raise MalformedError("the answer is a page of somebody else")


def _json(text: bytes, model: Any) -> None:
    if not (text.startswith(b"{") and text.endswith(b"}")):
        raise MalformedError("the answer is no JSON object")
    if len(text) <= _SMALL:
        try:
            found = json.loads(text)
        except ValueError:
            raise MalformedError("the answer is no JSON") from None
        if found and not _names(model.output_shape) & set(found):
            raise MalformedError("the answer holds nothing that was asked for")


def _names(shape: Any) -> set[str]:
    """The fields of an answer, as they are spelt on the wire."""
    return {member.serialization.get("name", name) for name, member in shape.members.items()}
