"""`staffroom doctor`: what is wrong with this deployment, and what to do about it."""

import time
from typing import Annotated

import typer

from core.commands.options import AsJson
from core.doctor.evidence import Processes
from core.doctor.examining import examine, unreadable_settings
from core.doctor.finding import Finding, Level, Report
from core.errors import SettingsError
from core.log import set_up_logs
from core.settings import LogLevel, load_settings

_COLOURS = {Level.GREEN: "green", Level.AMBER: "yellow", Level.RED: "red"}
_WIDEST = max(len(level.word) for level in Level)


def doctor_command(
    *,
    web_processes: Annotated[int, typer.Option(min=1, help="How many `staffroom serve` there are in all.")] = 1,
    workers: Annotated[int, typer.Option(min=1, help="How many `staffroom worker` there are in all.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Check settings, keys, database, photos, sign-in, worker and site; exits 1 when there is a problem."""
    began = time.monotonic()
    report = _examined(Processes(web_processes, workers))
    for finding in report.findings:
        typer.echo(_line(finding), err=as_json)
    typer.echo(_summary(report, time.monotonic() - began), err=as_json)
    if as_json:
        typer.echo(report.as_json())
    raise typer.Exit(1 if report.level is Level.RED else 0)


def _examined(processes: Processes) -> Report:
    try:
        settings = load_settings()
    except SettingsError as error:
        return unreadable_settings(error)
    # What it finds is told in its own lines.
    set_up_logs(LogLevel.ERROR)
    return examine(settings, processes)


def _line(finding: Finding) -> str:
    word = typer.style(finding.level.word.ljust(_WIDEST), fg=_COLOURS[finding.level])
    to_do = f"\n{' ' * _WIDEST}  → {finding.to_do}" if finding.to_do else ""
    return f"{word}  {finding.about}: {finding.found}{to_do}"


def _summary(report: Report, took_s: float) -> str:
    problems, warnings = report.many(Level.RED), report.many(Level.AMBER)
    counted = f"{_many(problems, 'problem')}, {_many(warnings, 'warning')}, {report.many(Level.GREEN)} in order"
    return f"{report.level.word}: {counted}, in {took_s:.1f} seconds."


def _many(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"
