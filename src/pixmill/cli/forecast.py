"""What a recipe would make of a picture, told from its header alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from pixmill import engine
from pixmill.cli import words
from pixmill.engine.formats import ImageFormat, output_for
from pixmill.geometry import ResizePlan, Size, plan
from pixmill.recipe import Format, Recipe, Rendition


@dataclass(frozen=True, slots=True)
class Forecast:
    """One rendition in one format, as it would be.

    Attributes:
        rendition: its name in the recipe.
        declared: the format as the recipe declares it.
        format: the format that it would have.
        size: in pixels; None if it would not be made.
        notes: what would happen to the picture, in words; why not if it would not be made.
    """

    rendition: str
    declared: Format
    format: ImageFormat
    size: Size | None
    notes: tuple[str, ...]


def forecasts(found: engine.Probe, recipe: Recipe) -> list[Forecast]:
    """All renditions and formats of a recipe, in its order."""
    return [
        _forecast(found, rendition, declared)
        for rendition in recipe.renditions
        for declared in rendition.formats
    ]


def moving_bytes(found: engine.Probe, expected: list[Forecast]) -> int:
    """What the frames of an animation would take in memory when they are reduced, four bytes a pixel."""
    if found.frames == 1:
        return 0
    sizes = (each.size for each in expected if each.format.animation and each.size)
    return found.frames * sum(4 * size.width * size.height for size in sizes)


def _forecast(found: engine.Probe, rendition: Rendition, declared: Format) -> Forecast:
    output, substituted = output_for(declared, found.format, alpha=found.has_alpha)
    planned = plan(found.size, rendition)
    if planned.larger and rendition.enlarge == "skip":
        return Forecast(rendition.name, declared, output, None, ("larger than the original",))
    notes = [*_shape(found, planned, rendition), *_content(found, rendition, output)]
    if substituted:
        notes.append(f"instead of {found.format.name}")
    return Forecast(rendition.name, declared, output, planned.canvas, tuple(notes))


def _shape(found: engine.Probe, planned: ResizePlan, rendition: Rendition) -> Iterator[str]:
    resized, crop = planned.resized, Size(planned.crop.width, planned.crop.height)
    if planned.larger:
        yield "enlarged" if rendition.enlarge == "allow" else "not enlarged"
    elif resized == found.size:
        yield "same size"
    if crop != resized:
        yield f"cropped from {words.pixels(*resized)}, {rendition.gravity}"
    if planned.canvas != crop:
        yield f"padded around {words.pixels(*crop)}"
    if rendition.fit == "fill":
        yield "stretched"


def _content(found: engine.Probe, rendition: Rendition, output: ImageFormat) -> Iterator[str]:
    if found.frames > 1:
        yield f"{found.frames} frames" if output.animation else f"first of {found.frames} frames"
    if found.has_alpha and not output.alpha:
        yield f"transparency on {rendition.background_for(output.written_as)}"
