"""Who takes part, what each needs to have installed, and what it can read."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from floor import compiled
from packages import HERE, NODE, Missing, debian, npm, program, python

from pixmill.settings import FRUGAL

CONTENDERS = HERE / "contenders"
COMMANDS = str(CONTENDERS / "commands.py")
EVERY_FORMAT = frozenset((".jpg", ".png", ".webp", ".avif", ".heic"))
NO_HEIC = EVERY_FORMAT - {".heic"}
SIMD = {"CC": "cc -mavx2"}


@dataclass(frozen=True)
class Peer:
    """One way of doing the job.

    Attributes:
        command: starts it; takes the photos as arguments.
        reads: the endings of the photos that it can read.
        renders: whether its renditions are the picture; the floor's are only as large.
        settings: what it runs with, beside what all do.
        is_command: whether another process does the work, started anew for each photo.
    """

    name: str
    command: tuple[str, ...]
    reads: frozenset[str] = EVERY_FORMAT
    renders: bool = True
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_command(self) -> bool:
        return COMMANDS in self.command


@dataclass(frozen=True)
class Candidate:
    """A peer that takes part if it can be had: `command` sees to that, or raises `Missing`."""

    name: str
    command: Callable[[Path], tuple[str, ...]]
    reads: frozenset[str] = EVERY_FORMAT
    renders: bool = True
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


def own(script: str) -> Callable[[Path], tuple[str, ...]]:
    return lambda _: (sys.executable, str(CONTENDERS / script))


def sharp(script: str) -> Callable[[Path], tuple[str, ...]]:
    def command(folder: Path) -> tuple[str, ...]:
        npm(folder)
        return (NODE, str(CONTENDERS / script))

    return command


def thumbor(folder: Path) -> tuple[str, ...]:
    return str(python(folder, "requirements.txt")), str(CONTENDERS / "thumbor_engine.py")


def pillow_simd(folder: Path) -> tuple[str, ...]:
    """It comes as source, with SSE4; AVX2 is for the asking."""
    script = str(CONTENDERS / "pillow_cascade.py")
    options = ("--no-binary", "pillow-simd", "--no-build-isolation-package", "pillow-simd")
    try:
        return str(python(folder, "pillow-simd.txt", options, **SIMD)), script
    except Missing:
        debian("gcc", "libc6-dev", "python3-dev", "libjpeg62-turbo-dev", "libwebp-dev", "zlib1g-dev")
        return str(python(folder, "pillow-simd.txt", options, **SIMD)), script


def vipsthumbnail(_: Path) -> tuple[str, ...]:
    found = program("vipsthumbnail", package="libvips-tools")
    return sys.executable, COMMANDS, "vipsthumbnail", found


def imagemagick(_: Path) -> tuple[str, ...]:
    found = program("magick", "convert-im6.q16", package="imagemagick")
    return sys.executable, COMMANDS, "convert", found


OURS, SKETCH, FLOOR = "pixmill", "sketch", "floor"
CLONE, CASCADE, PILLOW = "sharp clone", "sharp cascade", "Pillow cascade"

CANDIDATES = (
    Candidate(SKETCH, own("sketch.py")),
    Candidate(CLONE, sharp("sharp_clone.mjs"), NO_HEIC),
    Candidate(CASCADE, sharp("sharp_cascade.mjs"), NO_HEIC),
    Candidate(PILLOW, own("pillow_cascade.py"), NO_HEIC),
    Candidate("pillow-simd", pillow_simd, frozenset((".jpg", ".png", ".webp"))),
    Candidate("thumbor", thumbor),
    Candidate("vipsthumbnail", vipsthumbnail),
    Candidate("ImageMagick", imagemagick),
    Candidate(FLOOR, lambda folder: (str(compiled(folder)),), frozenset((".jpg",)), renders=False),
    Candidate(OURS, own("ours.py"), settings=FRUGAL),
)


def gather(folder: Path) -> tuple[list[Peer], dict[str, str]]:
    """Install what is not there yet. Returns those who take part, and why the others do not."""
    peers: list[Peer] = []
    absent: dict[str, str] = {}
    for candidate in CANDIDATES:
        try:
            command = candidate.command(folder)
        except Missing as reason:
            absent[candidate.name] = str(reason)
            print(f"without {candidate.name}: {reason}", file=sys.stderr)
        else:
            peers.append(
                Peer(candidate.name, command, candidate.reads, candidate.renders, candidate.settings)
            )
    return peers, absent
