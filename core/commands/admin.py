"""`staffroom admin`: the first admin of a school, who makes every other one."""

import json
from contextlib import closing
from typing import Annotated

import typer

from core.accounts.first_admins import FirstAdmins, MadeAdmin, Wish
from core.bootstrap import build_app
from core.commands.options import AsJson, command_settings


def admin_command(
    email: Annotated[str, typer.Argument(help="The address with which they sign in.", show_default=False)],
    *,
    name: Annotated[str | None, typer.Option("--name", help="Of a member who isn't there yet.")] = None,
    school: Annotated[str | None, typer.Option("--school", help="Where there are several, or none yet.")] = None,
    create_school: Annotated[bool, typer.Option("--create-school", help="Make the school of --school.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make somebody an admin of their school: a member by their e-mail, or a new one."""
    with closing(build_app(command_settings())) as app:
        made = FirstAdmins(database=app.database).make(Wish(email, name, school, create_school))
    typer.echo(_sentence(made), err=as_json)
    if as_json:
        typer.echo(json.dumps(_report(made), ensure_ascii=False))


def _sentence(made: MadeAdmin) -> str:
    if made.is_change:
        return f"{made.full_name} is an admin of {made.school} now. They sign in with this e-mail."
    return f"{made.full_name} is an admin of {made.school} already."


def _report(made: MadeAdmin) -> dict[str, object]:
    return {"staff_id": str(made.staff_id), "school_id": str(made.school_id), "changed": made.is_change}
