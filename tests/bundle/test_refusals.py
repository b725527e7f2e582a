"""What is not built, and why."""

import re
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from tests.cli.command import in_process

from pixmill.errors import Failed, Refused
from pixmill.infra import bundle
from pixmill.infra.bundle import Target, archive, build, bytecode, packages

PYVIPS = re.compile(r"^pyvips==.*?(?=^\S)", re.MULTILINE | re.DOTALL)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the bundle would be."""
    return tmp_path / "out" / "worker.zip"


@pytest.mark.parametrize("options", [("arm", "3.13"), ("arm64", "3.11"), ("arm64", "3.13.1")])
def test_a_target_that_lambda_does_not_have_is_refused(options: tuple[Any, Any]) -> None:
    with pytest.raises(Refused, match="Expected one of") as refused:
        Target(*options)

    assert refused.value.code == "invalid-option"


def test_without_uv_it_says_so(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    with pytest.raises(Refused) as refused:
        build(place)

    assert refused.value.code == "uv-not-found"
    assert "pip install uv" in refused.value.hint
    assert not place.exists()


def test_bytecode_that_was_asked_for_and_cannot_be_written_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "find_interpreter", Mock(return_value=None))

    with pytest.raises(Refused) as refused:
        build(place, precompile="yes")

    assert refused.value.code == "python-not-found"


@pytest.mark.parametrize("lock", ["LOCK", "BUILD_LOCK"])
def test_a_file_that_is_not_the_one_that_was_locked_is_not_taken(
    lock: str, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a package, nor what builds pyvips: an empty cache makes uv build it anew."""
    only_pyvips(tmp_path, monkeypatch)
    forged = tmp_path / "forged.txt"
    text = getattr(packages, lock).read_text("utf-8")
    forged.write_text(re.sub(r"sha256:[0-9a-f]{64}", "sha256:" + 64 * "0", text), "utf-8")
    monkeypatch.setattr(packages, lock, forged)

    with pytest.raises(Failed, match="Hash mismatch") as failed:
        build(place, precompile="no")

    assert failed.value.code == "packages-unavailable"
    assert not place.exists()


def test_pyvips_is_built_without_a_library_even_where_libvips_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pkg-config that knows libvips is not asked."""
    only_pyvips(tmp_path, monkeypatch)
    asked, tool = tmp_path / "asked", tmp_path / "pkg-config"
    tool.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n', "utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    folder = tmp_path / "packages"
    folder.mkdir()

    packages.install(Target(), folder)

    assert not asked.exists()
    assert (folder / "pyvips" / "vimage.py").is_file()
    assert [path for path in folder.rglob("*") if path.is_file() and archive.elf_machine(path)] == []


def test_a_lock_that_leaves_out_a_hash_is_not_taken(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("pycparser==3.12\n", "utf-8")
    monkeypatch.setattr(packages, "LOCK", lock)

    with pytest.raises(Failed, match="--require-hashes"):
        build(place, precompile="no")


def test_a_bundle_that_cannot_run_is_not_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def install(_: Target, folder: Path) -> None:
        (folder / "library.so").write_bytes(b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little"))

    monkeypatch.setattr(bundle, "install", install)

    with pytest.raises(Failed, match="not made for arm64"):
        build(place, precompile="no")

    assert not place.exists()


def test_a_library_for_another_processor_is_found(tmp_path: Path) -> None:
    library = tmp_path / "library.so"
    library.write_bytes(b"\x7fELF" + bytes(14) + (62).to_bytes(2, "little"))

    archive.check({"a/library.so": library}, Target("x86_64"))
    with pytest.raises(Failed, match=r"a/library\.so is not made for arm64") as failed:
        archive.check({"a/library.so": library}, Target("arm64"))

    assert failed.value.code == "bundle-unfit"


def test_more_than_lambda_takes_is_found(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(archive.MOST_UNZIPPED + 1)

    with pytest.raises(Failed, match="262144001 bytes"):
        archive.check({"large": large}, Target())


def test_a_source_that_the_python_does_not_understand_is_found(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text("match match:\n  what\n", "utf-8")
    here = bytecode.Interpreter(sys.executable, "3")

    with pytest.raises(Failed, match="Python 3 cannot compile") as failed:
        bytecode.compile_sources(here, Target(), {"new.py": tmp_path / "new.py"}, tmp_path)

    assert failed.value.code == "bundle-unfit"


def test_a_python_of_another_version_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if it goes by the right name, as pyenv's stand-ins do."""
    other = tmp_path / "python3.14"
    other.symlink_to(sys.executable)
    broken = tmp_path / "bin" / "python3.14"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 127\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(bytecode, "_candidates", Mock(return_value=[str(other), str(broken), "/nowhere"]))

    assert bytecode.find_interpreter(Target(python="3.14")) is None


def test_a_file_that_is_no_bundle_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "photos.zip").write_bytes(b"precious")

    done = in_process(tmp_path)("bundle", "-o", "photos.zip")

    assert done.status == 2
    assert "error[file-exists]" in done.err
    assert (tmp_path / "photos.zip").read_bytes() == b"precious"


def only_pyvips(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock of one package, and a cache that has never seen it."""
    lock = folder / "pyvips.txt"
    found = PYVIPS.search(packages.LOCK.read_text("utf-8"))
    assert found
    lock.write_text(found[0], "utf-8")
    monkeypatch.setattr(packages, "LOCK", lock)
    monkeypatch.setenv("UV_CACHE_DIR", str(folder / "cache"))
