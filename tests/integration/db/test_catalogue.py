"""Promises that hold for every table, view and function, read from the database's own catalogue."""

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from core.db.addresses import sqlalchemy_url
from core.db.migrations import migrate
from tests.postgres import Addresses, Server, only_one

_TABLES = "from pg_class as c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
_VIEWS = "from pg_class as c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')"
_FUNCTIONS = "from pg_proc as p where p.pronamespace = 'private'::regnamespace"
_GRANTS = """
    select c.relname as what, r.rolname, v.verb
    from pg_class as c, pg_roles as r, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) as v (verb)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
        and r.rolname in ('anon', 'authenticated', 'service_role', 'staffroom_app', 'staffroom_worker')
        and (
            has_table_privilege(r.oid, c.oid, v.verb)
            or v.verb in ('SELECT', 'INSERT', 'UPDATE') and has_any_column_privilege(r.oid, c.oid, v.verb)
        )
    union all
    select p.oid::regprocedure::text, r.rolname, 'EXECUTE'
    from pg_proc as p, pg_roles as r
    where p.pronamespace = 'private'::regnamespace
        and r.rolname in ('anon', 'authenticated', 'service_role', 'staffroom_app', 'staffroom_worker')
        and has_function_privilege(r.oid, p.oid, 'EXECUTE')
"""


def _names(scratch: Connection, query: str) -> set[str]:
    return set(scratch.scalars(text(query)))


def test_every_table_has_row_level_security(scratch: Connection) -> None:
    assert _names(scratch, f"select relname {_TABLES} and not c.relrowsecurity") == set()


def test_every_table_and_view_says_what_a_row_is(scratch: Connection) -> None:
    silent = "and coalesce(obj_description(c.oid, 'pg_class'), '') = ''"

    assert _names(scratch, f"select relname {_TABLES} {silent}") == set()
    assert _names(scratch, f"select relname {_VIEWS} {silent}") == set()


def test_every_row_belongs_to_a_school(scratch: Connection) -> None:
    without = (
        "and not exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname = 'school_id'"
        " and a.attnotnull)"
    )

    assert _names(scratch, f"select relname {_TABLES} {without}") == {
        "schools",
        "provider_pauses",
        # Before anyone is known there is no school yet.
        "sign_in_attempts",
    }


def test_no_unique_key_tells_one_school_what_another_holds(scratch: Connection) -> None:
    starts_elsewhere = """
        select i.indexrelid::regclass::text from pg_index as i
        inner join pg_class as c on c.oid = i.indrelid
        left join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where c.relnamespace = 'public'::regnamespace and i.indisunique and not i.indisprimary
            and a.attname is distinct from 'school_id'
    """

    # An account of a provider is one account, and nobody but us adds any.
    assert _names(scratch, starts_elsewhere) == {"staff_sign_ins_issuer_subject_key"}


def test_every_view_asks_as_whoever_reads_it(scratch: Connection) -> None:
    careless = f"select relname {_VIEWS} and not coalesce(c.reloptions @> '{{security_invoker=true}}', false)"

    assert _names(scratch, careless) == set()


def test_every_function_fixes_where_it_looks_for_names(scratch: Connection) -> None:
    unfixed = f"""
        select proname {_FUNCTIONS}
        and not exists (select from unnest(p.proconfig) as c (setting) where c.setting like 'search_path=%')
    """

    assert _names(scratch, unfixed) == set()


def test_no_function_may_be_called_by_everyone(scratch: Connection) -> None:
    to_all = f"""
        select proname {_FUNCTIONS} and (
            p.proacl is null
            or exists (select from aclexplode(p.proacl) as a where a.grantee = 0 or a.grantee = 'anon'::regrole)
        )
    """

    assert _names(scratch, to_all) == set()


def test_every_foreign_key_has_an_index_or_starts_with_its_school(scratch: Connection) -> None:
    unindexed = """
        select k.conname from pg_constraint as k
        where k.contype = 'f' and k.connamespace = 'public'::regnamespace and k.confdeltype = 'c'
            and not exists (
                select from pg_index as i
                where i.indrelid = k.conrelid and i.indkey[0] = any(k.conkey)
            )
    """

    assert _names(scratch, unindexed) <= _names(
        scratch, "select conname from pg_constraint where confrelid = 'public.schools'::regclass"
    )


def test_anonymous_visitors_may_do_nothing(scratch: Connection) -> None:
    assert scratch.execute(text(f"select * from ({_GRANTS}) as g where g.rolname = 'anon'")).all() == []


def test_the_logins_may_do_nothing_of_their_own(scratch: Connection) -> None:
    of_logins = f"select * from ({_GRANTS}) as g where g.rolname in ('staffroom_app', 'staffroom_worker')"

    # has_table_privilege looks through memberships, but NOINHERIT keeps them shut.
    assert scratch.execute(text(of_logins)).all() == []


@pytest.mark.parametrize("login", ["app", "worker"])
def test_a_forgotten_role_switch_is_refused(addresses: Addresses, login: str) -> None:
    engine = create_engine(sqlalchemy_url(getattr(addresses, login)))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("select * from public.students"))
    engine.dispose()


def test_the_web_process_can_not_become_the_worker(addresses: Addresses) -> None:
    engine = create_engine(sqlalchemy_url(addresses.app))
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("set local role service_role"))
    engine.dispose()


def test_where_the_platform_grants_everything_by_default_the_grants_are_the_same(
    server: Server, scratch: Connection
) -> None:
    to_all = "to anon, authenticated, service_role"
    with server.empty_database() as addresses:
        engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for what in ("tables", "functions", "sequences"):
                connection.execute(text(f"alter default privileges in schema public grant all on {what} {to_all}"))
            with only_one("roles"):
                migrate(addresses.owner)
            generous = set(connection.execute(text(_GRANTS)).all())
        engine.dispose()

    assert generous == set(scratch.execute(text(_GRANTS)).all())
