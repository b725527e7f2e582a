"""What the system tells of processes. Of one that has ended it tells nothing."""

from pathlib import Path

_LISTENS = "0A"  # the state of a socket, in the system's table


def children(process: int) -> list[int]:
    """The processes that a process has started, and that are still there."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for each in lists for child in _read(each).split()]


def environment(process: int) -> dict[str, str]:
    """The environment that a process was started with."""
    variables = [
        each.decode().partition("=") for each in _read(Path(f"/proc/{process}/environ")).split(b"\0")
    ]
    return {name: value for name, equals, value in variables if equals}


def lives(process: int) -> bool:
    """Whether a process is there, as more than an entry that nobody has collected yet."""
    status = _read(Path(f"/proc/{process}/status"))
    return bool(status) and b"\nState:\tZ" not in status


def addresses(process: int) -> set[str]:
    """The addresses that a process listens on, in hexadecimal."""
    links = [str(each.readlink()) for each in Path(f"/proc/{process}/fd").iterdir()]
    own = {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:")}
    tables = [_read(Path(f"/proc/{process}/net/{name}")).decode() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()[1:]]
    return {row[1].partition(":")[0] for row in rows if row[3] == _LISTENS and row[9] in own}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
