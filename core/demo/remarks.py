"""What the demo's teachers wrote down: observations, cases and their own notes before meetings."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from zoneinfo import ZoneInfo

from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.people import STUDENTS, TIME_ZONE, DemoStudent
from core.demo.rows import Rows
from core.roster.terms import school_days_before

ZONE = ZoneInfo(TIME_ZONE)
REACHES_BACK_DAYS = 45

STRENGTHS = (
    "Explained the fractions problem to the group in own words and waited until everyone had it.",
    "Offered to show a new classmate the canteen and the library without being asked.",
    "Wrote a lively composition with a clear ending; read it aloud with confidence.",
    "Led the clean-up after the science practical and kept the group cheerful.",
    "Asked a thoughtful question about food chains that the whole class then discussed.",
    "Practised the oral passage at home; much more fluent than last month.",
    "Owned up to a mistake in the worksheet and corrected it calmly.",
    "Kept going on the problem sums although the first two tries failed.",
    "Scored the class's team points fairly during the games and thanked the other side.",
    "Helped to settle a quarrel about the badminton rackets.",
)
CONCERNS = (
    "Homework was missing three times in two weeks. Says the evenings are busy; to ask at home.",
    "Tired in the first lessons this week. Perks up after recess.",
    "Hesitates to speak in group work and lets others decide.",
    "Rushes through the last section of a paper and leaves easy marks.",
    "Chats during instructions and then has to ask what to do.",
    "Upset after losing a place in the team; took a while to join in again.",
    "Reads the question too quickly in Science and answers a different one.",
    "Forgot the Mother Tongue file again; shares with a neighbour meanwhile.",
)
NOTES = (
    "Moved to the second row, since the board was hard to read from the back.",
    "Prefers to be asked beforehand when reading aloud.",
    "Joins the school band; practice is on Wednesdays until five.",
    "A grandparent now does the fetching on Tuesdays and Thursdays.",
    "Borrowed two books from the class library and wants to present one of them.",
    "Will be travelling with the family in the first week of the holidays.",
    "Changed the mother tongue support group; settled in quickly.",
)
BANK = (("strength", STRENGTHS), ("concern", CONCERNS), ("note", NOTES))


@dataclass(frozen=True)
class Matter:
    """A case; `closed_after_days` is None while it is open."""

    student: str
    kind: str
    severity: str
    status: str
    summary: str
    opened_days_ago: int
    closed_after_days: int | None = None


MATTERS = (
    Matter(
        "Ho Wei Jie",
        "counselling",
        "medium",
        "in_progress",
        "Absent often since a parent began to work nights. The counsellor meets him weekly; breakfast club offered.",
        33,
    ),
    Matter(
        "Jayden Lee Kai Jie",
        "discipline",
        "low",
        "open",
        "Late more than five times this term. He chose an earlier bus; to talk with the family at the meeting.",
        19,
    ),
    Matter(
        "Isabelle Marie De Rozario",
        "sen",
        "medium",
        "in_progress",
        "Reading support twice a week after an assessment for dyslexia. Extra time in written papers.",
        120,
    ),
    Matter(
        "Ong Jun Kai",
        "discipline",
        "low",
        "closed",
        "Pushed a classmate in the queue. Apologised by himself; the two now sit together.",
        64,
        9,
    ),
    Matter(
        "Tay Jun Hao",
        "counselling",
        "medium",
        "open",
        "Misses his father, who is working abroad. Draws a lot; the counsellor will see him.",
        12,
    ),
    Matter(
        "Elijah Fernandez",
        "sen",
        "low",
        "in_progress",
        "Sits near the front because of reduced hearing on the left side; the microphone helps.",
        150,
    ),
)

READINESS = {
    "Suhana": "Start with the good news in Mathematics. Her father reads English well; no interpreter needed.",
    "Tan Wei Ming Marcus": "Mother would like to talk in Mandarin; Huang Lijuan can join for the first ten minutes.",
    "Jayden Lee Kai Jie": "Talk about the bus first, before the results. He wants to be there himself.",
    "Nurul Aisyah binte Rahman": "Ready. Bring the Science portfolio.",
    "Anjali Menon": "Ask how the new reading routine goes at home.",
}


def observation_rows(today: date) -> Rows:
    days = list(islice(school_days_before(today), REACHES_BACK_DAYS))
    return [row for student in STUDENTS if not student.is_new for row in _observed(student, days)]


def _observed(student: DemoStudent, days: list[date]) -> Rows:
    rng = Random(f"observations of {student.full_name}")
    kinds = rng.choices(BANK, weights=(5, 1, 3), k=rng.choice((1, 2, 2, 3, 3, 4)))
    texts = {rng.choice(bank): kind for kind, bank in kinds}
    return [
        {
            "id": demo_id("observation", student.full_name, text),
            "school_id": SCHOOL_ID,
            "student_id": student.id,
            "author_id": rng.choice(student.in_class.teachers[:1] * 2 + student.in_class.teachers[1:]).id,
            "happened_at": datetime.combine(rng.choice(days), time(rng.randrange(8, 14), rng.randrange(60)), ZONE),
            "kind": kind,
            "text": text,
        }
        for text, kind in texts.items()
    ]


def case_rows(today: date) -> Rows:
    return [
        {
            "id": demo_id("case", matter.student, matter.kind),
            "school_id": SCHOOL_ID,
            "student_id": demo_id("student", matter.student),
            "kind": matter.kind,
            "severity": matter.severity,
            "status": matter.status,
            "summary": matter.summary,
            "opened_on": today - timedelta(days=matter.opened_days_ago),
            "closed_on": _closed_on(matter, today),
        }
        for matter in MATTERS
    ]


def _closed_on(matter: Matter, today: date) -> date | None:
    if matter.closed_after_days is None:
        return None
    return today - timedelta(days=matter.opened_days_ago - matter.closed_after_days)


def readiness_rows() -> Rows:
    return [
        {
            "id": demo_id("readiness", student.full_name),
            "school_id": SCHOOL_ID,
            "student_id": student.id,
            "staff_id": student.in_class.form_teacher.id,
            "text": READINESS[student.full_name],
        }
        for student in STUDENTS
        if student.full_name in READINESS
    ]
