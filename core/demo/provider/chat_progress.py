"""The stand-in's account of how a student or a class is doing."""

from collections.abc import Callable, Sequence

from core.demo.provider.chat_facts import told
from core.demo.provider.chat_material import Material
from core.demo.provider.chat_wordings import About, Side, Told

MOST_LINES = 8
NO_DATA = "No records came with this question, so there is no data on progress (demo answer). Name a student or class."
SECTIONS: tuple[tuple[str, Callable[[Told], bool]], ...] = (
    ("Attendance", lambda fact: fact.about in (About.ATTENDANCE, About.PUNCTUALITY)),
    ("Results", lambda fact: fact.about is About.RESULT),
    ("Strengths", lambda fact: fact.about is About.SEEN and fact.side is Side.STRENGTH),
    ("To work on", lambda fact: fact.about in (About.SEEN, About.CASE) and fact.side is Side.DISCUSS),
    ("Also on record", lambda fact: fact.about in (About.NOTE, About.SEEN, About.CASE) and fact.side is Side.NEITHER),
)
ALWAYS_SHOWN = ("Attendance", "Results", "Strengths")
STEPS = {
    About.ATTENDANCE: "talk about what makes coming to school hard, and agree on one change for the next two weeks",
    About.PUNCTUALITY: "agree on a time to leave home, and look together at how the next two weeks went",
    About.RESULT: "go through the last {subject} paper together and choose one kind of question to practise",
    About.CASE: "ask whoever looks after the case what would help in lessons this week",
    About.SEEN: "name one small thing to try in lessons this week, and say when you see it",
}
STEADY = "say what goes well, and ask which goal to aim for next"


def progress_answer(material: Material) -> str:
    """Attendance, results with their direction, strengths and one next step."""
    if not material.records:
        return NO_DATA
    is_class = len(material.students) > 1
    facts = [(student, fact) for student in material.students for fact in told(material.of(student))]
    sections = [
        _section(title, [_line(*one, name=is_class) for one in facts if belongs(one[1])]) for title, belongs in SECTIONS
    ]
    return "\n\n".join([_opening(material), *filter(None, sections), _next_step(facts, name=is_class)])


def _opening(material: Material) -> str:
    students, count = material.students, len(material.records)
    whom = f"**{students[0]}** is" if len(students) == 1 else f"{len(students)} students are"
    return f"How {whom} doing, from {count} record{'' if count == 1 else 's'} (demo answer)."


def _line(student: str, fact: Told, *, name: bool) -> str:
    return f"- {student}: {fact.phrase}." if name else f"- {fact.sentence}"


def _section(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return f"**{title}**: no data." if title in ALWAYS_SHOWN else ""
    more = len(lines) - MOST_LINES
    rest = [f"- and {more} more on record."] if more > 0 else []
    return "\n".join([f"**{title}**", "", *lines[:MOST_LINES], *rest])


def _next_step(facts: Sequence[tuple[str, Told]], *, name: bool) -> str:
    concern = next((one for one in facts if one[1].side is Side.DISCUSS), None)
    if concern is None:
        return f"**Next step**: {STEADY}."
    student, fact = concern
    with_whom = f", beginning with {student}" if name else ""
    return f"**Next step**{with_whom}: {STEPS[fact.about].format(subject=fact.subject)}."
