"""On a phone nothing is cut off and nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor
from tests.local.served import Server
from tests.sync.pictures import photo

LONG = "a-very-long-name-without-any-place-to-break-it-" * 3 + ".jpg"


@pytest.fixture
def visitor(server: Server, visit: Visit) -> Visitor:
    for number, name in enumerate(("wide.jpg", "tall.jpg", LONG)):
        size = (900, 300) if number == 0 else (300, 900)
        (server.source / name).write_bytes(photo(*size, number))
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    visitor = visit(server.url, device_scale_factor=2, **phone)
    for name in ("wide.jpg", "tall.jpg", LONG):
        visitor.is_complete(name)
    return visitor


def is_within(visitor: Visitor) -> bool:
    return visitor.page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("dialog[open], dialog[open] .body")]
          .every((box) => box.scrollWidth <= 390)"""
    )


def small_targets(visitor: Visitor) -> list[str]:
    """What is too small for a finger, of all that can be touched (WCAG 2.2, 2.5.8)."""
    return visitor.page.evaluate(
        """() => {
          const within = document.querySelector("dialog[open]") ?? document;
          return [...within.querySelectorAll("button, a, input, select, textarea")]
            .filter((target) => target.checkVisibility() && !target.closest(".hushed, .skip"))
            .filter((target) => {
              const { width, height } = target.getBoundingClientRect();
              return width < 24 || height < 24;
            })
            .map((target) => target.outerHTML);
        }"""
    )


def test_the_gallery_stands_in_two_columns(visitor: Visitor) -> None:
    assert is_within(visitor)
    assert small_targets(visitor) == []
    boxes = [card.bounding_box() for card in visitor.page.locator("li.card").all()]
    columns = {round(box["x"]) for box in boxes if box}
    assert len(columns) == 2


@pytest.mark.parametrize("name", ["wide.jpg", LONG])
def test_the_detail_view_fits(visitor: Visitor, name: str) -> None:
    dialog = visitor.open(name)
    for view in ("True size", "Compare", "Fit"):
        dialog.get_by_role("radio", name=view).check()
        assert is_within(visitor)
        assert small_targets(visitor) == []
    shown = dialog.locator(".place img").bounding_box()
    assert shown
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 390


def test_the_editor_fits_and_can_be_left(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Recipe").tap()
    editor = visitor.page.get_by_role("dialog")
    expect(editor.get_by_role("button", name="Apply to all")).to_be_in_viewport()
    assert is_within(visitor)
    assert small_targets(visitor) == []

    editor.get_by_role("button", name="Close").tap()

    expect(editor).to_have_count(0)
