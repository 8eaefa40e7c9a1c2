from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Visit, by_recording_command, running_app
from tests.e2e.drawn_demo import drawn_demo


@contextmanager
def visitor(browser: Browser, address: str) -> Iterator[Visit]:
    """With nothing that another visitor's browser holds."""
    context = browser.new_context(locale="en-SG", reduced_motion="reduce")
    yield Visit(context.new_page(), address)
    context.close()


def register(page: Page) -> str:
    """How many the roster counts, once it is drawn."""
    expect(page.get_by_text("Without a photo")).to_be_visible()
    return page.get_by_text("All 3").first.inner_text()


def test_two_visitors_change_schools_of_their_own_and_a_reload_and_back_keep_them(browser: Browser) -> None:
    with (
        drawn_demo() as folder,
        running_app(folder, start=by_recording_command, DEMO_PER_VISIT="true") as running,
        visitor(browser, running.address) as one,
        visitor(browser, running.address) as other,
    ):
        one.open("/Student_roster?view=import")
        one.page.get_by_role("button", name="Use the sample class list").click()
        one.page.get_by_role("button", name="Apply import").click()
        expect(one.page.get_by_text("2 students created, 1 changed.")).to_be_visible()
        one.page.get_by_role("button", name="Open roster").click()
        other.open("/Student_roster")

        assert (register(one.page), register(other.page)) == ("All 38", "All 36")
        photo = other.page.get_by_alt_text("AI-generated portrait of").first
        expect(photo).to_have_js_property("complete", value=True)
        assert photo.evaluate("image => image.naturalWidth") > 0
        one.page.reload()
        assert register(one.page) == "All 38"
        one.page.get_by_role("link", name="Usage", exact=True).click()
        expect(one.page.get_by_text("Spend by day")).to_be_visible()
        one.page.go_back()
        assert register(one.page) == "All 38"
