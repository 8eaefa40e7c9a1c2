"""What the database keeps of members of staff, whoever writes."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from core.accounts.person import Person, Role
from core.db.engine import Database
from core.errors import AppError, LastAdmin, NotAllowed, NotOneself
from tests.cast import Cast, School, hire

Change = Callable[..., int]


@pytest.fixture
def change(database: Database) -> Change:
    """How many members somebody's update of one changed."""

    def change(by: Person, whom: Person, what: str) -> int:
        with database.as_person(by) as session:
            done = session.execute(text(f"update staff set {what} where id = :id"), {"id": whom.staff_id})
            return done.rowcount  # type: ignore[no-any-return, attr-defined]  # of a cursor's result

    return change


@pytest.fixture
def lena(owner: Connection, cast: Cast) -> Person:
    """A second admin of Siti's school."""
    return hire(owner, School(cast.siti.school_id, cast.siti.school_name), "Lena Koh", Role.ADMIN)


def log(owner: Connection) -> list[tuple[UUID | None, str, str]]:
    rows = owner.execute(text("select actor_id, action, object from audit_log order by created_at, action"))
    return [(row.actor_id, row.action, row.object) for row in rows]


def link(owner: Connection, person: Person, subject: str) -> None:
    """An account of theirs that is signed in."""
    owner.execute(
        text(
            "with linked as (insert into staff_sign_ins (school_id, staff_id, issuer, subject)"
            " values (:school, :staff, 'https://accounts.example', :subject) returning id)"
            " insert into sessions (school_id, staff_id, sign_in_id, token_hash)"
            " select :school, :staff, linked.id, sha256(:subject) from linked"
        ),
        {"school": person.school_id, "staff": person.staff_id, "subject": subject},
    )


def live(owner: Connection, person: Person) -> int:
    query = text("select count(*) from sessions where staff_id = :staff and revoked_at is null")
    return int(owner.scalar(query, {"staff": person.staff_id}) or 0)


def test_nobody_but_an_admin_of_the_school_changes_a_member(cast: Cast, change: Change) -> None:
    for what in ("full_name = 'Renamed'", "email = 'new@north.school'", "role = 'admin'"):
        assert change(cast.arjun, cast.mei, what) == 0
        assert change(cast.ben, cast.mei, what) == 0
        assert change(cast.mei, cast.mei, what) == 0
    assert change(cast.siti, cast.mei, "role = 'admin'") == 1


def test_another_schools_members_are_not_there(database: Database, cast: Cast) -> None:
    with database.as_person(cast.ben) as session:
        assert session.scalars(text("select full_name from staff")).all() == ["Ben Ong"]


def test_changes_stand_in_the_audit_log_as_it_was_and_is(
    database: Database, owner: Connection, cast: Cast, lena: Person, change: Change
) -> None:
    with database.as_person(cast.siti) as session:
        session.execute(text("insert into staff (school_id, full_name) values (private.my_school_id(), 'New')"))
    change(cast.siti, cast.mei, "full_name = 'Mei Lin Tan'")
    change(cast.siti, cast.mei, "role = 'admin'")
    change(cast.siti, lena, "role = 'teacher'")
    change(cast.siti, cast.mei, "active = false")
    change(cast.siti, cast.mei, "active = true")
    change(cast.siti, cast.mei, "active = true")

    rows = owner.execute(text("select * from audit_log order by created_at")).all()
    assert [(row.action, differing(row.before or {}, row.after)) for row in rows[1:]] == [
        ("member.corrected", {"full_name"}),
        ("member.made_admin", {"role"}),
        ("member.made_teacher", {"role"}),
        ("member.deactivated", {"active"}),
        ("member.reactivated", {"active"}),
    ]
    assert (rows[0].action, rows[0].before, rows[0].after["full_name"]) == ("member.added", None, "New")
    assert {row.actor_id for row in rows} == {cast.siti.staff_id}
    assert rows[1].object == f"staff/{cast.mei.staff_id}"


def differing(before: dict[str, object], after: dict[str, object]) -> set[str]:
    return {key for key in after if after[key] != before.get(key)}


def test_what_the_operator_does_is_nobodys_line(owner: Connection, cast: Cast) -> None:
    owner.execute(text("update staff set role = 'teacher', active = false where id = :id"), {"id": cast.siti.staff_id})

    assert log(owner) == []


@pytest.mark.parametrize("what", ["role = 'teacher'", "active = false"])
def test_the_last_admin_stays(owner: Connection, cast: Cast, lena: Person, change: Change, what: str) -> None:
    owner.execute(text("update staff set active = false where id = :id"), {"id": lena.staff_id})
    refused: type[AppError] = LastAdmin if what.startswith("role") else NotOneself

    with pytest.raises(refused):
        change(cast.siti, cast.siti, what)


def test_nobody_takes_themselves_out_even_with_another_admin_there(cast: Cast, lena: Person, change: Change) -> None:
    with pytest.raises(NotOneself):
        change(lena, lena, "active = false")
    assert change(cast.siti, lena, "active = false") == 1


@pytest.mark.usefixtures("cast")
def test_an_admin_may_step_back_while_another_stays(lena: Person, change: Change) -> None:
    assert change(lena, lena, "role = 'teacher'") == 1


@pytest.mark.parametrize("with_a_third", [False, True])
def test_of_two_admins_who_take_each_other_out_at_once_one_wins(
    database: Database, owner: Connection, cast: Cast, lena: Person, *, with_a_third: bool
) -> None:
    if with_a_third:
        hire(owner, School(lena.school_id, lena.school_name), "Omar Aziz", Role.ADMIN)
    siti, demote = cast.siti, text("update staff set role = 'teacher' where id = :id")

    def demote_lena() -> str:
        try:
            with database.as_person(siti) as session:
                session.execute(demote, {"id": lena.staff_id})
        except (LastAdmin, NotAllowed) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(1) as pool:
        with database.as_person(lena) as session:
            session.execute(demote, {"id": siti.staff_id})
            second = pool.submit(demote_lena)
            _wait_for_a_lock(owner)
        assert second.result(timeout=60) == "NotAllowed"
    roles = {row.id: row.role for row in owner.execute(text("select id, role from staff"))}
    assert (roles[siti.staff_id], roles[lena.staff_id]) == ("teacher", "admin")


def _wait_for_a_lock(owner: Connection) -> None:
    waiting = text(
        "select count(*) from pg_locks where not granted and locktype = 'advisory'"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    for _ in range(200):
        if owner.scalar(waiting):
            return
        owner.execute(text("select pg_sleep(0.02)"))
    raise AssertionError("nobody waited for the other")


def test_who_is_deactivated_is_signed_out_and_keeps_the_account(owner: Connection, cast: Cast, change: Change) -> None:
    link(owner, cast.mei, "mei")
    link(owner, cast.devi, "devi")

    change(cast.siti, cast.mei, "active = false")

    assert (live(owner, cast.mei), live(owner, cast.devi)) == (0, 1)
    assert owner.scalar(text("select count(*) from staff_sign_ins")) == 2


def test_another_e_mail_unlinks_the_account_of_the_old_one(owner: Connection, cast: Cast, change: Change) -> None:
    link(owner, cast.mei, "mei")
    owner.execute(text("update staff set invited_at = now()"))

    change(cast.siti, cast.mei, "email = 'Mei.Tan@north.school'")
    assert (live(owner, cast.mei), log(owner)[-1][1]) == (1, "member.corrected")

    change(cast.siti, cast.mei, "email = 'mei.lim@north.school'")
    assert live(owner, cast.mei) == 0
    assert {action for _, action, _ in log(owner)} == {"member.corrected", "unlink sign-in"}
    invited = owner.execute(text("select id from staff where invited_at is not null")).scalars().all()
    assert cast.mei.staff_id not in invited
    assert cast.devi.staff_id in invited


def test_ones_own_new_e_mail_and_an_imported_one_unlink_nobody(owner: Connection, cast: Cast, change: Change) -> None:
    link(owner, cast.siti, "siti")
    link(owner, cast.mei, "mei")

    change(cast.siti, cast.siti, "email = 'siti@north.school'")
    # As a function of ours writes for Siti: with her claims, and the owner's rights.
    claims = json.dumps({"sub": str(cast.siti.staff_id), "iss": "staffroom"})
    owner.execute(text("select set_config('request.jwt.claims', :claims, false)"), {"claims": claims})
    owner.execute(text("update staff set email = 'm@north.school' where id = :id"), {"id": cast.mei.staff_id})

    assert (live(owner, cast.siti), live(owner, cast.mei)) == (1, 1)


def test_an_invitation_is_noted_by_an_admin_of_the_school_alone(
    database: Database, owner: Connection, cast: Cast
) -> None:
    note = text("select private.note_invitation(:staff)")

    with database.as_person(cast.ben) as session:
        assert session.scalar(note, {"staff": cast.mei.staff_id}) is None
    with pytest.raises(NotAllowed), database.as_person(cast.arjun) as session:
        session.execute(note, {"staff": cast.mei.staff_id})
    with database.as_person(cast.siti) as session:
        assert session.scalar(note, {"staff": cast.mei.staff_id}) is not None

    assert log(owner) == [(cast.siti.staff_id, "member.invited", f"staff/{cast.mei.staff_id}")]
