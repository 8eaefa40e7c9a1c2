"""`staffroom photos migrate`: the photos of this machine's folder go up into the bucket."""

import json
from contextlib import closing
from typing import Annotated

import typer

from core.bootstrap import App, build_app
from core.commands.options import AsJson, command_settings
from core.errors import SettingsError, StorageRefused
from core.parts import local_photos
from core.photos.moving_up import MovingUp, Report

TELL_EVERY = 100


def photos_migrate(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the photos of the data folder into the bucket; may be ended and run again at any time."""
    settings = command_settings()
    if not settings.keeps_photos_in_supabase:
        raise SettingsError("SUPABASE_URL", "set, with SUPABASE_SECRET_KEY, to the project that photos are to go to")
    with closing(build_app(settings)) as app:
        report = _moving(app, is_dry=dry_run).run(_tell_progress)
    typer.echo(_sentences(report, is_dry=dry_run), err=as_json)
    if as_json:
        typer.echo(_as_json(report, is_dry=dry_run))
    raise typer.Exit(0 if report.is_whole else 1)


def _moving(app: App, *, is_dry: bool) -> MovingUp:
    return MovingUp(database=app.database, folder=local_photos(app.settings), bucket=app.storage, is_dry=is_dry)


def _tell_progress(done: int, photos: int) -> None:
    if done % TELL_EVERY == 0:
        typer.echo(f"{done} of {photos} photos are looked at.", err=True)


def _sentences(report: Report, *, is_dry: bool) -> str:
    would = "would be" if is_dry else "are"
    lines = [
        f"{report.photos} photos: {report.copied} files {would} copied into the bucket, {report.there} were there.",
        f"{report.addresses} photos {'would get' if is_dry else 'got'} another address.",
    ]
    if report.missing:
        lines.append(
            f"{report.missing} files are neither here nor there. `staffroom sweep --repair` makes thumbnails again;"
            " a picture has to come from a backup, or from the machine that kept it."
        )
    if report.stopped_by is not None:
        lines.append(f"{_why(report)} Run it again: it goes on where it was.")
    elif not is_dry:
        lines.append("The files here stay. Keep them until you have looked at the pages.")
    return "\n".join(lines)


def _why(report: Report) -> str:
    refused = report.stopped_by
    return str(refused) if isinstance(refused, StorageRefused) else "The bucket does not answer now, so this stopped."


def _as_json(report: Report, *, is_dry: bool) -> str:
    return json.dumps(
        {
            "dry_run": is_dry,
            "photos": report.photos,
            "copied": report.copied,
            "there": report.there,
            "missing": report.missing,
            "addresses": report.addresses,
            "stopped_by": None if report.stopped_by is None else report.stopped_by.code,
        }
    )
