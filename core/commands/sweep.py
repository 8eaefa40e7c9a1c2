"""`staffroom sweep`: whether all that is kept about portraits agrees with itself."""

from contextlib import closing
from typing import Annotated

import typer

from core.bootstrap import build_app
from core.commands.options import AsJson, command_settings
from core.photos.sweep.check import Check
from core.photos.sweep.findings import Report
from core.photos.sweep.sources import Sources
from core.photos.sweep.sweeping import CHECKS, sweep


def sweep_command(
    *,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what can be.")] = False,
    hide_missing: Annotated[
        bool, typer.Option("--hide-missing", help="With --repair: hide photos even where many pictures are missing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare jobs, photos, files, replies, queue and ledger; exits 1 when something is left to do."""
    with closing(build_app(command_settings())) as app:
        sources = Sources(database=app.database, storage=app.storage, spool=app.spool, hide_missing=hide_missing)
        report = sweep(sources, repair=repair)
    for line in _lines(report, repair=repair):
        typer.echo(line, err=as_json)
    if as_json:
        typer.echo(report.as_json())
    raise typer.Exit(1 if report.left else 0)


def _lines(report: Report, *, repair: bool) -> list[str]:
    checked = ", ".join(f"{many} {kind.replace('_', ' ')}" for kind, many in report.checked.items())
    if not report.findings:
        return [f"All is as it should be. Looked at: {checked}."]
    lines = [_line(check, report) for check in CHECKS if check.name in report.counts]
    if report.left:
        repairing = "" if repair else "With --repair what these lines say is done. "
        lines.append(f"{len(report.left)} left. {repairing}With --json the ids are listed.")
    return lines


def _line(check: Check, report: Report) -> str:
    found = [finding for finding in report.findings if finding.check == check.name]
    repaired = sum(finding.repaired for finding in found)
    many = f"{len(found)} found" + (f", {repaired} repaired" if repaired else "")
    return f"{check.name}: {many}. {check.meaning} {check.remedy}"
