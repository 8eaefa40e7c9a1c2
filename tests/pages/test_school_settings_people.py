from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.accounts.person import Person
from core.bootstrap import App
from tests.cast import School, hire
from tests.pages.conftest import Demo, Open

PAGE = "pages/5_School_settings.py"


@pytest.fixture
def nora(owner: Connection, demo: Demo) -> Person:
    """A colleague whom no visitor may be."""
    return hire(owner, School(demo.siti.school_id, "Demo Primary"), "Nora Wee")


def opened(open_page: Open, **query: str) -> AppTest:
    page = open_page(PAGE, **{"as": "siti", **query})
    assert not page.exception
    return page


def listed(page: AppTest) -> list[str]:
    tables = page.main.dataframe
    return list(tables[0].value["name"]) if tables else []


def said(page: AppTest) -> list[str]:
    return [one.value for one in (*page.success, *page.warning, *page.info)]


def member(owner: Connection, person: Person) -> Any:
    return owner.execute(text("select * from staff where id = :id"), {"id": person.staff_id}).one()


def press(page: AppTest, label: str) -> AppTest:
    """The one button that is called this in the drawer."""
    (button,) = [one for one in page.button if one.label == label]
    return button.click().run()


def test_people_are_listed_with_role_and_classes(open_page: Open, nora: Person) -> None:
    page = opened(open_page)

    assert listed(page) == ["Arjun Nair", "Mei Tan", nora.full_name, "Siti Rahim"]
    rows = page.main.dataframe[0].value.set_index("name")
    assert (rows.loc["Mei Tan", "role"], rows.loc["Mei Tan", "classes"]) == ("Teacher", "P5 Integrity")
    assert "account" not in rows


def test_the_list_is_narrowed_by_what_the_address_says(open_page: Open, owner: Connection, nora: Person) -> None:
    owner.execute(text("update staff set active = false where id = :id"), {"id": nora.staff_id})

    assert listed(opened(open_page, people="left", name="nora")) == [nora.full_name]


def test_a_member_is_made_an_admin_after_being_asked(open_page: Open, owner: Connection, nora: Person) -> None:
    page = opened(open_page, member=str(nora.staff_id))

    page = press(page, "Make admin")
    assert member(owner, nora).role == "teacher"
    page = press(page, "Make admin")

    assert member(owner, nora).role == "admin"
    assert "Nora Wee is an admin now." in said(page)


def test_a_member_is_deactivated_and_comes_back(open_page: Open, owner: Connection, nora: Person) -> None:
    page = press(opened(open_page, member=str(nora.staff_id)), "Deactivate")
    page = press(page, "Deactivate")
    assert not member(owner, nora).active

    page = press(page, "Reactivate")

    assert member(owner, nora).active
    assert "Nora Wee is active again and can sign in." in said(page)


def test_a_correction_that_is_refused_stays_as_it_was_typed(
    open_page: Open, owner: Connection, demo: Demo, nora: Person
) -> None:
    page = press(opened(open_page, member=str(nora.staff_id)), "Correct name or e-mail")
    name, email = [one for one in page.text_input if one.label in {"Full name", "E-mail"}]

    name.set_value("Nora Wee Li")
    email.set_value("mei.tan@demo.school")
    page = press(page, "Save")

    assert any("Mei Tan already" in one for one in said(page))
    assert [one.value for one in page.text_input if one.label == "Full name"] == ["Nora Wee Li"]
    next(one for one in page.text_input if one.label == "E-mail").set_value("")
    page = press(page, "Save")
    assert (member(owner, nora).full_name, member(owner, nora).email) == ("Nora Wee Li", None)
    assert member(owner, demo.mei).email == "mei.tan@demo.school"


def test_who_visitors_may_be_stays(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = press(opened(open_page, member=str(demo.mei.staff_id)), "Deactivate")

    page = press(page, "Deactivate")

    assert any("stays as they are" in one for one in said(page))
    assert member(owner, demo.mei).active


def test_nobody_is_offered_to_deactivate_themselves(open_page: Open, demo: Demo) -> None:
    labels = {one.label for one in opened(open_page, member=str(demo.siti.staff_id)).button}

    assert "Make teacher" in labels
    assert "Deactivate" not in labels


def test_a_new_member_is_added_and_shown(open_page: Open, app: App, demo: Demo) -> None:
    page = press(opened(open_page), "Add member")
    page.text_input(key="people_new_name").set_value(" Omar Aziz ")
    page.text_input(key="people_new_email").set_value("omar@demo.school")
    submit = [one for one in page.button if one.label == "Add member"][-1]

    page = submit.click().run()

    assert not page.exception
    assert "Omar Aziz" in [one.full_name for one in app.administration.members.all(demo.siti)]
    assert "Added." in said(page)
    assert "Omar Aziz" in listed(page)


def test_what_is_no_address_is_said_in_the_dialog(open_page: Open, app: App, demo: Demo) -> None:
    page = press(opened(open_page), "Add member")
    page.text_input(key="people_new_name").set_value("Omar Aziz")
    page.text_input(key="people_new_email").set_value("omar")

    page = [one for one in page.button if one.label == "Add member"][-1].click().run()

    assert any("no e-mail address" in one for one in said(page))
    assert page.text_input(key="people_new_name").value == "Omar Aziz"
    assert len(app.administration.members.all(demo.siti)) == 3


def test_an_address_of_nobody_shows_the_list(open_page: Open) -> None:
    page = opened(open_page, member="7f8d3a52-0000-4000-8000-000000000000", people="nonsense")

    assert listed(page) == ["Arjun Nair", "Mei Tan", "Siti Rahim"]
