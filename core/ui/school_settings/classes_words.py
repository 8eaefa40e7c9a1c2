"""What classes, roles and students are called in the section; safe inside a label."""

from core.roster.register.entries import ClassEntry, StudentEntry
from core.roster.register.views import OtherClass, StudentRow
from core.ui.formats import counted, level_name
from core.ui.text import escape_label

KINDS = {"form": "Form class", "subject": "Subject class", "cca": "CCA"}
ROLES = {"form": "Form teacher", "subject": "Teacher"}
GENDERS = {None: "Not known", "female": "Female", "male": "Male"}
WHAT_ARCHIVING_DOES = (
    "Its teachers no longer see the class, nor its students where they have no other class with them. "
    "Nothing is deleted: admins still see it here, and can bring it back."
)


def class_line(entry: ClassEntry, students: int) -> str:
    """Such as "Form class · Primary 5 · 38 students"."""
    kind = f"{KINDS[entry.kind]}, {entry.subject}" if entry.subject else KINDS[entry.kind]
    parts = [kind, level_name(entry.level), counted(students, "student")]
    return escape_label(" · ".join(part for part in parts if part))


def named(one: OtherClass | ClassEntry) -> str:
    """With its year, for names come again each year."""
    return escape_label(f"{one.name} of {one.school_year}")


def student_line(student: StudentRow) -> str:
    entry = student.entry
    parts = [
        f"called {entry.preferred_name}" if entry.preferred_name else None,
        GENDERS[entry.gender].lower() if entry.gender else None,
        f"born {entry.birth_year}" if entry.birth_year else None,
        level_name(entry.level),
        counted(student.guardians, "guardian") if student.guardians else "no guardian yet",
        None if entry.portraits_allowed else "no portraits",
    ]
    return escape_label(" · ".join(part for part in parts if part))


def number_of(entry: StudentEntry) -> str:
    return str(entry.index_no) if entry.index_no is not None else "–"
