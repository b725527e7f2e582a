"""Samples that were never measured, with figures that can be worked by hand."""

from pixmill.estimate import Picture, Sample, Work

MS = 1_000_000


def made(cpu_ms: int = 50, files: int = 2, file_bytes: int = 60_000) -> Picture:
    """An original that both ways make."""
    return Picture(
        key="a.jpg",
        size=1_000_000,
        pixmill=Work(
            nanoseconds=cpu_ms * MS,
            reads=3,
            writes=files + 1,
            files=files,
            file_bytes=file_bytes,
            record_bytes=1_000,
        ),
        sketch=Work(nanoseconds=2 * cpu_ms * MS, reads=1, writes=2, files=2, file_bytes=80_000),
        stages=frozenset(("probe", "decode", "resize", "encode.jpeg", "placeholder")),
    )


def rejected(cpu_ms: int = 10) -> Picture:
    """One that Pixmill rejects."""
    return Picture(
        key="b.jpg",
        size=1_000,
        pixmill=Work(nanoseconds=cpu_ms * MS, reads=3, writes=1, record_bytes=500),
        sketch=Work(reads=1),
        rejected="truncated",
    )


def sample(*pictures: Picture) -> Sample:
    return Sample(pictures, len(pictures))
