"""What a deployed Pixmill is told, as one value: the deployment writes the environment that the worker reads.

Both sides go through this class, so a setting cannot be spelled in two ways.
"""

from collections.abc import Mapping
from typing import Annotated, Self

import msgspec

from pixmill.errors import Refused
from pixmill.recipe import Recipe

_PREFIX = "PIXMILL_"

_MEMORY = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"  # what Lambda says of the function, in MB

AT_REST = 256 << 20
"""Bytes of the function's memory that the runtime, Python and libvips take at rest."""

FRUGAL: Mapping[str, str] = {
    "VIPS_CONCURRENCY": "1",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(24 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(16 << 20),
}
"""The environment of a process that renders one picture at a time; it counts when the process starts.

Threads of libvips and arenas of malloc would only cost memory. What one picture has freed the next one takes:
to give it back to the system in between costs up to a twentieth of the time. What is more than 24 MiB, which
few need, goes back: after 200 originals of every format a process holds 70 MB then, and 115 with 64 MiB.
"""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The worker's settings.

    Attributes:
        source: where originals are, such as "s3://uploads/in"; a place of `open_store`.
        destination: where renditions go.
        recipe: what is wanted.
        pipeline: a name for this pipeline in logs and metrics.
        log_level: "DEBUG", "INFO", "WARNING" or "ERROR".
        reserve_seconds: how much of the function's time must be left for an original to be begun, and the
            most that one storage call may take. With less than some seconds, slow answers are failures.
        render_seconds: of the processor, which one original may take to be rendered.
    """

    source: str
    destination: str
    recipe: Recipe
    pipeline: str = "pixmill"
    log_level: str = "INFO"
    reserve_seconds: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    render_seconds: Annotated[float, msgspec.Meta(gt=0)] = 20.0

    def to_env(self) -> dict[str, str]:
        """The environment variables that `from_env` reads back. Lambda allows 4 KB of them in all."""
        return {
            f"{_PREFIX}SOURCE": self.source,
            f"{_PREFIX}DESTINATION": self.destination,
            f"{_PREFIX}RECIPE": msgspec.json.encode(self.recipe.to_dict()).decode(),
            f"{_PREFIX}PIPELINE": self.pipeline,
            f"{_PREFIX}LOG_LEVEL": self.log_level,
            f"{_PREFIX}RESERVE_SECONDS": repr(self.reserve_seconds),
            f"{_PREFIX}RENDER_SECONDS": repr(self.render_seconds),
        }

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Self:
        """Read the environment.

        Where Lambda says what memory the function has, the recipe's limits know what is left for decoding.

        Raises:
            Refused: `invalid-settings`: a variable is missing or has a value that it cannot have.
            RecipeError: the recipe has mistakes.
        """
        found = {name: environment.get(_PREFIX + name.upper()) for name in cls.__struct_fields__}
        missing = [_PREFIX + name.upper() for name in ("source", "destination") if not found[name]]
        if missing:
            raise Refused("invalid-settings", f"The environment does not say {' and '.join(missing)}.")
        text = found.pop("recipe")
        recipe = Recipe.parse(text, kind="json", name=f"{_PREFIX}RECIPE") if text else Recipe.default()
        recipe = _within(recipe, environment.get(_MEMORY, ""))
        given = {name: value for name, value in found.items() if value is not None}
        try:
            return msgspec.convert({**given, "recipe": recipe}, cls, strict=False)
        except msgspec.ValidationError as error:
            raise Refused("invalid-settings", f"The environment's {_PREFIX} variables: {error}.") from error


def _within(recipe: Recipe, memory: str) -> Recipe:
    """A recipe whose limits know the function's memory; as it is if nobody says how much that is."""
    if not memory.isdecimal():
        return recipe
    room = max(0, (int(memory) << 20) - AT_REST - recipe.limits.max_bytes)
    return msgspec.structs.replace(recipe, limits=recipe.limits.within(room))
