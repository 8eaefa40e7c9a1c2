"""What the audit log shows, as a file for a spreadsheet."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.accounts.audit import AuditLine
from core.ui.formats import clock, local_day
from core.ui.school_settings.audit_fields import changes
from core.ui.usage.files import as_csv
from core.ui.usage.tables import Table

COLUMNS = ("Day", "Time", "Who", "What", "Changes", "Action", "Object")


def audit_csv(lines: Sequence[AuditLine], zone: ZoneInfo) -> bytes:
    """Every line in full, with times at the school; what looks like a formula stays text."""
    return as_csv([Table("Audit log", COLUMNS, tuple(_row(line, zone) for line in lines))])


def _row(line: AuditLine, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        local_day(line.happened_at, zone).isoformat(),
        clock(line.happened_at, zone),
        line.actor,
        line.sentence,
        "; ".join(one.in_brief for one in changes(line, zone)),
        line.action,
        line.object,
    )
