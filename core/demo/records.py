"""A term of attendance and a year of results for the demo's students."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random

from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.people import STUDENTS, DemoStudent
from core.demo.rows import Rows
from core.roster.terms import SchoolTerm, school_days_before, terms_of

DAYS_OF_A_TERM = 50
SUBJECTS = ("English Language", "Mother Tongue Language", "Mathematics", "Science")
WITH_RECORDS = tuple(student for student in STUDENTS if not student.is_new)
ABSENT_REASONS = ("No reason given", "Overslept", None, "Family matter, letter to follow")
OFFICIAL_REASONS = ("Medical certificate", "Medical certificate", "National School Games", "Dental appointment")
LATE_REASONS = (None, "Bus was late", "Overslept", None)


@dataclass(frozen=True)
class Habit:
    """How likely a student is late, absent or officially absent on a day, in per cent."""

    late: float = 1.5
    absent: float = 0.8
    official: float = 2.0


USUAL = Habit()
HABITS = {
    "Jayden Lee Kai Jie": Habit(late=16, absent=3),
    "Ho Wei Jie": Habit(late=5, absent=23),
    "Isabelle Marie De Rozario": Habit(absent=0.5, official=14),
    "Natasha Wong Shu En": Habit(late=10),
    "Tay Jun Hao": Habit(late=6, absent=9),
    "Benjamin Koh Jun Wei": Habit(late=0, absent=0, official=0),
    "Priya Nair": Habit(late=0, absent=0, official=0),
}


@dataclass(frozen=True)
class Assessment:
    """One round of tests, the same for every subject."""

    name: str
    term: SchoolTerm
    week: int
    max_score: int
    weight: int

    @property
    def recorded_on(self) -> date:
        return self.term.monday_of_week(self.week) + timedelta(days=4)


def attendance_rows(today: date) -> Rows:
    """The last term's worth of school days before today, whose roll is still being taken."""
    days = list(islice(school_days_before(today), DAYS_OF_A_TERM))
    return [_attended(student, day, rng) for student in WITH_RECORDS for rng in [_rng("days", student)] for day in days]


def _attended(student: DemoStudent, day: date, rng: Random) -> dict[str, object]:
    status, reason = _one_day(HABITS.get(student.full_name, USUAL), rng)
    return {
        "id": demo_id("attendance", student.full_name, day),
        "school_id": SCHOOL_ID,
        "student_id": student.id,
        "on_date": day,
        "status": status,
        "reason": reason,
    }


def _one_day(habit: Habit, rng: Random) -> tuple[str, str | None]:
    drawn, choice = rng.random() * 100, rng.randrange(4)
    if drawn < habit.late:
        return "late", LATE_REASONS[choice]
    if drawn < habit.late + habit.absent:
        return "absent", ABSENT_REASONS[choice]
    if drawn < habit.late + habit.absent + habit.official:
        return "official_absence", OFFICIAL_REASONS[choice]
    return "present", None


def assessments_before(today: date) -> list[Assessment]:
    """The last four rounds, oldest first; early in a year most of them are the year before's."""
    rounds = [one for year in (today.year - 1, today.year) for one in _assessments_of(year)]
    return [one for one in rounds if one.recorded_on < today][-4:]


def _assessments_of(year: int) -> list[Assessment]:
    one, two, three, four = terms_of(year)
    return [
        Assessment("Weighted assessment 1", one, 8, 30, 15),
        Assessment("Weighted assessment 2", two, 8, 30, 15),
        Assessment("Weighted assessment 3", three, 8, 30, 15),
        Assessment("End-of-year examination", four, 7, 100, 55),
    ]


def result_rows(today: date) -> Rows:
    rounds = assessments_before(today)
    return [
        row
        for student in WITH_RECORDS
        for rng in [_rng("results", student)]
        for subject in SUBJECTS
        for row in _one_subject(student, subject, rounds, rng)
    ]


# Per cent a round: who rises, who slips, and where.
TRENDS = {
    ("Suhana", "Mathematics"): 6.0,
    ("Arjun s/o Ramasamy", "English Language"): 5.0,
    ("Ho Wei Jie", "Mathematics"): -7.0,
    ("Ethan Lim Zhi Hao", "Science"): -6.0,
    ("Ravi s/o Kumar", "Science"): 5.0,
    ("Jayden Lee Kai Jie", "Mother Tongue Language"): -5.0,
    ("Thant Zin Oo", "English Language"): 7.0,
    ("Tay Jun Hao", "Mathematics"): -6.0,
}


def _one_subject(student: DemoStudent, subject: str, rounds: list[Assessment], rng: Random) -> Rows:
    level = rng.gauss(68, 11)
    trend = TRENDS.get((student.full_name, subject), rng.gauss(0.5, 1.5))
    return [
        {
            "id": demo_id("result", student.full_name, subject, one.term.number),
            "school_id": SCHOOL_ID,
            "student_id": student.id,
            "subject": subject,
            "term": one.term.name,
            "assessment": one.name,
            "score": _score(level + trend * (number - 1) + rng.gauss(0, 3), one, taken=rng.random() > 0.015),
            "max_score": Decimal(one.max_score),
            "weight": Decimal(one.weight),
            "recorded_on": one.recorded_on,
        }
        for number, one in enumerate(rounds)
    ]


def _score(per_cent: float, assessment: Assessment, *, taken: bool) -> Decimal | None:
    """In half marks; None for a paper that was missed."""
    if not taken:
        return None
    kept = min(max(per_cent, 21.0), 97.0)
    return Decimal(round(kept / 100 * assessment.max_score * 2)) / 2


def _rng(purpose: str, student: DemoStudent) -> Random:
    return Random(f"{purpose} of {student.full_name}")
