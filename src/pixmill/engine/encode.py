"""From frames in memory to the bytes of one format. One row of the format table, one encoder here.

Nothing of the original's metadata is written unless it was asked for: not by habit, but because each encoder
is told to keep nothing and the JPEG encoder never sees it.
"""

import struct
from collections.abc import Callable, Mapping
from typing import cast

import pyjpegli

from pixmill.engine import exif, vips
from pixmill.engine.decode import Frames

_KEEP_NONE, _KEEP_EXIF, _KEEP_ICC = 0, 1, 8
_SEGMENT = 65533
_ICC_MARK = b"ICC_PROFILE\x00"


class Keepsakes:
    """The metadata that the recipe keeps: an ICC profile, and a copyright notice as EXIF."""

    def __init__(self, profile: bytes = b"", notice: exif.Notice = ()) -> None:
        self.profile = profile
        self.notice = notice
        self.exif = exif.written(notice)

    @property
    def flags(self) -> int:
        """What libvips' encoders are told to keep."""
        return (_KEEP_ICC if self.profile else 0) | (_KEEP_EXIF if self.exif else 0)

    def attach(self, image: vips.Image) -> vips.Image:
        """The same pixels, with these and nothing else of what the original carried."""
        bare = vips.bare(image)
        if self.profile:
            vips.blob(bare, "icc-profile-data", self.profile)
        if self.exif:
            vips.blob(bare, "exif-data", exif.MARK + self.exif)
        return bare


def encode(frames: Frames, name: str, *, quality: int, effort: int, keep: Keepsakes) -> bytes:
    """Encode frames.

    Args:
        frames: 8 bits a channel, one or three colour bands, with alpha only if the format can carry it; more
            than one frame only if the format is animated.
        name: of the format.
        quality: 1-100; without effect on lossless formats.
        effort: in the encoder's own range; without effect where it has none.
        keep: metadata to write.
    """
    return _ENCODERS[name](frames, quality, effort, keep)


def _jpeg(frames: Frames, quality: int, _effort: int, keep: Keepsakes) -> bytes:
    image = frames.images[0]
    if image.bands == 1:
        image = image.bandjoin([image, image])
    encoded = pyjpegli.encode(vips.pixels(image), image.width, image.height, quality)
    segments = b""
    if keep.exif:
        segments += _segment(0xE1, exif.MARK + keep.exif)
    if keep.profile:
        room = _SEGMENT - len(_ICC_MARK) - 2
        parts = [keep.profile[i : i + room] for i in range(0, len(keep.profile), room)]
        for number, part in enumerate(parts, 1):
            segments += _segment(0xE2, _ICC_MARK + bytes((number, len(parts))) + part)
    return _after_jfif(encoded, segments)


def _webp(frames: Frames, quality: int, effort: int, keep: Keepsakes) -> bytes:
    return _save("webp", frames, keep, Q=quality, effort=effort)


def _avif(frames: Frames, quality: int, effort: int, keep: Keepsakes) -> bytes:
    return _save("heif", frames, keep, Q=quality, effort=effort, compression="av1", bitdepth=8)


def _png(frames: Frames, _quality: int, effort: int, keep: Keepsakes) -> bytes:
    return _save("png", frames, keep, compression=effort)


def _gif(frames: Frames, _quality: int, effort: int, keep: Keepsakes) -> bytes:
    return _save("gif", frames, keep, effort=effort, keep_duplicate_frames=True)


def _tiff(frames: Frames, _quality: int, _effort: int, keep: Keepsakes) -> bytes:
    saved = _save("tiff", frames, keep, compression="deflate", predictor="horizontal")
    return exif.added(saved, keep.notice)  # libvips writes no EXIF into a TIFF


def count(encoded: bytes, name: str) -> int:
    """How many frames an encoded animation has: WebP's encoder joins those that look the same."""
    image = vips.load(encoded, name)
    return cast("int", image.get("n-pages")) if image.get_typeof("n-pages") else 1


_ENCODERS: Mapping[str, Callable[[Frames, int, int, Keepsakes], bytes]] = {
    "jpeg": _jpeg,
    "webp": _webp,
    "avif": _avif,
    "png": _png,
    "gif": _gif,
    "tiff": _tiff,
}


def _save(saver: str, frames: Frames, keep: Keepsakes, **options: int | str) -> bytes:
    image = keep.attach(frames.images[0]) if len(frames.images) == 1 else _roll(frames, keep)
    saved: bytes = vips.call(f"{saver}save_buffer", image, keep=keep.flags or _KEEP_NONE, **options)
    return bytes(saved)


def _roll(frames: Frames, keep: Keepsakes) -> vips.Image:
    """Frames below one another with their timing, as libvips' animated encoders expect them."""
    roll = keep.attach(vips.Image.arrayjoin(list(frames.images), across=1))
    roll.set_type(vips.INT, "page-height", frames.size.height)
    roll.set_type(vips.INT, "loop", frames.loop)
    roll.set_type(vips.INTS, "delay", list(frames.delays))
    return roll


def _segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _after_jfif(encoded: bytes, segments: bytes) -> bytes:
    """Put application segments behind the JFIF one, where readers look for them (JFIF 1.02)."""
    if not segments:
        return encoded
    at = 2
    if encoded[2:4] == b"\xff\xe0":
        at = 4 + int.from_bytes(encoded[4:6], "big")
    return encoded[:at] + segments + encoded[at:]
