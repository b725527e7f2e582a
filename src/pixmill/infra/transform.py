"""A caller's own adjustments of what a pipeline is made of."""

from collections.abc import Callable
from typing import Any, TypeAlias

from pulumi import ResourceOptions, ResourceTransformationArgs, ResourceTransformationResult

Transform: TypeAlias = Callable[
    [str, str, dict[str, Any], ResourceOptions], tuple[dict[str, Any], ResourceOptions] | None
]
"""Called with each resource's type, such as "aws:sqs/queue:Queue", its name, its arguments by their names in
Python, and its options; returns both as they should be, or None for as they are. The parent cannot change."""

_OWN = "pixmill:"


def with_transform(opts: ResourceOptions | None, transform: Transform | None) -> ResourceOptions:
    """A component's options, by which its children go through `transform`."""
    if transform is None:
        return opts or ResourceOptions()

    def adjust(args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        if args.type_.startswith(_OWN):
            return None
        changed = transform(args.type_, args.name, dict(args.props), args.opts)
        return changed and ResourceTransformationResult(*changed)

    return ResourceOptions.merge(opts, ResourceOptions(transformations=[adjust]))
