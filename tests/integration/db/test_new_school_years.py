"""Classes go on into the next school year with their students, exactly once and all or nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.errors import NewYearOutOfDate, NotAllowed, RegisterRefused
from core.roster.register.entries import ClassEntry
from core.roster.register.new_year import Fate, Preview
from core.roster.register.new_years import NewSchoolYears
from tests.cast import Cast, enrol

Rows = Callable[..., list[Any]]


@pytest.fixture
def years(database: Database) -> NewSchoolYears:
    return NewSchoolYears(database=database)


@pytest.fixture
def rows(owner: Connection) -> Rows:
    def rows(statement: str, **values: object) -> list[Any]:
        return list(owner.execute(text(statement), values))

    return rows


@pytest.fixture
def integrity(owner: Connection, cast: Cast, years: NewSchoolYears) -> Preview:
    """Ana, Dev and Eve with numbers and a level; Fay left, with a place that was never ended."""
    for name in ("Dev", "Eve", "Fay"):
        enrol(owner, cast.integrity, name)
    for statement in (
        "update classes set level = 'P5' where name = 'P5 Integrity'",
        "update students set level = 'P5' where full_name in ('Ana Lim', 'Dev', 'Eve', 'Fay')",
        "update students set status = 'left' where full_name = 'Fay'",
        "update enrolments as e set index_no = ascii(s.full_name) - 64 from students as s where s.id = e.student_id",
    ):
        owner.execute(text(statement))
    return years.preview(cast.siti, cast.integrity)


def places(rows: Rows, class_id: UUID) -> list[tuple[str, int]]:
    lasting = rows(
        "select s.full_name, e.index_no from enrolments as e inner join students as s on s.id = e.student_id"
        " where e.class_id = :class and e.to_date is null order by e.index_no",
        **{"class": class_id},
    )
    return [(row.full_name, row.index_no) for row in lasting]


def students(rows: Rows) -> dict[str, tuple[str, str]]:
    found = rows("select full_name, level, status from students where level is not null")
    return {row.full_name: (row.level, row.status) for row in found}


def with_fates(preview: Preview, **fates: Fate) -> dict[UUID, Fate]:
    return {one.enrolment_id: fates.get(one.full_name, preview.usual_fate) for one in preview.pupils}


def test_the_preview_proposes_name_level_and_year_and_leaves_out_who_left(integrity: Preview) -> None:
    assert integrity.into == ClassEntry("P6 Integrity", "P6", "form", None, 2027)
    assert [(one.full_name, one.index_no) for one in integrity.pupils] == [("Ana Lim", 1), ("Dev", 4), ("Eve", 5)]
    assert (integrity.left, [one.full_name for one in integrity.teachers]) == (1, ["Mei Tan", "Devi Raj"])


def test_those_who_go_along_keep_their_number_and_rise_a_level(
    years: NewSchoolYears, cast: Cast, rows: Rows, integrity: Preview
) -> None:
    fates = with_fates(integrity, Dev=Fate.STAYS, Eve=Fate.LEAVES)
    teachers = {cast.arjun.staff_id: "form", cast.devi.staff_id: "subject"}

    (made,) = years.begin(cast.siti, [replace(integrity.usual_plan, fates=fates, teachers=teachers)])

    assert made is not None
    assert places(rows, made) == [("Ana Lim", 1)]
    assert places(rows, cast.integrity) == [("Fay", 6)]
    assert students(rows) == {
        "Ana Lim": ("P6", "active"),
        "Dev": ("P5", "active"),
        "Eve": ("P5", "left"),
        "Fay": ("P5", "left"),
    }
    (row,) = rows("select * from classes where id = :id", id=made)
    assert (row.name, row.level, row.kind, row.school_year) == ("P6 Integrity", "P6", "form", 2027)
    assert (row.continues_id, row.archived_at) == (cast.integrity, None)
    assert [row.archived_at is None for row in rows("select archived_at from classes where level = 'P5'")] == [False]
    who = rows("select staff_id, role from class_staff where class_id = :id", id=made)
    assert {row.staff_id: row.role for row in who} == teachers
    ended = rows(
        "select to_date, from_date from enrolments where class_id = :id and to_date is not null", id=cast.integrity
    )
    assert len(ended) == 3
    assert all(row.to_date >= row.from_date for row in ended)


def test_one_line_of_the_audit_log_tells_it_all(
    years: NewSchoolYears, cast: Cast, rows: Rows, integrity: Preview
) -> None:
    (made,) = years.begin(cast.siti, [replace(integrity.usual_plan, fates=with_fates(integrity, Eve=Fate.LEAVES))])

    lines = {line.action: line for line in rows("select * from audit_log")}
    assert set(lines) == {"class.added", "class.continued"}
    line = lines["class.continued"]
    assert (line.actor_id, line.object) == (cast.siti.staff_id, f"classes/{cast.integrity}")
    before = [(one["full_name"], one["level"], one["status"], one["in_class"]) for one in line.before["students"]]
    after = [(one["full_name"], one["level"], one["status"], one["in_class"]) for one in line.after["students"]]
    assert before == [(name, "P5", "active", True) for name in ("Ana Lim", "Dev", "Eve")]
    assert after == [
        ("Ana Lim", "P6", "active", True), ("Dev", "P6", "active", True), ("Eve", "P5", "left", False),
    ]  # fmt: skip
    assert (line.before["class"]["archived_at"], line.after["into"]["id"]) == (None, str(made))


def test_a_class_that_stays_open_keeps_those_who_stay(
    years: NewSchoolYears, cast: Cast, rows: Rows, integrity: Preview
) -> None:
    fates = with_fates(integrity, Dev=Fate.STAYS)

    years.begin(cast.siti, [replace(integrity.usual_plan, fates=fates, archives=False)])

    assert places(rows, cast.integrity) == [("Dev", 4), ("Fay", 6)]
    assert rows("select from classes where archived_at is not null") == []


@pytest.mark.usefixtures("integrity")
def test_the_last_year_leaves_the_school_and_every_class(
    years: NewSchoolYears, cast: Cast, rows: Rows, owner: Connection
) -> None:
    owner.execute(text("update classes set level = 'P6' where id = :id"), {"id": cast.integrity})
    values = {"school": cast.siti.school_id, "class": cast.courage, "ana": cast.ana}
    owner.execute(
        text("insert into enrolments (school_id, class_id, student_id) values (:school, :class, :ana)"), values
    )
    preview = years.preview(cast.siti, cast.integrity)
    assert (preview.into, preview.usual_fate) == (None, Fate.LEAVES)

    assert years.begin(cast.siti, [preview.usual_plan]) == [None]

    assert {status for _, status in students(rows).values()} == {"left"}
    assert [name for name, _ in places(rows, cast.courage)] == ["Bala s/o Kumar"]
    assert len(rows("select from classes where archived_at is null")) == 2


@pytest.mark.usefixtures("integrity")
def test_a_subject_class_goes_on_and_raises_nobody(
    years: NewSchoolYears, cast: Cast, rows: Rows, owner: Connection
) -> None:
    owner.execute(text("update classes set kind = 'subject', subject = 'Maths' where id = :id"), {"id": cast.integrity})
    preview = years.preview(cast.siti, cast.integrity)

    (made,) = years.begin(cast.siti, [preview.usual_plan])

    (row,) = rows("select * from classes where id = :id", id=made)
    assert (row.kind, row.subject, row.level) == ("subject", "Maths", "P6")
    assert {level for level, _ in students(rows).values()} == {"P5"}


def test_done_twice_it_is_told_and_changes_nothing(
    years: NewSchoolYears, cast: Cast, rows: Rows, integrity: Preview
) -> None:
    years.begin(cast.siti, [integrity.usual_plan])
    before = rows("select id, to_date from enrolments order by id")

    with pytest.raises(RegisterRefused, match="goes on as P6 Integrity of 2027 already"):
        years.begin(cast.siti, [integrity.usual_plan])

    assert rows("select id, to_date from enrolments order by id") == before
    assert len(rows("select from classes where school_year = 2027")) == 1


def test_two_clicks_at_once_make_one_class(years: NewSchoolYears, cast: Cast, rows: Rows, integrity: Preview) -> None:
    def click(_: int) -> str:
        try:
            years.begin(cast.siti, [integrity.usual_plan])
        except RegisterRefused as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(4) as clicks:
        said = sorted(clicks.map(click, range(4)), key=len)

    assert said[0] == "done"
    assert all("already" in one for one in said[1:])
    assert len(rows("select from classes where school_year = 2027")) == 1
    assert len(rows("select from enrolments where to_date is null and student_id = :ana", ana=cast.ana)) == 1


@pytest.mark.parametrize("change", ["came", "left", "teacher gone"])
def test_what_changed_since_the_preview_stops_it(
    years: NewSchoolYears, cast: Cast, rows: Rows, owner: Connection, integrity: Preview, change: str
) -> None:
    if change == "came":
        enrol(owner, cast.integrity, "Gus")
    elif change == "left":
        owner.execute(text("update students set status = 'left' where full_name = 'Dev'"))
    else:
        owner.execute(text("update staff set active = false where full_name = 'Devi Raj'"))

    with pytest.raises(NewYearOutOfDate):
        years.begin(cast.siti, [integrity.usual_plan])

    assert rows("select from classes where school_year = 2027") == []
    assert rows("select from audit_log") == []


@pytest.mark.usefixtures("integrity")
def test_many_classes_go_on_together_or_not_at_all(
    years: NewSchoolYears, cast: Cast, rows: Rows, owner: Connection
) -> None:
    owner.execute(text("update classes set level = 'P4' where id = :id"), {"id": cast.courage})
    both = {one.entry.name: one.usual_plan for one in years.previews(cast.siti, 2026)}
    assert list(both) == ["P4 Courage", "P5 Integrity"]
    clashing = replace(both["P4 Courage"], into=both["P5 Integrity"].into)

    with pytest.raises(RegisterRefused, match="P6 Integrity of 2027 already"):
        years.begin(cast.siti, [both["P5 Integrity"], clashing])
    assert rows("select from classes where school_year = 2027") == []

    assert None not in years.begin(cast.siti, list(both.values()))
    assert {row.name for row in rows("select name from classes where school_year = 2027")} == {
        "P5 Courage",
        "P6 Integrity",
    }


def test_while_its_photos_are_made_a_class_stays(
    years: NewSchoolYears, cast: Cast, rows: Rows, database: Database, integrity: Preview
) -> None:
    with database.as_person(cast.mei) as session:
        values = {"class": cast.integrity, "students": [cast.ana]}
        session.execute(text("select private.request_batch(:class, cast(:students as uuid[]), false, '{}')"), values)

    with pytest.raises(RegisterRefused, match="Photos of P5 Integrity are being made"):
        years.begin(cast.siti, [integrity.usual_plan])
    with pytest.raises(Exception, match="are being made already"), database.as_person(cast.siti) as session:
        session.execute(text("select private.continue_class(:id, '{}')"), {"id": cast.integrity})

    assert rows("select from classes where school_year = 2027") == []


def test_the_function_itself_answers_admins_of_the_school_alone(
    cast: Cast, database: Database, rows: Rows, integrity: Preview
) -> None:
    plan = '{"into": {"name": "X", "school_year": 2027}, "archive": true, "teachers": [], "students": []}'

    for person in (cast.mei, cast.ben):
        with pytest.raises(NotAllowed), database.as_person(person) as session:
            session.execute(text("select private.continue_class(:id, :plan)"), {"id": integrity.id, "plan": plan})

    assert rows("select from classes where school_year = 2027") == []


def test_a_class_goes_on_into_a_later_year_alone(years: NewSchoolYears, cast: Cast, integrity: Preview) -> None:
    assert integrity.into is not None

    for year in (2026, 2025, 1990):
        into = replace(integrity.into, school_year=year)
        with pytest.raises(RegisterRefused, match=r"later school year|between 2000"):
            years.begin(cast.siti, [replace(integrity.usual_plan, into=into)])
