from playwright.sync_api import expect

from tests.e2e.browsing import Visit


def test_the_class_leads_to_its_roster(visit: Visit) -> None:
    page = visit.open("/?as=arjun")

    page.get_by_role("link", name="Open roster").click()

    expect(page.get_by_role("heading", name="Student roster", level=1)).to_be_visible()
    expect(page.get_by_text("P4 Courage").first).to_be_visible()


def test_choosing_someone_else_goes_on_as_them(visit: Visit) -> None:
    page = visit.open("/")

    page.get_by_role("button", name="Look as someone else").click()
    page.get_by_text("Siti Rahim, admin", exact=True).click()

    expect(page).to_have_url(f"{visit.base_url}/?as=siti")
    expect(page.get_by_role("heading", name="All classes")).to_be_visible()


def test_small_faces_are_silent_for_screen_readers(visit: Visit) -> None:
    page = visit.open("/")

    faces = page.locator('[data-testid="stMain"] img')
    # Of the class, and of those who are talked about today.
    expect(faces).to_have_count(6 + 4)
    assert [face.get_attribute("alt") for face in faces.all()] == [""] * 10
