"""What to offer for a result: the names that the student's classes use already."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.roster.records.entries import ResultEntry
from core.roster.terms import TIME_ZONE, term_of, terms_of


@dataclass(frozen=True)
class ResultNames:
    """`subject` and `term` are the likely ones: what the reader teaches the student, and when it is now."""

    subjects: tuple[str, ...]
    terms: tuple[str, ...]
    assessments: tuple[str, ...]
    subject: str | None
    term: str | None

    def spelled(self, entry: ResultEntry) -> ResultEntry:
        """Subject and term as the school writes them, in whatever case they were typed."""
        known = {name.lower(): name for name in (*self.subjects, *self.terms)}
        subject, term = entry.subject, entry.term
        return replace(entry, subject=known.get(subject.lower(), subject), term=known.get(term.lower(), term))


_CLASSMATES = """
    select mates.student_id from enrolments as own
    join enrolments as mates on mates.class_id = own.class_id and mates.to_date is null
    where own.student_id = :student and own.to_date is null
"""
_USED = text(
    f"""
    select r.subject, r.term, r.assessment, max(r.recorded_on) as latest from results as r
    where r.student_id = :student or r.student_id in ({_CLASSMATES})
    group by r.subject, r.term, r.assessment order by latest desc, r.assessment
    """  # noqa: S608 -- both parts are constants
)
_TAUGHT = text(
    """
    select c.subject, bool_or(mine.id is not null) as is_mine
    from enrolments as e join classes as c on c.id = e.class_id
    left join class_staff as mine on mine.class_id = c.id and mine.staff_id = private.me()
    where e.student_id = :student and e.to_date is null and c.archived_at is null and c.subject is not null
    group by c.subject order by c.subject
    """
)


def result_names(session: Session, student_id: UUID, *, now: datetime) -> ResultNames:
    used = session.execute(_USED, {"student": student_id}).all()
    taught = session.execute(_TAUGHT, {"student": student_id}).all()
    terms, term = _terms(now)
    return ResultNames(
        subjects=tuple(sorted({row.subject for row in used} | {row.subject for row in taught})),
        terms=tuple(dict.fromkeys([*terms, *sorted(row.term for row in used)])),
        assessments=tuple(dict.fromkeys(row.assessment for row in used)),
        subject=next((row.subject for row in taught if row.is_mine), None),
        term=term,
    )


def _terms(now: datetime) -> tuple[list[str], str | None]:
    """None of a school elsewhere, whose calendar we don't know."""
    if now.tzinfo != ZoneInfo(TIME_ZONE):
        return [], None
    begun = [term for term in terms_of(now.year) if term.first_monday <= now.date()]
    here = term_of(now.date()) or (begun[-1] if begun else None)
    return [term.name for term in terms_of(now.year)], here.name if here else None
