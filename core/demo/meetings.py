"""Four parent–teacher meetings of the demo's form teacher, every day anew."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.demo.guardians import GUARDIANS
from core.demo.identity import SCHOOL_ID, demo_id
from core.demo.people import INTEGRITY, TIME_ZONE
from core.demo.rows import Rows

ZONE = ZoneInfo(TIME_ZONE)
AFTERNOON = (
    ("Nurul Aisyah binte Rahman", time(14, 0)),
    ("Ho Wei Jie", time(14, 20)),
    ("Aarav Pillai", time(14, 40)),
    ("Tan Wei Ming Marcus", time(15, 0)),
)
"""Who is talked about and when, at the school."""


def meeting_rows(today: date) -> Rows:
    """With the guardian who is asked first."""
    return [
        {
            "id": demo_id("meeting", student, today),
            "school_id": SCHOOL_ID,
            "student_id": demo_id("student", student),
            "staff_id": INTEGRITY.form_teacher.id,
            "guardian_id": demo_id("guardian", GUARDIANS[student][0].full_name),
            "starts_at": datetime.combine(today, at, ZONE),
        }
        for student, at in AFTERNOON
    ]
