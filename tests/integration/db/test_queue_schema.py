"""The queue's schema is the installed package's own, word for word."""

import re
from importlib.metadata import version

from procrastinate.schema import SchemaManager

from core.db.migrations import migrations


def test_between_its_marks_the_migration_is_the_package_s_schema() -> None:
    (migration,) = [each for each in migrations() if each.name == "queue_schema"]

    mark = re.escape(f"procrastinate {version('procrastinate')}")
    (between,) = re.findall(rf"-- begin {mark}\n(.*)-- end {mark}\n", migration.sql, re.DOTALL)

    assert between.strip() == SchemaManager.get_schema().strip()
