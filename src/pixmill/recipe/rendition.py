"""One derived image: its value, and how a recipe writes it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, cast

import msgspec

from pixmill.recipe.colour import Colour, read_colour
from pixmill.recipe.encoding import (
    DEFAULT_LEVEL,
    ENCODINGS,
    LOSSLESS,
    Format,
    Level,
    OutputFormat,
    read_effort,
    read_format,
    read_quality,
)
from pixmill.recipe.gravity import Gravity, read_gravity
from pixmill.recipe.reading import Place, Reader, as_list, as_table, choice, each, integer, number, table

Fit = Literal["inside", "contain", "cover", "fill", "outside"]
Enlarge = Literal["never", "allow", "skip"]
Keep = Literal["copyright", "icc"]


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """One derived image, as declared.

    A recipe's readers check what they build; a rendition built by hand is taken at its word.

    Attributes:
        name: unique in its recipe; the first part of every key that the rendition is stored under.
        width: of the box, in pixels, 1-16383; None to let the height alone decide.
        height: of the box, in pixels, 1-16383; None to let the width alone decide.
        fit: how the picture meets its box, as in CSS: "inside" (neither padded nor cropped), "contain"
            (padded to the box), "cover" (cropped to the box), "fill" (stretched to the box), "outside" (the
            smallest picture that covers the box, not cropped).
        gravity: where a crop looks, and where a picture sits in its padding.
        background: what padding is made of, and what transparency becomes where a format has none.
        enlarge: whether pixels are invented: "never", "allow", or "skip" a rendition that would need it.
        formats: what is made, one file each; "original" is the format of the original.
        quality: a level or a number 1-100 for all formats, or a table of them by format.
        effort: a number for all formats, a table of them by format, or None for our own choice.
        sharpen: the sigma, in pixels of the rendition, of the Gaussian that sharpens; 0 for none.
        keep: what metadata survives.
    """

    name: str
    width: int | None = None
    height: int | None = None
    fit: Fit = "inside"
    gravity: Gravity = Gravity()
    background: Colour = Colour(255, 255, 255)
    enlarge: Enlarge = "never"
    formats: tuple[Format, ...] = ("jpeg",)
    quality: str | int | Mapping[str, str | int] = DEFAULT_LEVEL
    effort: int | Mapping[str, int] | None = None
    sharpen: float = 0.0
    keep: frozenset[Keep] = frozenset()

    def __hash__(self) -> int:
        """A table of qualities has no hash, so the hash leaves it to equality to tell such twins apart."""
        return hash((self.name, self.width, self.height, self.fit, self.formats))

    def quality_for(self, output: OutputFormat) -> int:
        """The encoder's quality, 1-100, for one output format; 100 for a lossless one."""
        levels = ENCODINGS[output].levels
        if levels is None:
            return LOSSLESS
        wish = self.quality.get(output, DEFAULT_LEVEL) if isinstance(self.quality, Mapping) else self.quality
        return wish if isinstance(wish, int) else levels[cast("Level", wish)]

    def effort_for(self, output: OutputFormat) -> int:
        """The encoder's effort in that encoder's own range for one output format; 0 if it has none."""
        row = ENCODINGS[output]
        if row.efforts is None:
            return 0
        wish = self.effort.get(output) if isinstance(self.effort, Mapping) else self.effort
        low, high = row.efforts
        return row.effort if wish is None else min(max(wish, low), high)

    def background_for(self, output: OutputFormat) -> Colour:
        """The background for one output format: laid over white where there is no transparency."""
        return self.background if ENCODINGS[output].alpha else self.background.opaque

    def fingerprint(self, declared: Format) -> str:
        """Changes when, and only when, the bytes of this rendition in that format may change.

        16 hexadecimal digits. The name is not a part of it, nor is any setting that cannot have an effect:
        the gravity of a picture that is neither cropped nor padded, the background of one that is neither
        padded nor flattened, the quality and the effort of other formats. Nor are the other renditions,
        although a small one is made from a larger one: that moves it by less than an eye can see.
        """
        return _fingerprint(self, declared)


@lru_cache(maxsize=512)
def _fingerprint(rendition: Rendition, declared: Format) -> str:
    # Asked for several times for each original.
    outputs: tuple[OutputFormat, ...] = tuple(ENCODINGS) if declared == "original" else (declared,)
    # Over one side alone there is no difference between what fits inside and what covers.
    fit = "inside" if None in (rendition.width, rendition.height) else rendition.fit
    padded = fit == "contain"
    gravity = rendition.gravity if padded or fit == "cover" else Gravity()
    return digest(
        "rendition",
        {
            "width": rendition.width,
            "height": rendition.height,
            "fit": fit,
            # Padding is not a place in the picture: there is nothing to look for.
            "gravity": (gravity.x, gravity.y, "point" if padded else gravity.look),
            "enlarge": rendition.enlarge,
            "sharpen": float(rendition.sharpen),
            "keep": sorted(rendition.keep),
            "format": declared,
            "outputs": {
                output: (
                    rendition.quality_for(output),
                    rendition.effort_for(output),
                    str(rendition.background_for(output)) if padded or not ENCODINGS[output].alpha else None,
                )
                for output in outputs
            },
        },
    )


def digest(what: str, settings: object) -> str:
    """A short, stable name for settings: the same in every process, on every machine, in every release."""
    # OpenSSL comes along: a fifth of what a worker loads, and not needed before the first original.
    from hashlib import blake2b  # noqa: PLC0415

    canonical = msgspec.json.encode(settings, order="sorted")
    return blake2b(canonical, digest_size=8, person=what.encode()).hexdigest()


LONGEST_SIDE = 16383
"""The longest side that every output format can have: WebP's."""

_NAME = r"[a-z0-9][a-z0-9_-]{0,63}"
_TAKEN = "manifests"
_HUNDREDTHS = 100
_DEFAULT_SHARPEN = 0.8
_BOTH_SIDES = {"contain", "cover", "fill"}


def _read_name(value: object, place: Place) -> str | None:
    if isinstance(value, str) and value == _TAKEN:
        return place.wrong(f'a name other than "{_TAKEN}", under which the manifests are kept', value)
    if isinstance(value, str) and re.fullmatch(_NAME, value):
        return value
    return place.wrong(
        "a name of 1-64 letters a-z, digits, _ or -, that begins with a letter or a digit", value
    )


def _read_enlarge(value: object, place: Place) -> Enlarge | None:
    if isinstance(value, bool):
        return "allow" if value else "never"
    if value == "skip":
        return "skip"
    return place.wrong('true, false or "skip"', value)


_sigma = number("true, false or a number 0-10", lambda n: 0 <= n <= 10)  # noqa: PLR2004 - libvips' own range


def _read_sharpen(value: object, place: Place) -> float | None:
    if isinstance(value, bool):
        return _DEFAULT_SHARPEN if value else 0.0
    sigma = _sigma(value, place)
    return None if sigma is None else round(sigma * _HUNDREDTHS) / _HUNDREDTHS


_read_formats: Reader[tuple[Format, ...]] = each(read_format, "formats")


def _read_some_formats(value: object, place: Place) -> tuple[Format, ...] | None:
    if as_list(value) is not None and not value:
        return place.wrong("at least one format", value)
    return _read_formats(value, place)


_read_kept = each(choice({"copyright": "copyright", "icc": "icc"}), 'metadata ("copyright", "icc")')


def _read_keep(value: object, place: Place) -> frozenset[str] | None:
    kept = _read_kept(value, place)
    return None if kept is None else frozenset(kept)


RENDITION: dict[str, Reader[Any]] = {
    "name": _read_name,
    "width": integer(1, LONGEST_SIDE),
    "height": integer(1, LONGEST_SIDE),
    "fit": choice({fit: fit for fit in ("inside", "contain", "cover", "fill", "outside")}),
    "gravity": read_gravity,
    "background": read_colour,
    "enlarge": _read_enlarge,
    "formats": _read_some_formats,
    "quality": read_quality,
    "effort": read_effort,
    "sharpen": _read_sharpen,
    "keep": _read_keep,
}
"""How to read each field of a rendition."""


def read_rendition(value: object, place: Place, strangers: Mapping[str, str]) -> Rendition | None:
    """Read one table of renditions.

    Args:
        value: what stands there.
        place: where.
        strangers: fields of other tables, and the hint for whoever puts one here.
    """
    before = len(place.problems)
    entries = as_table(value)
    found = table(value, place, RENDITION, strangers)
    if entries is None or found is None:
        return None
    if "name" not in entries:
        place.at("name").missing("a name", "it becomes the first part of every key")
    _check_sides(entries, found.get("fit"), place)
    return Rendition(**found) if len(place.problems) == before else None


def _check_sides(entries: Mapping[object, object], fit: object, place: Place) -> None:
    absent = [side for side in ("width", "height") if side not in entries]
    if fit in _BOTH_SIDES:
        for side in absent:
            place.at(side).missing(
                f"an integer 1-{LONGEST_SIDE}", f'fit = "{fit}" needs both width and height'
            )
    elif len(absent) == 2:  # noqa: PLR2004 - both sides
        place.add("a width, a height or both", "neither")


def write_rendition(rendition: Rendition) -> dict[str, object]:
    """A rendition as JSON has it; what is not set is left out."""
    written: dict[str, object] = {
        "name": rendition.name,
        "width": rendition.width,
        "height": rendition.height,
        "fit": rendition.fit,
        "gravity": str(rendition.gravity),
        "background": str(rendition.background),
        "enlarge": {"never": False, "allow": True, "skip": "skip"}[rendition.enlarge],
        "formats": list(rendition.formats),
        "quality": _plain(rendition.quality),
        "effort": _plain(rendition.effort),
        "sharpen": rendition.sharpen,
        "keep": sorted(rendition.keep),
    }
    return {field: value for field, value in written.items() if value is not None}


def _plain(setting: object) -> object:
    table = as_table(setting)
    return setting if table is None else dict(table)
