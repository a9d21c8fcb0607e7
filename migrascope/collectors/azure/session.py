"""Who asks Resource Graph, and how. The only module that opens a connection to Azure."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from migrascope.collectors.azure.catalogue import READER, TEXTS
from migrascope.collectors.azure.reads import ALLOWED
from migrascope.collectors.azure.rows import inner
from migrascope.collectors.cloud.operation import MalformedError
from migrascope.collectors.cloud.pace import Pace, StoppedError
from migrascope.collectors.cloud.tasks import Task, TaskOutcome
from migrascope.model.problem import input_error
from migrascope.model.secrets import masked

TOP: Final = 1000
_ARM_FASTER: Final = 5.0
"""A subscription takes 25 reads a second, Resource Graph three queries."""


KNOWN: Final = ("https://management.azure.com", "https://management.usgovcloudapi.net", "https://management.chinacloudapi.cn")
"""Where the public clouds of Azure answer."""


class ForbiddenRequestError(RuntimeError):
    """A call that is not on the list of reads."""


class CutOffError(Exception):
    """Azure says that it holds back some of the answer."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where and as whom: what tests replace, and sovereign clouds set."""

    credential: Any = None
    endpoint: str = "https://management.azure.com"
    verify: Any = True
    retries: int = 8
    patience: float = 60.0
    """How long an answer is waited for [s]."""

    @property
    def scope(self) -> str:
        """What a token is asked for."""
        return f"{self.endpoint}/.default"


@dataclass(slots=True)
class Azure:
    """Resource Graph, for some subscriptions or a management group (neither: all that the identity may read); other reads."""

    graph: Any
    pipeline: Any
    now: dt.datetime
    subscriptions: tuple[str, ...] = ()
    management_groups: tuple[str, ...] = ()
    who: str = ""
    """The identity that asks, as its token names it."""

    def answers(self, task: Task) -> Iterator[Mapping[str, Any]]:
        """The answers to a question, page by page."""
        return self._rows(task) if task.operation.service == "resource-graph" else self._pages(task)

    def _rows(self, task: Task) -> Iterator[Mapping[str, Any]]:
        """The rows of a query. There is a next page where there is a skip token, and only there."""
        from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

        token: str | None = None
        while True:
            options = QueryRequestOptions(top=TOP, skip_token=token, result_format="objectArray")
            scope = {"management_groups": list(self.management_groups)} if self.management_groups else {}
            scope |= {"subscriptions": list(self.subscriptions)} if self.subscriptions else {}
            headers: dict[str, str] = {}
            request = QueryRequest(query=TEXTS[task.operation.call], options=options, **scope)  # type: ignore[arg-type]
            found = self.graph.resources(
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

    def _pages(self, task: Task) -> Iterator[Mapping[str, Any]]:
        """The pages of another read, for as long as a link leads on."""
        from azure.core.exceptions import HttpResponseError
        from azure.core.rest import HttpRequest

        given, query = task.given, dict(task.given["query"])
        if "days" in given:
            start = self.now - dt.timedelta(days=given["days"])
            query["timespan"] = f"{start:%Y-%m-%dT%H:00:00Z}/{self.now:%Y-%m-%dT%H:00:00Z}"
        link: str | None = given["path"]
        while link:
            request = HttpRequest(given["method"], self.pipeline.format_url(link), params=query, json=given.get("body"))
            answer = self.pipeline.send_request(request)
            if answer.status_code >= 400:
                raise HttpResponseError(response=answer)
            page = _object(answer)
            yield page
            # The link of a next page brings its own query along.
            link, query = page.get("nextLink") or inner(page).get("nextLink"), {}


def _object(answer: Any) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        raise MalformedError("the answer is no JSON: something answers in the place of Azure") from None
    if not isinstance(found, dict):
        raise MalformedError("the answer is no object")
    return found


def opened(
    door: Door, pace: Pace, subscriptions: tuple[str, ...], management_groups: tuple[str, ...], now: dt.datetime
) -> Azure:
    """A client that can read and do nothing else."""
    from azure.core import PipelineClient
    from azure.mgmt.resourcegraph import ResourceGraphClient

    credential = door.credential or _credential(door)
    policies = _policies(credential, door, pace)
    more = {"policies": policies, "connection_verify": door.verify, "connection_timeout": 10, "read_timeout": door.patience}
    graph = ResourceGraphClient(credential, base_url=door.endpoint, credential_scopes=[door.scope], **more)
    return Azure(graph, PipelineClient(door.endpoint, **more), now, subscriptions, management_groups, _who(credential, door))


_NAMES: Final = ("upn", "unique_name", "app_displayname", "appid", "oid")
"""How a token names who it was given to, the most telling first."""


def _who(credential: Any, door: Door) -> str:
    """What the token says of itself. Empty where it says nothing, or there is none: the first question tells that."""
    from azure.core.exceptions import AzureError

    try:
        body = credential.get_token(door.scope).token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (AzureError, IndexError, ValueError):
        return ""
    return next((masked(str(claims[name])) for name in _NAMES if claims.get(name)), "") if isinstance(claims, dict) else ""


def _policies(credential: Any, door: Door, pace: Pace) -> list[Any]:
    """What every request goes through. The SDK's own list also registers resource providers, which writes, and follows
    redirects, which takes the token along: both are left out, and the guard stands last, before the wire."""
    from azure.core.pipeline import policies
    from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

    return [
        policies.RequestIdPolicy(),
        policies.UserAgentPolicy("migrascope"),
        policies.ProxyPolicy(),
        policies.ContentDecodePolicy(),
        policies.RetryPolicy(retry_total=door.retries),
        policies.CustomHookPolicy(),
        ARMChallengeAuthenticationPolicy(credential, door.scope),
        _paced(pace),
        _guard(door),
    ]


def _credential(door: Door) -> Any:
    import logging

    from azure.identity import DefaultAzureCredential

    logging.getLogger("azure").setLevel(logging.CRITICAL)  # it tells at length which ways to sign in did not work
    # A cloud of one's own has a sign-in that the public one knows nothing of.
    return DefaultAzureCredential(disable_instance_discovery=door.endpoint not in KNOWN)


def _guard(door: Door) -> Any:
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class Guard(SansIOHTTPPolicy):  # type: ignore[type-arg]
        """Lets reads through, and refuses everything else before it is sent."""

        def on_request(self, request: Any) -> None:
            refuse(request.http_request.method, request.http_request.url, door.endpoint)

    return Guard()


def refuse(method: str, url: str, endpoint: str) -> None:
    """Raises ForbiddenCallError for anything that is not on the list of reads, or goes to another host."""
    host, _, rest = url.partition("://")[2].partition("/")
    path = f"/{rest.partition('?')[0].lower()}"
    known = any(method == verb and pattern.fullmatch(path) for verb, pattern in ALLOWED)
    if not known or host != endpoint.partition("://")[2].rstrip("/") or not url.startswith("https://"):
        raise ForbiddenRequestError(f"{method} {url.partition('?')[0]} is not on the list of calls that only read")


def _paced(pace: Pace) -> Any:
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class Paced(SansIOHTTPPolicy):  # type: ignore[type-arg]
        """Waits its turn, retries as well, and heeds what Azure says of the quota that is left."""

        def on_request(self, request: Any) -> None:
            path = request.http_request.url.partition("://")[2].partition("/")[2].lower()
            if "microsoft.resourcegraph" in path or "microsoft.costmanagement" in path:
                pace.take("azure", path.partition("?")[0])
            else:
                pace.take("azure", "/".join(path.split("/")[:2]), faster=_ARM_FASTER)

        def on_response(self, request: Any, response: Any) -> None:
            headers = response.http_response.headers
            if headers.get("x-ms-user-quota-remaining") == "0":
                pace.sleep(_seconds(headers.get("x-ms-user-quota-resets-after", "")))
            if response.http_response.status_code == 429 and "Retry-After" not in headers:
                # Cost Management tells it under names of its own.
                pace.sleep(
                    max((_plain(value) for name, value in headers.items() if name.lower().endswith("retry-after")), default=0.0)
                )

    return Paced()


def _plain(text: str) -> float:
    return min(float(text), 60.0) if text.isdigit() else 0.0


def _seconds(text: str) -> float:
    """Seconds in `00:00:05`; as many as a window of the quota has where it says nothing."""
    parts = text.split(":")
    if len(parts) == 3 and all(part.replace(".", "", 1).isdigit() for part in parts):
        return min(float(parts[0]) * 3600 + float(parts[1]) * 60 + float(parts[2]), 60.0)
    return 5.0


def classify(error: Exception, task: Task) -> TaskOutcome | None:
    """How a query ended that failed; None for an error that is not of Azure."""
    from azure.core import exceptions

    if isinstance(error, CutOffError):
        return TaskOutcome("partial", str(error))
    if isinstance(error, StoppedError):
        return TaskOutcome("error", "stopped")
    status = getattr(error, "status_code", None) or 0
    if isinstance(error, exceptions.ClientAuthenticationError) or status == 401:
        return TaskOutcome("error", "the sign-in is no longer valid; sign in again, and go on with --resume")
    if isinstance(error, exceptions.HttpResponseError):
        if status == 403:
            return TaskOutcome("denied", f"needs {', '.join(task.operation.permissions)}")
        if status == 429:
            return TaskOutcome("throttled", "held back by the provider (429)")
        code = error.error.code if error.error is not None else ""
        return TaskOutcome("error", f"{code or type(error).__name__} (HTTP {status})")
    if isinstance(error, exceptions.AzureError):
        return TaskOutcome("error", f"the connection broke: {type(error).__name__}")
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
