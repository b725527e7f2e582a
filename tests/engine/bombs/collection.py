"""Every bomb by its name, with the code that it has to be rejected with."""

from collections.abc import Callable
from typing import NamedTuple

from tests.engine.bombs import flat, nested
from tests.engine.files import png_header


class Bomb(NamedTuple):
    """A file that costs more than it weighs.

    Attributes:
        code: of its rejection.
        make: makes it.
    """

    code: str
    make: Callable[[], bytes]


BOMBS: dict[str, Bomb] = {
    "png 13,000 x 13,000": Bomb("too-many-pixels", lambda: flat.png_of_zeros(13000)),
    "png 2,000,000,000 x 2,000,000,000": Bomb("too-long-a-side", lambda: png_header(2 * 10**9, 2 * 10**9)),
    "png, profile": Bomb("too-much-metadata", flat.png_with_profile),
    "png, zTXt": Bomb("too-much-metadata", lambda: flat.png_with_text(b"zTXt")),
    "png, iTXt": Bomb("too-much-metadata", lambda: flat.png_with_text(b"iTXt")),
    "png, 3,000,000 texts": Bomb("too-many-parts", lambda: flat.png_with_texts(3_000_000)),
    "png, 5,000,000 pieces": Bomb("too-many-parts", lambda: flat.png_with_nothing(5_000_000)),
    "jpeg 65,500 x 65,500": Bomb("too-many-pixels", lambda: flat.jpeg(65500, 65500)),
    "jpeg 65,500 x 65,500, progressive": Bomb(
        "too-many-pixels", lambda: flat.jpeg(65500, 65500, marker=0xC2)
    ),
    "jpeg, 100,000 scans": Bomb("too-many-parts", lambda: flat.jpeg_with_scans(100_000)),
    "jpeg, 16,000,000 segments": Bomb(
        "too-many-parts", lambda: flat.jpeg_with_segments(b"\xff\xe5\x00\x02", 16_000_000)
    ),
    "jpeg, 12,000,000 comments": Bomb(
        "too-many-parts", lambda: flat.jpeg_with_segments(b"\xff\xfe\x00\x03x", 12_000_000)
    ),
    "jpeg, fill bytes": Bomb("too-many-parts", lambda: flat.jpeg_with_segments(b"\xff", 64_000_000)),
    "jpeg, stuffed bytes": Bomb("too-many-parts", lambda: flat.jpeg_with_segments(b"\xff\x00", 32_000_000)),
    "gif, 30,000 frames": Bomb("too-many-frames", lambda: flat.gif_frames(30_000)),
    "gif, 2,000,000 frames": Bomb("too-many-frames", lambda: flat.gif_frames(2_000_000)),
    "gif, 900 frames of 500 x 500": Bomb("too-many-pixels", lambda: flat.gif_frames(900, 500, 500)),
    "gif, stretched canvas": Bomb("too-many-pixels", flat.gif_stretched),
    "gif, pieces of a byte": Bomb("too-many-parts", lambda: flat.gif_crumbs(64_000_000)),
    "bmp 65,000 x 65,000, in runs": Bomb("too-many-pixels", lambda: flat.bmp(65000, 65000)),
    "ico, png 30,000 x 30,000": Bomb("too-many-pixels", lambda: flat.ico(1, png_header(30000, 30000))),
    "ico, png with a profile": Bomb("too-much-metadata", lambda: flat.ico(1, flat.png_with_profile())),
    "ico, 1,000 times one bitmap": Bomb(
        "too-many-pixels", lambda: flat.ico_of_bitmaps(1000, 30000, 60_000_000)
    ),
    "tiff 12,000 x 12,000 in one strip": Bomb("too-many-pixels", lambda: nested.tiff_strip(12000, 12000)),
    "tiff 65,535 x 65,535": Bomb("too-many-pixels", lambda: nested.tiff_promise(65535, 65535)),
    "tiff, tile of 32,768 x 32,768": Bomb("corrupt", lambda: nested.tiff_promise(64, 64, tile=32768)),
    "tiff, fields over one another": Bomb("corrupt", lambda: nested.tiff_fields(2000, 16 << 20)),
    "tiff, 7,000,000 strips": Bomb("too-many-parts", lambda: nested.tiff_strips(7_000_000)),
    "tiff, 500,000 pages": Bomb("too-many-parts", lambda: nested.tiff_pages(500_000)),
    "webp 16,383 x 16,383": Bomb("too-many-pixels", lambda: nested.webp(16383, 16383, 10)),
    "webp, 10,000 frames": Bomb("too-many-frames", lambda: nested.webp(1, 1, 10_000)),
    "webp, 600,000 frames": Bomb("too-many-frames", lambda: nested.webp(1, 1, 600_000)),
    "avif 30,000 x 30,000": Bomb("too-many-pixels", lambda: nested.of_size("avif", 30000, 30000)),
    "avif 9,000 x 9,000": Bomb("too-much-memory", lambda: nested.of_size("avif", 9000, 9000)),
    "avif 64 x 64, inside 16,384 x 16,384": Bomb("too-much-memory", lambda: nested.avif_within(16384)),
    "avif, 2,500,000 frames": Bomb("too-many-frames", lambda: nested.sequence(b"avis", 2_500_000)),
    "heic 30,000 x 30,000": Bomb("too-many-pixels", lambda: nested.of_size("heic", 30000, 30000)),
    "heic 9,500 x 9,500": Bomb("too-much-memory", lambda: nested.of_size("heic", 9500, 9500)),
    "heic, 15,000,000 frames": Bomb("too-many-frames", lambda: nested.sequence(b"hevc", 15_000_000)),
}
"""By what they are. The codes are those of the default recipe."""
