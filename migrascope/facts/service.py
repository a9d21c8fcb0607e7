"""Facts about a managed service."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from migrascope.estate.subjects import ResourceSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent, supported_until
from migrascope.model.uncertain import Fact

_AZURE_RUNTIME: Final = re.compile(r"(PYTHON|NODE|DOTNETCORE|DOTNET-ISOLATED|PHP|RUBY)\|(\d+(?:\.\d+)?)", re.IGNORECASE)
"""Such as `PYTHON|3.11` and `NODE|20-lts`, in `linuxFxVersion`. Java's names two products, its own and the server's."""
_PRODUCTS: Final = {
    "python": "python", "node": "nodejs", "dotnetcore": "dotnet", "dotnet-isolated": "dotnet", "php": "php", "ruby": "ruby",
}  # fmt: skip
_CLUSTERS: Final = {"eks": "amazon-eks", "aks": "azure-kubernetes-service"}


def runtime_ends(asking: Asking, service: ResourceSubject) -> Fact[dt.date]:
    """Last day of security updates for the runtime that its code runs on."""
    if "runtime" not in service.attributes:
        return absent(service, "runtime")
    runtime = service.attributes["runtime"]
    if service.attributes.get("product") == "lambda":
        return supported_until(asking, service, "runtime", ("aws-lambda", runtime))
    azure = _AZURE_RUNTIME.match(runtime)
    return supported_until(asking, service, "runtime", (_PRODUCTS[azure[1].lower()], azure[2]) if azure else None)


def version_ends(asking: Asking, service: ResourceSubject) -> Fact[dt.date]:
    """Last day of standard support for its version of Kubernetes."""
    if "version" not in service.attributes:
        return absent(service, "version")
    product = _CLUSTERS.get(service.attributes.get("product", ""))
    release = ".".join(service.attributes["version"].split(".")[:2])
    return supported_until(asking, service, "version", (product, release) if product else None)
