"""The bundle as built, run by each Python that it can be for and that is here, and nothing else to import."""

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image
from tests.cli.command import jpeg

from pixmill.infra.bundle import Target
from pixmill.infra.bundle.bytecode import Interpreter

from .built import runnable, unzipped

SMOKE = Path(__file__).with_name("smoke.py")

# Time cannot be a test; how much comes in can. A new one is weighed by `make cold-start` and let in here.
MOST_MODULES = 190
COSTLY = frozenset(
    ("asyncio", "email", "hashlib", "http", "inspect", "pathlib", "socket", "ssl", "subprocess", "tempfile")
)

pytestmark = pytest.mark.skipif(not runnable(), reason="Lambda has no bundle that this system could run")

each_python = pytest.mark.parametrize(
    ("target", "here"), runnable(), ids=[f"{target.python}" for target, _ in runnable()]
)


@each_python
def test_every_module_is_imported_and_every_decoder_works(
    target: Target, here: Interpreter, base: Path, tmp_path: Path
) -> None:
    pictures = {tmp_path / f"picture.{kind}": kind for kind in ("jpeg", "png", "heic", "avif")}
    for path, kind in pictures.items():
        path.write_bytes(picture(kind))
    folder = unzipped(target, base)

    told = run(here, folder, *map(str, pictures))

    assert {"pixmill.engine.rendering", "pixmill.reconcile", "pixmill.storage.buckets"} <= set(
        told["modules"]
    )
    for path in pictures:
        assert told["rendered"][str(path)] == [
            ["standard", 800, 600],
            ["thumbnail", 150, 150],
        ]
    assert told["version"].startswith(target.python)


@each_python
def test_nothing_comes_from_elsewhere(target: Target, here: Interpreter, base: Path, tmp_path: Path) -> None:
    """All that is loaded is the bundle's or the standard library's."""
    (tmp_path / "a.jpg").write_bytes(jpeg())
    folder = unzipped(target, base)
    library = subprocess.run(
        [here.path, "-I", "-S", "-c", "import os; print(os.path.dirname(os.__file__))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    told = run(here, folder, str(tmp_path / "a.jpg"))

    loaded = told["loaded"]

    elsewhere = [
        name for name, file in loaded.items() if file and not file.startswith((str(folder), library))
    ]
    assert elsewhere == []
    assert [name for name, file in loaded.items() if "site-packages" in (file or "")] == []
    assert loaded["pyvips"].startswith(str(folder))
    assert all(library.startswith(str(folder)) for library in told["libraries"])
    assert not {"typer", "rich", "boto3", "numpy", "pixmill.cli"} & set(loaded)


def test_the_worker_starts_without_a_decoder_and_without_what_few_events_need(base: Path) -> None:
    """Nor with a package that nobody has weighed against its cold start."""
    loaded = imported("import pixmill.aws.worker", base)

    # What only an older Python than Lambda's asks for is not weighed.
    assert packages(loaded) - {"typing_extensions"} == {"pixmill", "msgspec", "obstore"}
    assert not COSTLY & loaded
    assert len(names(loaded)) <= MOST_MODULES


def test_the_engine_starts_without_what_few_pictures_need(base: Path) -> None:
    loaded = imported("from pixmill import engine; engine.load()", base)

    assert packages(loaded) - {"typing_extensions"} == {
        *("pixmill", "msgspec", "pyjpegli", "pyvips", "_libvips", "_cffi_backend")
    }


def imported(code: str, base: Path) -> set[str]:
    """The modules that are loaded once some code has run in the bundle; its own once more, with a star."""
    target, here = runnable()[0]
    folder = unzipped(target, base)
    whole = f"""if True:
        import sys
        sys.path.insert(0, sys.argv[1])
        {code}
        files = {{name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}}
        print(*files, *("*" + name for name, file in files.items() if file.startswith(sys.argv[1])))
    """

    done = subprocess.run(
        [here.path, "-I", "-S", "-B", "-c", whole, str(folder)], capture_output=True, text=True, check=True
    )

    return set(done.stdout.split())


def names(loaded: set[str]) -> set[str]:
    """Of these, the modules, each once."""
    return {name for name in loaded if not name.startswith("*")}


def packages(loaded: set[str]) -> set[str]:
    """Of these, the packages that are the bundle's."""
    return {name[1:].partition(".")[0] for name in loaded if name.startswith("*")}


def test_the_bytecode_is_what_runs(base: Path, tmp_path: Path) -> None:
    """A source that was changed since is not looked at."""
    target, here = runnable()[0]
    folder = tmp_path / "task"
    shutil.copytree(unzipped(target, base) / "pixmill", folder / "pixmill")
    if not list(folder.rglob("*.pyc")):
        pytest.skip("the bundle holds sources alone")
    (folder / "pixmill" / "version.py").write_text("raise SystemExit('compiled anew')\n", "utf-8")

    code = f"import sys; sys.path.insert(0, {str(folder)!r}); import pixmill; print(pixmill.__version__)"
    done = subprocess.run(
        [here.path, "-I", "-S", "-B", "-c", code], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


def run(here: Interpreter, folder: Path, *pictures: str) -> dict[str, Any]:
    """Run `smoke.py` in an empty environment."""
    done = subprocess.run(
        [here.path, "-I", "-S", "-B", str(SMOKE), str(folder), *pictures],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def picture(kind: str) -> bytes:
    data = io.BytesIO()
    image = Image.linear_gradient("L").resize((1000, 750)).convert("RGB")
    if kind == "heic":
        pillow_heif.from_pillow(image).save(data)
    else:
        image.save(data, kind)
    return data.getvalue()
