from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.accounts.audit import A_PAGE
from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"
WRITE = "select private.write_audit(:school, :actor, :action, :object, cast(:before as jsonb), cast(:after as jsonb))"
Write = Callable[..., None]


@pytest.fixture
def write(owner: Connection, demo: Demo) -> Write:
    """A line by Mei about Ana, unless it is said otherwise."""

    def write(action: str = "remove photo", **more: object) -> None:
        usual = {"actor": demo.mei.staff_id, "object": f"student {demo.ana}", "before": None, "after": None}
        owner.execute(text(WRITE), {"school": demo.siti.school_id, "action": action, **usual, **more})

    return write


def opened(open_page: Open, **query: str) -> AppTest:
    page = open_page(PAGE, **{"as": "siti", "section": "audit", **query})
    assert not page.exception
    return page


def sentences(page: AppTest) -> list[str]:
    return [one.value.strip("*") for one in page.main.markdown if one.value.startswith("**")]


def captions(page: AppTest) -> str:
    return "\n".join(one.value for one in page.main.caption)


def test_a_change_stands_there_in_plain_words(open_page: Open, write: Write) -> None:
    write("attendance.corrected", before='{"status": "late"}', after='{"status": "present"}')

    page = opened(open_page)

    assert sentences(page) == ["Corrected a day's attendance of Ana Lim"]
    assert "Mei Tan · Status\\: Late → Present" in captions(page)


def test_details_show_a_long_text_whole(open_page: Open, write: Write) -> None:
    long = "read aloud very well, " * 20
    write("observation.added", after=f'{{"text": "{long}"}}')
    page = opened(open_page)
    assert long not in captions(page)

    page.main.button[-1].click().run()

    assert not page.exception
    assert long in page.table[0].value.to_csv()


def test_the_search_and_the_filters_narrow_it(open_page: Open, write: Write) -> None:
    write()
    write("use photo", actor=None)

    assert len(sentences(opened(open_page))) == 2
    assert sentences(opened(open_page, by="operator")) == ["Chose another photo of Ana Lim"]
    assert sentences(opened(open_page, did="remove photo")) == ["Took the photo of Ana Lim away"]
    assert sentences(opened(open_page, about="people")) == []
    nothing = opened(open_page, find="nobody's name")
    assert [one.value for one in nothing.main.info] == ["Nothing like this was done."]
    assert len(sentences(opened(open_page, by="who knows", about="nonsense", **{"from": "x"}))) == 2


def test_a_long_log_has_pages(open_page: Open, write: Write) -> None:
    for _ in range(A_PAGE + 1):
        write()

    page = opened(open_page)

    assert len(sentences(page)) == A_PAGE
    assert page.get("pagination")


@pytest.mark.usefixtures("write")
def test_an_empty_log_says_so(open_page: Open) -> None:
    assert "Nothing was changed yet" in opened(open_page).main.info[0].value


def test_a_teacher_is_told_that_this_is_for_admins(open_page: Open) -> None:
    page = open_page(PAGE, **{"as": "mei"})

    assert [one.value for one in page.main.warning] == [
        "This page is for admins. Ask one of yours, or choose another page."
    ]
