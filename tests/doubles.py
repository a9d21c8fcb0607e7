"""A cloud on this machine, to try the collectors on: `python -m tests.doubles aws FILE`, or `azure`.

It writes into FILE what a shell has to know to find it, and answers until it is stopped. AWS is moto's server with a small
web shop in it; Azure is the replay server of the tests, which answers with rows of ours and runs no query.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLOUDS = ("aws", "azure")
SECONDS = 600.0


@contextmanager
def aws() -> Iterator[dict[str, str]]:
    """The environment in which an account of AWS answers."""
    from moto.server import ThreadedMotoServer

    from tests.collectors.aws.test_live import OWNER, client_of, furnish

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    environment = OWNER | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    furnish(client_of(environment))
    yield environment
    server.stop()


@contextmanager
def azure() -> Iterator[dict[str, str]]:
    """The environment in which two subscriptions of Azure answer, over TLS, and who asks is believed."""
    from tests.collectors.azure.replay import Cloud, machine, serving

    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1), machine(2)]
    told = [{"name": "vCPUs", "value": "2"}, {"name": "MemoryGB", "value": "8"}]
    cloud.pages["skus"] = [{"value": [{"resourceType": "virtualMachines", "name": "Standard_D2s_v5", "capabilities": told}]}]
    with tempfile.TemporaryDirectory() as folder, serving(cloud, Path(folder)) as door:
        yield {
            "AZURE_ENDPOINT": door.endpoint,
            "AZURE_AUTHORITY_HOST": door.endpoint,
            "AZURE_TENANT_ID": "11111111-0000-0000-0000-000000000000",
            "AZURE_CLIENT_ID": "22222222-0000-0000-0000-000000000000",
            "AZURE_CLIENT_SECRET": "made-up",
            "REQUESTS_CA_BUNDLE": door.verify,
        }


def main() -> int:
    """Serve one of them."""
    if len(sys.argv) != 3 or sys.argv[1] not in CLOUDS:
        sys.stderr.write(__doc__ or "")
        return 2
    with {"aws": aws, "azure": azure}[sys.argv[1]]() as environment:
        lines = "".join(f"export {name}={value}\n" for name, value in environment.items())
        Path(sys.argv[2]).write_text(lines, encoding="utf-8")
        threading.Event().wait(SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
