from collections.abc import Iterator

import pytest
from tests.local.served import Server, served

RECIPE = """
[limits]
max_bytes = "100 kB"

[[rendition]]
name = "standard"
width = 160
formats = ["jpeg", "webp"]

[[rendition]]
name = "thumbnail"
width = 16
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests of a module share; each uses names of its own."""
    home = tmp_path_factory.mktemp("lightbox")
    (home / "pixmill.toml").write_text(RECIPE, "utf-8")
    with served(home, "--writable") as running:
        yield running
