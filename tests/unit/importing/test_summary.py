from collections import Counter
from uuid import uuid4

import pytest

from core.roster.importing.neutral import Kind, Source
from core.roster.importing.plan import Change, ImportPlan, Outcome, PlannedRow
from core.roster.importing.summary import NOTHING_NEW, NOTHING_TAKEN, people_and_classes, summary


def a_plan(*rows: tuple[Outcome, Kind]) -> ImportPlan:
    source = Source("list.csv", 2)
    return ImportPlan("plain", tuple(PlannedRow(outcome, kind, source, "Eve Tan", "…") for outcome, kind in rows))


STUDENT_MADE = (Outcome.CREATED, Kind.STUDENTS)
STUDENT_CHANGED = (Outcome.CHANGED, Kind.STUDENTS)
CLASS_MADE = (Outcome.CREATED, Kind.CLASSES)
REFUSED = (Outcome.REFUSED, Kind.STUDENTS)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (a_plan(STUDENT_MADE), "1 student created."),
        (a_plan(STUDENT_MADE, STUDENT_MADE, STUDENT_CHANGED), "2 students created, 1 changed."),
        (a_plan(STUDENT_CHANGED, (Outcome.MOVED, Kind.STUDENTS)), "1 student changed, 1 moved."),
        (a_plan(STUDENT_MADE, CLASS_MADE), "1 student and 1 class created."),
        (
            a_plan(STUDENT_MADE, CLASS_MADE, CLASS_MADE, (Outcome.CREATED, Kind.STAFF)),
            "1 student, 2 classes and 1 teacher created.",
        ),
        (a_plan(CLASS_MADE, STUDENT_CHANGED, REFUSED), "1 class created, 1 student changed."),
        (a_plan((Outcome.UNCHANGED, Kind.STUDENTS)), NOTHING_NEW),
        (a_plan(REFUSED), NOTHING_TAKEN),
    ],
)
def test_the_sentence_says_what_changed_and_names_a_kind_once(plan: ImportPlan, sentence: str) -> None:
    assert summary([plan]) == sentence


def test_classes_made_for_a_list_are_told_with_its_students() -> None:
    changes = (Change(Kind.CLASSES, uuid4(), {"name": "1A"}), Change(Kind.STUDENTS, uuid4(), {}))
    row = PlannedRow(Outcome.CREATED, Kind.STUDENTS, Source("list.csv", 2), "Eve Tan", "…", changes=changes)

    assert summary([ImportPlan("plain", (row,))]) == "1 student and 1 class created."


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ({Kind.STUDENTS: 60, Kind.CLASSES: 14, Kind.ENROLMENTS: 60}, "60 students, 14 classes"),
        ({Kind.STUDENTS: 1}, "1 student"),
        ({Kind.ENROLMENTS: 2}, ""),
    ],
)
def test_what_undo_takes_is_people_and_classes(made: dict[Kind, int], words: str) -> None:
    assert people_and_classes(Counter(made)) == words


def test_several_schools_are_counted_together() -> None:
    assert summary([a_plan(STUDENT_MADE), a_plan(STUDENT_MADE)]) == "2 students created."
