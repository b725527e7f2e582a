"""Somebody who looks at the page: opens it, brings files, and notes what it complains of."""

import base64
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

TIMES = "\N{MULTIPLICATION SIGN}"
MOST = 20_000  # milliseconds; only reached when something is wrong
_DESK = ViewportSize(width=1280, height=800)
_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""
_NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_PASTE = """
([name, type, text]) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  data.items.add(new File([bytes], name, { type }));
  const event = { clipboardData: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new ClipboardEvent("paste", event));
}
"""


class Visitor:
    """A page and what it said on its console that it should not have said.

    Attributes:
        page: what is looked at.
        complaints: errors, warnings, and what the page's policy forbade.
        picks: the file that is picked whenever the browser asks for one.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        self.picks: Path | None = None
        page.on("filechooser", lambda chooser: chooser.set_files(self.picks or []))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def forgive(self, words: str) -> None:
        """Forget the complaints that a test provoked."""
        self.complaints = [complaint for complaint in self.complaints if words not in complaint]

    def card(self, key: str) -> Locator:
        """An original's card, which only exists while it is near the window."""
        return self.page.locator("li.card").filter(has=self.page.get_by_title(key, exact=True))

    def is_complete(self, key: str) -> None:
        """Wait until a card shows a rendition."""
        expect(self.card(key)).to_have_attribute("data-status", "complete")
        expect(self.card(key).locator("img.shown")).to_be_visible()

    def open(self, key: str) -> Locator:
        """Open the detail view, and wait for what it says."""
        self.card(key).get_by_role("button").click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_role("heading", name="Original")).to_be_visible()
        return dialog

    def drop(self, *paths: Path) -> None:
        """Drop files or folders as the desktop does."""
        session = self.page.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}

        def drag(kind: str) -> None:
            session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})

        drag("dragEnter")
        # Nothing is dropped on what has only just come to be under the pointer: the page must have said that
        # it takes what is held over it, and nobody's hand is that quick.
        expect(self.page.get_by_text("Drop to add")).to_be_visible()
        self.page.evaluate(_NEXT_FRAME)
        drag("dragOver")
        drag("drop")
        session.detach()

    def paste(self, name: str, kind: str, data: bytes) -> None:
        self.page.evaluate(_PASTE, [name, kind, base64.b64encode(data).decode()])

    def active(self) -> str:
        """The words of what has the focus."""
        return self.page.evaluate("(({title, textContent}) => title || textContent)(document.activeElement)")


@contextmanager
def visiting(browser: Browser, url: str, **context: Any) -> Generator[Visitor]:  # noqa: ANN401 - Playwright's own
    """A page of its own, with its own storage, on a desk unless `context` says otherwise."""
    settings: dict[str, Any] = {"viewport": _DESK, "reduced_motion": "reduce"} | context
    room = browser.new_context(**settings)
    room.set_default_timeout(MOST)
    room.add_init_script(_VIOLATIONS)
    page = room.new_page()
    visitor = Visitor(page)
    expect.set_options(timeout=MOST)
    page.goto(url)
    expect(page.locator("#pulse")).to_have_attribute("data-state", "live")
    expect(page.locator("#filters, #empty").filter(visible=True)).to_have_count(1)
    try:
        yield visitor
    finally:
        room.close()
