"""How finely and how patiently each format is encoded: one table, asked by everything else."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, TypeVar

from pixmill.recipe.problems import did_you_mean, shown, shown_text
from pixmill.recipe.reading import Place, Reader, as_integer, as_table, choice, one_of

Format = Literal["jpeg", "webp", "avif", "png", "original"]
OutputFormat = Literal["jpeg", "webp", "avif", "png", "gif", "tiff"]
Level = Literal["low", "balanced", "high", "best"]

T = TypeVar("T")

DEFAULT_LEVEL: Level = "balanced"
LOSSLESS = 100


class Encoding(NamedTuple):
    """What can be asked of one format's encoder.

    Attributes:
        levels: its quality at each named level; None if it is lossless.
        efforts: the least and the greatest effort it knows; None if it has no such setting.
        effort: what we take if the recipe does not say.
        alpha: whether it keeps transparency.
    """

    levels: Mapping[Level, int] | None = None
    efforts: tuple[int, int] | None = None
    effort: int = 0
    alpha: bool = True


def _levels(low: int, balanced: int, high: int, best: int) -> dict[Level, int]:
    return {"low": low, "balanced": balanced, "high": high, "best": best}


# A level looks alike in every format. The numbers are those at which eight photographs, fitted into
# 800x600, had the same median SSIMULACRA2: 66 low, 77 balanced, 84 high, 88 best, each within 1. JPEG was
# measured with jpegli and with libjpeg-turbo, which agree; WebP and AVIF at the efforts below.
#
# Those efforts are where another step stops paying for its CPU time in a pipeline that makes everything
# ahead of demand: AVIF takes ten times as long at 4 as at 1.
ENCODINGS: dict[OutputFormat, Encoding] = {
    "jpeg": Encoding(_levels(50, 75, 88, 93), alpha=False),
    "webp": Encoding(_levels(61, 82, 92, 97), efforts=(0, 6), effort=4),
    "avif": Encoding(_levels(47, 60, 75, 88), efforts=(0, 9), effort=1),
    "png": Encoding(efforts=(0, 9), effort=6),
    "gif": Encoding(efforts=(1, 10), effort=7),
    "tiff": Encoding(),
}
"""One row for each format that can come out."""

FORMATS: dict[str, Format] = {
    "jpeg": "jpeg",
    "webp": "webp",
    "avif": "avif",
    "png": "png",
    "original": "original",
    "jpg": "jpeg",
}
"""Every word for a format that a recipe can ask for, aliases included."""

_LEVELS = ("low", "balanced", "high", "best")
_ALIASES: dict[object, OutputFormat] = {"jpg": "jpeg", **{name: name for name in ENCODINGS}}
_LOSSY = {name: row for name, row in ENCODINGS.items() if row.levels}
_PATIENT = {name: row for name, row in ENCODINGS.items() if row.efforts}
_MOST_EFFORT = max(row.efforts[1] for row in ENCODINGS.values() if row.efforts)

read_format: Reader[Format] = choice(FORMATS, listed=("jpeg", "webp", "avif", "png", "original"))


def read_quality(value: object, place: Place) -> int | str | dict[str, int | str] | None:
    """Read a level or a number for all formats, or a table of them."""
    if (entries := as_table(value)) is not None:
        return _by_format(entries, place, _LOSSY, "is lossless and has no quality", _quality_of)
    return _one_quality(value, place, f"an integer 1-100, {one_of(_LEVELS)}, or a table of these by format")


def read_effort(value: object, place: Place) -> int | dict[str, int] | None:
    """Read a number for all formats, each of which takes it as far as it can, or a table."""
    if (entries := as_table(value)) is not None:
        return _by_format(entries, place, _PATIENT, "has no effort to set", _effort_of)
    effort = as_integer(value)
    if effort is None or not 0 <= effort <= _MOST_EFFORT:
        return place.wrong(f"an integer 0-{_MOST_EFFORT}, or a table of integers by format", value)
    return effort


def _one_quality(value: object, place: Place, expected: str) -> int | str | None:
    quality = as_integer(value)
    if quality is not None and 1 <= quality <= 100:  # noqa: PLR2004 - the scale of every encoder
        return quality
    if isinstance(value, str) and value in _LEVELS:
        return value
    return place.wrong(expected, value, did_you_mean(value, _LEVELS, '"'))


def _quality_of(_row: Encoding, value: object, place: Place) -> int | str | None:
    return _one_quality(value, place, f"an integer 1-100, or {one_of(_LEVELS)}")


def _effort_of(row: Encoding, value: object, place: Place) -> int | None:
    low, high = row.efforts or (0, 0)
    effort = as_integer(value)
    if effort is None or not low <= effort <= high:
        return place.wrong(f"an integer {low}-{high}", value)
    return effort


def _by_format(
    entries: Mapping[object, object],
    place: Place,
    having: Mapping[str, Encoding],
    without: str,
    read: Callable[[Encoding, object, Place], T | None],
) -> dict[str, T] | None:
    found: dict[str, T] = {}
    before = len(place.problems)
    for key, value in entries.items():
        name = _ALIASES.get(key) if isinstance(key, str) else None
        if name is not None and name in having:
            if name in found:
                place.at(key).wrong(f"each format once ({name} has a value already)", value)
            elif (meaning := read(having[name], value, place.at(key))) is not None:
                found[name] = meaning
            continue
        hint = did_you_mean(key, having, '"')
        if name is not None:
            hint = f"{name} {without}"
        elif key == "original":
            hint = "name the formats that an original may come out in"
        got = f"`{shown_text(key)}`" if isinstance(key, str) else shown(key)
        place.at(key).add(one_of(tuple(having)), got, hint)
    return found if len(place.problems) == before else None
