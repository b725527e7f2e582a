"""`pixmill sheet`: the page is checked as a browser would read it."""

import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from PIL import Image
from tests.cli.command import Run, jpeg

from pixmill.cli.contact_sheet import totals

SYNC = ("sync", "photos", "renditions")
SHEET = ("sheet", *SYNC[1:])
VOID = frozenset(("meta", "img", "input", "br", "link"))


class Page(HTMLParser):
    """A page's elements, and whether they are closed as they were opened."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.folder = path.parent
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(path.read_text("utf-8"))
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open[-1] not in ("style", "script"):
            self.words.append(data.strip())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        every = [attributes.get(name) for _, attributes in self.elements for name in ("src", "href")]
        return [each for each in every if each]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture
def page(quick: Run, photos: Path, here: Path) -> Page:
    """The sheet of a folder that holds something of everything."""
    for name in ("née & <b>.jpg", "c:d #1 100%25?.jpg", "\"quoted'.jpg", "line\nbreak.jpg"):
        (photos / name).write_bytes(jpeg())
    Image.new("RGBA", (60, 40), (9, 9, 9, 0)).save(photos / "clear.png")
    Image.new("RGB", (60, 40), "navy").save(photos / "old.tiff")
    (here / "pixmill.toml").write_text(
        '[[rendition]]\nname = "small"\nwidth = 30\nformats = ["webp", "original"]\n'
        '[[rendition]]\nname = "huge"\nwidth = 4000\nformats = ["avif"]\nenlarge = "skip"\n'
    )
    assert quick(*SYNC).status == 0
    done = quick(*SHEET)
    assert (done.status, done.out) == (0, "renditions/index.html\n")
    return Page(here / "renditions" / "index.html")


def test_every_link_is_relative_and_leads_to_a_file(page: Page) -> None:
    assert len(page.links) > 20
    for link in page.links:
        assert not link.startswith(("/", "http:", "https:", "//", "file:", "data:text"))
        assert Path(unquote_to_bytes(str(page.folder / link)).decode()).is_file(), link


def test_nothing_is_fetched_from_the_network(page: Page) -> None:
    text = (page.folder / "index.html").read_text("utf-8")

    assert "://" not in text
    assert page.all("link") == []


def test_every_original_has_a_card_and_every_rendition_a_figure(page: Page, here: Path) -> None:
    assert [each["data-state"] for each in page.all("article")].count("complete") == 8
    assert [each["data-state"] for each in page.all("article")].count("rejected") == 1
    made = {path for path in (here / "renditions" / "small").rglob("*") if path.is_file()}
    linked = {(page.folder / unquote_to_bytes(link).decode()).resolve() for link in page.links}
    assert made <= linked


def test_names_are_text_and_nothing_else(page: Page) -> None:
    assert "b" not in {tag for tag, attributes in page.elements if attributes and tag == "b"}
    assert "née & <b>.jpg" in page.words
    assert "\"quoted'.jpg" in page.words
    assert "line\\nbreak.jpg" in page.words
    assert "[" not in {word[:1] for word in page.words}


def test_pictures_say_what_they_are_and_load_lazily(page: Page) -> None:
    pictures = page.all("img")

    assert all(each["alt"] and each["width"] and each["height"] for each in pictures)
    assert all(each["loading"] == "lazy" for each in pictures)
    assert "a.jpg as small, WebP" in {each["alt"] for each in pictures}


def test_a_picture_that_browsers_do_not_display_is_only_linked(page: Page) -> None:
    assert "small/old.tiff.tiff" in page.links
    assert "small/old.tiff.tiff" not in {each["src"] for each in page.all("img")}


def test_sizes_savings_reasons_and_placeholders_are_shown(page: Page, photos: Path) -> None:
    assert "Rejected" in page.words
    assert "not-an-image" in page.words
    assert "Not made. It would be larger than the original." in page.words
    assert "60\u00d740" in page.words
    assert "30\u00d720" in page.words
    assert f"{(photos / 'old.tiff').stat().st_size / 1000:.1f} kB" in page.words
    cards = [each for each in page.all("article") if each["data-state"] == "complete"]
    assert all("--placeholder:url(data:image/png;base64," in (each["style"] or "") for each in cards)


def test_the_page_has_a_language_a_title_and_landmarks(page: Page) -> None:
    tags = {tag for tag, _ in page.elements}

    assert page.all("html")[0]["lang"] == "en"
    assert {"title", "header", "main", "footer", "h1", "h2"} <= tags
    assert "Contact sheet" in page.words


def test_an_original_that_was_not_synced_has_a_card_that_says_so(
    quick: Run, photos: Path, here: Path
) -> None:
    quick(*SYNC)
    (photos / "new.jpg").write_bytes(jpeg())
    (photos / "a.jpg").write_bytes(jpeg(80, 80))
    quick(*SHEET)

    page = Page(here / "renditions" / "index.html")

    assert page.words.count("Not synced yet") == 1
    assert page.words.count("Changed since") == 1


@pytest.mark.usefixtures("photos")
def test_a_page_elsewhere_links_back(quick: Run, here: Path) -> None:
    quick(*SYNC)

    done = quick(*SHEET, "-o", "pages/of mine.html")

    page = Page(here / "pages" / "of mine.html")
    assert done.out == "pages/of mine.html\n"
    assert "../renditions/standard/a.jpg.jpg" in page.links
    assert "../photos/a.jpg" in page.links


@pytest.mark.usefixtures("photos")
def test_a_page_replaces_itself_but_no_other_file_unless_forced(quick: Run, here: Path) -> None:
    quick(*SYNC)
    index = here / "renditions" / "index.html"
    index.write_text("<h1>Mine</h1>")

    refused = quick(*SHEET)

    assert refused.status == 2
    assert "error[file-exists]" in refused.err
    assert index.read_text() == "<h1>Mine</h1>"
    assert quick(*SHEET, "--force").status == 0
    assert quick(*SHEET).status == 0


@pytest.mark.usefixtures("photos")
def test_a_sheet_leaves_the_sync_alone(quick: Run) -> None:
    quick(*SYNC)
    quick(*SHEET)

    assert quick(*SYNC).out.startswith("Everything is up to date")


@pytest.mark.parametrize("arguments", [("sheet", "photos", "nowhere"), ("sheet", "photos", "memory://")])
@pytest.mark.usefixtures("photos")
def test_a_sheet_needs_a_folder(quick: Run, arguments: tuple[str, ...]) -> None:
    done = quick(*arguments)

    assert (done.status, done.out) == (2, "")
    assert "error[" in done.err


def test_a_page_holds_the_first_originals_by_name_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from pixmill.storage import Meta  # noqa: PLC0415

    monkeypatch.setattr(totals, "MOST", 2)
    listing = iter([Meta(name, "etag", 1) for name in ("c", "B", ".DS_Store", "a")])

    head = totals.Totals()

    assert [meta.key for meta in head.first(listing)] == ["a", "B"]
    assert "the first 2 of 3 originals" in head.cut()


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of "#rrggbb"."""
    levels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme: int) -> None:
    """By WCAG 2.2 AA: at least 4.5 to 1."""
    page = files("pixmill.cli.contact_sheet").joinpath("page.html").read_text("utf-8")
    colours = dict(
        re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", page.split(":root {")[1 + scheme].split("}")[0])
    )

    pairs = [(text, behind) for text in ("ink", "soft", "accent") for behind in ("paper", "card")]
    for text, behind in [*pairs, ("accent", "tint"), ("alarm", "card"), ("alarm", "alarm-tint")]:
        low, high = sorted(luminance(colours[name]) for name in (text, behind))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (text, behind)
