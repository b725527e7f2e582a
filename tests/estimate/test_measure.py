"""Measuring a sample: real pictures through the real reconcile, every call counted."""

import shutil
from pathlib import Path

import pytest
from PIL import Image
from tests.cli.command import jpeg

from pixmill.errors import Refused
from pixmill.estimate import Sample
from pixmill.estimate.measure import measure
from pixmill.recipe import Recipe

PHOTOS = Path(__file__).parents[2] / "examples" / "photos"
RECIPE = Recipe.default()


def measured(*places: Path, recipe: Recipe = RECIPE, most: int = 100) -> Sample:
    return measure([str(place) for place in places], recipe, most=most)


def test_an_original_costs_three_writes_and_three_reads(here: Path) -> None:
    """Two renditions and a manifest; the original, the manifest that is not there, and a second look at the
    original."""
    (here / "a.jpg").write_bytes(jpeg())

    (picture,) = measured(here).pictures

    assert (picture.pixmill.writes, picture.pixmill.reads, picture.pixmill.files) == (3, 3, 2)
    assert picture.pixmill.nanoseconds > 0
    assert picture.pixmill.record_bytes > 500
    assert {"probe", "decode", "encode.jpeg"} <= picture.stages


def test_what_is_rejected_costs_a_manifest_and_three_reads(here: Path) -> None:
    (here / "notes.txt").write_bytes(b"Not a picture at all.")
    shutil.copy(PHOTOS / "broken-upload.jpg", here)

    found = measured(here)

    assert found.rejected == {"not-an-image": 1, "truncated": 1}
    for picture in found.pictures:
        assert (picture.pixmill.writes, picture.pixmill.reads, picture.pixmill.files) == (1, 3, 0)
        assert picture.pixmill.nanoseconds > 0


def test_what_is_too_large_never_reaches_the_engine(here: Path) -> None:
    (here / "a.jpg").write_bytes(jpeg())
    recipe = Recipe.from_dict({"limits": {"max_bytes": 10}, "rendition": [{"name": "a", "width": 10}]})

    (picture,) = measured(here, recipe=recipe).pictures

    assert (picture.rejected, picture.pixmill.nanoseconds, picture.pixmill.writes) == ("too-many-bytes", 0, 1)


def test_formats_that_are_one_object_are_one_write(here: Path) -> None:
    (here / "a.jpg").write_bytes(jpeg())
    recipe = Recipe.from_dict({"rendition": [{"name": "a", "width": 10, "formats": ["jpeg", "original"]}]})

    (picture,) = measured(here, recipe=recipe).pictures

    assert (picture.pixmill.writes, picture.pixmill.files) == (2, 1)


def test_the_sketch_makes_two_padded_jpegs_with_one_read(here: Path) -> None:
    (here / "a.jpg").write_bytes(jpeg())

    (picture,) = measured(here).pictures

    assert (picture.sketch.reads, picture.sketch.writes, picture.sketch.files) == (1, 2, 2)
    assert picture.sketch.nanoseconds > 0


def test_the_sketch_goes_by_the_name_and_looks_at_no_heic() -> None:
    (picture,) = measured(PHOTOS / "travel" / "waterfall.heic").pictures

    assert picture.rejected is None
    assert (picture.sketch.reads, picture.sketch.files, picture.sketch.nanoseconds) == (0, 0, 0)


def test_where_pillow_fails_the_sketch_has_read_and_written_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A HEIC that is called .jpg: we go by the content, the sketch by the name."""
    # As Pillow is by itself, whatever plug-in another test has registered.
    monkeypatch.setattr(Image, "ID", [each for each in Image.ID if each != "HEIF"])
    shutil.copy(PHOTOS / "travel" / "waterfall.heic", here / "a.jpg")

    (picture,) = measured(here).pictures

    assert picture.pixmill.files == 2
    assert (picture.sketch.reads, picture.sketch.writes, picture.sketch.files) == (1, 0, 0)
    assert picture.sketch.nanoseconds > 0


def test_nothing_is_written_and_what_systems_leave_is_no_picture(here: Path) -> None:
    (here / "a.jpg").write_bytes(jpeg())
    (here / ".DS_Store").write_bytes(b"\0")

    assert measured(here).found == 1
    assert sorted(path.name for path in here.iterdir()) == [".DS_Store", "a.jpg"]


def test_a_large_sample_is_measured_in_part_and_evenly(here: Path) -> None:
    for number in range(9):
        (here / f"{number}.jpg").write_bytes(jpeg())

    found = measured(here, most=3)

    assert ([picture.key for picture in found.pictures], found.found) == (["0.jpg", "3.jpg", "6.jpg"], 9)


def test_files_and_folders_make_one_sample(here: Path) -> None:
    (here / "folder").mkdir()
    for name in ("folder/a.jpg", "b.jpg", "c.jpg"):
        (here / name).write_bytes(jpeg())

    found = measured(here / "folder", here / "b.jpg")

    assert [picture.key for picture in found.pictures] == ["a.jpg", "b.jpg"]


def test_a_place_that_is_not_there_is_refused(here: Path) -> None:
    with pytest.raises(Refused) as caught:
        measured(here / "none")

    assert caught.value.code == "source-not-found"


def test_a_folder_without_files_is_refused(here: Path) -> None:
    with pytest.raises(Refused) as caught:
        measured(here)

    assert caught.value.code == "source-not-found"
