"""One table of image formats, and the judgement of bytes by their content.

The rest of the engine asks this table instead of branching on names: a new format is one row, one reader
or encoder, and the format matrix tests find what else it needs.
"""

from typing import Literal

import msgspec

from pixmill.errors import Rejected
from pixmill.recipe import Format, OutputFormat


class ImageFormat(msgspec.Struct, frozen=True):
    """One row of the table.

    Attributes:
        name: as it stands in manifests.
        media_type: as registered with IANA.
        extension: of renditions, without the dot.
        reader: which library decodes it.
        written_as: what `original` gives for it: itself, or the nearest format that can be written.
        alpha: whether it can carry transparency.
        animation: whether we write it animated.
    """

    name: str
    media_type: str
    extension: str
    reader: Literal["vips", "pillow", "heif"]
    written_as: OutputFormat
    alpha: bool = True
    animation: bool = False


FORMATS = {
    row.name: row
    for row in (
        ImageFormat("jpeg", "image/jpeg", "jpg", "vips", "jpeg", alpha=False),
        ImageFormat("png", "image/png", "png", "vips", "png"),
        ImageFormat("webp", "image/webp", "webp", "vips", "webp", animation=True),
        ImageFormat("gif", "image/gif", "gif", "vips", "gif", animation=True),
        ImageFormat("tiff", "image/tiff", "tiff", "vips", "tiff"),
        # Pillow's dav1d decodes AVIF in less than half the CPU of the aom in libvips' wheel.
        ImageFormat("avif", "image/avif", "avif", "pillow", "avif"),
        ImageFormat("heic", "image/heic", "heic", "heif", "jpeg"),
        ImageFormat("bmp", "image/bmp", "bmp", "pillow", "png"),
        ImageFormat("ico", "image/vnd.microsoft.icon", "ico", "pillow", "png"),
    )
}

EXTENSIONS = frozenset(row.extension for row in FORMATS.values())
"""Every extension that a rendition's key may end in."""

_MAGIC = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)

# What people upload instead, with the words for the message. Refused by content whatever the name says.
_REFUSED = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"\xc5\xd0\xd3\xc6", "an EPS document"),
    (b"8BPS", "a Photoshop document"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 codestream"),
    (b"v/1\x01", "an OpenEXR image"),
    (b"#?RADIANCE", "a Radiance HDR image"),
    (b"#?RGBE", "a Radiance HDR image"),
    (b"DDS ", "a DDS texture"),
    (b"qoif", "a QOI image"),
    (b"gimp xcf", "a GIMP document"),
    (b"\x8aMNG\r\n\x1a\n", "an MNG animation"),
    (b"\x8bJNG\r\n\x1a\n", "a JNG image"),
    (b"FUJIFILMCCD-RAW", "a camera raw file"),
    (b"IIU\x00", "a camera raw file"),
    (b"IIRO", "a camera raw file"),
    (b"BPG\xfb", "a BPG image"),
    (b"FLIF", "a FLIF image"),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile"),
    (b"\x00\x00\x02\x00", "a Windows cursor or a Targa image"),
    (b"\x0a\x05\x01\x08", "a PCX image"),
    (b"\x59\xa6\x6a\x95", "a Sun raster image"),
    (b"\x01\xda", "an SGI image"),
    (b"icns", "a macOS icon"),
    (b"SIMPLE  =", "a FITS image"),
    (b"AT&TFORM", "a DjVu document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"fLaC", "a FLAC file"),
)

_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_HEIF_BRANDS = frozenset((b"mif1", b"msf1", b"mif2", b"miaf"))
_VIDEO_BRANDS = frozenset((b"qt  ", b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"M4V ", b"3gp4", b"3gp5"))
_MOST_PICTURES = 1024
_BMP_HEADERS = frozenset((12, 16, 40, 52, 56, 64, 108, 124))


def sniff(data: bytes) -> ImageFormat:
    """The format that the content has, from its first bytes alone.

    Raises:
        Rejected: `empty`, `not-an-image`, or `unsupported-format` with what it seems to be.
    """
    if not data:
        raise Rejected("empty")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return FORMATS[name]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FORMATS["webp"]
    if data[4:8] == b"ftyp":
        return _sniff_isobmff(data)
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return FORMATS["bmp"]
    if data[:4] == b"\x00\x00\x01\x00" and _plausible_icon(data):
        return FORMATS["ico"]
    raise _refusal(data)


def output_for(declared: Format, original: ImageFormat, *, alpha: bool) -> tuple[ImageFormat, bool]:
    """What a declared format means for an original, and whether that replaces a format we cannot write.

    `original` keeps the original's format. HEIC has no encoder here and BMP and ICO have no place on the
    web, so HEIC becomes JPEG, or PNG if it is transparent, and the other two PNG.
    """
    if declared != "original":
        return FORMATS[declared], False
    name = original.written_as
    if name == "jpeg" and alpha:
        name = "png"
    return FORMATS[name], name != original.name


def _sniff_isobmff(data: bytes) -> ImageFormat:
    """AVIF and HEIC share a container (ISO/IEC 23008-12); the brands in its `ftyp` box tell them apart."""
    end = min(int.from_bytes(data[:4], "big"), len(data), 256)
    major = data[8:12]
    brands = {data[i : i + 4] for i in range(16, end - 3, 4)} | {major}
    if brands & _AVIF_BRANDS and not major.startswith(b"he"):
        return FORMATS["avif"]
    if brands & _HEIC_BRANDS or brands & _HEIF_BRANDS:
        return FORMATS["heic"]
    what = "a video" if major in _VIDEO_BRANDS else f"a file of the brand {major.decode('latin-1')!r}"
    raise Rejected("unsupported-format", f"This is {what}, which Pixmill does not read.")


def _plausible_icon(data: bytes) -> bool:
    """Four bytes are a weak signature: the first directory entry must point inside the file."""
    count = int.from_bytes(data[4:6], "little")
    size = int.from_bytes(data[14:18], "little")
    offset = int.from_bytes(data[18:22], "little")
    return 0 < count <= _MOST_PICTURES and size > 0 and 6 + 16 * count <= offset <= len(data)


def _refusal(data: bytes) -> Rejected:
    for magic, what in _REFUSED:
        if data.startswith(magic):
            return Rejected("unsupported-format", f"This is {what}, which Pixmill does not read.")
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in data[:8192].lower():
        return Rejected(
            "unsupported-format",
            "This is an SVG drawing. Pixmill does not read SVG: it is a program, not a picture.",
            hint="Serve the SVG itself, or export it as PNG.",
        )
    if head[:1] == b"p" and head[1:2] in b"1234567" and head[2:3].isspace():
        return Rejected("unsupported-format", "This is a Netpbm image, which Pixmill does not read.")
    return Rejected("not-an-image")
