"""A look into another process's memory."""

from io import RawIOBase
from pathlib import Path


def holds(process: int, secret: bytes) -> bool:
    """Whether some bytes are anywhere in it."""
    maps = Path(f"/proc/{process}/maps").read_text("utf-8").splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        return any(secret in _region(memory, line) for line in maps if _is_readable(line))


def _is_readable(line: str) -> bool:
    return line.split()[1].startswith("r") and not line.endswith(("[vvar]", "[vvar_vclock]", "[vsyscall]"))


def _region(memory: RawIOBase, line: str) -> bytes:
    begin, end = (int(each, 16) for each in line.split(maxsplit=1)[0].split("-"))
    memory.seek(begin)
    return memory.read(end - begin) or b""
