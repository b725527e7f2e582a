"""`from pixmill import ...`."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command import jpeg

import pixmill
from pixmill import Recipe, Refused, Rejected, render


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", pixmill.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(pixmill, name) is not None
    assert name in dir(pixmill)


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'pixmill' has no attribute 'snyc'"):
        _ = pixmill.snyc  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", ["pixmill", "pixmill.errors", "pixmill.recipe"])
def test_errors_and_recipes_do_not_load_libvips(module: str) -> None:
    code = f"import sys, {module}; print({{'pyvips', 'PIL', 'obstore', 'rich', 'typer'}} & set(sys.modules))"

    assert in_a_fresh_process(code) == "set()"


def test_sync_is_the_function_whatever_was_imported_before() -> None:
    code = "import pixmill.app, pixmill.syncing.worker; from pixmill import sync; print(type(sync).__name__)"

    assert in_a_fresh_process(code) == "function"


def test_render_takes_bytes_or_a_path(tmp_path: Path) -> None:
    data, path = jpeg(), tmp_path / "a.jpg"
    path.write_bytes(data)

    results = [[output.data for output in render(image).outputs] for image in (data, path, str(path))]

    assert results[0] == results[1] == results[2]
    assert all(results[0])


def test_render_judges_a_file_by_its_size_before_it_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(Rejected) as caught:
        render(path)

    assert caught.value.code == "too-many-bytes"


def test_render_of_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        render(tmp_path / "none.jpg", Recipe.default())

    assert caught.value.code == "source-not-found"
