"""What errors of AWS mean for what we know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.cloud.operation import MalformedError
from migrascope.collectors.cloud.pace import StoppedError
from migrascope.collectors.cloud.tasks import Task, TaskOutcome

_DENIED: Final = re.compile(r"AccessDenied|Unauthorized|AuthorizationError|NotAuthorized|Forbidden|AllAccessDisabled|^40[13]$")
_REGION: Final = ("AuthFailure", "OptInRequired", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidToken")
_OFF: Final = ("SubscriptionRequiredException", "NotSubscribedException", "NotSignedUp", "OptInRequiredException")
_SLOW: Final = re.compile(r"Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededException|^429$")
EXPIRED: Final = re.compile(r"Expired|RequestExpired")


def readable(pages: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The same pages; MalformedError where the SDK cannot read one.

    It raises whatever its parser stumbles over where something between us and AWS answers in its place: a proxy, a portal.
    """
    from botocore.parsers import ResponseParserError

    while True:
        try:
            page = next(pages)
        except StopIteration:
            return
        except (ResponseParserError, SyntaxError, LookupError, AttributeError, TypeError, ValueError) as error:
            raise MalformedError(f"the answer cannot be read ({type(error).__name__})") from None
        yield page


def classify(error: Exception, task: Task) -> TaskOutcome | None:
    """How a call ended that failed; None for an error that is not of AWS."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return _told(error.response, task)
    if isinstance(error, exceptions.EndpointConnectionError):
        return TaskOutcome("error", f"no connection to {error.kwargs.get('endpoint_url', 'the service')}")
    if isinstance(error, exceptions.UnknownEndpointError | exceptions.UnknownServiceError):
        return TaskOutcome("unsupported", "not offered in this region")
    if isinstance(error, exceptions.HTTPClientError):
        return TaskOutcome("error", f"the connection broke: {type(error).__name__}")
    if isinstance(error, exceptions.NoCredentialsError | exceptions.CredentialRetrievalError):
        return TaskOutcome("error", "the credentials are gone; sign in again, and go on with --resume")
    if isinstance(error, exceptions.BotoCoreError | exceptions.PaginationError):
        return TaskOutcome("error", f"the answer cannot be read: {type(error).__name__}")
    if isinstance(error, StoppedError):
        return TaskOutcome("error", "stopped")
    return None


def code_of(error: Any) -> str:
    """The error code of a `ClientError`."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _told(response: Any, task: Task) -> TaskOutcome:
    code = str(response.get("Error", {}).get("Code", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if EXPIRED.search(code):
        return TaskOutcome("error", "the credentials expired; sign in again, and go on with --resume")
    if code in task.operation.off or code in _OFF:
        return TaskOutcome("not_enabled", f"{task.operation.service} is not in use")
    if code in _REGION:
        return TaskOutcome("region_disabled", f"{task.region} does not take these credentials ({code})")
    if _SLOW.search(code) or status == 429:
        return TaskOutcome("throttled", f"held back by the provider ({code})")
    if _DENIED.search(code) or status in (401, 403):
        return TaskOutcome("denied", f"needs {', '.join(task.operation.permissions)}")
    return TaskOutcome("error", f"{code or 'error'} (HTTP {status})")
