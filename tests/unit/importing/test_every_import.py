"""What holds for any class list put into any school."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.roster.importing.current import CurrentClass, CurrentEnrolment, CurrentRoster, CurrentStudent
from core.roster.importing.diff import plan
from core.roster.importing.neutral import ClassKind, NeutralRoster, Source, Student
from core.roster.importing.plan import ImportPlan, Outcome, Rights
from core.roster.importing.report import report

Apply = Callable[[CurrentRoster, ImportPlan], CurrentRoster]

TODAY = date(2026, 11, 23)
CLASSES = (
    CurrentClass(UUID(int=1), "5 Integrity", level="P5"),
    CurrentClass(UUID(int=2), "4 Courage", level="P4"),
    CurrentClass(UUID(int=3), "Choir", kind=ClassKind.CCA),
)
NAMES = st.sampled_from(["Ana", "ana", "Ben", "Chen Li", "Chen  Li"])
INDEX_NOS = st.none() | st.integers(1, 4)
IDS = st.none() | st.sampled_from(["S1", "S2", "S3"])
LINES = st.tuples(NAMES, IDS, st.sampled_from(["5 Integrity", "4 courage", "Choir", "5 Integirty", None]), INDEX_NOS)
HERE = st.tuples(NAMES, st.sampled_from([0, 1]), st.booleans())
ADMINS = st.booleans().map(lambda creates: Rights(is_admin=True, create_classes=creates))
EACH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def class_lists(draw: st.DrawFn) -> NeutralRoster:
    lines = draw(st.lists(LINES, max_size=8))
    students = tuple(
        Student(Source("list.csv", number), name, sourced_id=sourced_id, class_name=class_name, index_no=index_no)
        for number, (name, sourced_id, class_name, index_no) in enumerate(lines, start=2)
    )
    return NeutralRoster("plain", is_class_list=True, students=students)


@st.composite
def schools(draw: st.DrawFn) -> CurrentRoster:
    here = draw(st.lists(HERE, max_size=5))
    students, enrolments = [], []
    for number, (name, place, has_id) in enumerate(here, start=1):
        student = CurrentStudent(uuid4(), name, sourced_id=f"S{number}" if has_id else None)
        students.append(student)
        enrolments.append(CurrentEnrolment(uuid4(), CLASSES[place].id, student.id, index_no=number))
    return CurrentRoster(None, classes=CLASSES, students=tuple(students), enrolments=tuple(enrolments))


@EACH
@given(school=schools(), roster=class_lists(), may=ADMINS)
def test_every_row_has_one_of_the_six_outcomes(school: CurrentRoster, roster: NeutralRoster, may: Rights) -> None:
    planned = plan(school, roster, may=may, today=TODAY, into_class=CLASSES[0].id)

    found = report([planned], import_id=None)
    words = (found["created"], found["changed"], found["moved"], found["unchanged"], found["ignored"])

    assert sum(sum(counts.values()) for counts in words) + len(found["refused"]) == roster.rows_read
    assert [row.source for row in planned.rows] == [student.source for student in roster.students]


@EACH
@given(school=schools(), roster=class_lists(), may=ADMINS)
def test_the_second_import_changes_nothing(
    school: CurrentRoster, roster: NeutralRoster, may: Rights, apply_to: Apply
) -> None:
    after = apply_to(school, plan(school, roster, may=may, today=TODAY, into_class=CLASSES[0].id))

    again = plan(after, roster, may=may, today=TODAY, into_class=CLASSES[0].id)

    assert not again.of(Outcome.CREATED, Outcome.CHANGED, Outcome.MOVED)
    assert not again.changes


@EACH
@given(school=schools(), roster=class_lists(), may=ADMINS)
def test_afterwards_nobody_shares_an_index_number_or_is_in_two_form_classes(
    school: CurrentRoster, roster: NeutralRoster, may: Rights, apply_to: Apply
) -> None:
    after = apply_to(school, plan(school, roster, may=may, today=TODAY, into_class=CLASSES[0].id))

    numbers = [(here.class_id, here.index_no) for here in after.enrolments if here.index_no]
    forms = [here.student_id for here in after.enrolments if here.class_id != CLASSES[2].id]
    ids = [student.sourced_id for student in after.students if student.sourced_id]

    assert len(numbers) == len(set(numbers))
    assert len(forms) == len(set(forms))
    assert len(ids) == len(set(ids))


@EACH
@given(school=schools(), roster=class_lists(), may=ADMINS)
def test_nobody_here_is_lost(school: CurrentRoster, roster: NeutralRoster, may: Rights, apply_to: Apply) -> None:
    after = apply_to(school, plan(school, roster, may=may, today=TODAY, into_class=CLASSES[0].id))

    assert {student.id for student in school.students} <= {student.id for student in after.students}
    assert {here.student_id for here in after.enrolments} == {student.id for student in after.students}


@EACH
@given(school=schools(), roster=class_lists())
def test_a_teacher_touches_only_classes_they_teach(school: CurrentRoster, roster: NeutralRoster) -> None:
    mine = Rights(is_admin=False, class_ids=frozenset({CLASSES[0].id}))
    enrolments = {here.id: here.class_id for here in school.enrolments}

    planned = plan(school, roster, may=mine, today=TODAY, into_class=CLASSES[1].id)

    touched = {change.after.get("class_id", enrolments.get(change.id)) for change in planned.changes}
    assert touched - {None} <= {CLASSES[0].id}
