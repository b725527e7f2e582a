"""What is plain about a JPEG, and what is not."""

import pytest

from pixmill.engine.structure.baseline import is_plain

from .pictures import encoded, exif, scene

SOI = b"\xff\xd8"


def segments(**options: object) -> list[bytes]:
    """A JPEG's segments up to the scan's header, and the rest."""
    data = encoded(scene(64, 48), "jpeg", **options)
    parts, at = [], len(SOI)
    while True:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        parts.append(data[at:end])
        if data[at + 1] == 0xDA:
            return [*parts, data[end:]]
        at = end


def put(parts: list[bytes], marker: int, at: int, value: int, number: int = 0) -> bytes:
    """The file with another byte in a segment; the first byte after the length is number 4."""
    indices = [index for index, part in enumerate(parts[:-1]) if part[1] == marker]
    part = bytearray(parts[indices[number]])
    part[at] = value
    changed = [*parts]
    changed[indices[number]] = bytes(part)
    return SOI + b"".join(changed)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"subsampling": 0},
        {"subsampling": 1},
        {"optimize": True},
        {"restart_marker_blocks": 2},
        {"comment": b"a comment", "icc_profile": bytes(70000)},
        {"exif": exif(Orientation=6)},
    ],
    ids=str,
)
def test_usual_ones_are(options: dict[str, object]) -> None:
    assert is_plain(SOI + b"".join(segments(**options)))


def test_it_is_when_its_end_is_missing() -> None:
    assert is_plain(SOI + b"".join(segments()[:-1]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        SOI,
        encoded(scene(), "png"),
        encoded(scene(), "jpeg", progressive=True),
        encoded(scene(64, 48, "L"), "jpeg"),
        encoded(scene(64, 48, "CMYK"), "jpeg"),
    ],
    ids=["empty", "two bytes", "png", "progressive", "grey", "cmyk"],
)
def test_others_are_not(data: bytes) -> None:
    assert not is_plain(data)


DQT, DHT, SOF, SOS = 0xDB, 0xC4, 0xC0, 0xDA


@pytest.mark.parametrize(
    ("marker", "at", "value", "why"),
    [
        (DQT, 4, 0x20, "a table of 24 bits"),
        (DQT, 4, 0x10, "a table of 16 bits that ends too early"),
        (DQT, 4, 0x04, "a fifth table"),
        (DQT, 4, 0x03, "a table that is not there when it is needed"),
        (DQT, 3, 66, "a segment that ends in a table"),
        (DHT, 4, 0x20, "a class that is not known"),
        (DHT, 4, 0x04, "a fifth table of codes"),
        (DHT, 4, 0x02, "a table of codes that is not there when it is needed"),
        (DHT, 5, 2, "codes that are all ones"),
        (DHT, 20, 255, "more codes than symbols"),
        (DHT, 21, 16, "a difference of 16 bits"),
        (SOF, 4, 12, "12 bits"),
        (SOF, 9, 2, "fewer components than told"),
        (SOF, 6, 0, "a height that is told later"),
        (SOF, 11, 0x31, "a sampling of three"),
        (SOF, 14, 0x12, "chroma finer than luminance"),
        (SOF, 10, 2, "two components of one name"),
        (SOF, 12, 3, "a quantization table that is not there"),
        (SOS, 4, 2, "fewer components in the scan"),
        (SOS, 5, 2, "components in another order"),
        (SOS, 6, 0x20, "a table for averages that is not there"),
        (SOS, 6, 0x02, "a table for the others that is not there"),
        (SOS, 11, 1, "a scan that begins later"),
        (SOS, 12, 62, "a scan that ends sooner"),
        (SOS, 13, 1, "a scan that leaves bits out"),
        (0xE0, 1, 0xC8, "a segment that nobody knows"),
        (0xE0, 0, 0xFE, "bytes between segments"),
        (0xE0, 3, 1, "a length below two"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_slips(marker: int, at: int, value: int, why: str) -> None:
    assert not is_plain(put(segments(), marker, at, value)), why


def test_a_side_that_libjpeg_refuses() -> None:
    data = SOI + b"".join(segments())
    height = data.index(b"\xff\xc0") + 5

    assert is_plain(data[:height] + (65500).to_bytes(2) + data[height + 2 :])
    assert not is_plain(data[:height] + (65501).to_bytes(2) + data[height + 2 :])


def test_two_frame_headers() -> None:
    parts = segments()
    frame = next(part for part in parts if part[1] == SOF)

    assert not is_plain(SOI + frame + b"".join(parts))


def test_a_scan_before_its_frame() -> None:
    parts = [part for part in segments() if part[1] != SOF]

    assert not is_plain(SOI + b"".join(parts))


def test_a_header_cut_anywhere() -> None:
    head = SOI + b"".join(segments()[:-1])

    assert not any(is_plain(head[:length]) for length in range(len(head)))


def test_more_segments_than_any_file_has() -> None:
    comment = b"\xff\xfe\x00\x02"

    assert is_plain(SOI + 900 * comment + b"".join(segments()))
    assert not is_plain(SOI + 1000 * comment + b"".join(segments()))
