from uuid import uuid4

import pytest

from core.accounts.member import MemberEntry
from core.accounts.members import Members
from core.accounts.people import DEMO_PEOPLE
from core.accounts.person import Person, Role
from core.errors import (
    EmailTaken,
    InvitationRefused,
    MadeUpVisitor,
    MemberChanged,
    MemberGone,
    MemberRefused,
    NotAllowed,
    SignInAway,
    SignInRefused,
)
from tests.cast import found_school, hire, open_class
from tests.integration.accounts.school import SignInSchool


@pytest.fixture(scope="module")
def members(school: SignInSchool) -> Members:
    return Members(database=school.database)


def entry(name: str = "Nora Wee", email: str | None = None) -> MemberEntry:
    return MemberEntry(name, email or f"{uuid4().hex}@north.school")


def refuses(_email: str) -> bool:
    raise SignInRefused


def test_a_member_is_listed_with_classes_account_and_when_last_seen(school: SignInSchool, members: Members) -> None:
    mei = school.hire()
    open_class(school.owner, mei, f"P5 {mei.full_name}")
    old = open_class(school.owner, mei, f"P4 {mei.full_name}")
    school.run("update classes set archived_at = now() where id = :id", id=old)
    school.signed_in(mei)

    found = next(one for one in members.all(school.siti) if one.id == mei.staff_id)

    assert (found.classes, found.is_linked) == ((f"P5 {mei.full_name}",), True)
    assert found.last_seen_at is not None
    assert found == members.one(school.siti, mei.staff_id)


def test_a_new_member_is_written_without_the_spaces_around(school: SignInSchool, members: Members) -> None:
    email = f"{uuid4().hex}@north.school"

    made = members.one(school.siti, members.add(school.siti, MemberEntry(" Nora Wee ", f" {email} "), Role.ADMIN))

    assert (made.full_name, made.email, made.role, made.is_active) == ("Nora Wee", email, Role.ADMIN, True)
    assert not made.is_linked


@pytest.mark.parametrize(
    "typed",
    [
        entry(name=" "),
        entry(name="N" * 201),
        entry(name="Nora\x00Wee"),
        entry(email="nora"),
        entry(email="nora@school"),
        entry(email="nora wee@north.school"),
        entry(email="a@b@north.school"),
        entry(email=f"{'n' * 250}@north.school"),
    ],
)
def test_what_is_no_name_or_no_address_is_refused(school: SignInSchool, members: Members, typed: MemberEntry) -> None:
    with pytest.raises(MemberRefused):
        members.add(school.siti, typed, Role.TEACHER)


def test_an_e_mail_of_somebody_else_is_refused_with_their_name(school: SignInSchool, members: Members) -> None:
    mei, other = school.hire(), members.one(school.siti, school.hire().staff_id)
    email = school.email(mei).upper()

    with pytest.raises(EmailTaken, match=mei.full_name):
        members.add(school.siti, MemberEntry("Nora Wee", email), Role.TEACHER)
    members.deactivate(school.siti, mei.staff_id)
    with pytest.raises(EmailTaken, match="They have left"):
        members.correct(school.siti, other, MemberEntry(other.full_name, email))


def test_a_correction_over_somebody_elses_is_refused(school: SignInSchool, members: Members) -> None:
    was = members.one(school.siti, school.hire().staff_id)
    members.correct(school.siti, was, MemberEntry("Corrected once", was.email))

    with pytest.raises(MemberChanged):
        members.correct(school.siti, was, MemberEntry("Corrected twice", was.email))

    assert members.one(school.siti, was.id).full_name == "Corrected once"


def test_a_changed_role_and_a_return_count_at_the_next_run(school: SignInSchool, members: Members) -> None:
    mei = school.hire()
    token = school.signed_in(mei).token

    members.set_role(school.siti, mei.staff_id, Role.ADMIN)
    promoted = school.sessions.person(token)
    members.deactivate(school.siti, mei.staff_id)
    gone = school.sessions.person(token)
    members.reactivate(school.siti, mei.staff_id)

    assert promoted is not None
    assert promoted.is_admin
    assert gone is None
    assert school.sessions.person(token) is None
    assert members.one(school.siti, mei.staff_id).is_active


def test_nobody_changes_members_who_is_no_admin_of_their_school(school: SignInSchool, members: Members) -> None:
    mei = school.hire()
    ben = hire(school.owner, found_school(school.owner, "South Primary"), "Ben Ong", Role.ADMIN)

    with pytest.raises(NotAllowed, match="Only an admin"):
        members.all(mei)
    with pytest.raises(NotAllowed, match="Only an admin"):
        members.add(mei, entry(), Role.ADMIN)
    with pytest.raises(NotAllowed, match="Only an admin"):
        members.set_role(mei, mei.staff_id, Role.ADMIN)
    with pytest.raises(MemberGone):
        members.deactivate(ben, mei.staff_id)
    assert members.one(school.siti, mei.staff_id).role is Role.TEACHER


def test_an_invitation_is_noted_once_it_is_sent(school: SignInSchool, members: Members) -> None:
    mei = school.hire()

    assert not members.invite(school.siti, mei.staff_id, lambda _: False)
    assert members.one(school.siti, mei.staff_id).invited_at is None
    assert members.invite(school.siti, mei.staff_id, lambda email: email == school.email(mei))
    assert members.one(school.siti, mei.staff_id).invited_at is not None


def test_an_invitation_that_is_not_sent_is_not_noted(school: SignInSchool, members: Members) -> None:
    mei, left = school.hire(), school.hire()
    members.deactivate(school.siti, left.staff_id)

    with pytest.raises(InvitationRefused):
        members.invite(school.siti, mei.staff_id, refuses)
    with pytest.raises(MemberRefused):
        members.invite(school.siti, left.staff_id, lambda _: True)
    with pytest.raises(SignInAway):
        members.invite(school.siti, mei.staff_id, is_away)

    assert members.one(school.siti, mei.staff_id).invited_at is None


def is_away(_email: str) -> bool:
    raise SignInAway


def test_who_visitors_of_a_demo_may_be_stays_as_they_are(school: SignInSchool, members: Members) -> None:
    demo = found_school(school.owner, "Demo Primary", kind="demo")
    siti, mei = hire(school.owner, demo, "Siti Rahim", Role.ADMIN), hire(school.owner, demo, "Mei Tan")
    school.run("update staff set email = :email where id = :id", email=DEMO_PEOPLE["mei"], id=mei.staff_id)
    visitor = Person(**{**vars(siti), "is_demo": True})

    with pytest.raises(MadeUpVisitor):
        members.deactivate(visitor, mei.staff_id)
    with pytest.raises(MadeUpVisitor):
        members.set_role(visitor, mei.staff_id, Role.ADMIN)
