"""What a teacher could ask, with the names of their own classes; each is asked with one click."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.assistant.message import Subject
from core.assistant.whom import About
from core.meetings.readiness import Readiness
from core.roster.views import ClassSummary
from core.ui.formats import counted, level_name

_TOPICS = {
    "Mathematics": "fractions",
    "English": "persuasive writing",
    "Science": "the water cycle",
    "Chinese": "telling a story from pictures",
    "Malay": "telling a story from pictures",
    "Tamil": "telling a story from pictures",
}
_USUAL_SUBJECT, _USUAL_LEVEL = "Mathematics", "Primary 5"


@dataclass(frozen=True)
class Example:
    """`text` is what is asked; `about` tells it without any guessing; `button` is no other example's on the page."""

    title: str
    icon: str
    text: str
    button: str
    more: str = ""
    about: Subject | None = None

    @property
    def line(self) -> str:
        return f"{self.text} · {self.more}" if self.more else self.text


def of_classes(classes: Sequence[ClassSummary], first: Sequence[Readiness]) -> list[Example]:
    """`first` are the students of the first class."""
    taught = [one for one in classes if one.students]
    if not taught:
        return [_lesson(None, ())]
    here, other = taught[0], taught[min(1, len(taught) - 1)]
    student = next((one for one in first if one.is_to_discuss), next(iter(first), None))
    examples = [_meetings(here), _doing(student), _lesson(here, first), _standing(other)]
    return [example for example in examples if example is not None]


def of_student(about: Subject) -> list[Example]:
    return [
        Example(
            f"Prepare the meeting with {about.name}",
            "event",
            f"/ptm {about.name}",
            "Prepare the meeting",
            "with what is on record",
            about,
        ),
        _of_one(about),
    ]


def of_class(here: ClassSummary) -> list[Example]:
    return [_meetings(here), _standing(here)]


def _meetings(here: ClassSummary) -> Example:
    about = _class(here)
    return Example(
        f"Prepare the meetings of {here.name}",
        "event",
        f"/ptm {here.name}",
        "Prepare the meetings",
        counted(here.students, "student"),
        about,
    )


def _doing(student: Readiness | None) -> Example | None:
    if student is None:
        return None
    return _of_one(Subject(About.STUDENT, student.student_id, student.full_name))


def _of_one(about: Subject) -> Example:
    title, text = f"How is {about.name} doing?", f"/progress {about.name}"
    return Example(title, "person", text, "Ask about the student", "results, attendance", about)


def _lesson(here: ClassSummary | None, students: Sequence[Readiness]) -> Example:
    subject = _subject(here, students)
    level = (level_name(here.level) if here else None) or _USUAL_LEVEL
    topic = _TOPICS[subject]
    return Example(f"Plan a lesson on {topic}", "menu_book", f"/lesson {subject}, {level}, {topic}", "Plan the lesson")


def _standing(here: ClassSummary) -> Example:
    title, text = f"How is {here.name} doing?", f"/progress {here.name}"
    return Example(title, "trending_up", text, "Ask about the class", "attendance and results", _class(here))


def _subject(here: ClassSummary | None, students: Sequence[Readiness]) -> str:
    """The class's own, else one in which there are results."""
    told = [here.subject] if here and here.subject else []
    told += [trend.latest.subject for student in students for trend in student.trends]
    known = [subject for subject in told if subject in _TOPICS]
    return _USUAL_SUBJECT if not known or _USUAL_SUBJECT in known else known[0]


def _class(here: ClassSummary) -> Subject:
    return Subject(About.CLASS, here.id, here.name)
