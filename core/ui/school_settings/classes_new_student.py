"""The form of a student who comes to the school."""

from core.accounts.person import Person
from core.bootstrap import App
from core.roster.register.entries import StudentEntry
from core.roster.register.views import OpenClass
from core.ui.school_settings.classes_address import open_student
from core.ui.school_settings.classes_desk import Form, Slot, attempt, close, draw_outcome
from core.ui.school_settings.classes_student_fields import draw_student_fields, student_in
from core.ui.school_settings.classes_widgets import buttons


def draw_new_student(person: Person, app: App, here: OpenClass, form: Form) -> None:
    numbers = [one.entry.index_no for one in here.students if one.entry.index_no is not None]
    proposed = max(numbers) + 1 if numbers else None
    draw_student_fields(form, StudentEntry("", level=here.entry.level, index_no=proposed), in_class=True)
    draw_outcome(form)
    buttons(form, "Add student", lambda: _add(person, app, here, form), lambda: close(Slot.DIALOG))


def _add(person: Person, app: App, here: OpenClass, form: Form) -> None:
    def act(confirmed: bool) -> None:
        # The drawer comes next: guardians are added there.
        open_student(app.administration.students.add(person, here.id, student_in(form), confirmed=confirmed))

    attempt(Slot.DIALOG, form, act)
