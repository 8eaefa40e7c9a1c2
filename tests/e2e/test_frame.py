import pytest
from playwright.sync_api import Browser, expect

from core.accounts.person import Role
from core.ui.frame import menu_for
from tests.e2e.browsing import Visit, visiting

PATHS = [
    "/" if item.file == "Home.py" else "/" + item.file.removeprefix("pages/")[2:].removesuffix(".py")
    for item in menu_for(Role.ADMIN)
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("person", ["mei", "siti"])
def test_a_deep_link_opens_its_page_without_asking_another_host(visit: Visit, path: str, person: str) -> None:
    page = visit.open(f"{path}?as={person}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()


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


@pytest.mark.parametrize("path", PATHS)
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, app_address: str, path: str) -> None:
    with visiting(browser, app_address, width=390) as visit:
        page = visit.open(path)

        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
