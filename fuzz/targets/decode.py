"""Decoding: a file becomes renditions that another library reads, of the size told, or is rejected."""

import io
import zlib

from PIL import Image

from fuzz import seeds
from fuzz.law import hold
from fuzz.target import Target
from fuzz.targets.tokens import PICTURES
from pixmill import engine
from pixmill.engine import Output, Rendered
from pixmill.errors import Rejected
from pixmill.recipe import Limits, Recipe, Rendition

_RENDITIONS = (
    Rendition(name="cover", width=40, height=30, fit="cover", formats=("jpeg", "webp")),
    Rendition(name="contain", width=33, height=21, fit="contain", formats=("png", "original")),
    Rendition(name="inside", width=24, formats=("jpeg",), keep=frozenset(("copyright", "icc"))),
    Rendition(name="small", width=16, height=16, fit="fill", formats=("avif",), enlarge="skip", effort=0),
)
_QUICK = Limits(max_megapixels=8, max_frames=100)
_RECIPES = (
    Recipe(renditions=_RENDITIONS[:3], limits=_QUICK),
    Recipe(renditions=_RENDITIONS[:3], limits=_QUICK, on_truncated="accept"),
    Recipe(renditions=_RENDITIONS, limits=_QUICK),
    Recipe(renditions=_RENDITIONS[:1]),
)
_TWICE = 8
"""Every so many-th input is made again, and must come out the same."""


def one(data: bytes) -> None:
    """A file comes out as every rendition that the recipe asks for, or not at all."""
    # By content, so that an input does the same each time it is given.
    turn = zlib.crc32(data)
    recipe = _RECIPES[turn % len(_RECIPES)]
    rendered = _rendered(data, recipe)
    if turn // len(_RECIPES) % _TWICE == 0:
        again = _rendered(data, recipe)
        hold(_told(rendered) == _told(again), "the same file has the same renditions twice")
    if rendered is None:
        return
    wanted = [(each.name, declared) for each in recipe.renditions for declared in each.formats]
    hold(
        wanted == [(each.rendition, each.declared) for each in rendered.outputs],
        "there is an answer for every rendition and format",
    )
    boxes = {each.name: each for each in recipe.renditions}
    for output in rendered.outputs:
        _judge(output, boxes[output.rendition])


def _rendered(data: bytes, recipe: Recipe) -> Rendered | None:
    try:
        return engine.render(data, recipe)
    except Rejected as error:
        hold(error.message.isprintable() and len(error.message) < 1000, "a rejection says why in a sentence")  # noqa: PLR2004
        return None


def _told(rendered: Rendered | None) -> object:
    return rendered and (rendered.probe, rendered.outputs, rendered.thumbhash, rendered.colour)


def _judge(output: Output, rendition: Rendition) -> None:
    if output.reason:
        hold(not output.data and output.format is None, "what was not made has no bytes")
        return
    hold(output.format is not None and output.data, "what was made has bytes")
    with Image.open(io.BytesIO(output.data)) as picture:
        picture.load()
        hold(picture.size == (output.width, output.height), "a rendition has the size that was told")
        hold(getattr(picture, "n_frames", 1) == output.frames, "a rendition has the frames that were told")
    fits = (output.width <= (rendition.width or output.width)) and (
        output.height <= (rendition.height or output.height)
    )
    hold(fits and min(output.width, output.height) > 0, "a rendition is not larger than its box")


TARGET = Target("decode", one, seeds.pictures, PICTURES, share=16, is_guided=False)
