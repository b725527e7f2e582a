"""Files with everything that a file can tell about people, each piece marked, so that it can be looked for.

Pillow writes the picture and what it knows of; the rest is put in by hand, after the formats' specifications.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from . import profiles
from .files import chunk
from .pictures import encoded, scene

ARTIST, COPYRIGHT = "Jo Doe", "(c) Jo Doe"

_PREFIX = "PLANTED-"
_EXIF = frozenset(("camera", "description", "author", "gps", "comment", "serial", "maker", "thumbnail"))
_CLASSIC = frozenset(("xmp", "icc", "trailing"))
_INFLATED = 1 << 20
_DEFLATE = 8


def text(place: str) -> str:
    """The marker of one place."""
    return f"{_PREFIX}{place}."


def mark(place: str) -> bytes:
    """The marker of one place, as bytes."""
    return text(place).encode()


def found(data: bytes) -> set[str]:
    """The places whose markers are anywhere in some bytes: as they are, in UTF-16, or deflated."""
    places: set[str] = set()
    for part in (data, *_inflated(data)):
        for encoding in ("ascii", "utf-16-le", "utf-16-be"):
            prefix, end = _PREFIX.encode(encoding), ".".encode(encoding)
            start = part.find(prefix)
            while start >= 0:
                start += len(prefix)
                places.add(part[start : part.find(end, start)].decode(encoding, "replace"))
                start = part.find(prefix, start)
    return places


def _inflated(data: bytes) -> Iterator[bytes]:
    """Whatever in some bytes begins like a zlib stream (RFC 1950), of any window, and is one."""
    for start in range(len(data) - 1):
        if data[start] & 0x8F == _DEFLATE and int.from_bytes(data[start : start + 2]) % 31 == 0:
            with suppress(zlib.error):  # it only began like one
                yield zlib.decompressobj().decompress(data[start:], _INFLATED)


def profile() -> bytes:
    """A profile of Display P3 with a private tag."""
    colours = zip((b"rXYZ", b"gXYZ", b"bXYZ"), profiles.DISPLAY_P3, strict=True)
    tags = {
        tag: b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))
        for tag, values in colours
    }
    curve = profiles.parametric()
    return profiles.profile(
        b"RGB ",
        {**tags, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve, b"prVt": b"text" + bytes(4) + mark("icc")},
    )


def exif() -> bytes:
    """EXIF with a place, a camera, comments in two encodings, maker notes, a thumbnail and a notice."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = text("camera")
    block[ExifTags.Base.ImageDescription] = text("description")
    block[ExifTags.Base.XPAuthor] = text("author").encode("utf-16-le")
    block[ExifTags.Base.Copyright] = COPYRIGHT
    block[ExifTags.Base.Artist] = ARTIST
    gps = block.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    gps[ExifTags.GPS.GPSAreaInformation] = mark("gps")
    inner = block.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.UserComment] = b"ASCII\x00\x00\x00" + mark("comment")
    inner[ExifTags.Base.BodySerialNumber] = text("serial")
    inner[ExifTags.Base.MakerNote] = mark("maker")
    return _with_thumbnail(block.tobytes(), encoded(scene(32, 24), "jpeg", comment=mark("thumbnail")))


def _with_thumbnail(block: bytes, thumbnail: bytes) -> bytes:
    """The same EXIF with a second directory, which points at a JPEG behind it (EXIF 2.32, 4.8)."""
    start = block.index(b"MM\x00*")
    head, body = block[:start], block[start:]
    first = struct.unpack_from(">I", body, 4)[0]
    link = first + 2 + 12 * struct.unpack_from(">H", body, first)[0]
    at = len(body)
    behind = at + 2 + 2 * 12 + 4
    second = struct.pack(">HHHIIHHIII", 2, 0x0201, 4, 1, behind, 0x0202, 4, 1, len(thumbnail), 0)
    return head + body[:link] + struct.pack(">I", at) + body[link + 4 :] + second + thumbnail


def xmp() -> bytes:
    """XMP with one property."""
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="'
        + mark("xmp")
        + b'"/></rdf:RDF></x:xmpmeta>'
        b'<?xpacket end="w"?>'
    )


def _iptc() -> bytes:
    record = b"\x1c\x02\x78" + struct.pack(">H", len(mark("iptc"))) + mark("iptc")
    record += bytes(len(record) % 2)
    return b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def _c2pa() -> bytes:
    """A manifest's outer box and its description (ISO/IEC 19566-5, C2PA 2.1, 11)."""
    kind = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
    return _box(b"jumb", _box(b"jumd", kind + b"\x03c2pa\x00") + _box(b"cbor", mark("c2pa")))


def _jpeg() -> bytes:
    whole = encoded(scene(), "jpeg", exif=exif(), icc_profile=profile(), xmp=xmp())
    gain = encoded(scene(24, 16, "L"), "jpeg", comment=mark("gainmap"))
    multi = struct.pack(">4sIHHHI4s", b"MM\x00*", 8, 1, 0xB000, 7, 4, b"0100") + bytes(4) + mark("mpf")
    parts = (
        (0xE0, b"JFXX\x00\x10" + mark("jfxx")),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\x00" + b"0" * 32 + bytes(8) + mark("extended-xmp")),
        (0xE2, b"MPF\x00" + multi),
        (0xEB, b"JP\x00\x01\x00\x00\x00\x01" + _c2pa()),
        (0xEC, b"Ducky\x00" + mark("ducky")),
        (0xED, b"Photoshop 3.0\x00" + _iptc()),
        (0xEF, mark("app15")),
        (0xFE, mark("jpeg-comment")),
    )
    segments = b"".join(struct.pack(">BBH", 0xFF, name, 2 + len(part)) + part for name, part in parts)
    return whole[:2] + segments + whole[2:] + gain + mark("trailing")


def _png() -> bytes:
    info = PngInfo()
    info.add_text("Comment", text("text"))
    info.add_text("Description", text("ztxt"), zip=True)
    info.add_itxt("Title", text("itxt"), zip=True)
    info.add_itxt("XML:com.adobe.xmp", xmp().decode())
    info.add_text("Raw profile type iptc", text("iptc"), zip=True)
    whole = encoded(scene(), "png", pnginfo=info, exif=exif(), icc_profile=profile())
    first = chunk(b"caBX", _c2pa()) + chunk(b"prVt", mark("private"))
    last = chunk(b"tEXt", b"Comment\x00" + mark("late"))
    return whole[:33] + first + whole[33:-12] + last + whole[-12:] + mark("trailing")


def _webp() -> bytes:
    whole = encoded(scene(), "webp", exif=exif(), icc_profile=profile(), xmp=xmp())
    extra = b"".join(
        name + struct.pack("<I", len(part)) + part + bytes(len(part) % 2)
        for name, part in ((b"C2PA", _c2pa()), (b"PRVT", mark("private")))
    )
    body = whole[8:] + extra
    return b"RIFF" + struct.pack("<I", len(body)) + body + mark("trailing")


def _gif() -> bytes:
    whole = encoded(scene(), "gif", comment=mark("gif-comment"))
    blocks = b"".join(
        b"\x21\xff\x0b" + name + bytes((len(part),)) + part + b"\x00"
        for name, part in ((b"C2PA_GIF\x01\x00\x00", mark("c2pa")), (b"ICCRGBG1012", mark("icc")))
    )
    # XMP stands as it is; what follows it leads a reader of blocks out of it (XMP part 3, 1.1.2).
    about = b"\x21\xff\x0bXMP DataXMP" + xmp() + b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    plain = b"\x21\x01\x0c" + bytes(12) + bytes((len(mark("plain")),)) + mark("plain") + b"\x00"
    return whole[:-1] + blocks + about + plain + b";" + mark("trailing")


def _tiff() -> bytes:
    tags = ImageFileDirectory_v2()
    texts = {270: "description", 271: "camera", 305: "software", 316: "host", 65000: "private"}
    for tag, place in texts.items():
        tags[tag] = text(place)
        tags.tagtype[tag] = 2
    for tag, value in {700: xmp(), 33723: mark("iptc"), 34377: _iptc(), 40092: mark("author")}.items():
        tags[tag] = value
        tags.tagtype[tag] = 1
    tags[315], tags[33432] = ARTIST, COPYRIGHT
    tags[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 28: mark("gps")}
    tags[0x8769] = {0x927C: mark("maker"), 0xA431: text("serial")}
    tags.tagtype[0x8825] = tags.tagtype[0x8769] = 4
    second = scene(24, 16)
    second.encoderinfo = {"tiffinfo": {270: text("thumbnail")}}
    whole = encoded(
        scene(), "tiff", tiffinfo=tags, icc_profile=profile(), save_all=True, append_images=[second]
    )
    return whole + mark("trailing")


def _boxed(name: str) -> bytes:
    whole = encoded(scene(), name, exif=exif(), icc_profile=profile(), xmp=xmp())
    c2pa = bytes.fromhex("d8fec3d61b0e483c92975828877ec481") + bytes(4) + b"manifest\x00" + bytes(8) + _c2pa()
    return whole + _box(b"uuid", c2pa) + _box(b"free", mark("free")) + _box(b"skip", mark("trailing"))


def _bmp() -> bytes:
    """With a gap between header and picture, which readers skip."""
    whole, gap = bytearray(encoded(scene(), "bmp")), mark("gap")
    struct.pack_into("<I", whole, 10, 54 + len(gap))
    return bytes(whole[:54]) + gap + bytes(whole[54:]) + mark("trailing")


def _ico() -> bytes:
    info = PngInfo()
    info.add_text("Comment", text("text"))
    picture = encoded(scene(64, 64), "png", pnginfo=info, exif=exif(), icc_profile=profile())
    head = struct.pack("<HHHBBBBHHII", 0, 1, 1, 64, 64, 0, 0, 1, 32, len(picture), 22)
    return head + picture + mark("trailing")


_MAKERS: Mapping[str, tuple[Callable[[], bytes], frozenset[str]]] = {
    "jpeg": (
        _jpeg,
        _EXIF
        | _CLASSIC
        | {"jfxx", "extended-xmp", "mpf", "c2pa", "ducky", "iptc", "app15", "jpeg-comment", "gainmap"},
    ),
    "png": (_png, _EXIF | _CLASSIC | {"text", "ztxt", "itxt", "iptc", "c2pa", "private", "late"}),
    "webp": (_webp, _EXIF | _CLASSIC | {"c2pa", "private"}),
    "gif": (_gif, _CLASSIC | {"gif-comment", "c2pa", "plain"}),
    "tiff": (
        _tiff,
        (_EXIF - {"comment"}) | _CLASSIC | {"software", "host", "private", "iptc"},
    ),
    "avif": (lambda: _boxed("avif"), _EXIF | _CLASSIC | {"c2pa", "free"}),
    "heic": (lambda: _boxed("heic"), _EXIF | _CLASSIC | {"c2pa", "free"}),
    "bmp": (_bmp, frozenset({"gap", "trailing"})),
    "ico": (_ico, _EXIF | {"icc", "text", "trailing"}),
}

INPUTS = tuple(_MAKERS)


def original(name: str) -> bytes:
    """A file of a format with everything that it can carry."""
    return _MAKERS[name][0]()


def places(name: str) -> frozenset[str]:
    """Where `original` of a format has markers."""
    return _MAKERS[name][1]
