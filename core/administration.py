"""What admins may do for their school, in one place for bootstrap to build."""

from dataclasses import dataclass

from core.db.engine import Database


@dataclass(frozen=True, kw_only=True)
class Administration:
    """One service a section of the page "School settings"."""

    database: Database


def build_administration(database: Database) -> Administration:
    return Administration(database=database)
