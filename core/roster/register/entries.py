"""What an admin writes about a class, a student or a guardian; `checked` refuses what can't be kept."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from core.errors import RegisterRefused
from core.roster.records.fields import LONGEST_NAME, needed, one_of, optional

CLASS_KINDS = ("form", "subject", "cca")
TEACHER_ROLES = ("form", "subject")
GENDERS = ("female", "male")
LONGEST_FULL_NAME = 200
LONGEST_LEVEL = 40
LONGEST_EMAIL = 254
LONGEST_PHONE = 40
MOST_INDEX_NO = 999
MOST_PRIORITY = 9
EARLIEST_YEAR = 2000
# A new school year is prepared in the one before, at times a year ahead.
YEARS_AHEAD = 2
_OLDEST = 30
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True)
class ClassEntry:
    """`subject` belongs to subject classes alone."""

    name: str
    level: str | None
    kind: str
    subject: str | None
    school_year: int

    def checked(self, today: date) -> "ClassEntry":
        kind = one_of(self.kind, "The kind", CLASS_KINDS)
        subject = _line(needed(self.subject, "The subject", at_most=LONGEST_NAME)) if kind == "subject" else None
        return replace(
            self,
            name=_line(needed(self.name, "The name", at_most=LONGEST_FULL_NAME)),
            level=_maybe_line(optional(self.level, "The level", at_most=LONGEST_LEVEL)),
            subject=subject,
            school_year=_within(self.school_year, "The school year", EARLIEST_YEAR, today.year + YEARS_AHEAD),
        )


@dataclass(frozen=True)
class StudentEntry:
    """`index_no` is the number in the class through which the student was opened."""

    full_name: str
    preferred_name: str | None = None
    gender: str | None = None
    birth_year: int | None = None
    level: str | None = None
    sourced_id: str | None = None
    portraits_allowed: bool = True
    index_no: int | None = None

    def checked(self, today: date) -> "StudentEntry":
        return replace(
            self,
            full_name=_line(needed(self.full_name, "The full name", at_most=LONGEST_FULL_NAME)),
            preferred_name=_maybe_line(optional(self.preferred_name, "The name", at_most=LONGEST_FULL_NAME)),
            gender=None if self.gender is None else one_of(self.gender, "The gender", GENDERS),
            birth_year=_maybe_within(self.birth_year, "The year of birth", today.year - _OLDEST, today.year - 1),
            level=_maybe_line(optional(self.level, "The level", at_most=LONGEST_LEVEL)),
            sourced_id=_maybe_line(optional(self.sourced_id, "The id", at_most=LONGEST_NAME)),
            index_no=_maybe_within(self.index_no, "The index number", 1, MOST_INDEX_NO),
        )


@dataclass(frozen=True)
class GuardianEntry:
    """`priority` 1 is asked first."""

    full_name: str
    relationship: str
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    priority: int = 1

    def checked(self) -> "GuardianEntry":
        return replace(
            self,
            full_name=_line(needed(self.full_name, "The name", at_most=LONGEST_FULL_NAME)),
            relationship=_line(needed(self.relationship, "The relationship", at_most=LONGEST_NAME)),
            email=_email(optional(self.email, "The e-mail address", at_most=LONGEST_EMAIL)),
            phone=_phone(optional(self.phone, "The phone number", at_most=LONGEST_PHONE)),
            language=_maybe_line(optional(self.language, "The language", at_most=LONGEST_NAME)),
            priority=_within(self.priority, "The place in the order", 1, MOST_PRIORITY),
        )


def _line(text: str) -> str:
    """Exactly as it was typed."""
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        raise RegisterRefused("A line break or a tab stands in a name. Take it out and save again.")
    return text


def _maybe_line(text: str | None) -> str | None:
    return None if text is None else _line(text)


def _within(value: int, what: str, least: int, most: int) -> int:
    if not least <= value <= most:
        raise RegisterRefused(f"{what} must lie between {least} and {most}. Correct it and save again.")
    return value


def _maybe_within(value: int | None, what: str, least: int, most: int) -> int | None:
    return None if value is None else _within(value, what, least, most)


def _email(text: str | None) -> str | None:
    if text is not None and not _EMAIL.fullmatch(text):
        raise RegisterRefused("That is no e-mail address. Correct it, or leave it empty.")
    return text


def _phone(text: str | None) -> str | None:
    if text is not None and not any(sign.isdigit() for sign in text):
        raise RegisterRefused("That is no phone number. Write its digits, or leave it empty.")
    return _maybe_line(text)
