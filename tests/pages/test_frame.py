from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.accounts.person import Role
from core.ui.frame import MENU, NOTHING_PAID, REAL_COSTS, menu_for

PAGE = """
from uuid import UUID

import streamlit as st

from core.accounts.person import Person, Role
from core.ui.frame import draw_sidebar
from core.ui.session import link_query, persona

if "student" in st.query_params:
    st.session_state["drawer"] = st.query_params["student"]
person = Person(UUID(int=1), UUID(int=2), "Mei Tan", Role.TEACHER, "A school", "Asia/Singapore", is_demo={is_demo})
parts = dict(work=lambda: st.caption("work"), extra=lambda: st.caption("extra")) if "with" in st.query_params else {{}}
draw_sidebar(person, is_free={is_free}, **parts)
st.write(persona().value)
st.write(str(link_query(student="7")))
"""


def whole_app(folder: Path) -> None:
    (folder / "pages").mkdir()
    for item in MENU:
        (folder / item.file).touch()


def opened(
    folder: Path, *, is_free: bool | str = True, is_demo: bool = True, query: dict[str, str] | None = None
) -> AppTest:
    whole_app(folder)
    (folder / "Home.py").write_text(PAGE.format(is_free=is_free, is_demo=is_demo))
    page = AppTest.from_file(str(folder / "Home.py"), default_timeout=60)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    return page.run()


def test_only_admins_find_the_school_settings(tmp_path: Path) -> None:
    whole_app(tmp_path)

    assert "School settings" not in [item.label for item in menu_for(Role.TEACHER, tmp_path)]
    assert "School settings" in [item.label for item in menu_for(Role.ADMIN, tmp_path)]


def test_a_page_that_does_not_exist_yet_is_not_in_the_menu(tmp_path: Path) -> None:
    (tmp_path / "Home.py").touch()

    assert [item.label for item in menu_for(Role.ADMIN, tmp_path)] == ["Home"]


def test_a_visitor_is_the_form_teacher_at_first(tmp_path: Path) -> None:
    page = opened(tmp_path)

    assert page.markdown[0].value == "mei"
    assert page.sidebar.selectbox[0].value == "mei"


@pytest.mark.parametrize("key", ["arjun", "siti"])
def test_the_address_bar_says_who_looks(tmp_path: Path, key: str) -> None:
    page = opened(tmp_path, query={"as": key})

    assert page.sidebar.selectbox[0].value == key


def test_a_name_that_nobody_has_means_the_form_teacher(tmp_path: Path) -> None:
    page = opened(tmp_path, query={"as": "mallory"})

    assert page.markdown[0].value == "mei"
    assert not page.exception


def test_looking_as_someone_else_forgets_what_the_first_person_had_open(tmp_path: Path) -> None:
    page = opened(tmp_path, query={"as": "mei", "student": "7"})
    assert "drawer" in page.session_state

    page.sidebar.selectbox[0].select_index(1).run()

    assert page.query_params == {"as": "arjun"}
    assert "drawer" not in page.session_state


def test_links_keep_the_person(tmp_path: Path) -> None:
    page = opened(tmp_path, query={"as": "siti"})

    assert page.markdown[1].value == str({"as": "siti", "student": "7"})


@pytest.mark.parametrize(("is_free", "sentence"), [(True, NOTHING_PAID), (False, REAL_COSTS)])
def test_the_demo_box_says_whether_anything_is_paid(tmp_path: Path, is_free: bool, sentence: str) -> None:
    page = opened(tmp_path, is_free=is_free)

    assert [caption.value for caption in page.sidebar.caption] == [sentence]


def test_the_pages_own_part_comes_before_the_work_and_the_demo_box_last(tmp_path: Path) -> None:
    page = opened(tmp_path, query={"with": "parts"})

    assert [caption.value for caption in page.sidebar.caption] == ["extra", "work", NOTHING_PAID]


def test_a_real_school_has_no_demo_box(tmp_path: Path) -> None:
    page = opened(tmp_path, is_demo=False)

    assert not page.sidebar.selectbox
