"""The file header of a BMP."""


def is_cut(data: bytes) -> bool:
    """Whether the file is shorter than it says."""
    return int.from_bytes(data[2:6], "little") > len(data)
