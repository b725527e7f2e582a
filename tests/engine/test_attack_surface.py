"""A file reaches no further than its own pixels: not to other loaders, not to files, not to a network."""

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import pyvips
from tests.engine import confined
from tests.engine.bombs.collection import BOMBS
from tests.engine.foreigners import FOREIGN, PAYLOAD, POLYGLOTS, SCRIPT

from pixmill import engine, render
from pixmill.engine import FORMATS, foreign, loaders, vips
from pixmill.errors import Rejected
from pixmill.recipe import Rendition

from . import planted
from .pictures import encoded, opened, outputs, scene

ROOT = Path(__file__).parents[2]
SMALL_BOMBS = (
    *("png, profile", "jpeg 65,500 x 65,500", "gif, stretched canvas", "tiff 65,535 x 65,535"),
    *("webp 16,383 x 16,383", "avif 30,000 x 30,000", "heic, 15,000,000 frames"),
)
NAMES = ("jpg", "png", "webp", "gif", "tif", "avif", "heic", "bmp", "ico", "svg")


def test_libvips_loads_five_formats_from_memory_and_nothing_else() -> None:
    """Not even these by a file name."""
    assert loaders.found() == set(loaders.BY_FORMAT.values())
    assert len(set(loaders.BY_FORMAT.values())) == 5


@pytest.mark.parametrize("name", ["VipsForeignLoadSvg", "VipsForeignLoadMatrixSource", "VipsForeignLoadHeif"])
def test_a_loader_that_is_open_is_found_at_the_start(name: str) -> None:
    pyvips.operation_block_set(name, False)  # noqa: FBT003 - the C API's own signature
    try:
        with pytest.raises(RuntimeError, match=r"libvips would load by \w+load"):
            loaders.check()
    finally:
        loaders.shut()


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "gif", "tiff"])
def test_no_loader_takes_a_file_name(name: str, tmp_path: Path) -> None:
    place = tmp_path / f"picture.{name}"
    place.write_bytes(encoded(scene(), name))

    with pytest.raises(pyvips.Error, match=r"blocked"):
        vips.call(f"{name}load", str(place))
    with pytest.raises(pyvips.Error):
        pyvips.Image.new_from_file(str(place))


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_picture_is_refused_by_content_whatever_its_name(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And before any decoder sees it."""
    monkeypatch.setattr(vips, "load", None)
    monkeypatch.setattr(foreign, "header", None)

    for extension in NAMES:
        place = tmp_path / f"picture.{extension}"
        place.write_bytes(FOREIGN[what])
        with pytest.raises(Rejected) as caught:
            render(place)
        assert caught.value.code in {"unsupported-format", "not-an-image"}


@pytest.mark.parametrize("what", POLYGLOTS)
def test_a_file_that_is_two_things_is_the_first_and_leaves_the_other_behind(what: str) -> None:
    kind, data = POLYGLOTS[what]
    assert engine.probe(data).format.name == kind

    made = outputs(data, Rendition(name="x", formats=("jpeg", "webp", "avif", "png", "original")))

    for output in made:
        assert PAYLOAD[:12] not in output.data
        assert SCRIPT[:8] not in output.data
        assert b"PK\x03\x04" not in output.data
        assert opened(output).size == (output.width, output.height)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in confined.CALLS, reason="seccomp is Linux's"
)
class TestConfined:
    """Rendering in a process that the kernel ends when anything in it opens a file or a connection."""

    def test_no_picture_opens_a_file_or_a_connection(self) -> None:
        """Good ones, those with metadata, two things at once, foreign ones and bombs."""
        pictures = [
            *(encoded(scene(), name) for name in FORMATS),
            *(data for _, data in POLYGLOTS.values()),
            *FOREIGN.values(),
            *(planted.original(name) for name in FORMATS),
            *(BOMBS[name].make() for name in SMALL_BOMBS),
        ]

        done = self.run(pictures)

        assert done.returncode == 0
        told = done.stdout.split()
        assert len(told) == len(pictures) + 1
        assert told.count(b"made") >= len(FORMATS) + len(POLYGLOTS)

    @pytest.mark.parametrize("who", ["open", "thread"])
    def test_a_c_library_that_opens_a_file_is_found(self, who: str) -> None:
        """Or the test above would show nothing: in whichever of its threads."""
        done = self.run([], who)

        assert done.returncode == -signal.SIGSYS
        assert done.stdout == b""

    @staticmethod
    def run(pictures: list[bytes], then: str = "nothing") -> subprocess.CompletedProcess[bytes]:
        # With metadata, for which Pillow imports more of itself.
        warm = [planted.original(name) for name in FORMATS]
        done = subprocess.run(
            [sys.executable, "-m", "tests.engine.confined"],
            cwd=ROOT,
            # As workers have it. Without, the C library looks up how many processors there are once it has
            # seen many threads at a time.
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},
            input=msgspec.msgpack.encode(confined.Job(warm, pictures, then)),
            stdout=subprocess.PIPE,
            check=False,
            timeout=240,
        )
        if done.returncode == confined.NOT_TO_BE_HAD:
            pytest.skip("the kernel has no seccomp for us")
        return done
