"""From what a browser says a file is called to a key that is safe to have."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

from pixmill.errors import Refused
from pixmill.keys import is_litter

_LONGEST = 200  # bytes of a segment; a file system takes 255, and " (2)" may be added
_DEEPEST = 16
_WHOLE = 800  # bytes of a key
_EXTENSION = 16  # characters
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*\ufffd]')
# What Windows takes for a device, whatever the extension.
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)", re.IGNORECASE)


def key_for(name: str) -> str:
    r"""The key for an upload, from its name or its path in a folder that was dropped.

    Raises:
        Refused: "unusable-name": nothing is left of it, or it is what systems leave among pictures.

    >>> key_for("../../etc/passwd"), key_for("C:\\photos\\cat.jpg"), key_for("a\x00b?.jpg")
    ('etc/passwd', 'C_/photos/cat.jpg', 'ab_.jpg')
    """
    parts = [part for part in _SEPARATORS.split(name) if part.strip(". ")]
    if not parts:
        raise Refused("unusable-name", "The file has no name.")
    key = "/".join(_segment(part) for part in parts[-_DEEPEST:])
    if is_litter("/".join(part.strip() for part in parts)) or is_litter(key):
        raise Refused("unusable-name", f"{parts[-1]} is what systems leave among pictures.")
    if len(key.encode()) > _WHOLE:
        key = key.rpartition("/")[2]
    return key


def alternatives(key: str) -> Iterator[str]:
    """The key itself, then others like it, for as long as they are taken.

    >>> from itertools import islice
    >>> list(islice(alternatives("cats/cat.jpg"), 3))
    ['cats/cat.jpg', 'cats/cat (2).jpg', 'cats/cat (3).jpg']
    """
    yield key
    folder, slash, name = key.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    for number in count(2):
        yield f"{folder}{slash}{stem} ({number}){dot}{extension}"


def _segment(part: str) -> str:
    # What cannot be printed is no loss, and may turn the direction of text or hide an extension.
    text = "".join(" " if unicodedata.category(each) == "Zs" else each for each in part)
    # Only then, since what is left of it may be composed.
    text = unicodedata.normalize("NFC", "".join(filter(str.isprintable, text)))
    # A dot at the front hides a file, and at the end Windows drops it; so do several, with blanks between.
    text = _FORBIDDEN.sub("_", text).strip(". ") or "unnamed"
    if _DEVICES.match(text):
        text = f"_{text}"
    return _shortened(text)


def _shortened(text: str) -> str:
    if len(text.encode()) <= _LONGEST:
        return text
    stem, dot, extension = text.rpartition(".")
    if not stem or len(extension) > _EXTENSION:
        stem, dot, extension = text, "", ""
    end = f"{dot}{extension}"
    return stem.encode()[: _LONGEST - len(end.encode())].decode("utf-8", "ignore").rstrip(". ") + end
