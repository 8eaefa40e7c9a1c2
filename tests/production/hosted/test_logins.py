"""The owner's address gives those of both logins, directly and through the poolers."""

import re
from contextlib import closing

import psycopg2

from core.db.migrations import require_migrated
from tests.production.hosted.server import Project
from tests.production.programs import Environment, Programs


def test_the_owner_who_is_no_superuser_gives_both_logins_their_passwords(migrated: Project, programs: Programs) -> None:
    owner = Environment(MIGRATION_DATABASE_URL=migrated.address())

    printed = dict(re.findall(r"^(\w+)=(.+)$", programs.run("db", "roles", environment=owner), re.MULTILINE))

    logins = "select rolname, rolsuper, rolinherit, rolbypassrls, left(rolpassword, 14) from pg_authid"
    assert migrated.rows(f"{logins} where rolname like 'staffroom%' order by rolname") == [
        ("staffroom_app", False, False, False, "SCRAM-SHA-256$"),
        ("staffroom_worker", False, False, False, "SCRAM-SHA-256$"),
    ]
    for variable, role in (("DATABASE_URL", "authenticated"), ("WORKER_DATABASE_URL", "service_role")):
        require_migrated(printed[variable])
        with closing(psycopg2.connect(printed[variable])) as connection, connection.cursor() as cursor:
            cursor.execute(f"set local role {role}; select current_user, count(*) >= 0 from students")
            assert cursor.fetchone() == (role, True)
