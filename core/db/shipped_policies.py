"""The policies that the migrations make, read from their files: what a database must have, and nothing beside it."""

import re
from functools import cache
from pathlib import Path

from core.db.migrations import FOLDER, migrations

_STEP = re.compile(
    r"^\s*(?P<verb>create|drop)\s+policy\s+(?:if\s+exists\s+)?\"(?P<policy>[^\"]+)\"\s+on\s+"
    r"(?P<schema>\w+)\.(?P<table>\w+)",
    re.IGNORECASE | re.MULTILINE,
)
# Postgres cuts a longer name.
_LONGEST_NAME = 63


@cache
def shipped_policies(folder: Path = FOLDER) -> frozenset[str]:
    """Each as `schema.table: name`."""
    kept: set[str] = set()
    for migration in migrations(folder):
        for step in _STEP.finditer(migration.sql):
            policy = step["policy"].encode()[:_LONGEST_NAME].decode(errors="ignore")
            name = f"{step['schema']}.{step['table']}: {policy}"
            if step["verb"].lower() == "create":
                kept.add(name)
            else:
                kept.discard(name)
    return frozenset(kept)
