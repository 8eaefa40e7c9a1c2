"""What an import did, in one sentence: "3 students created, 2 changed."."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from core.roster.importing.neutral import Kind
from core.roster.importing.plan import ImportPlan, Outcome

NOTHING_NEW: Final = "Everything in this file is already here."
NOTHING_TAKEN: Final = "Nothing was taken over: every row of this file is refused or ignored."

_HEADINGS_NAMED: Final = 12
_SAID: Final = (Outcome.CREATED, Outcome.CHANGED, Outcome.MOVED)
_GOES_WITH_UNDO: Final = (Kind.STUDENTS, Kind.CLASSES, Kind.STAFF)
_NOUNS: Final = {
    Kind.SCHOOLS: ("school", "schools"),
    Kind.STUDENTS: ("student", "students"),
    Kind.CLASSES: ("class", "classes"),
    Kind.STAFF: ("teacher", "teachers"),
    Kind.ENROLMENTS: ("enrolment", "enrolments"),
    Kind.CLASS_STAFF: ("teaching assignment", "teaching assignments"),
    Kind.GUARDIANS: ("guardian", "guardians"),
}


def summary(plans: Sequence[ImportPlan]) -> str:
    """Of all schools together; the noun stands once where only one kind of row is in it."""
    counts = {outcome: _total(plans, outcome) for outcome in _SAID}
    if not any(counts.values()):
        return NOTHING_NEW if any(plan.of(Outcome.UNCHANGED) for plan in plans) else NOTHING_TAKEN
    return ", ".join(_clauses(counts)) + "."


def people_and_classes(made: Counter[Kind]) -> str:
    """60 students, 14 classes; empty where nobody and no class was made."""
    return ", ".join(counted(made[kind], kind) for kind in _GOES_WITH_UNDO if made[kind])


def not_here_yet(classes: Sequence[str]) -> str:
    """2 classes are not here yet: 1A, 1B."""
    are = "is" if len(classes) == 1 else "are"
    return f"{counted(len(classes), Kind.CLASSES)} {are} not here yet: {', '.join(classes)}."


def not_read(headings: Sequence[str]) -> str:
    """Not read: Race, NRIC."""
    more = len(headings) - _HEADINGS_NAMED
    shown = [*headings[:_HEADINGS_NAMED], *([f"and {more} more"] if more > 0 else [])]
    return f"Not read: {', '.join(shown)}."


def counted(number: int, kind: Kind) -> str:
    one, many = _NOUNS[kind]
    return f"{number} {one if number == 1 else many}"


def _total(plans: Sequence[ImportPlan], outcome: Outcome) -> Counter[Kind]:
    rows = sum((plan.counts(outcome) for plan in plans), Counter[Kind]())
    made_beside = sum(plan.new_classes for plan in plans) if outcome is Outcome.CREATED else 0
    return rows + Counter({Kind.CLASSES: made_beside})


def _clauses(counts: dict[Outcome, Counter[Kind]]) -> list[str]:
    kinds = {kind for counter in counts.values() for kind in counter}
    clauses: list[str] = []
    for outcome, counter in counts.items():
        if len(kinds) == 1 and clauses and counter:
            clauses.append(f"{counter.total()} {outcome.value}")
        elif counter:
            clauses.append(f"{_listed(counter)} {outcome.value}")
    return clauses


def _listed(counter: Counter[Kind]) -> str:
    parts = [counted(counter[kind], kind) for kind in Kind if counter[kind]]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
