"""Colours are those that the profile means, as an independent conversion (LittleCMS by Pillow) sees it."""

import io
import zlib

import pytest
from PIL import Image, ImageChops, ImageCms

from pixmill import engine
from pixmill.engine import vips
from pixmill.engine.colour import is_srgb

from . import profiles
from .files import COLOUR, COLOUR_ALPHA, png
from .pictures import at, distance, encoded, opened, rendered, scene

P3 = profiles.rgb(profiles.DISPLAY_P3, profiles.parametric())
ADOBE = profiles.rgb(profiles.ADOBE, profiles.power(2.19921875), version=2)
GREY_18 = profiles.grey(profiles.power(1.8))


def by_littlecms(picture: Image.Image, profile: bytes, mode: str = "RGB") -> Image.Image:
    """An independent conversion to sRGB."""
    alpha = picture.getchannel("A") if "A" in picture.getbands() else None
    colour = picture.convert(mode) if alpha else picture
    converted = ImageCms.profileToProfile(
        colour,
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.PERCEPTUAL,
        outputMode="RGB",
    )
    assert converted is not None
    if alpha:
        converted.putalpha(alpha)
    return converted


@pytest.mark.parametrize("profile", [P3, ADOBE], ids=["display-p3", "adobe-rgb"])
@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "heic", "avif"])
def test_wide_gamut(name: str, profile: bytes) -> None:
    data = encoded(scene(), name, icc_profile=profile)

    assert engine.probe(data).colour_space == "rgb"
    assert distance(opened(rendered(data)), by_littlecms(scene(), profile)) < 2.5
    assert distance(scene(), by_littlecms(scene(), profile)) > 4, "the profile makes no difference"


@pytest.mark.parametrize("name", ["png", "webp", "tiff"])
def test_wide_gamut_with_alpha(name: str) -> None:
    picture = scene(mode="RGBA")

    output = rendered(encoded(picture, name, icc_profile=P3))

    assert distance(opened(output), by_littlecms(picture, P3)) < 2


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_wide_gamut_in_sixteen_bits(mode: str) -> None:
    picture = scene(40, 30, mode)
    raw, stride = picture.tobytes(), 40 * len(mode)
    rows = [[257 * value for value in raw[at : at + stride]] for at in range(0, len(raw), stride)]
    profile = {b"iCCP": b"x\x00\x00" + zlib.compress(P3)}

    data = png((40, 30), 16, COLOUR_ALPHA if mode == "RGBA" else COLOUR, rows, profile)

    assert distance(opened(rendered(data)), by_littlecms(picture, P3)) < 1.5


@pytest.mark.parametrize("stored", ["adobe", "unmarked", "ycck"])
def test_cmyk_jpeg_with_a_profile(stored: str) -> None:
    ink = scene().convert("CMYK")
    data = cmyk_jpeg(ink, stored, icc_profile=profiles.cmyk())

    assert engine.probe(data).colour_space == "cmyk"
    assert distance(opened(rendered(data)), by_littlecms(ink, profiles.cmyk())) < 3


def test_cmyk_tiff_with_a_profile() -> None:
    ink = scene().convert("CMYK")
    data = encoded(ink, "tiff", icc_profile=profiles.cmyk())

    assert distance(opened(rendered(data)), by_littlecms(ink, profiles.cmyk())) < 1.5


@pytest.mark.parametrize("stored", ["adobe", "unmarked", "ycck", "tiff"])
def test_cmyk_without_a_profile_keeps_its_hues(stored: str) -> None:
    """There is no truth here, but there is a wrong: a negative."""
    ink = scene(90, 60).convert("CMYK")

    output = rendered(encoded(ink, "tiff") if stored == "tiff" else cmyk_jpeg(ink, stored))

    picture = opened(output)
    red, green, blue, yellow = (at(picture, x, y) for y in (0.1, 0.9) for x in (0.1, 0.9))
    assert red[0] > max(red[1:]) + 60
    assert green[1] > max(green[0], green[2]) + 20
    assert blue[2] > max(blue[:2]) + 40
    assert min(yellow[:2]) > yellow[2] + 60
    assert output.notes == ()


def test_grey_jpeg() -> None:
    grey = scene(mode="L")

    output = rendered(encoded(grey, "jpeg"))

    assert engine.probe(encoded(grey, "jpeg")).colour_space == "grey"
    assert distance(opened(output), grey) < 1.5


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff"])
def test_grey_with_a_grey_profile(name: str) -> None:
    grey = scene(mode="L")

    output = rendered(encoded(grey, name, icc_profile=GREY_18))

    assert distance(opened(output), by_littlecms(grey, GREY_18)) < 2
    assert distance(grey, by_littlecms(grey, GREY_18)) > 4, "the profile makes no difference"


@pytest.mark.parametrize("name", ["jpeg", "png"])
def test_grey_with_an_rgb_profile(name: str) -> None:
    """Cameras set to monochrome embed the profile that they always embed."""
    grey = scene(mode="L")

    output = rendered(encoded(grey, name, icc_profile=ADOBE))

    assert distance(opened(output), by_littlecms(grey.convert("RGB"), ADOBE)) < 2
    assert output.notes == ()


def test_lab_tiff() -> None:
    lab = vips.load(encoded(scene(), "png"), "png").copy_memory().colourspace("labs")

    output = rendered(bytes(vips.call("tiffsave_buffer", lab)))

    assert distance(opened(output), scene()) < 1.5


SRGB_PROFILES = {
    "littlecms": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    "libvips": bytes(vips.call("profile_load", "srgb")),
    "version 4, formula": profiles.rgb(profiles.SRGB, profiles.parametric()),
    "version 2, table": profiles.rgb(profiles.SRGB, profiles.table(1024), version=2),
    "version 2, short table": profiles.rgb(profiles.SRGB, profiles.table(26), version=2),
}
OTHER_PROFILES = {
    "display-p3": P3,
    "adobe-rgb": ADOBE,
    "srgb primaries, gamma 2.2": profiles.rgb(profiles.SRGB, profiles.power(2.2), version=2),
    "srgb primaries, gamma 1.8": profiles.rgb(profiles.SRGB, profiles.power(1.8), version=2),
    "p3 of libvips": bytes(vips.call("profile_load", "p3")),
    "cmyk": profiles.cmyk(),
    "grey": GREY_18,
    "nothing": b"",
    "cut": profiles.rgb(profiles.SRGB, profiles.parametric())[:200],
    "noise": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", SRGB_PROFILES)
def test_srgb_is_recognised_in_every_dress(name: str) -> None:
    assert is_srgb(SRGB_PROFILES[name])


@pytest.mark.parametrize("name", SRGB_PROFILES)
def test_recognised_profiles_would_change_nothing(name: str) -> None:
    assert distance(by_littlecms(scene(), SRGB_PROFILES[name]), scene()) < 0.5


@pytest.mark.parametrize("name", OTHER_PROFILES)
def test_near_misses_are_not_srgb(name: str) -> None:
    assert not is_srgb(OTHER_PROFILES[name])


def test_srgb_primaries_with_another_curve_are_converted() -> None:
    profile = OTHER_PROFILES["srgb primaries, gamma 1.8"]

    output = rendered(encoded(scene(), "png", icc_profile=profile))

    assert distance(opened(output), by_littlecms(scene(), profile)) < 1.5


@pytest.mark.parametrize(
    "profile", [OTHER_PROFILES["cut"], OTHER_PROFILES["noise"], profiles.cmyk(), GREY_18]
)
@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "avif", "heic"])
def test_a_profile_that_cannot_be_used_is_left_aside_with_a_note(name: str, profile: bytes) -> None:
    data = encoded(scene(), name, icc_profile=profile)

    output = rendered(data)

    assert distance(opened(output), scene()) < 2.5
    # A PNG decoder drops a profile that is none before anybody sees it.
    assert output.notes == (("profile-unusable",) if engine.probe(data).profile else ())


def cmyk_jpeg(ink: Image.Image, stored: str, **options: object) -> bytes:
    """A CMYK JPEG as they are found: inverted, with Adobe's mark or without, or in part as YCbCr."""
    bands = ink
    if stored == "ycck":
        cyan, magenta, yellow, black = ink.split()
        luma = Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
        bands = Image.merge("CMYK", (*(ImageChops.invert(band) for band in luma), black))
    data = encoded(bands, "jpeg", **options)
    mark = data.index(b"\xff\xee")
    transform = mark + 4 + len(b"Adobe") + 6
    if stored == "unmarked":
        return data[:mark] + data[mark + 16 :]
    return data[:transform] + bytes([2 if stored == "ycck" else 0]) + data[transform + 1 :]
