"""Pixmill: the default recipe, which asks for just this job."""

from serve import serve

from pixmill.engine import render as render_all
from pixmill.recipe import Recipe

RECIPE = Recipe.default()


def render(data: bytes) -> list[bytes]:
    return [output.data or b"" for output in render_all(data, RECIPE).outputs]


serve(render)
