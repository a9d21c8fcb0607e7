"""The grants that `collect aws` needs, out of the list of calls that it makes."""

from __future__ import annotations

from typing import Any, Final

from migrascope.collectors.aws.catalogue import every_call

DENIED: Final = ("kms:Decrypt", "lambda:GetFunction", "rds-data:*", "s3:GetObject", "secretsmanager:GetSecretValue",
                 "ssm:GetParameter*")  # fmt: skip
"""Refused in so many words, so that nobody has to take our word for it."""


def actions(options: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The actions, sorted; with what `options` ask for besides."""
    own = {permission for operation in every_call(options) for permission in operation.permissions}
    return tuple(sorted(own | {"ec2:DescribeRegions"}))


def policy(options: tuple[str, ...] = ()) -> dict[str, Any]:
    """An IAM policy document for the account that is read."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "MigrascopeReads", "Effect": "Allow", "Action": list(actions(options)), "Resource": "*"},
            {"Sid": "MigrascopeNeverReads", "Effect": "Deny", "Action": list(DENIED), "Resource": "*"},
        ],
    }


def hub_policy() -> dict[str, Any]:
    """What the identity needs that goes from account to account."""
    allow = ["organizations:ListAccounts", "sts:AssumeRole"]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allow, "Resource": "*"}]}
