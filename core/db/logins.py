"""Passwords of the two logins; made here, printed once, kept nowhere."""

import re
import secrets
from contextlib import closing

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from core.db.addresses import libpq_url, sqlalchemy_url
from core.db.preparing import APP_LOGIN, WORKER_LOGIN

_VARIABLES = {"DATABASE_URL": APP_LOGIN, "WORKER_DATABASE_URL": WORKER_LOGIN}
_DIRECT_HOST = re.compile(r"db\.(?P<project>\w+)\.supabase\.\w+")
_POOLER_HOST = re.compile(r".+\.pooler\.supabase\.\w+")


def set_passwords(owner_address: str) -> dict[str, str]:
    """New passwords for both logins; returns the variables to set, with addresses on the same server."""
    with closing(psycopg2.connect(libpq_url(owner_address))) as connection, connection:
        return {
            variable: login_address(owner_address, login, _set_password(connection, login))
            for variable, login in _VARIABLES.items()
        }


def _set_password(connection: "psycopg2.extensions.connection", login: str) -> str:
    password = secrets.token_urlsafe(32)
    # Only the verifier travels: servers that log every change of a role would log a password in clear.
    verifier = encrypt_password(password, login, scope=connection, algorithm="scram-sha-256")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(verifier)))
    return password


def login_address(owner_address: str, login: str, password: str) -> str:
    """Supabase's poolers want `login.project`; what follows the owner's first dot is kept."""
    owner = sqlalchemy_url(owner_address)
    _, dot, project = (owner.username or "").partition(".")
    return owner.set(drivername="postgresql", username=f"{login}{dot}{project}", password=password).render_as_string(
        hide_password=False
    )


def other_ways(owner_address: str) -> str | None:
    """What Supabase offers besides the way by which the owner came; None elsewhere."""
    host = sqlalchemy_url(owner_address).host or ""
    if direct := _DIRECT_HOST.fullmatch(host):
        logins = " and ".join(f"{login}.{direct['project']}" for login in _VARIABLES.values())
        return (
            "These addresses are the direct ones, which need IPv6. By the session pooler the logins are "
            f"{logins}, with the host that the project's page shows under Connect, and port 5432. "
            "DATABASE_URL alone may also use the transaction pooler, port 6543."
        )
    if _POOLER_HOST.fullmatch(host):
        return (
            "These addresses use the session pooler. DATABASE_URL alone may also use the transaction pooler, port 6543."
        )
    return None
