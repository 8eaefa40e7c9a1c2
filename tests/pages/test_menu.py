"""The menu's link to the page that is open already."""

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open

ROSTER = "pages/1_Student_roster.py"


def menu(page: AppTest) -> dict[str, str]:
    return {link.proto.label: link.proto.query_string for link in page.sidebar.get("page_link")}


def test_only_the_link_to_the_open_page_asks_for_it_anew(open_page: Open) -> None:
    links = menu(open_page(ROSTER, view="import", **{"as": "arjun"}))

    assert links.pop("Student roster") == "as=arjun&anew=1"
    assert set(links.values()) == {"as=arjun"}


def test_the_open_page_drawn_anew_says_so_to_the_browser_and_keeps_no_late_move(open_page: Open) -> None:
    page = open_page(ROSTER)
    next(one for one in page.button if one.label == "Import class list").click().run()
    assert page.query_params["view"] == "import"

    page.query_params.clear()
    page.query_params["anew"] = "1"
    page.run()

    assert dict(page.query_params) == {}
    assert page.title[0].value == "Student roster"
