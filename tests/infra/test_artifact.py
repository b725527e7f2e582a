"""The bundle is built when it is needed and not there, and never twice for the same."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock, patch

import pytest
from tests.infra.deployed import bundle, deploy

from pixmill.errors import Refused
from pixmill.infra import ImagePipeline, artifact
from pixmill.infra.bundle import Target, packages
from pixmill.infra.bundle.bytecode import Interpreter

FUNCTION = "aws:lambda/function:Function"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "pixmill"


@pytest.fixture
def build() -> Iterator[Mock]:
    """In place of the real one, which tests/bundle is about."""

    def fake(path: Path, _: Target) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bundle().read_bytes())

    with patch.object(artifact, "build", Mock(side_effect=fake)) as mock:
        yield mock


def test_it_is_built_once(build: Mock, cache: Path) -> None:
    first = deploy({"bundle": None}).one(FUNCTION)["code"].path
    second = deploy({"bundle": None, "memory_mb": 2048}, name="scans").one(FUNCTION)["code"].path

    assert first == second
    assert Path(first).parent == cache
    build.assert_called_once_with(Path(first), Target())


def test_it_is_built_for_the_functions_processor_and_python(build: Mock) -> None:
    deploy({"bundle": None, "architecture": "x86_64", "python": "3.12"})

    assert build.call_args.args[1] == Target("x86_64", "3.12")


def test_one_that_is_half_there_is_built_again(build: Mock) -> None:
    path = artifact.cached(Target())
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PK")

    deploy({"bundle": None})

    build.assert_called_once()


@pytest.mark.usefixtures("build")
def test_whatever_goes_into_it_has_a_say_in_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [
        artifact.cached(Target()),
        artifact.cached(Target("x86_64")),
        artifact.cached(Target(python="3.14")),
    ]
    monkeypatch.setattr(artifact, "find_interpreter", Mock(return_value=Interpreter("python", "3.13.99")))
    names.append(artifact.cached(Target()))
    lock = tmp_path / "lock.txt"
    lock.write_text("pyvips==99\n", "utf-8")
    for name in ("LOCK", "BUILD_LOCK"):
        monkeypatch.setattr(artifact, name, lock)
        names.append(artifact.cached(Target()))
    package = tmp_path / "package"
    package.mkdir()
    (package / "new.py").write_text("", "utf-8")
    monkeypatch.setattr(artifact, "_PACKAGE", package)
    names.append(artifact.cached(Target()))

    assert len(set(names)) == len(names)


def test_a_bundle_that_is_given_is_taken(build: Mock) -> None:
    assert deploy({"bundle": bundle()}).one(FUNCTION)["code"].path == str(bundle())

    build.assert_not_called()


def test_what_cannot_be_built_is_told_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "find_uv", Mock(side_effect=Refused("uv-not-found")))
    monkeypatch.setattr(artifact, "find_interpreter", Mock(return_value=None))
    monkeypatch.setattr("pixmill.infra.bundle.find_interpreter", Mock(return_value=None))

    with pytest.raises(Refused) as refused:
        ImagePipeline("photos")

    assert refused.value.code == "uv-not-found"
