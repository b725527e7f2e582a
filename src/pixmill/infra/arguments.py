"""What one says of a pipeline. Everything may be left out.

Pulumi's component analyzer turns these classes, their types and the strings below the fields into the schema
from which other languages get theirs. It knows neither `Literal` nor unions; so at run time some types are
simpler than what a type checker of Python sees. `blueprint.py` checks the values.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pulumi import Input

if TYPE_CHECKING:
    import os

    from pixmill.infra.bundle import Architecture, Python
    from pixmill.recipe import Recipe

    LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    Path = str | os.PathLike[str]
    RecipeLike = str | os.PathLike[str] | Mapping[str, object] | Recipe
else:
    Path = str
    RecipeLike = Any

    class Architecture(StrEnum):
        """Lambda's names for its processors."""

        ARM64 = "arm64"
        X86_64 = "x86_64"

    class Python(StrEnum):
        """The versions of Python that a worker can run on."""

        PYTHON312 = "3.12"
        PYTHON313 = "3.13"
        PYTHON314 = "3.14"

    class LogLevel(StrEnum):
        """The lowest level that the worker logs."""

        DEBUG = "DEBUG"
        INFO = "INFO"
        WARNING = "WARNING"
        ERROR = "ERROR"


class SourceArgs(TypedDict, total=False):
    """Where originals are: a bucket that exists, or what to make of a new one."""

    existing_bucket: Input[str]
    """Name of a bucket that exists. It is only read: neither its settings nor its notifications are touched.
    Its owner must have EventBridge turned on; an output of the pipeline is the command. With it, of the
    rest only `prefix` can be given."""
    prefix: str
    """Folder of the originals. Default: "uploads" in a new bucket, all of an existing one."""
    retain: bool
    """Whether the new bucket stays when the pipeline is removed. Default: true."""
    force_destroy: bool
    """Whether the new bucket is emptied when it is removed. Default: false."""
    keep_old_versions_days: int
    """Days for which the new bucket keeps overwritten and deleted objects. Default: 30."""
    cors_origins: Sequence[Input[str]]
    """Web sites, such as "https://example.com", whose pages may upload to the new bucket with URLs that you
    have signed. Default: none."""


class DestinationArgs(TypedDict, total=False):
    """Where renditions and manifests go: a bucket that exists, or what to make of a new one.

    Nothing in it expires by age: a manifest must not name what is gone.
    """

    existing_bucket: Input[str]
    """Name of a bucket that exists. Neither its settings nor its notifications are touched. For messages on
    what is done, its owner must have EventBridge turned on. With it, of the rest only `prefix` can be
    given."""
    prefix: str
    """Folder of the renditions and manifests. Default: the whole bucket."""
    retain: bool
    """Whether the new bucket stays when the pipeline is removed. Default: true."""
    force_destroy: bool
    """Whether the new bucket is emptied when it is removed. Default: false."""
    keep_old_versions_days: int
    """Days for which the new bucket keeps overwritten and deleted objects. Default: 30."""
    cors_origins: Sequence[Input[str]]
    """Web sites, such as "https://example.com", whose pages may read from the new bucket with URLs that you
    have signed. Default: none."""


class ImagePipelineArgs(TypedDict, total=False):
    """What one says of a pipeline. Everything may be left out."""

    recipe: RecipeLike
    """The renditions that are wanted: the path of a recipe in TOML or JSON, or what would stand in one.
    Default: 800x600 and 150x150, padded with white, as JPEG."""
    source: SourceArgs
    """Where originals are. Default: a new bucket."""
    destination: DestinationArgs
    """Where renditions and manifests go. Default: a new bucket."""
    memory_mb: int
    """Memory of the function in MB, 128-10240; its share of the processor grows with it. Default: 1769, at
    which it has one whole core."""
    timeout_seconds: int
    """Seconds after which an invocation is ended, 10-900. Default: 60."""
    architecture: Architecture
    """The function's processor. Default: "arm64"."""
    python: Python
    """The function's Python. Default: "3.13"."""
    bundle: Path
    """A bundle that `pixmill bundle` has built for this processor and Python. Default: it is built when it is
    first needed, and kept in the user's cache."""
    batch_size: int
    """Originals in one invocation at most, 1-10000. Default: 10."""
    batch_window_seconds: int
    """Seconds to wait for a batch to fill, 0-300. Default: 0."""
    maximum_concurrency: int
    """Invocations at a time at most, 2-1000. Default: 20."""
    visibility_timeout_seconds: int
    """Seconds after which a message that nobody has dealt with comes again, up to 43200. Default, and the
    least that AWS advises: 6 times the function's timeout, and the batch window."""
    max_receive_count: int
    """Times that a message is tried before it goes to the dead-letter queue, 3-1000. Default: 5."""
    log_retention_days: int
    """Days for which logs are kept, of those that CloudWatch offers. Default: 30."""
    log_level: LogLevel
    """The lowest level that is logged. Default: "INFO"."""
    tracing: bool
    """Whether X-Ray traces the function. Default: true."""
    kms_key_arn: Input[str]
    """ARN of a KMS key for the objects in both buckets; its policy must let this account's roles use it.
    Default: keys of S3's own."""
    alarm_topic_arn: Input[str]
    """ARN of an SNS topic that alarms go to. Default: a new one."""
    alarm_email: Input[str]
    """E-mail address that the new alarm topic writes to, once its reader has agreed. Default: none."""
    permissions_boundary_arn: Input[str]
    """ARN of a policy that bounds the function's role. Default: none."""
    tags: Input[Mapping[str, Input[str]]]
    """Tags of everything that can have some. Default: none."""


if TYPE_CHECKING:
    Arguments = ImagePipelineArgs | None
else:
    Arguments = ImagePipelineArgs
