"""Ten thousand originals are no more to the page than those that can be seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.browser.stand_in import item, standing_in
from tests.browser.visitor import Visitor
from tests.local.waiting import until

COUNT = 10_000
MOST_CARDS = 80
MOST_NODES = 2500
_MIDDLE = """() => {
  const away = (card) => {
    const { top, bottom } = card.getBoundingClientRect();
    return Math.abs((top + bottom) / 2 - innerHeight / 2);
  };
  const cards = [...document.querySelectorAll("li.card")].toSorted((a, b) => away(a) - away(b));
  return Number(cards[0].ariaPosInSet);
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with standing_in(COUNT) as url:
        yield url


@pytest.fixture
def visitor(address: str, visit: Visit) -> Visitor:
    visitor = visit(address)
    expect(visitor.page.locator("[data-figure=originals]")).to_have_text("10,000")
    expect(visitor.page.locator("li.card img.shown").first).to_be_visible()
    return visitor


def bounded(visitor: Visitor) -> bool:
    cards = visitor.page.locator("li.card").count()
    nodes = visitor.page.evaluate("document.querySelectorAll('*').length")
    return 0 < cards <= MOST_CARDS and nodes <= MOST_NODES


def test_scrolling_anywhere_shows_what_is_there_in_few_elements(visitor: Visitor) -> None:
    assert bounded(visitor)
    for part in (0.3, 0.9, 0.5):
        visitor.page.evaluate("(part) => scrollTo(0, part * document.documentElement.scrollHeight)", part)
        expect(visitor.page.locator("li.card.blank")).to_have_count(0)
        assert until(lambda part=part: abs(visitor.page.evaluate(_MIDDLE) / COUNT - part) < 0.01)
        assert bounded(visitor)


def test_the_last_original_is_one_key_away_and_the_first_one_too(visitor: Visitor) -> None:
    first, last = item(0)["key"], item(COUNT - 1)["key"]
    visitor.page.locator("li.card button[tabindex='0']").focus()

    visitor.page.keyboard.press("End")

    expect(visitor.card(last).get_by_role("button")).to_be_focused()
    expect(visitor.card(last)).to_be_in_viewport()
    expect(visitor.card(last)).to_have_attribute("aria-posinset", str(COUNT))
    assert bounded(visitor)

    visitor.page.keyboard.press("Home")

    expect(visitor.card(first).get_by_role("button")).to_be_focused()
    expect(visitor.card(first)).to_be_in_viewport()


def test_the_focus_survives_scrolling_far_away(visitor: Visitor) -> None:
    button = visitor.card(item(1)["key"]).get_by_role("button")
    button.focus()

    visitor.page.evaluate("scrollTo(0, 200000)")

    expect(visitor.page.locator("li.card").nth(5)).to_be_attached()
    expect(button).to_be_focused()
    visitor.page.keyboard.press("ArrowRight")
    expect(visitor.card(item(2)["key"]).get_by_role("button")).to_be_focused()
    expect(visitor.card(item(2)["key"])).to_be_in_viewport()


def test_search_and_filter_answer_among_all_of_them(visitor: Visitor) -> None:
    visitor.page.evaluate("scrollTo(0, 300000)")
    visitor.page.get_by_role("searchbox").fill("07777")
    expect(visitor.page.locator("li.card")).to_have_count(1)
    expect(visitor.card(item(7777)["key"])).to_be_in_viewport()

    visitor.page.get_by_role("searchbox").fill("")
    visitor.page.get_by_role("radio", name="Rejected").check()
    expect(visitor.page.locator("#found")).to_have_text("104 originals")
    expect(visitor.page.locator("li.card").first).to_have_attribute("data-status", "rejected")


def test_nothing_moves_when_pictures_arrive(visitor: Visitor) -> None:
    """The page's own measure of layout shift stays 0 while stretches are loaded and drawn."""
    visitor.page.evaluate(
        """() => {
          globalThis.shifts = [];
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
              for (const { node } of entry.sources) shifts.push(String(node?.className));
            }
          }).observe({ type: "layout-shift" });
        }"""
    )
    for top in (4000, 90_000, 60_000):
        visitor.page.evaluate("(top) => scrollTo(0, top)", top)
        expect(visitor.page.locator("li.card.blank")).to_have_count(0)
        expect(visitor.page.locator("li.card img:not(.shown)")).to_have_count(0)

    assert visitor.page.evaluate("shifts") == []
