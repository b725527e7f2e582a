"""The variables of the worker's function."""

import json
from collections.abc import Mapping

import msgspec
import pulumi

from pixmill.infra.blueprint import Blueprint
from pixmill.settings import FRUGAL, Settings

MOST_BYTES = 4096
"""What Lambda takes: "Lambda quotas" in its Developer Guide."""

# Of the function's time: the most of it that is kept for finishing what has begun.
_RESERVE = 1 / 3


def environment(
    blueprint: Blueprint, source: str, destination: str, key: str | None = None
) -> dict[str, str]:
    """The variables.

    Args:
        blueprint: what is deployed.
        source: name of the bucket of originals.
        destination: name of the bucket of renditions.
        key: ARN of the KMS key that renditions are to be encrypted with, where the bucket does not see to it.
    """
    settings = Settings(
        source=_url(source, blueprint.source.prefix),
        destination=_url(destination, blueprint.destination.prefix) + (f"?kms={key}" if key else ""),
        recipe=blueprint.recipe,
        pipeline=pipeline_name(blueprint.name),
        log_level=blueprint.log_level,
    )
    most = round(_RESERVE * blueprint.timeout_seconds, 3)
    settings = msgspec.structs.replace(settings, reserve_seconds=min(settings.reserve_seconds, most))
    return {**settings.to_env(), **FRUGAL}


def pipeline_name(name: str) -> str:
    """The pipeline's name in logs and metrics: that of several stacks of one program differ."""
    return f"{pulumi.get_project()}-{pulumi.get_stack()}-{name}"


def size(variables: Mapping[str, str]) -> int:
    """The bytes that count: Lambda measures them as JSON, every quote in the recipe with its backslash."""
    return len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())


def _url(bucket: str, prefix: str) -> str:
    return f"s3://{bucket}/{prefix}".removesuffix("/")
