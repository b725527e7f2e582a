"""What happens to a source, by seed: uploads, overwrites and deletes of small real pictures."""

import io
import random
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from PIL import Image

_KINDS = (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "gif"))
_NAMES = ("{}", "a b {}", "{}+%2B", "früh-{}", "cats/& {}", "#{}(1)", "deep/er/{}")
_BROKEN = 0.04  # of all pictures
_MORE = 0.35  # of uploads that are followed by a change of something that is there already
_HOT = 0.7  # of these that befall one of the latest originals, which a worker may be at work on
_LATEST = 8
_SMALLEST, _LARGEST = 24, 120  # pixels


class Change(NamedTuple):
    """An upload or an overwrite, or a delete if there are no bytes."""

    key: str
    data: bytes | None


def changes(seed: int, originals: int) -> Iterator[Change]:
    """Uploads of so many originals, with other changes in between; then such changes without end."""
    dice = random.Random(f"changes {seed}")  # noqa: S311 - pictures, no secret
    versions: dict[str, int] = {}
    gone: set[str] = set()
    keys: list[str] = []
    while True:
        if len(keys) < originals:
            key = _key(len(keys))
            keys.append(key)
            versions[key] = 0
            yield Change(key, picture(seed, key, 0))
            if dice.random() > _MORE:
                continue
        key = dice.choice(keys[-_LATEST:] if dice.random() < _HOT else keys)
        match dice.choice(("new", "new", "back", "delete")):
            case "delete" if key not in gone:
                gone.add(key)
                yield Change(key, None)
                continue
            case "back":  # to what it was before, if it was anything; or it comes again as it went
                versions[key] = max(versions[key] - 1, 0)
            case _:
                versions[key] += 1
        gone.discard(key)
        yield Change(key, picture(seed, key, versions[key]))


@cache
def picture(seed: int, key: str, version: int) -> bytes:
    """A picture like no other, or now and then a file that is none or only half of one."""
    dice = random.Random(f"picture {seed} {key} {version}")  # noqa: S311 - a picture, no secret
    kind, _ = dice.choice(_KINDS)
    size = dice.randint(_SMALLEST, _LARGEST), dice.randint(_SMALLEST, _LARGEST)
    pixels = Image.frombytes("RGB", (6, 4), dice.randbytes(6 * 4 * 3))
    out = io.BytesIO()
    pixels.resize(size, Image.Resampling.BICUBIC).save(out, kind)
    data = out.getvalue()
    if dice.random() > _BROKEN:
        return data
    return dice.choice((b"", data[: len(data) // 2], data[:20], dice.randbytes(200)))


def _key(number: int) -> str:
    """Names as users give them; the extension says nothing about the content."""
    name = _NAMES[number % len(_NAMES)].format(number)
    return f"{name}.{_KINDS[number % len(_KINDS)][1]}"
