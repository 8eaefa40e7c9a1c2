"""The `staffroom` command. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 unconfirmed, 4 still waiting."""

import secrets
import sys
from contextlib import closing
from dataclasses import replace
from typing import Annotated, NoReturn

import structlog
import typer

from core.bootstrap import build_app, build_worker
from core.commands.admin import admin_command
from core.commands.doctor import doctor_command
from core.commands.importing import import_command
from core.commands.options import command_settings as _settings
from core.commands.photo_copies import fetch_command
from core.commands.photos import photos
from core.commands.sweep import sweep_command
from core.db.logins import other_ways, set_passwords
from core.db.migrations import migrate as apply_migrations
from core.db.reaching import owner_address
from core.demo.seeding import reset_demo_school
from core.demo.stand_in_server import serve as serve_stand_in
from core.errors import AppError, NotADemo, SettingsError
from core.jobs.ending import run_until_signalled
from core.log import log_what_nobody_catches, places, set_up_logs
from core.settings import LogLevel, Mode

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)
db = typer.Typer(no_args_is_help=True, help="The database's addresses and logins.")
demo = typer.Typer(no_args_is_help=True, help="The made-up school.")
cli.add_typer(db, name="db")
cli.add_typer(demo, name="demo")
cli.add_typer(photos, name="photos")
photos.command("fetch")(fetch_command)
cli.command("admin")(admin_command)
cli.command("doctor")(doctor_command)
cli.command("import")(import_command)
cli.command("sweep")(sweep_command)


def main() -> None:
    """Runs a command; what a person should know is one sentence on stderr."""
    set_up_logs(LogLevel.INFO)
    log_what_nobody_catches()
    try:
        cli()
    except AppError as error:
        _refuse(str(error))
    except Exception as error:  # noqa: BLE001 - the command's boundary, as the page has one
        reference = secrets.token_hex(4)
        structlog.get_logger().error(
            "command_failed", reference=reference, error_type=type(error).__name__, places=places(error)
        )
        _refuse(f"Something went wrong here. Try again; if it happens again, report the log's line {reference}.")


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)


@cli.command()
def serve() -> None:
    """Serve the app on HOST and PORT."""
    # Streamlit's server takes half a second to import, which no other command should wait for.
    from core.server.serve import serve as run_server  # noqa: PLC0415

    run_server(_settings())


@cli.command()
def worker(concurrency: Annotated[int | None, typer.Option(min=1, max=64)] = None) -> None:
    """Make portraits until a signal ends it; what is in flight is finished first, for at most two minutes."""
    settings = _settings()
    if concurrency is not None:
        settings = replace(settings, worker_concurrency=concurrency)
    with closing(build_app(settings)) as app:
        run_until_signalled(build_worker(app))


@cli.command()
def migrate() -> None:
    """Apply missing migrations to MIGRATION_DATABASE_URL, or to the embedded database."""
    settings = _settings()
    if settings.migration_database_url is None and settings.database_url is not None:
        raise SettingsError("MIGRATION_DATABASE_URL", "the owner's address of the database")
    address = settings.migration_database_url or build_app(settings).addresses.owner
    applied = apply_migrations(str(address))
    typer.echo("\n".join(applied) or "Nothing to do.")


@db.command("url")
def db_url() -> None:
    """Print the owner's address of the running database."""
    typer.echo(owner_address(_settings()))


@db.command("roles")
def db_roles() -> None:
    """Set new passwords for the two logins and print their addresses once."""
    settings = _settings()
    if settings.migration_database_url is None:
        raise SettingsError("MIGRATION_DATABASE_URL", "the owner's address of an external database")
    for name, address in set_passwords(settings.migration_database_url).items():
        typer.echo(f"{name}={address}")
    note = other_ways(settings.migration_database_url)
    if note is not None:
        # Beside what goes into a file.
        typer.echo(note, err=True)


@demo.command("reset")
def demo_reset() -> None:
    """Throw the made-up school away and make it afresh."""
    settings = _settings()
    if settings.mode is not Mode.DEMO:
        raise NotADemo
    with closing(build_app(settings)) as app:
        reset_demo_school(app.database, app.storage)
    typer.echo("The demo school is as on its first day. Its portraits are drawn when the app runs.")


@cli.command("demo-openai")
def demo_openai(
    port: Annotated[int, typer.Option()], fault: Annotated[list[str] | None, typer.Option()] = None
) -> None:
    """Serve the OpenAI stand-in on loopback; each --fault is met in turn."""
    serve_stand_in(port, fault or [])
