"""What admins may do for their school, in one place for bootstrap to build."""

from dataclasses import dataclass

from core.accounts.audit import Audit
from core.accounts.members import Members
from core.assistant.letting_out import LettingOut
from core.db.engine import Database
from core.roster.register.classes import Classes
from core.roster.register.guardians import Guardians
from core.roster.register.new_years import NewSchoolYears
from core.roster.register.students import Students
from core.usage.budgets import BudgetKeeping
from core.usage.limits_by_hand import Limits
from core.usage.model_choice import UsualModels
from core.usage.school_models import Models


@dataclass(frozen=True, kw_only=True)
class Administration:
    """One service a section of the page "School settings"."""

    members: Members
    audit: Audit
    classes: Classes
    students: Students
    guardians: Guardians
    new_years: NewSchoolYears
    budgets: BudgetKeeping
    models: Models
    limits: Limits
    letting_out: LettingOut


def build_administration(database: Database, usual: UsualModels) -> Administration:
    return Administration(
        members=Members(database=database),
        audit=Audit(database=database),
        classes=Classes(database=database),
        students=Students(database=database),
        guardians=Guardians(database=database),
        new_years=NewSchoolYears(database=database),
        budgets=BudgetKeeping(database),
        models=Models(database=database, usual=usual),
        limits=Limits(database=database),
        letting_out=LettingOut(database=database),
    )
