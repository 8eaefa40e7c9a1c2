"""Schools, staff, classes, students and guardians."""

import uuid
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.tables.base import Base, Identified, Json, OfSchool, Small


class School(Identified, Base):
    __tablename__ = "schools"

    sourced_id: Mapped[str | None]
    name: Mapped[str]
    time_zone: Mapped[str] = mapped_column(server_default=text("'Asia/Singapore'"))
    locale: Mapped[str] = mapped_column(server_default=text("'en-SG'"))
    kind: Mapped[str] = mapped_column(server_default=text("'real'"))
    settings: Mapped[Json]


class Staff(Identified, OfSchool, Base):
    __tablename__ = "staff"

    sourced_id: Mapped[str | None]
    email: Mapped[str | None]
    full_name: Mapped[str]
    name_to_check: Mapped[bool] = mapped_column(server_default=text("false"))
    role: Mapped[str] = mapped_column(server_default=text("'teacher'"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    invited_at: Mapped[datetime | None]


class SchoolClass(Identified, OfSchool, Base):
    __tablename__ = "classes"

    sourced_id: Mapped[str | None]
    name: Mapped[str]
    level: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default=text("'form'"))
    subject: Mapped[str | None]
    school_year: Mapped[Small]
    archived_at: Mapped[datetime | None]
    continues_id: Mapped[uuid.UUID | None]


class ClassStaff(Identified, OfSchool, Base):
    __tablename__ = "class_staff"

    class_id: Mapped[uuid.UUID]
    staff_id: Mapped[uuid.UUID]
    role: Mapped[str]


class Student(Identified, OfSchool, Base):
    __tablename__ = "students"

    sourced_id: Mapped[str | None]
    full_name: Mapped[str]
    name_to_check: Mapped[bool] = mapped_column(server_default=text("false"))
    preferred_name: Mapped[str | None]
    gender: Mapped[str | None]
    birth_year: Mapped[Small | None]
    level: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    profile_photo: Mapped[str | None]
    portraits_allowed: Mapped[bool] = mapped_column(server_default=text("true"))


class Enrolment(Identified, OfSchool, Base):
    __tablename__ = "enrolments"

    class_id: Mapped[uuid.UUID]
    student_id: Mapped[uuid.UUID]
    index_no: Mapped[Small | None]
    from_date: Mapped[date] = mapped_column(server_default=text("CURRENT_DATE"))
    to_date: Mapped[date | None]


class Guardian(Identified, OfSchool, Base):
    __tablename__ = "guardians"

    full_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str | None]


class StudentGuardian(Identified, OfSchool, Base):
    __tablename__ = "student_guardians"

    student_id: Mapped[uuid.UUID]
    guardian_id: Mapped[uuid.UUID]
    relationship: Mapped[str]
    priority: Mapped[Small] = mapped_column(server_default=text("1"))
