"""What people upload beside pictures, and files that are two things at once, made byte by byte."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

from tests.engine.files import chunk
from tests.engine.pictures import encoded, exif, scene

PAYLOAD = b"<?php passthru('id'); __HALT_COMPILER(); ?>"
"""What no rendition may carry."""

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
_JPEG = encoded(scene(), "jpeg")


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _tar(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _elf(machine: int) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, machine, 1) + bytes(40)


def _video(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + brand + b"iso2" + b"\x00\x00\x00\x08free"


FOREIGN: dict[str, bytes] = {
    "svg": SVG,
    "svg with a byte order mark": b"\xef\xbb\xbf" + SVG,
    "svg after a comment": b"<?xml version='1.0'?>\n<!-- " + b"x" * 3000 + b" -->\n" + SVG,
    "svg in utf-16": SVG.decode().encode("utf-16"),
    "svg, packed": gzip.compress(SVG),
    "pdf": b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n",
    "pdf with a jpeg": b"%PDF-1.4\n1 0 obj\n<</Subtype/Image/Filter/DCTDecode>>\nstream\n"
    + _JPEG
    + b"\nendstream\n",
    "postscript": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "eps with a preview": b"\xc5\xd0\xd3\xc6" + bytes(26) + b"%!PS",
    "mvg": b"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'text:/etc/passwd'\n",
    "msl": b"<?xml version='1.0'?>\n<image><read filename='/etc/passwd'/></image>\n",
    "xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    "html": b"<!doctype html><html><body><img src=x></body></html>",
    "javascript": b"alert(1)//",
    "text": b"Not a picture at all.\n",
    "csv": b"a,b,c\n1,2,3\n",
    "matrix": b"2 2\n1 2\n3 4\n",
    "matrix with a scale": b"3 3 9 0\n1 1 1\n1 1 1\n1 1 1\n",
    "vips": b"\x08\xf2\xa6\xb6" + struct.pack("<15I", 8, 8, 1, 8, 0, 0, 1, *[0] * 8) + bytes(64),
    "vips, the other way": b"\xb6\xa6\xf2\x08" + bytes(124),
    "raw": bytes(range(256)) * 4,
    "pbm": b"P1\n2 2\n1 0 0 1\n",
    "ppm": b"P6\n2 2\n255\n" + bytes(12),
    "pfm": b"PF\n2 2\n-1.0\n" + bytes(48),
    "pam": b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\x00",
    "zip": _zip("cat.jpg", _JPEG),
    "gzip": gzip.compress(_JPEG),
    "xz": lzma.compress(_JPEG),
    "tar": _tar("cat.jpg", _JPEG),
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(24),
    "mp4": _video(b"mp42"),
    "mov": _video(b"qt  "),
    "webm": b"\x1aE\xdf\xa3\x9fB\x86\x81\x01",
    "avi": b"RIFF" + struct.pack("<I", 4) + b"AVI LIST",
    "exe": b"MZ\x90\x00\x03" + bytes(59) + b"PE\x00\x00",
    "elf": _elf(62),
    "class": b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
    "shell": b"#!/bin/sh\nid\n",
    "sqlite": b"SQLite format 3\x00" + bytes(84),
    "psd": b"8BPS\x00\x01" + bytes(20),
    "jp2": b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    "dicom": bytes(128) + b"DICM",
}
"""Files that are no pictures of ours, by what they are."""


def _jpeg_with(segment: bytes) -> bytes:
    return _JPEG[:2] + struct.pack(">BBH", 0xFF, 0xFE, len(segment) + 2) + segment + _JPEG[2:]


def _png_with(name: bytes, body: bytes) -> bytes:
    data = encoded(scene(), "png")
    return data[:33] + chunk(name, body) + data[33:]


def _gif_with(comment: bytes) -> bytes:
    data = encoded(scene(), "gif")
    return data[:-1] + b"\x21\xfe" + bytes((len(comment),)) + comment + b"\x00;"


POLYGLOTS: dict[str, tuple[str, bytes]] = {
    "jpeg and zip": ("jpeg", _JPEG + _zip("a.php", PAYLOAD)),
    "jpeg and php": ("jpeg", _JPEG + PAYLOAD),
    "jpeg and php in a comment": ("jpeg", _jpeg_with(PAYLOAD)),
    "jpeg and php in exif": (
        "jpeg",
        encoded(scene(), "jpeg", exif=exif(ImageDescription=PAYLOAD.decode(), Model=PAYLOAD.decode())),
    ),
    "jpeg and pdf": ("jpeg", _jpeg_with(FOREIGN["pdf"]) + PAYLOAD),
    "jpeg and elf": ("jpeg", _JPEG + _elf(62) + PAYLOAD),
    "png and html": ("png", _png_with(b"tEXt", b"Comment\x00" + SCRIPT + PAYLOAD)),
    "png and html, packed": ("png", _png_with(b"zTXt", b"Comment\x00\x00" + zlib.compress(SCRIPT + PAYLOAD))),
    "png and php in a chunk of its own": ("png", _png_with(b"phPh", PAYLOAD)),
    "png and zip": ("png", encoded(scene(), "png") + _zip("a.php", PAYLOAD)),
    "gif and jar": ("gif", encoded(scene(), "gif") + _zip("A.class", FOREIGN["class"] + PAYLOAD)),
    "gif and script": ("gif", _gif_with(SCRIPT + PAYLOAD)),
    "bmp and php": ("bmp", encoded(scene(), "bmp") + PAYLOAD),
    "webp and php": ("webp", encoded(scene(), "webp", xmp=PAYLOAD) + PAYLOAD),
    "tiff and php": ("tiff", encoded(scene(), "tiff", description=PAYLOAD.decode()) + PAYLOAD),
    "avif and php": (
        "avif",
        encoded(scene(), "avif", xmp=PAYLOAD) + struct.pack(">I", 8 + len(PAYLOAD)) + b"free" + PAYLOAD,
    ),
    "heic and php": (
        "heic",
        encoded(scene(), "heic", xmp=PAYLOAD) + struct.pack(">I", 8 + len(PAYLOAD)) + b"free" + PAYLOAD,
    ),
    "ico and php": ("ico", encoded(scene(64, 64), "ico") + PAYLOAD),
    "jpeg in front of svg": ("jpeg", _JPEG + SVG + PAYLOAD),
}
"""Files that are a picture, and something else besides: the picture's format, and the file."""
