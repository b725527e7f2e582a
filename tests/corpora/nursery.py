"""A process that has loaded engine and reference once, and has a child judge each file: `python -m`.

Loading takes a hundred times longer than judging most files, and forking takes nothing. Only a process
without threads may fork like this, so it is not the one that runs the tests, and no picture is made in it:
libvips would start threads. Standard input has one file on a line, as its name, a tab and its path; standard
output has one finding on a line, as JSON, in that order.
"""

import gc
import sys
from pathlib import Path

import msgspec
import pi_heif  # pyright: ignore[reportMissingTypeStubs]
import pyvips
from PIL import Image
from tests.corpora.judge import judge

from pixmill import engine

# What libvips' binding and the others would look up in every child.
_OPERATIONS = """
bandjoin cast copy extract_area extract_band flatten getpoint gifload_source icc_transform jpegload_source
pngload_source pngsave_buffer premultiply resize shrink tiffload_source unpremultiply webpload_source
"""


def load(operations: str) -> None:
    """Load what the children need, without starting a thread.

    Args:
        operations: names of those of libvips that they use.
    """
    engine.load()
    Image.init()
    pi_heif.libheif_info()  # pyright: ignore[reportUnknownMemberType]
    for operation in operations.split():
        pyvips.Introspect.get(operation)
    gc.freeze()  # a collection in a child would copy the memory that it shares


def main() -> int:
    load(_OPERATIONS)
    for line in sys.stdin.read().splitlines():
        name, _, path = line.partition("\t")
        finding = judge(name, Path(path).read_bytes())
        sys.stdout.buffer.write(msgspec.json.encode(finding) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
