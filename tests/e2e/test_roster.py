import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Connection, text

from core.ui.roster_table import ROW_PX
from tests.e2e.browsing import Visit, by_recording_command, running_app, visiting
from tests.e2e.drawn_demo import drawn_demo, owner_of
from tests.e2e.frames import Frames

MOST_DELTAS, MOST_BYTES = 260, 45_000
PATIENCE_MS = 60_000
HEADER_PX = 34


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with drawn_demo() as folder:
        yield folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """A demo of these tests' own, in which nobody has to wait for a slot."""
    with running_app(folder, start=by_recording_command) as running:
        with owner_of(folder) as owner:
            owner.execute(text("update limits set per_seconds = 0.5 where type = 'image'"))
        yield running.address


@pytest.fixture
def owner(folder: Path, address: str) -> Iterator[Connection]:  # noqa: ARG001 -- the database runs with the app
    with owner_of(folder) as owner:
        yield owner


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as visit:
        yield visit


def without_photo(page: Page, *, last: bool = False) -> str:
    """Who on this page is the first, or the last, that a photo can be generated for."""
    cards = page.locator("[class*='st-key-p']").filter(has_text=re.compile("^Generate photo$"))
    card = cards.last if last else cards.first
    names = card.locator("xpath=ancestor::*[.//*[contains(@class, 'st-key-n')]][1]").locator("[class*='st-key-n']")
    # A button is there before its label is drawn.
    expect(names.first).to_have_text(re.compile(r"\S"))
    return names.first.inner_text()


def footer_of(page: Page, name: str) -> Locator:
    """What stands under a student's name."""
    key = page.locator("[class*='st-key-n']").filter(has=page.get_by_role("button", name=name, exact=True))
    student = re.search(r"st-key-n(\w+)", key.first.get_attribute("class") or "")
    assert student is not None
    return page.locator(f".st-key-p{student[1]}").get_by_role("button")


def open_drawer(visit: Visit, name: str) -> None:
    visit.page.get_by_role("button", name=name, exact=True).click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    visit.settle()


def current_image(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("img", name=re.compile("^AI-generated portrait of"))


def jobs_of(owner: Connection, name: str) -> int:
    count = "select count(*) from photo_jobs as j join students as s on s.id = j.student_id where s.full_name = :name"
    return int(owner.execute(text(count), {"name": name}).scalar_one())


def test_a_click_on_a_card_ends_in_a_portrait_on_it(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    name = without_photo(page)

    footer_of(page, name).click()

    portrait = page.get_by_role("img", name=f"AI-generated portrait of {name}", exact=True)
    expect(portrait).to_be_visible(timeout=PATIENCE_MS)
    assert portrait.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_from_click_to_portrait_nothing_moves(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    name = without_photo(page)
    footer, label = footer_of(page, name), page.get_by_role("button", name=name, exact=True)
    # Which scrolls to it, wherever it is.
    footer.focus()
    before = label.bounding_box()

    page.keyboard.press("Enter")
    expect(footer).to_have_text(re.compile("Making|Waiting"))
    during = label.bounding_box()
    expect(footer).to_contain_text("No.", timeout=PATIENCE_MS)

    assert before == during == label.bounding_box()


def test_the_drawer_works_by_keyboard_and_keeps_the_focus(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    name = without_photo(page)
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    button = drawer.locator(".st-key-drawer_make button")
    expect(button).to_contain_text("Generate photo")
    button.focus()

    page.keyboard.press("Control+Enter")

    expect(drawer.get_by_role("img", name=f"AI-generated portrait of {name}", exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(button).to_contain_text("Regenerate photo")
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    expect(page.get_by_role("img", name=f"AI-generated portrait of {name}", exact=True)).to_be_visible()


def test_a_new_portrait_makes_the_former_one_an_earlier_one_that_can_be_put_back(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    open_drawer(visit, "Aarav Pillai")
    former = current_image(page).get_attribute("src") or ""

    page.get_by_role("dialog").locator(".st-key-drawer_make button").click()
    expect(page.get_by_text("Earlier photos")).to_be_visible(timeout=PATIENCE_MS)
    expect(current_image(page)).not_to_have_attribute("src", former)
    page.get_by_role("button", name="Use this photo", exact=True).click()

    expect(page.get_by_role("dialog").get_by_role("img").first).to_have_attribute("src", former)


def test_a_removed_photo_stays_among_the_earlier_ones(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    open_drawer(visit, "Goh Li Ting Kayla")

    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Remove photo").click()

    expect(page.locator(".st-key-drawer_make button")).to_contain_text("Generate photo")
    expect(page.locator(".st-key-drawer_remove button")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-drawer_remove")).to_be_hidden()
    expect(page.get_by_role("button", name="Use this photo", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Goh Li Ting Kayla", exact=True)).to_be_focused()


def test_a_photo_can_be_downloaded(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    open_drawer(visit, "Chloe Ng Hui Min")

    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download photo").click()

    assert download.value.path().read_bytes()[8:12] == b"WEBP"


def test_over_the_limit_a_portrait_waits_with_its_time_and_can_be_cancelled(visit: Visit, owner: Connection) -> None:
    owner.execute(
        text(
            "insert into limits (school_id, staff_id, type, at_most, per_seconds)"
            " select school_id, id, 'image', 1, 60 from staff where email = 'arjun.nair@demo.school'"
        )
    )
    page = visit.open("/Student_roster?as=arjun")
    first = without_photo(page)
    footer_of(page, first).click()
    expect(page.get_by_role("img", name=f"AI-generated portrait of {first}", exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )
    name = without_photo(page)
    footer_of(page, name).click()

    expect(page.get_by_text(re.compile(r"starts at \d\d:\d\d:\d\d"))).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(1000)
    footer_of(page, name).click()

    expect(page.get_by_text("Waiting", exact=True)).to_have_count(0)
    expect(footer_of(page, name)).to_have_text("Generate photo")


def test_what_may_have_been_charged_says_so_and_is_asked_for_again_only_by_name(visit: Visit) -> None:
    page = visit.open("/Student_roster")
    footer_of(page, "Ho Wei Jie").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(re.compile(r"We sent the request at \d\d:\d\d:\d\d and got no answer"))).to_be_visible()

    drawer.get_by_role("button", name="Generate again (may cost again)").click()

    expect(drawer.get_by_role("img", name="AI-generated portrait of Ho Wei Jie", exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(drawer.get_by_text("Unconfirmed")).to_have_count(0)


def test_a_refusal_in_the_drawer_is_said_in_the_drawer(visit: Visit, owner: Connection) -> None:
    page = visit.open("/Student_roster")
    open_drawer(visit, "Yeo Zhi Ying Charlotte")
    button = page.locator(".st-key-drawer_make button")
    expect(button).to_contain_text("Regenerate photo", timeout=PATIENCE_MS)
    owner.execute(text("update students set portraits_allowed = false where full_name = 'Yeo Zhi Ying Charlotte'"))

    button.click()

    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(re.compile("No portrait may be made of this student"))).to_be_visible()


def test_a_refusal_on_a_card_is_seen_from_below_the_fold_and_moves_nothing(visit: Visit, owner: Connection) -> None:
    page = visit.open("/Student_roster")
    name = without_photo(page, last=True)
    footer, label = footer_of(page, name), page.get_by_role("button", name=name, exact=True)
    footer.scroll_into_view_if_needed()
    before = label.bounding_box()
    owner.execute(text("update students set portraits_allowed = false where full_name = :name"), {"name": name})

    footer.click()

    toast = page.get_by_test_id("stToast")
    expect(toast).to_contain_text("No portrait may be made of this student")
    expect(toast).to_be_in_viewport()
    visit.settle()
    assert label.bounding_box() == before


def test_a_row_of_the_table_opens_the_drawer(visit: Visit) -> None:
    page = visit.open("/Student_roster?view=table")
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    page.wait_for_timeout(1000)
    box = table.bounding_box()
    assert box is not None

    page.mouse.click(box["x"] + box["width"] - 60, box["y"] + HEADER_PX + ROW_PX / 2)

    expect(page.get_by_role("dialog", name="Aaliyah Nur binte Hamzah")).to_be_visible()


def test_many_fast_clicks_in_two_tabs_make_one_job(browser: Browser, address: str, owner: Connection) -> None:
    with visiting(browser, address) as first, visiting(browser, address) as second:
        name = without_photo(first.open("/Student_roster?show=without"))
        second.open("/Student_roster?show=without")
        expect(second.page.get_by_role("button", name=name, exact=True)).to_be_visible()
        # Of a portrait that was removed, there is one already.
        before = jobs_of(owner, name)

        for _ in range(10):
            for visit in (first, second):
                visit.page.evaluate(CLICK, name)

        for visit in (first, second):
            portrait = visit.page.get_by_role("img", name=f"AI-generated portrait of {name}", exact=True)
            expect(portrait).to_be_visible(timeout=PATIENCE_MS)
        assert jobs_of(owner, name) == before + 1


CLICK = """name => {
    const label = [...document.querySelectorAll("[class*='st-key-n'] button")].find(one => one.innerText === name)
    const student = label?.closest("[class*='st-key-n']").className.match(/st-key-n(\\w+)/)[1]
    const button = student && document.querySelector(`.st-key-p${student} button`)
    if (button && button.innerText.trim() === "Generate photo") { button.click(); button.click() }
}"""


def test_somebody_elses_class_stays_closed(visit: Visit, owner: Connection) -> None:
    theirs = owner.execute(text("select id from classes where name = 'P5 Integrity'")).scalar_one()

    page = visit.open(f"/Student_roster?as=arjun&class={theirs}")

    expect(page.get_by_text("You may not open this class. Choose one of your own.")).to_be_visible()
    expect(page.get_by_text("Aarav Pillai")).to_have_count(0)


def test_search_filter_and_view_live_in_the_address_until_the_menu_leads_here_anew(visit: Visit) -> None:
    page = visit.open("/Student_roster")

    page.get_by_role("searchbox").fill("nurul")
    expect(page).to_have_url(re.compile("[?&]q=nurul"))
    expect(page.get_by_role("button", name="Nurul Aisyah binte Rahman", exact=True)).to_be_visible()
    page.reload()
    visit.settle()

    expect(page.get_by_role("searchbox")).to_have_value("nurul")
    expect(page.get_by_role("button", name="Aarav Pillai", exact=True)).to_have_count(0)

    page.get_by_role("link", name="Student roster", exact=True).click()

    expect(page).to_have_url(f"{visit.base_url}/Student_roster")
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("button", name="Aarav Pillai", exact=True)).to_be_visible()


def test_a_class_is_little_to_send(visit: Visit) -> None:
    frames = Frames()
    frames.listen(visit.page)

    page = visit.open("/Student_roster?as=siti")

    expect(page.get_by_role("img").nth(10)).to_be_visible()
    assert frames.deltas <= MOST_DELTAS
    assert frames.size <= MOST_BYTES


def test_nothing_ticks_without_work(visit: Visit) -> None:
    frames = Frames()
    frames.listen(visit.page)
    page = visit.open("/Student_roster")
    for state in ("Making", "Waiting"):
        expect(page.get_by_text(state, exact=True)).to_have_count(0, timeout=2 * PATIENCE_MS)
    visit.settle()
    frames.clear()

    page.wait_for_timeout(2500)

    assert frames.messages == []


def test_the_drawer_fits_a_phone(browser: Browser, address: str) -> None:
    with visiting(browser, address, width=390) as visit:
        page = visit.open("/Student_roster")
        open_drawer(visit, "Jayden Lee Kai Jie")

        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        box = page.get_by_role("button", name="Regenerate photo").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390
