"""Finds out who is here."""

from typing import Any

from sqlalchemy import func, select, text

from core.accounts.person import Person, Role
from core.db.engine import Database
from core.db.tables.people import School, Staff
from core.db.tables.visits import DemoVisit
from core.errors import NotAllowed

# Keys of the address bar's `?as=`; the first is who a visitor is at first.
DEMO_PEOPLE = {
    "mei": "mei.tan@demo.school",
    "arjun": "arjun.nair@demo.school",
    "siti": "siti.rahim@demo.school",
}

_DEMO_PERSON = text("select * from private.demo_person(:email)")


class People:
    """Members of staff, as the database knows them at this moment."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def demo_person(self, key: str | None) -> Person:
        """One of the demo's people; an unknown key means the first. Raises NotAllowed without a demo school."""
        with self._database.as_nobody() as session:
            row = session.execute(_DEMO_PERSON, {"email": demo_email(key)}).one_or_none()
        if row is None:
            raise NotAllowed("There is no demo school here. The operator can make one with staffroom demo reset.")
        return person_from(row, is_demo=True)

    def by_email(self, email: str) -> Person:
        """For the operator's `--as`; needs the worker's login. Raises NotAllowed unless exactly one member has it.

        The copies of a public demo's visitors are left out.
        """
        with self._database.as_worker() as session:
            rows = session.execute(
                select(
                    Staff.id.label("staff_id"),
                    Staff.school_id,
                    Staff.full_name,
                    Staff.role,
                    School.name.label("school_name"),
                    School.time_zone,
                    School.kind,
                )
                .join(School, School.id == Staff.school_id)
                .outerjoin(DemoVisit, DemoVisit.school_id == Staff.school_id)
                .where(func.lower(Staff.email) == email.lower(), Staff.active, DemoVisit.school_id.is_(None))
            ).all()
        if len(rows) != 1:
            schools = ", ".join(row.school_name for row in rows) or "no school"
            raise NotAllowed(f"This e-mail belongs to {len(rows)} active members ({schools}); name one who is unique.")
        return person_from(rows[0], is_demo=rows[0].kind == "demo")


def demo_email(key: str | None) -> str:
    """Of the person whom the address bar names, or of the first."""
    return DEMO_PEOPLE.get(key or "", next(iter(DEMO_PEOPLE.values())))


def person_from(row: Any, *, is_demo: bool) -> Person:
    return Person(
        staff_id=row.staff_id,
        school_id=row.school_id,
        full_name=row.full_name,
        role=Role(row.role),
        school_name=row.school_name,
        time_zone=row.time_zone,
        is_demo=is_demo,
    )
