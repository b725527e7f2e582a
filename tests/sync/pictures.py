"""Small real pictures for a sync to work on."""

import io
from pathlib import Path

import msgspec
from PIL import Image, ImageChops


def photo(width: int = 64, height: int = 48, seed: int = 0, kind: str = "JPEG") -> bytes:
    """A picture that differs by its seed, encoded."""
    gradient = Image.linear_gradient("L").resize((width, height))
    turned = gradient.rotate(37 * seed % 360)
    picture = Image.merge("RGB", (gradient, turned, ImageChops.offset(turned, 5 * seed)))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def fill(folder: Path, count: int, *, width: int = 64, height: int = 48) -> None:
    """So many pictures of several kinds in several folders, one in ten of them broken."""
    for number in range(count):
        kind = ("JPEG", "PNG", "WEBP", "GIF")[number % 4]
        path = folder / f"album {number % 3}" / f"{number}.{kind.lower()}"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = photo(width, height, number, kind)
        path.write_bytes(data[: len(data) // 2] if number % 10 == 9 else data)


def snapshot(destination: Path) -> dict[str, object]:
    """What must be the same after any history: names, bytes, and what manifests say.

    Manifests are compared without times and entity tags: those of a folder tell when a file was written.
    """
    found: dict[str, object] = {}
    for path in sorted(destination.rglob("*")):
        if not path.is_file() or ".pixmill" in path.parts:
            continue
        name = path.relative_to(destination).as_posix()
        if not name.startswith("manifests/"):
            found[name] = path.read_bytes()
            continue
        manifest = msgspec.json.decode(path.read_bytes())
        del manifest["timings_ms"], manifest["source"]["etag"]
        for entry in manifest.get("renditions", ()):
            entry.pop("etag", None)
        found[name] = manifest
    return found
