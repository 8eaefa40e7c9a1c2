"""Passwords of the two logins on an external server."""

import psycopg2

from core.db.logins import set_passwords
from tests.postgres import Addresses, only_one


def test_each_login_gets_a_password_that_only_its_address_holds(addresses: Addresses) -> None:
    with only_one("roles"):
        passwords = set_passwords(addresses.owner)

    assert set(passwords) == {"DATABASE_URL", "WORKER_DATABASE_URL"}
    for variable, login in (("DATABASE_URL", "staffroom_app"), ("WORKER_DATABASE_URL", "staffroom_worker")):
        with psycopg2.connect(passwords[variable]) as connection, connection.cursor() as cursor:
            cursor.execute("select current_user")
            assert cursor.fetchone() == (login,)
