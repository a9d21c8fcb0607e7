"""Who asks, in which accounts and regions. The only module that opens a connection to AWS."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from migrascope.collectors.aws import guard, wire
from migrascope.collectors.aws.errors import code_of, readable
from migrascope.collectors.aws.fields import narrow
from migrascope.collectors.cloud.measurements import DAYS, months
from migrascope.collectors.cloud.operation import MalformedError
from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.tasks import Task
from migrascope.model.problem import input_error

_CLIENTS: Final = 96
"""So many clients are kept; one more puts away the one that rested longest."""
_ATTEMPTS: Final = 8
"""How often a request is made at most, unless AWS_MAX_ATTEMPTS or the profile says otherwise."""
_HOME: Final = "us-east-1"
"""Where services of an account as a whole are asked, unless the profile says otherwise."""
_FASTER: Final = {"s3": 10.0}
"""Services whose limits are far above those of the rest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An account that is to be read, and the role that opens it; no role: the identity that we have."""

    account: str
    role: str | None = None
    external_id: str | None = None


@dataclass(slots=True)
class SignedInAccount:
    """An account with credentials that renew themselves."""

    id: str
    session: Any
    home: str
    pace: Pace
    until: dt.datetime
    """Until when measurements are asked for."""
    clients: OrderedDict[tuple[str, str], Any] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self, service: str, region: str) -> Any:
        """A client. `global` is asked in the home region."""
        place = self.home if region == "global" else region
        with self.lock:
            known = self.clients.get((service, place))
            if known is None:
                known = self.clients[service, place] = self._made(service, place)
                while len(self.clients) > _CLIENTS:
                    self.clients.popitem(last=False)
            self.clients.move_to_end((service, place))
            return known

    def _made(self, service: str, region: str) -> Any:
        from botocore.config import Config

        attempts = int(self.session.get_config_variable("max_attempts") or _ATTEMPTS)
        retries = {"mode": "standard", "total_max_attempts": attempts}
        config = Config(retries=retries, connect_timeout=10, read_timeout=60, max_pool_connections=8)
        client = self.session.create_client(service, region_name=region, config=config)

        def wait(**_: Any) -> None:
            self.pace.take(self.id, region, service, faster=_FASTER.get(service, 1.0))

        client.meta.events.register_first("before-send", wait)
        return client

    def answers(self, task: Task) -> Iterator[Mapping[str, Any]]:
        """The answers to a call, page by page. Raises botocore's errors, and MalformedError."""
        return readable(self._answers(task))

    def _answers(self, task: Task) -> Iterator[Mapping[str, Any]]:
        from botocore import xform_name
        from botocore.exceptions import ClientError

        operation, parameters = task.operation, dict(task.parameters)
        client = self.client(operation.service, task.region)
        if operation.service == "s3control":
            parameters["AccountId"] = self.id
        if operation.service == "cloudwatch":
            parameters |= {"StartTime": self.until - dt.timedelta(days=DAYS), "EndTime": self.until}
        if operation.service == "ce":
            # Who pays for others would be told of theirs as well.
            own = {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [self.id]}}
            start, end = months(self.until)
            parameters |= {"TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()}, "Filter": own}
        if operation.call == "GetCredentialReport":
            _make_ready(client)
        method = xform_name(operation.call)
        try:
            if client.can_paginate(method):
                limits = {"PageSize": operation.page_size} if operation.page_size and not task.refs else {}
                yield from client.get_paginator(method).paginate(**parameters, PaginationConfig=limits)
            else:
                yield from _by_hand(client, operation.call, parameters)
        except ClientError as error:
            if code_of(error) not in operation.absent:
                raise
            yield {}

    def offered(self, service: str, region: str) -> bool:
        """The SDK knows the service in the region, or does not know where it is."""
        known = self.session.get_available_regions(service)
        return region == "global" or not known or region in known or region not in self.session.get_available_regions("ec2")


_TOKENS: Final = ("nextToken", "NextToken", "NextPageToken")


def _by_hand(client: Any, call: str, parameters: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The pages of a call that the SDK does not page by itself; one answer where it has no pages."""
    from botocore import xform_name

    model = client.meta.service_model.operation_model(call)
    taken = model.input_shape.members if model.input_shape else {}
    token = next((name for name in _TOKENS if name in taken and name in model.output_shape.members), None)
    while True:
        answer = getattr(client, xform_name(call))(**parameters)
        yield answer
        if token is None or not answer.get(token):
            return
        parameters = parameters | {token: answer[token]}


def _make_ready(client: Any) -> None:
    """AWS writes the credential report when it is asked to; that takes seconds."""
    import time

    for _ in range(15):
        if client.generate_credential_report().get("State") == "COMPLETE":
            return
        time.sleep(1)


class Access:
    """The identity that we start from."""

    def __init__(self, profile: str | None, pace: Pace, now: dt.datetime) -> None:
        self.pace = pace
        self.now = now
        self.session = _session(profile)
        self.home = self.session.get_config_variable("region") or _HOME
        identity = _opening(lambda: self.own().client("sts", "global").get_caller_identity())
        self.account = str(identity["Account"])
        self.arn = str(identity["Arn"])

    def own(self, name: str = "") -> SignedInAccount:
        """The account that the identity belongs to."""
        return SignedInAccount(name, self.session, self.home, self.pace, self.now)

    def enter(self, entry: Entry, run: str) -> SignedInAccount:
        """Open an account. Raises botocore's errors where the role cannot be taken."""
        if entry.role is None and entry.account != self.account:
            raise input_error(f"no role opens account {entry.account}: the identity is of {self.account}", "--accounts-file")
        if entry.role is None:
            return self.own(entry.account)
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

        extra = {"RoleSessionName": f"migrascope-{run}"} | ({"ExternalId": entry.external_id} if entry.external_id else {})
        fetcher = AssumeRoleCredentialFetcher(
            lambda service, **given: self.session.create_client(service, region_name=self.home, **given),
            self.session.get_credentials(), entry.role, extra_args=extra, cache={},
        )  # fmt: skip
        session = _session(None)
        session._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
        account = SignedInAccount(entry.account, session, self.home, self.pace, self.now)
        found = str(account.client("sts", "global").get_caller_identity()["Account"])
        if entry.account not in ("", found):
            raise input_error(f"the role {entry.role} is one of account {found}, not of {entry.account}", "--accounts-file")
        account.id = found
        return account

    def organization(self, role: str, external_id: str | None) -> list[Entry]:
        """The active accounts of the organisation, each opened by a role of that name."""
        client = self.own().client("organizations", "global")
        pages = _opening(lambda: list(client.get_paginator("list_accounts").paginate()))
        found = [each for page in pages for each in page["Accounts"] if each.get("Status") == "ACTIVE"]
        return [
            Entry(each["Id"], None if each["Id"] == self.account else f"arn:aws:iam::{each['Id']}:role/{role}", external_id)
            for each in found
        ]


def _session(profile: str | None) -> Any:
    from botocore.exceptions import ConfigNotFound, ConfigParseError, ProfileNotFound
    from botocore.session import Session

    session = Session(profile=profile)
    try:
        session.get_scoped_config()
    except ProfileNotFound:
        known = ", ".join(session.available_profiles) or "none"
        raise input_error(f"there is no profile {profile}", "--profile", f"profiles: {known}") from None
    except (ConfigParseError, ConfigNotFound) as error:
        raise input_error(
            f"the AWS configuration cannot be read: {error}", "AWS", "mend the file, or set AWS_CONFIG_FILE"
        ) from None
    session.user_agent_extra = "migrascope"
    session.register_component("response_parser_factory", _one_at_a_time())
    events = session.get_component("event_emitter")
    guard.install(events)
    events.register_first("before-parse", wire.check)
    narrow(session.get_component("data_loader"))
    return session


def _one_at_a_time() -> Any:
    """Parsers of which one works at a time: a long answer takes ten times the room of its text while it is parsed, and
    two threads that parse share one processor anyway."""
    from botocore.parsers import ResponseParserFactory

    lock = threading.Lock()

    class Parser:
        def __init__(self, parser: Any) -> None:
            self.parser = parser

        def parse(self, response: Any, shape: Any) -> Any:
            with lock:
                return self.parser.parse(response, shape)

    class Factory(ResponseParserFactory):  # type: ignore[misc]
        def create_parser(self, protocol_name: str) -> Any:
            return Parser(super().create_parser(protocol_name))

    factory = Factory()
    factory.set_parser_defaults(timestamp_parser=_moment)
    return factory


def _moment(value: Any) -> Any:
    """A moment as it stands in the answer, where it is ISO 8601: a day is all that we take of it."""
    from botocore.utils import parse_timestamp

    return value if isinstance(value, str) and value[4:5] == "-" else parse_timestamp(value)


def _opening(ask: Callable[[], Any]) -> Any:
    """The first calls: without an answer to them there is nothing to go on with. Raises InputError."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        return next(readable(ask() for _ in range(1)))
    except MalformedError as error:
        help_ = "something answers in its place: check the proxy, and whether the network wants you to sign in"
        raise input_error(f"this is not AWS: {error}", "AWS", help_) from None
    except NoCredentialsError:
        help_ = "sign in (aws sso login), name a --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        raise input_error("no AWS credentials were found", "AWS", help_) from None
    except ClientError as error:
        help_ = "sign in again; the identity is checked before anything is read"
        raise input_error(f"AWS refuses these credentials: {code_of(error)}", "AWS", help_) from None
    except BotoCoreError as error:
        raise input_error(f"AWS cannot be reached: {error}", "AWS", "check the network, the proxy and the region") from None
