"""Nothing of the original's metadata is served unless the recipe keeps it: people upload where they live."""

import struct
import zlib
from collections.abc import Collection

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from pixmill import engine
from pixmill.engine import exif
from pixmill.recipe import Format, Rendition

from . import profiles
from .files import chunk
from .pictures import distance, encoded, opened, outputs, rendered, scene

MARK = b"PLANTED"
P3 = profiles.rgb(profiles.DISPLAY_P3, profiles.parametric())
OUTPUTS = ("jpeg", "webp", "avif", "png")
INPUTS = ("jpeg", "png", "webp", "tiff", "gif", "avif", "heic")


def planted() -> Image.Exif:
    """EXIF with a place, a camera, a comment, a thumbnail and a copyright notice."""
    block = Image.Exif()
    block[ExifTags.Base.Make] = "PLANTED camera"
    block[ExifTags.Base.ImageDescription] = "PLANTED description"
    block[ExifTags.Base.Copyright] = "(c) Jo Doe"
    block[ExifTags.Base.Artist] = "Jo Doe"
    gps = block.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    gps[ExifTags.GPS.GPSAreaInformation] = b"PLANTED place"
    inner = block.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.UserComment] = b"ASCII\x00\x00\x00PLANTED comment"
    inner[ExifTags.Base.BodySerialNumber] = "PLANTED 0815"
    return block


# A TIFF's own tags, and what EXIF writers must add: resolution, version, colour space, size.
STRUCTURAL = {
    256,
    257,
    258,
    259,
    262,
    273,
    277,
    278,
    279,
    282,
    283,
    284,
    296,
    317,
    338,
    339,
    531,
    0x0112,
    34665,
}
STRUCTURAL_INNER = {36864, 37121, 40960, 40961, 40962, 40963}

XMP = b"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="PLANTED xmp"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def loaded_with(name: str) -> bytes:
    """A file of a format with every kind of metadata that it can carry."""
    picture, block = scene(), planted()
    if name == "gif":
        return encoded(picture, "gif", comment=MARK + b" comment", xmp=XMP)
    options: dict[str, object] = {"exif": block.tobytes(), "icc_profile": P3, "xmp": XMP}
    if name == "png":
        text = PngInfo()
        text.add_text("Comment", "PLANTED text")
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        text.add_text("Raw profile type iptc", "PLANTED iptc", zip=True)
        return encoded(picture, "png", pnginfo=text, exif=block.tobytes(), icc_profile=P3)
    if name == "tiff":
        return encoded(
            picture, "tiff", icc_profile=P3, tiffinfo={270: "PLANTED", 700: XMP, 33723: MARK, 33432: "Jo"}
        )
    data = encoded(picture, name, **options)
    if name == "jpeg":
        iptc = (
            b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", 12) + b"\x1c\x02\x78\x00\x07" + MARK
        )
        segments = b"".join(
            struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload
            for marker, payload in ((0xED, iptc), (0xFE, MARK + b" <?php ?>"), (0xEB, MARK))
        )
        return data[:2] + segments + data[2:]
    return data


def assert_clean(data: bytes, *, keep: Collection[str] = ()) -> None:
    """Neither the bytes nor what Pillow reads out of them holds anything that was planted."""
    picture = opened(data)
    texts = [data, *(repr(value).encode() for value in picture.info.values())]
    if data.startswith(b"\x89PNG"):
        texts += [unpacked(data, at) for name in (b"zTXt", b"iCCP") for at in places(data, name)]
    assert not any(MARK in text for text in texts)
    block = picture.getexif()
    assert not block.get_ifd(ExifTags.IFD.GPSInfo)
    assert not block.get_ifd(ExifTags.IFD.IFD1), "a thumbnail"
    allowed = {ExifTags.Base.Copyright, ExifTags.Base.Artist} if "copyright" in keep else set[int]()
    assert set(block) - STRUCTURAL <= allowed
    assert set(block.get_ifd(ExifTags.IFD.Exif)) <= STRUCTURAL_INNER
    assert block.get(0x0112, 1) == 1
    assert ("icc_profile" in picture.info) == ("icc" in keep)
    assert not picture.info.get("xmp")
    assert "comment" not in picture.info


def places(data: bytes, name: bytes) -> list[int]:
    return [at for at in range(len(data)) if data.startswith(name, at)]


def unpacked(data: bytes, at: int) -> bytes:
    """What a compressed PNG chunk holds behind its keyword."""
    return zlib.decompressobj().decompress(data[data.index(b"\x00", at) + 2 :])


def test_everything_is_planted() -> None:
    """The tests below would pass on files that carry nothing."""
    assert set(engine.probe(loaded_with("jpeg")).metadata) == {"exif", "gps", "xmp", "iptc", "icc", "comment"}
    for name in ("png", "webp", "avif", "heic"):
        assert {"exif", "gps", "xmp", "icc"} <= set(engine.probe(loaded_with(name)).metadata), name
    for name in INPUTS:
        assert MARK in loaded_with(name)


@pytest.mark.parametrize("output", [*OUTPUTS, "original"])
@pytest.mark.parametrize("name", INPUTS)
def test_nothing_is_kept_by_default(name: str, output: Format) -> None:
    assert_clean(rendered(loaded_with(name), formats=(output,)).data)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("keep", [("copyright",), ("icc",), ("copyright", "icc")])
@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "avif", "heic"])
def test_nothing_but_what_is_kept(name: str, keep: tuple[str, ...], output: Format) -> None:
    made = rendered(loaded_with(name), formats=(output,), keep=frozenset(keep))

    assert_clean(made.data, keep=keep)
    block = opened(made).getexif()
    if "copyright" in keep:
        assert block[ExifTags.Base.Copyright] == "(c) Jo Doe"
        assert block[ExifTags.Base.Artist] == "Jo Doe"
    if "icc" in keep:
        assert opened(made).info["icc_profile"] == P3
    assert made.notes == ()


@pytest.mark.parametrize("output", OUTPUTS)
def test_numbers_belong_to_the_profile_that_is_kept(output: Format) -> None:
    """With the profile the stored numbers are kept as well; without it they are converted."""
    data = encoded(scene(), "png", icc_profile=P3)
    kept, converted = outputs(
        data,
        Rendition(name="kept", formats=(output,), quality=95, keep=frozenset(["icc"])),
        Rendition(name="converted", formats=(output,), quality=95),
    )

    assert distance(opened(kept.data), scene()) + 1.5 < distance(opened(converted.data), scene())


def test_several_renditions_keep_different_things() -> None:
    first, second = outputs(
        loaded_with("jpeg"),
        Rendition(name="a", width=50, formats=("webp",), keep=frozenset(["copyright"])),
        Rendition(name="b", width=20, formats=("webp",)),
    )

    assert_clean(first.data, keep=("copyright",))
    assert_clean(second.data)


def test_a_note_says_when_a_profile_could_not_be_kept() -> None:
    ink = encoded(scene().convert("CMYK"), "jpeg", icc_profile=profiles.cmyk())

    output = rendered(ink, formats=("jpeg",), keep=frozenset(["icc"]))

    assert output.notes == ("metadata-not-kept",)
    assert "icc_profile" not in opened(output).info


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("name", ["jpeg", "webp", "heic"])
def test_names_outside_ascii_are_kept(name: str, output: Format) -> None:
    """EXIF says ASCII; everybody writes UTF-8."""
    notice = (("Copyright", "© Zoë Müller 写真"),)

    made = rendered(
        encoded(scene(), name, exif=exif.MARK + exif.written(notice)),
        formats=(output,),
        keep=frozenset(["copyright"]),
    )

    assert notice[0][1].encode() in made.data


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        (b"\xa9 Zo\xeb\x00", "© Zoë"),
        ("© Zoë\x00".encode(), "© Zoë"),
        (b"photographer\x00editor\x00", "photographer, editor"),
        (b"Jo\x00", "Jo"),
        (b"   \x00", ""),
        (b"", ""),
    ],
)
def test_notices_as_they_are_found(stored: bytes, meant: str) -> None:
    block = b"II*\x00" + struct.pack("<IHHHI", 8, 1, 0x8298, 2, len(stored))
    block += stored.ljust(4, b"\x00") if len(stored) <= 4 else struct.pack("<I", 26) + bytes(4) + stored

    assert exif.notice(block) == ((("Copyright", meant),) if meant else ())


@pytest.mark.parametrize("length", [0, 5, 9, 12, 20, 30])
def test_a_broken_block_is_read_as_far_as_it_goes(length: int) -> None:
    block = exif.written((("Artist", "Jo Doe"), ("Copyright", "Jo Doe")))

    assert exif.notice(block[:length]) == ()


def test_long_profiles_span_several_segments() -> None:
    long = profiles.profile(
        b"RGB ",
        {
            **{tag: profiles.colorant(tag) for tag in (b"rXYZ", b"gXYZ", b"bXYZ")},
            **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), profiles.table(4096)),
            b"long": b"data" + bytes(90_000),
        },
    )

    output = rendered(encoded(scene(), "png", icc_profile=long), formats=("jpeg",), keep=frozenset(["icc"]))

    assert opened(output).info["icc_profile"] == long


def test_text_chunks_behind_the_picture_are_dropped() -> None:
    data = encoded(scene(), "png")
    data = data[:-12] + chunk(b"tEXt", b"Comment\x00" + MARK) + data[-12:]

    assert MARK not in rendered(data).data


@pytest.mark.parametrize("output", ["jpeg", "webp", "png"])
def test_a_keyword_that_is_no_text_harms_nobody(output: Format) -> None:
    """PNG keywords are Latin-1; libvips makes names of them that are no UTF-8."""
    data = encoded(scene(), "png")
    odd = data[:33] + chunk(b"tEXt", b"\x80\xff\xfe\x00SECRET") + data[33:]

    made = rendered(odd, formats=(output,), keep=frozenset({"copyright"}))

    assert b"SECRET" not in made.data
