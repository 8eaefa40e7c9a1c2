from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from core.accounts.audit_words import WORDS
from core.accounts.people import DEMO_PEOPLE
from core.demo import audit, people, portrait_jobs, records, remarks, usage_history
from core.demo.drawing import draw_portrait
from core.demo.guardians import GUARDIANS
from core.demo.looks import look_from, look_of
from core.demo.people import ARJUN, CLASSES, COURAGE, INTEGRITY, MEI, STAFF, STUDENTS
from core.demo.school import demo_school
from core.usage.prices import settle_chat, settle_image

TODAY = date(2026, 11, 12)
DAYS_OF_A_YEAR = [date(2026, 1, 1) + timedelta(days=days) for days in range(0, 365, 37)]


def test_the_same_day_gives_the_same_school() -> None:
    assert demo_school(TODAY) == demo_school(TODAY)


def test_another_day_keeps_who_is_there() -> None:
    def ids(today: date) -> list[UUID]:
        return [row["id"] for row in people.student_rows(today) + people.guardian_rows() + people.staff_rows()]

    assert ids(TODAY) == ids(TODAY + timedelta(days=200))


def test_no_two_rows_of_a_table_share_an_id() -> None:
    for seeded in demo_school(TODAY):
        ids = [row["id"] for row in seeded.rows]
        assert len(ids) == len(set(ids)), seeded.table


@pytest.mark.parametrize("today", DAYS_OF_A_YEAR)
def test_on_any_day_of_the_year_every_table_has_rows_with_the_same_columns(today: date) -> None:
    for seeded in demo_school(today):
        assert len({frozenset(row) for row in seeded.rows}) == 1, seeded.table


@pytest.mark.parametrize("today", DAYS_OF_A_YEAR)
def test_nothing_is_recorded_of_today_or_later(today: date) -> None:
    assert all(row["on_date"] < today for row in records.attendance_rows(today))
    assert all(row["recorded_on"] < today for row in records.result_rows(today))
    assert all(row["happened_at"].date() < today for row in remarks.observation_rows(today))
    assert all(row["created_at"].date() < today for row in usage_history.usage_rows(today))
    assert all(row["called_at"].date() < today for row in portrait_jobs.job_rows(today))
    assert all(row["created_at"].date() < today for row in audit.audit_rows(today))


def test_the_log_of_changes_has_words_for_each_line() -> None:
    rows = audit.audit_rows(TODAY)

    assert {row["action"] for row in rows} <= set(WORDS)
    # As the database writes an amount, which the page then shows as money.
    assert {row["after"]["amount_usd"] for row in rows if row["action"] == "budget.added"} == {5.0, 10.0}


def test_the_people_of_the_address_bar_work_here() -> None:
    assert {who.email for who in STAFF} >= set(DEMO_PEOPLE.values())


def test_mei_has_36_students_and_none_of_them_is_arjuns() -> None:
    assert len(INTEGRITY.pupils) == 36
    assert INTEGRITY.form_teacher is MEI
    assert COURAGE.form_teacher is ARJUN
    assert ARJUN not in INTEGRITY.teachers


def test_registers_are_in_the_order_of_the_names_as_written() -> None:
    for one in CLASSES:
        names = [pupil.full_name for pupil in one.pupils]
        assert names == sorted(names, key=str.casefold)


@pytest.mark.parametrize(
    "part", [" bin ", " binte ", " s/o ", " d/o ", " a/l ", " a/p ", " Singh ", " Kaur", ", ", "-", "ñ", "M. "]
)
def test_names_of_many_communities_are_there(part: str) -> None:
    assert any(part in student.full_name for student in STUDENTS)


def test_someone_has_a_single_name() -> None:
    assert "Suhana" in {student.full_name for student in STUDENTS}


def test_every_student_has_a_guardian_of_their_own() -> None:
    relatives = [relative.full_name for family in GUARDIANS.values() for relative in family]

    assert list(GUARDIANS) == [student.full_name for student in STUDENTS]
    assert len(relatives) == len(set(relatives))


def test_no_phone_number_can_ring() -> None:
    assert all(row["phone"].startswith("+65 5550 ") for row in people.guardian_rows())


def test_some_things_are_not_known() -> None:
    genders = Counter(row["gender"] for row in people.student_rows(TODAY))
    allowed = Counter(row["portraits_allowed"] for row in people.student_rows(TODAY))

    assert 0 < genders[None] < 10
    assert allowed[False] == 1


def test_the_new_student_has_no_data_yet() -> None:
    (new,) = (student for student in STUDENTS if student.is_new)

    recorded = {row["student_id"] for row in records.attendance_rows(TODAY) + records.result_rows(TODAY)}

    assert recorded == {student.id for student in STUDENTS} - {new.id}


def test_attendance_covers_a_term_and_knows_official_absence() -> None:
    statuses = Counter(row["status"] for row in records.attendance_rows(TODAY))

    assert len({row["on_date"] for row in records.attendance_rows(TODAY)}) == 50
    assert set(statuses) == {"present", "late", "absent", "official_absence"}


def test_scores_stay_within_the_paper() -> None:
    rows = records.result_rows(TODAY)

    assert all(row["score"] is None or 0 <= row["score"] <= row["max_score"] for row in rows)
    assert any(row["score"] is None for row in rows)


def test_there_are_two_months_of_use_on_working_days() -> None:
    days = {row["created_at"].date() for row in usage_history.usage_rows(TODAY)}

    assert TODAY - min(days) > timedelta(days=55)
    assert all(day.weekday() < 5 for day in days)


def test_classes_were_photographed_in_both_months() -> None:
    batches = [row for row in usage_history.usage_rows(TODAY) if row["type"] == "batch_image"]

    days = sorted({row["created_at"].date() for row in batches})
    assert [TODAY - day > timedelta(days=30) for day in days] == [True, False, False]
    assert {row["class_id"] for row in batches} == {INTEGRITY.id, COURAGE.id}


def test_every_cost_is_what_its_tokens_cost() -> None:
    for row in usage_history.usage_rows(TODAY):
        if row["error"] is None and row["type"] == "chat":
            assert row["estimated_cost"] == settle_chat(row["model"], row).cost_usd
        elif row["error"] is None:
            usage = {"input_tokens": row["prompt_tokens"], "output_tokens": row["completion_tokens"]}
            assert row["estimated_cost"] == settle_image(row["model"], "1024x1024", "medium", usage).cost_usd


def test_a_refusal_was_free_and_silence_may_have_cost() -> None:
    failed = [row for row in usage_history.usage_rows(TODAY) if row["error"]]

    refused = [row for row in failed if row["error"] in {"moderation_blocked", "key_rejected", "request_refused"}]
    assert [row["estimated_cost"] for row in refused] == [Decimal(0)] * 5
    (silent,) = (row for row in failed if row["error"] == "no_answer")
    assert silent["cost_source"] == "possible"
    assert silent["estimated_cost"] == silent["held_cost"] > 0


def test_two_thirds_of_the_form_class_wait_for_a_drawn_portrait() -> None:
    states = Counter(row["state"] for row in portrait_jobs.job_rows(TODAY) if row["class_id"] == INTEGRITY.id)

    assert states == {"received": 24, "failed": 1, "unconfirmed": 1}


def test_nobody_asked_for_more_than_five_portraits_a_minute() -> None:
    for one in CLASSES:
        calls = sorted(row["called_at"] for row in portrait_jobs.job_rows(TODAY) if row["class_id"] == one.id)
        assert all(later - earlier > timedelta(minutes=1) for earlier, later in zip(calls, calls[5:], strict=False))


def test_no_portrait_was_asked_for_where_none_is_allowed() -> None:
    barred = {row["id"] for row in people.student_rows(TODAY) if not row["portraits_allowed"]}

    assert barred.isdisjoint(row["student_id"] for row in portrait_jobs.job_rows(TODAY))


def test_a_look_survives_its_job() -> None:
    for student in STUDENTS:
        assert look_from(look_of(student).stored()) == look_of(student)


def test_a_look_can_be_drawn() -> None:
    look = look_of(STUDENTS[0])

    assert draw_portrait(look.features, size=64, background=look.background).startswith(b"\x89PNG")
