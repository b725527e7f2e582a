"""A real browser, a real server, and a page that must not complain."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.visitor import Visitor, visiting
from tests.local.served import Server, served

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RECIPE = """\
[limits]
max_bytes = "4 MB"

[[rendition]]
name = "standard"
width = 400
formats = ["jpeg", "webp"]

[[rendition]]
name = "thumbnail"
width = 80
height = 80
fit = "cover"
"""

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for longer: meanwhile Playwright's event loop runs in this thread, and no other one can."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install Debian's package chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield running
        running.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a recipe and nothing else."""
    (tmp_path / "pixmill.toml").write_text(RECIPE, "utf-8")
    return tmp_path


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    with served(home, "--writable") as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page; when the test ends, none of them may have complained."""
    with ExitStack() as stack:
        visitors: list[Visitor] = []

        def opened(url: str, **context: object) -> Visitor:
            visitors.append(stack.enter_context(visiting(browser, url, **context)))
            return visitors[-1]

        yield opened
        complaints = [complaint for visitor in visitors for complaint in visitor.complaints]

        assert complaints == []
