"""libvips is shut to everything but the loaders that the engine names, and says nothing on its own."""

import logging
import subprocess
import sys

import pytest
import pyvips

from pixmill import engine
from pixmill.engine import vips

from .pictures import encoded, scene

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"


@pytest.mark.parametrize(
    "loader",
    ["svgload", "matrixload", "csvload", "rawload", "vipsload", "heifload", "uhdrload", "ppmload", "pdfload"],
)
@pytest.mark.parametrize("way", ["source", "buffer", ""])
def test_other_loaders_are_blocked(loader: str, way: str) -> None:
    """Two SVGs of a few kilobytes took 23 and 38 seconds; a text called x.jpg loads as a matrix."""
    operation = f"{loader}_{way}".rstrip("_")
    arguments = {"source": pyvips.Source.new_from_memory(SVG), "buffer": SVG, "": "nothing"}

    with pytest.raises(pyvips.Error):
        vips.call(operation, arguments[way])


@pytest.mark.parametrize("data", [SVG, b"1 2\n3 4\n5 6\n"])
def test_content_does_not_find_a_loader_by_itself(data: bytes) -> None:
    with pytest.raises(pyvips.Error):
        pyvips.Image.new_from_buffer(data, "")


def test_the_bytes_live_as_long_as_the_image() -> None:
    """libvips reads them only when pixels are asked for."""
    image = vips.load(bytearray(encoded(scene(), "png")).copy(), "png", access="sequential")  # pyright: ignore[reportArgumentType]
    junk = [bytes(100_000) for _ in range(50)]

    assert image.avg() > 0
    assert junk


def test_versions() -> None:
    assert engine.versions()["libvips"].startswith("8.")


def test_nothing_is_printed_about_broken_files() -> None:
    """What there is to say is in the rejection."""
    code = (
        "import sys\nfrom pixmill import engine\nfrom pixmill.errors import Rejected\n"
        "from pixmill.recipe import Recipe, Rendition\n"
        "try:\n    engine.render(sys.stdin.buffer.read(), Recipe(renditions=(Rendition(name='x'),)))\n"
        "except Rejected as error:\n    print(error.code)\n"
    )
    data = encoded(scene(200, 100), "tiff", compression="tiff_lzw")
    broken = data[:300] + bytes(400) + data[700:]

    child = subprocess.run([sys.executable, "-c", code], input=broken, capture_output=True, check=True)

    assert child.stdout.split() == [b"corrupt"]
    assert child.stderr == b""
    assert not logging.getLogger("pyvips").isEnabledFor(logging.WARNING)
