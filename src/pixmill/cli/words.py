"""Numbers as people read them."""

MINUS = "\u2212"
ARROW = "\u2192"
TIMES = "\u00d7"

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")
_THOUSAND = 1000
_KIBI = 1024
_MINUTE = 60
_HOUR = 3600


def size(count: int) -> str:
    """A number of bytes in decimal units.

    >>> size(0), size(999), size(4880), size(64_000_000)
    ('0 bytes', '999 bytes', '4.9 kB', '64 MB')
    """
    value, unit = float(abs(count)), 0
    while value >= _THOUSAND - 0.5 and unit < len(_UNITS) - 1:
        value, unit = value / _THOUSAND, unit + 1
    sign = MINUS if count < 0 else ""
    return f"{sign}{_three_digits(value) if unit else int(value)} {_UNITS[unit]}"


def binary_size(count: int) -> str:
    """A number of bytes in binary units, as limits are written.

    >>> binary_size(1000), binary_size(64 << 20), binary_size(3 << 29)
    ('1000 bytes', '64 MiB', '1.5 GiB')
    """
    value, unit = float(count), 0
    while value >= _KIBI and unit < len(_UNITS) - 1:
        value, unit = value / _KIBI, unit + 1
    return f"{value:.4g} {_UNITS[unit][0].upper()}iB" if unit else f"{count} bytes"


def duration(seconds: float) -> str:
    """A span of time.

    >>> duration(0.0312), duration(1.94), duration(75), duration(3700)
    ('31 ms', '1.9 s', '1 min 15 s', '1 h 1 min')
    """
    if seconds < 0.9995:  # noqa: PLR2004 - else it would round to 1000 ms
        return f"{seconds * _THOUSAND:.0f} ms"
    if seconds < _MINUTE:
        return f"{_three_digits(seconds)} s"
    if seconds < _HOUR:
        return "{} min {} s".format(*divmod(int(seconds), _MINUTE))
    return "{} h {} min".format(*divmod(int(seconds) // _MINUTE, _MINUTE))


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun.

    >>> count(1, "original"), count(12345, "original"), count(2, "copy", "copies")
    ('1 original', '12,345 originals', '2 copies')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def saving(before: int, after: int) -> str:
    """How much smaller something has become.

    >>> saving(1000, 1200), saving(0, 5)
    ('+20 %', '')
    >>> saving(1000, 180) == MINUS + "82 %"
    True
    """
    if not before:
        return ""
    change = round(100 * (after - before) / before)
    return f"{MINUS if change < 0 else '+'}{abs(change):,} %"


def pixels(width: object, height: object) -> str:
    """A size in pixels.

    >>> pixels(800, 600) == "800" + TIMES + "600"
    True
    """
    return f"{width}{TIMES}{height}"


def change(before: int, after: int) -> str:
    """Two sizes in bytes, one after the other.

    >>> change(2_800_000, 1_400_000) == "2.8 MB " + ARROW + " 1.4 MB"
    True
    """
    return f"{size(before)} {ARROW} {size(after)}"


def _three_digits(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"  # noqa: PLR2004 - else it would round to 10.0
