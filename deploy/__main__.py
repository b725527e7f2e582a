"""An image pipeline of your own. README.md says how to deploy it, what it costs, and how to be rid of it."""

import pulumi

from pixmill.infra import ImagePipeline

config = pulumi.Config("pixmill")
keep = config.require_bool("keepBuckets")
images = ImagePipeline(
    "images",
    {
        "recipe": config.require("recipe"),
        "source": {"retain": keep, "force_destroy": not keep},
        "destination": {"retain": keep, "force_destroy": not keep},
        "memory_mb": config.require_int("memoryMb"),
    },
)
for output in ("source_bucket", "destination_bucket", "upload", "results", "dead_letter_queue_arn"):
    pulumi.export(output, getattr(images, output))
