"""Names of uploads: whatever a browser says, the key is safe to have, and stays as it is the second time."""

from itertools import islice

from fuzz.anatomy import TEXT
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill.errors import Refused
from pixmill.keys import is_litter
from pixmill.local.naming import alternatives, key_for
from pixmill.storage.names import path_of

_WHOLE, _SEGMENT = 1024, 255
_HIDDEN = "\u202e\u200b\ufeff\0\r\n\x7f"


def one(data: bytes) -> None:
    """A key for which any store has a place, or a refusal."""
    # As the page's addresses are read: in UTF-8, or not at all.
    name = data.decode("utf-8", "ignore")
    try:
        key = key_for(name)
    except Refused as error:
        hold(error.code == "unusable-name", "a name is refused as one")
        return
    hold(not is_litter(key), "a key is no litter")
    hold(not any(each in key for each in _HIDDEN), "a key hides nothing")
    hold(key_for(key) == key, "a key stays as it is")
    for each in islice(alternatives(key), 3):
        hold(path_of(each), "every folder has a place for a key")
        hold(len(each.encode()) <= _WHOLE, "every store can hold a key")
        for part in each.split("/"):
            hold(part and not part.startswith("."), "no part is empty or hidden")
            hold(len(part.encode()) <= _SEGMENT, "every folder can hold a name")


_NAMES = (
    "cat.jpg",
    "../../etc/passwd",
    "C:\\photos\\cat.jpg",
    "a\0b?.jpg",
    "con.jpg",
    "photo\u202egpj.exe",
    "e\u0301te\u0301/ plage .jpeg",
    " . . /.hidden/._cat.jpg",
    "x" * 300 + ".jpeg",
    "/".join(["dossier"] * 40) + "/é.png",
    "Thumbs.db",
    "猫.png",
)
_TOKENS = (
    "..",
    "/",
    "\\",
    " ",
    ".",
    "con",
    "aux.",
    "COM1",
    "\u202e",
    "\u0301",
    "\u3000",
    "\ufffd",
    "._",
    ":",
    "\0",
    "ﬁ",
)

TARGET = Target(
    "naming",
    one,
    lambda: [Seed(name.encode(), TEXT) for name in _NAMES],
    tuple(token.encode() for token in (*_TOKENS, ".git/", ".DS_Store", "é" * 120)),
)
