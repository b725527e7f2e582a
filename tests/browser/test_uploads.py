"""Pictures reach the page by every way there is, and become renditions before one's eyes."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.engine.pictures import encoded, noisy
from tests.local.served import Server
from tests.local.waiting import until
from tests.sync.pictures import photo

AWKWARD = 'a "quoted" #1 100% <b>&amp; é 日本?.jpg'


@pytest.fixture
def desktop(tmp_path: Path) -> Path:
    folder = tmp_path / "desktop"
    folder.mkdir()
    return folder


def test_five_files_dropped_at_once_become_renditions_without_a_reload(
    server: Server, visit: Visit, desktop: Path
) -> None:
    for number in range(5):
        (desktop / f"{number}.jpg").write_bytes(photo(600, 400, number))
    visitor = visit(server.url)
    expect(visitor.page.get_by_role("heading", name="Drop pictures here")).to_be_visible()
    visitor.page.evaluate("globalThis.loaded = 'once'")

    visitor.drop(*desktop.iterdir())

    for number in range(5):
        visitor.is_complete(f"{number}.jpg")
    expect(visitor.page.locator("[data-figure=renditions]")).to_have_text("15")
    assert visitor.page.evaluate("globalThis.loaded") == "once"
    dialog = visitor.open("3.jpg")
    expect(dialog.get_by_role("radio", name="standard")).to_have_count(2)
    expect(dialog.get_by_role("radio", name="thumbnail")).to_have_count(1)


def test_a_dropped_folder_keeps_its_folders_and_leaves_hidden_files_out(
    server: Server, visit: Visit, desktop: Path
) -> None:
    deep = desktop / "holiday" / "day one"
    deep.mkdir(parents=True)
    (deep / "beach.png").write_bytes(photo(kind="PNG"))
    (desktop / "holiday" / "map.gif").write_bytes(photo(kind="GIF"))
    (desktop / "holiday" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    visitor = visit(server.url)

    visitor.drop(desktop / "holiday")

    visitor.is_complete("holiday/day one/beach.png")
    visitor.is_complete("holiday/map.gif")
    assert sorted(path.name for path in server.source.rglob("*") if path.is_file()) == [
        "beach.png",
        "map.gif",
    ]


def test_an_awkward_name_survives_the_picker_the_gallery_and_the_detail_view(
    server: Server, visit: Visit, desktop: Path
) -> None:
    (desktop / AWKWARD).write_bytes(photo(300, 200))
    visitor = visit(server.url)
    visitor.picks = desktop / AWKWARD

    visitor.page.get_by_role("button", name="Choose pictures").click()

    card = visitor.page.locator("li.card")
    expect(card).to_have_attribute("data-status", "complete")
    key = card.get_attribute("data-key") or ""
    assert (server.source / key).read_bytes() == (desktop / AWKWARD).read_bytes()
    dialog = visitor.open(key)
    expect(dialog.get_by_role("heading", level=2)).to_have_text(key)
    shown = dialog.locator(".place img")
    expect(shown).to_be_visible()
    assert until(lambda: shown.evaluate("(image) => image.naturalWidth"))


def test_pasted_screenshots_do_not_share_a_name(server: Server, visit: Visit) -> None:
    visitor = visit(server.url)

    visitor.paste("image.png", "image/png", photo(kind="PNG"))

    card = visitor.page.locator("li.card")
    expect(card).to_have_attribute("data-status", "complete")
    assert (card.get_attribute("data-key") or "").startswith("pasted 20")


def test_a_broken_picture_says_why_and_can_be_tried_again(
    server: Server, visit: Visit, desktop: Path
) -> None:
    (desktop / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 this is no picture")
    visitor = visit(server.url)

    visitor.drop(desktop / "broken.jpg")

    card = visitor.card("broken.jpg")
    expect(card).to_have_attribute("data-status", "rejected")
    expect(card).to_contain_text("Rejected")
    reason = server.original("broken.jpg")["reason"]
    dialog = visitor.open("broken.jpg")
    verdict = dialog.get_by_role("region", name="Rejected")
    for words in (reason["message"], reason["code"], reason["hint"]):
        expect(verdict).to_contain_text(words)

    (server.source / "broken.jpg").write_bytes(photo(200, 100))
    verdict.get_by_role("button", name="Try again").click()

    expect(dialog.get_by_role("radio", name="standard")).to_have_count(2)
    expect(verdict).to_have_count(0)


def test_a_file_over_the_limit_is_not_sent_and_says_so(server: Server, visit: Visit, desktop: Path) -> None:
    (desktop / "large.jpg").write_bytes(photo() + bytes(4_000_000))
    visitor = visit(server.url)

    visitor.drop(desktop / "large.jpg")

    tray = visitor.page.get_by_role("region", name="Uploads")
    expect(tray).to_contain_text("too-many-bytes")
    expect(tray.get_by_role("button", name="Try again: large.jpg")).to_be_visible()
    assert list(server.source.iterdir()) == []


def test_an_upload_shows_how_far_it_is_and_can_be_cancelled(
    server: Server, visit: Visit, desktop: Path
) -> None:
    (desktop / "slow.png").write_bytes(encoded(noisy(1000, 800), "png"))
    visitor = visit(server.url)
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000},
    )

    visitor.drop(desktop / "slow.png")

    bar = visitor.page.get_by_role("progressbar", name="Upload of slow.png")
    assert until(lambda: 0 < bar.evaluate("(bar) => bar.value") < 1)
    visitor.page.get_by_role("button", name="Cancel: slow.png").click()
    expect(visitor.page.locator(".uploads li .state")).to_have_text("Cancelled")
    assert not (server.source / "slow.png").exists()
