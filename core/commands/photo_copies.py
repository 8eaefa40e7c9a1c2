"""`staffroom photos fetch`: the files of the store in a folder, for backups."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from core.bootstrap import build_app
from core.commands.options import command_settings
from core.photos.copying import copy_to, named_pictures

Folder = Annotated[Path, typer.Argument(help="Where the copies go; an earlier copy is brought up to date.")]


def fetch_command(folder: Folder) -> None:
    """Copy all photos into a folder, whether they lie in Supabase or on this machine."""
    with closing(build_app(command_settings())) as app:
        copied = copy_to(folder, app.storage, named=named_pictures(app.database))
    typer.echo(f"{copied.new} files are new, {copied.kept} were there, {copied.removed} are gone from the store.")
