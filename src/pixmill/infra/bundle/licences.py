"""Under which licences our dependencies are used, and what those ask of whoever passes them on.

A distribution's own licence is read from its metadata. For the native libraries in the wheels there is
`natives.toml`.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from importlib.resources import files
from typing import Any, NamedTuple

_BY_OTHER_NAMES = {
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
}
_SPDX = re.compile(r"[A-Za-z0-9.+-]+")
_BETWEEN = frozenset(("AND", "OR", "WITH"))
_CLASSIFIER = "License :: OSI Approved :: "

_NOTICE = "keep its notice"
_NOTHING = frozenset(("0BSD", "MIT-0", "CC0-1.0", "Unlicense"))
_DUTIES = {
    "LGPL": "keep its notice and the licence, offer its source, leave it replaceable",
    "MPL": "keep its notice, publish changes to its files",
    "Apache": "keep its notice, say what was changed",
}


class Part(NamedTuple):
    """Something that is used under a licence.

    Attributes:
        name: as its makers write it.
        version: empty where its wheel does not say.
        licence: an SPDX expression; empty if nobody says.
        within: the distribution whose wheel has it inside; empty for a distribution.
    """

    name: str
    version: str
    licence: str
    within: str = ""

    @property
    def duty(self) -> str:
        """What the licence asks for, in short; the licence itself is what counts."""
        if not self.licence:
            return "unknown: look at its files"
        for family, duty in _DUTIES.items():
            if family in self.licence and " OR " not in self.licence:
                return duty
        return "nothing" if self.licence in _NOTHING else _NOTICE


def parts(name: str) -> Iterator[Part]:
    """An installed distribution, what is inside of its wheel, and the same of all that it depends on."""
    seen = {canonical(name)}
    waiting = [name]
    while waiting:
        try:
            found = distribution(waiting.pop(0))
        except PackageNotFoundError:
            continue  # for other systems or Pythons than this one
        yield from of(found)
        new = [each for each in requirements(found) if each not in seen]
        seen.update(new)
        waiting.extend(new)


def of(found: Distribution) -> Iterator[Part]:
    """A distribution, and the native libraries in its wheel."""
    yield Part(found.name, found.version, licence_of(found.metadata))
    for library, licence in natives().get(canonical(found.name), {}).items():
        yield Part(library, "", licence, found.name)
    if inside := crates(found):
        words = {word for crate in inside for word in _SPDX.findall(crate.licence)} - _BETWEEN
        yield Part(f"{len(inside)} Rust crates", "", ", ".join(sorted(words)), found.name)


def crates(found: Distribution) -> list[Part]:
    """The Rust crates in a distribution's wheel, as its own SBOM has them."""
    texts = (each.read_text("utf-8") for each in found.files or () if each.match("*.dist-info/sboms/*.json"))
    listed = (each for text in texts for each in json.loads(text).get("components", ()))
    return [
        Part(each["name"], each["version"], _expression(each.get("licenses", ())), found.name)
        for each in listed
        if each.get("purl", "").startswith("pkg:cargo/")
    ]


def requirements(found: Distribution) -> list[str]:
    """The canonical names of what a distribution depends on, without extras."""
    wanted = [each for each in found.requires or () if "extra ==" not in each]
    return sorted({canonical(match[0]) for each in wanted if (match := re.match(r"[\w.-]+", each))})


def canonical(name: str) -> str:
    """A distribution's name as locks have it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(metadata: PackageMetadata) -> str:
    """The licence that a distribution's metadata names: as an expression, or by a word or classifier."""
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    if "License" in metadata:
        said = _BY_OTHER_NAMES.get(metadata["License"], metadata["License"])
        if _SPDX.fullmatch(said):
            return said
    classifiers = metadata.get_all("Classifier") or []
    known = (each.removeprefix(_CLASSIFIER) for each in classifiers if each.startswith(_CLASSIFIER))
    return next((_BY_OTHER_NAMES.get(each, "") for each in known), "")


@cache
def natives() -> dict[str, dict[str, str]]:
    """The licences of the libraries inside of wheels, by distribution and library."""
    return tomllib.loads(files(__package__ or "").joinpath("natives.toml").read_text("utf-8"))


def _expression(licences: Iterable[Mapping[str, Any]]) -> str:
    return " AND ".join(each["expression"] for each in licences if "expression" in each)
