"""EXIF: any block has an orientation, perhaps a notice, and a notice that is written is read again."""

from fuzz import seeds
from fuzz.anatomy import TIFF
from fuzz.law import hold
from fuzz.target import Seed, Target
from pixmill.engine import exif


def one(data: bytes) -> None:
    """Nothing is raised, and nothing comes out that could not stand in a text field."""
    hold(exif.orientation(data) in range(1, 9), "an orientation is 1-8")
    exif.has_place(data)
    notice = exif.notice(data)
    hold(all(text and text.isprintable() for _, text in notice), "a notice can be printed")
    # Of a field that is there several times, the last is written.
    kept = tuple(dict(notice).items())
    hold(exif.notice(exif.written(kept)) == kept, "a notice that is written is read again")


def _seeds() -> list[Seed]:
    files = seeds.made()
    blocks = [data[at + 6 :][:4096] for data in files if (at := data.find(exif.MARK)) >= 0]
    tiffs = [data[:4096] for data in files if data[:2] in {b"II", b"MM"}]
    written = exif.written((("Artist", "Jo Doe"), ("Copyright", "© 2026 Jo Doe")))
    return [Seed(data, TIFF) for data in (*blocks, *tiffs, written, exif.MARK + written)]


TARGET = Target("exif", one, _seeds, (b"II*\x00", b"MM\x00*", exif.MARK, b"\x98\x82\x02\x00", b"\x12\x01"))
