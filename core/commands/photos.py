"""`staffroom photos`: one portrait, or a whole class's."""

from contextlib import closing
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import typer

from core.bootstrap import App, build_app
from core.commands.moving_photos import photos_migrate
from core.commands.options import AsEmail, AsJson, command_settings
from core.commands.photo_bucket import photos_bucket
from core.photos import errands
from core.photos.batches import errands as batch_errands
from core.photos.batches.batch import BatchState, counted
from core.photos.batches.errands import Report as BatchReport
from core.photos.batches.order import Order
from core.photos.batches.plan import Who
from core.photos.errands import Report
from core.photos.job import ACTIVE_STATES, JobState
from core.photos.prompt import Style

photos = typer.Typer(no_args_is_help=True, help="Portraits.")
photos.command("bucket")(photos_bucket)
photos.command("migrate")(photos_migrate)


@photos.command("generate")
def photos_generate(
    student: Annotated[str, typer.Argument(help="Id or sourced id.")],
    as_email: AsEmail = None,
    wait: Annotated[bool, typer.Option("--wait")] = False,
    timeout: Annotated[float, typer.Option(min=0)] = 180,
    style: Annotated[Style | None, typer.Option(help="The school's usual one unless told.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for one portrait."""
    with closing(build_app(command_settings())) as app:
        report = _generate(app, student, as_email, style)
        if wait:
            report = _waited_for(app, report, timeout)
        typer.echo(report.as_json() if as_json else _sentence(report))
    raise typer.Exit(_exit_code(report, waited=wait))


def _generate(app: App, reference: str, as_email: str | None, style: Style | None) -> Report:
    if as_email is None:
        student_id = errands.find_student(app.database, reference)
        return errands.report(app.database, errands.request_as_operator(app.database, student_id, style=style))
    person = app.people.by_email(as_email)
    student_id = errands.find_student(app.database, reference, school_id=person.school_id)
    return errands.report(app.database, app.photos.request(person, student_id, style=style))


def _waited_for(app: App, report: Report, timeout_s: float) -> Report:
    if app.settings.run_worker_in_app:
        app.start_worker()
    return errands.wait_for(app.database, UUID(report.job_id), timeout_s=timeout_s)


def _sentence(report: Report) -> str:
    cost = f" It cost ${Decimal(report.cost_usd):.3f}." if report.cost_usd else ""
    return report.message or f"The portrait is {report.state}.{cost}"


def _exit_code(report: Report, *, waited: bool) -> int:
    state = JobState(report.state)
    if state in ACTIVE_STATES:
        return 4 if waited else 0
    return {JobState.DONE: 0, JobState.UNCONFIRMED: 3}.get(state, 1)


@photos.command("batch")
def photos_batch(
    in_class: Annotated[str, typer.Argument(metavar="CLASS", help="Id, sourced id or name.")],
    *,
    as_email: AsEmail = None,
    who: Annotated[Literal["without", "all"], typer.Option(help="Those without a photo, or all.")] = "without",
    style: Annotated[Style | None, typer.Option(help="The school's usual one unless told.")] = None,
    wait: Annotated[bool, typer.Option("--wait")] = False,
    timeout: Annotated[float, typer.Option(min=0)] = 7200,
    as_json: AsJson = False,
) -> None:
    """Ask for a class's portraits; a class has one running batch, which a second call finds."""
    with closing(build_app(command_settings())) as app:
        report = _order(app, in_class, as_email, Who(who), style).place()
        if wait:
            report = _batch_waited_for(app, report, timeout)
        typer.echo(_batch_sentence(report), err=as_json)
        if as_json:
            typer.echo(report.as_json())
    raise typer.Exit(_batch_exit_code(report) if wait else 0)


def _order(app: App, reference: str, as_email: str | None, who: Who, style: Style | None) -> Order:
    person = None if as_email is None else app.people.by_email(as_email)
    return Order(
        database=app.database,
        class_photos=app.class_photos,
        in_class=batch_errands.find_class(app.database, reference, school_id=person.school_id if person else None),
        who=who,
        style=style,
        person=person,
    )


def _batch_waited_for(app: App, report: BatchReport, timeout_s: float) -> BatchReport:
    if app.settings.run_worker_in_app and report.batch_id is not None:
        app.start_worker()
    return batch_errands.wait_for(app.database, report, timeout_s=timeout_s)


def _batch_sentence(report: BatchReport) -> str:
    if report.batch_id is None:
        return report.message or ""
    least = "at least " if report.at_least else ""
    so_far = "" if report.is_over else " so far"
    cost = f"The batch is {report.state} and cost {least}${Decimal(report.cost_usd):.3f}{so_far}."
    return " ".join(part for part in (_progress(report), cost, report.message) if part)


def _progress(report: BatchReport) -> str:
    counts = counted(JobState(state) for state, many in report.counts.items() for _ in range(many))
    others = {
        "not made": counts.not_made,
        "unconfirmed": counts.unconfirmed,
        "cancelled": counts.cancelled,
        "being made": counts.making,
        "waiting": counts.waiting,
    }
    listed = ", ".join(f"{many} {how}" for how, many in others.items() if many)
    return f"{counts.done} of {counts.total} portraits are made{f' ({listed})' if listed else ''}."


def _batch_exit_code(report: BatchReport) -> int:
    """Of a batch that was waited for; one that runs on, or that a person paused, is still to come."""
    if report.paused_itself or report.state is BatchState.CANCELLED:
        return 1
    if not report.is_over:
        return 4
    if report.counts.keys() & {JobState.FAILED, JobState.CANCELLED}:
        return 1
    return 3 if JobState.UNCONFIRMED in report.counts else 0
