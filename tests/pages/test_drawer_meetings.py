"""Meetings in a student's drawer: what is planned, planning one, and calling it off."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, Markdown

from core.bootstrap import App
from core.meetings.planning import Upcoming
from core.ui import drawer_meetings
from core.ui.drawer_meetings import line
from tests.pages.conftest import Demo, Open

ZONE = ZoneInfo("Asia/Singapore")


def drawer(open_page: Open, demo: Demo) -> AppTest:
    return open_page("pages/1_Student_roster.py", student=str(demo.ana))


def tomorrow() -> date:
    return datetime.now(ZONE).date() + timedelta(days=1)


def planned(page: AppTest) -> list[str]:
    return [one.value for one in page.markdown if "Meeting on" in one.value]


def test_a_meeting_is_planned_and_called_off_again(demo: Demo, open_page: Open, owner: Connection) -> None:
    page = drawer(open_page, demo)
    assert planned(page) == []

    page.date_input(key=f"meeting_day_{demo.ana.hex}").set_value(tomorrow())
    page.time_input(key=f"meeting_time_{demo.ana.hex}").set_value(time(15, 40))
    page.button(key="meeting_plan").click().run()

    (shown,) = planned(page)
    assert "15\\:40" in shown
    starts_at = owner.scalar(text("select starts_at from meetings"))
    assert starts_at == datetime.combine(tomorrow(), time(15, 40), ZONE)

    (call_off,) = [button for button in page.button if button.label == "Call off"]
    call_off.click().run()

    assert planned(page) == []
    assert owner.scalar(text("select count(*) from meetings")) == 0


@pytest.mark.parametrize("on_a_phone", [False, True])
def test_what_is_planned_is_above_the_form_where_that_would_fill_the_screen(
    demo: Demo, open_page: Open, monkeypatch: pytest.MonkeyPatch, on_a_phone: bool
) -> None:
    monkeypatch.setattr(drawer_meetings, "is_phone", lambda: on_a_phone)
    page = drawer(open_page, demo)
    page.date_input(key=f"meeting_day_{demo.ana.hex}").set_value(tomorrow())
    page.button(key="meeting_plan").click().run()

    drawn = [node.proto for node in page if isinstance(node, (Markdown, Button))]
    row = next(place for place, proto in enumerate(drawn) if "Meeting on" in getattr(proto, "body", ""))
    button = next(place for place, proto in enumerate(drawn) if getattr(proto, "label", "") == "Plan meeting")
    assert (row < button) is on_a_phone


def test_who_comes_is_chosen_among_the_guardians(demo: Demo, open_page: Open, owner: Connection) -> None:
    values = {"school": demo.mei.school_id, "ana": demo.ana}
    guardian = owner.scalar(
        text("insert into guardians (school_id, full_name) values (:school, 'Lim *Siew* Hoon') returning id"), values
    )
    owner.execute(
        text(
            "insert into student_guardians (school_id, student_id, guardian_id, relationship)"
            " values (:school, :ana, :guardian, 'mother')"
        ),
        {**values, "guardian": guardian},
    )
    page = drawer(open_page, demo)

    page.date_input(key=f"meeting_day_{demo.ana.hex}").set_value(tomorrow())
    page.selectbox(key=f"meeting_guardian_{demo.ana.hex}").select(guardian)
    page.button(key="meeting_plan").click().run()

    (shown,) = planned(page)
    assert r"Lim \*Siew\* Hoon (mother)" in shown


def test_a_time_that_is_over_is_refused_in_a_sentence(demo: Demo, open_page: Open, owner: Connection) -> None:
    page = drawer(open_page, demo)

    page.date_input(key=f"meeting_day_{demo.ana.hex}").set_value(datetime.now(ZONE).date())
    page.time_input(key=f"meeting_time_{demo.ana.hex}").set_value(time(0, 0))
    page.button(key="meeting_plan").click().run()

    assert "This time is over. Choose a later one." in [one.value for one in page.warning]
    assert owner.scalar(text("select count(*) from meetings")) == 0


def test_a_colleague_s_meeting_is_told_and_stays_theirs(
    demo: Demo, open_page: Open, owner: Connection, app: App
) -> None:
    owner.execute(
        text("insert into class_staff (school_id, class_id, staff_id, role) values (:school, :class, :arjun, 'form')"),
        {"school": demo.arjun.school_id, "class": demo.integrity, "arjun": demo.arjun.staff_id},
    )
    app.meetings.plan(demo.arjun, demo.ana, tomorrow(), time(14, 0))

    page = drawer(open_page, demo)

    assert "· with Arjun Nair]" in planned(page)[0]
    assert "Call off" not in [button.label for button in page.button]


def test_the_line_says_day_time_and_who_comes(demo: Demo) -> None:
    at = datetime(2026, 11, 23, 14, 20, tzinfo=ZONE)
    meeting = Upcoming(demo.ana, at, "Rahman bin Ali", "father", None)

    assert line(demo.mei, meeting) == r"Meeting on Mon 23 Nov, 14\:20 · Rahman bin Ali (father)"
