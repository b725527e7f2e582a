"""The page follows what happens elsewhere, and comes back by itself."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.browser.visitor import TIMES
from tests.local.served import Server, served
from tests.sync.pictures import photo


def test_an_original_that_appears_changes_and_goes_does_so_on_the_page(server: Server, visit: Visit) -> None:
    visitor = visit(server.url)
    (server.source / "moth.jpg").write_bytes(photo(300, 200, 1))
    visitor.is_complete("moth.jpg")
    expect(visitor.card("moth.jpg")).to_contain_text(f"300 {TIMES} 200")

    (server.source / "moth.jpg").write_bytes(photo(200, 300, 2))

    expect(visitor.card("moth.jpg")).to_contain_text(f"200 {TIMES} 300")
    visitor.is_complete("moth.jpg")

    (server.source / "moth.jpg").unlink()

    expect(visitor.card("moth.jpg")).to_have_count(0)
    expect(visitor.page.get_by_role("heading", name="Drop pictures here")).to_be_visible()


def test_an_original_deleted_from_the_page_is_gone_and_the_dialog_closes(
    server: Server, visit: Visit
) -> None:
    for name in ("stays.jpg", "goes.jpg"):
        (server.source / name).write_bytes(photo(seed=len(name)))
    visitor = visit(server.url)
    visitor.is_complete("goes.jpg")
    dialog = visitor.open("goes.jpg")

    dialog.get_by_role("button", name="Delete the original").click()
    assert (server.source / "goes.jpg").exists()
    dialog.get_by_role("button", name="Delete it and all").click()

    expect(dialog).to_have_count(0)
    expect(visitor.card("goes.jpg")).to_have_count(0)
    visitor.is_complete("stays.jpg")
    assert not (server.source / "goes.jpg").exists()


def test_the_page_says_that_the_server_is_gone_and_goes_on_when_it_is_back(home: Path, visit: Visit) -> None:
    with served(home) as first:
        (first.source / "before.jpg").write_bytes(photo(seed=1))
        visitor = visit(first.url)
        visitor.is_complete("before.jpg")
        first.end()
        expect(visitor.page.get_by_role("alert").filter(has_text="The connection is lost")).to_be_visible()
    (home / "source" / "meanwhile.jpg").write_bytes(photo(seed=2))

    with served(home, "--port", str(urlsplit(first.url).port)) as second:
        visitor.is_complete("meanwhile.jpg")
        expect(visitor.page.get_by_text("The connection is lost")).to_be_hidden()
        (second.source / "after.jpg").write_bytes(photo(seed=3))
        visitor.is_complete("after.jpg")
        visitor.page.close()
    visitor.forgive("net::ERR_")


def test_search_filter_and_order_narrow_the_gallery(server: Server, visit: Visit) -> None:
    for number, name in enumerate(("b moth.jpg", "a moth.jpg", "wasp.jpg")):
        (server.source / name).write_bytes(photo(40 + 20 * number, 30, number))
    (server.source / "broken moth.png").write_bytes(b"\x89PNG\r\n\x1a\n but no more")
    server.finished("a moth.jpg", "b moth.jpg", "wasp.jpg", "broken moth.png")
    visitor = visit(server.url)
    names = visitor.page.locator("li.card .name")
    expect(names).to_have_count(4)

    visitor.page.get_by_label("Sort by").select_option("name")
    expect(names).to_have_text(["a moth.jpg", "b moth.jpg", "broken moth.png", "wasp.jpg"])
    visitor.page.get_by_role("searchbox").fill("moth")
    expect(names).to_have_text(["a moth.jpg", "b moth.jpg", "broken moth.png"])
    visitor.page.get_by_role("radio", name="Rejected").check()
    expect(names).to_have_text(["broken moth.png"])
    visitor.page.get_by_role("searchbox").fill("wasp")
    visitor.page.get_by_role("button", name="Show all originals").click()
    expect(names).to_have_count(4)
