"""The recipe: the declared set of renditions and limits.

A recipe is read from TOML or JSON, checked as a whole, and held as frozen values. Every mistake is
reported at once, with its path. docs/recipe.md describes every field.
"""

from pixmill.recipe.colour import Colour
from pixmill.recipe.document import Kind
from pixmill.recipe.encoding import Format, Level, OutputFormat
from pixmill.recipe.gravity import Gravity
from pixmill.recipe.limits import Limits
from pixmill.recipe.problems import Problem, RecipeError
from pixmill.recipe.recipe import OnTruncated, Recipe
from pixmill.recipe.rendition import LONGEST_SIDE, Enlarge, Fit, Keep, Rendition
from pixmill.recipe.template import template

__all__ = [
    "LONGEST_SIDE",
    "Colour",
    "Enlarge",
    "Fit",
    "Format",
    "Gravity",
    "Keep",
    "Kind",
    "Level",
    "Limits",
    "OnTruncated",
    "OutputFormat",
    "Problem",
    "Recipe",
    "RecipeError",
    "Rendition",
    "template",
]
