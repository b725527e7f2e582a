"""Numbers in sentences."""


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "file"), count(2, "file")
    ('1 file', '2 files')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
