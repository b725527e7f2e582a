"""One original and a recipe become the bytes of every rendition: the engine's one sentence.

Header, limits, plan; then one decode as small as the largest rendition allows; then each rendition from the
next larger one; then crop, sharpen, pad, flatten and encode. Steps take frames and return frames.
"""

import time
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from pixmill.engine import placeholder, vips
from pixmill.engine.adjust import cropped, flattened, padded, sharpened
from pixmill.engine.admission import admit, admit_size
from pixmill.engine.colour import to_srgb
from pixmill.engine.decode import Decoded, Frames, Wanted, decode, reduced
from pixmill.engine.encode import Keepsakes, count, encode
from pixmill.engine.formats import ImageFormat, output_for
from pixmill.engine.header import Probe
from pixmill.engine.probing import probe
from pixmill.engine.profile import is_rgb
from pixmill.engine.rendered import Output, Rendered
from pixmill.errors import Rejected
from pixmill.geometry import Cascade, ResizePlan, Size, cascade, plan
from pixmill.recipe import Format, Recipe, Rendition

_OPAQUE = 255
_RGBA = 4


class _Original(msgspec.Struct, frozen=True):
    """What is known of an original once it is decoded."""

    probe: Probe
    decoded: Decoded
    notes: tuple[str, ...]


class _Target(NamedTuple):
    declared: Format
    format: ImageFormat
    substituted: bool


class _Job(msgspec.Struct, frozen=True):
    rendition: Rendition
    plan: ResizePlan
    formats: tuple["_Target", ...]


def render(data: bytes, recipe: Recipe, *, only: Collection[tuple[str, str]] | None = None) -> Rendered:
    """See `engine.render`."""
    watch = _Stopwatch()
    with watch("probe"):
        admit_size(len(data), recipe.limits)
        found = probe(data)
        jobs = [_job(rendition, found, only) for rendition in recipe.renditions]
        # All of the recipe takes part in the cascade, also where little is asked for: a rendition that is
        # made again alone has the same bytes as one that was made with the others.
        wanted = [job for job in jobs if not _skipped(job)]
        plans = [job.plan for job in wanted]
        steps = cascade(plans)
        moving = _moving(wanted, steps) if found.frames > 1 else frozenset[int]()
        admit(found, recipe.limits, results=found.frames * sum(_bytes_of(plans[index]) for index in moving))
    roots = [plans[index].resized for index in steps.order if steps.parents[index] is None]
    with watch("decode"):
        original = _decode(data, found, recipe, _wanted(roots, wanted, found, animated=bool(moving)))
    layers: dict[int | None, Frames] = {None: original.decoded.frames}
    made: dict[tuple[str, str], Output] = {}
    for index in steps.order:
        with watch("resize"):
            above = layers[steps.parents[index]]
            layers[index] = _resized(above if index in moving else above.first(), plans[index].resized)
        if wanted[index].formats:
            for output in _finish(wanted[index], layers[index], original, watch):
                made[output.rendition, output.declared] = output
    with watch("placeholder"):
        smallest = layers[steps.order[-1]] if steps.order else original.decoded.frames
        thumbhash, colour = _placeholder(_in_srgb(smallest.first(), original).images[0], found.size)
    outputs = tuple(
        made.get((job.rendition.name, declared))
        or Output(rendition=job.rendition.name, declared=declared, reason="larger-than-original")
        for job in jobs
        for declared, _, _ in job.formats
    )
    return Rendered(
        probe=found, outputs=outputs, thumbhash=thumbhash, colour=colour, timings_ms=watch.milliseconds()
    )


def _job(rendition: Rendition, found: Probe, only: Collection[tuple[str, str]] | None) -> _Job:
    formats = tuple(
        _Target(declared, *output_for(declared, found.format, alpha=found.has_alpha))
        for declared in rendition.formats
        if only is None or (rendition.name, declared) in only
    )
    return _Job(rendition, plan(found.size, rendition), formats)


def _skipped(job: _Job) -> bool:
    return job.plan.larger and job.rendition.enlarge == "skip"


def _moving(jobs: list[_Job], steps: Cascade) -> frozenset[int]:
    """Which renditions need all frames of an animation: for themselves, or for one made from them."""
    found = {
        index for index, job in enumerate(jobs) if any(target.format.animation for target in job.formats)
    }
    for index in reversed(steps.order):
        parent = steps.parents[index]
        if index in found and parent is not None:
            found.add(parent)
    return frozenset(found)


def _bytes_of(plan: ResizePlan) -> int:
    """What one frame takes: once as resized and once as finished."""
    return 2 * _RGBA * plan.resized.width * plan.resized.height


def _wanted(roots: list[Size], jobs: list[_Job], found: Probe, *, animated: bool) -> Wanted:
    sizes = roots or [_within(found.size, placeholder.SIDE)]
    return Wanted(
        size=Size(max(size.width for size in sizes), max(size.height for size in sizes)),
        exact=len(set(sizes)) == 1,
        animated=animated,
        keep_profile=any("icc" in job.rendition.keep for job in jobs),
    )


def _decode(data: bytes, found: Probe, recipe: Recipe, wanted: Wanted) -> _Original:
    """Decode strictly; if the recipe accepts what is there of a broken file, leniently and with a note."""
    notes: tuple[str, ...] = ()
    try:
        decoded = decode(data, found, wanted, strict=True)
    except Rejected:
        if recipe.on_truncated == "reject":
            raise
        decoded = decode(data, found, wanted, strict=False)
        notes = ("truncated",)
    return _Original(found, decoded, notes if decoded.profile_usable else (*notes, "profile-unusable"))


def _resized(frames: Frames, size: Size) -> Frames:
    return frames if frames.size == size else frames.map(lambda image: reduced(image, size))


def _finish(job: _Job, layer: Frames, original: _Original, watch: "_Stopwatch") -> Iterator[Output]:
    found, rendition = original.probe, job.rendition
    keep, kept_all = _keepsakes(rendition, found)
    with watch("resize"):
        frames = cropped(layer, job.plan, rendition.gravity)
        frames = frames if keep.profile else _in_srgb(frames, original)
        frames = sharpened(frames, rendition.sharpen)
    for declared, output, substituted in job.formats:
        with watch("resize"):
            moving = frames if output.animation else frames.first()
            background = rendition.background_for(output.written_as)
            final = padded(moving, job.plan, background)
            final = final if output.alpha else flattened(final, background)
        with watch(f"encode.{output.name}"):
            data = encode(
                final,
                output.name,
                quality=rendition.quality_for(output.written_as),
                effort=rendition.effort_for(output.written_as),
                keep=keep,
            )
        said = {
            "first-frame": len(final.images) < found.frames,
            "format-substituted": substituted,
            "metadata-not-kept": not kept_all,
        }
        yield Output(
            rendition=rendition.name,
            declared=declared,
            format=output,
            data=data,
            width=final.size.width,
            height=final.size.height,
            frames=count(data, output.name) if len(final.images) > 1 else 1,
            notes=(*original.notes, *(note for note, true in said.items() if true)),
        )


def _keepsakes(rendition: Rendition, found: Probe) -> tuple[Keepsakes, bool]:
    """What this rendition keeps of the original's metadata, and whether that is all it was asked to keep.

    Only an RGB profile can be kept: greys and CMYK are written as sRGB, where theirs would be wrong.
    """
    wants_profile = "icc" in rendition.keep and bool(found.profile)
    keeps_profile = wants_profile and is_rgb(found.profile) and found.colour_space in {"srgb", "rgb"}
    notice = found.copyright if "copyright" in rendition.keep else ()
    return Keepsakes(found.profile if keeps_profile else b"", notice), keeps_profile == wants_profile


def _in_srgb(frames: Frames, original: _Original) -> Frames:
    """Convert frames that were left as the original's profile means them because some rendition keeps it."""
    if not original.decoded.in_profile:
        return frames
    return frames.map(lambda image: to_srgb(image, original.probe.profile)[0])


def _within(size: Size, side: int) -> Size:
    longest = max(size)
    if longest <= side:
        return size
    return Size(*(max(1, round(edge * side / longest)) for edge in size))


def _placeholder(image: vips.Image, original: Size) -> tuple[bytes, str]:
    """A few hundred pixels tell all that a placeholder shows, and averaging whole ones costs least."""
    size = _within(original, placeholder.SIDE)
    small = image.shrink(max(1, image.width // size.width), max(1, image.height // size.height))
    raw = bytes(vips.pixels(small))
    if not small.hasalpha():
        raw = _with_alpha(raw)
    return placeholder.thumbhash(small.width, small.height, raw), placeholder.dominant_colour(raw)


def _with_alpha(rgb: bytes) -> bytes:
    rgba = bytearray(b"\xff") * (len(rgb) // 3 * 4)
    for band in range(3):
        rgba[band::4] = rgb[band::3]
    return bytes(rgba)


class _Stopwatch:
    """Wall time by stage; stages may come again and add up."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Generator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - start

    def milliseconds(self) -> dict[str, float]:
        return {stage: round(seconds * 1000, 2) for stage, seconds in self._seconds.items()}
