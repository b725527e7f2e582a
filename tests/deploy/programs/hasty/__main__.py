"""A pipeline whose notifications do not wait for the permission that they need, as in the first sketch."""

from typing import Any

import pulumi
from pulumi import ResourceOptions

from pixmill.infra import ImagePipeline

NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"


def hasten(
    kind: str, _: str, args: dict[str, Any], opts: ResourceOptions
) -> tuple[dict[str, Any], ResourceOptions] | None:
    """Take away what a notification waits for."""
    if kind != NOTIFICATION:
        return None
    opts.depends_on = None
    return args, opts


ImagePipeline("photos", pulumi.Config().require_object("args"), transform=hasten)
