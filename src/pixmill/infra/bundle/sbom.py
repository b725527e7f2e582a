"""What is in a bundle, as a software bill of materials: CycloneDX 1.6 in JSON (ECMA-424).

It depends on the bundle's contents alone. There is a time in it only where SOURCE_DATE_EPOCH gives one.
"""

import json
import os
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from pixmill.infra.bundle.licences import canonical, crates, licence_of, natives, requirements
from pixmill.infra.bundle.packages import LOCK
from pixmill.infra.bundle.target import Target
from pixmill.version import __version__

_OURS = f"pkg:pypi/pixmill@{__version__}"
_Json = dict[str, Any]


def write(packages: Path, target: Target, contents: str) -> bytes:
    """The bill of a bundle.

    Args:
        packages: the folder that the packages were installed to.
        target: what the bundle is for.
        contents: the fingerprint of its files.
    """
    found = {canonical(each.name): each for each in distributions(path=[str(packages)])}
    refs = {name: _purl(name, each.version) for name, each in found.items()}
    hashes = locked()
    worker = {
        "type": "application",
        "bom-ref": _OURS,
        "name": "pixmill",
        "version": __version__,
        "licenses": [{"expression": "Apache-2.0"}],
        "purl": _OURS,
        "properties": [
            {"name": "pixmill:architecture", "value": target.architecture},
            {"name": "pixmill:contents", "value": contents},
            {"name": "pixmill:python", "value": target.python},
        ],
    }
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{_OURS}#{contents}')}",
        "version": 1,
        "metadata": {**_time(os.environ), "component": worker},
        "components": [_component(name, found[name], hashes.get(name, ())) for name in sorted(found)],
        "dependencies": [
            {"ref": _OURS, "dependsOn": sorted(refs.values())},
            *(
                {
                    "ref": refs[name],
                    "dependsOn": [refs[each] for each in requirements(found[name]) if each in refs],
                }
                for name in sorted(found)
            ),
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def locked() -> dict[str, list[str]]:
    """The SHA-256 hashes that the lock allows, by distribution: one for each of its files."""
    hashes: dict[str, list[str]] = {}
    name = ""
    for line in LOCK.read_text("utf-8").splitlines():
        if match := re.match(r"[\w.-]+(?===)", line):
            name = canonical(match[0])
        hashes.setdefault(name, []).extend(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    return hashes


def _component(name: str, found: Distribution, hashes: Iterable[str]) -> _Json:
    purl = _purl(name, found.version)
    inside = [
        *(_inner(purl, "native", each, "", licence) for each, licence in natives().get(name, {}).items()),
        *(_inner(purl, "cargo", each.name, each.version, each.licence) for each in crates(found)),
    ]
    licence = licence_of(found.metadata)
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": found.version,
        **({"licenses": [{"expression": licence}]} if licence else {}),
        "purl": purl,
        "externalReferences": [
            {
                "type": "distribution",
                "url": purl,
                "comment": "One of the files with these hashes was installed; no other would have been.",
                "hashes": [{"alg": "SHA-256", "content": each} for each in hashes],
            }
        ],
        **({"components": inside} if inside else {}),
    }


def _inner(outer: str, kind: str, name: str, version: str, licence: str) -> _Json:
    """A library inside of a wheel. Of native ones nobody but their builder knows the version."""
    return {
        "type": "library",
        "bom-ref": f"{outer}#{kind}/{name}" + (f"@{version}" if version else ""),
        "name": name,
        **({"version": version} if version else {}),
        **({"licenses": [{"expression": licence}]} if licence else {}),
        **({"purl": f"pkg:cargo/{name}@{version}"} if kind == "cargo" else {}),
    }


def _purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _time(environment: Mapping[str, str]) -> _Json:
    seconds = environment.get("SOURCE_DATE_EPOCH", "")
    return {"timestamp": datetime.fromtimestamp(int(seconds), UTC).isoformat()} if seconds.isdecimal() else {}
