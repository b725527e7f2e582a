"""The pipelines that are configured, by their names. What each of them tells is exported."""

import pulumi

from pixmill.infra import ImagePipeline

for name, args in pulumi.Config().require_object("pipelines").items():
    pipeline = ImagePipeline(name, args)
    told = {output: getattr(pipeline, output) for output in ImagePipeline.__annotations__}
    pulumi.export(name, told)
