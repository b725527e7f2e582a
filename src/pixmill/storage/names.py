r"""Keys <-> file names, one to one, whatever either may hold.

Nearly every key is its own path. The exceptions come from both sides:

- A file name may hold bytes that are not UTF-8; a key may not. Such a byte becomes U+FFFD, the sign that
  most programs show in its place, and two hex digits: `caf\xe9.jpg` has the key `caf\ufffdE9.jpg`.
- A key may have segments that no path can have. An empty one (`a//b`) becomes a folder or file `%`, and
  `.` and `..` become `%2E` and `%2E%2E`, so that no key leads out of its folder. A character that no
  file name may hold becomes `%` and two hex digits.

A real name that looks like such an escape steps aside: the file `%2E` is the key `.`, so the key `%2E` is
the file `%252E`, and so on. Each rule is a permutation of its own, so their sequence is one as well: every
file has a key, every key has a file, and both ways agree (tests/storage/test_names.py).
"""

import os
import re

from pixmill.errors import Failed

_FORBIDDEN = '\0<>:"\\|?*' + "".join(map(chr, range(1, 32))) if os.name == "nt" else "\0"
_CODES = "|".join(f"{ord(character):02X}" for character in _FORBIDDEN)
_CHARACTER = re.compile(f"([{re.escape(_FORBIDDEN)}])|%(?=(?:25)*(?:{_CODES}))")
_CHARACTER_BACK = re.compile(f"%((?:25)*)({_CODES})")

_SEGMENTS = {"": "%", ".": "%2E", "..": "%2E%2E"}
_SEGMENTS_BACK = {name: segment for segment, name in _SEGMENTS.items()}
_ESCAPED_EMPTY = re.compile("%(?:25)*")
_ESCAPED_SEGMENT = re.compile("%(?:25)*(?:2E|2E%2E)?")

_BYTE = re.compile("(\ufffd*)([\udc80-\udcff])|(\ufffd+)(?=[89A-F][0-9A-F])")
_BYTE_BACK = re.compile("(\ufffd+)([89A-F][0-9A-F])")

_ODD_NAME = re.compile("[%\ufffd\udc80-\udcff]")
_ODD_KEY = re.compile(rf"[%\ufffd\ud800-\udfff{re.escape(_FORBIDDEN)}]|(?:\A|/)\.{{0,2}}(?:/|\Z)")


def segment_of(name: bytes, *, alone: bool = False) -> str:
    r"""The segment of a key that a file or folder name stands for.

    Args:
        name: as the file system has it.
        alone: whether it is the whole path; no key is empty, so there `%` is just `%`.

    >>> segment_of(b"100%.jpg"), segment_of(b"caf\xe9.jpg"), segment_of(b"%2E%2E")
    ('100%.jpg', 'caf\ufffdE9.jpg', '..')
    """
    text = name.decode("utf-8", "surrogateescape")
    if not _ODD_NAME.search(text):
        return text
    if _ESCAPED_SEGMENT.fullmatch(text) and not (alone and _ESCAPED_EMPTY.fullmatch(text)):
        text = _SEGMENTS_BACK[text] if text in _SEGMENTS_BACK else "%" + text[3:]
    return _BYTE.sub(_escape_byte, _CHARACTER_BACK.sub(_unescape_character, text))


def path_of(key: str) -> bytes:
    r"""The path, relative to the root and with slashes, of the file that holds a key.

    Raises:
        Failed: "storage-unavailable": the key is empty, or not one that a store may be given: it holds lone
            surrogates, or spells bytes that do make up UTF-8 as if they did not.

    >>> path_of("cats/100%.jpg"), path_of("a//b"), path_of("../x"), path_of("caf\ufffdE9.jpg")
    (b'cats/100%.jpg', b'a/%/b', b'%2E%2E/x', b'caf\xe9.jpg')
    """
    if not _ODD_KEY.search(key):
        return key.encode()
    segments = key.split("/")
    alone = len(segments) == 1
    try:
        names = [_name(segment, alone=alone).encode("utf-8", "surrogateescape") for segment in segments]
    except UnicodeEncodeError as error:
        raise _impossible(key) from error
    back = [segment_of(name, alone=alone) for name in names]
    if not key or back != segments:
        raise _impossible(key)
    return b"/".join(names)


def _name(segment: str, *, alone: bool) -> str:
    text = _CHARACTER.sub(_escape_character, _BYTE_BACK.sub(_unescape_byte, segment))
    if alone and _ESCAPED_EMPTY.fullmatch(text):
        return text
    if text in _SEGMENTS:
        return _SEGMENTS[text]
    return "%25" + text[1:] if _ESCAPED_SEGMENT.fullmatch(text) else text


def _escape_byte(match: re.Match[str]) -> str:
    # An odd number of signs is an escaped byte, an even number is half as many real signs.
    signs, surrogate, real = match.groups()
    return f"{signs * 2}\ufffd{ord(surrogate) - 0xDC00:02X}" if surrogate else real * 2


def _unescape_byte(match: re.Match[str]) -> str:
    signs, code = match.groups()
    real = "\ufffd" * (len(signs) // 2)
    return real + (chr(0xDC00 + int(code, 16)) if len(signs) % 2 else code)


def _escape_character(match: re.Match[str]) -> str:
    return f"%{ord(match[1]):02X}" if match[1] else "%25"


def _unescape_character(match: re.Match[str]) -> str:
    steps, code = match.groups()
    return f"%{steps[2:]}{code}" if steps else chr(int(code, 16))


def _impossible(key: str) -> Failed:
    return Failed("storage-unavailable", f"No file can hold the key {key!r}.")
