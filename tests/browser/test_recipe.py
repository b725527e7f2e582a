"""The recipe is checked as it is typed, tried on one picture, and then applied to all."""

import json

import pytest
from playwright.sync_api import Locator, expect
from tests.browser.conftest import RECIPE, Visit
from tests.browser.visitor import TIMES, Visitor
from tests.local.served import Server
from tests.sync.pictures import photo

TYPO = RECIPE.replace("[[rendition]]", "[[rendition]]\nfitt = 'cover'", 1)
SMALLER = RECIPE.replace("width = 400", "width = 200")


@pytest.fixture
def visitor(server: Server, visit: Visit) -> Visitor:
    for number in range(2):
        (server.source / f"{number}.jpg").write_bytes(photo(600, 400, number))
    visitor = visit(server.url)
    for number in range(2):
        visitor.is_complete(f"{number}.jpg")
    return visitor


@pytest.fixture
def editor(visitor: Visitor) -> Locator:
    visitor.page.get_by_role("button", name="Recipe").click()
    dialog = visitor.page.get_by_role("dialog", name="Recipe")
    expect(dialog.get_by_role("textbox", name="Recipe")).to_have_value(RECIPE)
    return dialog


def test_a_typo_is_told_and_cannot_be_applied(editor: Locator) -> None:
    editor.get_by_role("textbox").fill(TYPO)

    expect(editor.get_by_role("status").filter(has_text="fitt")).to_be_visible()
    expect(editor.get_by_role("textbox")).to_have_attribute("aria-invalid", "true")
    expect(editor.get_by_role("button", name="Apply to all")).to_be_disabled()
    expect(editor.get_by_role("button", name="Preview")).to_be_disabled()

    editor.get_by_role("button", name="Revert").click()

    expect(editor.get_by_role("textbox")).to_have_value(RECIPE)
    expect(editor.get_by_role("textbox")).to_have_attribute("aria-invalid", "false")


def test_a_recipe_is_tried_on_one_picture_before_it_is_applied_to_all(
    server: Server, visitor: Visitor, editor: Locator
) -> None:
    editor.get_by_role("textbox").fill(SMALLER)
    editor.get_by_role("button", name="Preview").click()

    expect(editor.get_by_role("figure").filter(has_text="standard JPEG")).to_contain_text(f"200 {TIMES} 133")
    expect(editor.get_by_role("figure").filter(has_text="thumbnail")).to_contain_text(f"80 {TIMES} 80")
    assert server.original("0.jpg")["outputs"][0]["width"] == 400

    editor.get_by_role("button", name="Apply to all").click()

    expect(visitor.page.get_by_role("dialog")).to_have_count(0)
    for number in range(2):
        dialog = visitor.open(f"{number}.jpg")
        expect(dialog.locator(".output").first).to_contain_text(f"200 {TIMES} 133")
        visitor.page.keyboard.press("Escape")
    assert (server.source.parent / "pixmill.toml").read_text("utf-8") == SMALLER


def test_what_is_being_written_is_not_overwritten_from_elsewhere(server: Server, editor: Locator) -> None:
    editor.get_by_role("textbox").fill(TYPO)

    assert server.write("PUT", "/api/recipe", json.dumps({"text": SMALLER}).encode()).status == 200

    expect(editor.get_by_text("changed elsewhere")).to_be_visible()
    expect(editor.get_by_role("textbox")).to_have_value(TYPO)
    editor.get_by_role("button", name="Revert").click()
    expect(editor.get_by_role("textbox")).to_have_value(SMALLER)
