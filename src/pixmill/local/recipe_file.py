"""The recipe that the page shows and changes: the text as it was written, and where it is kept."""

import os
import secrets
from pathlib import Path
from typing import Any

import msgspec

from pixmill.errors import Failed, code_of
from pixmill.recipe import Kind, Recipe


class RecipeFile:
    """A recipe, its text, and the file that holds it, if there is one.

    Args:
        path: the file; None if there is none, and a change lasts as long as the server runs.

    Raises:
        Refused: `recipe-not-found`, `invalid-recipe`.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.recipe = Recipe.load(path) if path else Recipe.default()
        self.kind: Kind = "json" if path and path.suffix.lower() == ".json" else "toml"
        self.text = path.read_bytes().decode("utf-8-sig") if path else _toml(self.recipe)

    def described(self) -> dict[str, Any]:
        """What the page is told of it."""
        return {
            "name": self._path.name if self._path else None,
            "text": self.text,
            "kind": self.kind,
            "fingerprint": self.recipe.fingerprint,
            "editable": self._path is None or os.access(self._path, os.W_OK),
        }

    def change(self, text: str) -> Recipe:
        """Have another recipe from now on, in the file as well.

        Raises:
            RecipeError: it has mistakes; nothing was changed.
            Failed: the file cannot be written; nothing was changed.
        """
        recipe = Recipe.parse(text, kind=self.kind, name=self._path.name if self._path else None)
        if self._path:
            _write(self._path, text)
        self.recipe, self.text = recipe, text
        return recipe


def _write(path: Path, text: str) -> None:
    """Replace a file's content, whole or not at all; a link stays one."""
    real = path.resolve()
    spare = real.with_name(f".pixmill-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        try:
            spare.write_text(text, "utf-8", newline="")
            spare.chmod(real.stat().st_mode & 0o7777)
            spare.replace(real)
        finally:
            spare.unlink(missing_ok=True)
    except OSError as error:
        raise Failed(code_of(error), f"{path} cannot be written: {error.strerror}.") from error


def _toml(recipe: Recipe) -> str:
    """A recipe in TOML, as short as it can be said."""
    lines: list[str] = []
    for rendition in recipe.renditions:
        lines.append("[[rendition]]")
        fields = {
            "name": rendition.name,
            "width": rendition.width,
            "height": rendition.height,
            "fit": rendition.fit,
            "formats": list(rendition.formats),
            "quality": rendition.quality,
        }
        # Of text, numbers and lists of them, JSON's notation is TOML's as well.
        lines += [
            f"{name} = {msgspec.json.encode(value).decode()}"
            for name, value in fields.items()
            if value is not None
        ]
        lines.append("")
    return "\n".join(lines)
