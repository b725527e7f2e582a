"""What is needed to have Pixmill run on AWS: the Pulumi component, and the bundle that it deploys.

    from pixmill.infra import ImagePipeline

    ImagePipeline("photos")

Pulumi is imported when the component is asked for, not before: `pixmill bundle` does without it.
"""

import importlib
from typing import TYPE_CHECKING

from pixmill.errors import Refused

if TYPE_CHECKING:
    from pixmill.infra.arguments import DestinationArgs, ImagePipelineArgs, SourceArgs
    from pixmill.infra.image_pipeline import ImagePipeline
    from pixmill.infra.refusal import DeploymentError
    from pixmill.infra.transform import Transform

__all__ = [
    "DeploymentError",
    "DestinationArgs",
    "ImagePipeline",
    "ImagePipelineArgs",
    "SourceArgs",
    "Transform",
]

_PLACES = {
    "DeploymentError": "refusal",
    "DestinationArgs": "arguments",
    "ImagePipeline": "image_pipeline",
    "ImagePipelineArgs": "arguments",
    "SourceArgs": "arguments",
    "Transform": "transform",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = importlib.import_module(f"{__name__}.{_PLACES[name]}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"pulumi", "pulumi_aws"}:
            raise
        raise Refused(
            "package-missing",
            f"{name} needs Pulumi and its AWS provider, of which {error.name} is not installed.",
            hint="Install them: pip install 'pixmill[infra]'.",
        ) from error
    return getattr(module, name)
