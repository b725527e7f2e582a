"""Of all that an original tells beside its picture, nothing is in any rendition, nor in the manifest.

The originals go the whole way, from a folder to a folder, and whatever is there in the end is searched.
"""

from pathlib import Path

import pytest

from pixmill import engine
from pixmill.engine import encode, vips
from pixmill.engine.encode import Keepsakes
from pixmill.recipe import Recipe
from pixmill.syncing import sync

from . import planted
from .pictures import opened

OUTPUTS = ["jpeg", "webp", "avif", "png", "original"]
KEEPS = {"plain": [], "notice": ["copyright"], "profile": ["icc"], "both": ["copyright", "icc"]}
RECIPE = Recipe.from_dict(
    {
        "rendition": [
            {"name": name, "width": width, "formats": OUTPUTS, "keep": keep}
            for width, (name, keep) in zip((96, 70, 60, 50), KEEPS.items(), strict=True)
        ]
    }
)

Destination = dict[str, bytes]


@pytest.fixture(scope="module")
def destination(tmp_path_factory: pytest.TempPathFactory) -> Destination:
    """All that comes of the originals, by key."""
    source, made = tmp_path_factory.mktemp("originals"), tmp_path_factory.mktemp("made")
    for name in planted.INPUTS:
        (source / f"{name}.{name}").write_bytes(planted.original(name))
    summary = sync(source, made, RECIPE, jobs=1)
    assert summary.made == len(planted.INPUTS), summary
    return {
        path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*") if path.is_file()
    }


def of(destination: Destination, folder: str, name: str) -> Destination:
    prefix = f"{folder}/{name}.{name}."
    return {key: data for key, data in destination.items() if key.startswith(prefix)}


@pytest.mark.parametrize("name", planted.INPUTS)
def test_everything_is_planted_and_can_be_found(name: str) -> None:
    """The tests below would pass on files that carry nothing, and with a search that sees nothing."""
    assert planted.found(planted.original(name)) == planted.places(name)


@pytest.mark.parametrize("rendition", KEEPS)
@pytest.mark.parametrize("name", planted.INPUTS)
def test_renditions_tell_nothing_but_what_is_kept(
    name: str, rendition: str, destination: Destination
) -> None:
    made = of(destination, rendition, name)
    assert len(made) == len({*OUTPUTS[:-1], engine.FORMATS[name].written_as})

    told = engine.probe(planted.original(name))
    icc = "icc" in KEEPS[rendition] and bool(told.profile)
    notice = "copyright" in KEEPS[rendition] and bool(told.copyright)
    for key, data in made.items():
        assert planted.found(data) == ({"icc"} if icc else set()), key
        assert (planted.ARTIST.encode() in data) == notice, key
        assert (planted.COPYRIGHT.encode() in data) == notice, key
        # A TIFF has the notice among its own fields.
        kinds = {"icc": icc, "exif": notice and not key.endswith(".tiff")}
        assert set(engine.probe(data).metadata) == {kind for kind, kept in kinds.items() if kept}, key


@pytest.mark.parametrize("name", planted.INPUTS)
def test_manifests_name_kinds_and_no_content(name: str, destination: Destination) -> None:
    (manifest,) = of(destination, "manifests", name).values()

    assert b'"complete"' in manifest
    assert planted.found(manifest) == set()
    assert planted.ARTIST.encode() not in manifest


@pytest.mark.parametrize("name", planted.INPUTS)
def test_a_rejection_quotes_nothing(name: str, tmp_path: Path) -> None:
    """The decoder's own words are in the manifest of what it cannot read: they must not be the file's."""
    data = planted.original(name)
    for kept in (len(data) // 8, len(data) // 2):
        (tmp_path / "source" / str(kept)).mkdir(parents=True)
        (tmp_path / "source" / str(kept) / f"cut.{name}").write_bytes(data[:kept])

    sync(tmp_path / "source", tmp_path / "made", RECIPE, jobs=1)

    written = [path.read_bytes() for path in (tmp_path / "made").rglob("*") if path.is_file()]
    assert len(written) >= 2
    assert set().union(*map(planted.found, written)) <= {"icc"}


def as_it_is(_: Keepsakes, image: vips.Image) -> vips.Image:
    return image


def test_an_encoder_that_keeps_its_input_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """What libvips does unless it is told otherwise."""
    monkeypatch.setattr(encode, "_KEEP_NONE", 31)
    monkeypatch.setattr(Keepsakes, "attach", as_it_is)
    rendered = engine.render(planted.original("png"), RECIPE, only={("plain", "png"), ("plain", "webp")})

    assert all(planted.found(output.data) for output in rendered.outputs if output.data)
    assert all(opened(output).info.get("exif") for output in rendered.outputs if output.data)
