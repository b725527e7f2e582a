"""What is in the bundle, and what is not."""

import re
import stat
from fnmatch import fnmatch
from pathlib import Path

import pytest

from pixmill.infra.bundle import archive
from pixmill.infra.bundle.archive import LEFT_OUT
from pixmill.infra.bundle.packages import LOCK

from .conftest import Opened

# Bytes. docs/decisions/0005-bundle.md has the sizes of today.
MOST_COMPRESSED = 27_000_000
MOST_UNZIPPED = 70_000_000

MAGIC = {"3.12": 3531, "3.13": 3571, "3.14": 3627}
"""What .pyc files of each released Python begin with."""

SPEAKS_OF_THIS_MACHINE = re.compile(rb"pixmill-bundle-|" + re.escape(str(Path(__file__).parents[1]).encode()))


def test_the_size_is_within_the_budget(opened: Opened) -> None:
    assert opened.bundle.compressed <= MOST_COMPRESSED
    assert opened.bundle.unzipped <= MOST_UNZIPPED


def test_the_sizes_told_are_those_of_the_zip(opened: Opened) -> None:
    entries = opened.archive.infolist()

    assert opened.bundle.compressed == opened.bundle.path.stat().st_size
    assert opened.bundle.unzipped == sum(entry.file_size for entry in entries)
    assert opened.bundle.files == len(entries)


def test_every_library_is_for_the_targets_processor(opened: Opened) -> None:
    machine = {"arm64": 183, "x86_64": 62}[opened.bundle.target.architecture]

    heads = {name: opened.read(name)[:20] for name in opened.names}
    machines = {
        name: int.from_bytes(head[18:20], "little") for name, head in heads.items() if head[:4] == b"\x7fELF"
    }

    assert {name.partition("/")[0].partition(".")[0] for name in machines} >= {
        *("_libvips", "_cffi_backend", "_pi_heif", "pyjpegli", "PIL", "msgspec", "obstore", "pyvips_binary")
    }
    assert set(machines) >= {name for name in opened.names if ".so" in Path(name).suffixes}
    assert set(machines.values()) == {machine}


def test_libjpeg_is_where_the_engine_looks_for_it(opened: Opened) -> None:
    """Without it plain JPEGs would take some percent longer, and nobody would notice."""
    found = [name for name in opened.names if fnmatch(name, "pillow.libs/libjpeg-*.so.62.*")]

    assert len(found) == 1
    assert b"jpeg_read_scanlines\0" in opened.read(found[0])


def test_what_is_compiled_of_pixmill_is_there_for_the_processor_alone(opened: Opened) -> None:
    machine = {"arm64": "aarch64", "x86_64": "x86_64"}[opened.bundle.target.architecture]

    assert [name for name in opened.names if fnmatch(name, "pixmill/*.so")] == [
        f"pixmill/engine/lanczos/lib/{machine}.so"
    ]


def test_the_packages_are_those_of_the_lock_and_no_other(opened: Opened) -> None:
    """So neither boto3, which Lambda has, nor the command line's packages, pip, uv or setuptools."""
    locked = dict(re.findall(r"^([a-z-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE))
    del locked["typing-extensions"]  # for Pythons before 3.13

    records = [opened.read(name).decode() for name in opened.names if name.endswith(".dist-info/METADATA")]
    told = [dict(re.findall(r"^(Name|Version): (.+)$", each, re.MULTILINE)) for each in records]

    assert {each["Name"].lower().replace("_", "-"): each["Version"] for each in told} == locked


def test_the_parts_of_pixmill_are_those_that_the_worker_needs(opened: Opened) -> None:
    parts = {name.split("/")[1] for name in opened.names if name.startswith("pixmill/")}

    assert {"confinement", "engine", "reconcile", "storage", "recipe", "manifest.py", "errors.py"} <= parts
    assert not parts & LEFT_OUT
    assert {"cli", "infra"} <= LEFT_OUT


def test_nothing_is_in_it_that_is_not_used_on_lambda(opened: Opened) -> None:
    unused = re.compile(
        r"(^|/)(tests?|bin|\.[^/]*)/|(^|/)\.|\.(pyi|h|typed|in)$|"
        r"\.dist-info/(RECORD|WHEEL|INSTALLER|REQUESTED|[^/]*\.json|top_level\.txt)$"
    )

    assert [name for name in opened.names if unused.search(name)] == []


@pytest.mark.parametrize(
    "package", ["pillow", "pyvips", "pyvips_binary", "pi_heif", "msgspec", "pyjpegli", "cffi"]
)
def test_licences_are_kept(opened: Opened, package: str) -> None:
    assert [name for name in opened.names if re.match(rf"{package}-[\d.]+\.dist-info/licenses/.", name)]


def test_every_source_has_its_bytecode_for_lambda(opened: Opened) -> None:
    """Unchecked: what unpacks the bundle may set any time, and Python does not look at the source."""
    if opened.bundle.compiler is None:
        pytest.skip(f"there is no Python {opened.bundle.target.python} here to write bytecode with")
    tag = opened.bundle.target.cache_tag
    expected = {
        re.sub(r"([^/]+)\.py$", rf"__pycache__/\1.{tag}.pyc", name): name
        for name in opened.names
        if name.endswith(".py")
    }

    compiled = {name: opened.read(name) for name in opened.names if name.endswith(".pyc")}

    assert set(compiled) == set(expected)
    for name, data in compiled.items():
        assert int.from_bytes(data[:2], "little") == MAGIC[opened.bundle.target.python]
        assert int.from_bytes(data[4:8], "little") == 0b01, "hashed, not checked"
        assert b"/var/task/" + expected[name].encode() in data


def test_nothing_tells_of_the_machine_that_built_it(opened: Opened) -> None:
    assert [name for name in opened.names if SPEAKS_OF_THIS_MACHINE.search(opened.read(name))] == []


def test_names_are_sorted_and_have_one_time_and_one_mode(opened: Opened) -> None:
    entries = opened.archive.infolist()

    assert opened.names == sorted(set(opened.names))
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries} == {stat.S_IFREG | 0o644}


def test_the_worker_runs_what_the_tests_have_tested() -> None:
    """The same versions of everything as in requirements/runtime.txt."""
    runtime = (Path(__file__).parents[2] / "requirements" / "runtime.txt").read_text("utf-8")
    ours, theirs = (
        re.findall(r"^[a-z][^ ]*==\S+", text, re.MULTILINE) for text in (LOCK.read_text("utf-8"), runtime)
    )

    assert len(ours) > 5
    assert set(ours) <= set(theirs)


def test_a_librarys_processor_is_told_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "library").write_bytes(b"\x7fELF" + bytes(14) + b"\xb7\x00" + bytes(8))
    (tmp_path / "text").write_bytes(b"plain")

    assert archive.elf_machine(tmp_path / "library") == 183
    assert archive.elf_machine(tmp_path / "text") is None
