"""The section "Classes" of School settings, over a real database."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.roster.register.entries import GuardianEntry, StudentEntry
from core.ui.school_settings.classes_forms import ADD_STUDENT, ADD_TEACHERS, ARCHIVE, CORRECT_CLASS
from tests.pages.conftest import Demo
from tests.pages.conftest import Open as OpenPage

PAGE = "pages/5_School_settings.py"
Classes = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def _quick_clicks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here clicks follow faster than anybody's."""
    monkeypatch.setattr("core.ui.school_settings.classes_desk._DOUBLE_CLICK_S", 0)


@pytest.fixture
def classes(open_page: OpenPage) -> Classes:
    def open_it(**query: str) -> AppTest:
        return open_page(PAGE, **{"as": "siti", "section": "classes", **query})

    return open_it


def words(page: AppTest) -> str:
    """Of dialogs, too."""
    return "\n".join(one.value for one in (*page.markdown, *page.caption, *page.info, *page.warning, *page.subheader))


def labels(page: AppTest) -> list[str]:
    return [one.label for one in page.main.button]


def click(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def field(page: AppTest, name: str) -> Any:
    """Of the form that is open, whatever its number."""
    widgets = [*page.text_input, *page.selectbox, *page.number_input, *page.multiselect, *page.checkbox]
    found = [one for one in [*widgets, *page.get("button_group")] if re.fullmatch(rf"classes\d+_{name}", one.key or "")]
    return found[-1]


def press(page: AppTest, name: str) -> AppTest:
    found = [one for one in page.button if re.fullmatch(rf"classes\d+_{name}", one.key or "")]
    return found[-1].click().run()


def value_of(owner: Connection, statement: str) -> Any:
    return owner.scalar(text(statement))


def test_classes_are_listed_by_level_with_teachers_and_found(classes: Classes, owner: Connection) -> None:
    owner.execute(text("update classes set level = left(name, 2)"))

    page = classes()

    assert [one for one in labels(page) if one.startswith("**P")] == ["**P4 Courage**", "**P5 Integrity**"]
    assert "**Primary 5**" in words(page)
    assert "1 student\nMei Tan" in words(page)
    page = classes(q="arjun")
    assert [one for one in labels(page) if one.startswith("**P")] == ["**P4 Courage**"]
    assert "No class has that name" in words(classes(q="nobody"))


def test_a_student_is_found_by_a_part_of_the_name_and_opened_in_their_class(
    app: App, classes: Classes, demo: Demo
) -> None:
    app.administration.students.leave(demo.siti, demo.ana)
    page = classes(q="NA L")
    assert ":material/logout: left the school, from P5 Integrity" in words(page)

    page = click(page, f"found{demo.ana.hex}")

    assert page.main.subheader[0].value == "P5 Integrity"
    assert "place_Bring back" in [one.key for one in page.button]


def test_a_school_without_classes_is_told_how_to_begin(classes: Classes, owner: Connection) -> None:
    owner.execute(text("delete from classes"))

    assert "No class yet. Add the first one here" in words(classes())


def test_a_teacher_sees_none_of_it(classes: Classes) -> None:
    page = classes(**{"as": "mei"})

    assert not page.main.button
    assert "admins" in page.main.error[0].value if page.main.error else page.main.warning[0].value


def test_a_class_is_added_and_opened_and_a_refusal_keeps_what_was_typed(classes: Classes, owner: Connection) -> None:
    page = click(classes(), "add_class")
    field(page, "name").input("P5 Integrity")
    field(page, "year").set_value(2026)
    page = press(page, "save")

    assert "There is a class P5 Integrity of 2026 already" in page.warning[0].value
    field(page, "name").input("P5 *Honesty*")
    page = press(page, "save")

    assert value_of(owner, "select count(*) from classes where name = 'P5 *Honesty*'") == 1
    assert page.main.subheader[0].value == r"P5 \*Honesty\*"
    assert "No student is in this class yet" in words(page)


def test_a_class_is_corrected_archived_and_brought_back(classes: Classes, demo: Demo, owner: Connection) -> None:
    page = click(classes(**{"class": str(demo.integrity)}), f"classes_start_{CORRECT_CLASS}")
    field(page, "level").set_value("P5")
    page = press(page, "save")
    assert "Primary 5" in words(page)

    page = click(page, f"classes_start_{ARCHIVE}")
    assert "Nothing is deleted" in words(page)
    page = press(page, "save")
    assert value_of(owner, "select archived_at is not null from classes where level = 'P5'") is True

    page = click(page, "classes_bring_back")
    assert value_of(owner, "select archived_at is null from classes where level = 'P5'") is True


def test_teachers_are_added_by_name_and_removed(classes: Classes, demo: Demo, owner: Connection) -> None:
    page = click(classes(**{"class": str(demo.integrity)}), f"classes_start_{ADD_TEACHERS}")
    field(page, "staff").set_value([demo.arjun.staff_id])
    page = press(page, "save")
    assert "Arjun Nair :small[:gray[· Teacher]]" in words(page)

    page = click(page, f"role{demo.arjun.staff_id.hex}")
    assert "Arjun Nair :small[:gray[· Form teacher]]" in words(page)
    assert page.button(key=f"role{demo.arjun.staff_id.hex}").label == ":small[Make subject teacher]"
    assert "Form teachers also see guardians and cases. Whoever is removed no longer sees the class." in words(page)
    click(page, f"out{demo.arjun.staff_id.hex}")
    assert value_of(owner, "select count(*) from class_staff") == 2


def test_a_student_is_added_and_their_drawer_opens_for_guardians(
    classes: Classes, demo: Demo, owner: Connection
) -> None:
    page = click(classes(**{"class": str(demo.integrity)}), f"classes_start_{ADD_STUDENT}")
    field(page, "full_name").input("Ana Lim")
    page = press(page, "save")
    assert "Save again if this is somebody else" in page.warning[0].value
    page = press(page, "save")
    added = value_of(owner, f"select id from students where id <> '{demo.ana}'")

    page = click(page, f"new guardian{added.hex}")
    field(page, "full_name").input("Lim Bee Hoon")
    field(page, "relationship").set_value("mother")
    page = press(page, "save")

    assert "**Lim Bee Hoon** :gray[(mother)]" in words(page)
    assert value_of(owner, "select student_id from student_guardians") == added


def test_the_second_click_of_a_double_click_confirms_nothing(
    classes: Classes, demo: Demo, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ui.school_settings.classes_desk._DOUBLE_CLICK_S", 60)
    page = click(classes(**{"class": str(demo.integrity)}), f"classes_start_{ADD_STUDENT}")
    field(page, "full_name").input("Ana Lim")

    page = press(press(page, "save"), "save")

    assert "Save again if this is somebody else" in page.warning[0].value
    assert value_of(owner, "select count(*) from students") == 1


def test_a_student_is_corrected_in_the_drawer(classes: Classes, demo: Demo, owner: Connection) -> None:
    page = classes(**{"class": str(demo.integrity), "student": str(demo.ana)})
    field(page, "full_name").input("  Ana Lim Hui En ")
    field(page, "gender").set_value("female")
    field(page, "birth_year").set_value(2015)
    field(page, "index_no").set_value(7)
    field(page, "portraits").uncheck()
    page = press(page, "save")

    assert page.success[0].value == "Saved."
    row = owner.execute(text("select s.*, e.index_no from students s join enrolments e on e.student_id = s.id")).one()
    assert (row.full_name, row.gender, row.birth_year) == ("Ana Lim Hui En", "female", 2015)
    assert (row.index_no, row.portraits_allowed) == (7, False)


@pytest.mark.parametrize(("what", "count"), [("Put into another class", 1), ("Has left the school", 0)])
def test_a_student_goes_to_another_class_or_away(
    classes: Classes, demo: Demo, owner: Connection, what: str, count: int
) -> None:
    page = classes(**{"class": str(demo.integrity), "student": str(demo.ana)})
    page = click(page, f"place_{what}")
    if count:
        field(page, "class").set_value(demo.courage)
    page = press(page, "save")

    assert "student" not in page.query_params
    assert value_of(owner, f"select count(*) from enrolments where class_id = '{demo.courage}'") == count
    assert value_of(owner, f"select to_date is null from enrolments where class_id = '{demo.integrity}'") is False


def test_a_guardian_is_corrected_and_removed_after_a_question(
    app: App, classes: Classes, demo: Demo, owner: Connection
) -> None:
    app.administration.guardians.add(demo.siti, demo.ana, GuardianEntry("Lim Bee Hoon", "mother"))
    (link,) = app.administration.guardians.of_student(demo.siti, demo.ana)
    page = classes(**{"class": str(demo.integrity), "student": str(demo.ana)})
    page = click(page, f"correct guardian{link.id.hex}")
    field(page, "email").input("no address")
    page = press(page, "save")
    assert "no e-mail address" in page.warning[0].value
    field(page, "email").input("lim@example.com")
    page = press(page, "save")
    assert value_of(owner, "select email from guardians") == "lim@example.com"

    page = click(page, f"remove guardian{link.id.hex}")
    assert "Their contacts are deleted." in words(page)
    press(page, "save")
    assert value_of(owner, "select count(*) from guardians") == 0


def test_who_has_no_form_class_is_listed_and_opened(app: App, classes: Classes, demo: Demo) -> None:
    app.administration.students.take_out(demo.siti, demo.ana, demo.integrity)
    page = click(classes(), "classes_without")

    assert f"student{demo.ana.hex}" in [one.key for one in page.main.button]
    page = click(page, f"student{demo.ana.hex}")
    page = click(page, "place_Put into another class")
    field(page, "class").set_value(demo.courage)
    page = press(page, "save")

    assert "Everybody is in a form class." in words(page)


def test_a_class_goes_on_as_the_page_says_before(app: App, classes: Classes, demo: Demo, owner: Connection) -> None:
    owner.execute(text("update classes set level = 'P5' where name = 'P5 Integrity'"))
    ben = app.administration.students.add(demo.siti, demo.integrity, StudentEntry("Ben Ong"))
    page = classes(**{"class": str(demo.integrity), "classes": "new-year"})
    assert "**P6 Integrity of 2027** begins, with 2 students." in words(page)
    stays = value_of(owner, f"select id from enrolments where student_id = '{ben}'")
    field(page, "staying").set_value([stays])
    page = page.run()
    assert "1 student is in no form class then, and waits for one: Ben Ong." in words(page)

    page = click(page, "new_year_begin")

    assert page.main.subheader[0].value == "P6 Integrity"
    assert "continues P5 Integrity of 2026" in words(page)
    assert value_of(owner, "select level from students where full_name = 'Ana Lim'") == "P6"
    page = classes(**{"class": str(demo.integrity), "classes": "new-year"})
    assert "P5 Integrity goes on as P6 Integrity of 2027 already." in words(page)
    assert "new_year_begin" not in [one.key for one in page.button]


def test_classes_of_a_year_go_on_together_but_for_those_that_leave(classes: Classes, owner: Connection) -> None:
    owner.execute(text("update classes set level = case name when 'P5 Integrity' then 'P5' else 'P6' end"))
    page = classes(classes="new-year", year="2026")
    assert [(one.label, one.value) for one in page.main.checkbox] == [
        ("**P5 Integrity** :material/arrow_forward: P6 Integrity", True),
        ("**P4 Courage** :material/arrow_forward: last year", False),
    ]

    page = click(page, "new_years_begin")

    assert page.success[0].value == "1 class began: P6 Integrity."
    assert [one.label[:14] for one in page.main.checkbox] == ["**P4 Courage**"]
    assert value_of(owner, "select count(*) from classes where school_year = 2027") == 1


def test_a_class_of_another_school_is_not_there(classes: Classes) -> None:
    page = classes(**{"class": "00000000-0000-4000-8000-000000000000"})

    assert "no such class in your school" in page.main.warning[0].value
