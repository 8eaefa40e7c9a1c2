from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts.person import Role
from core.ui.frame import menu_for
from tests.e2e.browsing import Visit, visiting
from tests.e2e.contrast import expect_readable_by_day_and_night

ROLES = {"mei": Role.TEACHER, "siti": Role.ADMIN}
# An admin's roster, class photos and assistant are drawn as a teacher's are; other tests here open the first two.
DRAWN_ALIKE = {"pages/1_Student_roster.py", "pages/2_Class_photos.py", "pages/3_Assistant.py"}
PATHS = [
    ("/" if item.file == "Home.py" else "/" + item.file.removeprefix("pages/")[2:].removesuffix(".py"))
    + f"?as={person}"
    for person, role in ROLES.items()
    for item in menu_for(role)
    if role is Role.TEACHER or item.file not in DRAWN_ALIKE
]


@pytest.fixture(scope="module", params=PATHS)
def page(request: pytest.FixtureRequest, browser: Browser, app_address: str) -> Iterator[Page]:
    """Loaded once by its deep link, for all tests that only look at it."""
    with visiting(browser, app_address) as visit:
        yield visit.open(request.param)


def test_a_deep_link_opens_its_page_without_asking_another_host(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()


def test_quiet_text_and_chosen_controls_are_readable(page: Page) -> None:
    expect_readable_by_day_and_night(page)


def test_no_page_scrolls_sideways_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    expect(page.get_by_role("link", name="Home", exact=True)).not_to_be_in_viewport()
    fits = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})

    assert fits


def test_looking_as_someone_else_stays_in_the_address_and_follows_the_menu(visit: Visit) -> None:
    page = visit.open("/")

    page.get_by_role("combobox", name="You are looking as").click()
    page.get_by_role("option", name="Arjun Nair, teacher").click()
    expect(page).to_have_url(f"{visit.base_url}/?as=arjun")
    page.get_by_role("link", name="Student roster", exact=True).click()

    expect(page).to_have_url(f"{visit.base_url}/Student_roster?as=arjun")


def test_going_back_brings_the_former_person_back(visit: Visit) -> None:
    page = visit.open("/?as=mei")
    page.get_by_role("combobox", name="You are looking as").click()
    page.get_by_role("option", name="Siti Rahim, admin").click()
    expect(page).to_have_url(f"{visit.base_url}/?as=siti")

    page.go_back()

    # While the page is drawn anew, the former box stands below the new one for a moment.
    expect(page.get_by_role("combobox", name="You are looking as").first).to_have_value("Mei Tan, form teacher")
