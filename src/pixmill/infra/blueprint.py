"""What is to be deployed, with every default."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Input

from pixmill.infra.bundle import Architecture, Python, Target
from pixmill.recipe import Recipe

UPLOADS = "uploads/"
"""The folder of originals in a new bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One of the two places.

    Attributes:
        existing_bucket: the name of a bucket that exists; None for a new one.
        prefix: the folder in it; empty or ending in a slash.
        retain: whether a new bucket stays when the pipeline is removed.
        force_destroy: whether a new bucket is emptied when it is removed.
        keep_old_versions_days: how long a new bucket keeps what was overwritten or deleted.
        cors_origins: sites whose pages may use a new bucket.
    """

    existing_bucket: Input[str] | None = None
    prefix: str = ""
    retain: bool = True
    force_destroy: bool = False
    keep_old_versions_days: int = 30
    cors_origins: Sequence[Input[str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A pipeline as it will be. The attributes are those of `ImagePipelineArgs`."""

    name: str
    recipe: Recipe = field(default_factory=Recipe.default)
    source: Site = field(default_factory=lambda: Site(prefix=UPLOADS))
    destination: Site = field(default_factory=Site)
    memory_mb: int = 1769
    timeout_seconds: int = 60
    architecture: Architecture = "arm64"
    python: Python = "3.13"
    bundle: str | None = None
    batch_size: int = 10
    batch_window_seconds: int = 0
    maximum_concurrency: int = 20
    visibility_timeout_seconds: int = 0
    max_receive_count: int = 5
    log_retention_days: int = 30
    log_level: str = "INFO"
    tracing: bool = True
    kms_key_arn: Input[str] | None = None
    alarm_topic_arn: Input[str] | None = None
    alarm_email: Input[str] | None = None
    permissions_boundary_arn: Input[str] | None = None
    tags: Input[Mapping[str, Input[str]]] = field(default_factory=dict[str, Input[str]])

    @property
    def target(self) -> Target:
        """What its bundle is built for."""
        return Target(self.architecture, self.python)
