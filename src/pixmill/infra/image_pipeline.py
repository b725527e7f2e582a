"""The component: everything between a bucket of originals and a bucket of their renditions."""

import shlex
from typing import TYPE_CHECKING

import pulumi
from pulumi import Output, ResourceOptions

from pixmill.infra.arguments import Arguments
from pixmill.infra.artifact import bundle_for
from pixmill.infra.function import Function
from pixmill.infra.monitoring import Monitoring
from pixmill.infra.notifications import Notifications
from pixmill.infra.queue import Queue
from pixmill.infra.reading import read_blueprint
from pixmill.infra.storage import Storage
from pixmill.infra.surroundings import surroundings
from pixmill.infra.transform import with_transform

if TYPE_CHECKING:
    from pixmill.infra.transform import Transform


class ImagePipeline(pulumi.ComponentResource):
    """For every image in one bucket, keeps the renditions that a recipe asks for in another.

    Uploads come through a queue to a function that renders them; what is wrong with one is written down
    beside its renditions or ends in a dead-letter queue, and alarms say so.
    """

    source_bucket: Output[str]
    """Name of the bucket of originals."""
    source_bucket_arn: Output[str]
    """ARN of the bucket of originals."""
    destination_bucket: Output[str]
    """Name of the bucket of renditions and manifests."""
    destination_bucket_arn: Output[str]
    """ARN of the bucket of renditions and manifests."""
    queue_url: Output[str]
    """URL of the queue of changes in the source."""
    queue_arn: Output[str]
    """ARN of the queue of changes in the source."""
    dead_letter_queue_url: Output[str]
    """URL of the queue of what failed too often."""
    dead_letter_queue_arn: Output[str]
    """ARN of the queue of what failed too often."""
    function_name: Output[str]
    """Name of the worker's function."""
    function_arn: Output[str]
    """ARN of the worker's function."""
    role_name: Output[str]
    """Name of the worker's role."""
    role_arn: Output[str]
    """ARN of the worker's role."""
    log_group_name: Output[str]
    """Name of the worker's log group."""
    topic_arn: Output[str]
    """ARN of the topic with one message for each manifest that is written or removed."""
    alarm_topic_arn: Output[str]
    """ARN of the topic that alarms go to."""
    dashboard_name: Output[str]
    """Name of the dashboard."""
    upload: Output[str]
    """A command that uploads a photo."""
    results: Output[str]
    """A command that lists what was made."""
    event_bridge_command: Output[str | None]
    """A command that turns EventBridge on for the buckets that existed before, and keeps their other
    notifications; nothing if there are none."""

    def __init__(
        self,
        name: str,
        args: Arguments = None,
        opts: ResourceOptions | None = None,
        *,
        transform: "Transform | None" = None,
    ) -> None:
        """Deploy a pipeline.

        Args:
            name: of the pipeline; the names of all resources begin with it.
            args: see `ImagePipelineArgs`. All of it may be left out.
            opts: the component's options.
            transform: changes the arguments and options of any resource before it is made.

        Raises:
            DeploymentError: the arguments have mistakes; all of them are listed.
            Refused: the bundle cannot be built here.
            Failed: the bundle cannot be built now.
        """
        blueprint = read_blueprint(name, args or {})
        bundle = bundle_for(blueprint)
        super().__init__("pixmill:index:ImagePipeline", name, None, with_transform(opts, transform))
        within = ResourceOptions(parent=self)
        here = surroundings(self)
        self.source = Storage("source", blueprint, here, within)
        self.destination = Storage("destination", blueprint, here, within, source=self.source)
        self.queue = Queue(blueprint, self.source, here, within)
        self.function = Function(blueprint, bundle, self.source, self.destination, self.queue, opts=within)
        self.notifications = Notifications(blueprint, self.destination, here, within)
        self.monitoring = Monitoring(blueprint, self.function, self.queue, here, within)
        self._tell()

    def _tell(self) -> None:
        """Set the outputs."""
        self.source_bucket, self.source_bucket_arn = self.source.bucket, self.source.arn
        self.destination_bucket, self.destination_bucket_arn = self.destination.bucket, self.destination.arn
        jobs, dead_letters = self.queue.queue, self.queue.dead_letters
        self.queue_url, self.queue_arn = jobs.url, jobs.arn
        self.dead_letter_queue_url, self.dead_letter_queue_arn = dead_letters.url, dead_letters.arn
        self.function_name, self.function_arn = self.function.function.name, self.function.function.arn
        self.role_name, self.role_arn = self.function.role.name, self.function.role.arn
        self.log_group_name = self.function.log_group.name
        self.topic_arn = self.notifications.topic.arn
        self.alarm_topic_arn = self.monitoring.topic_arn
        self.dashboard_name = self.monitoring.dashboard.dashboard_name
        uploads, results = self.source.prefix, self.destination.prefix
        self.upload = self.source.bucket.apply(lambda bucket: f"aws s3 cp photo.jpg s3://{bucket}/{uploads}")
        self.results = self.destination.bucket.apply(
            lambda bucket: f"aws s3 ls --recursive s3://{bucket}/{results}"
        )
        found = [place.bucket for place in (self.source, self.destination) if not place.is_ours]
        self.event_bridge_command = Output.all(*found).apply(_turn_on_event_bridge)
        told = {name: getattr(self, name) for name in ImagePipeline.__annotations__}
        self.register_outputs(told)


def _turn_on_event_bridge(buckets: list[str]) -> str | None:
    """PutBucketNotificationConfiguration replaces the whole document; so this adds to what is there."""
    commands = (
        f"aws s3api get-bucket-notification-configuration --bucket {shlex.quote(bucket)}"
        " | jq -s '(.[0] // {}) + {EventBridgeConfiguration: {}}' > notifications.json"
        f" && aws s3api put-bucket-notification-configuration --bucket {shlex.quote(bucket)}"
        " --notification-configuration file://notifications.json"
        for bucket in dict.fromkeys(buckets)
    )
    return "\n".join(commands) or None
