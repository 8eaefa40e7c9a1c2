"""What classes, roles and students are called in the section; safe inside a label."""

from core.roster.register.entries import ClassEntry
from core.roster.register.views import OtherClass, StudentRow
from core.ui.formats import counted, level_name
from core.ui.text import escape_label

NO_BREAK = "\u00a0"
KINDS = {"form": "Form class", "subject": "Subject class", "cca": "CCA"}
ROLES = {"form": "Form teacher", "subject": "Teacher"}
GENDERS = {None: "Not known", "female": "Female", "male": "Male"}
WHAT_ARCHIVING_DOES = (
    "Its teachers no longer see the class, nor its students where they have no other class with them. "
    "Nothing is deleted: admins still see it here, and can bring it back."
)


def class_line(entry: ClassEntry, students: int) -> str:
    """Such as "38 students", and for another one than a form class "Mathematics · Primary 5 · 12 students"."""
    other = [entry.subject or KINDS[entry.kind], level_name(entry.level)] if entry.kind != "form" else []
    return escape_label(" · ".join(part for part in (*other, counted(students, "student")) if part))


def they(many: int, one: str, more: str) -> str:
    """1 student leaves, 2 students leave."""
    return f"{counted(many, 'student')} {one if many == 1 else more}"


def named(one: OtherClass | ClassEntry) -> str:
    """With its year, for names come again each year."""
    return escape_label(f"{one.name} of {one.school_year}")


def student_line(student: StudentRow, level: str | None) -> str:
    """`level` is that of the class, which needs no telling."""
    entry = student.entry
    parts = [
        f"called {entry.preferred_name}" if entry.preferred_name else None,
        GENDERS[entry.gender].lower() if entry.gender else None,
        f"born {entry.birth_year}" if entry.birth_year else None,
        level_name(entry.level) if entry.level != level else None,
        counted(student.guardians, "guardian") if student.guardians else "no guardian yet",
        None if entry.portraits_allowed else "no portraits",
    ]
    return escape_label(" · ".join(part for part in parts if part))


def name_line(student: StudentRow) -> str:
    """With the number in front, as a register has it."""
    number = f":gray[{student.entry.index_no}]{NO_BREAK}{NO_BREAK}" if student.entry.index_no is not None else ""
    check = " :orange-badge[:material/edit: name to check]" if student.name_to_check else ""
    return f"{number}**{escape_label(student.entry.full_name)}**{check}"
