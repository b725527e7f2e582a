"""Everything that is passed on has a licence that is known, also what is hidden in wheels."""

import re
import sys
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import pytest

from pixmill.infra.bundle import licences
from pixmill.infra.bundle.packages import LOCK

LOCKED = re.findall(r"^([a-z-]+)==", LOCK.read_text("utf-8"), re.MULTILINE)
HAVING_LIBRARIES = ("cffi", "pi-heif", "pillow", "pyjpegli", "pyvips-binary")

# What a library's file is called where that is not its name.
FILES = {
    "brotlicommon": "brotli",
    "brotlidec": "brotli",
    "jpeg": "libjpeg-turbo",
    "lzma": "liblzma",
    "openjp2": "openjpeg",
    "png16": "libpng",
    "webpdemux": "libwebp",
    "webpmux": "libwebp",
}


def test_every_distribution_of_the_lock_has_a_licence() -> None:
    found = {licences.canonical(each.name): each for each in licences.parts("pixmill") if not each.within}

    assert set(LOCKED) <= set(found)
    assert [name for name in LOCKED if not found[name].licence] == []
    assert {name: found[name].version for name in LOCKED} == {name: version(name) for name in LOCKED}


def test_every_part_has_a_licence_and_a_duty() -> None:
    found = list(licences.parts("pixmill"))

    assert [each.name for each in found if not each.licence or "unknown" in each.duty] == []
    assert {"libvips", "libheif", "libde265", "jpegli", "dav1d"} <= {each.name for each in found}


def test_the_table_is_about_distributions_that_are_locked() -> None:
    assert set(licences.natives()) == set(HAVING_LIBRARIES)
    assert set(HAVING_LIBRARIES) <= set(LOCKED)


@pytest.mark.skipif(sys.platform != "linux", reason="wheels for other systems name their libraries otherwise")
@pytest.mark.parametrize("name", HAVING_LIBRARIES)
def test_every_library_in_a_wheel_is_in_the_table(name: str) -> None:
    """As far as it is a file of its own. What is linked into another library only its builder knows."""
    files = [Path(each) for each in distribution(name).files or ()]
    stems = {
        re.sub(r"^lib|-[0-9a-f]{8}\.so.*$", "", each.name) for each in files if each.parent.suffix == ".libs"
    }
    known = {re.sub("^lib", "", each).lower() for each in licences.natives()[name]}

    named = {re.sub("^lib", "", FILES.get(each, each)).lower() for each in stems}

    assert named <= known


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"License-Expression": "MIT OR Apache-2.0"}, "MIT OR Apache-2.0"),
        ({"License": "ISC License"}, "ISC"),
        ({"License": "BSD-3-Clause", "Classifier": "License :: OSI Approved :: MIT License"}, "BSD-3-Clause"),
        ({"License": "see file", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
        ({"Classifier": "License :: Other/Proprietary License"}, ""),
        ({}, ""),
    ],
)
def test_a_licence_is_an_expression_or_a_word_or_a_classifier(said: dict[str, str], licence: str) -> None:
    assert licences.licence_of(metadata(said)) == licence


@pytest.mark.parametrize(
    ("licence", "duty"),
    [
        ("LGPL-3.0-or-later", "keep its notice and the licence, offer its source, leave it replaceable"),
        ("MPL-2.0", "keep its notice, publish changes to its files"),
        ("MIT OR LGPL-2.1-only", "keep its notice"),
        ("0BSD", "nothing"),
        ("", "unknown: look at its files"),
    ],
)
def test_duties_follow_from_licences(licence: str, duty: str) -> None:
    assert licences.Part("x", "1", licence).duty == duty


def metadata(said: dict[str, str]) -> Any:  # noqa: ANN401 - as importlib.metadata has it
    from email.message import Message  # noqa: PLC0415

    message = Message()
    for name, value in said.items():
        message[name] = value
    return message
