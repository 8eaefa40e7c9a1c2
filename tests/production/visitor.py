"""One person's browser: where it goes, and all that comes to it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebSocket, expect

from core.accounts.person import Person
from core.accounts.sessions import SESSION_COOKIE
from core.ui.session_watch import LOOK_EVERY_S
from tests.e2e.browsing import READY
from tests.production.deployment import Deployment
from tests.production.schools import PASSWORD, School


@dataclass
class Visitor:
    """Has one tab at first; `received` is all that servers sent to any of them over their sockets."""

    context: BrowserContext
    page: Page
    deployment: Deployment
    has_own_time: bool = False
    received: list[bytes] = field(default_factory=list, repr=False)
    violations: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listen(self.page)

    def sign_in(self, school: School, member: Person) -> None:
        """Without the page's form, which has tests of its own; good on both servers, as behind one address."""
        site = self.deployment.first
        form: dict[str, str | float | bool] = {"email": school.email(member), "password": PASSWORD}
        reply = self.context.request.post(f"{site}/sign-in", form=form, headers={"Origin": site}, max_redirects=0)
        assert reply.status == 303, reply.status
        self.note_session()

    def note_session(self) -> None:
        """What the cookie holds may stand in no log."""
        self.deployment.kept_secret.add(self.session)

    @property
    def session(self) -> str:
        """Empty when there is none."""
        return next((str(one["value"]) for one in self.context.cookies() if one["name"] == SESSION_COOKIE), "")

    def open(self, path: str, *, server: str | None = None, page: Page | None = None) -> Page:
        """On the second server unless another is named; waits until the page is drawn."""
        page = page or self.page
        page.goto((server or self.deployment.second) + path)
        settle(page)
        return page

    def other_tab(self) -> Page:
        page = self.context.new_page()
        self._listen(page)
        return page

    def sees_of(self, own: frozenset[str]) -> list[str]:
        """Which of these names and ids reached the browser, over a socket or in the page."""
        everything = b"\n".join(self.received).decode("utf-8", "replace")
        shown = "\n".join(page.content() for page in self.context.pages)
        return [value for value in own if value in everything or value in shown]

    def own_time(self) -> None:
        """From the next page on, `page.clock` says what time it is here; the browser is nobody else's afterwards."""
        self.context.clock.install()
        self.has_own_time = True

    def leave(self) -> None:
        """As it was before anybody came, but for files that a browser keeps."""
        first, *others = self.context.pages
        for page in others:
            page.close()
        self.context.clear_cookies()
        first.remove_listener("websocket", self._follow)
        first.remove_listener("console", self._note_console)
        first.remove_listener("request", self._note_request)
        if self.has_own_time:
            self.context.close()
        else:
            first.goto(f"{self.deployment.second}/healthz")
        assert self.violations == []
        assert self.elsewhere == []

    def _listen(self, page: Page) -> None:
        page.on("websocket", self._follow)
        page.on("console", self._note_console)
        page.on("request", self._note_request)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: self.received.append(_bytes(payload)))

    def _note_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.violations.append(message.text)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.elsewhere.append(request.url)


NewVisitor = Callable[[], Visitor]


def _bytes(payload: str | bytes) -> bytes:
    return payload if isinstance(payload, bytes) else payload.encode()


# As a page shows it; with a width of 0 where there is no picture.
_WIDTH = """address => new Promise(done => {
    const picture = new Image();
    picture.onload = picture.onerror = () => done(picture.naturalWidth);
    picture.src = address;
})"""


def width_of(page: Page, picture: str) -> int:
    return int(page.evaluate(_WIDTH, picture))


def settle(page: Page) -> None:
    """Wait until no script runs."""
    page.locator(READY).wait_for()


def fill_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """The page of sign-in."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def look_again(page: Page) -> None:
    """As 20 seconds later, when an open page looks by itself whether it may still be shown."""
    page.clock.fast_forward(int(LOOK_EVERY_S * 1000))


def expect_signed_out(page: Page) -> None:
    """By the page itself, which stays where it is and shows nothing else any more."""
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    settle(page)


def expect_asked_to_sign_in(page: Page) -> None:
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
