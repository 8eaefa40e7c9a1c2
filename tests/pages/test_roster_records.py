"""What a person may add to a student's records and correct, in the drawer over a real database."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text
from streamlit.testing.v1 import AppTest

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.records.entries import (
    AttendanceEntry,
    CaseEntry,
    Entry,
    NoteEntry,
    ObservationEntry,
    ResultEntry,
)
from tests.cast import assign
from tests.pages.conftest import Demo
from tests.pages.conftest import Open as OpenPage

TODAY = datetime.now(UTC).date()
RECENTLY = TODAY - timedelta(days=5)
LATE = AttendanceEntry(RECENTLY, "day", "late", "Bus was late")
SEEN = ObservationEntry(datetime.now(UTC) - timedelta(days=5), "strength", "Helped a classmate")
CASE = CaseEntry("sen", "low", "open", "Needs larger print", RECENTLY, None)
Drawer = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def double_click_s(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Here clicks follow faster than anybody's; a test may say within what time they are one."""

    def last(seconds: float) -> None:
        monkeypatch.setattr("core.ui.drawer_record_desk._DOUBLE_CLICK_S", seconds)

    last(0)
    return last


@pytest.fixture
def drawer(open_page: OpenPage, demo: Demo) -> Drawer:
    """Ana's, as Mei or as someone else."""

    def open_it(**query: str) -> AppTest:
        # Arjun has a class of his own, too.
        there = {"class": str(demo.integrity), "student": str(demo.ana)}
        return open_page("pages/1_Student_roster.py", **there, **query)

    return open_it


@pytest.fixture
def keep(app: App, demo: Demo) -> Callable[..., UUID]:
    """A record of Ana's, by Mei unless it is said by whom."""

    def keep(entry: Entry, person: Person | None = None) -> UUID:
        return app.records.add(person or demo.mei, demo.ana, entry)

    return keep


Keep = Callable[..., UUID]


@pytest.fixture
def arjun(owner: Connection, demo: Demo) -> Person:
    """Who teaches Ana's class a subject now."""
    assign(owner, demo.arjun, demo.integrity, "subject")
    return demo.arjun


def kept(owner: Connection, table: str) -> list[Any]:
    return list(owner.execute(text(f"select * from {table} order by created_at")))


def click(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def field(page: AppTest, name: str) -> Any:
    """Of the open form, whatever its number."""
    widgets = [*page.text_area, *page.text_input, *page.selectbox, *page.date_input, *page.number_input]
    groups = page.get("button_group")
    (found,) = [one for one in [*widgets, *groups] if re.fullmatch(rf"record\d+_{name}", one.key or "")]
    return found


def pressed(page: AppTest, name: str) -> AppTest:
    """A button of the open form."""
    (found,) = [one for one in page.button if re.fullmatch(rf"record\d+_{name}", one.key or "")]
    return found.click().run()


def lines(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown)


def warnings(page: AppTest) -> list[str]:
    return [one.value for one in page.warning]


def keys(page: AppTest) -> list[str]:
    return [str(one.key) for one in page.button]


def test_without_records_there_is_no_data_and_all_that_may_be_added(drawer: Drawer) -> None:
    page = drawer()

    added = [one.label for one in page.button if str(one.key).startswith("add_")]
    assert added == ["Add attendance", "Add result", "Add observation", "Add case", "Note for the meeting"]
    assert lines(page).count(":gray[no data]") == 5


def test_an_observation_is_added_and_stands_there(drawer: Drawer, owner: Connection, demo: Demo) -> None:
    page = click(drawer(), "add_observation")
    field(page, "kind").set_value("strength")
    field(page, "text").input("Reads *aloud* well")

    click(page, "add_observation")

    (row,) = kept(owner, "observations")
    assert (row.kind, row.text, row.author_id) == ("strength", "Reads *aloud* well", demo.mei.staff_id)
    assert ":small[Strength\\: Reads \\*aloud\\* well]" in lines(page)
    assert page.button(key="add_observation").label == "Add observation"
    assert not page.text_area


def test_attendance_of_a_day_is_added(drawer: Drawer, owner: Connection) -> None:
    page = click(drawer(), "add_attendance")
    field(page, "day").set_value(RECENTLY)
    field(page, "status").set_value("absent")
    field(page, "reason").input("Fever")

    click(page, "add_attendance")

    (row,) = kept(owner, "attendance")
    assert (row.on_date, row.session, row.status, row.reason) == (RECENTLY, "day", "absent", "Fever")
    assert ":small[Absent\\: Fever]" in lines(page)


def test_each_pencil_says_which_record_it_corrects(drawer: Drawer, keep: Keep) -> None:
    late = keep(AttendanceEntry(RECENTLY, "day", "late", "Bus [12] broke: down"))
    quiz = keep(ResultEntry("Science", "Term 3", "Quiz", None, _points(20), None, RECENTLY))
    page = drawer()

    labels = [page.button(key=f"correct{one.hex}").label for one in (late, quiz)]

    assert [label.partition("](")[0] for label in labels] == [
        f"![Correct Late, {RECENTLY.day} {RECENTLY:%b %Y}",
        f"![Correct Science, Quiz, {RECENTLY.day} {RECENTLY:%b %Y}",
    ]


def test_a_result_is_added_with_names_that_are_offered_or_typed(drawer: Drawer, owner: Connection, keep: Keep) -> None:
    keep(ResultEntry("Science", "Term 3", "Quiz", None, _points(20), None, RECENTLY))
    page = click(drawer(), "add_result")
    assert field(page, "subject").options == ["Science"]
    field(page, "subject").select("Science")
    field(page, "term").select("Term 4")
    field(page, "assessment").select("Quiz")
    field(page, "score").set_value(12.5)
    field(page, "max_score").set_value(20)

    click(page, "add_result")

    row = kept(owner, "results")[1]
    assert (row.subject, row.term, row.assessment) == ("Science", "Term 4", "Quiz")
    assert (row.score, row.max_score, row.weight) == (_points("12.5"), 20, None)


def test_a_form_teacher_adds_and_closes_a_case(drawer: Drawer, owner: Connection) -> None:
    page = click(drawer(), "add_case")
    field(page, "kind").set_value("sen")
    field(page, "severity").set_value("low")
    field(page, "summary").input("Needs larger print")
    click(page, "add_case")
    (case,) = kept(owner, "cases")
    assert (case.status, case.opened_on) == ("open", _today_at_school())

    click(page, f"correct{case.id.hex}")
    field(page, "status").set_value("closed")
    field(page, "closed_on").set_value(_today_at_school())
    click(page, f"correct{case.id.hex}")

    (case,) = kept(owner, "cases")
    assert (case.status, case.closed_on) == ("closed", _today_at_school())
    assert "Special needs, closed" in lines(page)
    assert not page.warning


def test_a_note_for_the_meeting_is_one_that_can_be_corrected(drawer: Drawer, owner: Connection) -> None:
    page = click(drawer(), "add_note")
    field(page, "override").set_value("nothing")
    click(page, "add_note")
    (note,) = kept(owner, "readiness_notes")
    assert (note.override, note.text) == ("nothing", None)
    assert ":small[Nothing to discuss]" in lines(page)
    assert "add_note" not in keys(page)

    click(page, f"correct{note.id.hex}")
    field(page, "override").set_value("as_records_say")
    field(page, "text").input("Ready")
    click(page, f"correct{note.id.hex}")

    (note,) = kept(owner, "readiness_notes")
    assert (note.override, note.text) == (None, "Ready")


def test_a_correction_starts_with_what_is_there(drawer: Drawer, owner: Connection, keep: Keep) -> None:
    record_id = keep(LATE)
    page = click(drawer(), f"correct{record_id.hex}")
    assert (field(page, "status").value, field(page, "reason").value) == ("late", "Bus was late")

    field(page, "status").set_value("official_absence")
    click(page, f"correct{record_id.hex}")

    (row,) = kept(owner, "attendance")
    assert (row.status, row.reason) == ("official_absence", "Bus was late")
    assert [one.action for one in kept(owner, "audit_log")] == ["attendance.added", "attendance.corrected"]


def test_a_corrected_observation_keeps_its_time_of_day(drawer: Drawer, owner: Connection, keep: Keep) -> None:
    record_id = keep(SEEN)
    page = click(drawer(), f"correct{record_id.hex}")
    field(page, "text").input("Helped two classmates")
    click(page, f"correct{record_id.hex}")

    (row,) = kept(owner, "observations")
    assert (row.text, row.happened_at) == ("Helped two classmates", SEEN.happened_at)


def test_a_removal_asks_once_more_and_a_double_click_is_no_answer(
    drawer: Drawer, owner: Connection, keep: Keep, double_click_s: Callable[[float], None]
) -> None:
    record_id = keep(SEEN)
    page = click(drawer(), f"correct{record_id.hex}")
    double_click_s(60)

    pressed(page, "remove")
    pressed(page, "remove")
    assert len(kept(owner, "observations")) == 1
    assert "Yes, remove it" in [one.label for one in page.button]

    double_click_s(0)
    pressed(page, "remove")
    assert kept(owner, "observations") == []
    assert [one.action for one in kept(owner, "audit_log")] == ["observation.added", "observation.removed"]


def test_cancel_leaves_all_as_it_was(drawer: Drawer, owner: Connection, keep: Keep) -> None:
    record_id = keep(LATE)
    page = click(drawer(), f"correct{record_id.hex}")
    field(page, "status").set_value("absent")

    pressed(page, "cancel")

    assert kept(owner, "attendance")[0].status == "late"
    assert not page.text_input(key="roster_search").value
    assert f"correct{record_id.hex}" in keys(page)


def test_what_is_refused_is_one_sentence_and_stays_as_it_was_typed(
    drawer: Drawer, owner: Connection, keep: Keep
) -> None:
    keep(ResultEntry("Science", "Term 3", "Quiz", None, _points(20), None, RECENTLY))
    page = click(drawer(), "add_result")
    for name, value in (("subject", "Science"), ("term", "Term 4"), ("assessment", "Quiz")):
        field(page, name).select(value)
    field(page, "score").set_value(25)
    field(page, "max_score").set_value(20)

    click(page, "add_result")

    assert warnings(page) == ["The score 25 is more than the 20 that there were. Correct one of the two."]
    assert (field(page, "score").value, field(page, "max_score").value) == (25, 20)
    assert len(kept(owner, "results")) == 1

    field(page, "score").set_value(15)
    click(page, "add_result")
    assert warnings(page) == []
    assert kept(owner, "results")[1].score == 15


def test_a_day_that_is_on_record_leads_to_its_record_with_what_was_typed(
    drawer: Drawer, owner: Connection, keep: Keep
) -> None:
    present = keep(AttendanceEntry(RECENTLY, "day", "present", None))
    page = drawer()
    assert f"correct{present.hex}" not in keys(page)
    click(page, "add_attendance")
    field(page, "day").set_value(RECENTLY)
    field(page, "status").set_value("absent")
    field(page, "reason").input("Fever")
    click(page, "add_attendance")
    assert "is on record already\\: present. Correct that record instead." in warnings(page)[0]

    pressed(page, "twin")
    assert (field(page, "status").value, field(page, "reason").value) == ("absent", "Fever")
    click(page, f"correct{present.hex}")

    (row,) = kept(owner, "attendance")
    assert (row.id, row.status, row.reason) == (present, "absent", "Fever")


def test_somebody_else_s_newer_change_is_shown_before_it_may_be_replaced(
    drawer: Drawer, owner: Connection, keep: Keep, app: App, demo: Demo
) -> None:
    record_id = keep(LATE)
    page = click(drawer(), f"correct{record_id.hex}")
    field(page, "reason").input("Mine")
    theirs = AttendanceEntry(LATE.on_date, "day", "late", "Theirs")
    app.records.correct(demo.siti, record_id, LATE, theirs)

    click(page, f"correct{record_id.hex}")
    assert "Somebody else changed this record meanwhile" in warnings(page)[0]
    assert ":small[Late\\: Theirs]" in lines(page)
    assert field(page, "reason").value == "Mine"
    assert kept(owner, "attendance")[0].reason == "Theirs"

    click(page, f"correct{record_id.hex}")
    assert kept(owner, "attendance")[0].reason == "Mine"


def test_a_record_that_somebody_removed_meanwhile_leaves_what_was_typed(
    drawer: Drawer, keep: Keep, app: App, demo: Demo
) -> None:
    record_id = keep(LATE)
    page = click(drawer(), f"correct{record_id.hex}")
    field(page, "reason").input("Mine")
    app.records.remove(demo.siti, record_id, LATE)

    click(page, f"correct{record_id.hex}")

    assert "it was removed, or is not yours" in warnings(page)[0]
    assert field(page, "reason").value == "Mine"


def test_the_second_click_of_a_double_click_on_save_opens_no_other_form(
    drawer: Drawer, owner: Connection, double_click_s: Callable[[float], None]
) -> None:
    page = click(drawer(), "add_observation")
    field(page, "text").input("Once")

    double_click_s(60)
    click(page, "add_observation")
    click(page, "add_observation")

    assert len(kept(owner, "observations")) == 1
    assert not page.text_area


@pytest.mark.parametrize(
    "entry", [LATE, SEEN, CASE, NoteEntry("discuss", "By Mei")], ids=lambda one: type(one).__name__
)
def test_a_subject_teacher_may_correct_what_is_not_another_author_s_and_no_case(
    drawer: Drawer,
    keep: Keep,
    arjun: Person,  # noqa: ARG001 -- who teaches here
    entry: Entry,
) -> None:
    record_id = keep(entry)

    page = drawer(**{"as": "arjun"})

    assert (f"correct{record_id.hex}" in keys(page)) == isinstance(entry, AttendanceEntry)
    assert "add_case" not in keys(page)
    assert "Cases" not in lines(page)
    assert {"add_attendance", "add_result", "add_observation", "add_note"} <= set(keys(page))


def test_another_author_is_named(drawer: Drawer, keep: Keep, arjun: Person) -> None:
    keep(SEEN, arjun)

    page = drawer()

    assert "Helped a classmate  \n:gray[Arjun Nair]" in lines(page)


def test_an_admin_keeps_cases_and_no_one_else_s_words(drawer: Drawer, keep: Keep) -> None:
    case, seen = keep(CASE), keep(SEEN)

    page = drawer(**{"as": "siti"})

    assert f"correct{case.hex}" in keys(page)
    assert f"correct{seen.hex}" not in keys(page)
    click(page, f"correct{case.hex}")
    assert not [key for key in keys(page) if key.startswith("record") and key.endswith("_remove")]


def test_a_cited_record_stands_first_and_marked_however_old_it_is(drawer: Drawer, keep: Keep) -> None:
    cited = keep(AttendanceEntry(date(TODAY.year - 1, 3, 3), "day", "present", None))
    keep(LATE)

    page = drawer(record=f"attendance:{cited}")

    said = [one.value for one in page.markdown if ":small[" in one.value]
    assert ":blue-badge[:material/format_quote: cited] **Present**" in lines(page)
    assert lines(page).index("**Present**") < lines(page).index("Bus was late")
    assert sum("cited" in one for one in said) == 1


def test_a_cited_record_is_seen_at_once_above_all_else(drawer: Drawer, keep: Keep) -> None:
    cited = keep(LATE)

    page = drawer(record=f"attendance:{cited}")

    told = lines(page)
    block = told.index("Cited here · Attendance · ")
    assert block < told.index("Bus was late") < told.index("**Details**") < told.rindex("cited] **Late")
    assert "Cited here" not in lines(drawer())


@pytest.mark.parametrize(
    "nonsense", ["attendance", "nothing:1", f"photo:{UUID(int=9)}", f"attendance:{UUID(int=9)}", ":"]
)
def test_a_record_that_is_none_marks_nothing(drawer: Drawer, keep: Keep, nonsense: str) -> None:
    keep(LATE)

    page = drawer(record=nonsense)

    assert "cited" not in lines(page).lower()
    assert "Bus was late" in lines(page)
    assert not page.exception


def test_more_than_eight_are_shown_when_asked_for(drawer: Drawer, keep: Keep) -> None:
    for day in range(9):
        keep(ObservationEntry(datetime.now(UTC) - timedelta(days=day), "note", f"Day {day}"))
    page = drawer()
    assert "Day 7" in lines(page)
    assert "Day 8" not in lines(page)

    click(page, "all_observation")
    assert "Day 8" in lines(page)
    click(page, "all_observation")
    assert "Day 8" not in lines(page)


def test_while_a_form_is_open_its_keys_make_no_portrait(drawer: Drawer) -> None:
    page = drawer()
    assert page.button(key="drawer_make").proto.shortcut

    click(page, "add_observation")

    assert not page.button(key="drawer_make").proto.shortcut
    assert page.button(key="add_observation").proto.shortcut


def test_the_other_form_closes_when_one_is_opened(drawer: Drawer, keep: Keep) -> None:
    record_id = keep(LATE)
    page = click(drawer(), "add_observation")

    click(page, f"correct{record_id.hex}")

    assert not page.text_area
    assert field(page, "reason").value == "Bus was late"


def _points(number: float | str) -> Decimal:
    return Decimal(str(number))


def _today_at_school() -> date:
    return datetime.now(ZoneInfo("Asia/Singapore")).date()
