"""An empty Supabase project becomes Staffroom's database, by the CLI or by our own command."""

import shutil
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from core.db.migrations import FOLDER, migrate, migrations
from core.settings import CHECKOUT
from tests.production.hosted.cli import advise, push
from tests.production.hosted.server import HostedServer, Project

HALF = len(migrations()) // 2
GRANTS = Path(__file__).with_name("effective_grants.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the CLI takes for the whole, with the first half of the migrations."""
    workdir = tmp_path_factory.mktemp("half")
    folder = workdir / "supabase" / "migrations"
    folder.mkdir(parents=True)
    shutil.copy(CHECKOUT / "sql" / "supabase" / "config.toml", workdir / "supabase")
    for migration in migrations()[:HALF]:
        shutil.copy(FOLDER / f"{migration.title}.sql", folder)
    return workdir


@pytest.fixture(scope="module")
def pushed(hosted: HostedServer) -> Project:
    """From before 2026-10-30, by the CLI alone."""
    project = hosted.project(since_2026_10_30=False)
    push(project.address())
    return project


def test_what_either_applied_the_other_takes_as_done(pushed: Project, hosted: HostedServer, half: Path) -> None:
    begun_by_us, begun_by_it = (hosted.project(since_2026_10_30=True) for _ in range(2))

    migrate(begun_by_us.address(), folder=half / "supabase" / "migrations")
    said = push(begun_by_us.address())
    push(begun_by_it.address(), workdir=half)
    applied = migrate(begun_by_it.address())

    second_half = [each.title for each in migrations()[HALF:]]
    assert [each.title for each in migrations() if f"{each.title}.sql" in said] == second_half
    assert applied == second_half
    for project in (pushed, begun_by_us, begun_by_it):
        assert migrate(project.address()) == []
    assert "up to date" in push(begun_by_it.address())
    assert begun_by_us.schema() == begun_by_it.schema()


def test_whoever_applied_them_and_whatever_was_granted_before_the_result_is_the_same(
    pushed: Project, migrated: Project
) -> None:
    history = "select version, name from supabase_migrations.schema_migrations order by version"

    assert migrated.schema() == pushed.schema()
    assert migrated.rows(history) == pushed.rows(history) == [(each.version, each.name) for each in migrations()]


def test_everybody_may_do_the_same_in_projects_of_both_kinds(pushed: Project, migrated: Project) -> None:
    allowed = migrated.rows(GRANTS)

    assert allowed == pushed.rows(GRANTS)
    # What everybody may do in every database: see that there is a schema `public`.
    assert {(what, verb) for what, role, verb in allowed if role in {"anon", "public"}} == {("schema public", "USAGE")}
    readers = {role for what, role, verb in allowed if what == "students" and verb == "SELECT"}
    assert readers == {"authenticated", "service_role"}


def test_what_is_made_later_is_nobody_s_at_first(pushed: Project) -> None:
    with closing(psycopg2.connect(pushed.address())) as connection, connection.cursor() as cursor:
        cursor.execute("create table public.later (id integer primary key)")
        cursor.execute("create function public.of_later() returns integer language sql as 'select 1'")
        cursor.execute(GRANTS)

        assert [row for row in cursor.fetchall() if "later" in row[0]] == []


def test_the_advisors_have_nothing_to_warn_of(pushed: Project) -> None:
    assert advise(pushed.address()) == (0, [])


def test_the_advisors_warn_of_what_they_should(hosted: HostedServer) -> None:
    careless = hosted.project(since_2026_10_30=False)
    careless.run(
        "set role postgres",
        "create table public.open (id uuid primary key)",
        "create table public.slow (id uuid primary key)",
        "alter table public.slow enable row level security",
        "create policy everyone on public.slow using (id = auth.uid())",
        "create view public.past_policies as select * from public.slow",
        "create function public.anywhere() returns bigint language sql as 'select count(*) from public.slow'",
    )

    exit_code, findings = advise(careless.address())

    assert exit_code != 0
    assert {(finding.level, finding.name) for finding in findings} >= {
        ("ERROR", "rls_disabled_in_public"),
        ("ERROR", "security_definer_view"),
        ("WARN", "auth_rls_initplan"),
        ("WARN", "function_search_path_mutable"),
    }
