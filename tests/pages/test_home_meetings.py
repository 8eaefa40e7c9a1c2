"""Home's meetings of today: who comes, how ready one is, and the way to prepare."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from tests.cast import enrol
from tests.pages.conftest import Demo, Open

OPEN_CASE = (
    "insert into cases (school_id, student_id, kind, severity, summary, opened_on)"
    " values (:school, :ana, 'sen', 'low', 'x', current_date)"
)
WRITE_NOTE = "insert into readiness_notes (school_id, student_id, staff_id, text) values (:school, :ana, :mei, 'x')"


def words(page: AppTest) -> list[str]:
    return [one.value for one in page.main.markdown]


def plan(owner: Connection, demo: Demo, student: UUID, *, guardian: object = None) -> None:
    at = datetime.now(demo.mei.zone).replace(hour=14, minute=20, second=0, microsecond=0)
    owner.execute(
        text(
            "insert into meetings (school_id, student_id, staff_id, starts_at, guardian_id)"
            " values (:school, :student, :mei, :at, :guardian)"
        ),
        {
            "school": demo.mei.school_id,
            "student": student,
            "mei": demo.mei.staff_id,
            "at": at,
            "guardian": guardian,
        },
    )


def guardian_of(owner: Connection, demo: Demo, student: UUID, name: str) -> object:
    values = {"school": demo.mei.school_id, "name": name, "student": student}
    guardian = owner.scalar(
        text("insert into guardians (school_id, full_name) values (:school, :name) returning id"), values
    )
    owner.execute(
        text(
            "insert into student_guardians (school_id, student_id, guardian_id, relationship)"
            " values (:school, :student, :guardian, 'mother')"
        ),
        {**values, "guardian": guardian},
    )
    return guardian


def test_a_day_without_meetings_says_so(open_page: Open) -> None:
    page = open_page()

    assert "Today's parent–teacher meetings" in [one.value for one in page.main.subheader]
    assert "No meetings today." in words(page)


def test_a_meeting_tells_when_who_comes_and_how_ready_one_is(demo: Demo, open_page: Open, owner: Connection) -> None:
    plan(owner, demo, demo.ana, guardian=guardian_of(owner, demo, demo.ana, "Lim Siew Hoon"))

    page = open_page()

    assert "**14:20**" in words(page)
    assert "**Ana Lim**  \n:small[Lim Siew Hoon (mother)] :gray-badge[:material/edit_note: No notes yet]" in words(page)
    assert "No meetings today." not in words(page)


@pytest.mark.parametrize(
    ("statement", "badge"),
    [
        (OPEN_CASE, "1 thing to check"),
        (WRITE_NOTE, "Ready"),
    ],
)
def test_what_is_on_record_and_one_s_note_change_the_badge(
    demo: Demo, open_page: Open, owner: Connection, statement: str, badge: str
) -> None:
    plan(owner, demo, demo.ana)
    owner.execute(text(statement), {"school": demo.mei.school_id, "ana": demo.ana, "mei": demo.mei.staff_id})

    assert any(one.startswith("**Ana Lim**") and f": {badge}]" in one for one in words(open_page()))


def test_names_of_all_who_come_are_shown_as_they_are_written(demo: Demo, open_page: Open, owner: Connection) -> None:
    eve = enrol(owner, demo.integrity, "*Eve* $x$")
    plan(owner, demo, eve, guardian=guardian_of(owner, demo, eve, ":red[Bo]"))

    assert any(r"**\*Eve\* \$x\$**" in one and r":small[\:red\[Bo\] (mother)]" in one for one in words(open_page()))


def test_prepare_leads_to_the_assistant_about_this_student(demo: Demo, open_page: Open, owner: Connection) -> None:
    plan(owner, demo, demo.ana)
    page = open_page()

    (prepare,) = [button for button in page.main.button if button.label == "Prepare"]
    prepare.click().run()

    assert page.query_params["about"] == str(demo.ana)
    assert not page.exception


def test_who_looks_stays_the_same_on_the_way(demo: Demo, open_page: Open, owner: Connection) -> None:
    owner.execute(
        text("insert into class_staff (school_id, class_id, staff_id, role) values (:school, :class, :arjun, 'form')"),
        {"school": demo.arjun.school_id, "class": demo.integrity, "arjun": demo.arjun.staff_id},
    )
    plan(owner, demo, demo.ana)
    owner.execute(text("update meetings set staff_id = :arjun"), {"arjun": demo.arjun.staff_id})
    page = open_page(**{"as": "arjun"})

    (prepare,) = [button for button in page.main.button if button.label == "Prepare"]
    prepare.click().run()

    assert page.query_params["as"] == "arjun"
