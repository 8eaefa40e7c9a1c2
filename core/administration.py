"""What admins may do for their school, in one place for bootstrap to build."""

from dataclasses import dataclass

from core.accounts.audit import Audit
from core.accounts.members import Members
from core.db.engine import Database
from core.roster.register.classes import Classes
from core.roster.register.guardians import Guardians
from core.roster.register.new_years import NewSchoolYears
from core.roster.register.students import Students


@dataclass(frozen=True, kw_only=True)
class Administration:
    """One service a section of the page "School settings"."""

    members: Members
    audit: Audit
    classes: Classes
    students: Students
    guardians: Guardians
    new_years: NewSchoolYears


def build_administration(database: Database) -> Administration:
    return Administration(
        members=Members(database=database),
        audit=Audit(database=database),
        classes=Classes(database=database),
        students=Students(database=database),
        guardians=Guardians(database=database),
        new_years=NewSchoolYears(database=database),
    )
