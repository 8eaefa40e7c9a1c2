"""What admins may do for their school, in one place for bootstrap to build."""

from dataclasses import dataclass

from core.accounts.audit import Audit
from core.db.engine import Database


@dataclass(frozen=True, kw_only=True)
class Administration:
    """One service a section of the page "School settings"."""

    audit: Audit


def build_administration(database: Database) -> Administration:
    return Administration(
        audit=Audit(database=database),
    )
