"""What a campaign asks of a pipeline, whichever it is."""

import random
from collections.abc import Callable, Mapping
from typing import Protocol

from tests.faults.originals import Change
from tests.faults.proxy import Proxy

from pixmill.recipe import Recipe

RECIPE = Recipe.from_dict(
    {
        "rendition": [
            {"name": "standard", "width": 48, "height": 48, "formats": ["jpeg", "webp"]},
            {"name": "thumbnail", "width": 16, "height": 16, "fit": "cover", "formats": ["original"]},
        ]
    }
)
"""Small, since faults are what a campaign wants much of."""


class Line(Protocol):
    """A pipeline from bucket to bucket, with a proxy before its worker's storage.

    Attributes:
        recipe: what is wanted.
        source: the bucket of originals.
        proxy: what the worker takes for the storage.
    """

    recipe: Recipe
    source: str
    proxy: Proxy

    def change(self, change: Change) -> None:
        """Change the source. Nobody is told."""
        ...

    def send(self, body: str, about: str | None) -> None:
        """Put a message into the queue, about a key, or about none if it cannot be understood."""
        ...

    def kill(self, dice: random.Random) -> bool:
        """Kill a worker in the midst of its work; whether there was one."""
        ...

    @property
    def waiting(self) -> int:
        """How many messages there are in the queue, received or not."""
        ...

    @property
    def dead(self) -> list[str]:
        """The bodies of the dead messages."""
        ...

    def redrive(self, change: Callable[[str], str]) -> int:
        """Move dead messages that can be understood back, with changed bodies; how many there were."""
        ...

    def originals(self) -> dict[str, str]:
        """Key and entity tag of what is in the source."""
        ...

    def stored(self) -> dict[str, bytes]:
        """What is in the destination."""
        ...

    def complaints(self) -> list[str]:
        """What the pipeline itself saw go wrong that must not, while it ran; a sentence for each."""
        ...

    def told(self) -> Mapping[str, int]:
        """What the pipeline counted by itself."""
        ...
