"""What the recipe costs a cold start."""

import subprocess
import sys
from pathlib import Path

SOURCES = str(Path(__file__).parents[3] / "src")
SCRIPT = f"""
import sys
sys.path[:] = {[SOURCES, *sys.path]!r}
from pixmill.recipe import Recipe
recipe = Recipe.default()
recipe.fingerprint
Recipe.from_dict(recipe.to_dict())
print(*sorted(sys.modules))
"""


def test_only_who_needs_it_pays_for_an_import() -> None:
    """Neither TOML, nor JSON, nor the search for what was meant costs anything where there is none."""
    # -S: what an environment imports by itself at its start does not count.
    command = [sys.executable, "-S", "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    imported = set(done.stdout.split())
    assert "pixmill.recipe.rendition" in imported
    assert not imported & {"tomllib", "json", "difflib", "importlib.resources", "fractions", "logging"}
