"""The bill of materials: true, complete, valid, and the same each time."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pixmill.infra.bundle import Target, build, sbom
from pixmill.infra.bundle.packages import LOCK, install
from pixmill.version import __version__

from .conftest import Opened

LOCKED = dict(re.findall(r"^([a-z-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a bundle for arm64 is made of."""
    folder = tmp_path_factory.mktemp("packages")
    install(Target(), folder)
    return folder


@pytest.fixture
def bill(packages: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return json.loads(sbom.write(packages, Target(), "0" * 64))


def components(bill: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in bill["components"]:
        yield each
        yield from each.get("components", ())


def test_it_lists_what_is_locked_and_nothing_else(bill: dict[str, Any]) -> None:
    found = {each["name"]: each["version"] for each in bill["components"]}

    assert found == {name: version for name, version in LOCKED.items() if name != "typing-extensions"}


def test_a_component_has_its_purl_its_licence_and_the_hashes_of_the_lock(bill: dict[str, Any]) -> None:
    for each in bill["components"]:
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert each["licenses"][0]["expression"]
        section = LOCK.read_text("utf-8").split(
            f"\n{each['name']}==" if each["name"] != "cffi" else "cffi=="
        )[1]
        expected = re.findall(r"sha256:([0-9a-f]{64})", re.split(r"\n(?=[a-z])", section)[0])
        (reference,) = each["externalReferences"]
        assert [hash_["content"] for hash_ in reference["hashes"]] == expected != []


def test_what_is_inside_of_wheels_is_listed(bill: dict[str, Any]) -> None:
    """Native libraries by our own table, Rust crates as their wheel tells."""
    inside = {
        each["name"]: [part["name"] for part in each.get("components", ())] for each in bill["components"]
    }

    assert {"libvips", "glib", "mozjpeg"} <= set(inside["pyvips-binary"])
    assert {"libheif", "libde265"} <= set(inside["pi-heif"])
    assert len(inside["obstore"]) > 100
    assert "object_store" in inside["obstore"]


def test_whoever_depends_and_is_depended_on_is_listed(bill: dict[str, Any]) -> None:
    refs = {each["bom-ref"] for each in components(bill)} | {f"pkg:pypi/pixmill@{__version__}"}
    edges = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}

    assert {ref for depends in edges.values() for ref in depends} | set(edges) <= refs
    assert [ref.split("@")[0] for ref in edges[f"pkg:pypi/cffi@{LOCKED['cffi']}"]] == ["pkg:pypi/pycparser"]
    assert len(refs) == len(list(components(bill))) + 1


def test_it_is_valid(bill: dict[str, Any]) -> None:
    """By the official schema, and with licences that SPDX knows."""
    validation = pytest.importorskip("cyclonedx.validation.json")
    schema = pytest.importorskip("cyclonedx.schema")
    errors = validation.JsonStrictValidator(schema.SchemaVersion.V1_6).validate_str(json.dumps(bill))
    assert errors is None

    known = pytest.importorskip("cyclonedx.spdx")
    for each in components(bill):
        for licence in each.get("licenses", ()):
            assert known.is_expression(licence["expression"]), each["name"]


def test_it_depends_on_the_contents_alone(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    one, again, other = (sbom.write(packages, Target(), contents * 64) for contents in "001")

    assert one == again
    assert json.loads(one)["serialNumber"] != json.loads(other)["serialNumber"]
    assert "timestamp" not in json.loads(one)["metadata"]


def test_it_has_the_time_that_it_is_given(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    found = json.loads(sbom.write(packages, Target(), "0" * 64))

    assert found["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"


def test_it_is_written_with_the_bundle_and_speaks_of_it(tmp_path: Path) -> None:
    built = build(tmp_path / "worker.zip", precompile="no", sbom=tmp_path / "bill.json")
    found = json.loads((tmp_path / "bill.json").read_text("utf-8"))

    told = {each["name"]: each["value"] for each in found["metadata"]["component"]["properties"]}
    assert told["pixmill:contents"] == built.contents
    assert told["pixmill:architecture"] == "arm64"
    assert built.sha256 == hashlib.sha256((tmp_path / "worker.zip").read_bytes()).hexdigest()


def test_the_bundle_is_what_the_bill_says(opened: Opened, bill: dict[str, Any]) -> None:
    records = [name for name in opened.names if name.endswith(".dist-info/METADATA")]

    assert len(records) == len(bill["components"])
