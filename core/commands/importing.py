"""`staffroom import`: a file into the roster, and back out of it."""

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from core.bootstrap import App, build_app
from core.commands.file_import import Done, Wanted, carry_out, take_back
from core.commands.options import AsEmail, AsJson, command_settings
from core.roster.importing.plan import ImportPlan, Outcome
from core.roster.importing.report import report
from core.roster.importing.summary import not_here_yet, not_read, summary

_UNDO: Final = "undo"
_TAKEN: Final = (Outcome.CREATED, Outcome.CHANGED, Outcome.MOVED, Outcome.UNCHANGED, Outcome.IGNORED)

What = Annotated[
    str,
    typer.Argument(
        metavar="PATH|undo",
        help="A CSV file, a zip or a folder; or the word undo. A file called undo is written ./undo.",
        show_default=False,
    ),
]
ImportId = Annotated[
    UUID | None, typer.Argument(metavar="ID", help="After undo: the import to take back.", show_default=False)
]
SchoolName = Annotated[
    str | None, typer.Option("--school", help="Of a file with several schools this one; for a list, where it goes.")
]
ClassName = Annotated[str | None, typer.Option("--class", help="The class for rows that name none.")]
CreateClasses = Annotated[
    bool, typer.Option("--create-classes", help="Make the classes that a list names and that are not here yet.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen and save nothing.")]


def import_command(
    what: What,
    import_id: ImportId = None,
    *,
    school: SchoolName = None,
    class_name: ClassName = None,
    create_classes: CreateClasses = False,
    as_email: AsEmail = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import a class list or a school's export, or undo an import."""
    _check(what, import_id)
    with closing(build_app(command_settings())) as app:
        if import_id is not None:
            _undo(app, import_id, as_email, as_json=as_json)
            return
        wanted = Wanted(Path(what), school, class_name, as_email, is_dry_run=dry_run, create_classes=create_classes)
        done = carry_out(app, wanted)
    _tell(done, wanted, as_json=as_json)
    raise typer.Exit(0 if _took_something(done.plans) else 1)


def _check(what: str, import_id: UUID | None) -> None:
    if what == _UNDO and import_id is None:
        raise typer.BadParameter("undo needs the id that the import printed.")
    if what != _UNDO and import_id is not None:
        raise typer.BadParameter("only undo takes an id; name one file, zip or folder.")


def _undo(app: App, import_id: UUID, as_email: str | None, *, as_json: bool) -> None:
    schools = take_back(app, import_id, as_email)
    if as_json:
        typer.echo(json.dumps({"import_id": str(import_id), "schools": schools}))
    else:
        typer.echo("The import is undone." if schools == 1 else f"The import is undone in {schools} schools.")


def _tell(done: Done, wanted: Wanted, *, as_json: bool) -> None:
    for line in _remarks(done, wanted):
        typer.echo(line, err=True)
    import_id = str(done.import_id) if done.import_id else None
    if as_json:
        typer.echo(json.dumps(report(done.plans, import_id=import_id), ensure_ascii=False))
        return
    typer.echo(f"Dry run: {summary(done.plans)}" if wanted.is_dry_run else summary(done.plans))
    if import_id:
        typer.echo(f"Undo it with: staffroom import undo {import_id}")


def _remarks(done: Done, wanted: Wanted) -> list[str]:
    found = report(done.plans, import_id=None)
    lines = [
        f"Refused: {row['file']}, row {row['row']}{_column(row['column'])}: {row['problem']}"
        for row in found["refused"]
    ]
    lines += [f"Not read, since it is none of the files of this format: {name}" for name in _unread(done.plans)]
    if headings := list(dict.fromkeys(one for plan in done.plans for one in plan.unread_columns)):
        lines.append(not_read(headings))
    lines += _missing_classes(done.plans, wanted)
    if done.needs_class and wanted.class_name is None:
        lines.append("Some rows name no class. Say with --class which one they are for.")
    if wanted.is_dry_run:
        lines.append("This was a dry run: nothing is saved.")
    return lines


def _missing_classes(plans: Sequence[ImportPlan], wanted: Wanted) -> list[str]:
    missing = [name for plan in plans for name in plan.missing_classes]
    if not missing or wanted.create_classes:
        return []
    return [f"{not_here_yet(missing)} Create them with --create-classes."]


def _column(heading: str | None) -> str:
    return f", column {heading}" if heading else ""


def _unread(plans: Sequence[ImportPlan]) -> list[str]:
    return sorted({name for plan in plans for name in plan.unread_files})


def _took_something(plans: Sequence[ImportPlan]) -> bool:
    """False where every row was refused."""
    return any(plan.of(*_TAKEN) for plan in plans) or not any(plan.rows for plan in plans)
