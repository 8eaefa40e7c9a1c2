"""The stand-in's preparation of parent–teacher meetings, from the records that came with the question."""

from collections.abc import Mapping, Sequence

from core.demo.provider.chat_facts import told
from core.demo.provider.chat_material import Material
from core.demo.provider.chat_wordings import About, Side, Told

MOST_FACTS = 3
MOST_GLAD = 6
QUESTIONS = {
    About.ATTENDANCE: "What makes it hard to come on some days, and how can we help?",
    About.PUNCTUALITY: "How do the mornings before school go, and what would make them easier?",
    About.RESULT: "How does practice in {subject} go at home, and what would help?",
    About.CASE: "How have things been at home lately, and what should we know?",
    About.SEEN: "Do you notice this at home, too, and what has helped there?",
}
OPEN_QUESTION = "What does your child tell you about school, and what should we know?"
NO_DATA = (
    "No records came with this question, so there is no data to prepare from (demo answer). Name a class or student."
)

Facts = Mapping[str, Sequence[Told]]


def meeting_answer(material: Material) -> str:
    """What to raise, what to begin with and what to ask: of one student in full, of a class in a few lines each."""
    if not material.records:
        return NO_DATA
    facts = {student: told(material.of(student)) for student in material.students}
    parts = _one_student(*facts.popitem()) if len(facts) == 1 else _class(facts)
    return "\n\n".join(filter(None, parts))


def _one_student(student: str, facts: Sequence[Told]) -> list[str]:
    concerns, strengths = _on(facts, Side.DISCUSS), _on(facts, Side.STRENGTH)
    found = f"{_counted(len(concerns), 'thing')} to discuss, {_counted(len(strengths), 'strength')}"
    return [
        f"The meeting about **{student}**, from {_counted(len(facts), 'fact')} on record (demo answer): {found}.",
        _section("Begin with", strengths),
        _section("To discuss", concerns),
        _section("Your own notes", [fact for fact in facts if fact.about is About.NOTE]),
        f"**Ask the parents**: “{_question(concerns)}”",
    ]


def _class(facts: Facts) -> list[str]:
    to_discuss = [student for student, of in facts.items() if _on(of, Side.DISCUSS)]
    strong = [student for student, of in facts.items() if _on(of, Side.STRENGTH)]
    without = [student for student, of in facts.items() if not of]
    found = f"something to discuss with {len(to_discuss)}, a strength to name for {len(strong)}"
    return [
        f"From the records of {len(facts)} students (demo answer): {found}.",
        "\n".join(_bullet(student, facts[student]) for student in to_discuss),
        _good_news([student for student in strong if student not in to_discuss], facts),
        f"No data: {', '.join(without)}." if without else "",
    ]


def _bullet(student: str, facts: Sequence[Told]) -> str:
    concerns, strengths = _on(facts, Side.DISCUSS), _on(facts, Side.STRENGTH)
    begin = f" Begin with a strength: {strengths[0].phrase}." if strengths else ""
    raised = "; ".join(fact.phrase for fact in concerns[:MOST_FACTS])
    return f"- **{student}**: {raised}.{begin} Ask the parents: “{_question(concerns)}”"


def _good_news(students: Sequence[str], facts: Facts) -> str:
    if not students:
        return ""
    lines = [f"- **{student}**: {_on(facts[student], Side.STRENGTH)[0].phrase}." for student in students[:MOST_GLAD]]
    more = len(students) - MOST_GLAD
    rest = [f"- {more} more have a strength on record; their cards show it."] if more > 0 else []
    return "\n".join(["**Good news to pass on**", "", *lines, *rest])


def _section(title: str, facts: Sequence[Told]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {fact.sentence}" for fact in facts)]) if facts else ""


def _question(concerns: Sequence[Told]) -> str:
    if not concerns:
        return OPEN_QUESTION
    return QUESTIONS[concerns[0].about].format(subject=concerns[0].subject)


def _on(facts: Sequence[Told], side: Side) -> list[Told]:
    return [fact for fact in facts if fact.side is side]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
