"""The page draws a ThumbHash as the engine's decoder does, which is held to the author's own.

The package `thumbhash` only encodes here, and only what is opaque: its decoder gives every pixel the first
one's colour, and with transparency it fails.
"""

import random
from base64 import b64encode
from collections.abc import Iterator

import pytest
import thumbhash as peer
from playwright.sync_api import Browser, Page
from tests.browser.stand_in import standing_in

from pixmill.engine.placeholder import decode, thumbhash

_DECODE = """
async (text) => {
  const { decode } = await import("/static/thumbhash.js");
  try {
    const { width, height, pixels } = decode(text);
    return { width, height, pixels: [...pixels] };
  } catch (error) {
    return { error: error.constructor.name };
  }
}
"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with standing_in(0) as url:
        page = browser.new_page()
        page.goto(url)
        yield page
        page.close()


def picture(rng: random.Random, width: int, height: int, *, has_alpha: bool) -> bytes:
    colours = [rng.randbytes(3) for _ in range(3)]
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            colour = colours[(x * 3 // width + y * 2 // height) % 3]
            pixels += colour + bytes([255 * x // width if has_alpha else 255])
    return bytes(pixels)


@pytest.mark.parametrize("has_alpha", [False, True])
@pytest.mark.parametrize(("width", "height"), [(24, 24), (24, 18), (13, 24), (24, 7), (8, 24)])
def test_it_is_the_picture_that_the_engine_decodes(
    page: Page, width: int, height: int, *, has_alpha: bool
) -> None:
    seed = random.Random(width * height)  # noqa: S311 - pictures, not secrets
    for _ in range(5):
        rgba = picture(seed, width, height, has_alpha=has_alpha)
        hashes = [thumbhash(width, height, rgba)]
        if not has_alpha:
            hashes.append(bytes(peer.rgba_to_thumb_hash(width, height, list(rgba))))
        for placeholder in hashes:
            found = page.evaluate(_DECODE, b64encode(placeholder).decode())
            expected = decode(placeholder)

            assert (expected.width, expected.height) == (found["width"], found["height"])
            assert max(abs(a - b) for a, b in zip(expected.rgba, found["pixels"], strict=True)) <= 1


@pytest.mark.parametrize("text", ["", "AAAA", "EwkSFIRndoePdnh6"])
def test_what_is_no_hash_is_an_error_and_not_a_picture(page: Page, text: str) -> None:
    assert page.evaluate(_DECODE, text) == {"error": "RangeError"}
