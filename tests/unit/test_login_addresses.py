"""The two logins' addresses, from the owner's as Supabase shows it."""

from core.db.logins import login_address, other_ways
from core.settings import load_settings

DIRECT = "postgresql://postgres:secret@db.abcdefgh.supabase.co:5432/postgres"
POOLED = "postgres://postgres.abcdefgh:secret@aws-0-eu-central-1.pooler.supabase.com:5432/postgres?sslmode=require"


def test_a_direct_address_keeps_plain_logins() -> None:
    address = login_address(DIRECT, "staffroom_app", "new")

    assert address == "postgresql://staffroom_app:new@db.abcdefgh.supabase.co:5432/postgres"


def test_at_the_pooler_a_login_bears_the_project_as_the_owner_does() -> None:
    address = login_address(POOLED, "staffroom_worker", "new")

    assert address == (
        "postgresql://staffroom_worker.abcdefgh:new"
        "@aws-0-eu-central-1.pooler.supabase.com:5432/postgres?sslmode=require"
    )
    assert load_settings({"DATABASE_URL": address, "WORKER_DATABASE_URL": address}).worker_database_url == address


def test_whoever_came_directly_hears_how_the_logins_are_written_at_the_pooler() -> None:
    note = other_ways(DIRECT) or ""

    assert "staffroom_app.abcdefgh and staffroom_worker.abcdefgh" in note
    assert "5432" in note
    assert "6543" in note
    assert "secret" not in note


def test_whoever_came_by_the_pooler_hears_of_the_other_one() -> None:
    assert "6543" in (other_ways(POOLED) or "")


def test_a_server_of_the_school_s_own_has_no_poolers_to_tell_of() -> None:
    assert other_ways("postgresql://staffroom_owner:secret@db.school.example/staffroom") is None
    assert other_ways("postgresql://staffroom_owner@/staffroom?host=/tmp") is None
