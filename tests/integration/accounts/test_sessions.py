from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from core.accounts.identity import Identity
from core.accounts.person import Role
from core.accounts.sessions import Sessions
from core.accounts.signatures import Signatures
from core.errors import NotAllowed, UnknownMember
from tests.cast import found_school
from tests.integration.accounts.school import ISSUER, KEY, SignInSchool

SESSION_OF = "where staff_id = :id"


def test_a_token_leads_to_its_person_as_the_school_knows_them_now(school: SignInSchool) -> None:
    mei = school.hire()
    started = school.signed_in(mei)

    assert started.person == mei
    school.run("update staff set role = 'admin', full_name = 'Mei Lin' where id = :id", id=mei.staff_id)
    assert school.sessions.person(started.token) == replace(mei, role=Role.ADMIN, full_name="Mei Lin")


def test_the_database_holds_no_token(school: SignInSchool) -> None:
    mei = school.hire()
    token = school.signed_in(mei).token

    row = school.value("select sessions::text from sessions where staff_id = :id", id=mei.staff_id)

    assert token.split(".")[0] not in str(row)


def test_every_sign_in_has_a_token_of_its_own(school: SignInSchool) -> None:
    account = school.account(school.hire())

    tokens = {school.sessions.start(account, "").token for _ in range(3)}

    assert len(tokens) == 3
    assert all(school.sessions.person(token) for token in tokens)


@pytest.mark.parametrize("token", ["", "x", "eyJhbGciOiJub25lIn0.e30.", "a" * 5000])
def test_a_token_that_we_never_made_is_nobody_s(school: SignInSchool, token: str) -> None:
    assert school.sessions.person(token) is None
    assert school.sessions.was_ended(token)
    school.sessions.end(token)


def test_a_token_chosen_by_somebody_else_is_nobody_s(school: SignInSchool) -> None:
    forged = Signatures(["another key that is long enough"]).sign("session", "chosen")

    assert school.sessions.person(forged) is None


def test_a_new_key_signs_nobody_out_until_the_old_one_goes(school: SignInSchool) -> None:
    started = school.signed_in(school.hire())

    both = Sessions(database=school.database, signatures=Signatures(["the new key, which is long", KEY]))
    new_alone = Sessions(database=school.database, signatures=Signatures(["the new key, which is long"]))

    assert both.person(started.token) == started.person
    assert new_alone.person(started.token) is None


@pytest.mark.parametrize(
    ("age", "is_live"),
    [
        ("last_seen_at = now() - interval '7 hours 59 minutes'", True),
        ("last_seen_at = now() - interval '8 hours'", False),
        ("expires_at = now() + interval '1 minute'", True),
        ("expires_at = now()", False),
    ],
)
def test_a_session_is_over_after_8_hours_unseen_or_at_its_end(school: SignInSchool, age: str, is_live: bool) -> None:
    mei = school.hire()
    token = school.signed_in(mei).token
    school.run(f"update sessions set {age} {SESSION_OF}", id=mei.staff_id)

    assert (school.sessions.person(token) is not None) is is_live
    assert not school.sessions.was_ended(token)


def test_a_session_ends_after_7_days_however_often_it_is_seen(school: SignInSchool) -> None:
    mei = school.hire()
    school.signed_in(mei)

    assert school.value(
        f"select expires_at - created_at = interval '7 days' from sessions {SESSION_OF}", id=mei.staff_id
    )


def test_last_seen_is_written_at_most_once_a_minute_and_only_for_a_person_s_own_doing(school: SignInSchool) -> None:
    mei = school.hire()
    token = school.signed_in(mei).token
    unseen = f"select extract(epoch from now() - last_seen_at)::int from sessions {SESSION_OF}"

    def seen_after(seconds: int, *, is_seen: bool = True) -> object:
        school.run(
            f"update sessions set last_seen_at = now() - make_interval(secs => :age) {SESSION_OF}",
            id=mei.staff_id,
            age=seconds,
        )
        school.sessions.person(token, is_seen=is_seen)
        return school.value(unseen, id=mei.staff_id)

    assert seen_after(50) in range(49, 59)
    assert seen_after(100) in range(10)
    assert seen_after(100, is_seen=False) in range(99, 110)


def test_whoever_is_taken_out_is_out_at_once_and_is_told_so(school: SignInSchool) -> None:
    mei = school.hire()
    token = school.signed_in(mei).token

    school.run("update staff set active = false where id = :id", id=mei.staff_id)

    assert school.sessions.person(token) is None
    assert school.sessions.was_ended(token)


def test_whoever_left_is_told_from_whom_an_admin_signed_out(school: SignInSchool) -> None:
    mei = school.hire()
    account = school.account(mei)
    here, elsewhere = (school.sessions.start(account, "") for _ in range(2))

    school.sessions.end(here.token)
    school.sessions.end_all(here.person)
    ended = school.sessions.start(account, "").token
    school.sessions.end_all_of(school.siti, mei.staff_id)

    assert school.sessions.was_left(here.token)
    assert school.sessions.was_left(elsewhere.token)
    assert not school.sessions.was_left(ended)
    assert not school.sessions.was_left("x")


def test_signing_out_ends_this_session_alone(school: SignInSchool) -> None:
    account = school.account(school.hire())
    here, there = (school.sessions.start(account, "").token for _ in range(2))

    school.sessions.end(here)

    assert school.sessions.person(here) is None
    assert school.sessions.was_ended(here)
    assert school.sessions.person(there) is not None


def test_signing_out_everywhere_ends_a_person_s_sessions_and_nobody_else_s(school: SignInSchool) -> None:
    account, other = school.account(school.hire()), school.signed_in(school.hire())
    here, *there = (school.sessions.start(account, "") for _ in range(3))

    assert school.sessions.end_all(here.person, but_token=here.token) == 2

    assert school.sessions.person(here.token) is not None
    assert not any(school.sessions.person(one.token) for one in there)
    assert school.sessions.person(other.token) is not None
    assert school.sessions.end_all(here.person) == 1


def test_people_see_where_they_are_signed_in(school: SignInSchool) -> None:
    account = school.account(school.hire())
    here = school.sessions.start(account, "Firefox")
    school.sessions.start(account, "x" * 400)
    school.sessions.end(school.sessions.start(account, "Over").token)

    rows = school.sessions.of(here.person, token=here.token)

    assert {(row.user_agent, row.is_this) for row in rows} == {("Firefox", True), ("x" * 300, False)}


def test_an_admin_sees_and_ends_a_colleague_s_sessions_and_that_is_written_down(school: SignInSchool) -> None:
    account = school.account(school.hire())
    first, second, third = (school.sessions.start(account, "") for _ in range(3))
    mei = first.person
    rows = school.sessions.of(school.siti, staff_id=mei.staff_id, token=None)

    assert len(rows) == 3
    assert school.sessions.end_one(school.siti, rows[0].id)
    assert not school.sessions.end_one(school.siti, rows[0].id)
    assert school.sessions.end_all_of(school.siti, mei.staff_id) == 2

    assert not any(school.sessions.person(one.token) for one in (first, second, third))
    assert school.audited(mei) == ["link sign-in", "end session", "end sessions"]


@pytest.mark.parametrize("role", [Role.TEACHER, Role.ADMIN])
def test_nobody_ends_the_session_of_somebody_who_is_not_theirs_to_end(school: SignInSchool, role: Role) -> None:
    started = school.signed_in(school.hire())
    elsewhere = found_school(school.owner, f"South {uuid4().hex[:6]}") if role is Role.ADMIN else school.north
    stranger = school.hire(role, school=elsewhere)
    (row,) = school.sessions.of(started.person)

    assert school.sessions.of(stranger, staff_id=started.person.staff_id) == []
    assert not school.sessions.end_one(stranger, row.id)
    for change in (school.sessions.end_all_of, school.sessions.unlink):
        with pytest.raises(NotAllowed):
            change(stranger, started.person.staff_id)

    assert school.sessions.person(started.token) is not None


def test_an_unknown_account_a_member_who_left_and_an_unverified_e_mail_look_alike(school: SignInSchool) -> None:
    left, unverified = school.hire(), school.hire()
    gone = school.account(left)
    school.sessions.start(gone, "")
    school.run("update staff set active = false where id = :id", id=left.staff_id)
    nobody = Identity(ISSUER, "nobody", "nobody@north.school", email_verified=True)

    refusals = set()
    for account in (nobody, gone, school.account(left), school.account(unverified, verified=False)):
        with pytest.raises(UnknownMember) as refused:
            school.sessions.start(account, "")
        refusals.add(str(refused.value))

    assert len(refusals) == 1


def test_the_first_sign_in_links_by_verified_e_mail_and_later_ones_by_the_account(school: SignInSchool) -> None:
    mei = school.hire()
    account = replace(school.account(mei), email=school.email(mei).upper())

    assert school.sessions.start(account, "").person == mei
    later = replace(account, email="changed@elsewhere.example", email_verified=False)
    assert school.sessions.start(later, "").person == mei
    assert school.audited(mei) == ["link sign-in"]


def test_another_account_of_the_same_provider_is_somebody_else_until_an_admin_unlinks(school: SignInSchool) -> None:
    mei = school.hire()
    first = school.signed_in(mei)
    again = school.account(mei)

    with pytest.raises(UnknownMember):
        school.sessions.start(again, "")
    assert school.sessions.unlink(school.siti, mei.staff_id) == 1

    assert school.sessions.person(first.token) is None
    assert school.sessions.was_ended(first.token)
    assert school.sessions.start(again, "").person == mei
    assert school.audited(mei) == ["link sign-in", "unlink sign-in", "link sign-in"]


def test_an_account_of_another_provider_links_as_well(school: SignInSchool) -> None:
    mei = school.hire()
    school.signed_in(mei)

    assert school.sessions.start(school.account(mei, issuer="https://other.example"), "").person == mei


def test_an_e_mail_that_two_schools_have_links_to_neither_until_one_lets_go(school: SignInSchool) -> None:
    mei = school.hire()
    double = school.hire(school=found_school(school.owner, f"South {uuid4().hex[:6]}"))
    school.run("update staff set email = :email where id = :id", email=school.email(mei), id=double.staff_id)
    account = school.account(mei)

    with pytest.raises(UnknownMember):
        school.sessions.start(account, "")
    school.run("update staff set active = false where id = :id", id=double.staff_id)

    assert school.sessions.start(account, "").person == mei


def test_nobody_signs_in_to_a_made_up_school(school: SignInSchool) -> None:
    made_up = found_school(school.owner, f"Demo {uuid4().hex[:6]}", kind="demo")

    with pytest.raises(UnknownMember):
        school.signed_in(school.hire(school=made_up))


def test_two_first_sign_ins_at_once_link_once(school: SignInSchool) -> None:
    mei = school.hire()
    account = school.account(mei)

    with ThreadPoolExecutor(8) as threads:
        people = list(threads.map(lambda _: school.sessions.start(account, "").person, range(8)))

    assert people == [mei] * 8
    assert school.audited(mei) == ["link sign-in"]


def test_no_other_login_starts_a_session(school: SignInSchool) -> None:
    start = "select private.start_session('https://x', 'x', 'x@y.z', sha256('x'), '')"

    with pytest.raises(Exception, match="the app alone starts sessions"):
        school.value(start)
    with pytest.raises(NotAllowed), school.database.as_worker() as session:
        session.execute(text(start))


def test_a_provider_s_own_token_is_the_member_it_is_linked_to(school: SignInSchool) -> None:
    mei = school.hire()
    account = school.account(mei)
    school.sessions.start(account, "")
    claim = "select set_config('request.jwt.claims', :claims, true)"

    def whose(issuer: str, subject: str) -> object:
        with school.database.as_nobody() as session:
            session.execute(text(claim), {"claims": f'{{"iss": "{issuer}", "sub": "{subject}"}}'})
            return session.scalar(text("select private.me()"))

    assert whose(ISSUER, account.subject) == mei.staff_id
    assert whose("https://other.example", account.subject) is None
    assert whose(ISSUER, str(mei.staff_id)) is None
    school.run("update staff set active = false where id = :id", id=mei.staff_id)
    assert whose(ISSUER, account.subject) is None
