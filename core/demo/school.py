"""The whole demo school as rows, in an order that the foreign keys accept."""

from dataclasses import dataclass
from datetime import date

from core.db.tables.base import Base
from core.db.tables.budgets import Budget
from core.db.tables.people import ClassStaff, Enrolment, Guardian, School, SchoolClass, Staff, Student, StudentGuardian
from core.db.tables.photos import PhotoJob
from core.db.tables.records import Attendance, Case, Meeting, Observation, ReadinessNote, Result
from core.db.tables.usage import AuditEntry, UsageRow
from core.demo import audit, budgets, meetings, people, portrait_jobs, records, remarks, usage_history
from core.demo.rows import Rows


@dataclass(frozen=True)
class SeededTable:
    """What one table gets."""

    table: type[Base]
    rows: Rows


def demo_school(today: date) -> tuple[SeededTable, ...]:
    """The same for the same `today`, wherever it runs."""
    return (
        SeededTable(School, people.school_rows()),
        SeededTable(Staff, people.staff_rows()),
        SeededTable(SchoolClass, people.class_rows(today)),
        SeededTable(ClassStaff, people.class_staff_rows()),
        SeededTable(Student, people.student_rows(today)),
        SeededTable(Enrolment, people.enrolment_rows(today)),
        SeededTable(Guardian, people.guardian_rows()),
        SeededTable(StudentGuardian, people.student_guardian_rows()),
        SeededTable(Attendance, records.attendance_rows(today)),
        SeededTable(Result, records.result_rows(today)),
        SeededTable(Observation, remarks.observation_rows(today)),
        SeededTable(Case, remarks.case_rows(today)),
        SeededTable(ReadinessNote, remarks.readiness_rows()),
        SeededTable(Meeting, meetings.meeting_rows(today)),
        SeededTable(UsageRow, usage_history.usage_rows(today)),
        SeededTable(UsageRow, portrait_jobs.job_usage_rows(today)),
        SeededTable(PhotoJob, portrait_jobs.job_rows(today)),
        SeededTable(Budget, budgets.budget_rows()),
        SeededTable(AuditEntry, audit.audit_rows(today)),
    )
