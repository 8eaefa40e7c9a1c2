from pathlib import Path
from threading import Thread
from uuid import UUID

import pandas as pd
import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.bootstrap import App
from core.roster.importing.service import Choice
from core.roster.importing.uploads import pasted
from core.ui.importing.desk import Desk
from tests.cast import enrol, open_class
from tests.pages.conftest import Demo, Open

ROSTER = "pages/1_Student_roster.py"
SAMPLE = Path(__file__).parents[1] / "data" / "microsoft-sds" / "SDS Format" / "25 Users"
THREE_ROWS = "Name,Gender\nAna Lim,F\nEve s/o Rajan,\n,F\n"


def paste(page: AppTest, content: str) -> None:
    page.text_area[0].input(content)
    click(page, "Show preview")


def upload(page: AppTest, *files: tuple[str, bytes]) -> None:
    page.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files])
    page.run()


def upload_sample(page: AppTest) -> None:
    upload(page, *((path.name, path.read_bytes()) for path in sorted(SAMPLE.iterdir())))


def click(page: AppTest, label: str) -> None:
    (button,) = (button for button in page.button if button.label == label)
    button.click().run()


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.main.button]


def table(page: AppTest) -> pd.DataFrame:
    frame: pd.DataFrame = page.dataframe[0].value
    return frame


def pills(page: AppTest) -> list[str]:
    return [option.removeprefix(":gray[").removesuffix("]") for option in page.pills[0].options]


def said(page: AppTest) -> list[str]:
    return [element.value for element in (*page.success, *page.warning, *page.error, *page.info)]


def students_in(owner: Connection, class_id: UUID) -> list[str]:
    query = "select full_name from students as s join enrolments as e on e.student_id = s.id where e.class_id = :id"
    return sorted(owner.scalars(text(query), {"id": class_id}))


def test_the_roster_leads_to_the_import_and_back(open_page: Open, demo: Demo) -> None:
    page = open_page(ROSTER, **{"class": str(demo.integrity)})

    click(page, "Import class list")
    assert [title.value for title in page.title] == ["Import a class list"]
    assert page.query_params["view"] == "import"
    click(page, "Back to the roster")

    assert [title.value for title in page.title] == ["Student roster"]
    assert page.query_params == {"class": str(demo.integrity)}


def test_a_pasted_list_is_shown_before_anything_is_saved(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, THREE_ROWS)

    assert pills(page) == ["All 3", "Created 1", "Changed 1", "Moved 0", "Unchanged 0", "Ignored 0", "Refused 1"]
    assert [list(result) for result in table(page)["result"]] == [["Refused"], ["Created"], ["Changed"]]
    assert list(table(page)["row"]) == [4, 3, 2]
    assert "file" not in table(page)
    assert "1 row is refused and stays out. Everything else is saved in one step." in [c.value for c in page.caption]
    assert students_in(owner, demo.integrity) == ["Ana Lim"]


@pytest.mark.usefixtures("demo")
def test_a_kind_of_result_can_be_looked_at_alone(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)

    page.pills[0].set_value("created").run()

    assert list(table(page)["name"]) == ["Eve s/o Rajan"]


@pytest.mark.usefixtures("demo")
def test_rows_to_mend_are_told_in_full_under_the_table(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, THREE_ROWS)

    assert "- **Row 4, Name\\:** No name. Fill in the name, or delete the row." in [
        line.value for line in page.markdown
    ]


@pytest.mark.usefixtures("demo")
def test_no_cell_of_the_table_is_a_formula_when_it_is_downloaded(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "Name\n=1+1\n")

    assert list(table(page)["name"]) == ["'=1+1"]


@pytest.mark.usefixtures("demo")
def test_many_rows_to_mend_stay_in_the_table(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "Name,Gender\n" + ",F\n" * 6)

    assert not [line.value for line in page.markdown if "Row 2" in line.value]


@pytest.mark.usefixtures("demo")
def test_columns_that_are_not_read_are_named(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "Name,NRIC,Race\nEve Tan,S1234567D,x\n")

    assert r"Not read\: NRIC, Race." in [caption.value for caption in page.caption]


@pytest.mark.usefixtures("demo")
def test_an_empty_paste_is_met_with_the_first_step(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "  \n")

    assert said(page) == ["Paste the rows first."]


@pytest.mark.usefixtures("demo")
def test_rows_of_the_other_school_are_said_to_stay_out(open_page: Open) -> None:
    page = open_page(ROSTER, view="import", **{"as": "siti"})

    upload_sample(page)
    page.radio[0].set_value("10001").run()

    (line,) = (caption.value for caption in page.caption if "another school" in caption.value)
    assert line == "1 row belongs to another school and stays out. Everything else is saved in one step."


def test_what_was_seen_is_applied_and_taken_back(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)

    click(page, "Apply import")
    assert said(page) == ["**1 student created, 1 changed.** 1 row is refused and stays out."]
    assert students_in(owner, demo.integrity) == ["Ana Lim", "Eve s/o Rajan"]
    click(page, "Undo import")

    assert said(page) == ["The import is undone. The roster is as it was before."]
    assert students_in(owner, demo.integrity) == ["Ana Lim"]
    assert "Undo import" not in labels(page)


def test_after_a_reload_the_last_import_can_still_be_undone(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)
    click(page, "Apply import")

    again = open_page(ROSTER, view="import")
    (line,) = (line.value for line in again.markdown if "Your last import" in line.value)
    assert line.startswith(r"Your last import: **Pasted list** (1 student, ")
    click(again, "Undo import")

    assert students_in(owner, demo.integrity) == ["Ana Lim"]


@pytest.mark.usefixtures("demo")
def test_a_second_time_there_is_nothing_to_apply(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "Name\nAna Lim\n")

    assert "Everything in this file is already here." in [caption.value for caption in page.caption]
    assert "Apply import" not in labels(page)


def test_done_leads_to_the_class_that_changed(open_page: Open, demo: Demo) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)
    click(page, "Apply import")

    click(page, "Open roster")

    assert page.query_params == {"class": str(demo.integrity)}


def test_a_teacher_of_two_classes_is_asked_which_one(open_page: Open, owner: Connection, demo: Demo) -> None:
    art = open_class(owner, demo.mei, "Art club")
    page = open_page(ROSTER, view="import")
    paste(page, "Name\nEve Tan\n")
    assert "Apply import" not in labels(page)

    page.main.selectbox[0].select(art).run()
    click(page, "Apply import")

    assert students_in(owner, art) == ["Eve Tan"]


def test_the_class_of_the_address_is_the_first_choice(open_page: Open, owner: Connection, demo: Demo) -> None:
    art = open_class(owner, demo.mei, "Art club")
    page = open_page(ROSTER, view="import", **{"class": str(art)})

    paste(page, "Name\nEve Tan\n")

    assert page.main.selectbox[0].value == art


def test_a_teacher_without_a_class_is_told_whom_to_ask(open_page: Open, owner: Connection, demo: Demo) -> None:
    owner.execute(text("update classes set archived_at = now() where id = :id"), {"id": demo.courage})
    page = open_page(ROSTER, view="import", **{"as": "arjun"})

    paste(page, "Name\nEve Tan\n")

    assert said(page) == ["You teach no class here yet that this list could go into. Ask an admin to import it."]
    assert "Apply import" not in labels(page)


@pytest.mark.usefixtures("demo")
def test_an_admin_without_any_class_is_told_how_to_get_them(open_page: Open, owner: Connection) -> None:
    owner.execute(text("update classes set archived_at = now()"))
    page = open_page(ROSTER, view="import", **{"as": "siti"})

    paste(page, "Name\nEve Tan\n")

    assert said(page) == [
        "There is no class here yet. Add a column Class to the list: the classes it names can be created with it."
    ]


def test_an_admin_has_the_classes_created_that_the_list_names(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page(ROSTER, view="import", **{"as": "siti"})

    paste(page, "Name,Class\nEve Tan,1A\nFay Ho,1B\n")
    assert r"2 classes are not here yet\: 1A, 1B." in [line.value for line in page.markdown]
    assert "Apply import" not in labels(page)
    page.toggle[0].set_value(True).run()
    assert list(table(page)["what"]) == ["New class 1A, new student in 1A", "New class 1B, new student in 1B"]
    click(page, "Apply import")

    assert said(page) == ["**2 students and 2 classes created.**"]
    query = text("select name from classes where school_id = :id and name like '1_' order by name")
    assert list(owner.scalars(query, {"id": demo.siti.school_id})) == ["1A", "1B"]
    click(page, "Undo import")
    assert list(owner.scalars(query, {"id": demo.siti.school_id})) == []


@pytest.mark.usefixtures("demo")
def test_a_teacher_is_not_offered_to_create_classes(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "Name,Class\nEve Tan,1A\n")

    assert not page.toggle


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("content", "label"),
    [
        ("Name\nEve Tan\n", "Class this list is for"),
        ("Name,Class\nEve Tan,\nFay Ho,P5 Integrity\n", "Class for the rows that name none"),
    ],
)
def test_the_question_for_a_class_says_which_rows_it_is_about(open_page: Open, content: str, label: str) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, content)

    assert page.main.selectbox[0].label == label


@pytest.mark.usefixtures("demo")
def test_a_list_that_names_its_classes_asks_for_none(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    paste(page, "Name,Class\nEve Tan,P5 Integrity\n")

    assert not page.main.selectbox
    assert "Apply import" in labels(page)


def test_an_admin_chooses_one_school_of_the_export(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page(ROSTER, view="import", **{"as": "siti"})

    upload_sample(page)
    assert page.radio[0].label == "This file holds 2 schools. Which one goes into Demo Primary?"
    assert "Apply import" not in labels(page)
    page.radio[0].set_value("10001").run()
    assert set(table(page)["file"]) >= {"Student.csv", "Section.csv"}
    click(page, "Apply import")

    count = text("select count(*) from students where school_id = :id")
    assert owner.scalar(count, {"id": demo.siti.school_id}) == 1 + 22


@pytest.mark.usefixtures("demo")
def test_a_teacher_is_told_that_an_admin_imports_schools(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")

    upload_sample(page)

    assert said(page) == [
        "Only an admin may import this file. Ask an admin, or import a plain list into a class you teach."
    ]
    assert page.file_uploader


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0", "We could not read this file."),
        ("list.xlsx", b"\xd0\xcf\x11\xe0", "This is a spreadsheet workbook."),
        ("list.csv", b"Colour\nred\n", "There is no column of names."),
    ],
)
def test_a_file_that_is_no_list_is_met_with_one_sentence(
    open_page: Open, name: str, data: bytes, sentence: str
) -> None:
    page = open_page(ROSTER, view="import")

    upload(page, (name, data))

    (shown,) = said(page)
    assert shown.startswith(sentence)


@pytest.mark.usefixtures("demo")
def test_a_name_that_is_missing_is_said_to_be_flagged(open_page: Open) -> None:
    page = open_page(ROSTER, view="import", **{"as": "siti"})

    upload(
        page,
        ("School.csv", b"SIS ID,Name\n1,Demo Primary\n"),
        ("Student.csv", b"SIS ID,School SIS ID,Username\nS1,1,evetan\n"),
    )

    student = table(page).set_index("name").loc["evetan"]
    assert student["what"] == "New student. No name in the file; the user name stands in and is flagged"


def test_a_roster_that_changed_meanwhile_is_shown_anew(
    open_page: Open, owner: Connection, app: App, demo: Demo
) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)
    owner.execute(text("update students set gender = 'female' where id = :ana"), {"ana": demo.ana})

    click(page, "Apply import")
    assert said(page) == ["The class list changed since this preview. Look at the new preview and apply again."]
    assert pills(page)[:5] == ["All 3", "Created 1", "Changed 0", "Moved 0", "Unchanged 1"]
    click(page, "Apply import")

    assert said(page)[0].startswith("**1 student created.**")
    assert app.imports.last(demo.mei) is not None


def test_what_was_built_on_an_import_keeps_it(open_page: Open, owner: Connection, demo: Demo) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)
    click(page, "Apply import")
    owner.execute(
        text(
            "insert into attendance (school_id, student_id, on_date, session, status)"
            " select school_id, id, '2026-11-23', 'am', 'present' from students where full_name like 'Eve%'"
        )
    )

    click(page, "Undo import")

    assert any(sentence.startswith("This import can't be undone any more") for sentence in said(page))
    assert students_in(owner, demo.integrity) == ["Ana Lim", "Eve s/o Rajan"]


def test_someone_whom_the_teacher_can_not_see_is_an_admins_matter(
    open_page: Open, owner: Connection, demo: Demo
) -> None:
    bala = enrol(owner, demo.courage, "Bala s/o Kumar")
    owner.execute(text("update students set sourced_id = 'S-9' where id = :id"), {"id": bala})
    page = open_page(ROSTER, view="import")
    paste(page, "Name,Student ID\nBala s/o Kumar,S-9\n")

    click(page, "Apply import")

    assert said(page) == ["Someone in this list is in the school already, in another class. Ask an admin to import it."]
    assert students_in(owner, demo.courage) == ["Bala s/o Kumar"]


@pytest.mark.usefixtures("demo")
def test_what_was_read_goes_when_the_view_is_left(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)

    click(page, "Cancel")

    assert "import_desk" not in page.session_state


@pytest.mark.usefixtures("demo")
def test_someone_else_finds_nothing_of_what_was_read(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)

    page.query_params["as"] = "siti"
    page.run()

    assert "Apply import" not in labels(page)
    assert page.file_uploader


@pytest.mark.usefixtures("demo")
def test_another_file_is_chosen_from_the_start(open_page: Open) -> None:
    page = open_page(ROSTER, view="import")
    paste(page, THREE_ROWS)

    click(page, "Choose another file")

    assert page.text_area[0].value == ""
    assert "Apply import" not in labels(page)


def test_clicks_that_come_at_once_apply_once(app: App, owner: Connection, demo: Demo) -> None:
    desk = Desk(demo.mei)
    desk.read([pasted(THREE_ROWS)])
    desk.look(app.imports, Choice(into_class=demo.integrity))

    clicks = [Thread(target=desk.apply, args=(app.imports,)) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()

    assert desk.problem is None
    assert owner.scalar(text("select count(*) from imports")) == 1


def test_a_class_that_goes_with_its_import_leaves_the_address(open_page: Open, demo: Demo) -> None:
    page = open_page(ROSTER, view="import", **{"as": "siti"})
    upload_sample(page)
    page.radio[0].set_value("10001").run()
    click(page, "Apply import")
    click(page, "Open roster")
    assert page.query_params["class"] != str(demo.integrity)

    click(page, "Import class list")
    click(page, "Undo import")
    click(page, "Back to the roster")

    assert "class" not in page.query_params
    assert not page.warning
