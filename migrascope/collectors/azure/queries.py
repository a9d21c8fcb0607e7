"""What is asked of Resource Graph. Every query is ordered by id, projects the id, and names each property it takes.

Properties are never taken whole of machines and web apps: start-up data and settings may hold secrets.
None of these texts was run against a real tenant; the replay server of the tests does not execute them.
"""

from __future__ import annotations

from typing import Final

_TABLE: Final = "id,name,type,kind,location,zones,tags,resourceGroup,subscriptionId,sku"


def _of(where: str, more: str = "", table: str = "resources") -> str:
    extra = f",{more}" if more else ""
    return f"{table} | where {where} | project {_TABLE}{extra} | order by id asc"


QUERIES: Final[dict[str, str]] = {
    "subscriptions": (
        "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' | project id,name,type,subscriptionId,tags,"
        "state=properties.state | order by id asc"
    ),
    "virtual machines": _of(
        "type =~ 'microsoft.compute/virtualmachines'",
        "vmSize=properties.hardwareProfile.vmSize,osType=properties.storageProfile.osDisk.osType,"
        "image=properties.storageProfile.imageReference,licenseType=properties.licenseType,"
        "osDisk=properties.storageProfile.osDisk,dataDisks=properties.storageProfile.dataDisks,"
        "nics=properties.networkProfile.networkInterfaces,power=properties.extended.instanceView.powerState.code,"
        "osName=properties.extended.instanceView.osName,osVersion=properties.extended.instanceView.osVersion,"
        "created=properties.timeCreated,secureBoot=properties.securityProfile.uefiSettings.secureBootEnabled",
    ),
    "scale sets": _of("type =~ 'microsoft.compute/virtualmachinescalesets'"),
    "disks": _of(
        "type =~ 'microsoft.compute/disks'",
        "diskSizeGB=properties.diskSizeGB,diskState=properties.diskState,managedBy,encryption=properties.encryption.type,"
        "created=properties.timeCreated",
    ),
    "snapshots": _of(
        "type =~ 'microsoft.compute/snapshots'",
        "diskSizeGB=properties.diskSizeGB,encryption=properties.encryption.type,created=properties.timeCreated",
    ),
    "network interfaces": _of(
        "type =~ 'microsoft.network/networkinterfaces'",
        "macAddress=properties.macAddress,ipConfigurations=properties.ipConfigurations,vm=properties.virtualMachine.id,"
        "securityGroup=properties.networkSecurityGroup.id",
    ),
    "security groups": _of(
        "type =~ 'microsoft.network/networksecuritygroups'",
        "securityRules=properties.securityRules,subnets=properties.subnets",
    ),
    "virtual networks": _of(
        "type =~ 'microsoft.network/virtualnetworks'",
        "addressPrefixes=properties.addressSpace.addressPrefixes,subnets=properties.subnets,"
        "peerings=properties.virtualNetworkPeerings",
    ),
    "gateways": _of(
        "type in~ ('microsoft.network/virtualnetworkgateways','microsoft.network/natgateways',"
        "'microsoft.network/azurefirewalls','microsoft.network/expressroutecircuits','microsoft.network/privateendpoints','microsoft.network/bastionhosts')"
    ),
    "public addresses": _of(
        "type =~ 'microsoft.network/publicipaddresses'",
        "ipAddress=properties.ipAddress,attached=properties.ipConfiguration.id",
    ),
    "load balancers": _of("type in~ ('microsoft.network/loadbalancers','microsoft.network/applicationgateways')"),
    "flow logs": _of(
        "type =~ 'microsoft.network/networkwatchers/flowlogs'",
        "target=properties.targetResourceId,enabled=properties.enabled",
    ),
    "databases": _of(
        "type startswith 'microsoft.sql/' or type startswith 'microsoft.dbfor' or type startswith 'microsoft.documentdb/'"
        " or type startswith 'microsoft.cache/'",
        "version=properties.version,publicNetworkAccess=properties.publicNetworkAccess,"
        "highAvailability=properties.highAvailability.mode,storageGB=properties.storage.storageSizeGB,"
        "backupDays=properties.backup.backupRetentionDays",
    ),
    "storage accounts": _of(
        "type =~ 'microsoft.storage/storageaccounts'",
        "allowBlobPublicAccess=properties.allowBlobPublicAccess,httpsOnly=properties.supportsHttpsTrafficOnly,"
        "encryption=properties.encryption.keySource,created=properties.creationTime",
    ),
    "web and containers": _of(
        "type startswith 'microsoft.web/sites' or type startswith 'microsoft.app/'"
        " or type =~ 'microsoft.containerservice/managedclusters'",
        "state=properties.state,httpsOnly=properties.httpsOnly,kubernetesVersion=properties.kubernetesVersion,"
        "privateCluster=properties.apiServerAccessProfile.enablePrivateCluster,"
        "publicNetworkAccess=properties.publicNetworkAccess,runtime=properties.siteConfig.linuxFxVersion",
    ),
    "vaults": _of(
        "type in~ ('microsoft.keyvault/vaults','microsoft.recoveryservices/vaults')",
        "publicNetworkAccess=properties.publicNetworkAccess",
    ),
    "role assignments": (
        "authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | project id,name,type,"
        "subscriptionId,principalId=properties.principalId,principalType=properties.principalType,"
        "role=properties.roleDefinitionId,scope=properties.scope | order by id asc"
    ),
    "policy states": (
        "policyresources | where type =~ 'microsoft.policyinsights/policystates' | summarize total=count(),"
        "compliant=countif(properties.complianceState =~ 'Compliant') by subscriptionId"
        " | project id=strcat('/subscriptions/',subscriptionId,'/providers/microsoft.policyinsights/policystates/all'),"
        "type='microsoft.policyinsights/policystates',subscriptionId,total,compliant | order by id asc"
    ),
}
