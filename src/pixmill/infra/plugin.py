"""The component for every other language of Pulumi.

Run as a program it prints the schema: `python -m pixmill.infra.plugin > plugin/schema.json`.
"""

import json
import sys

from pulumi.provider.experimental import component_provider_host
from pulumi.provider.experimental.analyzer import Analyzer
from pulumi.provider.experimental.schema import generate_schema

from pixmill.infra.image_pipeline import ImagePipeline
from pixmill.version import __version__

_PACKAGE = "pixmill"


def main() -> None:
    """Serve the component to Pulumi's engine, which says on the command line where it is."""
    component_provider_host(
        components=[ImagePipeline], name=_PACKAGE, namespace=_PACKAGE, version=__version__
    )


def schema() -> str:
    """What other languages are told of the component, as JSON."""
    found = Analyzer(_PACKAGE).analyze([ImagePipeline])
    components, types = found["component_definitions"], found["type_definitions"]
    told = generate_schema(
        _PACKAGE, __version__, _PACKAGE, components, types, sorted(found["dependencies"], key=str)
    )
    return json.dumps(told.to_json(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
