"""Who asks Resource Graph, and how. The only module that opens a connection to Azure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from migrascope.collectors.azure.catalogue import READER, TEXTS
from migrascope.collectors.cloud.pace import Pace, StoppedError
from migrascope.collectors.cloud.tasks import Outcome, Task
from migrascope.model.problem import input_error

_PATH: Final = "/providers/microsoft.resourcegraph/resources"
TOP: Final = 1000


class ForbiddenCallError(RuntimeError):
    """A call that is not a query."""


class CutOffError(Exception):
    """Azure says that it holds back some of the answer."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where and as whom: what tests replace, and sovereign clouds set."""

    credential: Any = None
    endpoint: str = "https://management.azure.com"
    verify: Any = True
    retries: int = 8


@dataclass(slots=True)
class Graph:
    """Resource Graph, for some subscriptions or a management group; neither: all that the identity may read."""

    client: Any
    subscriptions: tuple[str, ...] = ()
    management_groups: tuple[str, ...] = ()

    def answers(self, task: Task) -> Iterator[Mapping[str, Any]]:
        """The rows of a query, page by page. There is a next page where there is a skip token, and only there."""
        from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

        token: str | None = None
        while True:
            options = QueryRequestOptions(top=TOP, skip_token=token, result_format="objectArray")
            scope = {"management_groups": list(self.management_groups)} if self.management_groups else {}
            scope |= {"subscriptions": list(self.subscriptions)} if self.subscriptions else {}
            headers: dict[str, str] = {}
            request = QueryRequest(query=TEXTS[task.operation.call], options=options, **scope)  # type: ignore[arg-type]
            found = self.client.resources(
                request, raw_response_hook=lambda raw, to=headers: to.update(raw.http_response.headers)
            )
            yield {"data": found.data}
            token = found.skip_token
            if str(headers.get("x-ms-tenant-subscription-limit-hit", "")).lower() == "true":
                raise CutOffError("more subscriptions than Azure answers for at once; name them with --subscription")
            if not token:
                if str(found.result_truncated) == "true":
                    raise CutOffError("Azure cut the answer off, and gave no way to read on")
                return


def opened(door: Door, pace: Pace, subscriptions: tuple[str, ...], management_groups: tuple[str, ...]) -> Graph:
    """A client that can query and do nothing else."""
    from azure.mgmt.resourcegraph import ResourceGraphClient

    credential = door.credential or _credential()
    client = ResourceGraphClient(
        credential, base_url=door.endpoint, credential_scopes=[f"{door.endpoint}/.default"], connection_verify=door.verify,
        retry_total=door.retries, user_agent="migrascope", per_call_policies=[_guard()], per_retry_policies=[_paced(pace)],
    )  # fmt: skip
    return Graph(client, subscriptions, management_groups)


def _credential() -> Any:
    import logging

    from azure.identity import DefaultAzureCredential

    logging.getLogger("azure").setLevel(logging.CRITICAL)  # it tells at length which ways to sign in did not work
    return DefaultAzureCredential()


def _guard() -> Any:
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class Guard(SansIOHTTPPolicy):  # type: ignore[type-arg]
        """Lets queries through, and refuses everything else before it is sent."""

        def on_request(self, request: Any) -> None:
            refuse(request.http_request.method, request.http_request.url)

    return Guard()


def refuse(method: str, url: str) -> None:
    """Raises ForbiddenCallError for anything but a query of Resource Graph."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0].lower()
    if method != "POST" or f"/{path}" != _PATH:
        raise ForbiddenCallError(f"{method} {url} is no query of Resource Graph")


def _paced(pace: Pace) -> Any:
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class Paced(SansIOHTTPPolicy):  # type: ignore[type-arg]
        """Waits its turn, retries as well, and heeds what Azure says of the quota that is left."""

        def on_request(self, request: Any) -> None:
            pace.take("azure", "resource-graph")

        def on_response(self, request: Any, response: Any) -> None:
            headers = response.http_response.headers
            if headers.get("x-ms-user-quota-remaining") == "0":
                pace.sleep(_seconds(headers.get("x-ms-user-quota-resets-after", "")))

    return Paced()


def _seconds(text: str) -> float:
    """Seconds in `00:00:05`; as many as a window of the quota has where it says nothing."""
    parts = text.split(":")
    if len(parts) == 3 and all(part.replace(".", "", 1).isdigit() for part in parts):
        return min(float(parts[0]) * 3600 + float(parts[1]) * 60 + float(parts[2]), 60.0)
    return 5.0


def classify(error: Exception, _: Task) -> Outcome | None:
    """How a query ended that failed; None for an error that is not of Azure."""
    from azure.core import exceptions

    if isinstance(error, CutOffError):
        return Outcome("partial", str(error))
    if isinstance(error, StoppedError):
        return Outcome("error", "stopped")
    if isinstance(error, exceptions.ClientAuthenticationError):
        return Outcome("error", "the sign-in is no longer valid; sign in again, and go on with --resume")
    if isinstance(error, exceptions.HttpResponseError):
        status = error.status_code or 0
        if status in (401, 403):
            return Outcome("denied", f"needs {READER}")
        if status == 429:
            return Outcome("throttled", "held back by the provider (429)")
        code = error.error.code if error.error is not None else ""
        return Outcome("error", f"{code or type(error).__name__} (HTTP {status})")
    if isinstance(error, exceptions.AzureError):
        return Outcome("error", f"the connection broke: {type(error).__name__}")
    return None


def told(error: Exception) -> Exception:
    """An error of the first call, as a line for a person."""
    from azure.core import exceptions

    if isinstance(error, exceptions.ClientAuthenticationError):
        help_ = "sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
        return input_error("nobody is signed in to Azure", "Azure", help_)
    if isinstance(error, exceptions.HttpResponseError) and error.status_code in (401, 403):
        return input_error("Azure refuses this identity", "Azure", f"it needs {READER}")
    return input_error(
        f"Azure cannot be reached: {' '.join(str(error).split())[:200]}", "Azure", "check the network and the proxy"
    )
