"""What admins change about classes, students and guardians by hand, and what nobody else may."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person, Role
from core.db.engine import Database
from core.errors import (
    ConfirmFirst,
    NotAllowed,
    RegisterChanged,
    RegisterRefused,
    UnknownClass,
    UnknownStudent,
)
from core.roster.register.classes import Classes
from core.roster.register.entries import ClassEntry, GuardianEntry, StudentEntry
from core.roster.register.guardians import Guardians
from core.roster.register.new_year import Plan
from core.roster.register.new_years import NewSchoolYears
from core.roster.register.students import Students
from tests.cast import Cast, assign, enrol

GRIT = ClassEntry("P6 Grit", "P6", "form", None, 2026)
INTEGRITY = ClassEntry("P5 Integrity", None, "form", None, 2026)
ANA = StudentEntry("Ana Lim")
LIM = GuardianEntry("Lim Bee Hoon", "mother", "lim@example.com", "+65 6000 0001", "English", 1)


@dataclass(frozen=True)
class Services:
    classes: Classes
    students: Students
    guardians: Guardians
    new_years: NewSchoolYears


@pytest.fixture
def admins(database: Database) -> Services:
    return Services(
        Classes(database=database),
        Students(database=database),
        Guardians(database=database),
        NewSchoolYears(database=database),
    )


@pytest.fixture
def rows(owner: Connection) -> Callable[..., list[Any]]:
    def rows(statement: str, **values: object) -> list[Any]:
        return list(owner.execute(text(statement), values))

    return rows


Rows = Callable[..., list[Any]]


def audited(rows: Rows) -> list[tuple[str, str]]:
    lines = rows("select action, split_part(object, '/', 1) as place, actor_id from audit_log order by created_at, id")
    return [(line.action, line.place) for line in lines]


def attempts(admins: Services, cast: Cast, person: Person, link: UUID) -> list[Callable[[], object]]:
    """Everything that an admin of the school may do, tried about Integrity and Ana."""
    plan = Plan(cast.integrity, replace(INTEGRITY, school_year=2027), {}, {}, archives=True)
    classes, students, guardians = admins.classes, admins.students, admins.guardians
    return [
        lambda: classes.correct(person, cast.integrity, INTEGRITY, GRIT),
        lambda: classes.archive(person, cast.integrity),
        lambda: classes.bring_back(person, cast.integrity),
        lambda: classes.add_teachers(person, cast.integrity, [cast.arjun.staff_id], "form"),
        lambda: classes.give_role(person, cast.integrity, cast.devi.staff_id, "form"),
        lambda: classes.remove_teacher(person, cast.integrity, cast.devi.staff_id),
        lambda: students.add(person, cast.integrity, StudentEntry("New")),
        lambda: students.correct(person, cast.ana, ANA, StudentEntry("Renamed"), class_id=cast.integrity),
        lambda: students.correct(person, cast.ana, ANA, StudentEntry("Renamed"), class_id=None),
        lambda: students.put_into(person, [cast.ana], cast.integrity),
        lambda: students.take_out(person, cast.ana, cast.integrity),
        lambda: students.leave(person, cast.ana),
        lambda: students.come_back(person, cast.ana, cast.integrity),
        lambda: guardians.add(person, cast.ana, LIM),
        lambda: guardians.correct(person, cast.ana, link, LIM, replace(LIM, phone=None)),
        lambda: guardians.remove(person, cast.ana, link, LIM),
        lambda: admins.new_years.begin(person, [plan]),
    ]


def test_teachers_and_other_schools_change_nothing_whatever_they_claim(
    admins: Services, cast: Cast, rows: Rows
) -> None:
    def everything() -> list[str]:
        found = rows(
            "select to_jsonb(c) from classes as c union all select to_jsonb(t) from class_staff as t"
            " union all select to_jsonb(s) from students as s union all select to_jsonb(e) from enrolments as e"
            " union all select to_jsonb(g) from guardians as g union all select to_jsonb(a) from audit_log as a"
        )
        return sorted(map(str, found))

    admins.guardians.add(cast.siti, cast.ana, LIM)
    (link,) = admins.guardians.of_student(cast.siti, cast.ana)
    before = everything()

    # The middle one is a teacher whose role the app got wrong: the database refuses by itself.
    for person in (cast.mei, replace(cast.mei, role=Role.ADMIN), cast.ben):
        for attempt in attempts(admins, cast, person, link.id):
            with pytest.raises((NotAllowed, UnknownClass, UnknownStudent, RegisterChanged)):
                attempt()
            assert everything() == before


def test_a_class_is_added_corrected_archived_and_brought_back_with_a_line_each(
    admins: Services, cast: Cast, rows: Rows
) -> None:
    made = admins.classes.add(cast.siti, replace(GRIT, name="  P6 Grit "))
    admins.classes.correct(cast.siti, made, GRIT, replace(GRIT, name="P6 Courage"))
    admins.classes.archive(cast.siti, made)
    admins.classes.archive(cast.siti, made)
    admins.classes.bring_back(cast.siti, made)

    (row,) = rows("select * from classes where id = :id", id=made)
    assert (row.name, row.level, row.kind, row.school_year, row.archived_at) == ("P6 Courage", "P6", "form", 2026, None)
    lines = rows("select action, before, after, actor_id from audit_log order by created_at")
    assert [line.action for line in lines] == ["class.added", *["class.corrected"] * 3]
    assert {line.actor_id for line in lines} == {cast.siti.staff_id}
    assert (lines[1].before["name"], lines[1].after["name"]) == ("P6 Grit", "P6 Courage")
    assert lines[2].before["archived_at"] is None
    assert lines[2].after["archived_at"] is not None


def test_a_name_can_be_had_once_among_form_classes_and_is_asked_about_elsewhere(admins: Services, cast: Cast) -> None:
    twin = ClassEntry("p5 integrity", "P5", "form", None, 2026)
    with pytest.raises(RegisterRefused, match="p5 integrity of 2026 already"):
        admins.classes.add(cast.siti, twin, confirmed=True)
    subject = replace(twin, kind="subject", subject="Maths")
    with pytest.raises(ConfirmFirst):
        admins.classes.add(cast.siti, subject)

    admins.classes.add(cast.siti, subject, confirmed=True)
    admins.classes.add(cast.siti, replace(twin, school_year=2027))


def test_an_archived_class_comes_back_only_while_its_name_is_free(admins: Services, cast: Cast) -> None:
    admins.classes.archive(cast.siti, cast.integrity)
    admins.classes.add(cast.siti, INTEGRITY)

    with pytest.raises(RegisterRefused, match="P5 Integrity of 2026 already"):
        admins.classes.bring_back(cast.siti, cast.integrity)


def test_what_somebody_else_changed_meanwhile_is_not_written_over(
    admins: Services, cast: Cast, owner: Connection
) -> None:
    owner.execute(text("update classes set level = 'P5' where id = :id"), {"id": cast.integrity})
    owner.execute(text("update students set preferred_name = 'Annie' where id = :id"), {"id": cast.ana})

    with pytest.raises(RegisterChanged):
        admins.classes.correct(cast.siti, cast.integrity, INTEGRITY, replace(INTEGRITY, name="P5 Honesty"))
    with pytest.raises(RegisterChanged):
        admins.students.correct(cast.siti, cast.ana, ANA, StudentEntry("Anna"), class_id=cast.integrity)


def test_archiving_cancels_the_portraits_that_are_not_yet_started(
    admins: Services, cast: Cast, database: Database, rows: Rows
) -> None:
    with database.as_person(cast.mei) as session:
        values = {"class": cast.integrity, "students": [cast.ana]}
        session.execute(text("select private.request_batch(:class, cast(:students as uuid[]), false, '{}')"), values)

    assert admins.classes.open(cast.siti, cast.integrity).makes_photos
    admins.classes.archive(cast.siti, cast.integrity)

    assert [row.state for row in rows("select state from photo_jobs")] == ["cancelled"]
    assert [row.state for row in rows("select state from photo_batches")] == ["cancelled"]


def test_teachers_come_and_go_and_change_their_role(admins: Services, cast: Cast, rows: Rows) -> None:
    admins.classes.add_teachers(cast.siti, cast.integrity, [cast.arjun.staff_id, cast.mei.staff_id], "subject")
    admins.classes.give_role(cast.siti, cast.integrity, cast.arjun.staff_id, "form")
    admins.classes.remove_teacher(cast.siti, cast.integrity, cast.devi.staff_id)
    admins.classes.remove_teacher(cast.siti, cast.integrity, cast.devi.staff_id)

    teachers = admins.classes.open(cast.siti, cast.integrity).teachers
    assert [(one.full_name, one.role) for one in teachers] == [("Arjun Nair", "form"), ("Mei Tan", "form")]
    assert [action for action, _ in audited(rows)] == [
        f"class_teacher.{it}" for it in ("added", "corrected", "removed")
    ]


def test_only_active_members_of_the_school_teach(admins: Services, cast: Cast, owner: Connection) -> None:
    owner.execute(text("update staff set active = false where id = :id"), {"id": cast.arjun.staff_id})
    siti = cast.siti.staff_id

    for staff in ([], [siti, cast.ben.staff_id], [siti, cast.arjun.staff_id]):
        with pytest.raises(RegisterRefused):
            admins.classes.add_teachers(cast.siti, cast.integrity, staff, "subject")

    assert len(admins.classes.open(cast.siti, cast.integrity).teachers) == 2


def test_a_student_is_added_exactly_as_typed_and_takes_the_level_of_the_class(
    admins: Services, cast: Cast, rows: Rows
) -> None:
    made_class = admins.classes.add(cast.siti, GRIT)
    typed = StudentEntry(
        " Nur  Aisyah d/o  *Tan* ", "Aisyah", None, 2014, None, "S-17", portraits_allowed=False, index_no=31
    )

    made = admins.students.add(cast.siti, made_class, typed)

    (student,) = rows("select * from students where id = :id", id=made)
    assert (student.full_name, student.preferred_name, student.gender) == ("Nur  Aisyah d/o  *Tan*", "Aisyah", None)
    assert (student.level, student.sourced_id, student.portraits_allowed) == ("P6", "S-17", False)
    (place,) = rows("select * from enrolments where student_id = :id", id=made)
    assert (place.class_id, place.index_no, place.to_date) == (made_class, 31, None)
    assert set(audited(rows)[1:]) == {("student.added", "students"), ("enrolment.added", "enrolments")}


def test_the_same_name_asks_and_the_same_number_or_id_is_refused(admins: Services, cast: Cast, rows: Rows) -> None:
    admins.students.add(cast.siti, cast.courage, StudentEntry("Dev", sourced_id="S-1", index_no=4))
    same_name = StudentEntry("ana lim")

    with pytest.raises(ConfirmFirst, match="in P5 Integrity already"):
        admins.students.add(cast.siti, cast.integrity, same_name)
    with pytest.raises(RegisterRefused, match="belongs to Dev"):
        admins.students.add(cast.siti, cast.integrity, StudentEntry("Eve", sourced_id="S-1"))
    with pytest.raises(RegisterRefused, match="Index number 4 of P4 Courage belongs to Dev"):
        admins.students.add(cast.siti, cast.courage, StudentEntry("Eve", index_no=4))
    assert len(rows("select from students")) == 4

    admins.students.add(cast.siti, cast.integrity, same_name, confirmed=True)
    assert len(rows("select from students where lower(full_name) = 'ana lim'")) == 2


def test_a_correction_writes_what_was_typed_and_keeps_before_and_after(
    admins: Services, cast: Cast, rows: Rows, owner: Connection
) -> None:
    owner.execute(text("update students set name_to_check = true where id = :id"), {"id": cast.ana})
    wanted = StudentEntry("Ana Lim Hui En", "Ana", "female", 2015, "P5", "S-9", portraits_allowed=False, index_no=3)

    admins.students.correct(cast.siti, cast.ana, ANA, wanted, class_id=cast.integrity)

    shown = admins.classes.open(cast.siti, cast.integrity).students[0]
    assert (shown.entry, shown.name_to_check) == (wanted, False)
    (line,) = rows("select * from audit_log where action = 'student.corrected'")
    assert (line.before["full_name"], line.after["full_name"]) == ("Ana Lim", "Ana Lim Hui En")
    (line,) = rows("select * from audit_log where action = 'enrolment.corrected'")
    assert (line.before["index_no"], line.after["index_no"]) == (None, 3)


def test_moving_ends_the_form_class_of_before_and_leaves_other_classes(
    admins: Services, cast: Cast, owner: Connection
) -> None:
    choir = admins.classes.add(cast.siti, ClassEntry("Choir", None, "cca", None, 2026))
    admins.students.put_into(cast.siti, [cast.ana, cast.bala], choir)
    owner.execute(text("update classes set level = 'P4' where id = :id"), {"id": cast.courage})

    admins.students.put_into(cast.siti, [cast.ana], cast.courage, index_no=7)
    admins.students.put_into(cast.siti, [cast.ana], cast.courage)
    admins.students.take_out(cast.siti, cast.bala, choir)

    opened = {one: admins.classes.open(cast.siti, one) for one in (cast.integrity, cast.courage, choir)}
    students = {one: [(s.entry.full_name, s.entry.index_no) for s in opened[one].students] for one in opened}
    assert students == {
        cast.integrity: [],
        cast.courage: [("Ana Lim", 7), ("Bala s/o Kumar", None)],
        choir: [("Ana Lim", None)],
    }
    assert opened[cast.courage].students[0].entry.level == "P4"


def test_who_left_is_in_no_class_and_comes_back_with_the_number_of_before(
    admins: Services, cast: Cast, owner: Connection, rows: Rows
) -> None:
    owner.execute(text("update enrolments set index_no = 5 where student_id = :id"), {"id": cast.ana})

    admins.students.leave(cast.siti, cast.ana)
    admins.students.leave(cast.siti, cast.ana)

    here = admins.classes.open(cast.siti, cast.integrity)
    assert ([one.id for one in here.students], [one.id for one in here.left]) == ([], [cast.ana])
    assert [one.full_name for one in admins.students.schoolmates(cast.siti)] == ["Bala s/o Kumar"]
    with pytest.raises(RegisterRefused, match="has left the school"):
        admins.students.put_into(cast.siti, [cast.ana], cast.courage)

    admins.students.come_back(cast.siti, cast.ana, cast.integrity)
    here = admins.classes.open(cast.siti, cast.integrity)
    assert ([one.entry.index_no for one in here.students], here.left) == ([5], ())
    actions = [action for action, _ in audited(rows)]
    assert sorted(actions) == ["enrolment.added", "enrolment.corrected", "student.corrected", "student.corrected"]


def test_a_name_of_somebody_who_left_or_waits_asks_before_there_are_two(admins: Services, cast: Cast) -> None:
    admins.students.leave(cast.siti, cast.ana)
    admins.students.take_out(cast.siti, cast.bala, cast.courage)

    for name, why in (("ANA LIM", "can be brought back"), ("Bala s/o Kumar", "in no class")):
        with pytest.raises(ConfirmFirst, match=why):
            admins.students.add(cast.siti, cast.integrity, StudentEntry(name))
        admins.students.add(cast.siti, cast.integrity, StudentEntry(name), confirmed=True)


def test_a_number_that_somebody_else_has_by_now_is_not_taken_back(admins: Services, cast: Cast) -> None:
    dev = admins.students.add(cast.siti, cast.integrity, StudentEntry("Dev", index_no=4))
    admins.students.leave(cast.siti, dev)
    admins.students.add(cast.siti, cast.integrity, StudentEntry("Eve", index_no=4))

    admins.students.come_back(cast.siti, dev, cast.integrity)

    numbers = {
        one.entry.full_name: one.entry.index_no for one in admins.classes.open(cast.siti, cast.integrity).students
    }
    assert numbers == {"Ana Lim": None, "Dev": None, "Eve": 4}


def test_nobody_comes_into_an_archived_class(admins: Services, cast: Cast) -> None:
    admins.classes.archive(cast.siti, cast.courage)

    for attempt in (
        lambda: admins.students.put_into(cast.siti, [cast.ana], cast.courage),
        lambda: admins.students.add(cast.siti, cast.courage, StudentEntry("Eve")),
    ):
        with pytest.raises(RegisterRefused, match="archived"):
            attempt()


def test_ids_of_another_school_are_refused_within_ones_own(admins: Services, cast: Cast, rows: Rows) -> None:
    before = rows("select id, class_id, to_date from enrolments order by id")

    with pytest.raises(UnknownStudent):
        admins.students.put_into(cast.siti, [cast.cara], cast.integrity)
    with pytest.raises(UnknownClass):
        admins.students.put_into(cast.siti, [cast.ana], cast.elsewhere)
    with pytest.raises(UnknownStudent):
        admins.guardians.add(cast.siti, cast.cara, LIM)
    with pytest.raises(UnknownClass):
        admins.new_years.preview(cast.siti, cast.elsewhere)

    assert rows("select id, class_id, to_date from enrolments order by id") == before


def test_a_guardian_is_added_corrected_and_removed(admins: Services, cast: Cast, rows: Rows) -> None:
    admins.guardians.add(cast.siti, cast.ana, LIM)
    (kept,) = admins.guardians.of_student(cast.siti, cast.ana)
    wanted = replace(LIM, relationship="aunt", phone=None, priority=2)
    admins.guardians.correct(cast.siti, cast.ana, kept.id, LIM, wanted)
    with pytest.raises(RegisterChanged):
        admins.guardians.correct(cast.siti, cast.ana, kept.id, LIM, wanted)
    with pytest.raises(RegisterChanged):
        admins.guardians.remove(cast.siti, cast.bala, kept.id, wanted)

    assert admins.guardians.of_student(cast.siti, cast.ana)[0].entry == wanted
    admins.guardians.remove(cast.siti, cast.ana, kept.id, wanted)

    assert rows("select from guardians") == []
    nouns = ("guardian", "guardian_link")
    assert sorted({action for action, _ in audited(rows)}) == sorted(
        f"{noun}.{it}" for noun in nouns for it in ("added", "corrected", "removed")
    )


def test_a_guardian_of_two_students_is_one_person_once_that_is_confirmed(
    admins: Services, cast: Cast, owner: Connection, rows: Rows
) -> None:
    ben_lim = enrol(owner, cast.courage, "Ben Lim")
    admins.guardians.add(cast.siti, cast.ana, LIM)
    again = replace(LIM, full_name="lim bee hoon", phone=None)
    with pytest.raises(ConfirmFirst, match="guardian of Ana Lim"):
        admins.guardians.add(cast.siti, ben_lim, again)
    with pytest.raises(RegisterRefused, match="already"):
        admins.guardians.add(cast.siti, cast.ana, LIM, confirmed=True)

    admins.guardians.add(cast.siti, ben_lim, again, confirmed=True)

    (of_ben,) = admins.guardians.of_student(cast.siti, ben_lim)
    assert (len(rows("select from guardians")), of_ben.also_of) == (1, ("Ana Lim",))
    admins.guardians.remove(cast.siti, ben_lim, of_ben.id, of_ben.entry)
    assert len(admins.guardians.of_student(cast.siti, cast.ana)) == 1


def test_a_teacher_s_change_of_a_preferred_name_is_audited(database: Database, cast: Cast, rows: Rows) -> None:
    with database.as_person(cast.mei) as session:
        session.execute(text("update students set preferred_name = 'Annie' where id = :id"), {"id": cast.ana})
    (line,) = rows("select * from audit_log")
    assert (line.action, line.actor_id, line.after["preferred_name"]) == (
        "student.corrected",
        cast.mei.staff_id,
        "Annie",
    )


def test_an_import_keeps_to_its_one_line(database: Database, cast: Cast, rows: Rows) -> None:
    change = {"kind": "students", "id": str(cast.ana), "before": {"level": None}, "after": {"level": "P5"}}
    body = {"group_id": str(cast.ana), "file_name": "a.csv", "sha256": "0" * 64, "format": "plain", "counts": {}}
    with database.as_person(cast.siti) as session:
        values = {"body": json.dumps({**body, "changes": [change]})}
        session.execute(text("select private.apply_import(cast(:body as jsonb))"), values)

    assert rows("select level from students where id = :id", id=cast.ana)[0].level == "P5"
    assert [action for action, _ in audited(rows)] == ["apply import"]


def test_the_list_names_teachers_and_counts_who_is_there_now(admins: Services, cast: Cast, owner: Connection) -> None:
    assign(owner, cast.siti, cast.courage, "subject")
    gone = enrol(owner, cast.courage, "Gone Tan")
    owner.execute(text("update students set status = 'left' where id = :id"), {"id": gone})

    rows = {one.entry.name: (one.teachers, one.students) for one in admins.classes.all(cast.siti)}

    assert rows == {
        "P4 Courage": (("Arjun Nair", "Siti Rahim"), 1),
        "P5 Integrity": (("Mei Tan", "Devi Raj"), 1),
    }
