"""From bytes to frames in memory, as small as the renditions allow, upright, in 8-bit sRGB.

Nothing is decoded twice and nothing whole that need not be: a JPEG is shrunk while it is decoded, the other
formats stream line by line into the first resize. Every picture that leaves this module is in memory, so a
decoder's complaint can only be raised here, where it is the original's fault.
"""

from collections.abc import Callable
from functools import cached_property
from typing import cast

import msgspec

from pixmill.engine import foreign, lanczos, progressive, structure, turbo, vips
from pixmill.engine.alignment import aligned
from pixmill.engine.colour import to_srgb
from pixmill.engine.header import Probe
from pixmill.engine.profile import is_rgb
from pixmill.errors import Rejected
from pixmill.geometry import Size, dct_shrink, upright

# How far a picture that several renditions are made from is reduced first: they need it in memory, and
# twice their size is all that Lanczos can use.
_BASE_MARGIN = 2
# libvips' `resize` averages first where it reduces by four and more. Up to here Lanczos alone, on vectors,
# takes less time and makes the better picture; beyond, it would look at ever more pixels for each new one.
_PURE = 12
_OPAQUE = 255
_RGB, _RGBA = 3, 4
_DELAY = 100
_DEEPEST = 8

# What libvips makes an error of. "error" is missing or undecodable data. JPEG has only warnings for what is
# damaged in the middle; docs/decisions/0003-partial-decodes.md tells what else they are and what is done
# about it.
_FAIL_ON = {"jpeg": "warning", "png": "error", "webp": "error", "gif": "error", "tiff": "error"}
_JUDGED_BY_STRUCTURE = frozenset(("jpeg", "gif", "avif", "heic"))


class Frames(msgspec.Struct, frozen=True, dict=True):
    """Pictures in memory, all of one size: one, or those of an animation.

    Attributes:
        images: upright.
        delays: milliseconds that each frame is shown; empty for a still picture.
        loop: how often an animation is shown; 0 for ever.
    """

    images: tuple[vips.Image, ...]
    delays: tuple[int, ...] = ()
    loop: int = 0

    @cached_property
    def size(self) -> Size:
        """Width and height in pixels of every frame; libvips takes its time to tell."""
        return Size(self.images[0].width, self.images[0].height)

    def map(self, step: Callable[[vips.Image], vips.Image]) -> "Frames":
        """The same frames after a step on each."""
        return Frames(tuple(step(image) for image in self.images), self.delays, self.loop)

    def first(self) -> "Frames":
        """The first frame as a still picture."""
        return Frames(self.images[:1])


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the renditions need of an original.

    Attributes:
        size: upright, in pixels: at least that of the largest picture that is made from the result.
        exact: resize to just that size; if false, the result is at least `_BASE_MARGIN` times as large where
            the original is, and is to be resized further.
        animated: all frames, not only the first.
        keep_profile: leave the numbers of an RGB picture as its profile means them.
    """

    size: Size
    exact: bool
    animated: bool
    keep_profile: bool


class Decoded(msgspec.Struct, frozen=True):
    """What `decode` found.

    Attributes:
        frames: in 8-bit sRGB, or in the profile's own RGB.
        in_profile: whether they are in the profile's own RGB.
        profile_usable: False if the original's profile could not be used and its numbers were taken for sRGB.
    """

    frames: Frames
    in_profile: bool
    profile_usable: bool


def decode(data: bytes, found: Probe, wanted: Wanted, *, strict: bool) -> Decoded:
    """Decode an original once.

    Args:
        data: the file.
        found: its probe.
        wanted: what the renditions need of it.
        strict: reject what decodes only in part.

    Raises:
        Rejected: `truncated` or `corrupt`.
    """
    if strict:
        _refuse_missing_data(data, found)
    with vips.decoding(data, found.format.name):
        frames = _read(data, found, wanted, strict=strict)
        in_profile = wanted.keep_profile and is_rgb(found.profile) and found.colour_space in {"srgb", "rgb"}
        usable = True

        def finish(image: vips.Image) -> vips.Image:
            nonlocal usable
            if not in_profile:
                image, usable = to_srgb(image, found.profile)
            elif image.format == "ushort":
                image = image.msb().copy(interpretation="srgb").copy_memory()
            if image.bands > _RGBA:
                image = image.extract_band(0, n=_RGBA).copy_memory()  # a TIFF's samples for other inks
            return _drop_opaque_alpha(image)

        return Decoded(_alike(frames.map(finish)), in_profile, usable)


def resize(image: vips.Image, size: Size) -> vips.Image:
    """Lanczos3 in gamma space, transparent pixels not bleeding their colour. Not computed yet."""
    if (image.width, image.height) == size:
        return image
    if not image.hasalpha():
        return _lanczos(image, size)
    # Premultiplied as floats, the resize would cost four times as much and look the same.
    number = image.format
    weighted = image.premultiply().cast(number)
    return _lanczos(weighted, size).unpremultiply().cast(number)


def reduced(image: vips.Image, size: Size) -> vips.Image:
    """The same of a picture in memory, and computed: by our own library, where that serves."""
    stored = Size(image.width, image.height)
    plain = (image.interpretation, image.format, image.bands) == ("srgb", "uchar", _RGB)
    if plain and lanczos.serves(stored, size):
        made = lanczos.reduced(vips.pixels(image), stored, size)
        if made is not None:
            return vips.rgb(made, *size)
    return resize(image, size).copy_memory()


def _lanczos(image: vips.Image, size: Size) -> vips.Image:
    across, down = image.width / size.width, image.height / size.height
    if min(across, down) >= 1 and max(across, down) <= _PURE:
        return image.reduce(across, down, kernel="lanczos3")
    return image.resize(1 / across, vscale=1 / down, kernel="lanczos3")


def _refuse_missing_data(data: bytes, found: Probe) -> None:
    """Refuse files whose end is missing where the decoder would not, or not always."""
    name = found.format.name
    if name == "tiff" and (missing := structure.tiff.page(data).missing):
        raise Rejected("truncated", f"The TIFF names {missing:,} bytes of picture beyond its end.")
    if name in _JUDGED_BY_STRUCTURE and structure.is_cut(data, name):
        raise Rejected("truncated")


def _read(data: bytes, found: Probe, wanted: Wanted, *, strict: bool) -> Frames:
    """Decode, reduce and turn; a JPEG whose headers have a harmless slip a second time without it."""
    try:
        return _frames(data, found, wanted, strict=strict)
    except vips.VipsError:
        mended = structure.jpeg.mended(data) if strict and found.format.name == "jpeg" else None
        if mended is None:
            raise
        return _frames(mended, found, wanted, strict=strict)


def _frames(data: bytes, found: Probe, wanted: Wanted, *, strict: bool) -> Frames:
    stored = upright(wanted.size, found.orientation)
    shrink = dct_shrink(found.stored, stored) if found.format.name == "jpeg" else 1
    if shrink > 1 and found.progressive and strict:
        data = progressive.trimmed(data, found.stored, stored, shrink)
    if wanted.exact and strict and found.format.name == "jpeg":
        image = turbo.reduced(data, found.stored, shrink, stored)
        if image is not None:
            return Frames((_upright(image, found.orientation),))
    reduce = (_to_size if wanted.exact else _to_base)(stored, found.stored, shrink)
    source = _open(data, found, wanted, shrink, strict=strict)
    if not wanted.animated:
        return Frames((_upright(reduce(source), found.orientation),))
    # The roll is read from its top to its end, one frame at a time; never is more than one in full size.
    pictures = tuple(_upright(reduce(picture), found.orientation) for picture in _split(source, found))
    return Frames(pictures, _delays(source, len(pictures)), _loop(source))


def _open(data: bytes, found: Probe, wanted: Wanted, shrink: int, *, strict: bool) -> vips.Image:
    name = found.format.name
    if found.format.reader != "vips":
        image = foreign.pixels(data, name)
        if (image.width, image.height) != found.stored:
            raise vips.Undecodable(
                f"the header says {found.stored.width} x {found.stored.height}, "
                f"the picture is {image.width} x {image.height}"
            )
        return image
    if name == "jpeg" and strict:
        image = turbo.pixels(data, found.stored, shrink)
        if image is not None:
            return image
    options: dict[str, int | float | str] = {
        "access": "sequential",
        "fail_on": _FAIL_ON[name] if strict else "none",
    }
    if name == "jpeg":
        options["shrink"] = shrink
    if wanted.animated:
        options["n"] = found.frames
    elif name == "webp":
        # libwebp can scale while it decodes, to any size, by averaging; the rest is left to Lanczos.
        sides = zip(wanted.size, found.size, strict=True)
        margins = (_BASE_MARGIN * need / have for need, have in sides)
        options["scale"] = min(1.0, max(margins))
    if name == "gif":
        data = structure.gif.seen_through(data)
    elif name == "tiff" and not strict:
        # libtiff gives nothing of a strip that is cut, and many a TIFF has only one.
        data += bytes(
            min(structure.tiff.page(data).missing, _DEEPEST * found.stored.width * found.stored.height)
        )
    return vips.load(data, name, **options)


def _split(roll: vips.Image, found: Probe) -> tuple[vips.Image, ...]:
    """In libvips the frames of an animation stand below one another."""
    width, height = found.stored
    return tuple(roll.crop(0, height * frame, width, height) for frame in range(roll.height // height))


def _to_size(size: Size, stored: Size, shrink: int) -> Callable[[vips.Image], vips.Image]:
    def step(image: vips.Image) -> vips.Image:
        (wide, across), (high, down) = (
            aligned(whole, shrink, side) for whole, side in zip(stored, size, strict=True)
        )
        if (wide, high) != (image.width, image.height):
            image = image.embed(0, 0, wide, high, extend="copy")
        image = resize(image, Size(across, down))
        return (image if (across, down) == size else image.crop(0, 0, *size)).copy_memory()

    # Only what was shrunk has parts of pixels left over; libwebp scales the whole picture.
    return step if shrink > 1 else lambda image: resize(image, size).copy_memory()


def _to_base(needed: Size, stored: Size, shrink: int) -> Callable[[vips.Image], vips.Image]:
    def step(image: vips.Image) -> vips.Image:
        across = image.width // (_BASE_MARGIN * needed.width)
        down = image.height // (_BASE_MARGIN * needed.height)
        factor = min(across, down)
        if factor < 2:  # noqa: PLR2004 - shrinking by one is a copy
            return image.copy_memory()
        return _to_size(Size(image.width // factor, image.height // factor), stored, shrink)(image)

    return step


def _upright(image: vips.Image, orientation: int) -> vips.Image:
    """Apply an EXIF orientation (EXIF 2.32, tag 0x0112)."""
    match orientation:
        case 2:
            turned = image.fliphor()
        case 3:
            turned = image.rot180()
        case 4:
            turned = image.flipver()
        case 5:
            turned = image.rot90().fliphor()
        case 6:
            turned = image.rot90()
        case 7:
            turned = image.rot270().fliphor()
        case 8:
            turned = image.rot270()
        case _:
            return image
    return turned.copy_memory()


def _drop_opaque_alpha(image: vips.Image) -> vips.Image:
    """An alpha channel that hides nothing costs time in every later step and bytes in every file."""
    if image.hasalpha() and image[image.bands - 1].min() == _OPAQUE:
        return image[: image.bands - 1].copy_memory()
    return image


def _alike(frames: Frames) -> Frames:
    """Frames of one animation must agree on having alpha."""
    if len({image.bands for image in frames.images}) == 1:
        return frames
    return frames.map(lambda image: image if image.hasalpha() else image.bandjoin(_OPAQUE).copy_memory())


def _delays(roll: vips.Image, frames: int) -> tuple[int, ...]:
    delays = cast("list[int]", roll.get("delay"))[:frames] if roll.get_typeof("delay") else []
    return (*delays, *[_DELAY] * (frames - len(delays)))


def _loop(roll: vips.Image) -> int:
    return cast("int", roll.get("loop")) if roll.get_typeof("loop") else 0
