"""axe-core finds nothing to complain of, wherever one looks, in light and in dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.browser.conftest import RECIPE, Visit
from tests.browser.visitor import Visitor
from tests.local.served import Server, served
from tests.sync.pictures import photo

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("accessible")
    (home / "pixmill.toml").write_text(RECIPE, "utf-8")
    with served(home, "--writable") as running:
        for number in range(3):
            (running.source / f"{number}.jpg").write_bytes(photo(600, 400, number))
        (running.source / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 this is no picture")
        running.finished("0.jpg", "1.jpg", "2.jpg", "broken.jpg")
        yield running


@pytest.fixture(params=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def visitor(server: Server, visit: Visit, colours: str, request: pytest.FixtureRequest) -> Visitor:
    visitor = visit(server.url, color_scheme=colours, viewport=request.param)
    expect(visitor.page.locator("li.card img.shown")).to_have_count(3)
    return visitor


def violations(page: Page) -> list[dict[str, Any]]:
    # The package's own `run` cannot pass on what is true and false.
    page.evaluate(Axe().axe_script)
    found = page.evaluate("(rules) => axe.run(rules)", RULES)["violations"]
    return [{"rule": each["id"], "where": [node["html"][:160] for node in each["nodes"]]} for each in found]


def test_the_gallery(visitor: Visitor) -> None:
    assert violations(visitor.page) == []


def test_the_detail_view_in_each_of_its_ways(visitor: Visitor) -> None:
    dialog = visitor.open("1.jpg")
    for name in ("Fit", "True size", "Compare"):
        dialog.get_by_role("radio", name=name).check()
        assert violations(visitor.page) == []


def test_the_detail_view_of_what_was_rejected(visitor: Visitor) -> None:
    visitor.open("broken.jpg")
    assert violations(visitor.page) == []


def test_the_editor_with_a_preview_and_with_a_mistake(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Recipe").click()
    editor = visitor.page.get_by_role("dialog")
    for _ in range(4):
        if "broken" not in (editor.locator(".subject").text_content() or ""):
            break
        editor.get_by_role("button", name="Next picture").click()
    editor.get_by_role("button", name="Preview").click()
    expect(editor.get_by_role("figure")).to_have_count(3)
    assert violations(visitor.page) == []
    editor.get_by_role("textbox").fill(RECIPE + "\nfitt = 1")
    expect(editor.locator(".verdict.bad")).to_be_visible()
    assert violations(visitor.page) == []


def test_the_invitation_the_tray_and_a_message(
    tmp_path_factory: pytest.TempPathFactory, visit: Visit, colours: str
) -> None:
    with served(tmp_path_factory.mktemp("bare")) as bare:
        visitor = visit(bare.url, color_scheme=colours)
        expect(visitor.page.get_by_role("heading", name="Drop pictures here")).to_be_visible()
        assert violations(visitor.page) == []
        large = tmp_path_factory.mktemp("desktop") / "large.jpg"
        large.write_bytes(bytes(70_000_000))
        visitor.drop(large)
        expect(visitor.page.get_by_text("too-many-bytes")).to_be_visible()
        assert violations(visitor.page) == []
        visitor.page.close()


def test_the_switch_for_light_and_dark_is_remembered(visitor: Visitor, colours: str) -> None:
    other = "dark" if colours == "light" else "light"
    before = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    switch = visitor.page.locator("#theme")
    for _ in range(3):
        if visitor.page.evaluate("document.documentElement.dataset.theme") == other:
            break
        switch.click()
    expect(visitor.page.locator("body")).not_to_have_css("background-color", before)

    visitor.page.reload()

    expect(visitor.page.locator("html")).to_have_attribute("data-theme", other)
    expect(switch).to_have_accessible_name(f"Colours: {other}")
