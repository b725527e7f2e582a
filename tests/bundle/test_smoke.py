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

    assert {"pixmill.engine.render", "pixmill.reconcile", "pixmill.storage.buckets"} <= set(told["modules"])
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

    loaded = run(here, folder, str(tmp_path / "a.jpg"))["loaded"]

    elsewhere = [
        name for name, file in loaded.items() if file and not file.startswith((str(folder), library))
    ]
    assert elsewhere == []
    assert [name for name, file in loaded.items() if "site-packages" in (file or "")] == []
    assert loaded["pyvips"].startswith(str(folder))
    assert not {"typer", "rich", "boto3", "numpy", "pixmill.cli"} & set(loaded)


def test_what_few_pictures_need_is_not_loaded_at_the_start(base: Path) -> None:
    """Nor is a package that nobody has weighed against the worker's cold start."""
    target, here = runnable()[0]
    folder = unzipped(target, base)
    code = """if True:
        import sys
        sys.path.insert(0, sys.argv[1])
        import pixmill.reconcile, pixmill.storage
        files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
        print(*{name.partition(".")[0] for name, file in files.items() if file.startswith(sys.argv[1])})
    """

    done = subprocess.run(
        [here.path, "-I", "-S", "-B", "-c", code, str(folder)], capture_output=True, text=True, check=True
    )

    # What only an older Python than Lambda's asks for is not weighed.
    assert set(done.stdout.split()) - {"typing_extensions"} == {
        *("pixmill", "msgspec", "obstore", "pyjpegli", "pyvips", "_libvips", "_cffi_backend")
    }


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
