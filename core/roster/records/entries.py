"""What a person writes into a record, field by field as the tables name them; `checked` refuses what can't be kept."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from core.errors import RecordRefused
from core.roster.records.fields import (
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_TEXT,
    MOST_PER_CENT,
    MOST_POINTS,
    day_within,
    figure,
    needed,
    one_of,
    optional,
    plain,
)

STATUSES = ("late", "absent", "official_absence", "present")
OBSERVATION_KINDS = ("strength", "concern", "note")
CASE_KINDS = ("discipline", "sen", "counselling", "career")
SEVERITIES = ("low", "medium", "high")
CASE_STATUSES = ("open", "in_progress", "closed")
OVERRIDES = ("discuss", "nothing")
WHOLE_DAY = "day"
# Of school years, before the one that runs; a case may go back to a student's first one.
_YEARS_BACK = 1
_YEARS_BACK_OF_CASES = 12


def earliest_day(today: date) -> date:
    return date(today.year - _YEARS_BACK, 1, 1)


def earliest_case(today: date) -> date:
    return date(today.year - _YEARS_BACK_OF_CASES, 1, 1)


@dataclass(frozen=True)
class AttendanceEntry:
    """A session of a day; of a kept one, day and session stay."""

    on_date: date
    session: str
    status: str
    reason: str | None

    def checked(self, now: datetime, before: "AttendanceEntry | None" = None) -> "AttendanceEntry":
        today = now.date()
        if before is None:
            day_within(self.on_date, "The day", earliest=earliest_day(today), today=today)
        elif (self.on_date, self.session) != (before.on_date, before.session):
            raise RecordRefused("The day of a record stays. Remove this one and add another.")
        return replace(
            self,
            session=needed(self.session, "The session", at_most=LONGEST_NAME),
            status=one_of(self.status, "The status", STATUSES),
            reason=optional(self.reason, "The reason", at_most=LONGEST_REASON),
        )


@dataclass(frozen=True)
class ResultEntry:
    """Of a kept one, subject, term and assessment stay; no score means that it was not taken."""

    subject: str
    term: str
    assessment: str
    score: Decimal | None
    max_score: Decimal | None
    weight: Decimal | None
    recorded_on: date

    @property
    def names(self) -> tuple[str, str, str]:
        return self.subject, self.term, self.assessment

    def checked(self, now: datetime, before: "ResultEntry | None" = None) -> "ResultEntry":
        today = now.date()
        if before is not None and self.names != before.names:
            raise RecordRefused("What was assessed stays. Remove this result and add another.")
        if before is None or self.recorded_on != before.recorded_on:
            day_within(self.recorded_on, "The day", earliest=earliest_day(today), today=today)
        subject = needed(self.subject, "The subject", at_most=LONGEST_NAME)
        term = needed(self.term, "The term", at_most=LONGEST_NAME)
        assessment = needed(self.assessment, "The assessment", at_most=LONGEST_NAME)
        self._check_figures()
        return replace(self, subject=subject, term=term, assessment=assessment)

    def _check_figures(self) -> None:
        if not self.max_score:
            raise RecordRefused("How many points there were is missing. Fill in “Out of” and save again.")
        figure(self.max_score, "What the score is out of", at_most=MOST_POINTS)
        if self.weight is not None:
            figure(self.weight, "The weight", at_most=MOST_PER_CENT)
        if self.score is None:
            return
        figure(self.score, "The score", at_most=MOST_POINTS)
        if self.score > self.max_score:
            over = f"{plain(self.score)} is more than the {plain(self.max_score)} that there were"
            raise RecordRefused(f"The score {over}. Correct one of the two.")


@dataclass(frozen=True)
class ObservationEntry:
    """What its author saw."""

    happened_at: datetime
    kind: str
    text: str

    def checked(self, now: datetime, before: "ObservationEntry | None" = None) -> "ObservationEntry":
        moment = self.happened_at
        if before is None or moment != before.happened_at:
            day, today = moment.astimezone(now.tzinfo).date(), now.date()
            day_within(day, "The day", earliest=earliest_day(today), today=today)
            moment = min(moment, now)
        return replace(
            self,
            happened_at=moment,
            kind=one_of(self.kind, "The kind", OBSERVATION_KINDS),
            text=needed(self.text, "The text", at_most=LONGEST_TEXT),
        )


@dataclass(frozen=True)
class CaseEntry:
    """A matter that is followed up; of a kept one, the kind stays."""

    kind: str
    severity: str
    status: str
    summary: str
    opened_on: date
    closed_on: date | None

    def checked(self, now: datetime, before: "CaseEntry | None" = None) -> "CaseEntry":
        if before is not None and self.kind != before.kind:
            raise RecordRefused("The kind of a case stays. Close this one and add another.")
        self._check_days(now.date(), before)
        return replace(
            self,
            kind=one_of(self.kind, "The kind", CASE_KINDS),
            severity=one_of(self.severity, "The severity", SEVERITIES),
            status=one_of(self.status, "The status", CASE_STATUSES),
            summary=needed(self.summary, "The summary", at_most=LONGEST_TEXT),
        )

    def _check_days(self, today: date, before: "CaseEntry | None") -> None:
        if before is None or self.opened_on != before.opened_on:
            day_within(self.opened_on, "The day it was opened", earliest=earliest_case(today), today=today)
        if self.status != "closed":
            if self.closed_on is not None:
                raise RecordRefused("Only a closed case has a closing day. Set it to closed, or clear that day.")
            return
        if self.closed_on is None:
            raise RecordRefused("A closed case needs the day it was closed. Choose it and save again.")
        if self.closed_on > today:
            raise RecordRefused("The closing day is in the future. Choose today or an earlier day.")
        if self.closed_on < self.opened_on:
            raise RecordRefused("The case would be closed before it was opened. Correct one of the days.")


@dataclass(frozen=True)
class NoteEntry:
    """A teacher's own word before a meeting; without an override it is as the records say."""

    override: str | None
    text: str | None

    def checked(self, now: datetime, before: "NoteEntry | None" = None) -> "NoteEntry":  # noqa: ARG002 -- as the others
        if self.override is not None:
            one_of(self.override, "The choice for the meeting", OVERRIDES)
        text = optional(self.text, "The note", at_most=LONGEST_TEXT)
        if self.override is None and text is None:
            raise RecordRefused("There is nothing to keep. Write a note, or choose what the meeting needs.")
        return replace(self, text=text)


Entry: TypeAlias = AttendanceEntry | ResultEntry | ObservationEntry | CaseEntry | NoteEntry
