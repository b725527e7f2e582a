"""Every orientation of every format that can carry one comes out upright, and is applied once."""

import struct

import pytest
from PIL import Image

from pixmill import engine
from pixmill.recipe import Gravity

from .pictures import ORIENTATION, distance, encoded, exif, opened, rendered, scene, stored_as

FORMATS = ["jpeg", "png", "webp", "tiff", "heic", "avif"]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", FORMATS)
def test_upright(name: str, orientation: int) -> None:
    data = encoded(stored_as(scene(), orientation), name, exif=exif(Orientation=orientation))

    output = rendered(data)

    assert (output.width, output.height) == scene().size == engine.probe(data).size
    assert distance(opened(output), scene()) < 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", FORMATS)
def test_upright_when_reduced_and_cropped(name: str, orientation: int) -> None:
    """Boxes and gravity are meant for the upright picture, whatever is stored."""
    data = encoded(stored_as(scene(640, 360), orientation), name, exif=exif(Orientation=orientation))

    output = rendered(data, width=50, height=50, fit="cover", gravity=Gravity(0, 0))

    expected = scene(640, 360).resize((89, 50), Image.Resampling.LANCZOS).crop((0, 0, 50, 50))
    assert distance(opened(output), expected) < 4


@pytest.mark.parametrize("name", ["jpeg", "webp", "avif", "png", "original"])
@pytest.mark.parametrize("keep", [(), ("copyright",), ("icc",), ("copyright", "icc")])
def test_no_output_says_to_turn_it_again(name: str, keep: tuple[str, ...]) -> None:
    data = encoded(stored_as(scene(), 6), "jpeg", exif=exif(Orientation=6, Copyright="Jo"))

    picture = opened(rendered(data, formats=(name,), keep=frozenset(keep)))

    assert picture.getexif().get(ORIENTATION, 1) == 1


@pytest.mark.parametrize("name", ["heic", "avif"])
def test_exif_orientation_without_a_transform_is_ignored(name: str) -> None:
    """MIAF (ISO/IEC 23000-22) says so, and Safari, Chrome and libheif do so."""
    # An encoder would move the orientation into a transform, so it gets another tag, renamed afterwards.
    upright = encoded(scene(), name, exif=exif(Compression=6))
    other, orientation = (struct.pack(">HHIH", tag, 3, 1, 6) for tag in (0x0103, ORIENTATION))
    assert upright.count(other) == 1

    data = upright.replace(other, orientation)

    assert distance(opened(rendered(data)), scene()) < 3


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_orientations_that_do_not_exist_count_as_none(name: str, orientation: int) -> None:
    data = encoded(scene(), name, exif=exif(Orientation=orientation))

    assert distance(opened(rendered(data)), scene()) < 2


def test_orientation_in_xmp_is_ignored() -> None:
    """Browsers ignore it too."""
    xmp = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>
    </rdf:RDF></x:xmpmeta>"""

    assert distance(opened(rendered(encoded(scene(), "jpeg", xmp=xmp))), scene()) < 2
