"""The outermost chunk of a WebP (WebP container specification)."""


def is_cut(data: bytes) -> bool:
    """Whether the file is shorter than its first chunk."""
    return 8 + int.from_bytes(data[4:8], "little") > len(data)
