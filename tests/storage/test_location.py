"""How a place is spelt, and what is told when it is misspelt."""

import os
from pathlib import Path

import pytest

from pixmill.errors import Refused
from pixmill.storage import open_store, overlap
from pixmill.storage.folder import FolderStore


def refused(location: str, *, create: bool = False) -> Refused:
    with pytest.raises(Refused) as caught:
        open_store(location, create=create)
    return caught.value


@pytest.mark.parametrize("name", ["photos", "100% of #1?x", "s3", "a:b", "c:", "file", "~"])
def test_a_folder_is_taken_as_it_is_spelt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).mkdir()

    for location in [name, f"./{name}/", tmp_path / name]:
        store = open_store(location)
        assert isinstance(store, FolderStore)
        assert store.location == str(tmp_path / name)


@pytest.mark.parametrize("start", ["file://", "file://localhost", "FILE://"])
def test_a_folder_may_be_a_url(tmp_path: Path, start: str) -> None:
    (tmp_path / "my photos%").mkdir()

    assert open_store(f"{start}{tmp_path}/my%20photos%25").location == str(tmp_path / "my photos%")


def test_a_folder_whose_name_is_no_utf8_reopens_by_its_location(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9")
    path.mkdir()
    store = open_store(path)
    store.put("a", b"1", media_type="x", expect=None)

    assert store.location
    assert open_store(store.location).head("a") == store.head("a")


def test_a_missing_folder_is_told_unless_it_may_be_made(tmp_path: Path) -> None:
    error = refused(str(tmp_path / "missing"))

    assert error.code == "source-not-found"
    assert error.message == f"There is no folder {tmp_path / 'missing'}."
    store = open_store(tmp_path / "missing" / "deep", create=True)
    with store.claim():
        assert (tmp_path / "missing" / "deep").is_dir()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "cat.jpg").touch()

    for create in [False, True]:
        error = refused(str(tmp_path / "cat.jpg"), create=create)
        assert error.code == "invalid-location"
        assert "is a file" in error.message


@pytest.mark.parametrize(
    ("location", "hint"),
    [
        ("", "Use a folder"),
        ("a\0b", "Use a folder"),
        ("x" * 5000, "Use a folder"),
        ("s3:/photos", "Did you mean s3://photos?"),
        ("s3:photos", "Did you mean s3://photos?"),
        ("s3a://photos/a", "Did you mean s3://photos/a?"),
        ("gcs://photos", "Did you mean gs://photos?"),
        ("http://localhost/photos", "Use a folder"),
        ("file:photos", "Did you mean file:///photos?"),
        ("file://photos/a", "three slashes"),
        ("file:///a?b", "%3F"),
        ("s3://", "Name a bucket"),
        ("s3:///photos", "Name a bucket"),
        ("s3://pho tos", "Name a bucket"),
        ("s3://photos//a", "no empty"),
        ("s3://photos/../a", "no empty"),
        ("s3://photos?endpiont=http://127.0.0.1", "endpoint=..., region=... and kms=..."),
        ("s3://photos?endpoint", "a URL such as"),
        ("s3://photos?endpoint=127.0.0.1:9000", "a URL such as"),
        ("s3://photos?endpoint=http://", "a URL such as"),
        ("s3://photos?endpoint=http://[::1", "a URL such as"),
        ("s3://photos?endpoint=http://a:99999", "a URL such as"),
        ("s3://photos?endpoint=http://a b", "a URL such as"),
        ("s3://photos?endpoint=http://a|b", "a URL such as"),
        ("s3://photos?endpoint=http://a?b", "a URL such as"),
        ("s3://photos?region=", "endpoint=..., region=... and kms=..."),
        ("s3://photos?region=eu north", "endpoint=..., region=... and kms=..."),
        ("s3://photos?kms=", "a KMS key's id"),
        ("s3://photos?kms=photos", "alias/NAME"),
        ("s3://photos?kms=alias/", "alias/NAME"),
        ("s3://photos?kms=alias/a b", "alias/NAME"),
        ("s3://photos?kms=arn:aws:s3:::photos", "its ARN"),
        ("s3://photos?kms=arn:aws:kms:eu-north-1:123:key/1", "its ARN"),
        ("gs://photos?kms=alias/photos", "endpoint=..."),
        ("memory://photos", "nothing more"),
        ("az://photos", "ccount"),
    ],
)
def test_a_misspelt_place_is_told_with_a_hint(
    location: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)

    error = refused(location, create=True)

    assert error.code == "invalid-location"
    assert hint in error.hint


@pytest.mark.parametrize(
    "location",
    [
        "s3://photos",
        "s3://photos/100% of #1",
        "s3://photos/a/b?endpoint=http://127.0.0.1:9000&region=eu-north-1",
        "s3://photos?endpoint=https://[::1]:9000/path",
        "s3://photos/a?kms=1234abcd-12ab-34cd-56ef-1234567890ab",
        "s3://photos/a?kms=mrk-1234abcd12ab34cd56ef1234567890ab",
        "s3://photos/a?region=eu-north-1&kms=alias/teams/photos",
        "s3://photos?kms=arn:aws-us-gov:kms:us-gov-west-1:123456789012:alias/photos",
        "s3://photos?kms=arn:aws:kms:eu-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "gs://photos/a",
        "gs://photos/a?endpoint=http://127.0.0.1:9000",
        "az://photos/a?account=me",
    ],
)
@pytest.mark.usefixtures("aws")
def test_a_bucket_keeps_its_location(location: str) -> None:
    assert open_store(location).location == location
    place, mark, options = location.partition("?")
    assert open_store(f"{place}/{mark}{options}").location == location


@pytest.mark.usefixtures("aws")
def test_an_endpoint_of_the_environment_becomes_part_of_the_location(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/")
    assert open_store("s3://photos").location == "s3://photos?endpoint=http://127.0.0.1:9000"

    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9001")
    assert open_store("s3://photos").location == "s3://photos?endpoint=http://127.0.0.1:9001"
    assert (
        open_store("s3://photos?endpoint=http://127.0.0.1:9002").location
        == "s3://photos?endpoint=http://127.0.0.1:9002"
    )


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("photos", "photos", True),
        ("photos", "photos/small", True),
        ("photos", "photos-small", False),
        ("photos", "link/small", True),
        ("photos", ".", True),
        ("s3://photos", "s3://photos/small", True),
        ("s3://photos", "gs://photos", False),
        ("s3://photos/in", "s3://photos/in2", False),
        ("s3://photos?endpoint=http://127.0.0.1:1", "s3://photos?endpoint=http://127.0.0.1:2", False),
        ("s3://photos?region=eu-north-1", "s3://photos", True),
        ("s3://photos?kms=alias/photos", "s3://photos/small?kms=alias/small", True),
        ("memory://", "memory://", False),
        ("photos", "memory://", False),
    ],
)
def test_overlap_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one: str, other: str, *, expected: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    (tmp_path / "link").symlink_to("photos")

    first, second = open_store(one, create=True), open_store(other, create=True)

    assert overlap(first, second) is expected
    assert overlap(second, first) is expected
    assert overlap(first, first)
