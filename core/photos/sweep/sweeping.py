"""The sweep: every check in turn, and the repairs where they are wanted."""

from collections.abc import Iterator

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.errors import AppError, DatabaseAway, StorageAway
from core.photos.job_rows import LostJob
from core.photos.sweep import (
    batch_checks,
    file_checks,
    job_checks,
    ledger_checks,
    loose_files,
    queue_checks,
    reply_checks,
    shown_checks,
    spool_checks,
)
from core.photos.sweep.check import Check, Found
from core.photos.sweep.findings import Finding, Report
from core.photos.sweep.sources import Sources

log = structlog.get_logger(__name__)

# What one repair leaves behind is looked at by those that follow.
CHECKS: tuple[Check, ...] = (
    *reply_checks.CHECKS,
    *spool_checks.CHECKS,
    *ledger_checks.CHECKS,
    *job_checks.CHECKS,
    *file_checks.CHECKS,
    *loose_files.CHECKS,
    *shown_checks.CHECKS,
    *queue_checks.CHECKS,
    *batch_checks.CHECKS,
)

_CHECKED = text(
    """
    select
        (select count(*) from photo_jobs) as jobs,
        (select count(*) from photos) as photos,
        (select count(*) from photo_replies) as replies,
        (select count(*) from openai_usage where type in ('image', 'batch_image')) as ledger_rows,
        (select count(*) from procrastinate.procrastinate_jobs where task_name = 'make_portrait') as queue_entries,
        (select count(*) from photo_batches) as batches
    """
)


def sweep(sources: Sources, *, repair: bool) -> Report:
    """What does not match. Raises SweepStopped."""
    findings: list[Finding] = []
    for check in CHECKS:
        sources.go_on()
        findings.extend(_findings(check, sources, repair=repair))
    return Report(tuple(findings), _checked(sources))


def _findings(check: Check, sources: Sources, *, repair: bool) -> Iterator[Finding]:
    try:
        found = check.look(sources)
    except StorageAway:
        yield Finding(check.name, "store", repaired=False, detail="the store does not answer, so nothing was compared")
        return
    for one in found:
        repaired = _repair(check, sources, one) if repair else False
        if repaired is not None:
            yield Finding(check.name, one.id, repaired, one.detail)


def _repair(check: Check, sources: Sources, found: Found) -> bool | None:
    """A repair that is refused changed nothing, and the others go on."""
    try:
        return check.repair(sources, found)
    except LostJob:
        return None
    except DatabaseAway:
        raise
    except (AppError, DBAPIError) as error:
        log.warning("not repaired", check=check.name, id=found.id, error=type(error).__name__)
        return False


def _checked(sources: Sources) -> dict[str, int]:
    with sources.database.as_worker() as session:
        counted = session.execute(_CHECKED).mappings().one()
    return {**counted, "files": _many_files(sources), "spool": len(sources.spool.waiting())}


def _many_files(sources: Sources) -> int:
    try:
        return len(sources.files)
    except StorageAway:
        return 0
