"""A public demo: each visit's school, its address and what it asks of visitors."""

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.settings import CHECKOUT
from tests.pages.conftest import Demo, Open

ROSTER = "pages/1_Student_roster.py"
FILES = ["Home.py", *sorted(f"pages/{path.name}" for path in (CHECKOUT / "pages").glob("*.py"))]


@pytest.fixture
def environment() -> dict[str, str]:
    return {"DEMO_PER_VISIT": "true"}


def visit_of(page: AppTest) -> str:
    return str(page.query_params["visit"])


def schools(owner: Connection) -> int:
    return int(owner.scalar(text("select count(*) from demo_visits")) or 0)


def line(page: AppTest) -> str:
    (found,) = (one.value for one in page.main.caption if "for you alone" in one.value)
    return str(found)


def test_a_visit_gets_a_school_and_keeps_it_over_a_reload(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page()
    again = open_page(visit=visit_of(page))

    assert visit_of(again) == visit_of(page)
    assert schools(owner) == 1
    assert "Type nothing real." in line(page)
    assert str(demo.integrity) not in str(page.main)


def test_every_page_tells_what_it_is_and_links_to_the_same_school(open_page: Open, owner: Connection) -> None:
    visit_id = visit_of(open_page(**{"as": "siti"}))

    for file in FILES:
        page = open_page(file, visit=visit_id, **{"as": "siti"})
        assert "Type nothing real." in line(page)
        links = [one.proto.query_string for one in page.get("page_link")]
        assert links
        assert all(f"visit={visit_id}" in query for query in links), file
    assert schools(owner) == 1


def test_going_on_as_someone_else_stays_in_the_school(open_page: Open, owner: Connection) -> None:
    page = open_page()
    before = visit_of(page)

    page.sidebar.selectbox[0].set_value(page.sidebar.selectbox[0].options[2]).run()

    assert visit_of(page) == before
    assert page.query_params["as"] == "siti"
    assert schools(owner) == 1


def test_an_address_that_lost_its_visit_is_mended_from_the_tab(open_page: Open, owner: Connection) -> None:
    page = open_page()
    before = visit_of(page)

    del page.query_params["visit"]
    page.run()

    assert visit_of(page) == before
    assert schools(owner) == 1


@pytest.mark.parametrize("gone", ["nobody-s", "A" * 24])
def test_an_address_whose_school_is_gone_leads_to_a_new_one(open_page: Open, gone: str) -> None:
    page = open_page(ROSTER, visit=gone, view="table")

    assert visit_of(page) != gone
    assert "The school at that address is gone, so this is a new one." in line(page)
    assert "view" not in page.query_params
    assert not page.error


def test_a_visit_that_ends_while_it_is_open_goes_on_in_a_new_school(open_page: Open, owner: Connection) -> None:
    page = open_page()
    before = visit_of(page)
    owner.execute(text("update demo_visits set ended_at = now()"))

    page.run()

    assert visit_of(page) != before
    assert "so this is a new one" in line(page)


def test_a_crowd_is_told_when_to_come_again(open_page: Open, owner: Connection) -> None:
    copied = "(select private.copy_demo_school(private.demo_template()))"
    for _ in range(30):
        owner.execute(text(f"insert into demo_visits (school_id, token_hash) select {copied}, sha256('x')"))

    page = open_page()

    assert "Many visitors came at the same time" in page.error[0].value


def test_the_import_asks_for_the_sample_and_takes_it_with_one_click(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")
    assert any("Please use the sample list only." in one.value for one in page.markdown)

    (use,) = (one for one in page.button if one.label == "Use the sample class list")
    use.click().run()

    assert any("sample-p5-integrity.csv · 38 rows" in one.value for one in page.caption)


class TestWithoutVisits:
    @pytest.fixture
    def environment(self) -> dict[str, str]:
        return {}

    def test_all_share_one_school_and_nothing_is_asked(self, open_page: Open, owner: Connection) -> None:
        page = open_page(ROSTER, view="import")

        assert "visit" not in page.query_params
        assert schools(owner) == 0
        assert all("sample" not in one.value for one in page.markdown)
