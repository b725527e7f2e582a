"""Everything can be done without a pointer."""

from pathlib import Path

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.local.served import Server
from tests.sync.pictures import photo

MOST_STEPS = 40


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_from_the_first_key_to_the_copied_snippet(server: Server, visit: Visit) -> None:
    for number in range(6):
        (server.source / f"{number}.jpg").write_bytes(photo(500, 400, number))
    visitor = visit(server.url, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    for number in range(6):
        visitor.is_complete(f"{number}.jpg")
    page.get_by_label("Sort by").select_option("name")
    expect(page.locator("li.card .name").first).to_have_text("0.jpg")
    page.evaluate("document.activeElement.blur()")

    tab_to(page, ".skip")
    page.keyboard.press("Enter")
    tab_to(page, "li.card button")
    assert visitor.active() == "0.jpg"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert visitor.active() == "2.jpg"
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="2.jpg")
    expect(dialog.get_by_role("radio", name="standard")).to_have_count(2)

    tab_to(page, "[name=output]")
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("img", name="standard · WebP")).to_be_visible()
    tab_to(page, "#copy-snippet")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Snippet copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == server.original("2.jpg")["snippet"]
    tab_to(page, "#copy-url")
    page.keyboard.press("Enter")
    expect(page.get_by_text("URL copied.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert server.get(address.removeprefix(server.origin)).headers["Content-Type"] == "image/webp"

    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    assert visitor.active() == "2.jpg"


def test_pictures_are_compared_with_the_arrow_keys(server: Server, visit: Visit) -> None:
    (server.source / "moth.jpg").write_bytes(photo(500, 400))
    visitor = visit(server.url)
    visitor.is_complete("moth.jpg")
    visitor.page.locator("li.card button").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("dialog").get_by_role("radio", name="standard")).to_have_count(2)
    tab_to(visitor.page, "[name=mode]")
    visitor.page.keyboard.press("ArrowRight")
    tab_to(visitor.page, "select")
    visitor.page.keyboard.press("Shift+Tab")
    visitor.page.keyboard.press("Shift+Tab")
    expect(visitor.page.get_by_role("slider")).to_be_focused()

    visitor.page.keyboard.press("ArrowRight")

    expect(visitor.page.get_by_role("slider")).to_have_attribute("aria-valuetext", "51 % Original")


def test_the_focus_returns_to_what_opened_a_dialog(server: Server, visit: Visit) -> None:
    visitor = visit(server.url)
    visitor.page.get_by_role("button", name="Recipe").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("textbox", name="Recipe")).to_be_focused()

    visitor.page.keyboard.press("Escape")

    expect(visitor.page.get_by_role("button", name="Recipe")).to_be_focused()


def test_a_file_is_picked_by_a_button(server: Server, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / "moth.jpg").write_bytes(photo())
    visitor = visit(server.url)
    visitor.picks = tmp_path / "moth.jpg"
    tab_to(visitor.page, "#add-files")

    visitor.page.keyboard.press("Enter")

    visitor.is_complete("moth.jpg")
